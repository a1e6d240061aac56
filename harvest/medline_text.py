"""MEDLINE text (.nbib and .txt as PubMed saves them) -> records and skipped entries, streaming."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from Bio import Medline

from harvest.byte_stream import DamagedStreamError, read_head
from harvest.citation_text import record_from
from harvest.errors import BrokenRecord, UnreadableFile
from harvest.identifiers import is_pmid
from harvest.medline_fields import Fields
from harvest.medline_lines import MedlineLines
from harvest.record import Record, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harvest.record import Entry

_LAST_TAG = "SO"
_BOOK_TAGS = ("BTI", "CTI")
_OTHER_FORMATS = {b"TY  -": "RIS", b"@": "BibTeX", b"%0 ": "EndNote"}


def read_medline_text(path: Path | str) -> Iterator[Entry]:
    """Yield every entry of a MEDLINE text file in file order, one record in memory at a time.

    Raises
    ------
    UnreadableFile
        The file as a whole is no MEDLINE text; nothing has been yielded.
    BrokenRecord
        The file is damaged from some record on; all entries before it have been yielded.
    """
    path = Path(path)
    _check_start(path)
    number = 0
    last_pmid: str | None = None
    try:
        for fields in _whole_records(MedlineLines(path)):
            number += 1
            entry = _entry(fields, number)
            yield entry
            last_pmid = entry.pmid if isinstance(entry, Record) else last_pmid
    except DamagedStreamError as damage:
        if number == 0 and not _mentions_pmid(path):
            raise UnreadableFile(path, f"is no MEDLINE text ({damage.cause})") from damage
        raise BrokenRecord(path, number + 1, damage.cause, last_pmid) from damage


def _check_start(path: Path) -> None:
    head = read_head(path).lstrip()
    for start, name in _OTHER_FORMATS.items():
        if head.startswith(start):
            raise UnreadableFile(path, f"is {name}, not MEDLINE text; in PubMed save with format 'PubMed'")


def _mentions_pmid(path: Path) -> bool:
    return b"\nPMID-" in b"\n" + read_head(path)


def _whole_records(lines: MedlineLines) -> Iterator[Fields]:
    """Yield records; refuse a last one that is cut off.

    PubMed ends every record with its source line (SO). A last record without it is cut off if one of the
    records before has it, or if the file's last line has no end.
    """
    some_end_well = False
    for values in Medline.parse(lines):  # type: ignore[no-untyped-call]
        fields = Fields(values, lines.take_tags())
        ends_well = _LAST_TAG in fields.tags
        if lines.at_end and not ends_well and (some_end_well or not lines.ends_with_newline):
            raise DamagedStreamError("the file ends in the middle of this record")
        some_end_well = some_end_well or ends_well
        yield fields


def _entry(fields: Fields, number: int) -> Entry:
    pmid = fields.one("PMID")
    if pmid is None:
        return Skipped(number, None, "citation without PMID")
    if not is_pmid(pmid):
        return Skipped(number, pmid, "its PMID is no number")
    if any(tag in fields.tags for tag in _BOOK_TAGS):
        return Skipped(number, pmid, "book article: no journal citation")
    record = record_from(fields, pmid)
    if not (record.title or record.vernacular_title):
        return Skipped(number, pmid, "citation without title")
    return record
