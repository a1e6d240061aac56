"""The answer in a few sentences, each with its citations, and what is said about the answer itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlite_utils import Database

from graph.questions import evidence
from graph.questions.answers import AnsweredClaim, CitedStudy, Quote, ToolFigure, cite
from graph.questions.asked import Asked
from graph.questions.composing import place
from graph.questions.tools import tool_sentences
from graph.questions.understanding import Understanding
from kb.summary.sentences import Cite, Derived, Quoted, Sentence
from kb.summary.words import design_words, with_article

MOST_SUMMED_UP = 3
# Kinds of question that ask for figures: what the largest of the best studies report comes first.
_SHARE = r"\d+(?:\.\d+)? ?(?:%|percent\b|per cent\b)"
FREQUENCIES = {
    # A share beside a word for how often comes before any share ("65% of fractures came early").
    "risk": (
        re.compile(
            rf"(?=.*{_SHARE}).*\b(?:rates?|incidence|prevalence|risks?|occur\w*|develop\w*)\b", re.I | re.S
        ),
        re.compile(_SHARE, re.I),
    ),
    "survival": (re.compile(r"surviv\w*\b.*?\d+(?:\.\d+)? ?(?:months?|weeks?|years?|days?|%)", re.I | re.S),),
}


def sum_up(
    claims: Sequence[AnsweredClaim],
    figures: Sequence[ToolFigure],
    further: Sequence[CitedStudy],
    understanding: Understanding,
    labels: Mapping[str, str],
    *,
    told: bool = False,
) -> tuple[Sentence, ...]:
    """The answer in a few sentences, each with its citations; `told`: what tools and papers say was said already."""
    tools = () if told else tool_sentences(figures, understanding, labels)
    quoted = _largest_figures(claims, further, FREQUENCIES.get(understanding.kind, ()))
    summed = [claim.sentence for claim in _each_result(claims)[: 1 if tools else MOST_SUMMED_UP]]
    sentences = [*quoted, *tools, *summed]
    if further:
        sentences.append(_further_sentence(further, bool(claims or figures)))
    if not (claims or told or quoted):
        sentences += [_quoted(study, study.quotes[0]) for study in further[:MOST_SUMMED_UP] if study.quotes]
    return tuple(sentences)


def _each_result(claims: Sequence[AnsweredClaim]) -> list[AnsweredClaim]:
    """Claims without those that say the same of the same papers in narrower or broader words."""
    first: dict[tuple[object, ...], AnsweredClaim] = {}
    for claim in claims:
        read = frozenset(
            (s.pmid, q.passage.section, q.passage.start) for s in claim.studies for q in s.quotes
        )
        points = frozenset((study.pmid, study.points) for study in claim.studies)
        first.setdefault((claim.outcome, read, points), claim)
    return list(first.values())


def _largest_figures(
    claims: Sequence[AnsweredClaim], further: Sequence[CitedStudy], figures: Sequence[re.Pattern[str]]
) -> list[Sentence]:
    """What the studies of the best level, the largest first, report in figures: how often, or how long."""
    quotes: dict[str, list[Quote]] = defaultdict(list)
    studies: dict[str, CitedStudy] = {}
    for study in (*(s for claim in claims for s in claim.studies if s.counted), *further):
        studies.setdefault(study.pmid, study)
        quotes[study.pmid] += study.quotes
    told = [
        (study, quote)
        for study in studies.values()
        if (quote := _first_with(quotes[study.pmid], figures)) is not None
    ]
    told.sort(key=lambda pair: (place(pair[0].level), -(pair[0].patients or 0), pair[0].pmid))
    return [_quoted(study, quote) for study, quote in told[:MOST_SUMMED_UP]]


def _first_with(quotes: Sequence[Quote], figures: Sequence[re.Pattern[str]]) -> Quote | None:
    """The first sentence that fits the first pattern that any fits."""
    return next((q for figure in figures for q in quotes if figure.search(q.passage.text)), None)


def _further_sentence(further: Sequence[CitedStudy], beside_others: bool) -> Sentence:
    many = len(further) != 1
    words = " further" if beside_others else ""
    words += (
        " studies are about this; no result of theirs" if many else " study is about this; no result of it"
    )
    counted = Derived(str(len(further)), "counted from the papers named here")
    return Sentence(
        (counted, words, " could be read into a claim, so none is graded", cite(list(further)), ".")
    )


def _quoted(study: CitedStudy, quote: Quote) -> Sentence:
    """ "A randomised controlled trial (level I): “…” [1]."."""
    text = quote.passage.text
    citation = study.citation(quote)
    level = f" (level {study.level})" if study.level else ""
    opening = with_article(design_words(study.design)).capitalize()
    ending = "" if text.endswith((".", "?", "!")) else "."
    return Sentence((opening, level, ": “", Quoted(text, citation), "”", Cite((citation,)), ending))


def looked_for(asked: Asked, labels: Mapping[str, str]) -> tuple[str, ...]:
    """What was looked for, part by part, in words."""
    names = (
        ("about", asked.subjects),
        ("against", asked.comparators),
        ("outcome", asked.outcomes),
        ("narrowed to", asked.population),
    )
    vocabulary = asked.vocabulary
    found = []
    for words, concepts in names:
        if concepts:
            shown = [labels.get(c, vocabulary.concepts[c].label) for c in sorted(concepts)]
            listed = ", ".join(shown[:6]) + (f" and {len(shown) - 6} others" if len(shown) > 6 else "")
            found.append(f"{words}: {listed}")
    return tuple(found)


def included(claims: Sequence[AnsweredClaim], asked: Asked, labels: Mapping[str, str]) -> tuple[str, ...]:
    """The narrower concepts that the claims shown are about, said for each asked one."""
    pairs: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for claim in claims:
        for concept, wanted in (
            (claim.subject, asked.subjects),
            (claim.comparator, asked.comparators),
            (claim.outcome, asked.outcomes),
        ):
            under = asked.stands_under(concept, wanted) if concept is not None and wanted else None
            if under is not None and concept is not None:
                pairs[under].add(labels.get(concept, concept))
    words = {True: "includes the narrower", False: "counts also"}
    return tuple(
        f"“{labels.get(above, above)}” {words[narrower]}: {', '.join(sorted(found))}."
        for (above, narrower), found in sorted(pairs.items())
    )


def notes_on(
    db: Database, asked: Asked, population: Collection[str] | None, claims: Sequence[AnsweredClaim]
) -> tuple[str, ...]:
    counted, records, synopses = evidence.scope(db)
    notes = [f"This answer rests on {counted} of the {records} records in this knowledge base."]
    if synopses:
        notes.append(
            f"{synopses} of them are sample synopses in the words of the SpineMets KB authors, not PubMed's"
            " abstracts; sentences quoted from them are from the synopsis."
        )
    if asked.population and claims:
        named = ", ".join(sorted(asked.vocabulary.concepts[c].label.lower() for c in asked.population))
        notes.append(
            f"Claims count all papers; those that do not name {named} are marked and stand last."
            if population
            else f"No study here names {named}."
        )
    signed = any(claim.signature is not None for claim in claims)
    told = "what a reviewer signed is told beside them" if signed else "no reviewer has signed them"
    notes.append(f"Levels and grades are pre-filled by rule; {told}. No medical advice.")
    return tuple(notes)
