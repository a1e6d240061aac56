"""One pace for all requests of this machine: threads and processes share a file with the time of the last one."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harvest.file_lock import locked

if TYPE_CHECKING:
    from typing import BinaryIO

# PubMed allows 3 requests a second, 10 with an API key. A little more than a third and a tenth of a second apart,
# requests that reach the server out of step still never come faster.
INTERVAL = 0.37
INTERVAL_WITH_KEY = 0.11
PACE_FILE = Path(tempfile.gettempdir()) / "spinemets-eutilities.pace"
_TIME_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Throttle:
    """Lets one request go every `interval` seconds, among all who name the same `file`."""

    interval: float = INTERVAL
    file: Path = PACE_FILE

    def wait(self) -> None:
        """Return when a request may go, and note that it does."""
        if self.interval <= 0:
            return
        with _open_shared(self.file) as file, locked(file):
            due = min(_read_time(file), time.time()) + self.interval  # a clock set back must not stop us
            while (left := due - time.time()) > 0:
                time.sleep(min(left, self.interval))
            _write_time(file, time.time())


def _open_shared(path: Path) -> BinaryIO:
    """Open the file for reading and writing, made so that other users of the machine can share it."""
    no_follow = getattr(os, "O_NOFOLLOW", 0)
    try:
        # Without O_CREAT first: in a sticky folder some systems refuse to "create" another user's file.
        number = os.open(path, os.O_RDWR | no_follow)
    except FileNotFoundError:
        number = os.open(path, os.O_RDWR | os.O_CREAT | no_follow, 0o666)
        if hasattr(os, "fchmod"):
            os.fchmod(number, 0o666)
    return os.fdopen(number, "r+b", buffering=0)


def _read_time(file: BinaryIO) -> float:
    file.seek(0)
    try:
        return float(file.read(_TIME_LENGTH))
    except ValueError:
        return 0.0


def _write_time(file: BinaryIO, now: float) -> None:
    file.seek(0)
    file.write(f"{now:<{_TIME_LENGTH}.6f}".encode())
