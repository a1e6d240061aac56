"""Numbers in words and figures: "forty-two", "1,469", "1 469", "two hundred and six"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNITS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_WORD = "|".join(sorted([*_UNITS, *_TENS, "hundred", "thousand"], key=len, reverse=True))

WORDS_PATTERN = rf"(?:{_WORD})(?:(?:[- ]|\sand\s)(?:{_WORD}))*"
# "5.130 patients", "n = 37, 375 patients": a point or a blank among thousands of people, who come in no fractions.
_THOUSANDS_OF_PEOPLE = r"\d{1,3}\.\d{3}(?=\s(?:patients|participants|(?:[a-z]+\s)?(?:metastases|lesions|vertebrae))\b)|(?<=[=(]\s)\d{1,3},\s\d{3}(?=\s(?:patients|participants)\b)"
FIGURES_PATTERN = _THOUSANDS_OF_PEOPLE + r"|\d{1,3}(?:[,\u2009\u202f\u00a0]\d{3})+(?!\d)|\d+"
WHOLE_NUMBER = rf"(?:{FIGURES_PATTERN}|\b{WORDS_PATTERN}\b)"


_ANY_NUMBER = re.compile(rf"\d|\b(?:{_WORD})\b", re.IGNORECASE)


@lru_cache(maxsize=256)  # one sentence is asked about by each reader of counts
def names_number(text: str) -> bool:
    """Return whether a text writes any number: a cheap test before the long patterns of counts.

    Examples
    --------
    >>> names_number("Seven patients died."), names_number("Patients died.")
    (True, False)
    """
    return _ANY_NUMBER.search(text) is not None


_NUMBER_START = re.compile(rf"\d+|\b(?:{_WORD})\b", re.IGNORECASE)


def matches_at_numbers(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield what `finditer` would of a pattern that begins with a number, trying it only where one stands."""
    end = 0
    for start in _NUMBER_START.finditer(text):
        if start.start() >= end and (match := pattern.match(text, start.start())):
            end = match.end()
            yield match


def whole_number(text: str) -> int | None:
    """Return the whole number that `text` writes, or None if it writes none.

    Examples
    --------
    >>> whole_number("1,469"), whole_number("forty-two"), whole_number("two hundred and six"), whole_number("few")
    (1469, 42, 206, None)
    """
    digits = re.sub(r"[,.\s]", "", text)
    if digits.isdigit():
        return int(digits)
    total = current = 0
    words = [word for word in re.split(r"[-\s]+", text.lower().strip()) if word != "and"]
    if not words:
        return None
    for word in words:
        if word in _UNITS:
            current += _UNITS[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        else:
            return None
    return total + current
