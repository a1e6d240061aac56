"""Dates as PubMed prints them: parts, ranges ("2019 Nov-Dec"), seasons ("2000 Spring") and numbers."""

from __future__ import annotations

import re
from datetime import date

from harvest.record import PublicationDate

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH_WORDS = {
    **{name: number for number, name in enumerate(_MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(_MONTHS, 1)},
    **{"sept": 9, "winter": 1, "spring": 3, "summer": 6, "autumn": 9, "fall": 9},
}
_QUARTER_STARTS = {"1": 1, "first": 1, "2": 4, "second": 4, "3": 7, "third": 7, "4": 10, "fourth": 10}
_QUARTER = re.compile(r"\b([1-4]|first|second|third|fourth)(?:st|nd|rd|d|th)? quart", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_DAY = re.compile(r"\W{0,2}(\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"\s*(\d{4})[-/ ]?(\d{1,2})[-/ ]?(\d{1,2})(?!\d)")
_YEAR_AND_NUMBERS = re.compile(r"\s*\d{4}[-/](\d{1,2})(?:[-/](\d{1,2}))?(?!\d)")


def publication_date(text: str) -> PublicationDate:
    """Read a printed date: "2019 Nov-Dec", "1998 Dec-1999 Jan", "Winter 2003", "2003 Jul 22-28", "2021".

    A range counts from its start; a season or quarter from its first month (Winter is 1). Without a year
    only the text is kept.
    """
    year = _YEAR.search(text)
    if year is None:
        return PublicationDate(text=text or None)
    month, day = _month_and_day(text)
    return _checked(int(year[1]), month, day, text)


def publication_date_from_parts(
    year: str | None, month: str | None = None, day: str | None = None, season: str | None = None
) -> PublicationDate:
    """Build a date of printed parts; `month` is a name or a number. `text` reads as PubMed cites."""
    if not year or not _YEAR.fullmatch(year):
        text = " ".join(part for part in (year, season or month, day) if part)
        return publication_date(text)
    when = month_number(month or season or "")
    printed = season or month
    if month and when:
        printed = month if "-" in month else _MONTHS[when - 1][:3].title()
    number = int(day) if day and day.isdecimal() else None
    text = " ".join(part for part in (year, printed, str(number) if number else None) if part)
    return _checked(int(year), when, number, text)


def month_number(text: str) -> int | None:
    """Return the month (1-12) that a name, an abbreviation, a season or a number stands for, if any."""
    text = text.strip()
    if text.isdecimal():
        return int(text) if 1 <= int(text) <= 12 else None
    return _month_and_day(text)[0]


def iso_date(year: str | None, month: str | None, day: str | None) -> str | None:
    """Return YYYY-MM-DD of three parts, None where they make no day of the calendar."""
    number = month_number(month or "")
    if not (year and day and number and year.isdecimal() and day.isdecimal()):
        return None
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return None


def iso_date_from_text(text: str) -> str | None:
    """Return YYYY-MM-DD of "2019/08/28 06:00", "20190828" or "2019-08-28", else None."""
    found = _NUMBERS.match(text)
    return iso_date(found[1], found[2], found[3]) if found else None


def _month_and_day(text: str) -> tuple[int | None, int | None]:
    if quarter := _QUARTER.search(text):
        return _QUARTER_STARTS[quarter[1].lower()], None
    for word in _WORD.finditer(text):
        if month := _MONTH_WORDS.get(word[0].lower()):
            day = _DAY.match(text, word.end())
            return month, int(day[1]) if day else None
    if numbers := _YEAR_AND_NUMBERS.match(text):
        month = int(numbers[1])
        return (month, int(numbers[2]) if numbers[2] else None) if 1 <= month <= 12 else (None, None)
    return None, None


def _checked(year: int, month: int | None, day: int | None, text: str) -> PublicationDate:
    """Leave out a day that the month does not have, or that stands alone."""
    try:
        date(year, month or 0, day or 0)
    except ValueError:
        day = None
    return PublicationDate(year, month, day, text)
