"""Pairs: "(157 vs. 215 ml; p = .003)", "11.0 (9.0, 13.3) days versus 12.5 (9.0, 16.3) days", "65 ± 4 vs 41 ± 5".

Two or more values that "versus" holds against each other share the measure, and the unit that is often printed once.
"""

from __future__ import annotations

import re

from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.printed_numbers import NUMBER, UNITS, number, unit_name

_SPREAD = r"(?:\s?(?:±|\+/-)\s?[\d.,]+|\s?[\[(]\s?(?:range,?|SD,?|IQR,?|95%\s?CI,?:?|interquartile range,?)?\s?:?\s?-?[\d.,]+(?:\s?(?:,|;|-|to)\s?-?[\d.,]+)?\s?[\])])?"
_VERSUS = r"\s?,?\s?(?:vs\.?|versus|v\.?)\s"


def _one(side: str) -> str:
    return rf"(?P<{side}>{NUMBER})(?P<{side}_spread>{_SPREAD})\s?(?P<{side}_unit>{UNITS})?"


_PAIR = re.compile(
    rf"(?<![\w.,/±<>≤≥=$-])(?<!\d )(?:{_one('a')}){_VERSUS}(?:{_one('b')})(?:{_VERSUS}(?:{_one('c')}))?"
    r"(?![\d.,]*\d|\s?(?:Gy|fractions?|levels?|patients|cases|cGy|years old|%|×|x\s?\d)|\w)",
    re.IGNORECASE,
)
# "2.3 ± 1.1 and 5.4 ± 0.9": what has a spread of its own is a mean.
_SPREAD_PAIR = re.compile(
    rf"(?<![\w.,/±<>≤≥=$-])(?P<a>{NUMBER})\s?(?:±|\+/-)\s?[\d.]+\)?\s?(?P<a_unit>{UNITS})?,?\s(?:and|to|than|compared (?:with|to))\s\(?"
    rf"(?P<b>{NUMBER})\s?(?:±|\+/-)\s?[\d.]+\)?\s?(?P<b_unit>{UNITS})?(?!\w)",
    re.IGNORECASE,
)
# "(3.5 ± 0.9, p<0.01)".
_WITH_SPREAD = re.compile(
    rf"(?<![\w.,/±<>≤≥$-])(?P<a>{NUMBER})\s?(?:±|\+/-)\s?\d[\d.]*\s?(?P<unit>{UNITS})?(?!\s?(?:Gy|cGy|years|%))(?!\w)",
    re.IGNORECASE,
)
# "Survival did not differ (3.7 and 6.2 months, respectively)".
_RESPECTIVE_PAIR = re.compile(
    rf"\(\s?(?P<a>{NUMBER})\s?(?P<a_unit>{UNITS})?\sand\s(?P<b>{NUMBER})\s?(?P<b_unit>{UNITS}),?\srespectively\b",
    re.IGNORECASE,
)
# "Longer with A (27.3 months, 95% CI 16.0-33.9) than without (11.3 months, ...)".
_WITH_INTERVAL = re.compile(
    rf"\((?P<a>{NUMBER})\s?(?P<unit>months?|mos?\b|days?|d\b|weeks?|years?)\s?[,;(\[]\s?(?:95\s?%\s?)?(?:CI|confidence interval)\b",
    re.IGNORECASE,
)
# "Median survival was similar for A (10.5 months) and B (9.8 months)".
_IN_BRACKETS = re.compile(
    rf"\(\s?(?P<a>{NUMBER})\s?(?P<a_unit>months?|mos?\b|days?|weeks?|years?)\b[^()]{{0,40}}\)\s(?:and|versus|vs\.?|than|compared (?:with|to)|or)\s[^().;]{{2,50}}\(\s?(?P<b>{NUMBER})\s?(?P<b_unit>months?|mos?\b|days?|weeks?|years?)\b",
    re.IGNORECASE,
)
_MEDIAN_AHEAD = re.compile(r"\b(?:median|mean|average)\b[^;]*$", re.IGNORECASE)
_NO_RESULT = re.compile(
    r"\b(?:ages?|aged|dose|doses|Gy|BED|follow-?up|number of|fractions?|BMI|sample|years old|diameter|size|p|ratio|HR|OR|RR|n|to|grades?|levels?|than|least)\s?[=:,(]?\s?$|\b(?:days?|months?|years?)\s?[=:,]?\s?$|"
    r"\b(?:mean|median|average) ages?\b[^;]{0,30}$",
    re.IGNORECASE,
)
# "Fell to 2.3 ± 0.8": where a change ended, and no range.
_CHANGED_TO = re.compile(
    r"\b(?:reduc|decreas|improv|increas|lower|declin|drop|fell|fall|rose|risen|chang)\w*(?:\s\w+){0,2}\sto\s$",
    re.IGNORECASE,
)
# "1216 (827, 1709)": a median with its quartiles.
_QUARTILES = re.compile(r"[\[(][^)\]]*\d\s?(?:,|;|-|to)\s?-?\d|IQR|interquartile", re.IGNORECASE)


