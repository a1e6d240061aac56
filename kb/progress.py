"""How far the work got: runs, the position in each source, and what could not be taken in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database

from harvest.record import Skipped


@dataclass(frozen=True, slots=True)
class Position:
    """How many entries of a source are stored, and whether that is all of them."""

    entries: int = 0
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the entries of one or more batches, in entries."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    skipped: int = 0
    screened_out: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.deleted + other.deleted,
            self.skipped + other.skipped,
            self.screened_out + other.screened_out,
        )


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """All or nothing, with the write lock from the start: what is read first still holds at the end."""
    if db.conn.in_transaction:
        with db.atomic():
            yield
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def now() -> str:
    """The present time as stored: ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def start_run(
    db: Database, kind: str, *, program_version: str, extractor_version: str, vocabulary: str
) -> int:
    """Note that a build starts, with the versions it works with, and return the run's number."""
    cursor = db.execute(
        "INSERT INTO runs (kind, started_at, program_version, extractor_version, vocabulary)"
        " VALUES (?, ?, ?, ?, ?)",
        (kind, now(), program_version, extractor_version, vocabulary),
    )
    return int(cursor.lastrowid or 0)


def finish_run(db: Database, run: int) -> None:
    """Note that a run came to its end; a run without this was interrupted."""
    db.execute("UPDATE runs SET finished_at = ? WHERE id = ?", (now(), run))


def add_counts(db: Database, run: int, counts: Counts) -> None:
    """Add what became of a batch to its run."""
    db.execute(
        "UPDATE runs SET records_new = records_new + ?, records_changed = records_changed + ?,"
        " records_unchanged = records_unchanged + ?, records_deleted = records_deleted + ?,"
        " skipped = skipped + ?, screened_out = screened_out + ? WHERE id = ?",
        (
            *(counts.new, counts.changed, counts.unchanged, counts.deleted, counts.skipped),
            *(counts.screened_out, run),
        ),
    )


def add_changes(db: Database, run: int, changes: Mapping[str, str]) -> None:
    """Note by PMID what a run changed. What was new to it stays so when the same run brings a revision."""
    db.conn.executemany(
        "INSERT INTO changes (run, pmid, change) VALUES (?, ?, ?) ON CONFLICT (run, pmid)"
        " DO UPDATE SET change = excluded.change WHERE excluded.change <> 'changed'",
        [(run, pmid, change) for pmid, change in changes.items()],
    )


def source_position(db: Database, source: str, source_digest: str) -> Position:
    """Return how far `source` got; a source whose content changed since starts at 0."""
    row = db.execute("SELECT digest, position, complete FROM sources WHERE source = ?", (source,)).fetchone()
    if row is None or row[0] != source_digest:
        return Position()
    return Position(row[1], bool(row[2]))


def set_position(db: Database, source: str, source_digest: str, position: Position) -> None:
    """Note how far a source got. If its content changed, its earlier problems are forgotten.

    A position never goes back while the content stays the same.
    """
    db.execute(
        "DELETE FROM problems WHERE source = ?1 AND"
        " source IN (SELECT source FROM sources WHERE source = ?1 AND digest <> ?2)",
        (source, source_digest),
    )
    db.execute(
        "INSERT INTO sources (source, digest, position, complete, updated_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (source) DO UPDATE SET digest = excluded.digest, updated_at = excluded.updated_at,"
        " position = CASE WHEN digest = excluded.digest THEN max(position, excluded.position)"
        " ELSE excluded.position END,"
        " complete = CASE WHEN digest = excluded.digest THEN max(complete, excluded.complete)"
        " ELSE excluded.complete END",
        (source, source_digest, position.entries, int(position.complete), now()),
    )


def finish_source(db: Database, source: str, source_digest: str) -> None:
    """Note that a source was read to its end."""
    with transaction(db):
        entries = source_position(db, source, source_digest).entries
        set_position(db, source, source_digest, Position(entries, complete=True))


def add_skipped(db: Database, source: str, entries: tuple[Skipped, ...]) -> None:
    """Keep which entries of a source were passed over, and why."""
    db.conn.executemany(
        "INSERT INTO problems (source, number, kind, identifier, reason) VALUES (?, ?, 'skipped', ?, ?)"
        " ON CONFLICT (source, number, kind) DO UPDATE SET identifier = excluded.identifier,"
        " reason = excluded.reason",
        [(source, entry.number, entry.identifier, entry.reason) for entry in entries],
    )


def record_problem(
    db: Database,
    source: str,
    source_digest: str,
    *,
    number: int,
    kind: str,
    reason: str,
    identifier: str | None = None,
) -> None:
    """Keep a fault of a source: its `kind` ("broken_record") and the entry's `number` (0: the file)."""
    with transaction(db):
        set_position(db, source, source_digest, source_position(db, source, source_digest))
        db.execute(
            "INSERT INTO problems (source, number, kind, identifier, reason) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (source, number, kind) DO UPDATE SET identifier = excluded.identifier,"
            " reason = excluded.reason",
            (source, number, kind, identifier, reason),
        )
