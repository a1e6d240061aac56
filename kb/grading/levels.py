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
        return row.rating
    return Rating(None, None, f"no rule gives a {question} study of this design a level")
