"""The commands as a librarian types them, against the loopback PubMed, at PubMed's own pace for keys."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from spinemets.cli import cli
from tests.eutils_server import FIRST_PMID, Library, Loopback, Paper, Request, papers
from tests.spinemets.test_harvesting import ask, digest

TODAY = datetime.now(UTC).date()


def run(folder: Path, command: str, *arguments: str, server: Loopback | None = None, code: int = 0) -> Result:
    places = ["--db", str(folder / "kb.db")]
    if command != "news":
        places += ["--archive", str(folder / "archive"), "--jobs", "1"]
    if server:
        places += ["--email", "tests@example.org", "--api-key", "key", "--eutils-url", server.url]
    result = CliRunner().invoke(cli, [command, *places, *arguments])
    assert result.exit_code == code, result.output
    return result


def test_harvest_update_news_and_rebuild(tmp_path: Path) -> None:
    with Loopback(Library(papers(30))) as server:
        assert "30 records new" in run(tmp_path, "harvest", server=server).output
        server.library.papers[FIRST_PMID + 99] = Paper(
            FIRST_PMID + 99, "Spinal metastases today", TODAY, TODAY
        )
        assert "1 records new" in run(tmp_path, "update", server=server).output
    assert "Spinal metastases today" in run(tmp_path, "news").output
    told = json.loads(run(tmp_path, "news", "--since", "2000-01-01", "--format", "json").output)
    assert told["counts"]["new"] == 31
    before = digest(tmp_path / "kb.db")
    (tmp_path / "kb.db").rename(tmp_path / "old.db")
    assert "31 records new" in run(tmp_path, "rebuild").output
    assert digest(tmp_path / "kb.db") == before


def test_lists_of_pmids(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text(f"# included\n{FIRST_PMID}, {FIRST_PMID + 1}\nPMID: {FIRST_PMID}\n")
    (tmp_path / "bad.txt").write_text("12345\nSmith 2020\n")
    with Loopback(Library(papers(3))) as server:
        result = run(tmp_path, "harvest", "--pmids", str(tmp_path / "mine.txt"), server=server)
        assert "2 records new" in result.output
        asked = len(server.log)
        bad = run(tmp_path, "harvest", "--pmids", str(tmp_path / "bad.txt"), server=server, code=1)
        assert "line 2: 'Smith' is no PMID" in bad.output
        assert len(server.log) == asked


def test_errors_are_one_line_and_exit_1(tmp_path: Path) -> None:
    with Loopback(Library(papers(3)), faults=lambda _request: "403") as server:
        result = run(tmp_path, "harvest", server=server, code=1)
        assert "error: http" in result.output
        assert "Traceback" not in result.output
        unknown = run(tmp_path, "harvest", "--strategy", "none", server=server, code=1)
        assert "there is no strategy 'none'" in unknown.output
    assert "spinemets harvest" in run(tmp_path / "elsewhere", "rebuild", code=1).output


def test_an_address_is_required(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NCBI_EMAIL", raising=False)
    assert "--email" in run(tmp_path, "harvest", code=2).output
    assert "is no address" in run(tmp_path, "harvest", "--email", "me", code=2).output
    wrong = run(tmp_path, "update", "--email", "me@example.org", "--eutils-url", "ftp://x", code=2)
    assert "does not begin with http" in wrong.output


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
def test_ctrl_c_exits_with_130_and_the_next_run_goes_on(tmp_path: Path) -> None:
    children: list[subprocess.Popen[str]] = []

    def interrupt(request: Request) -> None:
        if request.tool == "efetch":
            os.kill(children[0].pid, signal.SIGINT)

    with Loopback(Library(papers(30)), faults=interrupt) as server:
        command = [sys.executable, "-m", "spinemets.cli", "harvest", "--email", "tests@example.org"]
        places = ["--db", str(tmp_path / "kb.db"), "--archive", str(tmp_path / "archive"), "--jobs", "1"]
        environment = os.environ | {"SPINEMETS_EUTILS_URL": server.url, "NCBI_API_KEY": "key"}
        children.append(
            subprocess.Popen([*command, *places], env=environment, stderr=subprocess.PIPE, text=True)
        )
        _, said = children[0].communicate(timeout=60)
        assert children[0].returncode == 130
        assert said.strip() == "interrupted; run the same command again to go on"
        server.faults = lambda _request: None
        result = run(tmp_path, "harvest", server=server)
    assert "Going on with 0001-harvest-broad-1" in result.output
    assert ask(tmp_path, "SELECT count(*) FROM records") == [(30,)]
