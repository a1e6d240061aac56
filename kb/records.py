"""Reading records back: the inverse of `kb.rows.record_rows`."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from harvest.record import (
    Author,
    Chemical,
    Correction,
    MeshHeading,
    MeshQualifier,
    OtherAbstract,
    PublicationDate,
    PublicationType,
    Record,
    Reference,
    Section,
)
from kb.errors import UnknownRecord
from kb.rows import COLUMNS

# Columns of `records` that a Record holds under the same name.
_SAME_NAME = (
    *("vernacular_title", "journal", "journal_abbreviation", "issn", "volume", "issue", "pages"),
    *("entered", "revised", "status", "doi", "pmcid", "pmid_version", "origin", "retrieved_at"),
)


def load_record(db: Database, pmid: str) -> Record:
    """Return the record as it came in, also where it is retracted or marked deleted.

    Raises
    ------
    UnknownRecord
        The knowledge base holds no such PMID.
    """
    rows = _rows(db, "records", pmid)
    if not rows:
        raise UnknownRecord(pmid)
    row = rows[0]
    return Record(
        pmid=row["pmid"],
        title=row["title"],
        abstract=tuple(
            Section(s["text"], s["label"], s["category"]) for s in _rows(db, "sections", pmid)[1:]
        ),
        date=PublicationDate(row["year"], row["month"], row["day"], row["date_text"]),
        authors_complete=bool(row["authors_complete"]),
        languages=_texts(row["languages"]),
        keywords=_texts(row["keywords"]),
        registrations=_texts(row["registrations"]),
        **{name: row[name] for name in _SAME_NAME},
        **_parts(db, pmid),
    )


def _parts(db: Database, pmid: str) -> dict[str, Any]:
    return {
        "other_abstracts": tuple(
            OtherAbstract(r["text"], r["kind"], r["language"]) for r in _rows(db, "other_abstracts", pmid)
        ),
        "authors": tuple(_author(r) for r in _rows(db, "authors", pmid)),
        "publication_types": tuple(
            PublicationType(r["name"], r["ui"]) for r in _rows(db, "publication_types", pmid)
        ),
        "mesh": tuple(_mesh(r) for r in _rows(db, "mesh_headings", pmid)),
        "chemicals": tuple(
            Chemical(r["name"], r["ui"], r["registry_number"]) for r in _rows(db, "chemicals", pmid)
        ),
        "references": tuple(
            Reference(r["citation"], r["cited_pmid"], r["doi"]) for r in _rows(db, "reference_list", pmid)
        ),
        "corrections": tuple(
            Correction(r["kind"], r["notice_pmid"], r["citation"], r["note"])
            for r in _rows(db, "corrections", pmid)
        ),
    }


def _rows(db: Database, table: str, pmid: str) -> list[dict[str, Any]]:
    columns = COLUMNS[table]
    order = columns[1]  # the section or position; of `records` there is one row
    sql = f"SELECT {', '.join(columns)} FROM {table} WHERE pmid = ? ORDER BY {order}"
    return [dict(zip(columns, row, strict=True)) for row in db.execute(sql, (pmid,))]


def _texts(value: str) -> tuple[str, ...]:
    return tuple(json.loads(value))


def _author(row: dict[str, Any]) -> Author:
    names = (
        row["last_name"],
        row["fore_name"],
        row["initials"],
        row["suffix"],
        row["collective"],
        row["orcid"],
    )
    return Author(*names, affiliations=_texts(row["affiliations"]))


def _mesh(row: dict[str, Any]) -> MeshHeading:
    qualifiers = tuple(MeshQualifier(*qualifier) for qualifier in json.loads(row["qualifiers"]))
    return MeshHeading(row["descriptor"], row["ui"], bool(row["major"]), qualifiers)
