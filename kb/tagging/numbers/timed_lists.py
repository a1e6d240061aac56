"""Lists of values and lists of times: which time goes with which value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.tagging.numbers.lists import Placed
    from kb.tagging.numbers.times import TimePoint

_JOINED = re.compile(r"\s*(?:,|/|and|, and|&)?\s*", re.IGNORECASE)


def in_order(text: str, times: Sequence[TimePoint], values: Sequence[Placed]) -> list[TimePoint]:
    """The times that go with values one by one: a list as long as they are, or as many times all on one side of them.

    "6 months, 1, 2 and 5 years" is one list of four.
    """
    if len(values) < 2:
        return []
    runs: list[list[TimePoint]] = []
    for time in times:
        last = runs[-1][-1] if runs else None
        same = last and (last.start == time.start or _JOINED.fullmatch(text[last.end : time.start]))
        if same:
            runs[-1].append(time)
        else:
            runs.append([time])
    for run in runs:
        if len(run) == len(values):
            return run
    single = [run[0] for run in runs if len(run) == 1]
    if len(single) != len(values):
        return []
    behind = all(t.start >= values[-1].end for t in single)
    ahead = all(t.end <= values[0].start for t in single)
    return single if behind or ahead or _in_turn(values, single) else []


def _in_turn(values: Sequence[Placed], times: Sequence[TimePoint]) -> bool:
    """Whether each value stands in front of its own time: "0.74 at 1 year and 0.70 at 3 months"."""
    places = [place for value, time in zip(values, times, strict=True) for place in (value.end, time.start)]
    return places == sorted(places)
