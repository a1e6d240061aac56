"""Answers that take the whole graph, kept in memory until the database file changes.

While a build writes, the file changes all the time. An answer that takes long is then made once a minute at most; pages
say on how many records it rests, not on how many there are by now.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

_MOST = 12
LONG_SECONDS = 1.0
AT_MOST_EVERY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Any
    stamp: Hashable
    made_at: float
    took: float


_kept: OrderedDict[Hashable, _Kept] = OrderedDict()
# One at a time: two visitors who ask for the same at once wait for one answer, they do not make it twice.
_making = Lock()


def keep(connection: sqlite3.Connection, name: Hashable, make: Callable[[sqlite3.Connection], Any]) -> Any:
    """Return what `make` made for this database, made anew where its file or write-ahead log changed since.

    `make` gets a connection of its own, which only reads: Datasette's decodes every text in Python, which takes more than
    half of the time over a whole base. A database that is no file is asked each time, in the connection given.
    """
    path = next(row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main")
    if not path:
        return make(connection)
    with _making:
        kept = _kept.get((path, name))
        if kept is None or not _holds(kept, path):
            stamp, start = _stamp(path), monotonic()
            with closing(sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True)) as plain:
                answer = make(plain)
            kept = _Kept(answer, stamp, monotonic(), monotonic() - start)
            _kept[(path, name)] = kept
            while len(_kept) > _MOST:
                _kept.popitem(last=False)
        _kept.move_to_end((path, name))
        return kept.answer


def _holds(kept: _Kept, path: str) -> bool:
    fresh = kept.took > LONG_SECONDS and monotonic() - kept.made_at < AT_MOST_EVERY_SECONDS
    return fresh or kept.stamp == _stamp(path)


def _stamp(path: str) -> Hashable:
    """Which file it is, with size and time of it and of its log."""
    files = [file for file in (Path(path), Path(f"{path}-wal")) if file.exists()]
    return tuple((file.stat().st_ino, file.stat().st_size, file.stat().st_mtime_ns) for file in files)
