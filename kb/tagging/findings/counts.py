"""Counts told without a percentage: "no cement leakage occurred", "five patients died", "two wound infections".

A count that stands beside its percentage ("4 (12%)") is read as the percentage. Only bad events are counted: how many
patients had pain or a fracture when they came is no result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.tagging.numbers.number_words import WHOLE_NUMBER, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.tagging.article import Named
    from kb.tagging.findings.scene import Scene

_NOBODY = re.compile(
    r"\b(?:no|none|neither|zero|not any)\b[^.;,]{0,60}$|\b(?:no|none of the) (?:patients?|cases?|lesions?)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:occurred|were (?:observed|seen|noted|reported|found|recorded|encountered|detected)|was (?:observed|seen|noted|reported|found|"
    r"recorded|encountered|detected)|developed|experienced|had|there (?:was|were)|reported|observed|noted|tolerated)\b",
    re.IGNORECASE,
)
_TESTED = re.compile(
    r"\bdiffer\w*|\bevidence\b|\bassociat\w+|\beffects?\b|\bimpact\b|\bcorrelat\w+|\bsignifican\w+|\bp\s?[<=>]|\d\s?%",
    re.IGNORECASE,
)
# "63 vertebrae had no fracture" counts those without, among others.
_SO_MANY_WITHOUT = re.compile(
    rf"{WHOLE_NUMBER}\s(?:[a-z-]+\s){{1,3}}(?:had|have|showed|with|developed|experienced)\s(?:no|neither|none)\b[^.;,]{{0,60}}$",
    re.IGNORECASE,
)
_WHO = r"(?:patients?|women|men|participants?|cases?|subjects?|individuals?|lesions?|levels?|vertebrae|segments?|procedures?)"
# "Five patients died", "one patient experienced grade 2 myelopathy", "11 of 58 operated patients died".
_HAD_IT = re.compile(
    rf"(?<![\w.%/±<>≤≥=-])(?P<count>{WHOLE_NUMBER})\s(?!percent|per\b|or\b)(?:(?:of|out of) (?:the )?(?P<of>\d+)\s)?(?:[a-z-]+\s){{0,2}}?{_WHO}\s"
    r"(?:\([^()%]*\)\s)?(?:(?:also|then|had|subsequently|later|each|only)\s)?"
    r"(?P<verb>died|deaths?|had|developed|experienced|suffered(?: from)?|sustained|required|needed|underwent|showed|with|demonstrated|presented with|complained of)\b",
    re.IGNORECASE,
)
# "Leakage was seen in 4 patients".
_SEEN_IN = re.compile(
    rf"^\W?(?:\([^()]*\)\s?)?\s?(?:(?:was|were|had|has been|have been)\s)?(?:also\s)?(?:observed|seen|noted|reported|found|recorded|encountered|detected|identified|occurred|developed|present|required|necessary|performed)"
    rf"\s(?:in|at|on|by)\s(?:only\s)?(?P<count>{WHOLE_NUMBER})(?:\s(?:of|out of)\s(?:the\s)?(?P<of>\d+))?\s(?:[a-z-]+\s){{0,2}}?{_WHO}\b",
    re.IGNORECASE,
)
# "4 deaths", "two superficial wound infections", "three cases of leakage".
_SO_MANY = re.compile(
    rf"(?<![\w.%/±<>≤≥=-])(?P<count>{WHOLE_NUMBER})\s(?:{_WHO}\sof\s)?(?:(?!percent|per\b|or\b|grade|level|stage|type|days?|weeks?|months?|years?|patients?)[a-z-]+\s){{0,2}}?$",
    re.IGNORECASE,
)
_NO_COUNT = re.compile(
    r"\b(?:(?<!total )of|of the|of all|among|years?|months?|weeks?|days?|grades?|levels?|stages?|types?|groups?|scores?|classes|class|version|than|least|most|within|over|under|to|phase|table|CTCAE)\s?$|[-±]\s?$",
    re.IGNORECASE,
)
_SHARE_BEHIND = re.compile(r"^[^.;]{0,60}?[\[(][^()\[\]]{0,25}?\d(?:\.\d+)?\s?%|^\s?%")
_BEFORE_TREATMENT = re.compile(
    r"\b(?:baseline|at presentation|presented|pre-?operative(?:ly)?|before|prior|previous(?:ly)?|history|at diagnosis|initially|"
    r"eligib\w+|exclu\w+|includ\w+|enrol\w+|indication\w*|treated for|because of|due to)\b",
    re.IGNORECASE,
)
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Count:
    """How many had an outcome: `place` is the number's offset in the sentence, `total` of how many, if printed."""

    outcome: Named
    number: int
    place: int
    total: int | None = None


def find_counts(scene: Scene) -> Iterator[Count]:
    """Yield bad events that nobody had, and those counted without a percentage, each number once."""
    text = scene.text
    happened = _HAPPENED.search(text) and not _TESTED.search(text)
    taken: set[int] = set()
    for named in scene.outcomes:
        bad = named.concept.polarity == "lower_is_better" and named.concept.domain != "pain"
        if not bad:
            continue
        if (
            happened
            and _NOBODY.search(text[: named.start])
            and not _SO_MANY_WITHOUT.search(text[: named.start])
        ):
            yield Count(named, 0, named.start)
        elif not named.negated and (count := _counted(text, named)) and count.place not in taken:
            taken.add(count.place)
            yield count


def _counted(text: str, named: Named) -> Count | None:
    """The number that counts one outcome's name, if it is plainly one of events after treatment."""
    if _BEFORE_TREATMENT.search(text[: named.start]):
        return None
    behind = _SEEN_IN.match(text[named.end :])
    if behind:
        return _count(text, named, behind, named.end)
    for match in _HAD_IT.finditer(text, max(0, named.start - 90), named.end):
        between = text[match.end() : named.start]
        if match["verb"].lower() in ("died", "death", "deaths"):
            if named.concept.domain == "survival" and match.end("verb") >= named.start:
                return _count(text, named, match, 0)
        elif match.end() <= named.start and not re.search(r"[,;.:(\d]|\band\b", between):
            return _count(text, named, match, 0)
    right_before = _SO_MANY.search(text, max(0, named.start - 60), named.start)
    if right_before and not _NO_COUNT.search(text[: right_before.start("count")]):
        return _count(text, named, right_before, 0)
    return None


def _count(text: str, named: Named, match: re.Match[str], offset: int) -> Count | None:
    number = whole_number(match["count"])
    end = match.end("count") + offset
    if number is None or number > _MOST or _SHARE_BEHIND.match(text[end:]):
        return None
    total = match.groupdict().get("of")
    return Count(named, number, match.start("count") + offset, int(total) if total else None)
