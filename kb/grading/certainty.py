"""Grades of recommendation (A, B, C, I) from the studies behind a claim, with the rules that fired in words.

A grade is pre-filled by rule until a reviewer signs it. It rests on levels, directions and agreement alone:
neither on how surely a sentence was read, nor on pooled numbers. The rules are in certainty.toml.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

from kb.evidence import LEVELS, Direction, GradeLetter, Level

PRE_FILLED = "pre-filled by rule; no reviewer has signed it"
_ORDER: tuple[GradeLetter, ...] = ("A", "B", "C", "I")


@dataclass(frozen=True, slots=True)
class Vote:
    """What one study says of a claim. A paper that is not counted apart still shows a conflict."""

    level: Level | None
    directions: frozenset[Direction]
    counted: bool = True
    ocebm: int | None = None

    @property
    def states(self) -> frozenset[Direction]:
        """The directions it states; a mere description states none."""
        return self.directions - {"descriptive"}


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of recommendation, its reasons in words, and the best OCEBM level beside it."""

    letter: GradeLetter
    reasons: tuple[str, ...]
    ocebm: int | None


@dataclass(frozen=True, slots=True)
class _Rule:
    letter: GradeLetter
    levels: frozenset[str]
    least: int
    most: int
    agree: bool
    why: str


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("kb.grading").joinpath("certainty.toml").read_text(encoding="utf-8"))


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            entry["grade"],
            frozenset(entry["levels"]),
            entry["least"],
            entry.get("most", sys.maxsize),
            entry.get("agree", False),
            entry["why"] + (" (our reading, not in the society's rules)" if entry.get("ours") else ""),
        )
        for entry in _table()["rule"]
    )


def grade_words(letter: GradeLetter) -> str:
    """What a grade stands for: "fair evidence"."""
    return cast("str", _table()["words"][letter])


def grade(votes: Sequence[Vote]) -> Grade:
    """Return the grade that the rules give to what studies say, whatever their order.

    A conflict among studies of the best level makes the grade I. A conflict with or among studies below it
    takes one grade off what the best level alone would give.

    Examples
    --------
    >>> trial = Vote("I", frozenset({"favours_intervention"}))
    >>> grade([trial, trial]).letter, grade([trial]).letter
    ('A', 'B')
    >>> grade([trial, Vote("I", frozenset({"no_difference"}))]).reasons[0]
    'Grade I, insufficient or conflicting evidence: studies of equal strength with conflicting findings.'
    """
    stating = [vote for vote in votes if vote.states]
    counted = [vote for vote in stating if vote.counted] or [vote for vote in votes if vote.counted]
    best = _best(counted)
    conflict = _conflict(stating, best)
    notes = _table()["notes"]
    if conflict == "equal":
        letter, why = _table()["conflict"]["equal"], _table()["conflict"]["equal_why"]
    elif conflict == "below":
        rule = _fitting([vote for vote in counted if vote.level == best], agree=True)
        letter = _lower(rule.letter, _table()["conflict"]["below_steps"])
        why = f"{_table()['conflict']['below_why']} ({rule.letter}: {rule.why})"
    else:
        rule = _fitting(counted, agree=bool(stating))
        letter, why = rule.letter, rule.why
    reasons = [f"Grade {letter}, {grade_words(letter)}: {why}.", _counts(counted, stated=bool(stating))]
    if not stating:
        reasons.append(notes["described"])
    elif conflict is None and all(vote.states == {"no_difference"} for vote in stating):
        reasons.append(notes["no_difference"])
    if any(vote.level == "I" for vote in counted):
        reasons.append(notes["not_rated"])
    ocebm = min((vote.ocebm for vote in counted if vote.ocebm is not None), default=None)
    return Grade(letter, tuple(reasons), ocebm)


def _conflict(stating: Sequence[Vote], best: Level | None) -> Literal["equal", "below"] | None:
    """Whether studies contradict one another, and whether those of the best counted level or above do."""
    if len(_sides(stating)) < 2:
        return None
    strongest = [vote for vote in stating if _place(vote.level) <= _place(best)]
    return "equal" if len(_sides(strongest)) > 1 else "below"


def _sides(votes: Sequence[Vote]) -> frozenset[Direction]:
    return frozenset[Direction]().union(*(vote.states for vote in votes))


def _place(level: Level | None) -> int:
    return len(LEVELS) if level is None else LEVELS.index(level)


def _best(votes: Sequence[Vote]) -> Level | None:
    return min((vote.level for vote in votes if vote.level is not None), key=LEVELS.index, default=None)


def _fitting(votes: Sequence[Vote], *, agree: bool) -> _Rule:
    for rule in _rules():
        number = sum(vote.level in rule.levels for vote in votes)
        if rule.least <= number <= rule.most and (agree or not rule.agree):
            return rule
    raise AssertionError("the last rule of certainty.toml fits everything")


def _lower(letter: GradeLetter, steps: int) -> GradeLetter:
    return _ORDER[min(_ORDER.index(letter) + steps, len(_ORDER) - 1)]


def _counts(votes: Sequence[Vote], *, stated: bool) -> str:
    """ "Counted: 2 studies that state a direction (Level I: 1, Level III: 1)." """
    levels = [vote.level for vote in votes]
    by_level = [f"Level {level}: {levels.count(level)}" for level in LEVELS if level in levels]
    by_level += [f"no level: {levels.count(None)}"] if None in levels else []
    studies = f"{len(votes)} {'study' if len(votes) == 1 else 'studies'}"
    what = f" that state{'s' if len(votes) == 1 else ''} a direction" if stated else ""
    return f"Counted: {studies}{what} ({', '.join(by_level)})."
