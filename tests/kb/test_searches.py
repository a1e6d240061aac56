"""What searches found is kept once, with the strategy version that found it first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from kb.progress import transaction
from kb.schema import open_database
from kb.searches import record_screened_out, record_search, searches
from kb.store import start_run


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "kb.db", create=True)
    yield database
    database.close()


def new_run(db: Database) -> int:
    return start_run(db, "harvest", program_version="1", extractor_version="1", vocabulary="v")


def found(db: Database) -> set[tuple[str, str, str, int]]:
    return set(db.execute("SELECT pmid, strategy, strategy_version, run FROM found_by"))


def test_a_paper_keeps_the_run_that_found_it_first(db: Database) -> None:
    first, second = new_run(db), new_run(db)
    assert record_search(db, first, "broad", "1", ["11", "12"], query="spine", promised=2) == 2
    assert record_search(db, second, "broad", "1", ["12", "13"], query="spine", promised=3) == 1
    assert found(db) == {
        ("11", "broad", "1", first),
        ("12", "broad", "1", first),
        ("13", "broad", "1", second),
    }
    assert [(s.promised, s.found) for s in searches(db)] == [(2, 2), (3, 3)]


def test_another_strategy_or_version_is_noted_beside_it(db: Database) -> None:
    run = new_run(db)
    for strategy, version in (("broad", "1"), ("broad", "2"), ("sbrt", "1")):
        record_search(db, run, strategy, version, ["11"], query=strategy)
    assert {row[1:3] for row in found(db)} == {("broad", "1"), ("broad", "2"), ("sbrt", "1")}


def test_pmids_may_come_in_parts_and_the_promised_count_stays(db: Database) -> None:
    run = new_run(db)
    record_search(db, run, "broad", "1", query="spine", promised=3)
    record_search(db, run, "broad", "1", ["11", "12"], query="spine")
    record_search(db, run, "broad", "1", ["13"], query="spine")
    (search,) = searches(db)
    assert (search.promised, search.found, search.query) == (3, 3, "spine")


def test_it_belongs_to_the_callers_transaction(db: Database) -> None:
    run = new_run(db)

    def interrupted() -> None:
        with transaction(db):
            record_search(db, run, "broad", "1", ["11"], query="spine", promised=1)
            record_screened_out(db, run, {"12": "degenerative disease"})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert found(db) == set()
    assert searches(db) == []
    assert db.table("screened_out").count == 0


def test_the_last_judgement_of_a_screened_paper_counts(db: Database) -> None:
    first, second = new_run(db), new_run(db)
    record_screened_out(db, first, {"12": "degenerative disease", "13": "no cancer"})
    record_screened_out(db, second, {"12": "osteoporotic fracture"})
    rows = set(db.execute("SELECT pmid, reason, run FROM screened_out"))
    assert rows == {("12", "osteoporotic fracture", second), ("13", "no cancer", first)}


@given(st.lists(st.lists(st.integers(1, 30).map(str), max_size=20), max_size=6))
def test_whatever_the_parts_each_paper_is_there_once(parts: list[list[str]]) -> None:
    db = open_database(":memory:", create=True)
    run = new_run(db)
    new = sum(record_search(db, run, "broad", "1", part, query="spine") for part in parts)
    assert new == len(found(db)) == len({pmid for part in parts for pmid in part})
    db.close()
