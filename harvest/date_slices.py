"""Cutting a search into parts that PubMed lists whole; pure.

PubMed lists at most 9,999 papers of a search. A search with more is halved by date until each part fits; a
single day with more is halved by PMID. Parts never overlap and leave no gap, so their counts add up to the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

LISTED_AT_MOST = 9_999
# PubMed's own bounds for "any time".
FIRST_DAY = date(1000, 1, 1)
LAST_DAY = date(3000, 12, 31)
LAST_PMID = 999_999_999
DateKind = Literal["edat", "mdat", "crdt"]


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `first` to `last`, both included, of the date that `kind` names (edat entry, mdat modification)."""

    first: date = FIRST_DAY
    last: date = LAST_DAY
    kind: DateKind = "edat"

    def parameters(self) -> dict[str, str]:
        """Return what esearch calls it."""
        return {
            "datetype": self.kind,
            "mindate": f"{self.first:%Y/%m/%d}",
            "maxdate": f"{self.last:%Y/%m/%d}",
        }


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a search: a window of days, and of one day a range of PMIDs. No window: the whole search."""

    window: Window | None = None
    first_pmid: int = 1
    last_pmid: int = LAST_PMID

    def term(self, query: str) -> str:
        """Return the query for this part; the window goes beside it.

        Examples
        --------
        >>> Slice(Window(), 1, 500).term("spine[ti]")
        '(spine[ti]) AND 1:500[UID]'
        """
        if (self.first_pmid, self.last_pmid) == (1, LAST_PMID):
            return query
        return f"({query}) AND {self.first_pmid}:{self.last_pmid}[UID]"

    def halves(self) -> tuple[Slice, Slice] | None:
        """Return two parts that together are this one, or None where it is a single PMID of a single day."""
        window = self.window or Window()
        days = (window.last - window.first).days
        if days:
            middle = window.first + timedelta(days // 2)
            return (
                replace(self, window=replace(window, last=middle)),
                replace(self, window=replace(window, first=middle + timedelta(1))),
            )
        if self.first_pmid == self.last_pmid:
            return None
        middle_pmid = (self.first_pmid + self.last_pmid) // 2
        return (
            replace(self, window=window, last_pmid=middle_pmid),
            replace(self, window=window, first_pmid=middle_pmid + 1),
        )

    def __str__(self) -> str:
        if self.window is None:
            return "the whole search"
        days = f"{self.window.kind} {self.window.first} to {self.window.last}"
        if (self.first_pmid, self.last_pmid) == (1, LAST_PMID):
            return days
        return f"{days}, PMID {self.first_pmid} to {self.last_pmid}"


def cut(
    whole: Slice, count: int, count_of: Callable[[Slice], int], at_most: int = LISTED_AT_MOST
) -> Iterator[tuple[Slice, int]]:
    """Yield the parts of `whole`, which holds `count`, that hold at most so many each, with the count expected.

    Only first halves are counted by asking; what is left is in the second. Parts that hold nothing are left out.
    """
    if count == 0:
        return
    halves = whole.halves() if count > at_most else None
    if halves is None:
        yield whole, count
        return
    first, second = halves
    in_first = min(count_of(first), count)
    yield from cut(first, in_first, count_of, at_most)
    yield from cut(second, count - in_first, count_of, at_most)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Promised against kept: what a search counted, and the different PMIDs that its parts listed."""

    promised: int
    listed: int

    @property
    def holds(self) -> bool:
        """Whether all that was promised is listed."""
        return self.promised == self.listed
