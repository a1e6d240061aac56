"""PubMed XML (a PubmedArticleSet, plain or gzip) -> records, deletions and skipped entries, streaming."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harvest.byte_stream import DamagedStreamError
from harvest.citation_xml import record_from
from harvest.errors import BrokenRecord
from harvest.identifiers import is_pmid
from harvest.record import Deletion, Entry, Skipped
from harvest.xml_stream import read_elements
from harvest.xml_text import text_at, texts_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

ROOTS = ("PubmedArticleSet", "PubmedBookArticleSet")
_BOOK = "book article: no journal citation"


def read_pubmed_xml(path: Path | str) -> Iterator[Entry]:
    """Yield every entry of a PubMed XML file in file order, in memory bounded by the largest citation.

    Two versions of one citation are both yielded, as they come.

    Raises
    ------
    UnreadableFile
        The file as a whole is no PubMed XML; nothing has been yielded.
    BrokenRecord
        The file is damaged from some record on; all entries before it have been yielded.
    """
    path = Path(path)
    number = 0
    last_pmid: str | None = None
    try:
        for element in read_elements(path, ROOTS):
            for entry in _entries(element, number + 1):
                number += 1
                yield entry
                if not isinstance(entry, Skipped):
                    last_pmid = entry.pmid
    except DamagedStreamError as damage:
        raise BrokenRecord(path, number + 1, damage.cause, last_pmid) from damage


def _entries(element: etree._Element, number: int) -> Iterator[Entry]:
    match element.tag:
        case "PubmedArticle":
            yield _article(element, number)
        case "DeleteCitation" | "DeleteDocument":
            for offset, pmid in enumerate(texts_at(element, "PMID")):
                if is_pmid(pmid):
                    yield Deletion(pmid)
                else:
                    yield Skipped(number + offset, pmid, "deletion of something that is no PMID")
        case "PubmedBookArticle":
            yield Skipped(number, text_at(element, "BookDocument/PMID"), _BOOK)
        case "ERROR":
            raise DamagedStreamError(f"PubMed reports an error in place of a record: {text_at(element, '.')}")
        case other:
            yield Skipped(number, None, f"<{other}> is no citation")


def _article(element: etree._Element, number: int) -> Entry:
    """Convert a PubmedArticle, or say why it is passed over."""
    pmid = text_at(element, "MedlineCitation/PMID")
    if pmid is None:
        return Skipped(number, None, "citation without PMID")
    if not is_pmid(pmid):
        return Skipped(number, pmid, "its PMID is no number")
    try:
        record = record_from(element, pmid)
    except DamagedStreamError as damage:
        raise DamagedStreamError(f"in PMID {pmid}: {damage.cause}") from damage
    if not (record.title or record.vernacular_title):
        return Skipped(number, pmid, "citation without title")
    return record
