"""Arms named in short: "surgery" in a trial of surgery plus radiotherapy against radiotherapy alone (arms.toml)."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlite_utils import Database

_NAMED = (
    "SELECT DISTINCT pmid, concept FROM mentions WHERE NOT negated AND role IN ('studied', 'comparator')"
    " AND concept IN (SELECT value FROM json_each(?)) AND pmid IN (SELECT value FROM json_each(?))"
)


@dataclass(frozen=True, slots=True)
class Arms:
    """Two arms that stand against each other, with the short name of each."""

    whole: str
    whole_short: str
    against: str
    against_short: str
    unless: tuple[str, ...] = ()

    def in_full(self, subject: str, comparator: str) -> tuple[str, str] | None:
        """Return both sides as the arms they stand for; None where they are not these arms, or are named in full."""
        full = {self.whole_short: self.whole, self.against_short: self.against}
        sides = (full.get(subject, subject), full.get(comparator, comparator))
        return sides if set(sides) == {self.whole, self.against} and sides != (subject, comparator) else None


@cache
def arms() -> tuple[Arms, ...]:
    """Return the arms of arms.toml."""
    table = tomllib.loads(files("kb").joinpath("arms.toml").read_text(encoding="utf-8"))
    return tuple(Arms(**{**entry, "unless": tuple(entry.get("unless", ()))}) for entry in table["arm"])


def short_names(concept: str) -> frozenset[str]:
    """Return the short names under which evidence on an arm may be stored."""
    named = {one.whole: one.whole_short for one in arms()} | {
        one.against: one.against_short for one in arms()
    }
    return frozenset({named[concept]} if concept in named else ())


def is_first_side(intervention: str | None, comparator: str | None, subject: str) -> bool:
    """Whether the claim's subject is what a finding names first, in full or in short.

    Examples
    --------
    >>> is_first_side("surgery", "radiotherapy", "surgery_plus_radiotherapy")
    True
    >>> is_first_side("radiotherapy", "surgery", "surgery_plus_radiotherapy")
    False
    """
    return intervention == subject or (comparator != subject and intervention in short_names(subject))


def read_arms(db: Database, pmids: Collection[str]) -> Mapping[str, tuple[Arms, ...]]:
    """Return for each paper the arms of arms.toml that are its own."""
    wanted = {c for one in arms() for c in (one.whole, one.against, *one.unless)}
    named: dict[str, set[str]] = defaultdict(set)
    for pmid, concept in db.execute(_NAMED, (json.dumps(sorted(wanted)), json.dumps(sorted(pmids)))):
        named[pmid].add(concept)
    return {
        pmid: tuple(
            one for one in arms() if {one.whole, one.against} <= found and not found & set(one.unless)
        )
        for pmid, found in named.items()
    }
