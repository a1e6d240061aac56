"""Papers that name what was asked, beyond those behind claims, and the sentence of each that tells most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlite_utils import Database

from graph.questions import evidence
from graph.questions.answers import CitedStudy
from graph.questions.asked import Asked
from graph.questions.composing import cited_study, place
from graph.questions.evidence import Row
from graph.questions.phrasing import load_phrasing

# How sections are called that say what was meant and done, not what was found.
_BEFORE_RESULTS = (
    "BACKGROUND",
    "INTRODUCTION",
    "AIM",
    "OBJECTIVE",
    "PURPOSE",
    "METHOD",
    "MATERIAL",
    "PATIENTS",
    "STUDY",
)
MOST_FURTHER = 15
MOST_ELSEWHERE = 8


def further_studies(
    db: Database, asked: Asked, seen: Collection[str], population: Collection[str] | None
) -> tuple[tuple[CitedStudy, ...], str]:
    """Papers that name all that was asked, but of which no result stands in a claim above."""
    pmids = naming_all(db, asked, evidence.COUNTS) | _of_those_times(db, asked)
    pmids -= set(seen)
    rows = evidence.studies(db, pmids if population is None else pmids & set(population))
    # Papers on one tool alone stand behind those that name both sides.
    complete = evidence.naming(db, asked.groups(population=False)) if asked.about_tools else set()
    rows.sort(key=lambda row: (row["pmid"] not in complete, *strength(row)))
    cut = ""
    if len(rows) > MOST_FURTHER:
        cut = f"The first {MOST_FURTHER} of {len(rows)} further studies are shown."
    return tuple(with_sentences(db, row, asked, population) for row in rows[:MOST_FURTHER]), cut


def papers_elsewhere(
    db: Database, asked: Asked, population: Collection[str] | None
) -> tuple[CitedStudy, ...]:
    """Papers on metastases outside the spine too that name all that was asked: told of, not counted."""
    rows = evidence.studies(db, naming_all(db, asked, evidence.ELSEWHERE), evidence.ELSEWHERE)
    rows.sort(key=strength)
    return tuple(with_sentences(db, row, asked, population) for row in rows[:MOST_ELSEWHERE])


def strength(row: Row) -> tuple[int, int, str]:
    """Where a paper stands: best level first, then the latest."""
    return (place(row["level_nass"]), -(row["year"] or 0), row["pmid"])


def with_sentences(db: Database, row: Row, asked: Asked, population: Collection[str] | None) -> CitedStudy:
    """A study with the sentences of it that tell most of what was asked."""
    return cited_study(row, "descriptive", _best_sentences(db, row, asked), population)


def naming_all(db: Database, asked: Asked, counts: str) -> set[str]:
    """The papers that name all that was asked; of a treatment in two parts, either it or both parts."""
    groups = asked.groups(population=False)
    if not groups:
        return set()
    found = evidence.naming(db, groups, counts)
    if asked.about_tools and not asked.outcomes:
        # A paper that tests one of the tools bears on how they do, also where it names no other.
        found |= evidence.evaluating(db, asked.subjects_all | asked.comparators_all, counts)
    if asked.parts and not asked.comparators:
        one, other = asked.parts
        outcomes = asked.without(("subjects",)).groups(population=False)
        # Without an outcome to hold on to, naming both parts somewhere is too little.
        found |= (
            evidence.naming(db, [one, other, *outcomes], counts)
            if outcomes
            else evidence.in_one_sentence(db, one, other, counts)
        )
    return found


def _of_those_times(db: Database, asked: Asked) -> set[str]:
    """Papers on the treatment whose time is asked about that name the hours or days of the question."""
    treatments = _timed_treatments(asked)
    if not treatments:
        return set()
    named = [treatments, asked.outcomes_all]
    on_treatment = evidence.naming(db, [group for group in named if group])
    return {row["pmid"] for row in evidence.with_words(db, asked.times, 200)} & on_treatment


def _timed_treatments(asked: Asked) -> frozenset[str]:
    """The treatments, with narrower ones, whose time a question asks about in hours or days."""
    timed = load_phrasing().timed
    treatments = frozenset(timed[subject] for subject in asked.subjects if subject in timed)
    return asked.vocabulary.with_narrower(treatments) if treatments and asked.times else frozenset()


def _best_sentences(db: Database, row: Row, asked: Asked) -> list[Row]:
    """What to quote: results on the outcome; else the last sentence that names most of what was asked."""
    results = evidence.results_of(db, row["pmid"], asked.outcomes_all)
    sides = asked.subjects_all | asked.comparators_all
    if asked.times and (timed := _with_times(results, asked.times)):
        return timed[:2]
    if not asked.outcomes_all:
        results = [result for result in results if result["intervention"] in sides]
    if results:
        # What is told of another treatment or of a risk factor comes last.
        results.sort(key=lambda r: (r["intervention"] not in (None, *sides), r["direction"] == "descriptive"))
        return results[:2]
    wanted = [*asked.groups(population=False), *asked.parts]
    sentences: dict[tuple[int, int], list[Row]] = defaultdict(list)
    mentions = evidence.mentions_of(db, row["pmid"], frozenset(_timed_treatments(asked)).union(*wanted))
    # A title says what was studied, not what was found.
    for mention in [m for m in mentions if m["section"] > 0] or mentions:
        sentences[(mention["section"], mention["sentence_start"])].append(mention)
    if asked.times and (timed := _with_times([rows[0] for rows in sentences.values()], asked.times)):
        return timed[:2]
    scored = [
        (
            not str(rows[0]["category"] or "").upper().startswith(_BEFORE_RESULTS),
            sum(any(m["concept"] in group for m in rows) for group in wanted),
            where,
            rows[0],
        )
        for where, rows in sentences.items()
    ]
    if not scored and asked.times:
        # A paper found by the hours it names, of whose treatment no sentence tells: what it found.
        return evidence.results_of(db, row["pmid"], frozenset())[:1]
    return [max(scored, key=lambda entry: entry[:3])[3]] if scored else []


def _with_times(rows: Sequence[Row], times: Collection[str]) -> list[Row]:
    """The rows whose sentence names one of the times and stands where results are told."""
    return [
        row
        for row in rows
        if not str(row.get("category") or "").upper().startswith(_BEFORE_RESULTS)
        and any(time.lower() in str(row.get("sentence") or row["text"]).lower() for time in times)
    ]
