"""Leaving out what is off topic while records stream by; what the base holds already stays and is renewed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from harvest.record import Entry, Record

if TYPE_CHECKING:
    from sqlite_utils import Database

    from kb.evidence import Extraction


def keep_relevant(
    db: Database, entries: Sequence[Entry], extractions: Sequence[Extraction]
) -> tuple[list[Entry], list[Extraction], dict[str, str]]:
    """Return entries and extractions without the records that are off topic and not held, and why those are out."""
    kept: list[Entry] = []
    kept_extractions: list[Extraction] = []
    reasons: dict[str, str] = {}
    waiting = iter(extractions)
    for entry in entries:
        if isinstance(entry, Record):
            extraction = next(waiting)
            if not extraction.relevance.on_topic and not _held(db, entry.pmid):
                reasons[entry.pmid] = "; ".join(extraction.relevance.reasons)
                continue
            kept_extractions.append(extraction)
        kept.append(entry)
    return kept, kept_extractions, reasons


def _held(db: Database, pmid: str) -> bool:
    return db.execute("SELECT 1 FROM records WHERE pmid = ?", (pmid,)).fetchone() is not None
