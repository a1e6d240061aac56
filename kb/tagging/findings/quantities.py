"""Quantities: whether a number with its unit can be a result on an outcome at all (quantities.toml)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.tagging.article import Named
    from kb.tagging.numbers.estimate import Estimate

# Words in front of an event's name that make a length of time of it.
_TIMED = re.compile(
    r"\b(?:times?|intervals?|duration|onset|length|delay|latency|free|until|last(?:ed|ing|s))\b",
    re.IGNORECASE,
)
_CHANGED_BY = re.compile(
    r"\b(?:reduc\w+|decreas\w+|increas\w+|improv\w+|shorten\w*|prolong\w*)\b", re.IGNORECASE
)


@cache
def _table() -> Mapping[str, Any]:
    found: Mapping[str, Any] = tomllib.loads(
        files("kb.tagging.findings").joinpath("quantities.toml").read_text(encoding="utf-8")
    )
    return found


def event_of(outcome: str) -> str | None:
    """Return the event that a time runs to, None where `outcome` is no such time.

    Examples
    --------
    >>> event_of("time_to_first_skeletal_event")
    'skeletal_related_event'
    >>> event_of("overall_survival")
    """
    event: str | None = _table()["event_of"].get(outcome)
    return event


def in_time(outcome: str, words: str) -> str | None:
    """Return what a length of time is on this outcome by the words around it: days of hospitalisation are a stay.

    Examples
    --------
    >>> in_time("hospitalisation", "hospitalisation was 7 days"), in_time("ambulation", "earlier ambulation (34 h)")
    ('length_of_stay', 'time_to_mobilisation')
    """
    for rule in _table()["in_time"]:
        if rule["outcome"] == outcome and re.search(rule["words"], words, re.IGNORECASE):
            found: str = rule["becomes"]
            return found
    return None


def is_time(unit: str | None) -> bool:
    """Return whether a unit measures time."""
    return unit in _table()["clock"]["units"] or unit in _table()["lengths"]["units"]


# "... reirradiation; median time to each of these was 3 months": the time is of something else.
_ANOTHER_TIME = re.compile(r";[^;]*\btime (?:from|to|until|between)\b", re.IGNORECASE)


def _clause_end(text: str, end: int) -> int:
    """Fifteen characters behind a name, or the semicolon before."""
    stop = text.find(";", end, end + 15)
    return min(len(text), end + 15) if stop < 0 else stop


def can_hold(text: str, named: Named, estimate: Estimate) -> bool:
    """Return whether `estimate` can be a result on the outcome `named`, by its unit: no 520 mL of pain."""
    outcome, unit, table = named.concept, estimate.unit, _table()
    if is_time(unit) and _ANOTHER_TIME.search(text, named.end, max(named.end, estimate.start)):
        return False
    if unit and unit.split()[0] in table["money"]["units"]:
        return outcome.id in table["money"]["outcomes"]
    if estimate.measure in ("median", "mean", "md") and unit:
        if is_time(unit) and any(rule["outcome"] == outcome.id for rule in table["in_time"]):
            return True
        for kind in ("volumes", "clock"):
            if unit in table[kind]["units"]:
                return outcome.id in table[kind]["outcomes"]
        if unit in table["lengths"]["units"]:
            return (
                outcome.domain == "survival"
                or outcome.id in table["lengths"]["outcomes"]
                or outcome.id in table["clock"]["outcomes"]
                or bool(re.search(r"(?:^|_)(?:time|duration|survival)(?:_|$)", outcome.id))
                or bool(_TIMED.search(text, max(0, named.start - 40), _clause_end(text, named.end)))
            )
    if estimate.measure in ("median", "mean") and unit is None:
        return outcome.domain not in table["no_score"]["domains"] or outcome.id in table["no_score"]["but"]
    if estimate.measure == "percent" and outcome.id in table["no_share"]["outcomes"]:
        return bool(_CHANGED_BY.search(text))
    return True
