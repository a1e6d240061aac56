"""Groups: the letters and words by which a text calls its arms, "arm A", "the DZ group", "controls".

A label counts only where the text itself ties it to a treatment, "resistance training (arm A)", "group 1: kyphoplasty".
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kb.tagging.abbreviations import best_long_form
from kb.tagging.article import Named
from kb.tagging.roles import CONTROLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.tagging.article import Article, Sentence
    from kb.tagging.roles import Comparison
    from kb.vocabulary.concept import Concept, Vocabulary

_KIND = r"(?:groups?|arms?|cohorts?)"
# "SBRT (group A)", "denosumab (arm 1, n = 50)", "zoledronic acid, the Z group".
_KIND_BEHIND = re.compile(
    rf"^\W{{0,3}}[(\[,]\s?(?:n\s?=\s?\d+[,;]\s?)?(?:(?:{_KIND})\s(?P<one>[A-Za-z]{{1,4}}\d?|\d)|(?:the\s)?(?P<two>[A-Z]{{1,4}}\d?)[\s-]{_KIND})\b",
    re.IGNORECASE,
)
# "Embolization (E)", "non-embolization (NE)": a label only if the text goes on to speak of "the NE group".
_LETTERS_BEHIND = re.compile(
    r"^(?:\s(?:group|arm|patients|alone))?\s?[(\[](?P<letters>[A-Z]{1,4}\d?)(?:\s?[,;][^)\]]*)?[)\]]"
)
# "Group A (n = 30): kyphoplasty", "patients in arm 1 received kyphoplasty".
_AHEAD = re.compile(
    rf"\b{_KIND}\s(?P<label>[A-Z]{{1,2}}\d?|\d|I{{1,3}})\b\s?(?:[(\[][^)\]]*[)\]]\s?)?"
    r"[:(,=-]?\s?(?:(?:received?|receiving|underwent|undergoing|had|was|were|is|treated|given|with|by|using|the|a|of|patients|who|consisted|comprised|included|assigned|to|\d+(?:\.\d+)?|mg|Gy|\(n\s?=\s?\d+\))[\s,]+){0,6}$",
    re.IGNORECASE,
)
_AHEAD_INSIDE = re.compile(
    rf"\b{_KIND}\s(?P<label>[A-Z]{{1,2}}\d?|\d|I{{1,3}})\s?[(\[](?:n\s?=\s?\d+[,;]\s?)?(?:\w+\s){{0,3}}$",
    re.IGNORECASE,
)
# "With (group DZ) or without (group D) zoledronic acid".
_WITH_OR_WITHOUT = re.compile(
    rf"\bwith\s[(\[](?:{_KIND}\s)?(?P<yes>[A-Z]{{1,4}}\d?)(?:\s{_KIND})?(?:[,;][^)\]]*)?[)\]]\s(?:or|and|versus|vs\.?)\swithout\s[(\[](?:{_KIND}\s)?(?P<no>[A-Z]{{1,4}}\d?)(?:\s{_KIND})?(?:[,;][^)\]]*)?[)\]]\s(?:\w+\s){{0,2}}$"
)
_CONTROL = re.compile(
    r"(?<![\w-])(?:control|comparison|comparator|reference) (?:groups?|arms?|cohorts?|patients)\b|\b(?:the|in|than|of) controls\b",
    re.IGNORECASE,
)
_DID_WITHOUT = re.compile(
    r"\bwithout (?:it|this|such treatment)\b|\b(?:those|patients) without(?=[\s,.;)]|$)(?! (?:\w+ ){0,2}(?:metasta|deficit|pain|fracture|compression))|"
    r"\b(?:those|patients) who (?:did not|had not|had none)\b|\b(?:non-?treated|untreated) (?:group|arm|patients)\b",
    re.IGNORECASE,
)
_EXPERIMENTAL = re.compile(
    r"(?<![\w-])(?:intervention|experimental|treatment|study|treated|active) (?:groups?|arms?|cohorts?)\b",
    re.IGNORECASE,
)


@cache
def _aliases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = tomllib.loads(files("kb.tagging.findings").joinpath("groups.toml").read_text(encoding="utf-8"))
    return tuple(
        (entry["concept"], re.compile(rf"\b(?:{entry['words']})", re.IGNORECASE)) for entry in table["alias"]
    )


def group_labels(article: Article) -> Mapping[str, Named]:
    """Return the labels that a text gives its arms, in upper case, with the treatment each stands for.

    A label of those who went without ("no embolization (NE)") stands for the treatment, negated.
    """
    found: dict[str, Named] = {}
    called: str | None = None
    for sentence in article.in_zones("title", "aim", "methods", "results"):
        for named in sentence.of_kind("intervention"):
            before, behind = sentence.text[: named.start], sentence.text[named.end :]
            if both := _WITH_OR_WITHOUT.search(before):
                found.setdefault(both["yes"].upper(), replace(named, negated=False))
                found.setdefault(both["no"].upper(), replace(named, negated=True))
                continue
            if label := _label(before, behind):
                found.setdefault(label.upper(), named)
            elif (letters := _LETTERS_BEHIND.match(behind)) and best_long_form(
                letters["letters"], sentence.text[named.start : named.end]
            ):
                called = article.body if called is None else called
                if _is_called(letters["letters"], called):
                    found.setdefault(letters["letters"].upper(), named)
    found |= _did_without(article, found)
    return found | _short_names(article, found)


def _short_names(article: Article, found: Mapping[str, Named]) -> dict[str, Named]:
    """ "The SS group (SSG)": from then on the arm is called by the letters alone."""
    names: dict[str, Named] = {}
    for label, named in found.items():
        if label.startswith(_NON):
            continue
        match = re.search(rf"\b{re.escape(label)}[\s-]{_KIND}\s?\((?P<name>[A-Z]{{2,6}})\)", article.body)
        if match:
            names[_BARE + match["name"]] = named
    return names


def _is_called(label: str, text: str) -> bool:
    """Whether a text speaks of a group by this label."""
    exact = re.escape(label)
    return bool(re.search(rf"\b{exact}[\s-](?:{_KIND}|patients)\b|\b{_KIND}\s{exact}\b", text))


# "Non-embolization", "NE (non-embolization)", "non-embolization (NE)".
_NON = "NON-"
# Marks a label that stands for its group without the word.
_BARE = "="


# The word behind "non-" or "pre-", to look only for treatments that some such word begins like.
_DENIED_WORD = re.compile(r"\b(?:non|pre)-?\s?([a-z]{3})", re.IGNORECASE)


def _did_without(article: Article, found: Mapping[str, Named]) -> dict[str, Named]:
    """The labels of those who did without a treatment that the text writes as "non-" and its name."""
    starts = {word.lower()[:3] for word in _DENIED_WORD.findall(article.body)}
    labels: dict[str, Named] = {}
    for sentence in article.sentences:
        for named in sentence.of_kind("intervention"):
            surface = sentence.text[named.start : named.end].lower().split()[-1]
            if (
                surface[:3] not in starts
                or _NON + surface.upper() in labels
                or not re.fullmatch(r"[a-z]{3,}", surface)
            ):
                continue
            denied = replace(named, negated=True)
            written = _went_without(surface)
            if re.search(rf"\b{written}", article.body, re.IGNORECASE):
                labels[_NON + surface.upper()] = denied
                match = re.search(
                    rf"\b(?P<one>[A-Z]{{1,4}}\d?)\s?[(\[]{written}\b|\b{written}(?:\s{_KIND})?\s?[(\[](?P<two>[A-Z]{{1,4}}\d?)[)\],;]",
                    article.body,
                )
                label = (match["one"] or match["two"]) if match else None
                if label and label not in found:
                    labels[label.upper()] = denied
    return labels


def _went_without(surface: str) -> str:
    """The pattern for those who went without what a text calls `surface`: "non-embolization", "the pre-ERAS cohort"."""
    joined = r"non-?\s?" if len(surface) > 5 else "non-"
    return rf"(?:{joined}{surface}|pre-{surface}(?=\s(?:groups?|cohorts?|patients|era|period)))"


def with_groups(comparison: Comparison, labels: Mapping[str, Named], vocabulary: Vocabulary) -> Comparison:
    """Return the comparison that the labels of the groups tell where the sentences did not tell it.

    A label for those who had a treatment and one for those who did without it: it is held against nothing. Two labels
    for two treatments: the one labelled first is under study.
    """
    given = list(dict.fromkeys(n.concept.id for n in labels.values() if not n.negated))
    denied = {n.concept.id for n in labels.values() if n.negated}
    if len(denied) == 1 and (not comparison.compares or not comparison.comparator):
        (main,) = denied
        if main in given or main in comparison.salient:
            return _holding(comparison, (main,), ())
    if len(given) == 2 and not denied and (not comparison.compares or not comparison.comparator):
        one, other = given
        if not vocabulary.nested(one, other):
            one, other = (other, one) if one in CONTROLS and other not in CONTROLS else (one, other)
            return _holding(comparison, (one,), (other,))
    return comparison


def _holding(comparison: Comparison, main: tuple[str, ...], against: tuple[str, ...]) -> Comparison:
    rest = tuple(c for c in comparison.studied if c not in (*main, *against))
    return replace(
        comparison,
        studied=(*main, *rest),
        comparators=against,
        compares=True,
        salient=comparison.salient | {*main, *against},
    )


def _label(before: str, behind: str) -> str | None:
    """The label that stands right behind a treatment's name or in front of it."""
    if match := _KIND_BEHIND.match(behind):
        return match["one"] or match["two"]
    ahead = _AHEAD_INSIDE.search(before) or _AHEAD.search(before)
    return ahead["label"] if ahead else None


