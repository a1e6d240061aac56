"""Ranges of results: "local control ranged from 80% to 95%", "rates of 80-95%" are two results, the ends.

A range in parentheses behind a value ("(range, 2-44)") tells its spread and is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.printed_numbers import NUMBER, number, unit_name

_INTERVAL = r"(?:\s?[\[(][^()\[\]]{3,40}[\])])?"
_RANGED = re.compile(
    rf"\b(?:rang(?:ed|ing|es?)|varied|varying|varies) (?:\w+ly )?(?:from|between) (?:a )?(?P<low>{NUMBER})\s?(?P<sign>%)?{_INTERVAL}(?:\s[a-z]+){{0,2}}?\s?(?:to|and|-)\s?(?P<high>{NUMBER})\s?(?P<unit>%|months|years|days)?{_INTERVAL}",
    re.IGNORECASE,
)
# "2 to 44% for A and 10 to 68% in B".
_MORE = re.compile(
    rf"^(?:\s(?:for|in|with|after|of)\s[^.;,\d]{{1,50}}?)?,?\s(?:and|to)\s(?:from\s)?(?P<low>{NUMBER})\s?(?P<sign>%)?\s?(?:to|-)\s?(?P<high>{NUMBER})\s?(?P<unit>%|months|years|days)(?!\w)",
    re.IGNORECASE,
)
# "Local control rates of 80-95%": a range of shares without a word for it.
_SHARE = r"\d{1,3}(?:\.\d+)?"
_BARE = re.compile(
    rf"(?<![\w.%/,±<>≤≥=-])(?<!\d )(?P<low>{_SHARE})\s?(?P<sign>%)?\s?(?:-|\bto\b)\s?(?P<high>{_SHARE})\s?(?P<unit>%)(?![\w-])"
)
# A spread, an interval, a limit, or where a change began: no range of results.
_SPREAD_AHEAD = re.compile(
    r"\d\s?%?(?:/\w+)?\)?,?\s?[\[(][^()\[\]\d]{0,25}$|\b(?:CI|confidence (?:interval|limits)|credible interval|(?:inter)?quartile(?: range)?|IQR|ranges?|SD|from|by|least|up to|within|"
    r"over|under|above|below|threshold|cut-?off)\b\W*(?:of|was|were|is)?\W*$|(?:CI|[Ii]nterval)\W{1,3}95%\W*$|\b95%\W*$",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:increas|decreas|improv|reduc|rose|rise|fell|drop|declin|grew|chang)\w*\b[^.;,]{0,60}$",
    re.IGNORECASE,
)
_OF_SOMETHING_ELSE = re.compile(
    r"\s?(?:CI\b|confidence|isodose|power|of (?:the |all )?(?:prescri|canal|vertebra|spinal canal|total|dose|target|tumou?r volume|maximum|studies|respondents|surgeons))",
    re.IGNORECASE,
)
_METRICS = (
    ("kappa", r"kappa|κ"),
    ("icc", r"ICCs?|intraclass"),
    ("auc", r"AUCs?|AUROCs?|area under"),
    ("c_index", r"C-?(?:index|indices|statistics?)|concordance"),
    ("sensitivity", r"sensitivit"),
    ("specificity", r"specificit"),
    ("correlation", r"correlations?"),
)
_CENTRE = re.compile(r"\b(?:median|mean|average)\b", re.IGNORECASE)
_NO_RESULT = re.compile(
    r"\b(?:age|aged|dose|doses|Gy|follow-?up|fractions?|size|volume|diameter|BED|number of|sample|years old)\b",
    re.IGNORECASE,
)


def find_ranges(text: str) -> list[Estimate]:
    """Return the ends of the ranges that a sentence (already `plain`) tells as results, in order."""
    found: list[Estimate] = []
    for match in _RANGED.finditer(text):
        before = text[max(0, match.start() - 110) : match.start()].rpartition(";")[2]
        if _NO_RESULT.search(before[-60:]) or before.rstrip().endswith("("):
            continue
        found += _ends(match, before, 0)
        position = match.end()
        while further := _MORE.match(text[position:]):
            found += _ends(further, before, position)
            position += further.end()
    taken = {estimate.start for estimate in found}
    found += [end for end in _bare_ranges(text) if end.start not in taken]
    return found


def _bare_ranges(text: str) -> Iterator[Estimate]:
    """The ends of "80-95%", where nothing says that it is a spread, a change or a limit."""
    for match in _BARE.finditer(text):
        before = text[max(0, match.start() - 110) : match.start()].rpartition(";")[2]
        if (
            _SPREAD_AHEAD.search(before)
            or _NO_RESULT.search(before[-60:])
            or _OF_SOMETHING_ELSE.match(text, match.end())
        ):
            continue
        if " to " in match.group() and _CHANGED.search(before):
            continue
        if number(match["low"]) < number(match["high"]) <= 100:
            yield from _ends(match, before, 0)


def _ends(match: re.Match[str], before: str, offset: int) -> list[Estimate]:
    unit = match["unit"] or match["sign"]
    measure = _measure(before, unit)
    if measure is None:
        return []
    shown = "%" if unit == "%" or measure in ("sensitivity", "specificity") else unit_name(unit)
    return [
        Estimate(offset + match.start(end), offset + match.end(end), measure, number(match[end]), shown)
        for end in ("low", "high")
    ]


def _measure(before: str, unit: str | None) -> str | None:
    named = [name for name, words in _METRICS if re.search(rf"\b(?:{words})", before, re.IGNORECASE)]
    if named and unit in (None, "%"):
        return named[-1] if len(named) == 1 else None
    if unit == "%":
        return "percent"
    centre = _CENTRE.search(before)
    if unit and centre:
        return "median" if centre.group().lower() == "median" else "mean"
    return None
