"""Which claims answer a question: as asked or narrower, and those nearby."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlite_utils import Database

from graph.questions import evidence
from graph.questions.answers import AnsweredClaim
from graph.questions.asked import Asked
from graph.questions.composing import answered, distance, place
from graph.questions.evidence import Row
from graph.questions.phrasing import load_phrasing

MOST_CLAIMS = 12
MOST_BROADER = 6
# Nearby claims are chosen among so many.
_MOST_LOOKED_AT = 40


def claims_as_asked(
    db: Database, asked: Asked, labels: Mapping[str, str], population: Collection[str] | None
) -> tuple[tuple[AnsweredClaim, ...], str]:
    """The claims as asked and narrower: nearest to the question first, tested before described."""
    if not (asked.subjects_all or asked.outcomes_all):
        return (), ""
    rows = evidence.claims(db, asked.subjects_all, asked.comparators_all, asked.outcomes_all)
    rows = of_population(rows, asked)
    rows.sort(key=lambda row: nearness(row, asked))
    chosen = rows[:MOST_CLAIMS]
    found = [answered(db, row, asked, labels, population, None) for row in chosen]
    cut = f"The first {len(chosen)} of {len(rows)} claims are shown." if len(rows) > len(chosen) else ""
    return tuple(claim for claim in found if claim is not None), cut


def of_population(rows: list[Row], asked: Asked) -> list[Row]:
    """Claims about all patients, and those about just the population that was asked for."""
    return [row for row in rows if row.get("population") is None or row["population"] in asked.population_all]


def nearness(row: Row, asked: Asked) -> tuple[object, ...]:
    return (
        row.get("population") is None and bool(asked.population),
        row["consistency"] == "descriptive_only",
        bool(asked.subjects) and row["comparator"] is None and not asked.outcomes,
        distance(row, asked),
        -row["studies"],
        place(row["best_level"]),
        row["key"],
    )


def nearby_claims(
    db: Database,
    asked: Asked,
    labels: Mapping[str, str],
    population: Collection[str] | None,
    claims: Sequence[AnsweredClaim],
) -> tuple[AnsweredClaim, ...]:
    """Claims on broader concepts: of a treatment in two parts, or where nothing closer is claimed."""
    in_parts = {combination.named for combination in load_phrasing().combinations}
    if not (asked.subjects and (asked.comparators or asked.outcomes)):
        return ()
    known = {claim.key for claim in claims}
    if claims and not (asked.subjects | asked.comparators) & in_parts:
        return ()
    wider = asked.broader()
    rows = evidence.claims(db, wider.subjects_all, wider.comparators_all, wider.outcomes_all)
    rows = [row for row in of_population(rows, asked) if row["key"] not in known]
    rows.sort(key=lambda row: nearness(row, wider))
    turned = [answered(db, row, wider, labels, population, "broader") for row in rows[:_MOST_LOOKED_AT]]
    found = _telling_most([claim for claim in turned if claim is not None])
    if not claims and asked.comparators and not asked.about_tools:
        alone = asked.without(("comparators",))
        rows = evidence.claims(db, alone.subjects_all, (), alone.outcomes_all)
        rows = [
            row for row in of_population(rows, alone) if row["key"] not in known and row["comparator"] is None
        ]
        rows.sort(key=lambda row: nearness(row, alone))
        one_sided = [
            answered(db, row, alone, labels, population, "uncompared") for row in rows[:MOST_BROADER]
        ]
        found += [claim for claim in one_sided if claim is not None]
    return tuple(found)


def _telling_most(claims: list[AnsweredClaim]) -> list[AnsweredClaim]:
    """The first claims, those that bring in a new paper before those that do not."""
    seen: set[str] = set()
    new: list[AnsweredClaim] = []
    for claim in claims:
        pmids = {study.pmid for study in claim.studies}
        if not pmids <= seen:
            new.append(claim)
        seen |= pmids
    rest = [claim for claim in claims if claim not in new]
    return [*new, *rest][:MOST_BROADER]


def by_population(
    claims: tuple[AnsweredClaim, ...], asked: Asked
) -> tuple[tuple[AnsweredClaim, ...], list[AnsweredClaim]]:
    """Claims with a study that names what narrows the question, and those without."""
    if not asked.population:
        return claims, []
    near = tuple(claim for claim in claims if any(study.names_population for study in claim.studies))
    far = [replace(claim, fit="not narrowed") for claim in claims if claim not in near]
    return near, far
