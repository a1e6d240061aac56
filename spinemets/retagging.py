"""Records that are in no archive (from files and the sample), tagged anew by the rules of today from what is stored of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvest.record import Batch
from kb.records import load_record
from kb.store import Counts, finish_source, store_batch
from kb.tagging.extract import extractor

if TYPE_CHECKING:
    from sqlite_utils import Database

    from spinemets.building import Tagger

_BATCH = 200
SOURCE = "records of files and the sample, tagged anew"
NOT_IN_ARCHIVE = (
    "This base holds what is in the archive. Records that came from files or the sample are not: 'spinemets build' adds"
    " them again; nor are grades that reviewers signed: 'spinemets grade take-over OLD.db' copies them."
)


def tag_anew(db: Database, tag: Tagger, run: int) -> Counts:
    """Tag the records of files and the sample that other rules or another vocabulary tagged; return what changed."""
    version = extractor()
    rows = db.execute(
        "SELECT pmid FROM studies JOIN records USING (pmid) WHERE origin <> 'pubmed'"
        " AND (extractor_version <> ? OR vocabulary <> ?) ORDER BY pmid",
        (version.version, version.vocabulary),
    ).fetchall()
    counts, digest = Counts(), f"{version.version} {version.vocabulary}"
    for start in range(0, len(rows), _BATCH):
        records = tuple(load_record(db, pmid) for (pmid,) in rows[start : start + _BATCH])
        batch = Batch(SOURCE, records, start + len(records))
        counts += store_batch(db, batch, tag(records), source_digest=digest, run=run)
    if rows:
        finish_source(db, SOURCE, digest)
    return counts


def holds_more_than_the_archive(db: Database) -> bool:
    """Whether the base holds records or signatures that no archive does."""
    sql = "SELECT EXISTS (SELECT 1 FROM records WHERE origin <> 'pubmed') OR EXISTS (SELECT 1 FROM grade_signatures)"
    return bool(db.execute(sql).fetchone()[0])