def find_pairs(text: str) -> list[Estimate]:
    """Return the values of a sentence (already `plain`) that "versus" holds against each other, in order."""
    found: list[Estimate] = []
    for match in _PAIR.finditer(text):
        if _NO_RESULT.search(_ahead(text, match)):
            continue
        sides = [side for side in ("a", "b", "c") if match[side]]
        units = {unit_name(match[f"{side}_unit"]) for side in sides} - {None}
        if len(units) > 1:
            continue
        unit = next(iter(units), None)
        measure = _measure(text, match, sides, unit)
        found += [
            Estimate(match.start(side), match.end(side), measure, number(match[side]), unit) for side in sides
        ]
    for match in _WITH_SPREAD.finditer(text):
        if not _NO_RESULT.search(_ahead(text, match)) or _CHANGED_TO.search(_ahead(text, match)):
            found.append(Estimate(*match.span("a"), "mean", number(match["a"]), unit_name(match["unit"])))
    for match in _WITH_INTERVAL.finditer(text):
        unit = unit_name(match["unit"])
        found.append(Estimate(*match.span("a"), _measure(text, match, [], unit), number(match["a"]), unit))
    for match in _RESPECTIVE_PAIR.finditer(text):
        unit = unit_name(match["b_unit"])
        if unit_name(match["a_unit"]) in (unit, None) and not _NO_RESULT.search(_ahead(text, match)):
            measure = _measure(text, match, [], unit)
            found += [Estimate(*match.span(side), measure, number(match[side]), unit) for side in ("a", "b")]
    for match in _IN_BRACKETS.finditer(text):
        unit = unit_name(match["a_unit"])
        if unit == unit_name(match["b_unit"]) and _MEDIAN_AHEAD.search(_ahead(text, match, 120)):
            measure = _measure(text, match, [], unit)
            found += [Estimate(*match.span(side), measure, number(match[side]), unit) for side in ("a", "b")]
    for match in _SPREAD_PAIR.finditer(text):
        units = {unit_name(match["a_unit"]), unit_name(match["b_unit"])} - {None}
        if len(units) > 1 or _NO_RESULT.search(_ahead(text, match)):
            continue
        unit = next(iter(units), None)
        found += [Estimate(*match.span(side), "mean", number(match[side]), unit) for side in ("a", "b")]
    return found


def _ahead(text: str, match: re.Match[str], reach: int = 60) -> str:
    return text[max(0, match.start() - reach) : match.start()]


# "(median survival; 10.5 vs 3.0 months)".
_NAMED_AHEAD = re.compile(r"\((?:median|mean|average)\b[^;()]{0,25};\s?$", re.IGNORECASE)


def _measure(text: str, match: re.Match[str], sides: list[str], unit: str | None) -> str:
    before = _ahead(text, match, 120)
    before = before[-40:] if _NAMED_AHEAD.search(before) else before.rpartition(";")[2]
    if unit == "%" and not re.search(r"\b(?:median|mean)\b", before[-40:], re.IGNORECASE):
        return "percent"
    quartiles = any(_QUARTILES.search(match[f"{side}_spread"]) for side in sides)
    named = re.findall(r"\b(?:median|mean|average)\b", before, re.IGNORECASE)
    if named:
        return "median" if named[-1].lower() == "median" else "mean"
    return "median" if quartiles else "mean"
