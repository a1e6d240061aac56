"""Asking PubMed again about papers that are held: is each still there, and is it retracted?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from harvest.date_slices import LAST_DAY, Window
from harvest.eutilities import Eutilities

_ASKED_AT_ONCE = 300
_RETRACTED = '"Retracted Publication"[pt]'


@dataclass(frozen=True, slots=True)
class Recheck:
    """What the base and PubMed see differently.

    `suspects` count as good here, but PubMed no longer lists them among its papers that are not retracted: they
    are retracted or withdrawn. `reinstated` are marked retracted here and not there.
    """

    suspects: tuple[str, ...] = ()
    reinstated: tuple[str, ...] = ()


def recheck(
    client: Eutilities,
    held: Mapping[str, bool],
    *,
    told: Callable[[int], object] = lambda checked: None,
    at_once: int = _ASKED_AT_ONCE,
) -> Recheck:
    """Compare `held` papers, each with whether it is marked retracted, with PubMed. Errors as `Eutilities.search`.

    The question is for the papers that are *not* retracted: where an answer comes back empty by mistake, too many
    papers are fetched again, and no retraction is missed.
    """
    suspects: list[str] = []
    reinstated: list[str] = []
    pmids = list(held)
    for asked in _parts(pmids, at_once):
        good = set(client.search(f"({_any_of(asked)}) NOT {_RETRACTED}", listed=len(asked)).pmids)
        suspects += (pmid for pmid in asked if not held[pmid] and pmid not in good)
        reinstated += (pmid for pmid in asked if held[pmid] and pmid in good)
        told(len(asked))
    return Recheck(tuple(suspects), tuple(reinstated))


def changed_since(
    client: Eutilities, pmids: Sequence[str], since: date, *, at_once: int = _ASKED_AT_ONCE
) -> tuple[str, ...]:
    """Return which of `pmids` PubMed changed since a day. Errors as `Eutilities.search`."""
    window = Window(since, LAST_DAY, "mdat")
    return tuple(
        pmid
        for asked in _parts(pmids, at_once)
        for pmid in client.search(_any_of(asked), window, listed=len(asked)).pmids
    )


def _parts(pmids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (pmids[start : start + size] for start in range(0, len(pmids), size))


def _any_of(pmids: Sequence[str]) -> str:
    return " OR ".join(f"{pmid}[uid]" for pmid in pmids)
