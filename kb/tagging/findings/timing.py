"""Timing: after how many months each value of a finding was measured."""

from __future__ import annotations

import itertools
import re

from kb.tagging.findings.scene import Scene
from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.timed_lists import in_order
from kb.tagging.numbers.times import TimePoint


def months_of(scene: Scene, group: list[Estimate]) -> list[float | None]:
    """The time of each value: a list of times as long as the values, or the nearest single time."""
    listed = in_order(scene.text, scene.times, group)
    if listed:
        return [time.months for time in listed]
    if again := _told_twice(scene, group):
        return list(again)
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
    alone = _only_time(scene)
    if alone is None:
        return result
    return [
        alone if months is None and estimate.measure in _AT_A_TIME else months
        for months, estimate in zip(result, group, strict=True)
    ]


_NEXT_IN_LIST = re.compile(r"\s?%?\s?(?:\([^()]*\)\s?)?(?:,|,?\sand|/)\s?")


def _told_twice(scene: Scene, group: list[Estimate]) -> list[float]:
    """ "At 1, 2 and 3 years 9, 8 and 7% in A against 6, 5 and 4% in B": one list of times, two lists of values."""
    times = [time.months for time in scene.times]
    size = len(times)
    if size < 2 or scene.times[0].of != size or len(group) != 2 * size:
        return []
    runs = [group[:size], group[size:]]
    gaps = [scene.text[a.end : b.start] for run in runs for a, b in itertools.pairwise(run)]
    apart = scene.text[runs[0][-1].end : runs[1][0].start]
    if not all(_NEXT_IN_LIST.fullmatch(gap) for gap in gaps) or _NEXT_IN_LIST.fullmatch(apart):
        return []
    return times * 2


_AT_A_TIME = frozenset({"percent", "count", "hr", "or", "rr", "md"})


def _only_time(scene: Scene) -> float | None:
    """The only time of a sentence, where it stands at its end or start and so holds for all its values."""
    if len(scene.times) != 1 or scene.times[0].of != 1:
        return None
    (time,) = scene.times
    at_end = not scene.text[time.end :].strip(" .)") and re.search(
        r"\b(?:at|by|after) (?:the )?$", scene.text[: time.start]
    )
    at_start = not re.sub(
        r"\b(?:at|by|after|the)\b", "", scene.text[: time.start], flags=re.IGNORECASE
    ).strip()
    return time.months if at_end or at_start else None


_LEADS_ON = re.compile(
    r"[^;.]{0,60}?\b(?:was|were|of|in|rate)\s(?:only |about |approximately )?\d", re.IGNORECASE
)


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
    if re.search(r"\b(?:and|with|while|but)\b", between) and _LEADS_ON.match(text[time.end :]):
        return (
            None  # "a 30-day mortality of 14.6% and a 1-year mortality of 73.2%": the time behind has its own
        )
    return 1.2 * len(between)
