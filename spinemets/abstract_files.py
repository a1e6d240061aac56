"""Abstracts by PMID from whatever holds them: PubMed XML, MEDLINE text, JSON, or a knowledge base."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from harvest.errors import UnreadableFile
from harvest.files import read_file
from harvest.record import PublicationType, Record, Section
from kb.errors import UnknownRecord
from kb.records import load_record
from kb.schema import open_database

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_JSON = (".json", ".jsonl")


def read_abstracts(path: Path) -> Iterator[Record]:
    """Yield the records of a PubMed XML or MEDLINE text file, or of a JSON file.

    A JSON file holds a list of objects, one object, or one a line: `pmid`, `title`, and the abstract either as
    `abstract` (a text, or a list of {"label", "text"}) or as `sections` (a list of [label, text]);
    `publication_types` is a list of names, if given.

    Raises
    ------
    HarvestError
        The file can't be read, or an object is not of this form.
    """
    if path.suffix.lower() in _JSON:
        yield from (_record(path, number, item) for number, item in enumerate(_objects(path), 1))
    else:
        yield from (entry for entry in read_file(path) if isinstance(entry, Record))


def _objects(path: Path) -> list[Any]:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix.lower() == ".jsonl":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        content = json.loads(text)
    except OSError as error:
        raise UnreadableFile(path, f"can't be read ({error.strerror or error})") from error
    except ValueError as error:
        raise UnreadableFile(path, f"is no JSON ({error})") from error
    return content if isinstance(content, list) else [content]


def _record(path: Path, number: int, item: Any) -> Record:
    try:
        return Record(
            pmid=str(item["pmid"]),
            title=str(item.get("title") or ""),
            abstract=tuple(_sections(item.get("abstract") or item.get("sections") or ())),
            publication_types=tuple(PublicationType(name) for name in item.get("publication_types") or ()),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableFile(
            path, f"object {number} has no pmid, title and abstract of a known form"
        ) from error


def _sections(abstract: Any) -> Iterator[Section]:
    if isinstance(abstract, str):
        yield Section(abstract)
        return
    for part in abstract:
        if isinstance(part, str):
            yield Section(part)
        elif isinstance(part, dict):
            yield Section(str(part["text"]), part.get("label") or None)
        else:
            label, text = part
            yield Section(str(text), label or None)


def abstracts_by_pmid(
    pmids: Sequence[str], texts: Iterable[Path], database: Path | None
) -> dict[str, Record]:
    """Return the records of these PMIDs, from the files first, then from the knowledge base; those found."""
    wanted = set(pmids)
    found: dict[str, Record] = {}
    for path in texts:
        for record in read_abstracts(path):
            if record.pmid in wanted and (record.abstract or record.title):
                found.setdefault(record.pmid, record)
    if database is not None:
        db = open_database(database)
        try:
            for pmid in sorted(wanted - set(found)):
                try:
                    found[pmid] = load_record(db, pmid)
                except UnknownRecord:
                    continue
        finally:
            db.close()
    return found


def texts_digest(records: Iterable[Record]) -> str:
    """Return a short digest of the texts of records, whatever their order."""
    digest = hashlib.sha256()
    for record in sorted(records, key=lambda record: record.pmid):
        digest.update("\0".join((record.pmid, *record.sections, "")).encode())
    return digest.hexdigest()[:16]
