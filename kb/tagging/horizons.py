"""Horizons: at which time each value was measured."""

from __future__ import annotations

import re

from kb.tagging.estimate import Estimate
from kb.tagging.scene import Scene
from kb.tagging.times import TimePoint


def months_of(scene: Scene, group: list[Estimate]) -> list[float | None]:
    """The time of each value: a list of times as long as the values, or the nearest single time."""
    for time in scene.times:
        if time.of == len(group) > 1:
            return [t.months for t in scene.times if (t.start, t.end) == (time.start, time.end)]
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
