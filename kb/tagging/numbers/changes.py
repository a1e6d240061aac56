"""Changes from baseline: the value before treatment gives way to the one after it, and says which way things went."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.tagging.numbers.estimate import Change, Estimate

_PRE = (
    r"(?:pre-?operative(?:ly)?|pre-?treatment|pre-?procedur\w+|pre-?intervention\w*|pre-?SBRT|pre-?RT|at baseline|baseline|"
    r"initial(?:ly)?|(?:at|on) (?:admission|presentation|enrol\w+|study entry)|before (?:the )?(?:surgery|operation|treatment|procedure|radiotherapy|intervention|RT|SBRT))"
)
_POST = (
    r"(?:post-?operative(?:ly)?|post-?treatment|post-?procedur\w+|post-?intervention\w*|after|following|at (?:the )?(?:last|final|latest)|"
    r"at (?:\d+|one|two|three|six|twelve)[- ](?:day|week|month|year)s?|follow-?up|at discharge|on discharge)"
)
_PRE_AHEAD = re.compile(rf"\b{_PRE}\b[^;.%]{{0,40}}$", re.IGNORECASE)
_PRE_BEHIND = re.compile(rf"^\W{{0,3}}(?:\([^()]*\)\W?)?(?:points?\W)?{_PRE}\b", re.IGNORECASE)
_POST_WORD = re.compile(rf"\b{_POST}\b", re.IGNORECASE)
_BOTH_AHEAD = re.compile(
    rf"\b{_PRE}\b\W{{0,3}}(?:and|to|vs\.?|versus)\W{{0,3}}(?:\w+\W){{0,2}}?{_POST}\b[^;.]{{0,60}}$"
    r"|\bpre-?\s?(?:and|/|to|vs\.?)\s?post-?\w+[^;.]{0,60}$",
    re.IGNORECASE,
)
_BOTH_BEHIND = re.compile(
    rf"^[^;.\d]{{0,25}}\b(?:{_PRE}|before)\b,?\s(?:and|vs\.?|versus|to)\s(?:\S+\s){{0,3}}?{_POST}\b",
    re.IGNORECASE,
)
_WAYS: tuple[tuple[Change, re.Pattern[str]], ...] = (
    (
        "less",
        re.compile(
            r"\b(?:decreas\w+|reduc\w+|declin\w+|descend\w+|drop\w*|fall|fell|lower\w*)\b", re.IGNORECASE
        ),
    ),
    ("more", re.compile(r"\b(?:increas\w+|gain\w*|rise|rose|rais\w+)\b", re.IGNORECASE)),
    ("better", re.compile(r"\b(?:improv|reliev|alleviat|ameliorat|recover)\w+\b", re.IGNORECASE)),
    ("worse", re.compile(r"\b(?:worsen\w*|deteriorat\w+)\b", re.IGNORECASE)),
)


def way_of(words: str) -> Change | None:
    """Return which way the words say that something changed, None where they say nothing or two things.

    Examples
    --------
    >>> way_of("the mean decrease in pain was"), way_of("the mean score was")
    ('less', None)
    """
    found = [way for way, pattern in _WAYS if pattern.search(words)]
    return found[0] if len(found) == 1 else None


def with_baselines(text: str, estimates: Sequence[Estimate]) -> list[Estimate]:
    """Drop each value that stands for before treatment where the next one stands for after it, and keep it there.

    "A median of 8 before the procedure and 3.5 after it" leaves 3.5, changed from 8.
    """
    kept: list[Estimate] = []
    skipped = -1
    for place, estimate in enumerate(estimates):
        if place == skipped:
            continue
        after = estimates[place + 1] if place + 1 < len(estimates) else None
        if (
            after is not None
            and estimate.changed_from is None
            and _before_and_after(text, estimate, after, kept)
        ):
            kept.append(replace(after, changed_from=estimate.value))
            skipped = place + 1
        elif kept and skipped == place - 1 and _later_still(text, kept[-1], estimate):
            kept.append(replace(estimate, changed_from=kept[-1].changed_from))
            skipped = place
        else:
            kept.append(estimate)
    return kept


# "From 4.3 to 3.0 at 1 week and 2.4 at 3 months": a third value changed from the same start.
_AND_LATER = re.compile(
    r"^\s?(?:(?:±|\+/-)\s?[\d.]+\s?)?(?:\(?(?:at|after|within|by|on)\s[^;.()]{1,25}\)?)(?:,|,?\sand)\s(?:to\s)?$",
    re.IGNORECASE,
)


def _later_still(text: str, last: Estimate, estimate: Estimate) -> bool:
    alike = (last.measure, last.unit) == (estimate.measure, estimate.unit)
    return alike and bool(_AND_LATER.match(text[last.end : estimate.start]))


_SPREAD_AHEAD = re.compile(
    r"^\s?(?:(?:±|\+/-)\s?[\d.]+|\((?:SD|range|IQR)?[\s:,]{0,2}[\d.]+(?:\s?(?:-|to|,)\s?[\d.]+)?\))"
)
# "The rate was 85% before and 38% after surgery".
_BARE_BEFORE = re.compile(
    r"\)?\s(?:of (?:the )?(?:patients|cases) )?before,?\s(?:and|versus|vs\.?|to|but)\s(?:in |by |only )*$",
    re.IGNORECASE,
)
_AFTER_BEHIND = re.compile(r"\)?\s(?:of (?:the )?(?:patients|cases) )?(?:after|following)\b", re.IGNORECASE)
# "7.5 before surgery was significantly reduced to 2.3".
_BECAME = re.compile(
    rf"\W?(?:\s?points?)?(?:\s(?:{_PRE}))?,?\s(?:(?:was|were|had|has|have|been|which)\s){{0,2}}(?:\w+ly\s)?(?:reduced|decreased|improved|increased|lowered|declined|dropped|fell|rose|changed)"
    r"(?:\s\w+ly)?\sto\s(?:an? (?:mean|median|average) (?:of|score of) )?",
    re.IGNORECASE,
)


def _before_and_after(text: str, one: Estimate, two: Estimate, earlier: Sequence[Estimate]) -> bool:
    if (one.measure, one.unit) != (two.measure, two.unit) or one.measure not in ("mean", "median", "percent"):
        return False
    between = text[one.end : two.start]
    if ";" in between or len(between) > 90:
        return False
    start = max(one.start - 90, earlier[-1].end if earlier else 0, 0)
    if earlier and (
        own := _PRE_BEHIND.match(_SPREAD_AHEAD.sub("", text[earlier[-1].end : one.start], count=1))
    ):
        start = earlier[-1].end + own.end()  # "7.5 before, 3.4 at one month"
    ahead = text[start : one.start]
    if _BOTH_AHEAD.search(ahead):
        return True
    behind = re.sub(r"^\s?(?:±|\+/-)\s?[\d.]+", "", text[two.end : two.end + 80]).partition(";")[0]
    if _BOTH_BEHIND.match(behind):
        return True
    behind = behind[:45]
    if one.measure == "percent" and _BARE_BEFORE.match(between) and _AFTER_BEHIND.match(text, two.end):
        return True
    if _BECAME.fullmatch(_SPREAD_AHEAD.sub("", between, count=1)):
        return True
    if _PRE_BEHIND.match(_SPREAD_AHEAD.sub("", text[one.end :], count=1)):
        return bool(_POST_WORD.search(between) or _POST_WORD.search(behind))
    return bool(_PRE_AHEAD.search(ahead) and not _POST_WORD.search(ahead) and _POST_WORD.search(between))
