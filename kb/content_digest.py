"""One digest over all records and evidence: equal content, equal digest, whatever the order of work."""

from __future__ import annotations

import hashlib
import json

from sqlite_utils import Database

from kb.rows import COLUMNS

# Apart from the content: which program found it, and the order in which it was found.
_NOT_CONTENT = {"position", "extractor_version", "vocabulary", "model"}
_RECORD_COLUMNS = ("pmid", "digest", "retracted", "deleted")


def content_digest(db: Database) -> str:
    """Return a SHA-256 (hex) of the records and their evidence.

    Left out are row ids, times, sources, runs and program versions. Rows are read one by one in the order of
    their keys, so memory does not grow with the database; the time is linear in its rows.
    """
    digest = hashlib.sha256()
    for table in ("records", "studies", "record_topics", "mentions", "findings", "tool_performance"):
        columns = _RECORD_COLUMNS if table == "records" else COLUMNS[table]
        chosen = [column for column in columns if column not in _NOT_CONTENT]
        digest.update(f"{table}\n".encode())
        # The first two columns name a row in every table: pmid, pmid and topic, key and pmid.
        for row in db.execute(f"SELECT {', '.join(chosen)} FROM {table} ORDER BY {chosen[0]}, {chosen[1]}"):
            digest.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
            digest.update(b"\n")
    return digest.hexdigest()
