"""The pace of two processes that ask as fast as they may, from the server's own log.

Run: python -m tests.bench.bench_pace
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from harvest.throttle import INTERVAL, INTERVAL_WITH_KEY
from tests.eutils_server import Library, Loopback, papers
from tests.harvest.test_throttle import ASK

SECONDS = 12


def most_in_a_second(times: list[float]) -> int:
    """The largest number of requests in any second."""
    return max(sum(start <= time < start + 1 for time in times) for start in times)


def main() -> None:
    """Measure without and with a key."""
    failed = False
    for allowed, interval in ((3, INTERVAL), (10, INTERVAL_WITH_KEY)):
        each = round(SECONDS / interval / 2)
        with tempfile.TemporaryDirectory() as name, Loopback(Library(papers(3))) as server:
            arguments = [server.url, str(interval), str(Path(name) / "pace"), str(each)]
            began = time.monotonic()
            children = [subprocess.Popen([sys.executable, "-c", ASK, *arguments]) for _ in range(2)]
            if any(child.wait() for child in children):
                raise SystemExit("a process failed")
            times = [request.arrived for request in server.log]
        most = most_in_a_second(times)
        failed |= most > allowed
        gaps = [b - a for a, b in pairwise(times)]
        print(
            f"two processes, {allowed} allowed a second: {len(times)} requests in {time.monotonic() - began:.1f} s, "
            f"at most {most} in any second, shortest gap {min(gaps):.3f} s"
        )
    if failed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
