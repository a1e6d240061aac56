"""Attachments: which interval, p value and n/N belong to which number of a sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.tagging.numbers.printed_numbers import NUMBER, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.tagging.numbers.estimate import Estimate
    from kb.tagging.numbers.p_values import PValue

INTERVAL = re.compile(
    rf"(?:\d{{2}}\s?%?\s*-?\s*)?(?:\b(?:CI|IC|CrI|C\.I\.|confidence (?:interval|limits?)s?|credible intervals?)\b\]?\)?(?:\s?\d{{2}}\s?%)?)[\s,:=\[(]*(?:of|was|is|from|ranged from)?\s*(?P<low>{NUMBER})\s?%?(?:\s?(?:months?|years?|weeks?|days?|points?|mL))?\s?(?:-|to|,|;|and)\s?(?P<high>{NUMBER})\s?%?",
    re.IGNORECASE,
)
_BARE_INTERVAL = re.compile(
    rf"^,?\s?[\[(]\s?(?P<low>{NUMBER})\s?%?\s?(?:-|to|,|;)\s?(?P<high>{NUMBER})\s?%?\s?[\]),;]"
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


def with_p_values(text: str, found: list[Estimate], p_values: Sequence[PValue]) -> list[Estimate]:
    """Give each p value to the estimates it speaks for.

    Those are the ones it is in step with ("24.8% and 33.8% (p<0.01 and p=0.048)"), those of its own parenthesis
    ("(12.4% vs 13.8%, p=0.76)"), those behind it ("(p=0.27) between A (618) and B (735)"), or else those since the
    last p value.
    """
    result = list(found)
    for run in _runs(text, p_values):
        since = max((p.end for p in p_values if p.end <= run[0].start), default=0)
        ahead = [i for i, e in enumerate(result) if since <= e.start and e.end <= run[0].start]
        if len(run) > 1:
            if len(ahead) == len(run):
                for index, p in zip(ahead, run, strict=True):
                    result[index] = _with_p(result[index], p)
            continue
        (p,) = run
        clause, _ = clause_of(text, p.start, p.start)
        ahead = [i for i in ahead if result[i].start >= clause] or ahead[-1:]
        opened = _opened(text, p.start)
        own = [i for i in ahead if opened is not None and result[i].start > opened]
        if len(own) > 1 and result[own[-1]].measure not in SELF_CONTAINED:
            ahead = own
        if not own:
            behind = _spoken_for_behind(text, result, p, p_values, has_ahead=bool(ahead))
            ahead = behind or ahead
        if ahead and result[ahead[-1]].measure in SELF_CONTAINED:
            # One p for "35% and 14% (risk ratio 1.33, p=0.0002)", but one for each of several ratios.
            contrasts = [i for i in ahead if result[i].measure in SELF_CONTAINED]
            ahead = ahead if len(contrasts) == 1 else ahead[-1:]
        for index in ahead:
            result[index] = _with_p(result[index], p)
    return result


def _with_p(estimate: Estimate, p: PValue) -> Estimate:
    return replace(estimate, p=p.value, p_relation=p.relation) if p.of_difference else estimate


_P_LINK = re.compile(r"\W*(?:and|or|respectively)?\W*(?:respectively)?\W*", re.IGNORECASE)


def _runs(text: str, p_values: Sequence[PValue]) -> list[list[PValue]]:
    """The p values that stand side by side."""
    runs: list[list[PValue]] = []
    for p in p_values:
        if runs and _P_LINK.fullmatch(text[runs[-1][-1].end : p.start]):
            runs[-1].append(p)
        else:
            runs.append([p])
    return runs


def _opened(text: str, position: int) -> int | None:
    """Where the innermost parenthesis around `position` opens."""
    opened: list[int] = []
    for index, mark in enumerate(text[:position]):
        if mark in "([":
            opened.append(index)
        elif mark in ")]" and opened:
            opened.pop()
    return opened[-1] if opened else None


_GOES_ON = re.compile(r"^\s?[)\]]?\s?(?::|between\b)", re.IGNORECASE)


def _spoken_for_behind(
    text: str, found: list[Estimate], p: PValue, p_values: Sequence[PValue], *, has_ahead: bool
) -> list[int]:
    """The estimates behind a p value that it speaks for: the next of its own parenthesis, or those after "between"."""
    limit = min((other.start for other in p_values if other.start > p.start), default=len(text))
    _, clause_end = clause_of(text, p.start, p.end)
    behind = [i for i, e in enumerate(found) if p.end <= e.start < min(limit, clause_end)]
    if not behind:
        return []
    closes = text.find(")", p.end)
    first = found[behind[0]]
    if _opened(text, p.start) is not None and first.end <= closes and first.start - p.end < 45:
        return behind[:1]
    return behind if not has_ahead and _GOES_ON.match(text[p.end :]) else []


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
