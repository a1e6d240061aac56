"""Bytes of a file in pieces, unpacked where it is gzip, with every good byte before a fault handed over."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, BinaryIO

from harvest.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

GZIP_MAGIC = b"\x1f\x8b"
_PLAIN_PIECE = 1 << 16
_PACKED_PIECE = 512  # small, so that little that is good is lost with the piece that holds the fault
_GZIP_FORMAT = 31


class DamagedStreamError(Exception):
    """Reading can't go on from here. Whoever knows the file and the record number says where that is."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(cause)


class ByteStream:
    """A file opened for a parser that asks with `read`; pieces may be shorter or longer than asked for."""

    def __init__(self, path: Path) -> None:
        self._pieces = read_pieces(path)

    def read(self, _size: int = -1) -> bytes:
        """Return the next piece, empty at the end.

        Raises
        ------
        UnreadableFile
            The file can't be opened.
        DamagedStreamError
            The compressed data are cut off or corrupt.
        """
        return next(self._pieces, b"")

    def close(self) -> None:
        """Close the file."""
        self._pieces.close()


def read_pieces(path: Path) -> Generator[bytes, None, None]:
    """Yield the file's bytes in order, unpacked if it begins as gzip does. Errors as `ByteStream.read`."""
    try:
        with path.open("rb") as file:
            packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            file.seek(0)
            yield from _unpack(file) if packed else iter(lambda: file.read(_PLAIN_PIECE), b"")
    except OSError as error:
        raise UnreadableFile(path, f"can't be read ({error.strerror or error})") from error


def _unpack(file: BinaryIO) -> Iterator[bytes]:
    """Yield unpacked bytes of all members of a gzip file; zero bytes after the last member are padding."""
    member = zlib.decompressobj(_GZIP_FORMAT)
    try:
        while piece := file.read(_PACKED_PIECE):
            while piece:
                if member.eof:
                    piece = piece.lstrip(b"\0")
                    if not piece:
                        break
                    member = zlib.decompressobj(_GZIP_FORMAT)
                if data := member.decompress(piece):
                    yield data
                piece = member.unused_data if member.eof else b""
    except zlib.error as error:
        raise DamagedStreamError(f"the gzip data are corrupt ({error})") from error
    if not member.eof:
        raise DamagedStreamError("the gzip data end too early: the file is cut off")


def read_head(path: Path, size: int = 4096) -> bytes:
    """Return the first bytes of the unpacked file, for recognising what it is.

    Raises
    ------
    UnreadableFile
        The file is missing, can't be opened, is empty, or is gzip with nothing readable in it.
    """
    head = b""
    pieces = read_pieces(path)
    try:
        while len(head) < size and (piece := next(pieces, b"")):
            head += piece
    except DamagedStreamError as damage:
        if not head:
            raise UnreadableFile(path, damage.cause) from damage
    if not head.strip():
        raise UnreadableFile(path, "is empty")
    return head[:size]
