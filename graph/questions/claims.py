"""Which claims answer a question: as asked or narrower, and those nearby."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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
    found = [answered(db, row, asked, labels, population, None) for row in rows[:_MOST_LOOKED_AT]]
    told = _each_once(claim for claim in found if claim is not None)
    claims = told[:MOST_CLAIMS]
    cut = f"The first {len(claims)} of {len(told)} claims are shown." if len(told) > len(claims) else ""
    short = _told_in_short(db, asked, labels, population, told)
    if short:
        claims = tuple(sorted((*claims, *short[:MOST_BROADER]), key=lambda claim: _strength(claim, asked)))
    return claims, cut


def _each_once(claims: Iterable[AnsweredClaim]) -> tuple[AnsweredClaim, ...]:
    """Claims without those that rest on the same sentences, for other patients or a broader outcome."""
    first: dict[tuple[object, ...], AnsweredClaim] = {}
    for claim in claims:
        first.setdefault(_rests_on(claim), claim)
    return tuple(first.values())


def _new(claims: Iterable[AnsweredClaim | None], told: Iterable[AnsweredClaim]) -> list[AnsweredClaim]:
    """The claims, each once, that rest on other sentences than those told already."""
    known = {_rests_on(claim) for claim in told}
    found = _each_once(claim for claim in claims if claim is not None)
    return [claim for claim in found if _rests_on(claim) not in known]


def _rests_on(claim: AnsweredClaim) -> tuple[object, ...]:
    """What is compared, and the sentences that say so."""
    read = frozenset(
        (study.pmid, quote.passage.section, quote.passage.start)
        for study in claim.studies
        for quote in study.quotes
    )
    return (claim.subject, claim.comparator, read)


def _told_in_short(
    db: Database,
    asked: Asked,
    labels: Mapping[str, str],
    population: Collection[str] | None,
    told: Sequence[AnsweredClaim],
) -> list[AnsweredClaim]:
    """Claims on one part of a treatment in two parts, all of whose papers name the whole.

    "84% of the surgery group could walk" speaks of surgery plus radiotherapy where the trial gave both.
    """
    if not (asked.parts and (asked.comparators or asked.outcomes)):
        return []
    wider, whole = asked.broader(), evidence.naming(db, [asked.subjects_all])
    rows = evidence.claims(db, wider.subjects_all, asked.comparators_all, asked.outcomes_all)
    rows = of_population(rows, asked)
    rows.sort(key=lambda row: nearness(row, wider))
    turned = [answered(db, row, wider, labels, population, "told in short") for row in rows[:_MOST_LOOKED_AT]]
    found = _new(turned, told)
    return [claim for claim in found if all(study.pmid in whole for study in claim.studies)]


def _strength(claim: AnsweredClaim, asked: Asked) -> tuple[object, ...]:
    described = claim.consistency == "descriptive_only"
    return (
        asked.turn(claim.outcome),
        claim.population is None,
        described,
        place(claim.best_level),
        claim.fit == "told in short",
        claim.key,
    )


def of_population(rows: list[Row], asked: Asked) -> list[Row]:
    """Claims about all patients, and those about just the population that was asked for."""
    return [row for row in rows if row.get("population") is None or row["population"] in asked.population_all]


def nearness(row: Row, asked: Asked) -> tuple[object, ...]:
    """What the patients asked about suffer from first, tested before described, nearest to the question first.

    Where no outcome was asked for, the best level goes before nearness, and precise before broad: who asks whether to
    operate or to irradiate wants the trial first, though it is one of surgery plus radiotherapy.
    """
    precise = 0 if asked.outcomes or row["outcome"] is None else -asked.depth(row["outcome"])
    return (
        asked.turn(row["outcome"]),
        row["consistency"] == "descriptive_only",
        bool(asked.subjects) and row["comparator"] is None and not asked.outcomes,
        0 if asked.outcomes else place(row["best_level"]),
        distance(row, asked),
        row.get("population") is None and bool(asked.population),
        place(row["best_level"]),
        asked.distance(row.get("population"), asked.population),
        -row["studies"],
        precise,
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
    if claims and not (asked.subjects | asked.comparators) & in_parts:
        return ()
    wider = asked.broader()
    rows = evidence.claims(db, wider.subjects_all, wider.comparators_all, wider.outcomes_all)
    rows = of_population(rows, asked)
    rows.sort(key=lambda row: nearness(row, wider))
    turned = [answered(db, row, wider, labels, population, "broader") for row in rows[:_MOST_LOOKED_AT]]
    found = _telling_most(_new(turned, claims))
    if not claims and asked.comparators and not asked.about_tools:
        alone = asked.without(("comparators",))
        rows = evidence.claims(db, alone.subjects_all, (), alone.outcomes_all)
        rows = [row for row in of_population(rows, alone) if row["comparator"] is None]
        rows.sort(key=lambda row: nearness(row, alone))
        one_sided = [
            answered(db, row, alone, labels, population, "uncompared") for row in rows[:MOST_BROADER]
        ]
        found += _new(one_sided, found)
    return tuple(found)


def _telling_most(claims: Sequence[AnsweredClaim]) -> list[AnsweredClaim]:
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
