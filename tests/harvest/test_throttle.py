"""One pace for all threads and processes of a machine, and patience with a server that is not well."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from harvest.patience import Patience, retry_after
from harvest.throttle import Throttle
from tests.eutils_server import Library, Loopback, papers

ROOT = Path(__file__).parents[2]
ASK = """
import sys
from pathlib import Path
from harvest.eutilities import Eutilities
from harvest.throttle import Throttle
from harvest.transport import Wire
client = Eutilities("tests@example.org", wire=Wire(sys.argv[1]), throttle=Throttle(float(sys.argv[2]), Path(sys.argv[3])))
for _ in range(int(sys.argv[4])):
    client.search("spine", listed=1)
"""


def test_two_processes_keep_one_pace(tmp_path: Path) -> None:
    interval, each = 0.05, 6
    with Loopback(Library(papers(3))) as server:
        arguments = [server.url, str(interval), str(tmp_path / "pace"), str(each)]
        began = time.time()
        children = [subprocess.Popen([sys.executable, "-c", ASK, *arguments], cwd=ROOT) for _ in range(2)]
        assert [child.wait(60) for child in children] == [0, 0]
        arrived = [request.arrived for request in server.log]
    assert len(arrived) == 2 * each
    for number, time_of in enumerate(arrived):  # the first may go at once, each other an interval later
        assert time_of - began >= number * interval


def test_threads_keep_one_pace(tmp_path: Path) -> None:
    throttle = Throttle(0.02, tmp_path / "pace")
    began = time.time()
    threads = [
        threading.Thread(target=lambda: [throttle.wait() for _ in range(4)], daemon=True) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert time.time() - began >= 11 * 0.02


def test_a_damaged_pace_file_or_a_clock_set_back_stops_nobody(tmp_path: Path) -> None:
    for text in ("", "nonsense", "99999999999.0", "nan"):
        (tmp_path / "pace").write_text(text, encoding="ascii")
        began = time.monotonic()
        Throttle(0.01, tmp_path / "pace").wait()
        assert time.monotonic() - began < 30
        assert abs(float((tmp_path / "pace").read_text(encoding="ascii")) - time.time()) < 30


@given(st.integers(1, 200), st.floats(0, 1), st.none() | st.floats(0, 500))
def test_pauses_stay_within_bounds(failures: int, chance: float, wish: float | None) -> None:
    patience = Patience(chance=lambda: chance)
    pause = patience.pause(failures, wish)
    assert pause >= (wish or 0)
    assert patience.first_pause / 2 <= pause <= max(patience.longest_pause, wish or 0)


def test_retry_after_is_a_number_or_a_date() -> None:
    now = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
    assert retry_after("120") == 120
    assert retry_after("Tue, 24 Nov 2026 12:01:30 GMT", now) == 90
    assert retry_after("Tue, 24 Nov 2026 11:00:00 GMT", now) == 0
    assert retry_after("") is retry_after("tomorrow") is None
