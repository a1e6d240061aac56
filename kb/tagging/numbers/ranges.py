"""Ranges of results: "local control ranged from 80% to 95%" is two results, the ends.

A range in parentheses behind a value ("(range, 2-44)") tells its spread and is none.
"""

from __future__ import annotations

import re

from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.printed_numbers import NUMBER, number, unit_name

_INTERVAL = r"(?:\s?[\[(][^()\[\]]{3,40}[\])])?"
_RANGED = re.compile(
    rf"\b(?:rang(?:ed|ing|es?)|varied|varying|varies) (?:from|between) (?:a )?(?P<low>{NUMBER})\s?(?P<sign>%)?{_INTERVAL}(?:\s[a-z]+){{0,2}}?\s?(?:to|and|-)\s?(?P<high>{NUMBER})\s?(?P<unit>%|months|years|days)?{_INTERVAL}",
    re.IGNORECASE,
)
# "2 to 44% for A and 10 to 68% in B".
_MORE = re.compile(
    rf"^(?:\s(?:for|in|with|after|of)\s[^.;,\d]{{1,50}}?)?,?\s(?:and|to)\s(?:from\s)?(?P<low>{NUMBER})\s?(?P<sign>%)?\s?(?:to|-)\s?(?P<high>{NUMBER})\s?(?P<unit>%|months|years|days)(?!\w)",
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
    return found


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
