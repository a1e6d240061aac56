"""Metric intervals: the confidence intervals of a sentence about tools, and which of them belongs to a figure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.tagging.numbers.printed_numbers import number

_NUM = r"[-+]?\s?(?:\d+(?:\.\d+)?|\.\d+)"
_LEVEL = r"(?:9[059]\s?(?:%|percent)?\s?-?\s?)?(?:confidence (?:interval|limit)s?|credible intervals?|\bC\.?\s?I\.?\b\.?|\bCrI\b|\bIC\b)"
_BOUNDS = rf"(?P<low>{_NUM})\s?%?\s?(?:-|to|,|;|and|/)\s?(?P<high>{_NUM})\s?%?"
# "(95% CI 0.68-0.80)", "[95% confidence interval [CI], 0.67 to 0.78]", "(C.I.: 72.5%-91.2%)".
INTERVAL = re.compile(
    rf"{_LEVEL}(?:\s?[\[(]\s?C\.?I\.?\s?[\])])?\s?[\])]?\s?[:=,]?\s?(?:of |was |is |from )?[\[(]?\s?{_BOUNDS}",
    re.IGNORECASE,
)
_BARE_INTERVAL = re.compile(rf"\s?[\[(]\s?{_BOUNDS}\s?(?:[\]);]|,\s?[pP]\s?[<=])")
# Between a value and its interval.
_TO_INTERVAL = re.compile(
    r"\s?%?\s?(?:±\s?\d*\.\d+\s?)?[\[(,;]?\s?[\[(]?\s?(?:with (?:a |an )?)?"
    r"|\s?%?\s(?:in|on|at|for)\s[^.;,()\[\]]{1,50}\s?[\[(]\s?"
)
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class Interval:
    """A printed interval: `start`, `end` are its offsets in the sentence."""

    start: int
    end: int
    low: float
    high: float


def find_intervals(text: str) -> list[Interval]:
    """Return the intervals of a sentence (already `plain`), those without a word for it right behind a value."""
    found = [
        Interval(match.start(), match.end(), _signed(match["low"]), _signed(match["high"]))
        for match in INTERVAL.finditer(text)
    ]
    for match in re.finditer(r"\d\s?%?(?=\s?[\[(])", text):
        bare = _BARE_INTERVAL.match(text, match.end())
        inside = bare and any(one.start <= bare.start("low") < one.end for one in found)
        if bare and not inside and _signed(bare["low"]) < _signed(bare["high"]):
            found.append(
                Interval(bare.start(), bare.end("high"), _signed(bare["low"]), _signed(bare["high"]))
            )
    return sorted(found, key=lambda one: one.start)


def _signed(text: str) -> float:
    return number(re.sub(r"\s", "", text))


def stands_behind(text: str, end: int, interval: Interval) -> bool:
    """Whether an interval is that of the value that ends at `end`."""
    return interval.start >= end and _TO_INTERVAL.fullmatch(text[end : interval.start]) is not None


def stands_between(text: str, name_end: int, start: int, interval: Interval) -> bool:
    """Whether an interval stands between a metric's name and its value: "AUC (95% CI 0.6-0.8) was 0.7"."""
    inside = name_end <= interval.start and interval.end <= start
    return (
        inside
        and not re.search(r"\d", text[interval.end : start])
        and re.fullmatch(r"\s?[\[(]?\s?", text[name_end : interval.start]) is not None
    )


def without_asides(text: str) -> str:
    """Return `text` without what stands in parentheses or brackets, one inside the other included.

    >>> without_asides("AUC [95% confidence interval (CI)] of A").split()
    ['AUC', 'of', 'A']
    """
    while (shorter := _ASIDE.sub(" ", text)) != text:
        text = shorter
    return text
