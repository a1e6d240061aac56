"""Our pages over Datasette's own client: what they show, whom they show it to, and what no input can do to them."""

from __future__ import annotations

import asyncio
import csv
import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from datasette_plugins.wording import claim_counts, counted, direction, result
from kb.schema import descriptions
from tests.made_up import made_up_database

PAGES = (
    "/",
    "/about",
    "/ask",
    "/ask?q=sbrt+vs+cebrt+pain",
    "/topics/sbrt",
    "/topics/sbrt/summary",
    "/topics/sbrt/summary.md",
    "/interventions",
    "/interventions/stereotactic_body_radiotherapy",
    "/outcomes/pain_response",
    "/papers/90000001",
    "/search?q=pain",
    "/gaps",
    "/gaps?kind=not-studied",
    "/gaps?kind=not-compared",
    "/changes?since=2022",
    "/changes?since=1900&kind=new",
    "/grades",
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "kb.db"
    made_up_database(path).close()
    return path


def get(database: Path | None, path: str, metadata: dict[str, Any] | None = None, **options: Any) -> Any:
    """Fetch one page."""
    datasette = Datasette(
        [str(database)] if database else [], memory=database is None, metadata=metadata, **options
    )

    async def fetch() -> Any:
        await datasette.invoke_startup()
        return await datasette.client.get(path, follow_redirects=True)

    return asyncio.run(fetch())


def ask(database: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_and_says_what_it_rests_on(database: Path, page: str) -> None:
    answer = get(database, page)
    assert answer.status_code == 200
    assert "None" not in answer.text.replace("None of", "")
    if "summary" not in page:
        assert "of the 16 records" in answer.text
        assert "Not a medical device" in answer.text


@pytest.mark.parametrize(
    "page", ["/topics/no_topic", "/interventions/nothing", "/papers/1", "/tools/<script>alert(1)"]
)
def test_what_is_not_there_is_a_404_that_says_so(database: Path, page: str) -> None:
    answer = get(database, page)
    assert answer.status_code == 404
    assert "There is no" in answer.text or "holds no record" in answer.text
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("page", ["/papers/1", "/nothing", "/kb/nothing", "/method/of/nobody"])
def test_a_page_that_is_not_there_has_our_style_and_no_traceback(
    database: Path, page: str, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = get(database, page)
    assert answer.status_code == 404
    assert "spinemets.css" in answer.text
    assert "Not found" in answer.text
    assert ">404<" not in answer.text
    assert "Database not found" not in answer.text
    said = capfd.readouterr()
    assert "Traceback" not in said.out + said.err


@pytest.mark.parametrize(
    ("tried", "heading"),
    [
        ("/topics", "What is the evidence"),
        ("/topics/", "What is the evidence"),
        ("/papers", "<h1>Search"),
        ("/method", "How this evidence is made"),
        ("/calculators", "Prognostic tools"),
    ],
)
def test_lists_that_stand_elsewhere_are_found(database: Path, tried: str, heading: str) -> None:
    answer = get(database, tried)
    assert answer.status_code == 200
    assert heading in answer.text


@pytest.mark.parametrize(
    "asked",
    [
        '"',
        "AND",
        "pain*",
        "(pain",
        "NEAR(a b)",
        "title:pain",
        "-",
        "é'); DROP TABLE records;--",
        "%",
        "x" * 400,
    ],
)
def test_any_words_may_be_searched(database: Path, asked: str) -> None:
    answer = get(database, "/search?q=" + asked.replace("%", "%25").replace(" ", "+").replace("&", "%26"))
    assert answer.status_code == 200
    assert ask(database, "SELECT count(*) FROM records")[0][0] == 16


def test_search_finds_papers_and_concepts_and_marks_the_words(database: Path) -> None:
    text = get(database, "/search?q=SBRT+pain").text
    assert "<b>SBRT</b>" in text
    assert "/papers/" in text
    assert (
        'href="/interventions/stereotactic_body_radiotherapy"' in get(database, "/search?q=stereotactic").text
    )
    assert "No paper holds all of these words" in get(database, "/search?q=zebrafish").text


def test_a_retracted_paper_carries_a_banner_and_is_listed_nowhere_as_evidence(database: Path) -> None:
    [(pmid,)] = ask(database, "SELECT pmid FROM records WHERE retracted")
    page = get(database, f"/papers/{pmid}").text
    assert "notice-retracted" in page
    assert "counts for nothing" in page
    for topic in ask(database, "SELECT topic FROM record_topics WHERE pmid = " + pmid):
        assert f"/papers/{pmid}" not in get(database, f"/topics/{topic[0]}").text


@pytest.mark.parametrize(
    ("page", "pmid", "mark"),
    [
        ("/conditions/lung_cancer", "90000014", ""),
        ("/interventions/radiotherapy", "90000009", "retracted</span>"),
    ],
)
def test_papers_that_name_it_and_do_not_count_are_said_to_be_held(
    database: Path, page: str, pmid: str, mark: str
) -> None:
    text = get(database, page).text
    assert "No result about it could be read from papers that count." in text
    assert "No paper that counts as evidence on spinal metastases names it." in text
    held = text[text.index("1 further paper names it, held but not counted") :]
    assert f"/papers/{pmid}" in held
    assert mark in held


def pmid_words(database: Path, pmid: str) -> str:
    """Words of a paper's title, which find it."""
    [(title,)] = ask(database, f"SELECT title FROM records WHERE pmid = {pmid}")
    return "+".join(re.findall(r"\w+", title)[:4])


def test_a_sample_paper_says_that_it_is_a_synopsis(database: Path) -> None:
    [(pmid,), *_] = ask(database, "SELECT pmid FROM records WHERE origin = 'sample'")
    assert "not PubMed's abstract" in get(database, f"/papers/{pmid}").text.replace("&#39;", "'")
    assert "tag-synopsis" in get(database, "/search?q=" + pmid_words(database, pmid)).text


def test_hostile_titles_stay_text_everywhere(database: Path) -> None:
    [(pmid,)] = ask(database, "SELECT pmid FROM records WHERE title LIKE '%<script%'")
    for page in (f"/papers/{pmid}", "/search?q=script", "/topics/sbrt", "/topics/open_surgery"):
        assert "<script>alert" not in get(database, page).text


def test_every_finding_on_a_page_leads_to_its_sentence(database: Path) -> None:
    for key, pmid in ask(database, "SELECT key, pmid FROM findings"):
        assert f'id="e-{key}"' in get(database, f"/papers/{pmid}").text
    text = get(database, "/interventions/stereotactic_body_radiotherapy").text
    keys = {key for (key,) in ask(database, "SELECT key FROM findings")}
    linked = {part.split('"')[0] for part in text.split("#e-")[1:]}
    assert linked
    assert linked <= keys


def test_a_conflict_is_shown_as_one_and_the_page_faces_its_own_treatment(database: Path) -> None:
    text = get(database, "/interventions/stereotactic_body_radiotherapy").text
    assert "Conflict:" in text
    heading = text[text.index('<article class="claim') :].split("</h3>")[0]
    assert heading.index("Stereotactic body radiotherapy") < heading.index("against")


DENIED_ALL = {"allow": {"id": "root"}}
DENIED_TABLE = {"databases": {"kb": {"tables": {"findings": {"allow": {"id": "root"}}}}}}
DENIED_DATABASE = {"databases": {"kb": {"allow": {"id": "root"}}}}


@pytest.mark.parametrize("metadata", [DENIED_ALL, DENIED_DATABASE, DENIED_TABLE])
@pytest.mark.parametrize("page", PAGES)
def test_who_may_not_see_the_tables_sees_no_page(database: Path, metadata: dict[str, Any], page: str) -> None:
    answer = get(database, page, metadata)
    assert answer.status_code == 403
    assert "radiotherapy" not in answer.text


def test_without_a_knowledge_base_the_home_page_says_how_to_make_one() -> None:
    answer = get(None, "/")
    assert answer.status_code == 404
    assert "spinemets build --sample" in answer.text


@pytest.mark.parametrize("page", ["/kb", "/kb/records", "/kb/records/90000001", "/kb/readable_claims"])
def test_datasettes_own_pages_stay(database: Path, page: str) -> None:
    assert get(database, page).status_code == 200


@pytest.mark.parametrize("page", ["/", "/topics/sbrt", "/kb", "/kb/records", "/kb/records/90000001"])
def test_skip_to_content_leads_to_one_place_on_every_page(database: Path, page: str) -> None:
    text = get(database, page).text
    assert 'href="#content"' in text
    assert text.count('id="content"') == 1


def test_json_and_sql_stay(database: Path) -> None:
    rows = json.loads(get(database, "/kb/records.json?_shape=array&_size=3").text)
    assert len(rows) == 3
    [row] = json.loads(get(database, "/kb.json?sql=select+count(*)+as+n+from+records&_shape=array").text)
    assert row == {"n": 16}


@pytest.mark.parametrize("table", ["findings", "mentions", "tool_performance"])
def test_exported_evidence_is_marked_where_its_paper_is_a_synopsis_or_retracted(
    database: Path, table: str
) -> None:
    marks = {
        pmid: (origin, str(retracted), str(deleted))
        for pmid, origin, retracted, deleted in ask(
            database, "SELECT pmid, origin, retracted, deleted FROM records"
        )
    }
    rows = list(csv.DictReader(get(database, f"/kb/{table}.csv?_size=max").text.splitlines()))
    assert rows
    for row in rows:
        assert (row["origin"], row["retracted"], row["deleted"]) == marks[row["pmid"]]
    if table == "findings":
        assert {"1", "0"} == {row["retracted"] for row in rows}
        assert "sample" in {row["origin"] for row in rows}


def test_tables_and_columns_are_described_and_pmids_are_links(database: Path) -> None:
    text = get(database, "/kb/findings").text
    described = descriptions()["findings"]
    assert described["description"].split(".")[0] in text.replace("&#39;", "'")
    assert described["columns"]["direction"].split(".")[0] in text.replace("&#39;", "'")
    assert 'href="/papers/' in text


def test_addresses_follow_base_url(database: Path) -> None:
    text = get(database, "/topics/sbrt", settings={"base_url": "/spine/"}).text
    assert 'href="/spine/papers/' in text
    assert 'href="/papers/' not in text
    assert "/spine/-/static-plugins/spinemets/spinemets.css" in text


def test_words_for_results_and_claims() -> None:
    row = {
        "measure": "hr",
        "value": 0.5,
        "unit": None,
        "ci_low": 0.3,
        "ci_high": 0.8,
        "p": 0.01,
        "p_relation": "=",
    }
    assert result(row | {"timepoint_months": 12.0, "n": 40}) == (
        "hazard ratio 0.5 (interval 0.3 to 0.8), p=0.01, at 12 months, of 40"
    )
    claim = {
        "subject_label": "A",
        "comparator_label": "B",
        "favours_intervention": 2,
        "favours_comparator": 1,
    }
    assert (
        claim_counts(claim | {"no_difference": 0, "descriptive": 1})
        == "2 favour A, 1 favours B, 1 reports both without saying which did better"
    )


def test_one_of_a_kind_is_told_in_the_singular(database: Path) -> None:
    assert counted(1, "patient") == "1 patient"
    assert counted(1200, "paper") == "1,200 papers"
    row = {"measure": "percent", "value": 8.0, "unit": "%", "ci_low": None, "p": None, "p_relation": None}
    assert result(row | {"timepoint_months": 1.0, "n": None}) == "8%, at 1 month"
    assert "1 retracted paper is kept, marked, and counts for nothing" in get(database, "/about").text
    for page in ("/topics/ablation", "/topics/immunotherapy", *PAGES):
        plural = re.search(
            r"\b1 (?:papers|patients|months|records|studies|results)\b", get(database, page).text
        )
        assert plural is None, (page, plural)


def test_a_topic_also_shows_the_comparisons_of_its_papers_that_are_of_other_treatments(
    database: Path, tmp_path: Path
) -> None:
    path = tmp_path / "kb.db"
    shutil.copy(database, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO record_topics (pmid, topic) VALUES ('90000002', 'cement_augmentation')"
        )
    before, page = (
        get(database, "/topics/cement_augmentation").text,
        get(path, "/topics/cement_augmentation").text,
    )
    assert "Comparisons of other treatments" not in before
    _, asides = page.split("Comparisons of other treatments")
    asides = asides.split("</section>")[0]
    assert "Stereotactic body radiotherapy" in asides
    assert "Conventional external beam radiotherapy" in asides
    assert "Comparisons of other treatments" not in get(path, "/topics/sbrt").text


def test_a_case_series_of_a_high_level_says_for_which_question(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "kb.db"
    shutil.copy(database, path)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(
            "UPDATE studies SET design = 'case_series', level_nass = 'II', question = 'prognostic' WHERE pmid = '90000001'"
        )
    connection.close()
    for page in ("/topics/sbrt", "/interventions/stereotactic_body_radiotherapy", "/topics/sbrt/summary"):
        assert "case series (level as a prognostic study)" in get(path, page).text


def test_beside_a_p_value_no_result_is_called_untested() -> None:
    read = {"direction": "descriptive", "p": None, "p_relation": None}
    assert direction(read) == "no comparison with a test was read"
    for said in ({"p": 0.02, "p_relation": "="}, {"p_relation": "ns"}):
        assert direction(read | said) == "a test was read, but not between which arms"
    unnamed = {"direction": "favours_comparator", "comparator_label": None}
    assert direction(read | unnamed) == "favours a group that is not named"
