"""Time points: "at 1 year", "12-month", "3-mo", "at 6, 12 and 24 months" as months with their offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.tagging.numbers.lengths import in_months

_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "eighteen": 18,
    "twenty-four": 24,
    "thirty": 30,
    "sixty": 60,
    "ninety": 90,
}
_N = r"(?:\d+(?:\.\d+)?|one|two|three|four|five|six|eight|nine|ten|twelve|eighteen|twenty-four|thirty|sixty|ninety)"
_LISTED = re.compile(
    rf"(?P<values>\b{_N}(?:\s?-)?(?:\s?,\s?{_N}(?:\s?-)?)*(?:,?\s?(?:and|or|/|&)\s?{_N})?)\s?-?\s?(?P<unit>months?|mos?|years?|yrs?|weeks?|wks?|days?)\b(?P<post>\s(?:after|post|following|from))?",
    re.IGNORECASE,
)
# The long patterns are tried only where a unit stands.
_UNIT = re.compile(r"month|year|week|day|yrs?\b|wks?\b|mos?\b", re.IGNORECASE)
# "1 year overall survival", "2 year LC": an adjective without its hyphen.
_ADJECTIVE = re.compile(
    r"\s(?:overall|survival|OS\b|PFS\b|LC\b|LF\b|DFS\b|local|progression|disease|mortality|actuarial|cumulative|control|incidence|freedom|rates?\b|event)",
)
# "At year 1", "on day 14".
_UNIT_FIRST = re.compile(
    r"\b(?:at|by|on|until|after|in)\s(?:post-?operative\s|post-?treatment\s)?(?P<unit>years?|months?|weeks?|days?)\s(?P<value>\d+)(?![\d.]*\s?(?:%|mg|Gy|patients))\b",
    re.IGNORECASE,
)
_AT = re.compile(
    r"\b(?:at|after|within|by|in|the|of|for|to|and|their|its|actuarial|estimated|overall|crude|cumulative|median)\s?(?:the )?$|[(,]\s?$|^$",
    re.IGNORECASE,
)


_PREPOSITION = re.compile(r"\b(?:at|after|within|by)\b[^.;]{0,12}$", re.IGNORECASE)
_LISTED_ON = re.compile(r"\s*(?:,|and|, and)\s*", re.IGNORECASE)


# "At a median of 12.5 months" and "who survived more than 1 month" tell how long, or in whom.
_HOW_LONG = re.compile(
    r"\b(?:median|mean|average)(?: time)? of\s$|\b(?:surviv\w+|who (?:had )?(?:lived|died)(?: of \w+)?|life expectancy) (?:for )?(?:(?:of )?(?:more|less|longer|fewer|shorter) than|at least|under|over|beyond|within)\s$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TimePoint:
    """A time in months; `listed` numbers its place in a list of times that share one unit."""

    start: int
    end: int
    months: float
    listed: int
    of: int


def find_times(text: str) -> list[TimePoint]:
    """Return the time points of a sentence (already `printed_numbers.plain`); lengths of follow-up or survival are not."""
    found: list[TimePoint] = []
    if not _UNIT.search(text):
        return found
    for match in _LISTED.finditer(text):
        before = text[: match.start()]
        singular = not match["unit"].lower().endswith("s")
        adjective = "-" in match.group() or (singular and _ADJECTIVE.match(text, match.end("unit")))
        listed_on = found and _LISTED_ON.fullmatch(text[found[-1].end : match.start()])
        placed = _AT.search(before) and _PREPOSITION.search(before + " ")
        if not (adjective or match["post"] or listed_on or placed) or _HOW_LONG.search(before):
            continue
        values = re.findall(_N, match["values"], re.IGNORECASE)
        for index, value in enumerate(values):
            amount = float(_WORDS.get(value.lower(), 0) or value)
            found.append(
                TimePoint(match.start(), match.end(), in_months(amount, match["unit"]), index, len(values))
            )
    for match in _UNIT_FIRST.finditer(text):
        if not any(time.start < match.end() and match.start() < time.end for time in found):
            months = in_months(float(match["value"]), match["unit"])
            found.append(TimePoint(match.start("unit"), match.end(), months, 0, 1))
    return sorted(found, key=lambda time: (time.start, time.listed))
