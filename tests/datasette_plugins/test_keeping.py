"""What is kept in memory: made once for a file, anew when the file changed, and not all the time while a build writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from datasette_plugins import keeping


class Clock:
    """Seconds that pass when told, and an answer that takes some."""

    def __init__(self, takes: float) -> None:
        self.now, self.takes, self.made = 1000.0, takes, 0

    def make(self, connection: sqlite3.Connection) -> int:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        self.now += self.takes
        self.made += 1
        return self.made


@pytest.fixture
def clock_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Clock]:
    def make(takes: float) -> Clock:
        clock = Clock(takes)
        monkeypatch.setattr(keeping, "monotonic", lambda: clock.now)
        return clock

    return make


def database(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    return connection


def write(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO t VALUES (zeroblob(10000))")
    connection.commit()


def test_a_quick_answer_is_kept_until_the_file_changes(
    tmp_path: Path, clock_of: Callable[[float], Clock]
) -> None:
    connection, clock = database(tmp_path / "a.db"), clock_of(0.1)
    assert [keeping.keep(connection, "quick", clock.make) for _ in range(3)] == [1, 1, 1]
    assert keeping.keep(connection, "other", clock.make) == 2
    write(connection)
    assert keeping.keep(connection, "quick", clock.make) == 3
    connection.close()


def test_a_long_answer_is_made_once_a_minute_at_most(
    tmp_path: Path, clock_of: Callable[[float], Clock]
) -> None:
    connection, clock = database(tmp_path / "b.db"), clock_of(12.0)
    assert keeping.keep(connection, "long", clock.make) == 1
    write(connection)
    clock.now += keeping.AT_MOST_EVERY_SECONDS - 1
    assert keeping.keep(connection, "long", clock.make) == 1
    clock.now += 2
    assert keeping.keep(connection, "long", clock.make) == 2
    clock.now += 10 * keeping.AT_MOST_EVERY_SECONDS
    assert keeping.keep(connection, "long", clock.make) == 2  # nothing changed since
    connection.close()


def test_bases_are_told_apart_and_memory_is_bounded(
    tmp_path: Path, clock_of: Callable[[float], Clock]
) -> None:
    one, other, clock = database(tmp_path / "c.db"), database(tmp_path / "d.db"), clock_of(0.1)
    assert keeping.keep(one, "x", clock.make) != keeping.keep(other, "x", clock.make)
    for number in range(100):
        keeping.keep(one, number, clock.make)
    assert len(keeping._kept) <= keeping._MOST
    memory = sqlite3.connect(":memory:")
    assert keeping.keep(memory, "x", clock.make) != keeping.keep(memory, "x", clock.make)
    for connection in (one, other, memory):
        connection.close()
