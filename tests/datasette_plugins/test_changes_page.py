"""The page of what changed: grades and directions before and now, papers of the last run, all cited."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.grading.claim_rows import update_claims
from kb.schema import open_database
from tests.datasette_plugins.test_pages import get
from tests.made_up import made_up_database


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("changes") / "kb.db"
    made_up_database(path).close()
    return path


def rows(text: str) -> list[str]:
    return text.partition('<table class="changes">')[2].partition("</table>")[0].split("<tr")[2:]


def test_a_claim_that_came_into_conflict_shows_both_grades_and_cites_the_papers_since(database: Path) -> None:
    text = get(database, "/changes?since=2022").text
    (row,) = [row for row in rows(text) if "/outcomes" not in row and "complete pain response" in row]
    assert "Grade B to I" in row
    assert "Direction changed" in row
    before, now = row.split('data-label="Now"')
    assert "Conflict:" in now
    assert "Conflict:" not in before
    assert all(f'href="/papers/{pmid}"' in row for pmid in ("90000002", "90000016"))
    assert 'href="/papers/90000001"' not in row
    assert "counted by the rules of today from the papers published until 2021" in text


def test_new_claims_and_more_of_the_same_stand_apart(database: Path) -> None:
    everything = get(database, "/changes?since=1900&kind=new").text
    assert len(rows(everything)) > 3
    assert "Until" not in everything.partition('<table class="changes">')[2]
    assert rows(get(database, "/changes?since=2100&kind=new").text) == []
    assert "No claim is of this sort since 2100" in get(database, "/changes?since=2100").text


def test_papers_of_the_last_run_are_told_the_retracted_marked(database: Path) -> None:
    text = get(database, "/changes").text
    assert "Withdrawn from PubMed: <strong>1</strong>" in text
    assert 'href="/updates.atom"' in text
    item = next(part for part in text.split("<li>") if 'href="/papers/90000009"' in part)
    assert "retracted" in item
    assert "retraction notice: PMID 90000012" in item


@pytest.mark.parametrize("asked", ["since=abc", "since=99999", "runs_since=yesterday", "since=-5&page=x"])
def test_what_is_no_year_or_day_is_said(database: Path, asked: str) -> None:
    answer = get(database, f"/changes?{asked}")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text


def test_no_run_since_a_day_is_told_apart_from_no_change(database: Path) -> None:
    assert "No run finished since then" in get(database, "/changes?runs_since=2999-01-01").text


@pytest.mark.parametrize("table", ["claims", "changes", "runs"])
def test_a_hidden_table_hides_the_page(database: Path, table: str) -> None:
    rules = {"databases": {"kb": {"tables": {table: {"allow": False}}}}}
    assert get(database, "/changes", metadata=rules).status_code == 403


def test_an_answer_is_kept_until_the_file_changes(tmp_path: Path) -> None:
    made_up_database(tmp_path / "kb.db").close()
    assert "Grade B to I" in get(tmp_path / "kb.db", "/changes?since=2022").text
    db = open_database(tmp_path / "kb.db")
    db.execute("UPDATE records SET retracted = 1 WHERE pmid IN ('90000002', '90000016')")
    update_claims(db)
    db.close()
    assert "Grade B to I" not in get(tmp_path / "kb.db", "/changes?since=2022").text


def test_it_is_linked_from_home(database: Path) -> None:
    assert 'href="/changes"' in get(database, "/").text
