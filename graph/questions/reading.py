"""Reading a question: which concepts it names, in which roles, and what kind of question it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from graph.errors import UnknownConcept
from graph.questions.amounts import Dose, doses_in, times_in, with_doses
from graph.questions.lexicon import Hit, Lexicon, Token, likeness, load_lexicon
from graph.questions.phrasing import Kind, Phrasing, load_phrasing
from graph.questions.roles import (
    combined_treatments,
    in_one,
    shows,
    with_roles,
    without_doing,
    without_setting,
)
from graph.questions.understanding import ROLES, Role, Term, Understanding
from kb.prognosis.rule_files import load_rules
from kb.vocabulary.concept import Vocabulary, load_vocabulary

MOST_CHARACTERS = 500
VERSUS = ("versus", "one against the other")
EFFECT = ("effect", "what is known of its effect")
# Which kinds of concept may be named for a role, the likelier first.
KINDS: Mapping[Role, tuple[str, ...]] = {
    "intervention": ("intervention", "tool", "condition"),
    "comparator": ("intervention", "tool"),
    "outcome": ("outcome",),
    "condition": ("condition",),
    "tool": ("tool",),
}

Corrections = Mapping[Role, str]


def understand(question: str, corrections: Corrections | None = None) -> Understanding:
    """Read a question in words; `corrections` set roles by hand (empty text: nothing in this role).

    Raises
    ------
    UnknownConcept
        A correction names nothing of the vocabulary that fits its role; the message says what is nearest.

    Examples
    --------
    >>> read = understand("sbrt vs conventional RT for pain in spine mets?")
    >>> read.kind, read.intervention, read.comparator, read.outcome
    ('versus', ('stereotactic_body_radiotherapy',), ('conventional_external_beam_radiotherapy',), ('pain',))
    """
    lexicon, phrasing, vocabulary = load_lexicon(), load_phrasing(), load_vocabulary()
    question = " ".join(question.split())[:MOST_CHARACTERS]
    tokens = lexicon.tokens(question)
    doses, times = doses_in(question), times_in(question)
    terms = _terms(question, tokens, lexicon.hits(tokens), vocabulary)
    terms = without_doing(with_doses(question, terms, doses, vocabulary), phrasing, vocabulary)
    combined = combined_treatments(question, terms, phrasing, vocabulary)
    kept = without_setting(question, combined, phrasing, vocabulary)
    terms = with_roles(question, kept, phrasing, vocabulary)
    roles = _by_role(terms)
    corrected = _corrected(corrections or {})
    roles |= corrected
    kind = _kind(question, roles, phrasing)
    roles = _with_defaults(in_one(roles, kind, phrasing, vocabulary), kind, vocabulary, corrected)
    return Understanding(
        question=question,
        kind=kind.name,
        kind_words=kind.words,
        **{role: roles.get(role, ()) for role in ROLES},
        metrics=kind.metrics,
        times=tuple(dict.fromkeys(match.group() for match in times)),
        terms=tuple(term for term in terms if term.role not in corrected),
        unknown=_unknown(tokens, (*combined, *doses), times, lexicon, question, phrasing),
        corrected=tuple(role for role in ROLES if role in corrected),
        notes=(*_notes(terms, vocabulary), *_setting_notes(combined, kept)),
    )


def _corrected(corrections: Corrections) -> dict[Role, tuple[str, ...]]:
    """The roles that the asker set. What is asked about may be a treatment, a tool or a condition: each its own role."""
    found = {role: resolve(text, role) for role, text in corrections.items()}
    about = found.get("intervention")
    if about is not None:
        concepts = load_vocabulary().concepts
        found["intervention"] = tuple(c for c in about if concepts[c].kind == "intervention")
        found.setdefault("tool", tuple(c for c in about if concepts[c].kind == "tool"))
        if conditions := tuple(c for c in about if concepts[c].kind == "condition"):
            found["condition"] = (*found.get("condition", ()), *conditions)
    return found


def resolve(text: str, role: Role) -> tuple[str, ...]:
    """Return the concepts that a correction names: ids, labels or any form, several parted by ";".

    Raises
    ------
    UnknownConcept
        A part names nothing that fits the role.
    """
    concepts = load_vocabulary().concepts
    found: list[str] = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        named = (part,) if part in concepts else load_lexicon().named(part)
        by_kind = {kind: [c for c in named if concepts[c].kind == kind] for kind in KINDS[role]}
        fitting = next((some for some in by_kind.values() if some), None)
        if fitting is None:
            raise UnknownConcept(role, part, nearest(part, KINDS[role]))
        found += fitting
    return tuple(dict.fromkeys(found))


def nearest(text: str, kinds: Sequence[str], most: int = 4) -> tuple[str, ...]:
    """Return the labels of the vocabulary that are most like a text."""
    vocabulary = load_vocabulary()
    scored = [
        (max(likeness(text, form) for form in concept.forms), concept.label)
        for concept in vocabulary.concepts.values()
        if concept.kind in kinds
    ]
    return tuple(label for score, label in sorted(scored, reverse=True)[:most] if score >= 0.6)


def _terms(question: str, tokens: list[Token], hits: list[Hit], vocabulary: Vocabulary) -> list[Term]:
    """The hits as terms, each with the role that its kind has unless something else speaks against it."""
    found = []
    for hit in hits:
        start, end = tokens[hit.first].start, tokens[hit.last - 1].end
        role: Role = vocabulary.concepts[hit.concepts[0]].kind
        found.append(Term(start, end, question[start:end], hit.concepts, role, hit.how))
    return found


def _by_role(terms: list[Term]) -> dict[Role, tuple[str, ...]]:
    roles: dict[Role, list[str]] = {role: [] for role in ROLES}
    for term in terms:
        roles[term.role] += term.concepts
    return {role: tuple(dict.fromkeys(found)) for role, found in roles.items()}


def _kind(question: str, roles: Mapping[Role, tuple[str, ...]], phrasing: Phrasing) -> Kind:
    for kind in phrasing.kinds:
        if kind.needs == "tool" and not roles.get("tool"):
            continue
        if shows(kind, question):
            if kind.name in ("risk", "timing", "survival") and roles.get("comparator"):
                break
            return kind
    return Kind(*(VERSUS if roles.get("comparator") else EFFECT), ())


def _with_defaults(
    roles: dict[Role, tuple[str, ...]],
    kind: Kind,
    vocabulary: Vocabulary,
    corrected: Mapping[Role, tuple[str, ...]],
) -> dict[Role, tuple[str, ...]]:
    """Add what a kind of question asks for without saying so."""
    found = dict(roles)
    if kind.outcomes and "outcome" not in corrected:
        found["outcome"] = tuple(dict.fromkeys((*found.get("outcome", ()), *kind.outcomes)))
    if (
        kind.unsaid
        and "outcome" not in corrected
        and not (found["outcome"] or found["intervention"] or found["tool"])
    ):
        found["outcome"] = kind.unsaid
    if kind.tool_types and not found.get("tool") and "tool" not in corrected:
        found["tool"] = _tools_for(kind, found.get("outcome", ()), vocabulary)
    return found


def _tools_for(kind: Kind, outcomes: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The tools of the kind's types; where survival is predicted, or nothing is named, those with a survival rule."""
    of_types = [c.id for c in vocabulary.concepts.values() if c.type in kind.tool_types]
    if kind.name == "prediction" and all(vocabulary.concepts[o].domain == "survival" for o in outcomes):
        survival = {rule.id for rule in load_rules().values() if rule.generation != "other"}
        return tuple(tool for tool in of_types if tool in survival)
    return tuple(of_types)


