"""Which claims of a page say one thing twice: those of the same papers on a narrower or broader concept are folded away."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from datasette_plugins.readings import Row, rows

_SAID = ("subject", "comparator", "outcome")
_SAYS = ("consistency", "grade", "favours_intervention", "favours_comparator", "no_difference", "descriptive")


def fold(connection: sqlite3.Connection, claims: list[Row]) -> list[Row]:
    """Return the claims that lead, in order, each with those it stands for under `folded`.

    A claim is folded under an earlier one that rests on exactly the same papers, says the same of them with the same
    grade, and differs by narrower or broader concepts alone. One whose grade a reviewer signed is never folded away.
    """
    if not claims:
        return []
    parents = {row["id"]: row["parent"] for row in rows(connection, "SELECT id, parent FROM concepts")}
    papers: dict[str, set[str]] = {}
    for row in rows(connection, "SELECT DISTINCT claim, pmid FROM claim_evidence"):
        papers.setdefault(row["claim"], set()).add(row["pmid"])
    leaders: list[Row] = []
    by_papers: dict[frozenset[str], list[Row]] = {}
    for claim in claims:
        alike = by_papers.setdefault(frozenset(papers.get(claim["key"], ())), [])
        leader = None
        if not claim.get("signed_grade"):
            leader = next((other for other in alike if _stands_for(other, claim, parents)), None)
        if leader is None:
            claim["folded"] = []
            alike.append(claim)
            leaders.append(claim)
        else:
            leader["folded"].append(claim)
    return leaders


def _stands_for(leader: Row, claim: Row, parents: Mapping[str, str | None]) -> bool:
    same = all(leader[column] == claim[column] for column in _SAYS)
    return same and all(_kin(leader[role], claim[role], parents) for role in _SAID)


def _kin(one: str | None, other: str | None, parents: Mapping[str, str | None]) -> bool:
    """Whether two concepts are the same, or one lies below the other."""
    return one == other or _below(one, other, parents) or _below(other, one, parents)


def _below(concept: str | None, other: str | None, parents: Mapping[str, str | None]) -> bool:
    while concept is not None and other is not None:
        concept = parents.get(concept)
        if concept == other:
            return True
    return False
