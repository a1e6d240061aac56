"""Building: sources -> batches -> evidence -> database -> claims, resumable, with progress."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tqdm import tqdm

from harvest.errors import BrokenRecord, HarvestError, UnreadableFile
from harvest.files import check_md5, file_digest, read_file
from harvest.record import Batch, Entry, Record
from harvest.sample import read_sample, sample_digest
from kb.evidence import Extraction
from kb.grading.claim_rows import update_claims
from kb.schema import open_database
from kb.store import (
    Counts,
    finish_run,
    finish_source,
    record_problem,
    source_position,
    start_run,
    store_batch,
    write_vocabulary,
)
from kb.tagging.extract import extract_all, extractor
from kb.vocabulary.concept import load_vocabulary
from spinemets.screening import keep_relevant
from spinemets.version import VERSION

if TYPE_CHECKING:
    from sqlite_utils import Database

BATCH = 200
SCREENED = "+screened"
SAMPLE = "the bundled sample"
_IN_FLIGHT = 4

Tagger = Callable[[Sequence[Entry]], list[Extraction]]


@dataclass(slots=True)
class Outcome:
    """What a build did: counts of entries, claims now known, and faults in words."""

    database: Path
    counts: Counts = field(default_factory=Counts)
    claims: int = 0
    finished_sources: int = 0
    faults: list[str] = field(default_factory=list)

    def report(self) -> str:
        """Return the outcome as a person reads it."""
        c = self.counts
        lines = [
            f"{self.database}: {c.new} record{'' if c.new == 1 else 's'} new, {c.changed} changed, {c.unchanged} unchanged, "
            f"{c.deleted} withdrawn, {c.skipped} entries passed over; {self.claims} claims."
        ]
        if c.screened_out:
            were = "record is off topic and was" if c.screened_out == 1 else "records are off topic and were"
            lines.append(f"{c.screened_out:,} {were} left out.")
        if self.finished_sources:
            lines.append(f"{self.finished_sources} source(s) were complete already and not read again.")
        if c.skipped:
            lines.append("Why entries were passed over: table 'problems'.")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Source:
    """Something to read: its name in the database, its digest, and its entries from the start."""

    name: str
    digest: str
    entries: Callable[[], Iterable[Entry]]
    only_relevant: bool = False


def build_knowledge_base(
    database: Path,
    *,
    sample: bool,
    files: Sequence[Path],
    jobs: int | None,
    progress: bool,
    only_relevant: bool = False,
) -> Outcome:
    """Take in the sample and files, and aggregate claims. A fault in a file is reported in the outcome.

    With `only_relevant`, records of files that are off topic and not held yet are counted and left out.

    Raises
    ------
    KnowledgeError
        The database can't be opened or used.
    HarvestError
        The bundled sample is damaged, or none of the files is there.
    """
    if not sample and not any(path.exists() for path in files):
        # Nothing can come of it, and no empty database is to be left behind.
        others = f", nor are the other {len(files) - 1}" if len(files) > 1 else ""
        raise UnreadableFile(files[0], f"is not there{others}")
    outcome = Outcome(database)
    db = open_database(database, create=True)
    try:
        version = extractor()
        write_vocabulary(db, load_vocabulary())
        run = start_run(
            db,
            "build",
            program_version=VERSION,
            extractor_version=version.version,
            vocabulary=version.vocabulary,
        )
        with tagger(jobs) as tag:
            for source in _sources(sample, files, only_relevant, outcome):
                _take_in(db, source, run, tag, outcome, progress=progress)
        update_claims(db)
        outcome.claims = db.table("claims").count
        finish_run(db, run)
    finally:
        db.close()
    return outcome


def _sources(sample: bool, files: Sequence[Path], only_relevant: bool, outcome: Outcome) -> Iterator[_Source]:
    if sample:
        yield _Source(SAMPLE, sample_digest(), read_sample)
    for path in files:
        try:
            check_md5(path)
            # Screened, a file holds less: read in full later, it counts as another one.
            digest = file_digest(path) + (SCREENED if only_relevant else "")
        except HarvestError as error:
            outcome.faults.append(str(error))
            continue
        entries: Callable[[], Iterable[Entry]] = lambda path=path: read_file(path)  # type: ignore[misc] # noqa: E731
        yield _Source(str(path.resolve()), digest, entries, only_relevant)


def _take_in(
    db: Database, source: _Source, run: int, tag: Tagger, outcome: Outcome, *, progress: bool
) -> None:
    """Store what a source holds from where it was left, batch by batch."""
    done = source_position(db, source.name, source.digest)
    start = 0 if _tagged_otherwise(db) else done.entries
    if done.complete and start:
        outcome.finished_sources += 1
        return
    bar = tqdm(desc=Path(source.name).name, unit=" records", initial=start, disable=not progress)
    position = start
    try:
        for entries in _batches(islice(iter(source.entries()), start, None)):
            position += len(entries)
            kept, left_out = entries, 0
            if source.only_relevant:
                kept, reasons = keep_relevant(db, entries)
                left_out = len(reasons)
            outcome.counts += store_batch(
                db,
                Batch(source.name, tuple(kept), position),
                tag(kept),
                source_digest=source.digest,
                run=run,
                screened_out=left_out,
            )
            bar.update(len(entries))
        finish_source(db, source.name, source.digest)
    except _Interrupted as stop:
        fault = stop.fault
        number = fault.number if isinstance(fault, BrokenRecord) else 0
        kind = "broken_record" if number else "unreadable_file"
        record_problem(db, source.name, source.digest, number=number, kind=kind, reason=fault.cause)  # type: ignore[attr-defined]
        outcome.faults.append(str(fault))
    finally:
        bar.close()


class _Interrupted(Exception):
    """A source broke off; every good entry before the fault has been handed on."""

    def __init__(self, fault: HarvestError) -> None:
        self.fault = fault
        super().__init__(str(fault))


def _batches(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    """Yield entries in batches; at a fault yield what is good so far, then raise `_Interrupted`."""
    batch: list[Entry] = []
    while True:
        try:
            entry = next(entries)
        except StopIteration:
            break
        except HarvestError as fault:
            if batch:
                yield batch
            raise _Interrupted(fault) from fault
        batch.append(entry)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _tagged_otherwise(db: Database) -> bool:
    """Whether some stored evidence was made by another version of the rules or vocabulary."""
    version = extractor()
    sql = "SELECT 1 FROM studies WHERE extractor_version <> ? OR vocabulary <> ? LIMIT 1"
    return db.execute(sql, (version.version, version.vocabulary)).fetchone() is not None


@contextmanager
def tagger(jobs: int | None) -> Iterator[Tagger]:
    """Yield a function that tags the records among some entries, in order, on `jobs` processes (default: all cores).

    Processes start only when there is enough to do: a few records are tagged sooner in this one.
    """
    jobs = jobs or os.cpu_count() or 1
    with ExitStack() as stack:
        pool: list[ProcessPoolExecutor] = []

        def tag(entries: Sequence[Entry]) -> list[Extraction]:
            records = [entry for entry in entries if isinstance(entry, Record)]
            if jobs == 1 or len(records) < BATCH // 2:
                return list(extract_all(records))
            if not pool:
                context = get_context("spawn")
                pool.append(
                    stack.enter_context(ProcessPoolExecutor(jobs, mp_context=context, initializer=_quiet))
                )
            size = max(1, -(-len(records) // (jobs * _IN_FLIGHT)))
            parts = [records[i : i + size] for i in range(0, len(records), size)]
            return [extraction for part in pool[0].map(_tag_part, parts) for extraction in part]

        yield tag


def _tag_part(records: Sequence[Record]) -> list[Extraction]:
    return list(extract_all(records))


def _quiet() -> None:
    """Leave Ctrl-C to the main process, which stops between batches."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def extract_files(
    files: Sequence[Path], output: Path | None, *, jobs: int | None, progress: bool
) -> list[str]:
    """Write one JSON object a record of `files`; return the faults in words.

    A named output is written whole or not at all: the finished file takes its place at the end.
    """
    if output is None:
        return _extract(files, sys.stdout, jobs, progress)
    partial = output.with_name(output.name + ".part")
    with partial.open("w", encoding="utf-8") as stream:
        faults = _extract(files, stream, jobs, progress)
    partial.replace(output)
    return faults


def _extract(files: Sequence[Path], stream: TextIO, jobs: int | None, progress: bool) -> list[str]:
    faults: list[str] = []
    with tagger(jobs) as tag:
        for path in files:
            bar = tqdm(desc=path.name, unit=" records", disable=not progress)
            try:
                for entries in _batches(iter(read_file(path))):
                    for extraction in tag(entries):
                        stream.write(json.dumps(extraction.as_json(), ensure_ascii=False) + "\n")
                    bar.update(len(entries))
            except _Interrupted as stop:
                faults.append(str(stop.fault))
            finally:
                bar.close()
    return faults
