"""Centres: medians, means and averages with the values listed behind them, "a median of 16, 20 and 26 months"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.numbers.changes import way_of
from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.printed_numbers import LINK, NUMBER, UNITS, number, unit_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_CENTRAL = re.compile(
    rf"\b(?P<measure>median|mean|average)s?\b(?P<between>(?:(?!\b(?:median|mean|average)\b)[^.;]|\.(?=\d)){{0,110}}?)"
    rf"(?<![\w.$-])(?!(?:(?<=\bat )|(?<=\bafter )|(?<=\bwithin )|(?<=\bby ))\d+\s(?:days?|weeks?|months?|years?)\b)(?!\d+ (?:\w+ )?(?:patients|cases|lesions|studies)\b)(?P<value>{NUMBER})(?:\s?±\s?(?:{NUMBER}))?(?:\s*(?P<unit>{UNITS}))?(?!-|\w)",
    re.IGNORECASE,
)
# A parenthesis that says nothing of medians and means itself: "(range 0-10)", "(VAS)".
_ASIDE = re.compile(r"\((?:(?!\b(?:median|mean|average)s?\b)[^()])*\)", re.IGNORECASE)
# "The mean decrease in pain was 26.9": the value is itself a change.
_IS_CHANGE = re.compile(
    r"\b(?:increase|decrease|reduction|improvement|decline|drop|gain|fall|rise|worsening|deterioration)s? (?:in|of)\b",
    re.IGNORECASE,
)
_OF_SHARES = re.compile(
    r"\b(?:rates?|proportions?|incidences?|percentages?|frequenc\w+|shares?)\b", re.IGNORECASE
)
_BOTH_CENTRES = re.compile(r"\b(?:median and (?:mean|average)|(?:mean|average) and median)\b", re.IGNORECASE)
_NOT_MEASURED = re.compile(
    r"\b(?:age|aged|follow|dose|doses|Gy|BED|EQD2|number of|fractions?|volume|BMI|interval between|sample|years old|diameter|size|isodose)\b",
    re.IGNORECASE,
)
# "Median survival was 270 days, and 44 patients (22%) lived two years": no second median.
_COUNTED_THINGS = r"(?:patients|cases|lesions|studies|deaths|participants|women|men|(?:of|out of)\b|\()"
# "To 1-month follow-up was 26.3": when something was measured, and not the length of follow-up.
_SEEN_AGAIN = re.compile(
    r"\b(?:\d+(?:\.\d+)?[- ]?(?:day|week|month|year|mo|yr)s?|last|final|latest|each|every|to|at|until|through|after|during) follow-?\s?up\b",
    re.IGNORECASE,
)


def find_centres(text: str) -> Iterator[Estimate]:
    """Yield the medians and means of a sentence with the values listed behind them."""
    printed = text
    text = _ASIDE.sub(lambda aside: " " * len(aside.group()), text)
    for match in _CENTRAL.finditer(text):
        if not _states_value(text, match) or _told_in_aside(printed, match):
            continue
        measure = "median" if match["measure"].lower() == "median" else "mean"
        listed = _listed(text, match)
        unit = unit_name(match["unit"] or (listed[-1][3] if listed else None))
        # "5.2 (range 0.1-11) months": what stands between value and unit is its own.
        apart = match["unit"] and match.start("unit") - match.end("value") > 12
        end = match.end("value") if apart else match.end()
        values = [(match.start("value"), end, number(match["value"])), *(v[:3] for v in listed)]
        both = len(values) == 2 and _BOTH_CENTRES.search(text, 0, match.start() + 20)
        for place, (start, end, value) in enumerate(values):
            turned = "mean" if both and (place == 0) != (both.group().lower().startswith("median")) else None
            told = ("median" if turned is None else turned) if both else measure
            if unit == "%" and _OF_SHARES.search(match["between"]):
                told = "percent"  # "the mean rate of improvement was 92.9%" is a pooled share
            change = way_of(match["between"]) if _IS_CHANGE.search(match["between"]) else None
            yield Estimate(start, end, told, value, unit, change=change)
        if not both:
            first = Estimate(values[0][0], values[-1][1], measure, values[0][2], unit)
            yield from _further(text, first, values[-1][1])


# An aside in front leaves its blanks.
_LISTED = re.compile(
    rf"(?:\s+(?=\s))?{LINK}(?P<value>{NUMBER})(?![\d.]*\s?(?:%|-\s?[a-z]|{_COUNTED_THINGS}))\s?(?P<unit>{UNITS})?(?![\w])",
    re.IGNORECASE,
)


def _listed(text: str, match: re.Match[str]) -> list[tuple[int, int, float, str | None]]:
    """The further values of "16, 20 and 26 months": (start, end, value, unit)."""
    found: list[tuple[int, int, float, str | None]] = []
    position = match.end()
    while behind := _LISTED.match(text, position):
        if match["unit"] and behind["unit"] and unit_name(behind["unit"]) != unit_name(match["unit"]):
            break  # "2.7 months and 1 yr survival was 11%"
        found.append((behind.start("value"), behind.end(), number(behind["value"]), behind["unit"]))
        position = behind.end()
    return found


def _states_value(text: str, match: re.Match[str]) -> bool:
    """Whether "median ... 12 months" states a result: no range's end, no change by, no age, dose or follow-up."""
    between = match["between"]
    bare = re.sub(r"\b\d+(?:\.\d+)?\s?-\s?(?:year|month|week|day|yr|mo|point)s?\b", " ", between)
    bare = re.sub(
        r"\b(?:of|in|for) (?:the |all |these )?(?:other |remaining )?\d+ (?:\w+ )?(?:patients|cases|lesions)\b",
        " ",
        bare,
    )
    bare = re.sub(r"\b(?:at|after|within|by) \d+ (?:day|week|month|year)s?\b", " ", bare)
    if re.search(
        r"\b(?:at|after|over|within|by) an?\s$",
        text[max(0, match.start() - 12) : match.start()],
        re.IGNORECASE,
    ):
        return False  # "at a median of 5 days" is when, not what
    if _NOT_MEASURED.search(_SEEN_AGAIN.sub(" ", between) + (match["unit"] or "")) or re.search(
        r"\d|\b(?:by|over|within|after|at|for|every)\s$|\b(?:CI|interval)\b", bare
    ):
        return False
    if re.search(r"\b(?:than|least|most|excess of|up to|under|over|every)\s$|[<>≤≥]\s?$", between):
        return False
    return not re.match(r"\s?(?:-|to)\s?[-+]?\d", text[match.end("value") :])


