"""Keeping current: what entered or changed is fetched, what was retracted or withdrawn is marked, and all is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from harvest.archive import Archive
from harvest.errors import NothingToUpdate, ServerTrouble
from kb.news import read_news
from kb.news_formats import to_atom, to_json, to_text
from kb.schema import open_database
from spinemets.building import build_knowledge_base
from spinemets.harvesting import Outcome, harvest, harvest_list, rebuild, strategies_named, update
from tests.eutils_server import BODY_FAULTS, FIRST_PMID, Library, Loopback, Paper, Request, papers
from tests.harvest.loopback_client import client_of, from_then_on, once_each
from tests.harvest.made_up_files import article, article_set, write
from tests.spinemets.test_harvesting import CAP, STRATEGY, ask, digest, run_harvest, settings

COUNT = 90
TODAY = datetime.now(UTC).date()
NEW, CHANGED, RETRACTED, GONE, REINSTATED = (FIRST_PMID + n for n in (COUNT, 1, 2, 3, 4))
NOTICE = 90_999_999


@pytest.fixture
def server() -> Iterator[Loopback]:
    library = Library(papers(COUNT))
    library.change(REINSTATED, retracted_by=NOTICE)
    with Loopback(library, cap=CAP, hang=0.3) as loopback:
        yield loopback


def move_on(library: Library) -> None:
    """Let PubMed change: one paper enters, one is revised, retracted, withdrawn, reinstated each."""
    library.papers[NEW] = Paper(NEW, "Spinal metastases, the newest study", TODAY, TODAY)
    library.change(CHANGED, title="Spinal metastases, corrected study", modified=TODAY)
    # Neither date nor strategy would find these again.
    library.change(RETRACTED, retracted_by=NOTICE, found=False)
    library.change(REINSTATED, retracted_by=None, found=False)
    del library.papers[GONE]


def run_update(folder: Path, server: Loopback, **how: Any) -> Outcome:
    timeout = how.pop("timeout", 10.0)
    return update(settings(folder, **how), client_of(server, timeout=timeout), [STRATEGY])


def changes(folder: Path) -> set[tuple[int, str]]:
    sql = "SELECT pmid, change FROM changes WHERE run = (SELECT max(id) FROM runs)"
    return {(int(pmid), change) for pmid, change in ask(folder, sql)}


def test_everything_that_happened_is_found_and_told(tmp_path: Path, server: Loopback) -> None:
    run_harvest(tmp_path, server)
    move_on(server.library)
    outcome = run_update(tmp_path, server)
    expected = {
        (NEW, "new"),
        (CHANGED, "changed"),
        (RETRACTED, "retracted"),
        (GONE, "withdrawn"),
        (REINSTATED, "reinstated"),
    }
    assert changes(tmp_path) == expected
    assert outcome.faults == []
    assert outcome.fetched == len(expected)
    marks = "SELECT pmid FROM records WHERE {} ORDER BY pmid"
    assert ask(tmp_path, marks.format("retracted")) == [(str(RETRACTED),)]
    assert ask(tmp_path, marks.format("deleted")) == [(str(GONE),)]
    [notice] = ask(tmp_path, f"SELECT kind, notice_pmid FROM corrections WHERE pmid = '{RETRACTED}'")
    assert notice == ("RetractionIn", str(NOTICE))
    db = open_database(tmp_path / "kb.db")
    news = read_news(db.conn)
    db.close()
    text = to_text(news)
    assert text.index("Retracted (1)") < text.index("New (1)") < text.index("Changed in PubMed (1)")
    assert f"Retraction notice: PMID {NOTICE}" in text
    told = json.loads(to_json(news))
    assert {(int(item["pmid"]), item["change"]) for item in told["items"]} == expected


def test_an_update_with_no_news_changes_nothing(tmp_path: Path, server: Loopback) -> None:
    run_harvest(tmp_path, server)
    before = digest(tmp_path / "kb.db")
    outcome = run_update(tmp_path, server)
    assert outcome.fetched == 0
    assert "broad: 0 papers entered PubMed or changed" in outcome.report()
    # What PubMed counts for the whole search is kept for the report, not the few of the window.
    assert ask(tmp_path, "SELECT promised FROM searches ORDER BY run") == [(COUNT,), (COUNT,)]
    assert digest(tmp_path / "kb.db") == before
    move_on(server.library)
    run_update(tmp_path, server)
    after = digest(tmp_path / "kb.db")
    # What changed within the overlap is fetched again, and found to be the same.
    outcome = run_update(tmp_path, server)
    assert (outcome.fetched, outcome.counts.unchanged) == (2, 2)
    assert changes(tmp_path) == set()
    assert digest(tmp_path / "kb.db") == after


def test_a_changed_paper_replaces_its_own_rows_only(tmp_path: Path, server: Loopback) -> None:
    run_harvest(tmp_path, server)
    others = f"SELECT rowid, * FROM sections WHERE pmid <> '{CHANGED}' ORDER BY pmid, section"
    before = ask(tmp_path, others)
    server.library.change(CHANGED, title="Corrected", modified=TODAY)
    run_update(tmp_path, server)
    assert ask(tmp_path, others) == before
    assert ask(tmp_path, f"SELECT text FROM sections WHERE pmid = '{CHANGED}'") == [("Corrected",)]


def test_it_asks_from_the_last_complete_run_with_an_overlap(tmp_path: Path, server: Loopback) -> None:
    run_harvest(tmp_path, server)
    asked = len(server.log)
    run_update(tmp_path, server)
    dated = [r.parameters for r in server.log[asked:] if "mindate" in r.parameters]
    assert {(p["datetype"], p["mindate"]) for p in dated} == {
        (kind, f"{TODAY - timedelta(7):%Y/%m/%d}") for kind in ("edat", "mdat")
    }


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest after an undisturbed harvest and update."""
    folder = tmp_path_factory.mktemp("calm")
    with Loopback(Library(papers(COUNT)), cap=CAP) as server:
        run_harvest(folder, server)
        move_on(server.library)
        run_update(folder, server)
    return digest(folder / "kb.db")


