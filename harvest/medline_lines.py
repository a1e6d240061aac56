"""Lines of a MEDLINE text file -> whole fields, one a line, as Bio.Medline reads them best.

Bio.Medline splits wrapped values of most tags and loses which affiliation belongs to which author; unfolding
first, and noting the tags of each record in order, keeps both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harvest.byte_stream import DamagedStreamError, read_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FIELD = re.compile(r"(?=.{4}-)([A-Z][A-Z0-9]{1,3}) *-(?: |$)")
_CONTINUATION = " " * 6
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def is_field(line: str) -> bool:
    """Whether a line begins a field, as "PMID- 123" and "TI  - Radiotherapy" do."""
    return _FIELD.match(line) is not None


class MedlineLines:
    """Iterates over the unfolded lines of a file; a record's tags are noted until `take_tags` is called.

    Raises `DamagedStreamError` on bytes that are not UTF-8, on a line that is no field, and where the
    compressed data break.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tags: list[str] = []
        self.ends_with_newline = True
        self.at_end = False

    def take_tags(self) -> tuple[str, ...]:
        """Return the tags of the record just read, in file order, and forget them."""
        tags = tuple(self._tags)
        self._tags.clear()
        return tags

    def __iter__(self) -> Iterator[str]:
        field = ""
        for number, line in enumerate(self._lines(), 1):
            if line.startswith(_CONTINUATION):
                if not field:
                    raise DamagedStreamError(f"line {number} continues a field, but none comes before it")
                field = f"{field} {line.strip(' ')}".rstrip(" ")
                continue
            if field:
                yield self._note(field)
                field = ""
            if not line.strip():
                yield "\n"
            elif is_field(line):
                field = line
            else:
                raise DamagedStreamError(f"line {number} is no MEDLINE field: {line[:40]!r}")
        if field:
            yield self._note(field)
        self.at_end = True

    def _note(self, field: str) -> str:
        self._tags.append(field[:4].rstrip())
        return field + "\n"

    def _lines(self) -> Iterator[str]:
        """Yield decoded lines without their ends."""
        for number, raw in enumerate(self._raw_lines(), 1):
            self.ends_with_newline = raw.endswith(b"\n")
            bare = raw.removeprefix(_BYTE_ORDER_MARK) if number == 1 else raw
            try:
                yield bare.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise DamagedStreamError(f"line {number} is not UTF-8 ({error.reason})") from error

    def _raw_lines(self) -> Iterator[bytes]:
        rest = b""
        for piece in read_pieces(self._path):
            *lines, rest = (rest + piece).split(b"\n")
            yield from (line + b"\n" for line in lines)
        if rest:
            yield rest
