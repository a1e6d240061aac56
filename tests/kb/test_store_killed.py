"""A build that is killed at any point and resumed ends with the same content as one that is not."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harvest.record import Batch
from kb.content_digest import content_digest
from kb.schema import open_database
from kb.store import finish_source, source_position, store_batch, write_vocabulary
from tests.made_up import extraction, finding, record
from tests.made_up_vocabulary import VOCABULARY

ENTRIES = 240
SIZE = 4


def build(path: Path, pause: float = 0.0) -> None:
    """Store made-up papers in small batches from where the last build stopped."""
    db = open_database(path, create=True)
    write_vocabulary(db, VOCABULARY)
    start = source_position(db, "killed.xml", "d").entries
    for first in range(start, ENTRIES, SIZE):
        records = [
            record(str(91000000 + n), f"Paper {n}", ("RESULTS", f"Local control was {n}% after SBRT."))
            for n in range(first, min(first + SIZE, ENTRIES))
        ]
        found = [
            extraction(of, findings=(finding(of, of.sections[1], outcome="local_control"),)) for of in records
        ]
        store_batch(db, Batch("killed.xml", tuple(records), first + len(records)), found, source_digest="d")
        time.sleep(pause)
    finish_source(db, "killed.xml", "d")
    db.close()


def is_whole(path: Path) -> bool:
    """Whether the stored position says exactly how many records are there, each with its evidence."""
    db = open_database(path)
    position = source_position(db, "killed.xml", "d").entries
    counts = db.execute("SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM findings)").fetchone()
    return bool(counts == (position, position) and db.execute("PRAGMA integrity_check").fetchone() == ("ok",))


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_builds_resume_to_the_same_content(tmp_path: Path) -> None:
    build(tmp_path / "calm.db")
    path = tmp_path / "killed.db"
    open_database(path, create=True).close()
    stopped_at = []
    for goal in (20, 120):
        code = (
            "from pathlib import Path; from tests.kb.test_store_killed import build;"
            f" build(Path({str(path)!r}), 0.004)"
        )
        root = Path(__file__).parents[2]
        with subprocess.Popen([sys.executable, "-c", code], cwd=root) as child:
            watcher = open_database(path)
            while source_position(watcher, "killed.xml", "d").entries < goal and child.poll() is None:
                time.sleep(0.001)
            watcher.close()
            child.send_signal(signal.SIGKILL)
            child.wait()
        assert is_whole(path)
        db = open_database(path)
        stopped_at.append(source_position(db, "killed.xml", "d").entries)
        db.close()
    assert 20 <= stopped_at[0] < stopped_at[1] < ENTRIES
    build(path)
    assert is_whole(path)
    assert content_digest(open_database(path)) == content_digest(open_database(tmp_path / "calm.db"))
