"""Sums of groups that are counted one by one, whatever the groups are called: "(n = 45), (n = 23) and (n = 53)"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.numbers.number_words import WHOLE_NUMBER, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

_PEOPLE = r"(?:patients?|participants?|subjects?|cases|women|men|individuals)"
_COMPARED = re.compile(
    r"\b(?:groups?|arms?|compar\w+|versus|vs|matched|assigned|randomi\w+|allocated|either|receiving|received)\b",
    re.IGNORECASE,
)
_EQUALS = re.compile(rf"\(\s*[Nn](?:o\.?)?\s*=\s*(?P<number>{WHOLE_NUMBER})(?:\s+patients)?\s*\)")
_IN_EACH = re.compile(
    rf"(?<![\w.,%$=-])(?P<number>{WHOLE_NUMBER})\s(?:\w+\s){{0,3}}?{_PEOPLE}\s(?:were\s)?(?:\w+\s)?(?:in|to|per)\seach\s(?:of\sthe\stwo\s)?(?:group|arm|treatment)",
    re.IGNORECASE,
)
_MORE_THAN_TWO = re.compile(r"\b(?:three|four|five|[345])\s(?:\w+\s)?(?:groups|arms)\b", re.IGNORECASE)
_MATCHED_TO = re.compile(
    rf"(?<![\w.,%$=-])(?P<one>{WHOLE_NUMBER})\s(?:\w+\s){{0,3}}?{_PEOPLE}\b[^.;]{{0,60}}\bmatched (?:to|with) (?P<other>{WHOLE_NUMBER})\s(?:[\w-]+\s){{0,2}}?{_PEOPLE}",
    re.IGNORECASE,
)
# "matching yielded 40 pairs"
PAIRS = re.compile(
    rf"(?<![\w.,%$=-])(?P<number>{WHOLE_NUMBER})\s(?:well-|propensity[- ](?:score[- ])?)?(?:matched\s)?(?:patient[- ])?pairs\b(?!\sof\s(?:screws|rods|observers|raters|readers))",
    re.IGNORECASE,
)
_HAD = r"(?:underwent|received|had|were\streated\s(?:with|by))"
# "31 patients underwent percutaneous fixation and 44 patients open surgery"
_TREATED_TWO_WAYS = re.compile(
    rf"^(?:[A-Z][\w\s,-]{{0,60}},\s)?(?P<one>{WHOLE_NUMBER})\s(?:\w+\s)?{_PEOPLE}\s{_HAD}\s[^.;,\d]{{3,60}}?(?:,\s)?(?:and|while|whereas)\s(?P<other>{WHOLE_NUMBER})\s(?:{_PEOPLE}\s)?{_HAD}\s(?!both\b|additional|also\b|adjuvant|post-?operative)[^.;,\d]{{3,60}}\.?$",
    re.IGNORECASE,
)
# "the cohort included 39 patients with cemented screws and 41 patients with standard screws"
_INCLUDED_BOTH = re.compile(
    rf"\b(?:included|comprised|enrolled|reviewed|compar(?:ed|ing)|studied|analy[sz]ed|consisted of|recruited)\s(?P<one>{WHOLE_NUMBER})\s(?:\w+\s)?{_PEOPLE}\s(?P<how>with|after|who|treated|undergoing|receiving)\s(?P<first>[^.;,\d]{{3,60}}?)\s(?:and|with|to)\s(?P<other>{WHOLE_NUMBER})\s(?:\w+\s)?{_PEOPLE}\s(?P=how)\b",
    re.IGNORECASE,
)
# "29 patients with tumours and 31 patients with injuries who met the criteria", a section of its own
_BOTH_ALONE = re.compile(
    rf"^(?P<one>{WHOLE_NUMBER})\s(?:\w+\s)?{_PEOPLE}\s(?P<how>with|after|who|treated|undergoing|receiving)\s(?P<first>[^.;,\d]{{3,60}}?)\s(?:and|versus)\s(?P<other>{WHOLE_NUMBER})\s(?:\w+\s)?{_PEOPLE}\s(?P=how)\b"
    r"(?:[^.;,\d]{0,70}\b(?:met|fulfilled|were\s(?:\w+\s)?(?:included|enrolled|studied|analy[sz]ed|reviewed|compared|recruited|evaluated))\b|(?!.*\b(?:were|was|had|died|developed|received|underwent|experienced|showed|did|excluded)\b)[^.;,\d]{3,60}\.?$)",
    re.IGNORECASE,
)
# "54 men and 46 women with spinal metastases underwent surgery", told without their sum
_BOTH_SEXES = re.compile(
    rf"(?<![\w.,%$=(-])(?P<one>{WHOLE_NUMBER})\s(?:men|males|male patients|women|females|female patients)\sand\s(?P<other>{WHOLE_NUMBER})\s(?:men|males|male patients|women|females|female patients)\b"
    r"(?=[^.;()]{0,60}\b(?:with\s(?:\w+\s){0,2}(?:metasta\w+|spin\w+|cancer)|underwent|received|aged|(?:mean|median|average)\sage|were\s(?:\w+\s)?(?:treated|included|enrolled|studied|operated|reviewed|analy[sz]ed|evaluated))\b)",
    re.IGNORECASE,
)
# "32 patients were allocated to A and 33 to B"
_ALLOTTED = re.compile(
    rf"(?<![\w.,%$=-])(?P<one>{WHOLE_NUMBER})\s(?:\w+\s)?{_PEOPLE}\s(?:were\s)?(?:\w+ly\s)?(?:allocated|assigned|randomi[sz]ed)\sto\s[^.;,\d]{{3,70}}?(?:,\s)?(?:and|while|whereas)\s(?P<other>{WHOLE_NUMBER})\s(?:{_PEOPLE}\s)?(?:were\s\w+\s)?to\s",
    re.IGNORECASE,
)
_SECOND = re.compile(
    r"\s(?P<second>[A-Za-z][^.;,()\d]{2,60}?)(?=\s(?:who|that|were|was|met|fulfilled|between|from|in)\b|[.;,()]|$)"
)
_FEWEST, _MOST = 2, 4


def both_groups(text: str) -> Iterator[tuple[int, str, int, str, int, int]]:
    """Yield (patients, name, patients, name, start, end) of two groups told side by side, whatever sets them apart."""
    if "atients" not in text and "ases" not in text:
        return
    for pattern in (_INCLUDED_BOTH, _BOTH_ALONE):
        for match in pattern.finditer(text):
            second = _SECOND.match(
                text,
                match.end()
                if pattern is _INCLUDED_BOTH
                else text.index(match["how"], match.end("other")) + len(match["how"]),
            )
            one, other = whole_number(match["one"]), whole_number(match["other"])
            if second and one and other:
                yield one, match["first"], other, second["second"], match.start("one"), second.end()


def sums_of_groups(text: str) -> Iterator[tuple[int, int, int, float]]:
    """Yield (sum, start, end, points) of the groups that a sentence counts; the points say how sure the sum is."""
    if "each" in text and not _MORE_THAN_TWO.search(text):
        for match in _IN_EACH.finditer(text):
            yield 2 * (whole_number(match["number"]) or 0), match.start(), match.end(), 3.5
    for match in _MATCHED_TO.finditer(text) if "matched" in text else ():
        total = (whole_number(match["one"]) or 0) + (whole_number(match["other"]) or 0)
        yield total, match.start(), match.end(), 8.5
    for match in PAIRS.finditer(text) if "pairs" in text and "match" in text else ():
        yield 2 * (whole_number(match["number"]) or 0), match.start(), match.end(), 8.5
    for pattern, points in (
        (_TREATED_TWO_WAYS, 5.0),
        (_INCLUDED_BOTH, 8.5),
        (_BOTH_ALONE, 7.0),
        (_ALLOTTED, 8.0),
    ):
        if pattern is _ALLOTTED and not any(word in text for word in ("allocated", "assigned", "randomi")):
            continue
        for match in pattern.finditer(text) if "atients" in text or "ases" in text else ():
            total = (whole_number(match["one"]) or 0) + (whole_number(match["other"]) or 0)
            yield total, match.start("one"), match.end(), points
    for match in (
        _BOTH_SEXES.finditer(text)
        if "men and " in text or "males and " in text or "male patients and" in text
        else ()
    ):
        total = (whole_number(match["one"]) or 0) + (whole_number(match["other"]) or 0)
        yield total, match.start("one"), match.end(), 5.5
    groups = list(_EQUALS.finditer(text))
    if _FEWEST <= len(groups) <= _MOST and _COMPARED.search(text):
        total = sum(whole_number(group["number"]) or 0 for group in groups)
        yield total, groups[0].start(), groups[-1].end(), 3.6
