"""Answers that take the whole graph, kept in memory until the database file changes."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from typing import Any

_MOST = 12
_kept: OrderedDict[Hashable, Any] = OrderedDict()
# One at a time: two visitors who ask for the same at once wait for one answer, they do not make it twice.
_making = Lock()


def keep(connection: sqlite3.Connection, name: Hashable, make: Callable[[], Any]) -> Any:
    """Return what `make` made for this database, made anew where its file or write-ahead log changed since.

    A database that is no file is asked each time.
    """
    stamp = _stamp(connection)
    if stamp is None:
        return make()
    key = (stamp, name)
    with _making:
        if key not in _kept:
            _kept[key] = make()
            while len(_kept) > _MOST:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
        return _kept[key]


def _stamp(connection: sqlite3.Connection) -> Hashable:
    """The file, with size and time of it and of its log; None where there is no file."""
    path = next(row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main")
    if not path:
        return None
    files = [file for file in (Path(path), Path(f"{path}-wal")) if file.exists()]
    return (path, *((file.stat().st_size, file.stat().st_mtime_ns) for file in files))
