"""Attachments: which interval, p value and n/N belong to which number of a sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.tagging.printed_numbers import NUMBER, number

if TYPE_CHECKING:
    from kb.tagging.estimate import Estimate
    from kb.tagging.p_values import PValue

INTERVAL = re.compile(
    rf"(?:\d{{2}}\s?%?\s*-?\s*)?(?:\b(?:CI|IC|CrI|C\.I\.|confidence (?:interval|limits?)s?|credible intervals?)\b\]?\)?(?:\s?\d{{2}}\s?%)?)[\s,:=\[(]*(?:of|was|is|from|ranged from)?\s*(?P<low>{NUMBER})\s?%?(?:\s?(?:months?|years?|weeks?|days?|points?|mL))?\s?(?:-|to|,|;|and)\s?(?P<high>{NUMBER})\s?%?",
    re.IGNORECASE,
)
_BARE_INTERVAL = re.compile(
    rf"^\s?[\[(]\s?(?P<low>{NUMBER})\s?%?\s?(?:-|to|,|;)\s?(?P<high>{NUMBER})\s?%?\s?[\]),;]"
)
_COUNTS = r"(?P<n>\d+)\s?(?:/|of|out of)\s?(?:the )?(?P<of>\d+)"
_COUNT_BEHIND = re.compile(rf"^\s?[\[(]\s?{_COUNTS}")
_COUNT_AHEAD = re.compile(rf"{_COUNTS}(?:\s\w+){{0,4}}\s?[\[(,;]?\s?$")
_ROUNDING = 1.5  # points of a percentage by which n/N may differ from the printed share
# Measures that hold one side against another by themselves; each has its own p value.
SELF_CONTAINED = frozenset({"hr", "or", "rr", "md", "smd", "auc", "c_index"})
_WITH_BARE_INTERVALS = frozenset({"hr", "or", "rr", "md", "smd", "auc", "c_index", "kappa", "icc"})


def with_counts(text: str, estimate: Estimate) -> Estimate:
    """Attach N of a "12/40" that stands beside a percentage and agrees with it."""
    if estimate.measure != "percent":
        return estimate
    behind = _COUNT_BEHIND.match(text[estimate.end : estimate.end + 30])
    ahead = _COUNT_AHEAD.search(text[max(0, estimate.start - 50) : estimate.start])
    for match in (behind, ahead):
        if match is None:
            continue
        count, total = int(match["n"]), int(match["of"])
        if total >= count and abs(100 * count / max(1, total) - estimate.value) <= _ROUNDING:
            return replace(estimate, n=total)
    return estimate


def with_intervals(text: str, found: list[Estimate], intervals: list[re.Match[str]]) -> list[Estimate]:
    """Attach each interval to the estimate in front of it, if it holds the estimate's value."""
    result = list(found)
    for match in intervals:
        ahead = [i for i, e in enumerate(result) if e.end <= match.start()]
        if ahead:
            _attach(result, ahead[-1], number(match["low"]), number(match["high"]))
    for index, estimate in enumerate(result):
        if estimate.ci_low is None and estimate.measure in _WITH_BARE_INTERVALS:
            bare = _BARE_INTERVAL.match(text[estimate.end : estimate.end + 40])
            if bare:
                _attach(result, index, number(bare["low"]), number(bare["high"]))
    return result


def _attach(found: list[Estimate], index: int, low: float, high: float) -> None:
    if high < 0 < low:
        return
    if low > high and high < 0:
        low, high = high, low
    if low <= found[index].value <= high and found[index].ci_low is None:
        found[index] = replace(found[index], ci_low=low, ci_high=high)


def with_p_values(text: str, found: list[Estimate], p_values: list[PValue]) -> list[Estimate]:
    """Give each p value to the estimates since the last p value, or to the one it stands in front of."""
    result = list(found)
    for place, p in enumerate(p_values):
        since = p_values[place - 1].end if place else 0
        ahead = [i for i, e in enumerate(result) if since <= e.start and e.end <= p.start]
        clause, _ = clause_of(text, p.start, p.start)
        ahead = [i for i in ahead if result[i].start >= clause] or ahead[-1:]
        if ahead and result[ahead[-1]].measure in SELF_CONTAINED:
            # One p for "35% and 14% (risk ratio 1.33, p=0.0002)", but one for each of several ratios.
            contrasts = [i for i in ahead if result[i].measure in SELF_CONTAINED]
            ahead = ahead if len(contrasts) == 1 else ahead[-1:]
        if not p.of_difference:
            continue
        for index in ahead:
            result[index] = replace(result[index], p=p.value, p_relation=p.relation)
    return result


def clause_of(text: str, first: int, last: int) -> tuple[int, int]:
    """Return where the clause around `first` to `last` begins and ends: at semicolons that stand in no parenthesis."""
    start, end, depth = 0, len(text), 0
    for index, mark in enumerate(text):
        if mark in "([":
            depth += 1
        elif mark in ")]":
            depth = max(0, depth - 1)
        elif mark == ";" and depth == 0:
            if index < first:
                start = index + 1
            elif index >= last:
                end = index
                break
    return start, end
