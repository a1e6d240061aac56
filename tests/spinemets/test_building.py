"""Building a knowledge base: whole, again, damaged, interrupted and killed, always through the real command."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harvest.files import read_file
from kb.content_digest import content_digest
from kb.schema import open_database
from spinemets import building
from spinemets.building import BATCH
from spinemets.cli import cli
from spinemets.screening import keep_relevant
from tests.harvest.made_up_files import FIRST_PMID, article, article_set, articles, write


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def digest(database: Path) -> str:
    db = open_database(database)
    try:
        return content_digest(db)
    finally:
        db.close()


def count(database: Path, table: str) -> int:
    connection = sqlite3.connect(database)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


@pytest.fixture
def xml(tmp_path: Path) -> Path:
    return write(tmp_path / "records.xml", article_set(*articles(7)))


def test_every_record_is_stored_and_building_again_changes_nothing(tmp_path: Path, xml: Path) -> None:
    first = run("build", "--db", tmp_path / "kb.db", "--from", xml)
    assert first.exit_code == 0, first.output
    assert "7 records new" in first.output
    before = digest(tmp_path / "kb.db")
    again = run("build", "--db", tmp_path / "kb.db", "--from", xml)
    assert "0 records new, 0 changed" in again.output
    assert digest(tmp_path / "kb.db") == before


def test_the_order_of_work_does_not_change_the_content(tmp_path: Path) -> None:
    parts = articles(6)
    one = write(tmp_path / "one.xml", article_set(*parts[:3]))
    two = write(tmp_path / "two.xml", article_set(*parts[3:]))
    assert run("build", "--db", tmp_path / "a.db", "--from", one, two).exit_code == 0
    assert run("build", "--db", tmp_path / "b.db", "--from", two, "--from", one).exit_code == 0
    assert digest(tmp_path / "a.db") == digest(tmp_path / "b.db")


def test_a_damaged_file_keeps_what_is_good_and_fails_by_name(tmp_path: Path) -> None:
    whole = article_set(*articles(5))
    cut = write(tmp_path / "cut.xml", whole[: whole.rindex("<PubmedArticle") + 40])
    good = write(tmp_path / "good.xml", article_set(*articles(6)[5:]))
    result = run("build", "--db", tmp_path / "kb.db", "--from", cut, good)
    assert result.exit_code == 1
    assert "cut.xml: record 5" in result.output
    assert count(tmp_path / "kb.db", "records") == 5  # four before the fault, one of the other file
    connection = sqlite3.connect(tmp_path / "kb.db")
    [(number, kind)] = connection.execute("SELECT number, kind FROM problems").fetchall()
    connection.close()
    assert (number, kind) == (5, "broken_record")


def test_a_mended_file_is_read_anew(tmp_path: Path) -> None:
    whole = article_set(*articles(5))
    path = write(tmp_path / "records.xml", whole[: whole.rindex("<PubmedArticle") + 40])
    assert run("build", "--db", tmp_path / "kb.db", "--from", path).exit_code == 1
    write(path, whole)
    assert run("build", "--db", tmp_path / "kb.db", "--from", path).exit_code == 0
    assert count(tmp_path / "kb.db", "records") == 5
    assert count(tmp_path / "kb.db", "problems") == 0


@pytest.mark.parametrize("arguments", [["build"], ["build", "--nothing"], ["summary"], ["graph", "export"]])
def test_a_wrong_command_line_exits_with_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_missing_files_and_databases_are_named(tmp_path: Path) -> None:
    missing = run("build", "--db", tmp_path / "kb.db", "--from", tmp_path / "none.xml")
    assert missing.exit_code == 1
    assert "none.xml" in missing.output
    assert not (tmp_path / "kb.db").exists()
    status = run("status", "--db", tmp_path / "other.db")
    assert status.exit_code == 1
    assert "other.db" in status.output
    assert "spinemets build" in status.output
    text = write(tmp_path / "text.db", "this is no database, but long enough to be looked at as one" * 20)
    assert "is no SQLite database" in run("status", "--db", text).output


def test_ctrl_c_while_a_command_still_loads_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    class Loading:
        def __getattr__(self, name: str) -> None:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "spinemets.reporting", Loading())
    stopped = run("status")
    assert stopped.exit_code == 130
    assert "run the same command again" in stopped.output


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("news", "--since", "yesterday"), "is no day such as 2026-11-01"),
        (("news", "--since", "2026-31-12"), "is no day such as 2026-11-01"),
        (("ask", ""), "ask a question"),
        (("ask", "  "), "ask a question"),
    ],
)
def test_what_cannot_be_asked_is_a_wrong_command_line(command: tuple[str, ...], says: str) -> None:
    refused = run(*command)
    assert refused.exit_code == 2
    assert says in refused.output


def test_extract_writes_one_object_a_record_whole_or_not_at_all(tmp_path: Path, xml: Path) -> None:
    output = tmp_path / "evidence.jsonl"
    assert run("extract", xml, "--output", output).exit_code == 0
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 7
    assert all(line["source"] == "file" for line in lines)
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


_BUILD = (
    "import sys; from spinemets import building; building.BATCH = 5; from spinemets.cli import cli; "
    "cli(['build', '--jobs', '1', '--db', sys.argv[1], '--from', sys.argv[2]])"
)


def wait_for(database: Path, records: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the build has stored some records (or ended)."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if database.exists() and count(database, "records") >= records:
                return
        except sqlite3.OperationalError:
            pass
        time.sleep(0.005)


@pytest.mark.parametrize(("how", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_a_build_cut_short_goes_on_where_it_stopped(tmp_path: Path, how: signal.Signals, code: int) -> None:
    path = write(tmp_path / "records.xml", article_set(*articles(400)))
    whole, broken = tmp_path / "whole.db", tmp_path / "broken.db"
    assert run("build", "--jobs", "1", "--db", whole, "--from", path).exit_code == 0
    process = subprocess.Popen(
        [sys.executable, "-c", _BUILD, str(broken), str(path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    wait_for(broken, 5, process)
    process.send_signal(how)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == code, complaint
    stored = count(broken, "records")
    assert 0 < stored < 400
    assert stored % 5 == 0  # whole batches only
    result = run("build", "--jobs", "1", "--db", broken, "--from", path)
    assert result.exit_code == 0, result.output
    assert f"{400 - stored} records new" in result.output
    assert digest(broken) == digest(whole)


def test_processes_find_the_same_as_one(tmp_path: Path) -> None:
    path = write(tmp_path / "records.xml", article_set(*articles(BATCH)))
    assert run("build", "--jobs", "1", "--db", tmp_path / "one.db", "--from", path).exit_code == 0
    assert run("build", "--jobs", "2", "--db", tmp_path / "two.db", "--from", path).exit_code == 0
    assert digest(tmp_path / "one.db") == digest(tmp_path / "two.db")


def test_only_relevant_records_of_a_file_are_kept(tmp_path: Path) -> None:
    on, off = FIRST_PMID, FIRST_PMID + 1
    first = write(
        tmp_path / "a.xml",
        article_set(article(on, "Surgery for spinal metastases"), article(off, "Invented knees")),
    )
    result = run("build", "--db", tmp_path / "kb.db", "--only-relevant", first)
    assert "1 record new" in result.output
    assert "1 record is off topic and was left out" in result.output
    # What is held stays up to date, even where it leaves the topic.
    later = write(tmp_path / "b.xml", article_set(article(on, "Invented knees, corrected")))
    assert "1 changed" in run("build", "--db", tmp_path / "kb.db", "--only-relevant", later).output
    # Read in full later, the file brings what was left out.
    assert "1 record new" in run("build", "--db", tmp_path / "kb.db", first).output
    assert count(tmp_path / "kb.db", "records") == 2


def test_a_file_that_differs_from_its_md5_is_not_read(tmp_path: Path, xml: Path) -> None:
    write(tmp_path / "records.xml.md5", "MD5(records.xml)= " + "0" * 32)
    result = run("build", "--db", tmp_path / "kb.db", xml)
    assert result.exit_code == 1
    assert "records.xml: differs from its records.xml.md5" in result.output
    assert count(tmp_path / "kb.db", "records") == 0


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(count_of: int) -> int:
        path = write(tmp_path / f"{count_of}.xml", article_set(*articles(count_of)))
        db = open_database(tmp_path / f"{count_of}.db", create=True)
        tracemalloc.start()
        for entries in building._batches(iter(read_file(path))):
            assert keep_relevant(db, entries)[0] == []
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        db.close()
        return highest

    peak(10)  # what is made once is made
    # Kept records would make it eight times as much; the collector's timing makes it up to twice.
    assert peak(16 * BATCH) < 4 * peak(2 * BATCH)
