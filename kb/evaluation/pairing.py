"""Pairing: which predicted row answers which labelled one, each at most once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

Found = TypeVar("Found")
Wanted = TypeVar("Wanted")


@dataclass(frozen=True, slots=True)
class Pairing(Generic[Found, Wanted]):
    """Pairs, and what stayed alone on either side."""

    pairs: tuple[tuple[Found, Wanted], ...]
    spurious: tuple[Found, ...]
    missed: tuple[Wanted, ...]


def pair_rows(
    found: Sequence[Found],
    wanted: Sequence[Wanted],
    found_key: Callable[[Found], Hashable],
    wanted_key: Callable[[Wanted], Hashable],
    likeness: Callable[[Found, Wanted], float],
) -> Pairing[Found, Wanted]:
    """Pair rows of equal keys one to one; where several share a key, the most alike go together first."""
    by_key: dict[Hashable, list[int]] = defaultdict(list)
    for index, want in enumerate(wanted):
        by_key[wanted_key(want)].append(index)
    candidates = sorted(
        (-likeness(row, wanted[label]), label, index)
        for index, row in enumerate(found)
        for label in by_key.get(found_key(row), ())
    )
    taken_found: set[int] = set()
    taken_wanted: dict[int, int] = {}
    for _, label, index in candidates:
        if index not in taken_found and label not in taken_wanted:
            taken_found.add(index)
            taken_wanted[label] = index
    return Pairing(
        tuple((found[taken_wanted[label]], wanted[label]) for label in sorted(taken_wanted)),
        tuple(row for index, row in enumerate(found) if index not in taken_found),
        tuple(want for label, want in enumerate(wanted) if label not in taken_wanted),
    )
