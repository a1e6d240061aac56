"""Shares: the percentages of a sentence that are results, and not a limit, a range, a dose or a confidence level."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.numbers.changes import way_of
from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.number_words import WHOLE_NUMBER, whole_number
from kb.tagging.numbers.printed_numbers import LINK, NUMBER, number, place

if TYPE_CHECKING:
    from collections.abc import Iterator

# "Bone density increased by 20%": the share is itself a change.
_CHANGED_BY_SHARE = re.compile(
    r"\b(?P<how>(?:increas|decreas|reduc|improv|declin|ris|rose|fell|fall|drop)\w*)\b(?:(?!\b(?:reported|achieved|experienced|seen)\b)[^.;%,]){0,60}\bby (?:an? )?(?:(?:mean|median|average) )?(?:of )?(?:about |approximately )?$",
    re.IGNORECASE,
)
_OF_PATIENTS = re.compile(r"\s?(?:%\s?)?of (?:\w+ ){0,2}(?:patients|cases|those)")
# "Eighty-five percent of patients".
_IN_WORDS = re.compile(rf"\b(?P<value>(?!\d){WHOLE_NUMBER})\s(?:percent|per cent)\b", re.IGNORECASE)
_PERCENT = re.compile(rf"(?<![\w.])(?P<value>{NUMBER})\s?(?:%|percent\b|per cent\b)")
# Numbers in front of "33%" that share its sign: "62, 45, and 33%", "84 and 64%".
# "15 of 21, 71%", "on days 2 to 5 versus 73%".
_NO_SHARE_AHEAD = re.compile(
    r"(?:\bof\s|\b[nN]\s?=\s?|/\s?|\b(?:days?|weeks?|months?|years?|hours?|grades?|groups?|levels?|phases?)\s(?:\d+\s?(?:-|to|and|or)\s?)?|\d\s?to\s)$",
    re.IGNORECASE,
)
# "Rates of 95, 90.5 and 88%": of no number.
_RATES_OF = re.compile(
    r"\b(?:rates?|risks?|probabilit\w+|incidences?|proportions?|frequenc\w+|percentages?|estimates?)\sof\s$",
    re.IGNORECASE,
)
_SHARED_SIGN = re.compile(rf"(?<![\w.%-])(?P<list>(?:(?:{NUMBER}){LINK})+)$")


def find_shares(text: str) -> Iterator[Estimate]:
    """Yield the percentages of a sentence, those that share a sign too; a negative one is a difference ("md")."""
    for match in _PERCENT.finditer(text):
        if _range_or_limit(text, match):
            continue
        for start, end, value in (*_sharing_sign(text, match), place(match)):
            by = _CHANGED_BY_SHARE.search(text, max(0, start - 90), start)
            change = way_of(by["how"]) if by and not _OF_PATIENTS.match(text, end) else None
            yield Estimate(start, end, "md" if value < 0 else "percent", value, "%", change=change)
    for match in _IN_WORDS.finditer(text) if "ercent" in text or "er cent" in text else ():
        if (share := whole_number(match["value"])) is not None and share <= 100:
            yield Estimate(*match.span(), "percent", float(share), "%")


def _sharing_sign(text: str, match: re.Match[str]) -> list[tuple[int, int, float]]:
    """The numbers of a list that ends in a percentage and prints the sign once."""
    ahead = _SHARED_SIGN.search(text, max(0, match.start() - 60), match.start())
    if ahead is None or "/" in ahead["list"]:
        return []
    if _NO_SHARE_AHEAD.search(text, 0, ahead.start()) and not _RATES_OF.search(text, 0, ahead.start()):
        return []
    found = [(m.start(), m.end(), number(m.group())) for m in re.finditer(NUMBER, ahead["list"])]
    offset = ahead.start("list")
    shares = all(0 <= value <= 100 for _, _, value in found)
    return [(start + offset, end + offset, value) for start, end, value in found] if shares else []


# "Reduced the risk by 61%", "an 89% reduction in mortality": relative to something, and no share of patients.
_RELATIVE = r"(?:risk|hazard|odds|incidence|rate|likelihood|probability|mortality)"
_RELATIVE_BEFORE = re.compile(
    rf"\b(?:reduc|decreas|lower|increas|rais|improv|cut)\w*\b[^.;%]{{0,90}}\b{_RELATIVE}s?\b[^.;%]{{0,60}}\bby (?:an? )?(?:about |approximately |almost |nearly |[~∼≈])?$|"
    rf"\b{_RELATIVE}s?\b[^.;%]{{0,40}}\b(?:reduced|decreased|lowered|increased|raised) by (?:about |approximately |[~∼≈])?$",
    re.IGNORECASE,
)
_RELATIVE_BEHIND = re.compile(
    rf"^\s?(?:relative )?(?:reduction|reduced|decreased?|increased?|lower|higher|greater) (?:in|of)?\s?(?:the )?(?:\w+ ){{0,2}}{_RELATIVE}\b",
    re.IGNORECASE,
)


_BEHIND_NO_RESULT = re.compile(
    r"\s*-?\s*(?:CI|IC|confidence|credible|PI\b|prediction interval|limits? of agreement|isodose|of the (?:prescri|prescription))"
    r"|\s?(?:-|to)\s?\d"
    r"|\s?of (?:the |all )?(?:model |simulation )?(?:iterations|simulations|fractures|failures|leaks|leakages|deaths|recurrences|complications|events)\b"
    r"|\)?\s?of (?:the )?(?:included |eligible )?(?:studies|trials|articles|papers|reports|respondents|surgeons|physicians|statements)\b"
    r"|\s?of (?:the )?(?:planning|prescri\w+|clinical|gross) (?:target|tumou?r|dose)"
    r"|\s?(?:isodose|power|of the (?:total )?dose|increase in dose)",
    re.IGNORECASE,
)
_BEFORE_NO_RESULT = re.compile(
    r"\b(?:CI|confidence intervals?)\s?[:=]?\s?$"
    r"|\d\s?%?\s?(?:-|\bto)\s?$"
    r"|\b(?:I\s?2|I²|I-squared|heterogeneity)\s?(?:statistic)?\s?(?:was|of|=|:)?\s?$"
    r"|(?:[<>≤≥±]|\b(?:least|than|most|range|ranging|threshold|cut-?off|power|level|up to|exceed(?:ed|ing|s)?|beyond|over|under|above|below) (?:of |from )?)\s?$"
    r"|(?<![%)\d] )\b(?:of (?:which|these|those|whom|them)|most (?:often|common(?:ly)?|frequent(?:ly)?))\b(?:(?!,\s(?:and|but)\b)[^.;]){0,60}$"
    r"|\b(?:[Gg]roups?|[Cc]lasses|[Cc]ategories)\b[^.;%]{0,30}\b(?:included|comprised|contained|consisted of)\b[^.;]{0,40}$"
)


def _range_or_limit(text: str, match: re.Match[str]) -> bool:
    """A percentage that is a range's end, a limit, a confidence level or a dose rather than a result."""
    before, after = text[max(0, match.start() - 250) : match.start()], text[match.end() :]
    return bool(
        _BEHIND_NO_RESULT.match(after)
        or (match["value"].startswith("-") and re.search(r"[\d%]$", before))
        or _BEFORE_NO_RESULT.search(before)
        or _RELATIVE_BEFORE.search(before)
        or _RELATIVE_BEHIND.match(after)
    )
