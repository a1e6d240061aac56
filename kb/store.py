"""The only writer of records and evidence: a batch, its evidence and its position in one transaction.

A kill at any point leaves either all of a batch or nothing of it, so work resumes at the stored position.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

from harvest.record import Batch, Deletion, Record, Skipped
from kb.errors import BadEvidence
from kb.evidence import Extraction, Extractor, Span
from kb.progress import (
    Counts,
    Position,
    add_changes,
    add_counts,
    add_skipped,
    finish_run,
    finish_source,
    record_problem,
    set_position,
    source_position,
    start_run,
    transaction,
)
from kb.rows import COLUMNS, RECORD_PARTS, Row, extraction_rows, record_rows
from kb.vocabulary_rows import write_vocabulary

__all__ = [
    "Counts",
    "Position",
    "finish_run",
    "finish_source",
    "record_problem",
    "source_position",
    "start_run",
    "store_batch",
    "write_vocabulary",
]


@dataclass(frozen=True, slots=True)
class Stored:
    """What decides whether an incoming record replaces the one that is stored."""

    origin: str
    version: int | None
    revised: str | None
    digest: str
    retracted: bool
    deleted: bool
    extractor: Extractor


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch changes: records with their evidence, PMIDs marked deleted, entries passed over; in words by PMID."""

    writes: dict[str, tuple[Record, Extraction]]
    deleted: dict[str, bool]
    skipped: tuple[Skipped, ...]
    counts: Counts
    changes: dict[str, str]


def store_batch(
    db: Database,
    batch: Batch,
    extractions: Sequence[Extraction],
    *,
    source_digest: str,
    run: int | None = None,
    screened_out: int = 0,
) -> Counts:
    """Store a batch, its evidence and the position after it in one transaction.

    Parameters
    ----------
    extractions
        One for each record of the batch, in the batch's order.
    source_digest
        The digest of the source's content (see `source_position`).
    run
        The run to which the counts are added, if any.
    screened_out
        How many records of the source were judged off topic and left out of the batch.

    Raises
    ------
    BadEvidence
        An extraction belongs to no record of the batch, a span does not quote its text, or a concept or topic
        is not in the stored vocabulary. Nothing of the batch is stored.

    Notes
    -----
    A changed record replaces all of its own evidence and only that; one that is unchanged and was tagged by
    the same extractor is not touched. A sample record never replaces one from PubMed or a file, nor an
    earlier version or revision a later one. A deletion marks the record and keeps it; the record
    comes back only with other content.
    """
    records = [entry for entry in batch.entries if isinstance(entry, Record)]
    if [record.pmid for record in records] != [extraction.pmid for extraction in extractions]:
        raise BadEvidence(
            records[0].pmid if records else "none", "records and extractions do not match one by one"
        )
    with transaction(db):
        stored = _stored(db, {entry.pmid for entry in batch.entries if not isinstance(entry, Skipped)})
        plan = plan_batch(batch, extractions, stored)
        plan = replace(plan, counts=plan.counts + Counts(screened_out=screened_out))
        _check_references(db, [extraction for _, extraction in plan.writes.values()])
        _write(db, plan)
        set_position(db, batch.source, source_digest, Position(batch.position))
        add_skipped(db, batch.source, plan.skipped)
        if run is not None:
            add_counts(db, run, plan.counts)
            add_changes(db, run, plan.changes)
    return plan.counts


def plan_batch(batch: Batch, extractions: Sequence[Extraction], stored: dict[str, Stored]) -> Plan:
    """Decide, entry by entry in order, what a batch changes, given what is `stored` of its PMIDs."""
    states = dict(stored)
    skipped = tuple(entry for entry in batch.entries if isinstance(entry, Skipped))
    plan = Plan({}, {}, skipped, Counts(), {})
    counts = Counts(skipped=len(plan.skipped))
    waiting = iter(extractions)
    for entry in batch.entries:
        if isinstance(entry, Deletion):
            state = states.get(entry.pmid)
            if state is not None and not state.deleted:
                states[entry.pmid] = replace(state, deleted=True)
                plan.deleted[entry.pmid] = True
                plan.changes[entry.pmid] = "withdrawn"
                counts += Counts(deleted=1)
        elif isinstance(entry, Record):
            extraction = next(waiting)
            _check_spans(entry, extraction)
            old = states.get(entry.pmid)
            state = _after(old, entry, extraction)
            if state is None:
                counts += Counts(unchanged=1)
                continue
            counts += Counts(changed=1) if old else Counts(new=1)
            change = _change(old, state)
            if change and not (change == "changed" and entry.pmid in plan.changes):
                plan.changes[entry.pmid] = change
            states[entry.pmid] = state
            plan.writes[entry.pmid] = (entry, extraction)
            plan.deleted[entry.pmid] = state.deleted
    return replace(plan, counts=counts)


