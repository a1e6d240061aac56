"""Dates as printed."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.dates import (
    iso_date,
    iso_date_from_text,
    month_number,
    publication_date,
    publication_date_from_parts,
)
from harvest.record import PublicationDate


@pytest.mark.parametrize(
    ("printed", "year", "month", "day"),
    [
        ("2019 Nov-Dec", 2019, 11, None),
        ("1998 Dec-1999 Jan", 1998, 12, None),
        ("2000 Spring", 2000, 3, None),
        ("Winter 2003", 2003, 1, None),
        ("1994 Fall", 1994, 9, None),
        ("2000 Summer-Autumn", 2000, 6, None),
        ("1976-1977 Winter", 1976, 1, None),
        ("1978-1979", 1978, None, None),
        ("2003 Jul 22-28", 2003, 7, 22),
        ("1994 Nov 30-Dec 6", 1994, 11, 30),
        ("2021 June 5", 2021, 6, 5),
        ("1983 3d Quart", 1983, 7, None),
        ("1999 Fourth Quarter", 1999, 10, None),
        ("2015", 2015, None, None),
        ("2015 Sept", 2015, 9, None),
        ("2015/11/03", 2015, 11, 3),
        ("Dec 1990", 1990, 12, None),
        ("2020 Decade of Maybes", 2020, None, None),
        ("2001 Feb 31", 2001, 2, None),
    ],
)
def test_a_printed_date_is_read_from_its_start(printed: str, year: int, month: int, day: int) -> None:
    assert publication_date(printed) == PublicationDate(year, month, day, printed)


def test_without_a_year_only_the_text_is_kept() -> None:
    assert publication_date("in press") == PublicationDate(text="in press")
    assert publication_date("") == PublicationDate()


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("2019", "Aug", "05"), PublicationDate(2019, 8, 5, "2019 Aug 5")),
        (("2019", "08", None), PublicationDate(2019, 8, None, "2019 Aug")),
        (("2019", None, None), PublicationDate(2019, None, None, "2019")),
        (("1990", None, None, "Spring"), PublicationDate(1990, 3, None, "1990 Spring")),
        (("2019", "Jan-Feb", None), PublicationDate(2019, 1, None, "2019 Jan-Feb")),
        (("2019", "Feb", "30"), PublicationDate(2019, 2, None, "2019 Feb 30")),
        ((None, None, None), PublicationDate()),
        (("2019-2020", None, None), PublicationDate(2019, None, None, "2019-2020")),
    ],
)
def test_parts_make_a_date_as_pubmed_cites_it(parts: tuple[str, ...], expected: PublicationDate) -> None:
    assert publication_date_from_parts(*parts) == expected


@pytest.mark.parametrize(
    ("text", "number"), [("Nov", 11), ("11", 11), ("May", 5), ("13", None), ("Mayday", None)]
)
def test_month_number(text: str, number: int | None) -> None:
    assert month_number(text) == number


@given(st.dates(min_value=datetime.date(1800, 1, 1), max_value=datetime.date(2099, 12, 31)))
def test_every_day_of_the_calendar_comes_back_from_all_spellings(day: datetime.date) -> None:
    iso = day.isoformat()
    assert iso_date(str(day.year), f"{day.month:02}", str(day.day)) == iso
    assert iso_date(str(day.year), day.strftime("%b"), f"{day.day:02}") == iso
    assert iso_date_from_text(day.strftime("%Y%m%d")) == iso
    assert iso_date_from_text(day.strftime("%Y/%m/%d 06:00")) == iso
    printed = publication_date(f"{day.year} {day.strftime('%b')} {day.day}")
    assert (printed.year, printed.month, printed.day) == (day.year, day.month, day.day)


@given(st.text())
def test_no_text_breaks_the_reader_and_none_is_lost(text: str) -> None:
    assert (publication_date(text).text or "") == text
    iso_date_from_text(text)


@pytest.mark.parametrize(
    "parts", [("2021", "2", "30"), ("2021", "2", None), (None, "2", "3"), ("2021", "x", "3")]
)
def test_what_is_no_day_is_no_iso_date(parts: tuple[str, ...]) -> None:
    assert iso_date(*parts) is None
