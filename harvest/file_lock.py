"""Locks on files that hold among all threads and processes of a machine, and end with their holder."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _lock(file: BinaryIO, *, wait: bool) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

    def _unlock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO, *, wait: bool) -> None:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def locked(file: BinaryIO, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock on an open file; it is let go at the end, also when the process is killed.

    Each holder opens the file for itself: then threads keep each other out as processes do.

    Raises
    ------
    BlockingIOError
        Somebody else holds it and `wait` is false.
    """
    try:
        _lock(file, wait=wait)
    except PermissionError as error:  # how Windows says that it is held
        raise BlockingIOError(*error.args) from error
    try:
        yield
    finally:
        _unlock(file)
