"""A search is cut into parts that PubMed lists whole: none too large, no gap, no overlap."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from harvest.date_slices import LAST_PMID, LISTED_AT_MOST, Slice, Window, cut

Papers = list[tuple[date, int]]
DAYS = st.dates(date(1809, 1, 1), date(2031, 12, 31))


def holds(part: Slice, day: date, pmid: int) -> bool:
    window = part.window or Window()
    return window.first <= day <= window.last and part.first_pmid <= pmid <= part.last_pmid


def counter(papers: Papers):
    return lambda part: sum(holds(part, *paper) for paper in papers)


@given(st.lists(st.tuples(DAYS, st.integers(1, 40_000_000)), max_size=60), st.integers(1, 12))
@example([(date(2020, 1, 1), pmid) for pmid in range(1, 40)], 3)  # one day with more than fit
def test_every_paper_is_in_exactly_one_part_and_no_part_is_too_large(papers: Papers, at_most: int) -> None:
    papers = list({pmid: (day, pmid) for day, pmid in papers}.values())
    parts = list(cut(Slice(), len(papers), counter(papers), at_most))
    seen = Counter(pmid for part, _ in parts for day, pmid in papers if holds(part, day, pmid))
    assert seen == Counter(pmid for _, pmid in papers)
    assert all(expected == counter(papers)(part) for part, expected in parts)
    assert all(0 < expected <= at_most for _, expected in parts)


@given(DAYS, st.integers(0, 400))
def test_halves_meet_without_gap_or_overlap(first: date, days: int) -> None:
    whole = Slice(Window(first, first + timedelta(days), "mdat"))
    one, two = whole.halves()
    if days:
        assert (one.window.first, two.window.last) == (whole.window.first, whole.window.last)
        assert two.window.first - one.window.last == timedelta(1)
        assert one.window.kind == two.window.kind == "mdat"
    else:
        assert (one.first_pmid, two.last_pmid, two.first_pmid - one.last_pmid) == (1, LAST_PMID, 1)
        assert one.window == two.window == whole.window


def test_a_search_that_fits_is_not_cut() -> None:
    def never(_part: Slice) -> int:
        raise AssertionError("no need to count")

    assert list(cut(Slice(), LISTED_AT_MOST, never)) == [(Slice(), LISTED_AT_MOST)]
    assert list(cut(Slice(), 0, never)) == []


def test_a_single_paper_is_not_cut_further() -> None:
    assert Slice(Window(date(2020, 1, 1), date(2020, 1, 1)), 7, 7).halves() is None


def test_what_esearch_is_asked() -> None:
    window = Window(date(2020, 1, 2), date(2020, 1, 2))
    assert window.parameters() == {"datetype": "edat", "mindate": "2020/01/02", "maxdate": "2020/01/02"}
    assert Slice(window).term("a OR b") == "a OR b"
    assert Slice(window, 1, 500).term("a OR b") == "(a OR b) AND 1:500[UID]"
