"""Horizons: at which time each value was measured."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.tagging.estimate import Estimate
from kb.tagging.scene import Scene
from kb.tagging.times import TimePoint

_JOINED = re.compile(r"\s*(?:,|/|and|, and|&)?\s*", re.IGNORECASE)


def in_order(text: str, times: Sequence[TimePoint], values: Sequence[Estimate]) -> list[TimePoint]:
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


def _in_turn(values: Sequence[Estimate], times: Sequence[TimePoint]) -> bool:
    """Whether each value stands in front of its own time: "0.74 at 1 year and 0.70 at 3 months"."""
    places = [place for value, time in zip(values, times, strict=True) for place in (value.end, time.start)]
    return places == sorted(places)


def months_of(scene: Scene, group: list[Estimate]) -> list[float | None]:
    """The time of each value: a list of times as long as the values, or the nearest single time."""
    listed = in_order(scene.text, scene.times, group)
    if listed:
        return [time.months for time in listed]
    result: list[float | None] = []
    for estimate in group:
        if estimate.measure in ("median", "mean") and estimate.unit in ("months", "years", "days", "weeks"):
            result.append(None)
            continue
        near = [
            (distance, t.months)
            for t in scene.times
            if t.of == 1 and (distance := _time_distance(scene.text, estimate, t)) is not None
        ]
        result.append(min(near)[1] if near and min(near)[0] < 130 else None)
    return result


def _time_distance(text: str, estimate: Estimate, time: TimePoint) -> float | None:
    """How far a time stands from a value, or None where it belongs to another one."""
    if time.end <= estimate.start:
        between = text[time.end : estimate.start]
        return None if ";" in between else float(len(between))
    between = re.sub(r"\([^)]*\)", "", text[estimate.end : time.start])
    if re.fullmatch(r"\s*(?:at|by|after|within)\s*(?:the )?", between):
        return 0.0
    if time.start < estimate.end or ";" in between or re.search(r"\d\s?%|, and\b", between):
        return None
    return 1.2 * len(between)
