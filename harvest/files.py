"""Any file of citations -> entries, by what the file holds rather than by its name."""

from __future__ import annotations

import hashlib
import re
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
_MD5 = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{32}(?![0-9A-Fa-f])")
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


def check_md5(path: Path | str) -> bool:
    """Hold a file against the `.md5` file beside it, as NLM gives one with each baseline and update file.

    Returns whether there is one. Both spellings count: "MD5(name)= digest" and "digest  name".

    Raises
    ------
    UnreadableFile
        The file is not what NLM published, or the `.md5` file holds no digest.
    """
    path = Path(path)
    beside = path.with_name(path.name + ".md5")
    try:
        said = _MD5.search(beside.read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UnreadableFile(beside, f"can't be read ({error.strerror or error})") from error
    if said is None:
        raise UnreadableFile(beside, "holds no MD5 digest; download it again, or take it away")
    if _digest(path, "md5") != said[0].lower():
        raise UnreadableFile(path, f"differs from its {beside.name}: damaged on its way; download it again")
    return True


def file_digest(path: Path | str) -> str:
    """Return the SHA-256 of the file as it lies on disk, in hexadecimal.

    Raises
    ------
    UnreadableFile
        The file is missing or can't be read.
    """
    return _digest(Path(path), "sha256")


def _digest(path: Path, kind: str) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, kind).hexdigest()
    except OSError as error:
        raise UnreadableFile(path, f"can't be read ({error.strerror or error})") from error