_VALUES_ASIDE = re.compile(
    r"\((?![^()]*\b(?:range|IQR|interquartile|CI|n\s?=))[^()]*\d[^()]*\b(?:vs|versus|months?|mo|days|weeks|years)\b[^()]*\)",
    re.IGNORECASE,
)
_NEXT_THING = re.compile(r"\b(?:and|or|with)\s$", re.IGNORECASE)


def _told_in_aside(text: str, match: re.Match[str]) -> bool:
    """Whether a percentage is no median: "shorter median survival (10.6 vs 21.5 months) and 48% higher mortality"."""
    if match["unit"] != "%":
        return False
    aside = _VALUES_ASIDE.search(text, match.start("between"), match.end("between"))
    return bool(aside or _NEXT_THING.search(match["between"]))


_CLAUSE_END = re.compile(r"[;]|\.\s|\b(?:median|mean|while the)\b", re.IGNORECASE)
_PLAINLY_FURTHER = re.compile(
    rf"\b(?:and|versus|vs\.?|compared (?:with|to)|than)\s+(?P<value>{NUMBER})(?=\s+(?:in|for|with|after|before|among|at|points|post-?operatively|pre-?operatively)\b|\s?\(|\s?[.,;)](?!\d)|\s*$)|"
    rf",\s+(?P<next>{NUMBER})(?=\s+(?:after|at|points|post-?operatively)\b)",
    re.IGNORECASE,
)
_FURTHER = re.compile(
    rf"\b(?:and|versus|vs\.?|compared (?:with|to)|,|(?<!more )(?<!less )(?<!longer )(?<!shorter )than|or|against|while|whereas)\s+(?:(?!more\b|less\b|longer\b|shorter\b)[a-z-]+\s){{0,9}}?(?P<value>{NUMBER})\s?(?P<unit>{UNITS})(?!\w)",
    re.IGNORECASE,
)


def _further(text: str, first: Estimate, position: int) -> Iterator[Estimate]:
    """The values that follow a median or mean in the same clause: "10.4 months ... and 9.7 months for D"."""
    clause = _CLAUSE_END.search(text, position)
    limit = clause.start() if clause else len(text)
    for match in (_FURTHER if first.unit else _PLAINLY_FURTHER).finditer(text, position, limit):
        if first.unit is None or unit_name(match["unit"]) == first.unit:
            name = "value" if match["value"] else "next"
            yield Estimate(match.start(name), match.end(), first.measure, number(match[name]), first.unit)
            for start, end, listed in _sharing_unit(text, match.start(name), position):
                yield Estimate(start, end, first.measure, listed, first.unit)


_LISTED_AHEAD = re.compile(rf"(?:(?<![\w.%-])(?:{NUMBER}),\s)+(?:and\s)?$|(?<![\w.%-])(?:{NUMBER})\sand\s$")


def _sharing_unit(text: str, value: int, since: int) -> list[tuple[int, int, float]]:
    """The numbers of "22.1, 9.5, and 4.6 months" in front of the one that prints the unit."""
    ahead = _LISTED_AHEAD.search(text, max(since, value - 40), value)
    if ahead is None:
        return []
    offset = ahead.start()
    return [
        (m.start() + offset, m.end() + offset, number(m.group())) for m in re.finditer(NUMBER, ahead.group())
    ]