def _unknown(
    tokens: list[Token],
    terms: Sequence[Term | Dose],
    times: Sequence[re.Match[str]],
    lexicon: Lexicon,
    question: str,
    phrasing: Phrasing,
) -> tuple[str, ...]:
    """Words that are neither part of a term, a dose or a time, nor filler, nor a cue of the question's kind."""
    lowered = question.lower()
    cued = [m.span() for kind in phrasing.kinds for cue in kind.cues for m in cue.finditer(lowered)]
    spans = [(term.start, term.end) for term in terms] + cued + [match.span() for match in times]
    spans += [m.span() for m in phrasing.versus.finditer(question)]
    return tuple(
        dict.fromkeys(
            token.text
            for token in tokens
            if not any(start < token.end and token.start < end for start, end in spans)
            and token.text.lower() not in lexicon.fillers | phrasing.doing
            and token.word not in lexicon.fillers
        )
    )


def _notes(terms: list[Term], vocabulary: Vocabulary) -> tuple[str, ...]:
    notes = []
    for term in terms:
        labels = ", ".join(vocabulary.concepts[concept].label for concept in term.concepts)
        if term.how == "spelling":
            notes.append(f"“{term.text}” was read as “{labels}”.")
        elif term.how == "short form":
            notes.append(f"“{term.text}” was read as “{labels}”; the short form has other meanings too.")
    return tuple(notes)


def _setting_notes(combined: list[Term], kept: list[Term]) -> list[str]:
    return [
        f"“{term.text}” was taken as the setting, not as what is asked about."
        for term in combined
        if term not in kept
    ]
