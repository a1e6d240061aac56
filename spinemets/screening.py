"""Leaving out what is off topic before it is tagged; what the base holds already stays and is renewed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from harvest.record import Entry, Record
from kb.tagging.on_topic import judge

if TYPE_CHECKING:
    from sqlite_utils import Database


def keep_relevant(db: Database, entries: Sequence[Entry]) -> tuple[list[Entry], dict[str, str]]:
    """Return the entries without the records that are off topic and not held, and by PMID why those are out."""
    kept: list[Entry] = []
    reasons: dict[str, str] = {}
    for entry in entries:
        if isinstance(entry, Record) and not _held(db, entry.pmid):
            relevance = judge(entry)
            if not relevance.on_topic:
                reasons[entry.pmid] = "; ".join(relevance.reasons)
                continue
        kept.append(entry)
    return kept, reasons


def _held(db: Database, pmid: str) -> bool:
    return db.execute("SELECT 1 FROM records WHERE pmid = ?", (pmid,)).fetchone() is not None
