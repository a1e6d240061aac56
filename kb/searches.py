"""What the searches found: which version of which strategy brought a paper, when, and what was turned away.

A harvest calls `record_search` for each strategy (as often as it has PMIDs to add) and `record_screened_out`
for the papers it judged off topic and does not store. Both may stand inside a transaction of the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from kb.progress import now, transaction


@dataclass(frozen=True, slots=True)
class Search:
    """One strategy as searched in one run. `promised` is the count PubMed gave, `found` the PMIDs kept of it."""

    run: int
    strategy: str
    version: str
    query: str
    promised: int | None
    searched_at: str
    found: int


def record_search(
    db: Database,
    run: int,
    strategy: str,
    version: str,
    pmids: Iterable[str] = (),
    *,
    query: str,
    promised: int | None = None,
    searched_at: str | None = None,
) -> int:
    """Note that `run` searched with a strategy and found `pmids`; return how many its version had not found before.

    Parameters
    ----------
    query
        The query as it was sent, with any limits of date.
    promised
        How many papers PubMed said there are; None keeps the count that was noted before.
    searched_at
        When PubMed was asked (ISO, UTC); None: now.

    Notes
    -----
    Calling it again, with the same PMIDs or with more of them, doubles nothing: a paper keeps the run and time in
    which a version of a strategy found it first.
    """
    with transaction(db):
        time = searched_at or now()
        db.execute(
            "INSERT INTO searches (run, strategy, strategy_version, query, promised, searched_at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run, strategy, strategy_version) DO UPDATE SET"
            " query = excluded.query, promised = coalesce(excluded.promised, promised)",
            (run, strategy, version, query, promised, time),
        )
        before = db.conn.total_changes
        db.conn.executemany(
            "INSERT OR IGNORE INTO found_by (pmid, strategy, strategy_version, run, found_at) VALUES (?, ?, ?, ?, ?)",
            ((pmid, strategy, version, run, time) for pmid in pmids),
        )
        return db.conn.total_changes - before


def record_screened_out(db: Database, run: int, reasons: Mapping[str, str]) -> None:
    """Note by PMID why papers are off topic that were read and are not stored; the last judgement counts."""
    with transaction(db):
        time = now()
        db.conn.executemany(
            "INSERT OR REPLACE INTO screened_out (pmid, reason, run, screened_at) VALUES (?, ?, ?, ?)",
            [(pmid, reason, run, time) for pmid, reason in reasons.items()],
        )


def searches(db: Database) -> list[Search]:
    """Return every search that was run, in order, with how many papers its run found first and later."""
    sql = (
        "SELECT s.run, s.strategy, s.strategy_version, s.query, s.promised, s.searched_at,"
        " (SELECT count(*) FROM found_by f WHERE f.strategy = s.strategy"
        "  AND f.strategy_version = s.strategy_version AND f.run <= s.run)"
        " FROM searches s ORDER BY s.run, s.strategy, s.strategy_version"
    )
    return [Search(*row) for row in db.execute(sql)]
