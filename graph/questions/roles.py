"""Which role each term of a question plays: treatments given together, settings, and the sides of a comparison."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.questions.phrasing import Combination, Kind, Phrasing
from graph.questions.understanding import Role, Term
from kb.vocabulary.concept import Vocabulary


def combined_treatments(
    question: str, terms: list[Term], phrasing: Phrasing, vocabulary: Vocabulary
) -> list[Term]:
    """Join two neighbouring treatments given together where the vocabulary knows them as one."""
    kind = next((k.name for k in phrasing.kinds if shows(k, question)), None)
    always = sorted(
        (c for c in phrasing.combinations if c.kind in (None, kind)), key=lambda c: c.kind is None
    )
    found: list[Term] = []
    for term in terms:
        before = found[-1] if found else None
        if before and before.role == term.role == "intervention":
            between = question[before.end : term.start].lower()
            if re.fullmatch(
                r"\W*(?:plus|and|with|followed by|combined with|then|\+|&|after|before)?\W*", between
            ):
                named = _combination(before.concepts[0], term.concepts[0], always, vocabulary)
                if named and (between.strip() or "post" in before.text.lower()):
                    found[-1] = Term(
                        before.start,
                        term.end,
                        question[before.start : term.end],
                        (named,),
                        "intervention",
                        "word order",
                    )
                    continue
        found.append(term)
    return found


def _combination(
    one: str, other: str, combinations: Sequence[Combination], vocabulary: Vocabulary
) -> str | None:
    for combination in combinations:
        first, second = (vocabulary.with_narrower(frozenset({part})) for part in combination.of)
        if (one in first and other in second) or (other in first and one in second):
            return combination.named
    return None


def in_one(
    roles: dict[Role, tuple[str, ...]], kind: Kind, phrasing: Phrasing, vocabulary: Vocabulary
) -> dict[Role, tuple[str, ...]]:
    """Two treatments that a kind of question names together: surgery and radiotherapy, for their timing."""
    named = roles["intervention"]
    own = [combination for combination in phrasing.combinations if combination.kind == kind.name]
    if len(named) == 2 and (one := _combination(*named, own, vocabulary)):
        return roles | {"intervention": (one,)}
    return roles


def without_doing(terms: Sequence[Term], phrasing: Phrasing, vocabulary: Vocabulary) -> list[Term]:
    """Leave out "operate" in "should I operate: decompression or radiotherapy": the operation itself is named."""
    kept: list[Term] = []
    for term in terms:
        if term.text.lower() in phrasing.doing:
            all_forms = vocabulary.with_narrower(frozenset(term.concepts))
            others = (one for one in terms if one is not term and one.text.lower() not in phrasing.doing)
            if any(set(one.concepts) & all_forms for one in others):
                continue
        kept.append(term)
    return kept


def without_setting(
    question: str, terms: list[Term], phrasing: Phrasing, vocabulary: Vocabulary
) -> list[Term]:
    """Leave out "surgery" in "does embolisation spare blood in surgery": it is where, not what."""
    kept: list[Term] = []
    if any(
        kind.tool_types and kind.name == "prediction" and shows(kind, question) for kind in phrasing.kinds
    ):
        # Who asks for a score to use before surgery asks about scores.
        terms = [term for term in terms if not _stands_behind_setting_word(question, term, phrasing)]
    for term in terms:
        other = [one for one in kept if one.role == "intervention" or set(one.concepts) & phrasing.exposures]
        if other and term.role == "intervention" and set(term.concepts) <= phrasing.settings:
            between = question[other[-1].end : term.start]
            pair = {other[-1].concepts[0], term.concepts[0]}
            behind = phrasing.before_setting.search(between) and not phrasing.versus.search(between)
            if behind and not _timed(question, pair, phrasing, vocabulary):
                continue
        kept.append(term)
    return kept


def _stands_behind_setting_word(question: str, term: Term, phrasing: Phrasing) -> bool:
    words = list(phrasing.before_setting.finditer(question[: term.start]))
    behind = bool(words) and not question[words[-1].end() : term.start].strip(" ,a")
    return behind and term.role == "intervention" and set(term.concepts) <= phrasing.settings


def with_roles(question: str, terms: list[Term], phrasing: Phrasing, vocabulary: Vocabulary) -> list[Term]:
    """Tell the sides of a comparison apart."""
    sides = [term for term in terms if term.role in ("intervention", "tool")]
    compared = _compared(question, sides, terms, phrasing, vocabulary)
    return [_as(term, "comparator") if term in compared else term for term in terms]


def _as(term: Term, role: Role) -> Term:
    return Term(term.start, term.end, term.text, term.concepts, role, term.how)


def _compared(
    question: str, sides: list[Term], terms: list[Term], phrasing: Phrasing, vocabulary: Vocabulary
) -> list[Term]:
    """The terms on the other side: behind "versus" and its like, or behind a choosing "or"."""
    if len(sides) < 2:
        return []
    for cue in phrasing.versus.finditer(question):
        if any(term.start < cue.end() and cue.start() < term.end for term in terms):
            continue  # the words belong to a concept's name
        before = [term for term in sides if term.end <= cue.start()]
        behind = [term for term in sides if term.start >= cue.end()]
        if before and behind:
            return behind
        if behind and phrasing.versus_first.fullmatch(cue.group()):
            return behind[:1]
    return _joined(question, sides, phrasing, vocabulary)


def _joined(question: str, sides: list[Term], phrasing: Phrasing, vocabulary: Vocabulary) -> list[Term]:
    """Sides joined by "or", "and", a stroke or nothing at all, where the question asks to choose."""
    one, other = sides[0], sides[1]
    joint = question[one.end : other.start].lower().strip(" ,;:?")
    rest = question[: one.start] + " " + question[other.end :]
    pair = {one.concepts[0], other.concepts[0]}
    if pair in map(set, phrasing.contrasts) and not _timed(question, pair, phrasing, vocabulary):
        return sides[1:]
    related = vocabulary.nested(one.concepts[0], other.concepts[0])
    if joint in ("or", "/", "or is it", "or rather") and phrasing.choosing.search(rest):
        return sides[1:]
    if joint in ("and", "&", ",") and phrasing.between.search(rest):
        return sides[1:]
    if joint in ("", "/", "-") and one.role == other.role and not related and len(sides) == 2:
        return sides[1:]
    return []


def _timed(question: str, pair: set[str], phrasing: Phrasing, vocabulary: Vocabulary) -> bool:
    """Whether a question's kind asks about the two together ("RT soon after surgery")."""
    kind = next((k.name for k in phrasing.kinds if shows(k, question)), None)
    own = [combination for combination in phrasing.combinations if combination.kind == kind is not None]
    one, other = min(pair), max(pair)
    return _combination(one, other, own, vocabulary) is not None


def shows(kind: Kind, question: str) -> bool:
    lowered = question.lower()
    return any(cue.search(lowered) for cue in kind.cues)
