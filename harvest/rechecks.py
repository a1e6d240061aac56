"""Asking PubMed again about papers that are held: is each still there, and is it retracted?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

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
    for start in range(0, len(pmids), at_once):
        asked = pmids[start : start + at_once]
        listed = " OR ".join(f"{pmid}[uid]" for pmid in asked)
        good = set(client.search(f"({listed}) NOT {_RETRACTED}", listed=len(asked)).pmids)
        suspects += (pmid for pmid in asked if not held[pmid] and pmid not in good)
        reinstated += (pmid for pmid in asked if held[pmid] and pmid in good)
        told(len(asked))
    return Recheck(tuple(suspects), tuple(reinstated))
