"""Levels of evidence by question and design, each with the rule that fired in words (levels.toml).

Human raters agree on levels only moderately, so the reason is stored and shown beside the level.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.evidence import Design, Level, Question


@dataclass(frozen=True, slots=True)
class Rating:
    """A NASS level (None where the design has none), OCEBM 2011 beside it, and why."""

    nass: Level | None
    ocebm: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Row:
    questions: frozenset[str]
    designs: frozenset[str]
    needs: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    patients_per_study_below: float | None
    rating: Rating


@cache
def _rows() -> tuple[_Row, ...]:
    table = tomllib.loads(files("kb.grading").joinpath("levels.toml").read_text(encoding="utf-8"))
    return tuple(
        _Row(
            frozenset(entry.get("question", ())),
            frozenset(entry.get("design", ())),
            re.compile(entry["needs"], re.IGNORECASE) if "needs" in entry else None,
            re.compile(entry["unless"], re.IGNORECASE) if "unless" in entry else None,
            entry.get("patients_per_study_below"),
            Rating(entry.get("nass"), entry.get("ocebm"), entry["why"]),
        )
        for entry in table["level"]
    )


def rate(design: Design, question: Question, text: str) -> Rating:
    """Return the level of a study from its design, its question and its text (title and abstract)."""
    for row in _rows():
        if row.questions and question not in row.questions:
            continue
        if row.designs and design not in row.designs:
            continue
        if row.needs and not row.needs.search(text):
            continue
        if row.unless and row.unless.search(text):
            continue
        if row.patients_per_study_below and _patients_per_study(text) >= row.patients_per_study_below:
            continue
        return row.rating
    return Rating(None, None, f"no rule gives a {question} study of this design a level")


# "56 studies reporting on 109 patients", "109 cases from 56 articles"
_REVIEWED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d.,])(?P<studies>\d[\d,]*) (?:[a-z-]+ ){0,3}?(?:studies|articles|papers|reports|publications)\b(?: \([^()]{0,60}\))?[^.;%\d]{0,70}?(?<![\d.])(?P<patients>\d[\d,]*) (?:[a-z-]+ ){0,2}?(?:patients|cases)\b",
        r"(?<![\d.,])(?P<patients>\d[\d,]*) (?:[a-z-]+ ){0,2}?(?:patients|cases)\b[^.;%\d]{0,40}?\b(?:from|in|across|of) (?P<studies>\d[\d,]*) (?:[a-z-]+ ){0,3}?(?:studies|articles|papers|reports|publications)\b",
    )
)


def _patients_per_study(text: str) -> float:
    """How many patients a review has for each of its studies; many where it does not print both."""
    for pattern in _REVIEWED:
        if match := pattern.search(text):
            return int(match["patients"].replace(",", "")) / max(1, int(match["studies"].replace(",", "")))
    return float("inf")
