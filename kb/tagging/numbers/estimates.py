"""Estimates: the numbers of a results sentence, each with measure, unit, interval, p and n/N, as printed.

Works on one sentence; what the number is about (outcome, treatment) is decided in `results` and `tools`.
Values come one by one or as lists ("62, 45 and 33%", "sensitivity and specificity were 85% and 90%"); a list
shares the measure that stands in front of it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import cast, get_args

from kb.evidence import Measure
from kb.tagging.numbers.attachments import INTERVAL, with_counts, with_intervals, with_p_values
from kb.tagging.numbers.centres import find_centres
from kb.tagging.numbers.changes import with_baselines
from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.keyed_values import further_ratios, keyed_values, metric_lists
from kb.tagging.numbers.p_values import find_p_values
from kb.tagging.numbers.pairs import find_pairs
from kb.tagging.numbers.ranges import find_ranges
from kb.tagging.numbers.shares import find_shares
from kb.tagging.numbers.worded_numbers import WordedNumber, baselines, find_worded_numbers

_STANDARD_DEVIATION = re.compile(
    r"\b(?:SDs?|SEM?|standard (?:deviation|error))\b\s?[,:=]?\s?±?\s?[€$£]?\d[\d.,]*\s?(?:mL|ml|min|days|points)?"
)
_HAS_NUMBER = re.compile(r"\d|per ?cent\b")
_FINDING_MEASURES = frozenset(get_args(Measure)) - {"p_only", "text_only"}


def as_measure(measure: str) -> Measure | None:
    """Return the schema's measure of a finding, or None for one that only tools have."""
    return cast("Measure", measure) if measure in _FINDING_MEASURES else None


def find_estimates(text: str) -> list[Estimate]:
    """Return the estimates of a sentence (already `plain`), in order, each number once."""
    return list(_read(text)) if _HAS_NUMBER.search(text) else []


@lru_cache(maxsize=64)  # findings and tool performance read the same sentences of one record
def _read(text: str) -> tuple[Estimate, ...]:
    p_values = find_p_values(text)
    intervals = list(INTERVAL.finditer(text))
    blocked = [(p.start, p.end) for p in p_values] + [m.span() for m in intervals]
    blocked += [m.span() for m in _STANDARD_DEVIATION.finditer(text)]
    found: list[Estimate] = []
    for estimate in chain(metric_lists(text), keyed_values(text), further_ratios(text), find_ranges(text)):
        _add(found, blocked, estimate)
    blocked += baselines(text)
    worded = map(_as_estimate, find_worded_numbers(text))
    for estimate in chain(worded, find_centres(text), find_pairs(text), find_shares(text)):
        _add(found, blocked, estimate)
    found.sort(key=lambda e: e.start)
    found = [with_counts(text, _as_difference(text, estimate)) for estimate in found]
    found = with_intervals(text, found, intervals)
    return tuple(with_baselines(text, with_p_values(text, found, p_values)))


# "3.2 days shorter after surgery": how far two sides lie apart.
_MORE_OR_LESS = re.compile(
    r"(?:\s(?:points?|days?|hours?|minutes?|min|months?|weeks?|mL|ml))?\s(?:shorter|longer|less|lower|higher|more|greater|fewer)\b(?! (?:or|than \d))",
    re.IGNORECASE,
)


def _as_difference(text: str, estimate: Estimate) -> Estimate:
    if estimate.measure in ("mean", "median") and _MORE_OR_LESS.match(text, estimate.end):
        return replace(estimate, measure="md")
    return estimate


def _as_estimate(worded: WordedNumber) -> Estimate:
    place = (worded.start, worded.end)
    return Estimate(
        *place,
        worded.measure,
        worded.value,
        worded.unit,
        changed_from=worded.changed_from,
        change=worded.change,
    )


def _add(found: list[Estimate], blocked: list[tuple[int, int]], estimate: Estimate) -> None:
    """Take an estimate unless its number belongs to another one, to an interval or to a p value."""
    inside = any(start <= estimate.start < end for start, end in blocked)
    if not inside and all(e.start != estimate.start for e in found):
        found.append(estimate)
