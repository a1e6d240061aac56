"""Tested factors: treatments that are asked about because results tell their effect."""

from __future__ import annotations

import pytest

from kb.tagging import tested_factors
from kb.tagging.extract import extract
from kb.tagging.pipeline import read_articles
from tests.made_up import record

TITLE = "Predictors of survival in spinal metastases"


def told_of(sentence: str, label: str = "RESULTS") -> set[str]:
    [article] = read_articles([record("90000001", TITLE, (label, sentence))])
    return {c for found in tested_factors.tested_treatments(article) for c in found}


@pytest.mark.parametrize(
    ("sentence", "treatments"),
    [
        (
            "Age, postoperative radiotherapy and targeted therapy were independent predictors of survival.",
            {"postoperative_radiotherapy", "targeted_therapy"},
        ),
        ("Chemotherapy did not have a significant effect on fusion.", {"chemotherapy"}),
        ("Chemotherapy and the level did not influence fusion.", {"chemotherapy"}),
        ("Independent prognostic factors were age, sex and systemic therapy.", {"systemic_therapy"}),
        ("Survival was influenced by postoperative chemotherapy.", {"chemotherapy"}),
        ("Three factors mattered: sex (p = 0.01) and denosumab (HR 0.5, 0.3-0.8).", {"denosumab"}),
        ("Patients using bisphosphonates showed a greater increase in density.", {"bisphosphonate"}),
        (
            "The following were significant in the univariate analysis: sex, preoperative radiotherapy and age.",
            {"preoperative_radiotherapy"},
        ),
        ("Use of denosumab was associated with fewer fractures.", {"denosumab"}),
    ],
)
def test_a_treatment_with_a_verdict_is_tested(sentence: str, treatments: set[str]) -> None:
    assert told_of(sentence) == treatments


@pytest.mark.parametrize(
    "sentence",
    [
        "The response to chemotherapy was associated with survival.",
        "The dose of radiotherapy was an independent predictor.",
        "Ambulation before radiotherapy was a significant predictor.",
        "Radiotherapy dose was associated with survival.",
        "Infections after surgery were associated with smoking.",
        "Chemotherapy was given to 30 patients.",
        "In patients who underwent surgery, age was associated with survival.",
        "Chemotherapy has significantly prolonged survival over the years.",
    ],
)
def test_what_only_dates_or_details_a_factor_is_not_tested(sentence: str) -> None:
    assert told_of(sentence) == set()


def test_introductions_test_nothing() -> None:
    assert told_of("Chemotherapy was associated with survival.", "BACKGROUND") == set()


def test_a_tested_factor_is_studied_but_takes_no_values() -> None:
    paper = record(
        "90000001",
        "Separation surgery for spinal metastases",
        ("METHODS", "Sixty patients underwent separation surgery."),
        ("RESULTS", "Chemotherapy was associated with survival. Median survival was 12 months."),
    )
    found = extract(paper)
    roles = {m.concept: m.role for m in found.mentions if m.kind == "intervention"}
    assert roles["chemotherapy"] == "studied"
    assert {f.intervention for f in found.findings if f.value == 12} <= {"separation_surgery", None}


def test_a_broad_name_beside_its_kind_is_no_second_treatment() -> None:
    paper = record(
        "90000001",
        "Postoperative radiosurgery for spinal metastases",
        ("METHODS", "Sixty patients underwent postoperative radiosurgery."),
        ("RESULTS", "Radiosurgery did not increase complications."),
    )
    roles = {m.concept: m.role for m in extract(paper).mentions if m.kind == "intervention"}
    assert roles["stereotactic_body_radiotherapy"] == "background"
