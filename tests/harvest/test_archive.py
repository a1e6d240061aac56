"""What is archived is there whole or not at all, and is what was written."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from harvest.archive import Archive, Plan
from harvest.errors import ArchiveInUse, DamagedArchive, UnreadableFile

PMIDS = tuple(str(90000001 + n) for n in range(5))


def plan(**values: object) -> Plan:
    base: dict[str, object] = {
        "kind": "harvest",
        "started": "2026-11-24T09:00:00+00:00",
        "strategy": "broad",
        "version": "1",
        "query": "spine[ti]",
        "fetch": PMIDS,
        "batch_size": 2,
        "found": PMIDS,
        "promised": 5,
    }
    return Plan(**(base | values))  # type: ignore[arg-type]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    (tmp_path / "archive").mkdir()
    return Archive(tmp_path / "archive")


def test_runs_and_batches_come_back_as_they_were(archive: Archive) -> None:
    run = archive.start(plan())
    assert (run.name, run.plan.batches, run.plan.wanted(3)) == ("0001-harvest-broad-1", 3, PMIDS[4:])
    written = run.write(2, b"<PubmedArticleSet/>")
    archive.start(plan(kind="update", since="2026-11-17", suspects=PMIDS[:1]))
    first, second = archive.runs()
    assert (first.plan, first.digest, first.batch_files) == (run.plan, run.digest, {2: written})
    assert (second.name, second.plan.suspects, second.plan.since) == (
        "0002-update-broad-1",
        PMIDS[:1],
        "2026-11-17",
    )
    first.batch_files[2].check()
    assert gzip.decompress(written.path.read_bytes()) == b"<PubmedArticleSet/>"
    assert not first.complete


def test_a_strange_name_stays_a_folder_name(archive: Archive) -> None:
    run = archive.start(plan(kind="list", strategy="../my list.txt", version=""))
    assert run.folder.parent == archive.folder
    assert [found.plan.strategy for found in archive.runs()] == ["../my list.txt"]


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied", "replaced"])
def test_a_damaged_batch_is_noticed(archive: Archive, damage: str) -> None:
    batch = archive.start(plan()).write(1, b"<PubmedArticleSet>" + b"x" * 500 + b"</PubmedArticleSet>")
    content = batch.path.read_bytes()
    harmed = {
        "cut": content[:-9],
        "changed": content[:20] + bytes([content[20] ^ 1]) + content[21:],
        "emptied": b"",
        "replaced": gzip.compress(b"<PubmedArticleSet/>"),
    }
    batch.path.write_bytes(harmed[damage])
    with pytest.raises(DamagedArchive, match="00001-"):
        batch.check()


def test_a_damaged_plan_is_named(archive: Archive) -> None:
    path = archive.start(plan()).folder / "plan.json.gz"
    for content in (b"", b"no gzip", gzip.compress(b"{}"), gzip.compress(b"[1]"), path.read_bytes()[:-9]):
        path.write_bytes(content)
        with pytest.raises(DamagedArchive, match=r"plan\.json\.gz"):
            archive.runs()


def test_what_a_kill_leaves_behind_is_no_batch_and_is_swept_up(archive: Archive) -> None:
    run = archive.start(plan())
    left = run.folder / ".00001-20261124T090000Z-aa.xml.gz.part"
    left.write_bytes(b"half")
    (archive.folder / ".0002-harvest-broad-1.draft").mkdir()
    assert [found.batch_files for found in archive.runs()] == [{}]
    with archive.held():
        assert not left.exists()
    assert archive.start(plan()).name == "0002-harvest-broad-1"


def test_one_harvest_at_a_time(archive: Archive) -> None:
    with archive.held(), pytest.raises(ArchiveInUse), Archive(archive.folder).held():
        pass
    with archive.held():
        pass


def test_a_missing_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="spinemets harvest"):
        Archive(tmp_path / "none").runs()