def named_groups(
    sentence: Sentence, labels: Mapping[str, Named], comparison: Comparison, vocabulary: Vocabulary
) -> Iterator[Named]:
    """Yield the treatments that a sentence names by its groups' labels, with where the label stands."""
    for label, named in labels.items():
        if label.startswith(_NON):
            written = rf"\b{_went_without(label.removeprefix(_NON))}\w*"
            yield from _where(written, sentence.text, named.concept, negated=True)
            continue
        if label.startswith(_BARE):
            yield from _where(
                rf"\b{label.removeprefix(_BARE)}\b", sentence.text, named.concept, negated=named.negated
            )
            continue
        exact = re.escape(label)
        pattern = rf"\b{_KIND}\s{exact}\b|(?<!\w){exact}[\s-](?:{_KIND}|patients)\b"
        yield from _where(pattern, sentence.text, named.concept, negated=named.negated)
    if not comparison.compares:
        return
    for concept_id, alias in _aliases():
        if concept_id in (comparison.main, comparison.comparator):
            yield from _where(alias, sentence.text, vocabulary.concepts[concept_id])
    if comparison.main is None:
        return
    main = vocabulary.concepts[comparison.main]
    yield from _where(_DID_WITHOUT, sentence.text, main, negated=True)
    yield from _where(_EXPERIMENTAL, sentence.text, main)
    if (both := _combination(comparison)) is not None:
        yield from _where(_COMBINED, sentence.text, vocabulary.concepts[both])
    if comparison.comparator:
        yield from _where(_CONTROL, sentence.text, vocabulary.concepts[comparison.comparator])
    else:  # held against going without: the controls did without
        yield from _where(_CONTROL, sentence.text, main, negated=True)


# "The combined-treatment group": the arm whose treatment joins two.
_COMBINED = re.compile(
    r"\b(?:combined|combination)(?:[- ](?:treatment|therapy|modality))? (?:groups?|arms?|cohorts?)\b",
    re.IGNORECASE,
)


def _combination(comparison: Comparison) -> str | None:
    """The arm that joins two treatments, where one of the two does."""
    sides = [side for side in (comparison.main, comparison.comparator) if side]
    joined = [side for side in sides if "_plus_" in side or "_with_" in side]
    return joined[0] if len(joined) == 1 else None


def _where(
    pattern: str | re.Pattern[str], text: str, concept: Concept, *, negated: bool = False
) -> Iterator[Named]:
    """The places where a pattern names a treatment by a label."""
    compiled = re.compile(pattern, re.IGNORECASE) if isinstance(pattern, str) else pattern
    for match in compiled.finditer(text):
        yield Named(concept, match.start(), match.end(), negated=negated, hypothetical=False)
