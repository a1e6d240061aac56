"""The gaps page: what was looked for, every study cited, filters that say when they name nothing, and a bounded size."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from datasette_plugins import gaps as page
from graph.answers import Answer
from tests.datasette_plugins.test_pages import get
from tests.made_up import made_up_database

SBRT = "stereotactic_body_radiotherapy"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gaps") / "kb.db"
    made_up_database(path).close()
    return path


def body(text: str) -> list[str]:
    """The rows of the table."""
    return text.partition("<tbody>")[2].partition("</tbody>")[0].split("<tr")[1:]


def test_it_says_what_was_looked_for_on_how_many_records_and_cites_every_study(database: Path) -> None:
    text = get(database, "/gaps").text
    assert "<strong>Looked for:</strong> Pairs of a treatment and an outcome" in text
    assert "13 of 16 records that count as evidence" in " ".join(text.split())
    assert "may only mean that titles and abstracts do not tell" in text
    rows = body(text)
    assert rows
    assert all(re.search(r'href="/papers/\d+"', row) for row in rows)
    assert all("level-IV" in row or "level-V" in row or "level-none" in row for row in rows)
    retracted_withdrawn_off_topic = ("90000009", "90000013", "90000014")
    assert not any(pmid in row for row in rows for pmid in retracted_withdrawn_off_topic)


@pytest.mark.parametrize("kind", [sort.name for sort in page.SORTS])
def test_every_sort_has_its_own_words_and_the_count_of_all(database: Path, kind: str) -> None:
    text = get(database, f"/gaps?kind={kind}").text
    assert text.count('aria-current="page"') == 1
    (sort,) = [sort for sort in page.SORTS if sort.name == kind]
    assert f'<h2 id="list">{sort.heading}</h2>' in text
    assert all(other.heading in text for other in page.SORTS)


@pytest.mark.parametrize("typed", ["Radiofrequency ablation", "radiofrequency_ablation", "RFA"])
def test_it_is_narrowed_to_a_treatment_by_label_id_or_short_form(database: Path, typed: str) -> None:
    rows = body(get(database, f"/gaps?treatment={typed}").text)
    assert rows
    assert all("/interventions/radiofrequency_ablation" in row for row in rows)


def test_narrowing_to_a_topic_and_an_outcome(database: Path) -> None:
    of_topic = body(get(database, "/gaps?topic=ablation").text)
    assert of_topic
    assert all("/interventions/radiofrequency_ablation" in row for row in of_topic)
    of_outcome = body(get(database, "/gaps?outcome=local_control").text)
    assert of_outcome
    for other in ("topic=systemic_therapy", "outcome=pain_response", "treatment=vertebroplasty"):
        assert body(get(database, f"/gaps?{other}").text) == []
    assert all("/outcomes/local_control" in row for row in of_outcome)


@pytest.mark.parametrize(
    "asked", ["treatment=hair+growth", "outcome=zzz", "topic=astrology", "treatment=%3Cscript%3E"]
)
def test_what_names_nothing_is_said_and_is_not_an_empty_gap(database: Path, asked: str) -> None:
    answer = get(database, f"/gaps?{asked}")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert "Nothing is listed" in answer.text
    assert "No gap of this sort" not in answer.text
    assert "<script>" not in answer.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999", "1.5", ""])
def test_any_page_number_is_answered(database: Path, number: str) -> None:
    assert get(database, f"/gaps?page={number}").status_code == 200


def test_a_large_base_is_paged_and_long_citations_folded(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {
        "what": "gap", "subject": "RFA", "outcome": "Pain", "gap": page.LOW, "level": "IV", "papers": 120,
        "subject_node": "intervention:radiofrequency_ablation", "outcome_node": "outcome:pain_response",
        "pmids": ["90000005", "90000011", *(str(91_000_000 + n) for n in range(118))],
    }  # fmt: skip
    row["pmids"][2:7] = ["90000001", "90000002", "90000003", "90000004", "90000006"]
    many = Answer("gaps", (row,) * 4000, (), 13, 16)
    monkeypatch.setattr(page, "_all_gaps", lambda connection: many)
    text = get(database, "/gaps?page=3").text
    assert len(body(text)) == 50
    assert "Page 3 of 80" in text
    assert 'rel="prev"' in text
    assert len(text) < 1_000_000
    last = get(database, "/gaps?page=80&treatment=radiofrequency_ablation").text
    assert 'rel="next"' not in last
    assert "treatment=radiofrequency_ablation" in last.partition('rel="prev"')[0].rpartition("<a ")[2]


def test_it_is_linked_from_home_topics_treatments_and_outcomes(database: Path) -> None:
    assert 'href="/gaps"' in get(database, "/").text
    assert 'href="/gaps?topic=sbrt"' in get(database, "/topics/sbrt").text
    assert f'href="/gaps?treatment={SBRT}"' in get(database, f"/interventions/{SBRT}").text
    assert 'href="/gaps?outcome=pain_response"' in get(database, "/outcomes/pain_response").text
