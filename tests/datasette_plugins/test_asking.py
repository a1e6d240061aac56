"""The question box and the ready-made queries: what they show, to whom, and what no input can do to them."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from datasette_plugins.access import ready_made_queries
from tests.datasette_plugins.test_pages import ask as rows_of
from tests.datasette_plugins.test_pages import get
from tests.made_up import made_up_database

QUESTION = "sbrt vs cebrt for complete pain response"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("asking") / "kb.db"
    made_up_database(path).close()
    return path


def page(database: Path, question: str, more: str = "", **options: object) -> str:
    answer = get(database, f"/ask?q={quote_plus(question)}{more}", **options)
    assert answer.status_code == 200
    return str(answer.text)


def test_the_home_page_has_the_box(database: Path) -> None:
    text = get(database, "/").text
    assert 'action="/ask" method="get"' in text
    assert 'name="q"' in text


def test_it_shows_how_it_understood_and_the_conflict(database: Path) -> None:
    text = page(database, QUESTION)
    assert 'name="intervention" type="text" value="Stereotactic body radiotherapy"' in text
    assert 'name="versus" type="text" value="Conventional external beam radiotherapy"' in text
    assert 'name="outcome" type="text" value="Complete pain response"' in text
    assert "The evidence conflicts" in text
    assert "of the 16 records" in text


def test_every_quoted_sentence_leads_to_its_place_in_the_paper(database: Path) -> None:
    links = set(re.findall(r'href="/papers/(\d+)#e-([0-9a-f]+)"', page(database, QUESTION)))
    assert links
    for pmid, key in links:
        assert f'id="e-{key}"' in get(database, f"/papers/{pmid}").text


def test_corrections_change_the_answer_and_stay_in_their_fields(database: Path) -> None:
    text = page(database, "sbrt vs cebrt", "&outcome=local+control")
    assert 'name="outcome" type="text" value="Local control"' in text
    assert "The evidence conflicts" not in text
    cleared = page(database, QUESTION, "&versus=")
    assert 'name="versus" type="text" value=""' in cleared


def test_a_correction_that_names_nothing_is_told_and_left_out(database: Path) -> None:
    text = page(database, QUESTION, "&outcome=moonlight").replace("&#39;", "'")
    assert "no outcome is called 'moonlight'" in text
    assert "The evidence conflicts" in text


def test_without_evidence_there_is_no_answer(database: Path) -> None:
    text = page(database, "denosumab vs vertebroplasty")
    assert "No evidence here answers this" in text
    assert "Looked for" in text


def test_a_retracted_paper_is_told_of_and_not_quoted(database: Path) -> None:
    [(pmid,)] = rows_of(database, "SELECT pmid FROM records WHERE retracted")
    for (concept,) in rows_of(
        database, f"SELECT DISTINCT label FROM mentions JOIN concepts ON id = concept WHERE pmid = '{pmid}'"
    ):
        text = page(database, concept)
        assert f"/papers/{pmid}#e-" not in text


@pytest.mark.parametrize(
    "question", ["<script>alert(1)</script>", '"><img src=x>', "' OR 1=1 --", "x" * 3000, "%00"]
)
def test_hostile_questions_stay_text(database: Path, question: str) -> None:
    text = page(database, question)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert rows_of(database, "SELECT count(*) FROM claims")[0][0] > 0


def test_without_a_question_it_says_how_to_ask(database: Path) -> None:
    assert "Ask as you would ask a colleague" in page(database, "")


def test_who_may_not_see_the_tables_gets_no_answer(database: Path) -> None:
    metadata = {"databases": {"kb": {"allow": {"id": "root"}}}}
    assert get(database, "/ask?q=sbrt", metadata=metadata).status_code == 403


def test_addresses_follow_base_url(database: Path) -> None:
    text = page(database, QUESTION, settings={"base_url": "/spine/"})
    assert 'action="/spine/ask"' in text
    assert 'href="/papers/' not in text


@pytest.mark.parametrize("name", ready_made_queries())
def test_ready_made_queries_run_and_are_offered(database: Path, name: str) -> None:
    sql = ready_made_queries()[name]["sql"]
    asked = {"treatment": "SBRT", "against": "cEBRT", "outcome": "pain", "tool": "SORG"}
    connection = sqlite3.connect(database)
    try:
        named = {key: asked[key] for key in set(re.findall(r":(\w+)", sql))}
        found = connection.execute(sql, named).fetchall()
    finally:
        connection.close()
    retracted = {pmid for (pmid,) in rows_of(database, "SELECT pmid FROM records WHERE retracted OR deleted")}
    assert not retracted & {value for row in found for value in row}
    if name not in ("how_far_raters_agree", "cost_and_value"):
        assert found
    answer = get(
        database, f"/kb/{name}?" + "&".join(f"{key}={quote_plus(value)}" for key, value in named.items())
    )
    assert answer.status_code == 200
    assert ready_made_queries()[name]["title"] in get(database, "/kb").text
