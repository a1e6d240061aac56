"""From the archive into the knowledge base: each batch with its evidence and position in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harvest.archive import Run
from harvest.errors import BrokenRecord
from harvest.medline_xml import read_pubmed_xml
from harvest.record import Batch, Deletion, Entry, Record, Skipped
from kb.progress import transaction
from kb.searches import record_screened_out, record_search
from kb.store import Counts, Position, finish_source, source_position, store_batch
from kb.tagging.extract import extractor
from spinemets.building import SCREENED, Tagger
from spinemets.screening import keep_relevant

if TYPE_CHECKING:
    from sqlite_utils import Database

    from harvest.archive import BatchFile

_NOT_DELIVERED = "PubMed counts it, but did not deliver it"
_NOT_THERE = "PubMed holds no such paper"


@dataclass(frozen=True, slots=True)
class Store:
    """Where archived batches go: the knowledge base, the run they count for, and who tags them."""

    db: Database
    run: int
    tag: Tagger
    only_relevant: bool = False

    def stored(self, run: Run) -> Position:
        """Return how far an archived run is stored."""
        return source_position(self.db, source_of(run), self._digest(run))

    def _digest(self, run: Run) -> str:
        # Screened, a run holds less: stored in full later, it counts as another one.
        return run.digest + (SCREENED if self.only_relevant else "")

    def tagged_otherwise(self) -> bool:
        """Whether some harvested paper was tagged by other rules or another vocabulary than these."""
        version = extractor()
        sql = (
            "SELECT 1 FROM studies JOIN records USING (pmid) WHERE origin = 'pubmed'"
            " AND (extractor_version <> ? OR vocabulary <> ?) LIMIT 1"
        )
        return self.db.execute(sql, (version.version, version.vocabulary)).fetchone() is not None

    def begin(self, run: Run) -> None:
        """Note what a run searched and found, once, together with its position at the start."""
        plan, source = run.plan, source_of(run)
        known = self.db.execute(
            "SELECT 1 FROM sources WHERE source = ? AND digest = ?", (source, self._digest(run))
        )
        if known.fetchone():
            return
        with transaction(self.db):
            store_batch(self.db, Batch(source, (), 0), (), source_digest=self._digest(run))
            if plan.kind != "list":
                record_search(
                    self.db,
                    self.run,
                    plan.strategy,
                    plan.version,
                    plan.found,
                    query=plan.query,
                    promised=plan.promised,
                    searched_at=plan.started,
                )

    def take_in(self, run: Run, number: int) -> tuple[Counts, list[str]]:
        """Store one archived batch; return what it changed and, in words, what was not delivered.

        Raises
        ------
        DamagedArchive
            The batch is not what was archived.
        """
        batch = run.batch_files[number]
        batch.check()
        entries, faults = _entries(self.db, run, batch)
        reasons: dict[str, str] = {}
        if self.only_relevant:
            entries, reasons = keep_relevant(self.db, entries)
        extractions = self.tag(entries)
        position = min(number * run.plan.batch_size, len(run.plan.fetch))
        with transaction(self.db):
            counts = store_batch(
                self.db,
                Batch(source_of(run), tuple(entries), position),
                extractions,
                source_digest=self._digest(run),
                run=self.run,
                screened_out=len(reasons),
            )
            record_screened_out(self.db, self.run, reasons)
            stored = [(entry.pmid,) for entry in entries if isinstance(entry, Record)]
            self.db.conn.executemany("DELETE FROM screened_out WHERE pmid = ?", stored)
        return counts, faults

    def finish(self, run: Run) -> None:
        """Note that all of a run is stored."""
        finish_source(self.db, source_of(run), self._digest(run))


def source_of(run: Run) -> str:
    """Return the name under which the database keeps a run's position."""
    return f"PubMed: {run.name}"


def _entries(db: Database, run: Run, batch: BatchFile) -> tuple[list[Entry], list[str]]:
    """What a batch says of each paper it was asked for."""
    plan = run.plan
    wanted = plan.wanted(batch.number)
    first = (batch.number - 1) * plan.batch_size + 1
    places = {pmid: first + n for n, pmid in enumerate(wanted)}
    why = _NOT_THERE if plan.kind == "list" else _NOT_DELIVERED
    entries: list[Entry] = []
    try:
        entries += _ours(read_pubmed_xml(batch.path), batch.retrieved_at, places)
    except BrokenRecord as fault:
        why = f"the batch breaks off before it: {fault.cause}"
    told = {e.identifier if isinstance(e, Skipped) else e.pmid for e in entries}
    missing = [pmid for pmid in wanted if pmid not in told]
    withdrawn = [pmid for pmid in missing if pmid in set(plan.suspects)] if missing else []
    entries += (Deletion(pmid) for pmid in withdrawn)
    lost = [pmid for pmid in missing if pmid not in set(withdrawn)]
    entries += (Skipped(places[pmid], pmid, why) for pmid in lost)
    return entries, [f"PMID {pmid}: {why}" for pmid in lost]


def _ours(entries: Iterable[Entry], retrieved_at: str, places: dict[str, int]) -> Iterator[Entry]:
    """The entries asked for, once each, marked as fetched."""
    for entry in entries:
        if isinstance(entry, Record) and entry.pmid in places:
            yield replace(entry, origin="pubmed", retrieved_at=retrieved_at)
        elif isinstance(entry, Skipped) and entry.identifier in places:
            yield replace(entry, number=places[entry.identifier])