def _after(old: Stored | None, record: Record, extraction: Extraction) -> Stored | None:
    """What is stored after `record` came in, or None where it changes nothing."""
    same = old is not None and old.digest == record.digest
    if old is not None and ((same and old.extractor == extraction.extractor) or _outranked(old, record)):
        return None
    deleted = old is not None and old.deleted and same
    return Stored(
        *(record.origin, record.pmid_version, record.revised, record.digest),
        *(record.retracted, deleted, extraction.extractor),
    )


def _change(old: Stored | None, state: Stored) -> str | None:
    """What happened to a record, in a word; None where it was only tagged anew."""
    if old is None:
        return "new"
    if old.retracted != state.retracted:
        return "retracted" if state.retracted else "reinstated"
    return "changed" if old.digest != state.digest else None


def _outranked(old: Stored, record: Record) -> bool:
    """Whether the stored one goes before `record`: PubMed's own before a synopsis, later before earlier."""
    if (old.origin == "sample") != (record.origin == "sample"):
        return record.origin == "sample"
    # PubMed leaves the version out where it is the first.
    old_version, version = old.version or 1, record.pmid_version or 1
    if old_version != version:
        return version < old_version
    return bool(old.revised and record.revised and record.revised < old.revised)


def _check_spans(record: Record, extraction: Extraction) -> None:
    """Hold every quotation against the text it is quoted from."""
    spans: list[Span | None] = [extraction.study.design_span, extraction.study.patients_span]
    for mention in extraction.mentions:
        spans += (mention.span, mention.sentence)
    spans += (row.span for row in extraction.findings)
    spans += (row.span for row in extraction.tool_performance)
    sections = record.sections
    for span in spans:
        if span is None:
            continue
        quoted = sections[span.section][span.start : span.end] if 0 <= span.section < len(sections) else ""
        if quoted != span.text or not quoted:
            where = f"section {span.section}, characters {span.start} to {span.end}"
            raise BadEvidence(record.pmid, f"{where}: the text there is not {span.text!r}")


def _check_references(db: Database, extractions: Iterable[Extraction]) -> None:
    """Hold concepts and topics against the stored vocabulary, so that an error names its record."""
    concepts = {row[0] for row in db.execute("SELECT id FROM concepts")}
    topics = {row[0] for row in db.execute("SELECT id FROM topics")}
    for extraction in extractions:
        used = {mention.concept for mention in extraction.mentions}
        used |= {row.tool for row in extraction.tool_performance}
        for finding in extraction.findings:
            used |= {c for c in (finding.intervention, finding.comparator, finding.outcome) if c is not None}
        unknown = sorted(used - concepts) + sorted(set(extraction.topics) - topics)
        if unknown:
            raise BadEvidence(
                extraction.pmid, f"'{unknown[0]}' is not in the stored vocabulary; write it first"
            )


def _stored(db: Database, pmids: set[str]) -> dict[str, Stored]:
    sql = (
        "SELECT origin, pmid_version, revised, digest, retracted, deleted, extractor_version, vocabulary, model"
        " FROM records LEFT JOIN studies USING (pmid) WHERE pmid = ?"
    )
    found = {}
    for pmid in pmids:
        row = db.execute(sql, (pmid,)).fetchone()
        if row is not None:
            origin, version, revised, digest, retracted, deleted, *extractor = row
            marks = (bool(retracted), bool(deleted))
            found[pmid] = Stored(origin, version, revised, digest, *marks, Extractor(*extractor))
    return found


def _write(db: Database, plan: Plan) -> None:
    rows: dict[str, list[Row]] = {table: [] for table in COLUMNS}
    for record, extraction in plan.writes.values():
        for table, more in (record_rows(record) | extraction_rows(extraction)).items():
            rows[table] += more
    pmids = [(pmid,) for pmid in plan.writes]
    for table in (*RECORD_PARTS, "studies"):  # evidence goes with its study
        db.conn.executemany(f"DELETE FROM {table} WHERE pmid = ?", pmids)
    for table, columns in COLUMNS.items():
        db.conn.executemany(_insertion(table, columns), rows[table])
    marks = [(int(deleted), pmid) for pmid, deleted in plan.deleted.items()]
    db.conn.executemany("UPDATE records SET deleted = ?1 WHERE pmid = ?2 AND deleted <> ?1", marks)


def _insertion(table: str, columns: tuple[str, ...]) -> str:
    # A record's row is updated in place: deleting it would take along what claims know of it.
    update = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    conflict = f" ON CONFLICT (pmid) DO UPDATE SET {update}" if table == "records" else ""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}){conflict}"
