"""Papers as they bear on counting studies: who wrote them, where, on which patients, and what they cite."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlite_utils import Database

from kb.evidence import Design, Level, Question
from kb.grading.levels import rate

REVIEWS = ("systematic_review", "meta_analysis", "narrative_review", "guideline")


@dataclass(frozen=True, slots=True)
class Publication:
    """What is known of a paper when its claims are counted; absent facts are empty.

    `accrual` is the span of years in which patients were enrolled; `companion` whether the paper says that
    it reports further on a study. `treating` is the level (and OCEBM's) at which a paper that asks what foretells an
    outcome counts for a treatment: a factor's hazard ratio is no controlled comparison, whatever its own level.
    """

    pmid: str
    level: Level | None = None
    ocebm: int | None = None
    patients: int | None = None
    review: bool = False
    year: int | None = None
    registrations: tuple[str, ...] = ()
    authors: frozenset[str] = frozenset()
    centre: str | None = None
    accrual: tuple[int, int] | None = None
    cites: frozenset[str] = frozenset()
    companion: bool = False
    synopsis: bool = False
    treating: tuple[Level | None, int | None] | None = None


@dataclass(frozen=True, slots=True)
class StudyRules:
    """The rules of studies.toml by which papers are one study."""

    shared_authors: int
    least_patients: int
    most_years_apart: int
    centre: re.Pattern[str]
    accrual: re.Pattern[str]
    companion: re.Pattern[str]


@cache
def study_rules() -> StudyRules:
    """Read studies.toml."""
    table = tomllib.loads(files("kb.grading").joinpath("studies.toml").read_text(encoding="utf-8"))
    return StudyRules(
        table["shared_authors"],
        table["least_patients"],
        table["most_years_apart"],
        re.compile(table["centre"], re.IGNORECASE),
        re.compile(table["accrual"]),
        re.compile(table["companion"], re.IGNORECASE),
    )


def read_publications(db: Database, pmids: Collection[str]) -> dict[str, Publication]:
    """Return the named papers by PMID."""
    wanted = json.dumps(sorted(pmids))
    chosen = "pmid IN (SELECT value FROM json_each(?))"
    people = _people(
        db.execute(
            "SELECT pmid, position, last_name, coalesce(initials, fore_name), affiliations FROM authors"
            f" WHERE last_name IS NOT NULL AND {chosen}",
            (wanted,),
        )
    )
    cites: dict[str, set[str]] = defaultdict(set)
    for pmid, cited in db.execute(
        f"SELECT pmid, cited_pmid FROM reference_list WHERE cited_pmid IS NOT NULL AND {chosen}", (wanted,)
    ):
        cites[pmid].add(cited)
    rows = db.execute(
        "SELECT r.pmid, s.level_nass, s.level_ocebm, s.patients, s.design, s.question, r.year, r.registrations,"
        f" r.origin, r.title, r.abstract FROM records r JOIN studies s USING (pmid) WHERE r.{chosen}",
        (wanted,),
    )
    found = {}
    for pmid, level, ocebm, patients, design, question, year, registrations, origin, title, abstract in rows:
        authors, centre = people.get(pmid, (frozenset(), None))
        found[pmid] = Publication(
            *(pmid, level, ocebm, patients, design in REVIEWS, year),
            registrations=tuple(json.loads(registrations)),
            authors=authors,
            centre=centre,
            accrual=accrual_years(abstract),
            cites=frozenset(cites.get(pmid, ())),
            companion=any(study_rules().companion.search(text) for text in (title, abstract)),
            synopsis=origin == "sample",
            treating=_treating(design, question, f"{title}\n{abstract}"),
        )
    return found


def _treating(design: Design, question: Question, text: str) -> tuple[Level | None, int | None] | None:
    """The level at which a prognostic paper counts for a treatment; None where its own level holds."""
    if question != "prognostic":
        return None
    rating = rate(design, "therapeutic", text)
    return rating.nass, rating.ocebm


def _people(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[frozenset[str], str | None]]:
    """Authors (family name and first initial) and centre of each paper; the centre is the first author's."""
    names: dict[str, set[str]] = defaultdict(set)
    centres: dict[str, tuple[int, str]] = {}
    for pmid, position, last_name, given, affiliations in rows:
        names[pmid].add(f"{last_name} {(given or '')[:1]}".casefold())
        if affiliations != "[]" and position < centres.get(pmid, (position + 1, ""))[0]:
            centre = next((c for text in json.loads(affiliations) if (c := centre_of(text))), None)
            if centre:
                centres[pmid] = (position, centre)
    return {pmid: (frozenset(people), centres.get(pmid, (0, None))[1]) for pmid, people in names.items()}


def centre_of(affiliation: str) -> str | None:
    """Return the part of an affiliation that names a hospital or university, written in one way.

    >>> centre_of("Department of Neurosurgery, The Invented Cancer Center, Houston, TX, USA.")
    'invented cancer center'
    """
    for part in affiliation.split(","):
        if study_rules().centre.search(part):
            return re.sub(r"^the\s+", "", " ".join(re.findall(r"\w+", part.casefold())))
    return None


def accrual_years(text: str) -> tuple[int, int] | None:
    """Return the first span of years of enrolment that a text names, in order, or None.

    >>> accrual_years("We reviewed 40 patients treated between January 2009 and March 2015.")
    (2009, 2015)
    """
    for found in study_rules().accrual.finditer(text):
        first, last = int(found[1]), int(found[2])
        if first <= last:
            return first, last
    return None
