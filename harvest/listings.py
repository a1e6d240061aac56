"""Listing all papers of a search, however many: parts that fit, held against the count that was promised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harvest.answers import Found, History
from harvest.date_slices import LISTED_AT_MOST, Reconciliation, Slice, Window, cut
from harvest.errors import CountsDisagree
from harvest.eutilities import Eutilities

# PubMed grows while we list it: a listing that does not add up is made again so many times.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a search, its papers, and where the server keeps the list."""

    slice: Slice
    pmids: tuple[str, ...]
    history: History | None


@dataclass(frozen=True, slots=True)
class Listing:
    """All papers of a search: as many as `promised`, each in one part."""

    query: str
    promised: int
    parts: tuple[Part, ...]
    translation: str
    warnings: tuple[str, ...]

    @property
    def pmids(self) -> tuple[str, ...]:
        """The papers of all parts in order."""
        return tuple(pmid for part in self.parts for pmid in part.pmids)


def list_all(
    client: Eutilities,
    query: str,
    window: Window | None = None,
    *,
    at_most: int = LISTED_AT_MOST,
    told: Callable[[int], object] = lambda listed: None,
) -> Listing:
    """List every paper of a search; `told` hears how many were listed by each step.

    Raises
    ------
    ServerTrouble
        No usable answer after the last try.
    CountsDisagree
        However often we list, parts and promised count do not agree.
    """
    whole, listed = client.search(query, window, listed=at_most), -1
    for attempt in range(_TRIES):
        if attempt:
            whole = client.search(query, window, listed=at_most)
        parts = []
        for part in _parts(client, query, Slice(window), whole, at_most):
            parts.append(part)
            told(len(part.pmids))
        listed = len({pmid for part in parts for pmid in part.pmids})
        # An empty answer is believed when all tries agree: a search that failed unseen looks like one.
        if Reconciliation(whole.count, listed).holds and (listed or attempt == _TRIES - 1):
            return Listing(query, whole.count, tuple(parts), whole.translation, whole.warnings)
        told(-sum(len(part.pmids) for part in parts))
    raise CountsDisagree(query, whole.count, listed)


def _parts(client: Eutilities, query: str, of: Slice, found: Found, at_most: int) -> Iterator[Part]:
    """Yield the parts of a slice for which `found` was the answer."""
    if found.count <= at_most:
        if found.pmids:
            yield Part(of, found.pmids, found.history)
        return
    if of.halves() is None:
        raise CountsDisagree(of.term(query), found.count, 1)

    def count_of(part: Slice) -> int:
        return client.search(part.term(query), part.window, listed=0).count

    for part, _expected in cut(of, found.count, count_of, at_most):
        answer = client.search(part.term(query), part.window, listed=at_most)
        yield from _parts(client, query, part, answer, at_most)
