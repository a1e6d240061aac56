"""Calculators and tools side by side over Datasette's own client: results, refusals, permissions, hostile input."""

from __future__ import annotations

import sqlite3
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from kb.prognosis.rule_files import find_rule, load_rules
from tests.datasette_plugins.test_pages import DENIED_ALL, DENIED_DATABASE, DENIED_TABLE, get
from tests.made_up import made_up_database

SINS = "/tools/spinal_instability_neoplastic_score"
ANSWERS = {
    "location": "junctional",
    "pain": "mechanical",
    "lesion": "lytic",
    "alignment": "normal",
    "collapse": "under_half",
    "posterolateral": "one",
}
TOOLS = ("sorg_nomogram", "tomita_score", "tokuhashi_score_revised", "van_der_linden_score")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up knowledge base with two real tools set against each other in one made-up paper."""
    path = tmp_path_factory.mktemp("calculator") / "kb.db"
    made_up_database(path).close()
    connection = sqlite3.connect(path)
    for tool in TOOLS:
        connection.execute(
            "INSERT INTO concepts (id, kind, label, forms, mesh) VALUES (?, 'tool', ?, '[]', '[]')",
            (tool, find_rule(tool).name),
        )
    for tool, value in (("sorg_nomogram", 0.74), ("tomita_score", 0.61)):
        connection.execute(
            "INSERT INTO tool_performance SELECT 'key-' || ?1, pmid, position + 10, ?1, metric, ?2, setting, NULL, NULL,"
            " 12.0, n, section, start, end, text, origin, retracted, deleted FROM tool_performance WHERE pmid = '90000007' AND value = 0.64",
            (tool, value),
        )
    connection.execute(
        "UPDATE concepts SET type = 'classification' WHERE id = 'spinal_instability_neoplastic_score'"
    )
    connection.execute(
        "INSERT INTO tool_performance SELECT 'key-sins', pmid, position + 10, tool, 'c_index', 0.54, 'external_validation',"
        " NULL, NULL, 12.0, n, section, start, end, text, origin, retracted, deleted FROM tool_performance"
        " WHERE tool = 'spinal_instability_neoplastic_score'"
    )
    connection.execute(
        "INSERT INTO mentions SELECT 'm-' || key, pmid, position + 90, 'tomita_score', kind, 'evaluated', 0, 0, section, start,"
        " end, text, sentence_start, sentence_end, sentence, origin, retracted, deleted FROM mentions WHERE pmid = '90000008' AND kind = 'tool'"
    )
    connection.execute(
        "INSERT INTO mentions SELECT 'n-' || key, pmid, position + 91, 'sorg_nomogram', kind, 'evaluated', 0, 0, section, start,"
        " end, text, sentence_start, sentence_end, sentence, origin, retracted, deleted FROM mentions WHERE pmid = '90000008' AND concept = 'tomita_score'"
    )
    connection.execute(
        "INSERT INTO sections VALUES ('90000008', 9, 'CONCLUSION', NULL, 'Both <b>tools</b> were poorly calibrated.')"
    )
    connection.commit()
    connection.close()
    return path


def asked(answers: dict[str, str], tool: str = SINS) -> str:
    return f"{tool}/calculator?{urlencode(answers)}"


def test_an_empty_form_asks_every_question_and_shows_no_result(database: Path) -> None:
    answer = get(database, SINS + "/calculator")
    assert answer.status_code == 200
    for item in find_rule("spinal_instability_neoplastic_score").items:
        assert item.question in answer.text
        for choice in item.choices:
            assert f'name="{item.name}" value="{choice.value}"' in answer.text
    assert 'class="outcome"' not in answer.text
    assert 'role="alert"' not in answer.text
    assert "Not a medical device." in answer.text
    assert "<script" not in answer.text.split("<main")[1].split("</main")[0]


def test_a_result_shows_score_group_points_and_sources(database: Path) -> None:
    answer = get(database, asked(ANSWERS))
    text = unescape(answer.text)
    assert answer.status_code == 200
    assert "11 points" in text
    assert "indeterminate" in text
    assert "The source advises: a surgical opinion" in text
    assert 'href="https://pubmed.ncbi.nlm.nih.gov/20562730/"' in text
    assert 'value="junctional" checked' in text
    assert text.count('<span class="meta"> point') == 6


def test_wrong_answers_are_a_400_that_names_each_question(database: Path) -> None:
    answer = get(database, asked(ANSWERS | {"pain": "awful", "lesion": ""}))
    text = unescape(answer.text)
    assert answer.status_code == 400
    assert "2 answers can't be scored" in text
    assert "'awful' is no answer here" in text
    assert 'href="#q-lesion"' in text
    assert "not answered" in text
    assert 'class="outcome"' not in text
    assert 'value="junctional" checked' in text


def test_a_number_is_asked_with_its_unit_and_range_and_refused_outside(database: Path) -> None:
    tokuhashi = "/tools/tokuhashi_score_revised"
    answers = {
        "karnofsky": "70 %",
        "extraspinal_bone": "0",
        "vertebrae": "1",
        "organs": "none",
        "primary": "lung",
    }
    right = get(database, asked(answers | {"palsy": "none"}, tokuhashi))
    assert right.status_code == 200
    assert "9 points" in right.text
    assert "percent, 10 to 100" in right.text
    wrong = get(database, asked(answers | {"palsy": "none", "karnofsky": "75"}, tokuhashi))
    assert wrong.status_code == 400
    assert "goes in steps of 10" in wrong.text
    assert 'value="75" aria-invalid="true"' in wrong.text


@pytest.mark.parametrize(
    "value", ["<script>alert(1)</script>", "'; DROP TABLE records;--", "x" * 5000, "\x00", "%", "{{ 7*7 }}"]
)
def test_hostile_answers_stay_text(database: Path, value: str) -> None:
    answer = get(database, asked(ANSWERS | {"pain": value}))
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert "49" not in answer.text.split('role="alert"')[1].split("</div>")[0]
    assert len(answer.text) < 40_000


def test_other_parameters_of_an_address_are_left_alone(database: Path) -> None:
    assert get(database, SINS + "/calculator?from=elsewhere").status_code == 200
    assert get(database, asked(ANSWERS | {"from": "elsewhere"})).status_code == 200


@pytest.mark.parametrize("tool", ["van_der_linden_score", "sorg_nomogram", "nothing", "%3Cscript%3E"])
def test_a_tool_without_verified_rules_has_no_calculator(database: Path, tool: str) -> None:
    answer = get(database, f"/tools/{tool}/calculator")
    assert answer.status_code == 404
    assert "There is no calculator for the tool" in answer.text
    assert "<script>" not in answer.text.split("</footer>")[0]


def test_a_tool_that_this_knowledge_base_does_not_know_is_a_404(database: Path) -> None:
    answer = get(database, "/tools/bauer_score_modified/calculator")
    assert answer.status_code == 404
    assert "There is no tool" in answer.text


def test_the_page_of_a_tool_leads_to_its_calculator_and_shows_its_figures(database: Path) -> None:
    text = unescape(get(database, SINS).text)
    assert f'href="{SINS}/calculator"' in text
    assert "kappa" in text
    assert "calibration could be read from" not in text
    tomita = unescape(get(database, "/tools/tomita_score").text)
    assert "Of 1 paper with a figure of its discrimination, calibration could be read from none" in tomita
    assert "Against other tools, on the same patients" in tomita
    assert 'href="/papers/90000007#e-key-sorg_nomogram"' in tomita
    assert "Where the sources leave doubt" in tomita


def test_a_classification_is_not_shown_as_foretelling_survival(database: Path) -> None:
    text = unescape(get(database, SINS).text)
    assert "Survival, as reported" not in text
    assert "external validation)" not in text
    assert "Against other tools" not in text
    folded = text[text.index("for which it was not made") :].split("</details>")[0]
    assert "C-index" in folded
    assert "<blockquote>" in folded
    told = text[text.index("Figures, in their sentences") :]
    sentence = told[told.index("<blockquote>") :].split("</blockquote>")[0]
    assert "kappa" in told
    assert "agree" in sentence.lower() or "kappa" in sentence.lower()
    assert "Survival, as reported" in get(database, "/tools/tokuhashi_score_revised").text


@pytest.mark.parametrize("tool", [SINS, "/tools/revised_tokuhashi_score"])
def test_a_claim_on_a_tool_quotes_the_sentences_of_its_figures(database: Path, tool: str) -> None:
    claims = get(database, tool).text.split('<article class="claim')[1:]
    assert claims
    for claim in claims:
        assert "Reported performance:" in claim
        assert " 0 quoted" not in claim
        assert "<blockquote>" in claim


def test_the_page_of_a_described_tool_says_what_is_missing(database: Path) -> None:
    text = unescape(get(database, "/tools/van_der_linden_score").text)
    assert "No calculator." in text
    assert find_rule("van_der_linden_score").missing[0] in text
    assert "van_der_linden_score/calculator" not in text
    assert "No figure of its performance could be read" in text


def test_a_tool_without_a_rule_file_keeps_its_page(database: Path) -> None:
    assert "sorg_survival_model" not in load_rules()
    text = get(database, "/tools/sorg_survival_model").text
    assert "0.78 (0.74 to 0.82)" in text
    assert "How it works" not in text


def test_side_by_side_answers_with_citations_and_calibration(database: Path) -> None:
    text = unescape(get(database, "/head-to-head").text)
    assert "Do newer models outperform the classic scores?" in text
    assert "In 1 paper the newer tools had the higher figure throughout." in text
    assert 'href="/papers/90000007"' in text
    assert "Figures of calibration could be read for both tools in 0 of 1 pair" in text
    assert "the tools are not ranked" in text
    assert "This page rests on 2 of the 16 records" in text
    assert "Not settled: " in text
    assert "Papers on both that could not be counted" in text
    assert "Both &lt;b&gt;tools&lt;/b&gt; were poorly calibrated." in get(database, "/head-to-head").text
    assert "poorly calibrated" in get(database, "/tools/tomita_score").text
    assert 'href="/head-to-head"' in get(database, "/tools").text


def test_without_comparisons_the_page_says_so(tmp_path: Path) -> None:
    made_up_database(tmp_path / "kb.db").close()
    text = unescape(get(tmp_path / "kb.db", "/head-to-head").text)
    assert "This can't be counted from the papers held here" in text
    assert "No paper held here reports two tools" in text


@pytest.mark.parametrize("metadata", [DENIED_ALL, DENIED_DATABASE, DENIED_TABLE])
@pytest.mark.parametrize("page", [SINS + "/calculator", asked(ANSWERS), "/head-to-head"])
def test_who_may_not_see_the_tables_sees_no_tool(database: Path, metadata: dict[str, Any], page: str) -> None:
    answer = get(database, page, metadata)
    assert answer.status_code == 403
    assert "points" not in answer.text


def test_addresses_follow_base_url(database: Path) -> None:
    text = get(database, SINS + "/calculator", settings={"base_url": "/spine/"}).text
    assert f'action="/spine{SINS}/calculator#result"' in text
    assert "/spine/-/static-plugins/spinemets/calculator.css" in text