@pytest.mark.parametrize(
    "fault", ["503 Retry 0", "hang", *(fault for fault in BODY_FAULTS if fault != "looks empty")]
)
def test_a_fault_at_every_step_changes_nothing(
    tmp_path: Path, server: Loopback, calm: str, fault: str
) -> None:
    server.library = Library(papers(COUNT))
    run_harvest(tmp_path, server)
    move_on(server.library)
    with server.going_wrong(once_each(fault)):
        run_update(tmp_path, server, timeout=0.1 if fault == "hang" else 10.0)
    assert digest(tmp_path / "kb.db") == calm


def test_an_update_cut_short_is_finished_by_the_next(tmp_path: Path, server: Loopback) -> None:
    run_harvest(tmp_path, server)
    move_on(server.library)
    fetched = server.asked("efetch")

    def dies(request: Request) -> str | None:
        return "500" if server.asked("efetch") > fetched + 2 else None

    with server.going_wrong(dies), pytest.raises(ServerTrouble):
        run_update(tmp_path, server, batch_size=1)
    assert len(changes(tmp_path)) == 2
    outcome = run_update(tmp_path, server)
    assert outcome.counts.new + outcome.counts.changed + outcome.counts.deleted == 3
    kinds = [run.plan.kind for run in Archive(tmp_path / "archive").runs()]
    assert kinds == ["harvest", "update", "update"]
    db = open_database(tmp_path / "kb.db")
    assert (
        len(read_news(db.conn).items) == 5
    )  # the cut run's news are told with those of the run that finished
    db.close()


def test_nothing_is_marked_withdrawn_because_the_server_is_ill(tmp_path: Path, server: Loopback) -> None:
    run_harvest(tmp_path, server)
    with (
        server.going_wrong(lambda r: "looks empty" if "uid" in r.parameters.get("term", "") else None),
    ):
        outcome = run_update(tmp_path, server)
    assert outcome.fetched == COUNT - 1  # all are asked for again, and all are there
    assert outcome.counts.deleted == 0
    assert changes(tmp_path) == set()
    with server.going_wrong(from_then_on(len(server.log) + 1, "500")), pytest.raises(ServerTrouble):
        run_update(tmp_path, server)
    assert ask(tmp_path, "SELECT count(*) FROM records WHERE deleted") == [(0,)]


def test_rebuilding_replays_updates_too(tmp_path: Path, server: Loopback) -> None:
    run_harvest(tmp_path, server)
    move_on(server.library)
    run_update(tmp_path, server)
    rebuild(settings(tmp_path, database=tmp_path / "again.db"))
    assert digest(tmp_path / "again.db") == digest(tmp_path / "kb.db")


