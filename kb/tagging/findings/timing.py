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
    if len(group) == 2 and _RANGE.fullmatch(scene.text[group[0].end : group[1].start]):
        return months_of(scene, group[1:]) * 2  # both ends of a range have one time
    runs = _timed_runs(scene, group)
    listed = in_order(scene.text, scene.times, group) if len(runs) < len(group) else None
    if listed:
        return [time.months for time in listed]
    if again := _told_twice(scene, group):
        return list(again)
    result: list[float | None] = []
    for estimate in group:
        if estimate.start in runs:
            result.append(runs[estimate.start])
            continue
        if estimate.measure in ("median", "mean") and estimate.unit in ("months", "years", "days", "weeks"):
            result.append(None)
            continue
        near = [
            (distance, t.months)
            for t in scene.times
            if t.of == 1 and (distance := _time_distance(scene.text, estimate, t)) is not None
        ]
        result.append(min(near)[1] if near and min(near)[0] < 130 else None)
    result = _with_partners(scene, group, result)
    alone = _only_time(scene)
    if alone is None:
        return result
    return [
        alone if months is None and estimate.measure in _AT_A_TIME else months
        for months, estimate in zip(result, group, strict=True)
    ]


_HELD_AGAINST = re.compile(
    r"\s?%?\s?(?:\([^()]*\)\s?)?(?:vs\.?|versus|v\.?|compared (?:with|to))\s", re.IGNORECASE
)


def _with_partners(scene: Scene, group: list[Estimate], months: list[float | None]) -> list[float | None]:
    """ "Six-month survival was 68% vs 61%": the second value of a pair has the time that stands in front of the first."""
    found = list(months)
    for place, (one, two) in enumerate(itertools.pairwise(group)):
        ahead = any(t.end <= one.start and t.months == found[place] for t in scene.times)
        if ahead and _HELD_AGAINST.fullmatch(scene.text[one.end : two.start]):
            found[place + 1] = found[place]
    return found


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


def _timed_runs(scene: Scene, group: list[Estimate]) -> dict[int, float]:
    """ "6% and 17% at 30 days ..., and 28% and 38% at 1 year": the time behind a run of values is that of all of them."""
    found: dict[int, float] = {}
    run: list[Estimate] = []
    for estimate, following in itertools.zip_longest(group, group[1:]):
        run.append(estimate)
        if following and _NEXT_IN_LIST.fullmatch(scene.text[estimate.end : following.start]):
            continue
        time = next((t for t in scene.times if t.of == 1 and t.start >= estimate.end), None)
        if time and _MORE_TIMES.match(scene.text, time.end):
            time = None
        if len(run) > 1 and time and _RIGHT_BEHIND.fullmatch(scene.text[estimate.end : time.start]):
            found |= {one.start: time.months for one in run}
        run = []
    return found


_MORE_TIMES = re.compile(r",?\s(?:and\s|or\s)?\d")
_RIGHT_BEHIND = re.compile(r"\s?%?\s?(?:at|by|after|within)\s(?:the\s)?", re.IGNORECASE)
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
    r"[^;.]{0,60}?\b(?:was|were|of|in|rates?)\s(?:only |about |approximately )?\d", re.IGNORECASE
)


_OWN_TIME = re.compile(
    r"\s?%?(?:\s(?!and\b|with\b|while\b|but\b|versus\b|vs\b|compared\b|than\b|to\b|of\b)[A-Za-z-]+){1,4}\s(?:at|within|by)\s(?:the\s)?",
    re.IGNORECASE,
)


# "30-day mortality was 5% and 90-day mortality 14%": a time behind "and" opens the next statement.
_OF_THE_NEXT = re.compile(
    r"\W*(?:and|but|while|whereas|versus|vs\.?)\s(?:the\s|an?\s|at\s(?:the\s)?|after\s|by\s)?", re.IGNORECASE
)
# "Transient deficits that resolved within 6 weeks": when they were gone.
_UNTIL_GONE = re.compile(
    r"\b(?:resolv|recover|subsid|disappear|abat|last|persist|requir)\w*\s(?:\w+\s)?(?:within|after|by|in|for|over)\s(?:the\s)?$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?%?\s?(?:-|to)\s?")
# "Control was 56% to 96% at 2 years, and pain was relieved in 42%": the time is the first value's own.
_BOUND_TO = re.compile(r"\d\s?%?\)?\s(?:at|after|by|within)\s(?:the\s)?$", re.IGNORECASE)
# "3.4 postoperatively and 2.3 at 6 months": the first was measured at no printed time.
_UNDATED = re.compile(
    r"\s?(?:±\s?[\d.]+)?\s?(?:points?\s)?(?:immediately )?(?:post-?operatively|at discharge|after (?:surgery|treatment|the procedure))"
    r"(?:,|\sand\b)",
    re.IGNORECASE,
)


def _time_distance(text: str, estimate: Estimate, time: TimePoint) -> float | None:
    """How far a time stands from a value, or None where it belongs to another one."""
    if time.end <= estimate.start:
        between = text[time.end : estimate.start]
        bound = re.search(r",\s(?:and|while|but)\b", between) and _BOUND_TO.search(text, 0, time.start)
        return None if ";" in between or bound else float(len(between))
    between = re.sub(r"\([^)]*\)", "", text[estimate.end : time.start])
    if re.fullmatch(r"\s*(?:at|by|after|within)\s*(?:the )?", between):
        return 0.0
    if time.start < estimate.end or ";" in between or re.search(r"\d\s?%|, and\b|\bbut not\b", between):
        return None
    if _UNDATED.match(between) or _OF_THE_NEXT.fullmatch(between) or _UNTIL_GONE.search(between):
        return None
    if _OWN_TIME.fullmatch(between):
        return 0.5  # "an 84% mortality rate at 12 months"
    if re.search(r"\b(?:and|with|while|but)\b|,", between) and _LEADS_ON.match(text[time.end :]):
        return (
            None  # "a 30-day mortality of 14.6% and a 1-year mortality of 73.2%": the time behind has its own
        )
    return 1.2 * len(between)
