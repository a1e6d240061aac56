"""Any file of citations -> entries, by what the file holds rather than by its name."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from harvest.byte_stream import read_head
from harvest.errors import UnreadableFile
from harvest.medline_lines import is_field
from harvest.medline_text import read_medline_text
from harvest.medline_xml import read_pubmed_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harvest.record import Entry

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_KINDS = "PubMed XML or MEDLINE text (.nbib), plain or gzip"


def read_file(path: Path | str) -> Iterator[Entry]:
    """Yield the entries of a PubMed XML or MEDLINE text file, plain or gzip.

    Raises
    ------
    UnreadableFile
        The file is missing, empty or of another kind.
    BrokenRecord
        The file is damaged from some record on; all entries before it have been yielded.
    """
    path = Path(path)
    head = read_head(path)
    start = head.removeprefix(_BYTE_ORDER_MARK).lstrip()
    if start.startswith(b"<") or head.startswith(_UTF_16_MARKS):
        yield from read_pubmed_xml(path)
    elif is_field(start.splitlines()[0].decode("utf-8", "replace")) or b"\nPMID-" in head:
        yield from read_medline_text(path)
    else:
        raise UnreadableFile(path, f"is neither: expected {_KINDS}")


def file_digest(path: Path | str) -> str:
    """Return the SHA-256 of the file as it lies on disk, in hexadecimal.

    Raises
    ------
    UnreadableFile
        The file is missing or can't be read.
    """
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(path, f"can't be read ({error.strerror or error})") from error