def test_news_since_a_day_and_of_nothing(tmp_path: Path, server: Loopback) -> None:
    db = open_database(tmp_path / "kb.db", create=True)
    assert to_text(read_news(db.conn)) == "Nothing has run yet."
    db.close()
    run_harvest(tmp_path, server)
    move_on(server.library)
    run_update(tmp_path, server)
    db = open_database(tmp_path / "kb.db")
    everything = read_news(db.conn, "2000")
    assert f"and {len(everything.of('new')) - 50} more" in to_text(everything)
    assert len(everything.items) == COUNT + 1
    assert {item.pmid for item in everything.of("new")} >= {
        str(NEW),
        str(CHANGED),
    }  # new to whoever asks since 2000
    assert [item.pmid for item in everything.of("withdrawn")] == [str(GONE)]
    assert len(read_news(db.conn, "2000", limit=3).items) == 3
    assert read_news(db.conn, str(date.today() + timedelta(3))).runs == ()
    db.close()


def test_the_feed_is_well_formed_and_links_the_notice(tmp_path: Path, server: Loopback) -> None:
    run_harvest(tmp_path, server)
    move_on(server.library)
    server.library.change(CHANGED, title="Spinal <metastases> & more", modified=TODAY)
    run_update(tmp_path, server)
    db = open_database(tmp_path / "kb.db")
    text = to_atom(read_news(db.conn), "http://kb/updates.atom", lambda pmid: f"http://kb/papers/{pmid}")
    db.close()
    atom = {"a": "http://www.w3.org/2005/Atom"}
    feed = ElementTree.fromstring(text)
    entries = feed.findall("a:entry", atom)
    identifiers = [entry.findtext("a:id", namespaces=atom) for entry in entries]
    assert len(set(identifiers)) == len(entries) == 5
    titles = [str(entry.findtext("a:title", namespaces=atom)) for entry in entries]
    assert any(title == "Changed in PubMed: Spinal <metastases> & more" for title in titles)
    [related] = feed.findall("a:entry/a:link[@rel='related']", atom)
    assert related.get("href") == f"https://pubmed.ncbi.nlm.nih.gov/{NOTICE}/"
    for required in ("id", "title", "updated"):
        assert all(entry.findtext(f"a:{required}", namespaces=atom) for entry in [feed, *entries])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]+\+00:00", str(feed.findtext("a:updated", namespaces=atom)))


def test_papers_of_a_list_are_renewed_too(tmp_path: Path, server: Loopback) -> None:
    run_harvest(tmp_path, server)
    extra = 90_500_000
    server.library.papers[extra] = Paper(
        extra, "Spinal metastases", date(2020, 1, 1), date(2020, 1, 1), found=False
    )
    harvest_list(settings(tmp_path), client_of(server), "mine.txt", [str(extra)])
    server.library.change(extra, title="Spinal metastases, corrected", modified=TODAY)
    run_update(tmp_path, server)
    assert changes(tmp_path) == {(extra, "changed")}


def test_without_a_name_all_harvested_strategies_are_updated(tmp_path: Path, server: Loopback) -> None:
    with pytest.raises(NothingToUpdate):
        update(settings(tmp_path), client_of(server))
    broad = strategies_named(["broad"])
    harvest(settings(tmp_path), client_of(server), broad)
    move_on(server.library)
    assert update(settings(tmp_path), client_of(server)).counts.new == 1
    [*_, last] = Archive(tmp_path / "archive").runs()
    assert (last.plan.strategy, last.plan.version) == (broad[0].name, broad[0].version)


def test_papers_of_any_origin_are_checked_for_retraction(tmp_path: Path, server: Loopback) -> None:
    run_harvest(tmp_path, server)
    extra = 90_600_000
    path = write(tmp_path / "mine.xml", article_set(article(extra, "Spinal metastases from a file")))
    build_knowledge_base(tmp_path / "kb.db", sample=False, files=[path], jobs=1, progress=False)
    day = date(2020, 1, 1)
    server.library.papers[extra] = Paper(
        extra, "Spinal metastases", day, day, retracted_by=NOTICE, found=False
    )
    run_update(tmp_path, server)
    assert changes(tmp_path) == {(extra, "retracted")}
    assert ask(tmp_path, f"SELECT origin, retracted FROM records WHERE pmid = '{extra}'") == [("pubmed", 1)]
