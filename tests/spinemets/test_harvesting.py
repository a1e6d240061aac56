"""Harvesting through every fault and interruption: the database ends as that of an undisturbed harvest."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from harvest.archive import Archive
from harvest.errors import ArchiveInUse, DamagedArchive, NothingFound, NothingToUpdate, ServerTrouble
from harvest.record import Entry
from harvest.strategy import Strategy
from kb.content_digest import content_digest
from kb.evidence import Extraction
from kb.schema import open_database
from spinemets.building import build_knowledge_base, tagger
from spinemets.harvesting import Outcome, Settings, harvest, harvest_list, rebuild, update
from tests.eutils_server import FAULTS, FIRST_PMID, Library, Loopback, Paper, Request, papers
from tests.harvest.loopback_client import client_of, from_then_on, once_each

STRATEGY = Strategy("broad", "1", date(2026, 11, 24), "spine[ti]", "all", "made up", ())
COUNT = 300
CAP = 130
ROOT = Path(__file__).parents[2]


def settings(folder: Path, **values: Any) -> Settings:
    base = Settings(folder / "kb.db", folder / "archive", jobs=1, batch_size=40, listed_at_most=CAP)
    return replace(base, **values)


def run_harvest(
    folder: Path, server: Loopback, *, tries: int = 4, timeout: float = 10, **values: Any
) -> Outcome:
    return harvest(settings(folder, **values), client_of(server, tries=tries, timeout=timeout), [STRATEGY])


def digest(database: Path) -> str:
    db = open_database(database)
    try:
        return content_digest(db)
    finally:
        db.close()


def ask(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(folder / "kb.db")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, int]:
    """The digest of an undisturbed harvest, and how many requests it took."""
    folder = tmp_path_factory.mktemp("clean")
    with Loopback(Library(papers(COUNT)), cap=CAP) as server:
        outcome = run_harvest(folder, server)
        assert (outcome.promised, outcome.fetched, outcome.counts.new, outcome.faults) == (
            COUNT,
            COUNT,
            COUNT,
            [],
        )
        return digest(folder / "kb.db"), len(server.log)


@pytest.fixture
def server() -> Any:
    with Loopback(Library(papers(COUNT)), cap=CAP, hang=0.3) as loopback:
        yield loopback


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "looks empty"])
def test_a_fault_at_every_step_changes_nothing(
    tmp_path: Path, server: Loopback, clean: tuple[str, int], fault: str
) -> None:
    with server.going_wrong(once_each(fault)):
        outcome = run_harvest(tmp_path, server, timeout=0.1 if fault == "hang" else 10)
    assert outcome.faults == []
    assert digest(tmp_path / "kb.db") == clean[0]


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.7, 0.95])
def test_a_server_that_dies_at_any_step_loses_and_doubles_nothing(
    tmp_path: Path, server: Loopback, clean: tuple[str, int], share: float
) -> None:
    expected, steps = clean
    step = max(1, round(share * steps))
    with server.going_wrong(from_then_on(step, "500")), pytest.raises(ServerTrouble, match="to go on"):
        run_harvest(tmp_path, server, tries=1)
    fetched_before = [
        batch for run in Archive(tmp_path / "archive").runs() for batch in run.batch_files.values()
    ]
    before = server.asked("efetch")
    outcome = run_harvest(tmp_path, server)
    assert server.asked("efetch") - before == 8 - len(fetched_before)  # nothing is fetched twice
    assert digest(tmp_path / "kb.db") == expected
    assert ask(tmp_path, "SELECT count(*), count(DISTINCT pmid) FROM found_by") == [(COUNT, COUNT)]
    assert outcome.faults == []


@pytest.mark.parametrize("batch", [1, 4, 8])
def test_an_interruption_between_archive_and_database_is_made_good(
    tmp_path: Path, server: Loopback, clean: tuple[str, int], batch: int
) -> None:
    calls = []
    with tagger(1) as tag:

        def interrupted(entries: Sequence[Entry]) -> list[Extraction]:
            calls.append(len(entries))
            if len(calls) == batch:
                raise KeyboardInterrupt
            return tag(entries)

        with pytest.raises(KeyboardInterrupt):
            run_harvest(tmp_path, server, tag=interrupted)
    asked = server.asked("efetch")
    assert asked == batch
    run_harvest(tmp_path, server)
    assert server.asked("efetch") == 8
    assert digest(tmp_path / "kb.db") == clean[0]


_HARVEST = """
import sys
from pathlib import Path
from tests.eutils_server import Loopback
from tests.harvest.loopback_client import client_of
from tests.spinemets.test_harvesting import settings, STRATEGY
from spinemets.harvesting import harvest
class Server: url = sys.argv[1]
harvest(settings(Path(sys.argv[2])), client_of(Server()), [STRATEGY])
"""


def harvest_apart(folder: Path, server: Loopback) -> subprocess.Popen[bytes]:
    """Harvest in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", _HARVEST, server.url, str(folder)], cwd=ROOT, stderr=subprocess.DEVNULL
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_at_random_requests_it_ends_the_same(tmp_path: Path, clean: tuple[str, int]) -> None:
    expected, steps = clean
    chance = random.Random(11)
    children: list[subprocess.Popen[bytes]] = []
    with Loopback(Library(papers(COUNT)), cap=CAP) as server:
        for _ in range(3):
            deadly = len(server.log) + chance.randrange(1, steps // 2)

            def kill(request: Request, deadly: int = deadly) -> None:
                if request.number == deadly:
                    os.kill(children[-1].pid, signal.SIGKILL)

            with server.going_wrong(kill):
                children.append(harvest_apart(tmp_path, server))
                children[-1].wait(60)
        run_harvest(tmp_path, server)
    assert -signal.SIGKILL in [child.returncode for child in children]
    assert digest(tmp_path / "kb.db") == expected
    assert ask(tmp_path, "SELECT count(*) FROM problems") == [(0,)]


def test_a_second_harvest_asks_nothing_and_changes_nothing(
    tmp_path: Path, server: Loopback, clean: tuple[str, int]
) -> None:
    run_harvest(tmp_path, server)
    asked = len(server.log)
    outcome = run_harvest(tmp_path, server)
    assert len(server.log) == asked
    assert "'spinemets update' brings what is new" in outcome.report()
    assert digest(tmp_path / "kb.db") == clean[0]


def test_a_second_strategy_fetches_only_what_is_not_held(tmp_path: Path, server: Loopback) -> None:
    run_harvest(tmp_path, server)
    server.library.papers[FIRST_PMID + COUNT] = Paper(
        FIRST_PMID + COUNT, "Newer", date(2026, 1, 1), date(2026, 1, 1)
    )
    other = replace(STRATEGY, name="sbrt")
    outcome = harvest(settings(tmp_path), client_of(server), [other])
    assert (outcome.promised, outcome.fetched, outcome.counts.new) == (COUNT + 1, 1, 1)
    assert ask(tmp_path, "SELECT strategy, count(*) FROM found_by GROUP BY strategy ORDER BY 1") == [
        ("broad", COUNT),
        ("sbrt", COUNT + 1),
    ]


def test_the_search_can_be_reported(
    tmp_path: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spinemets.harvesting._now", lambda: "2026-02-03T04:05:06+00:00")
    run_harvest(tmp_path, server)
    monkeypatch.undo()
    [(strategy, version, query, promised, when)] = ask(
        tmp_path, "SELECT strategy, strategy_version, query, promised, searched_at FROM searches"
    )
    assert (strategy, version, query, promised) == ("broad", "1", "spine[ti]", COUNT)
    [run] = Archive(tmp_path / "archive").runs()
    assert when == run.plan.started == "2026-02-03T04:05:06+00:00"
    assert run.plan.translation == "spine[ti]"
    assert len(run.plan.parts) > 1
    assert ask(tmp_path, "SELECT DISTINCT found_at FROM found_by") == [(when,)]


def test_rebuilding_needs_no_network_and_gives_the_same(
    tmp_path: Path, server: Loopback, clean: tuple[str, int]
) -> None:
    run_harvest(tmp_path, server)
    asked = len(server.log)
    outcome = rebuild(settings(tmp_path, database=tmp_path / "again.db"))
    assert (outcome.counts.new, len(server.log)) == (COUNT, asked)
    assert digest(tmp_path / "again.db") == clean[0]
    first, again = (
        sqlite3.connect(tmp_path / name).execute("SELECT * FROM found_by ORDER BY pmid").fetchall()
        for name in ("kb.db", "again.db")
    )
    assert first == again


def test_rebuilding_into_a_new_file_says_what_no_archive_holds(tmp_path: Path, server: Loopback) -> None:
    run_harvest(tmp_path, server)
    told = rebuild(settings(tmp_path, database=tmp_path / "again.db")).report()
    assert "'spinemets build' adds" in told
    assert "'spinemets grade take-over OLD.db'" in told


def test_rebuilding_in_place_tags_records_of_files_and_the_sample_anew(
    tmp_path: Path, server: Loopback
) -> None:
    run_harvest(tmp_path, server)
    database = tmp_path / "kb.db"
    build_knowledge_base(database, sample=True, files=(), jobs=1, progress=False)
    kept = digest(database)
    db = open_database(database)
    with db.conn:
        db.execute("UPDATE studies SET extractor_version = 'old', design = 'other', patients = 1")
        db.execute("UPDATE records SET deleted = 1 WHERE pmid = '34126044'")
    db.close()
    outcome = rebuild(settings(tmp_path))
    assert (
        "records that came from files or the sample: kept, and tagged by the rules of today"
        in outcome.report()
    )
    assert "take-over" not in outcome.report()
    assert ask(tmp_path, "SELECT count(*) FROM studies WHERE extractor_version = 'old'") == [(0,)]
    # What PubMed withdrew stays withdrawn; the rest is as it was.
    assert ask(tmp_path, "SELECT pmid FROM records WHERE deleted AND origin = 'sample'") == [("34126044",)]
    db = open_database(database)
    with db.conn:
        db.execute("UPDATE records SET deleted = 0 WHERE pmid = '34126044'")
    db.close()
    assert digest(database) == kept
    assert ask(tmp_path, "SELECT count(*) FROM sources WHERE NOT complete") == [(0,)]
    assert "tagged by the rules of today" not in rebuild(settings(tmp_path)).report()


def test_a_damaged_batch_stops_rebuilding_and_is_fetched_again_by_harvesting(
    tmp_path: Path, server: Loopback, clean: tuple[str, int]
) -> None:
    run_harvest(tmp_path, server)
    [run] = Archive(tmp_path / "archive").runs()
    run.batch_files[3].path.write_bytes(b"damaged")
    with pytest.raises(DamagedArchive, match="00003-"):
        rebuild(settings(tmp_path, database=tmp_path / "again.db"))
    (tmp_path / "kb.db").unlink()
    outcome = run_harvest(tmp_path, server)
    assert "fetched again" in outcome.report()
    assert (outcome.fetched, outcome.counts.new) == (40, COUNT)
    assert digest(tmp_path / "kb.db") == clean[0]


def test_a_batch_taken_away_is_fetched_again(
    tmp_path: Path, server: Loopback, clean: tuple[str, int]
) -> None:
    run_harvest(tmp_path, server)
    [run] = Archive(tmp_path / "archive").runs()
    run.batch_files[3].path.unlink()
    assert run_harvest(tmp_path, server).fetched == 40
    assert Archive(tmp_path / "archive").runs()[0].complete
    assert digest(tmp_path / "kb.db") == clean[0]


def test_a_lost_database_is_made_again_from_the_archive(
    tmp_path: Path, server: Loopback, clean: tuple[str, int]
) -> None:
    run_harvest(tmp_path, server)
    (tmp_path / "kb.db").unlink()
    fetched = server.asked("efetch")
    run_harvest(tmp_path, server)
    assert server.asked("efetch") == fetched
    assert digest(tmp_path / "kb.db") == clean[0]


def test_a_paper_that_is_counted_but_never_delivered_is_named(tmp_path: Path, server: Loopback) -> None:
    lost = FIRST_PMID + 7
    server._fetch = without(server, lost)  # type: ignore[method-assign]
    outcome = run_harvest(tmp_path, server)
    assert outcome.faults == [f"PMID {lost}: PubMed counts it, but did not deliver it"]
    assert outcome.counts.new == COUNT - 1
    [(kind, identifier)] = ask(tmp_path, "SELECT kind, identifier FROM problems")
    assert (kind, identifier) == ("skipped", str(lost))


def without(server: Loopback, pmid: int) -> Any:
    """The server's efetch, which never delivers one paper."""
    fetch = server._fetch

    def fetch_without(request: Request, fault: str | None) -> str:
        paper = server.library.papers.pop(pmid)
        try:
            return fetch(request, fault)
        finally:
            server.library.papers[pmid] = paper

    return fetch_without


def test_a_list_of_pmids_is_fetched_once(tmp_path: Path, server: Loopback) -> None:
    pmids = [str(FIRST_PMID + n) for n in (5, 3, 5)] + ["123"]
    outcome = harvest_list(settings(tmp_path), client_of(server), "mine.txt", pmids)
    assert outcome.faults == ["PMID 123: PubMed holds no such paper"]
    assert [row[0] for row in ask(tmp_path, "SELECT pmid FROM records ORDER BY pmid")] == sorted(
        set(pmids[:2])
    )
    asked = len(server.log)
    again = harvest_list(settings(tmp_path), client_of(server), "mine.txt", pmids)
    assert "fetched already" in again.report()
    assert len(server.log) == asked
    assert ask(tmp_path, "SELECT count(*) FROM found_by") == [(0,)]


def test_off_topic_papers_are_left_out_with_the_reason(tmp_path: Path) -> None:
    library = Library(papers(10))
    library.change(FIRST_PMID + 2, title="Invented disc herniation")
    with Loopback(library) as server:
        outcome = run_harvest(tmp_path, server, only_relevant=True)
    assert (outcome.counts.new, outcome.counts.screened_out) == (9, 1)
    [(pmid, reason)] = ask(tmp_path, "SELECT pmid, reason FROM screened_out")
    assert pmid == str(FIRST_PMID + 2)
    assert reason
    assert ask(tmp_path, "SELECT count(*) FROM found_by") == [(10,)]


def test_a_strategy_that_finds_nothing_is_an_error(tmp_path: Path) -> None:
    with Loopback(Library([])) as server, pytest.raises(NothingFound, match="'broad'"):
        run_harvest(tmp_path, server)


def test_only_one_harvest_works_on_an_archive(tmp_path: Path, server: Loopback) -> None:
    with Archive(tmp_path / "archive").held(), pytest.raises(ArchiveInUse):
        run_harvest(tmp_path, server)
    assert server.log == []


def test_there_must_be_a_harvest_before_an_update(tmp_path: Path, server: Loopback) -> None:
    with pytest.raises(NothingToUpdate, match="spinemets harvest --strategy broad"):
        update(settings(tmp_path), client_of(server), [STRATEGY])
