"""Answering: from an understood question to claims, figures and studies with citations, or to what is nearest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from graph.questions import evidence
from graph.questions.answers import Answer, AnsweredClaim, ToolFigure
from graph.questions.asked import Asked, asked_for
from graph.questions.claims import MOST_BROADER, by_population, claims_as_asked, nearby_claims
from graph.questions.further import (
    MOST_FURTHER,
    further_studies,
    naming_all,
    papers_elsewhere,
    strength,
    with_sentences,
)
from graph.questions.nearest import nearest_to
from graph.questions.newer_models import asks_for_newer_models, newer_model_sentences
from graph.questions.summing_up import included, looked_for, notes_on, sum_up
from graph.questions.tools import comparing_sentences, figures_for, usage_sentences
from graph.questions.understanding import Understanding
from kb.vocabulary.concept import load_vocabulary


def answer(db: Database, understanding: Understanding) -> Answer:
    """Answer an understood question from the database's evidence. The same database gives the same answer."""
    asked = asked_for(understanding, load_vocabulary())
    labels = evidence.labels(db)
    population = evidence.naming(db, [asked.population_all]) if asked.population_all else None
    if blocked := unread_words(understanding, asked):
        return _by_words(db, understanding, asked, labels, blocked)
    claims, cut = claims_as_asked(db, asked, labels, population)
    claims, elsewhere = by_population(claims, asked)
    near = (*claims, *elsewhere)
    broader = (*elsewhere[:MOST_BROADER], *nearby_claims(db, asked, labels, population, near))
    figures = figures_for(db, understanding, asked)
    newer, limits = newer_model_sentences(db) if asks_for_newer_models(understanding) else ((), "")
    used = usage_sentences(db, asked.subjects_all, labels) if understanding.kind == "instruments" else ()
    concluding = comparing_sentences(db, understanding, asked)
    seen = {study.pmid for claim in (*claims, *broader) for study in claim.studies}
    seen |= {figure.study.pmid for figure in figures}
    further, more = further_studies(db, asked, seen, population)
    missing = not (claims or figures or further)
    return Answer(
        understanding=understanding,
        labels={
            concept: labels[concept]
            for concept in sorted(_concepts(understanding, claims, broader, figures))
            if concept in labels
        },
        sentences=(
            *newer,
            *concluding,
            *used,
            *sum_up(claims, figures, further, understanding, labels, told=bool(newer)),
        ),
        claims=claims,
        broader=broader,
        figures=figures,
        further=further,
        looked_for=looked_for(asked, labels),
        included=included(claims, asked, labels),
        nearest=nearest_to(db, understanding, asked, labels) if missing else (),
        narrowed_to=_narrowed_to(asked, labels),
        retracted=tuple(sorted(naming_all(db, asked, evidence.RETRACTED))),
        elsewhere=papers_elsewhere(db, asked, population),
        notes=(*notes_on(db, asked, population, claims), *filter(None, [limits])),
        cut=tuple(filter(None, (cut, more))),
    )


def unread_words(understanding: Understanding, asked: Asked) -> tuple[str, ...]:
    """The words that keep a question from being answered: not understood, where no outcome was understood either.

    They may be just what was asked for ("SBRT and hair growth"). Roles that the asker set settle the matter.
    """
    return () if understanding.outcome or understanding.corrected else understanding.unknown


def _by_words(
    db: Database,
    understanding: Understanding,
    asked: Asked,
    labels: Mapping[str, str],
    words: tuple[str, ...],
) -> Answer:
    """Answer with the papers that hold the words which were not understood, or with none."""
    named = evidence.naming(db, asked.groups()) if asked.groups() else None
    rows = [row for row in evidence.with_words(db, words, 200) if named is None or row["pmid"] in named]
    rows = sorted(rows, key=strength)[:MOST_FURTHER] if asked.groups() else []
    further = tuple(with_sentences(db, row, asked, None) for row in rows)
    listed = ", ".join(f"“{word}”" for word in words)
    counted = notes_on(db, asked, None, ())
    return Answer(
        understanding=understanding,
        labels={concept: labels[concept] for concept in understanding.concepts if concept in labels},
        sentences=sum_up((), (), further, understanding, labels),
        claims=(),
        broader=(),
        figures=(),
        further=further,
        looked_for=(
            *looked_for(asked, labels),
            f"papers with the words {listed}, which the vocabulary does not know",
        ),
        included=(),
        nearest=nearest_to(db, understanding, asked, labels),
        narrowed_to=_narrowed_to(asked, labels),
        retracted=(),
        elsewhere=(),
        notes=counted,
    )


def _narrowed_to(asked: Asked, labels: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(labels[concept] for concept in sorted(asked.population) if concept in labels)


def _concepts(
    understanding: Understanding,
    claims: Sequence[AnsweredClaim],
    broader: Sequence[AnsweredClaim],
    figures: Sequence[ToolFigure],
) -> set[str]:
    named = set(understanding.concepts) | {figure.tool for figure in figures}
    for claim in (*claims, *broader):
        named |= {
            concept
            for concept in (claim.subject, claim.comparator, claim.outcome, claim.population)
            if concept
        }
    return named
