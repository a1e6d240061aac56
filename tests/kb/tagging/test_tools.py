"""Tool performance: which tool, metric, value, interval, horizon and setting a sentence reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.tagging.extract import extract
from tests.made_up import record

if TYPE_CHECKING:
    from kb.evidence import Extraction, ToolPerformance

TOKUHASHI, TOMITA, BAUER = "tokuhashi_score", "tomita_score", "bauer_score"
SINS, SORG = "spinal_instability_neoplastic_score", "sorg_nomogram"

SEVERAL = (
    "External validation of the Tokuhashi, Tomita and Bauer scores in spinal metastases",
    "We retrospectively tested the scores in 210 patients with spinal metastases.",
)
ONE = (
    "External validation of the Tokuhashi score in spinal metastases",
    "We tested it in 210 patients with spinal metastases.",
)
DEVELOPED = (
    "Development of the SORG nomogram for survival in spinal metastases",
    "A nomogram was developed from 300 patients with spinal metastases.",
)
MADE = (
    "Development and validation of a nomogram for survival in spinal metastases",
    "We made it from 300 patients with spinal metastases.",
)
RATED = (
    "Reliability of the Spinal Instability Neoplastic Score",
    "Ten raters judged 30 cases of spinal metastases with the Spinal Instability Neoplastic Score (SINS).",
)


def read(study: tuple[str, str], sentence: str) -> Extraction:
    """Read a study whose results are one sentence."""
    title, methods = study
    return extract(record("90000001", title, ("METHODS", methods), ("RESULTS", sentence)))


def said(row: ToolPerformance) -> tuple[object, ...]:
    return (row.tool, row.metric, row.value)


VALUES = [
    # Several tools in one sentence.
    (SEVERAL, "The AUC was 0.72 for the Tokuhashi score, 0.68 for the Tomita score and 0.61 for the Bauer score.",
     [(TOKUHASHI, "auc", 0.72), (TOMITA, "auc", 0.68), (BAUER, "auc", 0.61)]),
    (SEVERAL, "The AUCs of the Tokuhashi, Tomita and Bauer scores were 0.72, 0.68 and 0.61, respectively.",
     [(TOKUHASHI, "auc", 0.72), (TOMITA, "auc", 0.68), (BAUER, "auc", 0.61)]),
    (SEVERAL, "Accuracy was 66% for the Tokuhashi score and 57% for the Tomita score.",
     [(TOKUHASHI, "accuracy", 66), (TOMITA, "accuracy", 57)]),
    (SEVERAL, "The Tokuhashi score was better than the Tomita score (AUC 0.72 vs 0.65, p=0.03).",
     [(TOKUHASHI, "auc", 0.72), (TOMITA, "auc", 0.65)]),
    # Several metrics of one tool.
    (ONE, "Sensitivity and specificity of the Tokuhashi score were 85% and 70%.",
     [(TOKUHASHI, "sensitivity", 85), (TOKUHASHI, "specificity", 70)]),
    (ONE, "The positive predictive value of the Tokuhashi score was 0.81 and the NPV was 0.66.",
     [(TOKUHASHI, "ppv", 0.81), (TOKUHASHI, "npv", 0.66)]),
    (RATED, "For the SINS, interobserver kappa was 0.76 and the ICC was 0.85.", [(SINS, "kappa", 0.76), (SINS, "icc", 0.85)]),
    # No tool is named: it is the one that the title tests.
    (ONE, "The accuracy was 64% and the Brier score 0.18; the calibration slope was 0.92.",
     [(TOKUHASHI, "accuracy", 64), (TOKUHASHI, "brier", 0.18), (TOKUHASHI, "calibration_slope", 0.92)]),
    (SEVERAL, "The AUC was 0.70.", []),  # whose is not said
    # Ranges with the tools in parentheses; lists by time; a list behind its values; an item that is no tool.
    (SEVERAL, "AUCs ranged from 0.59 (Bauer score) to 0.81 (Tokuhashi score).",
     [(BAUER, "auc", 0.59), (TOKUHASHI, "auc", 0.81)]),
    (SEVERAL, "AUCs at 3, 6 and 12 months were 0.82, 0.77 and 0.75 for the Tokuhashi score, and 0.66, 0.65 and 0.64 for"
     " the Tomita score.", [*((TOKUHASHI, "auc", v) for v in (0.82, 0.77, 0.75)), *((TOMITA, "auc", v) for v in (0.66, 0.65, 0.64))]),
    (SEVERAL, "Harrell's C was 0.71, 0.66, and 0.62 for the Tokuhashi, Tomita, and Bauer scores, respectively.",
     [(TOKUHASHI, "c_index", 0.71), (TOMITA, "c_index", 0.66), (BAUER, "c_index", 0.62)]),
    (SEVERAL, "The C-statistics were 0.75, 0.72, and 0.66 for Tokuhashi, Tomita score and age, respectively.",
     [(TOKUHASHI, "c_index", 0.75), (TOMITA, "c_index", 0.72)]),
    (SEVERAL, "Sensitivity was higher for the Tokuhashi score (82%) than for the Tomita score (64%), whereas specificity"
     " was lower (55% vs 71%).", [(TOKUHASHI, "sensitivity", 82), (TOMITA, "sensitivity", 64),
                                  (TOKUHASHI, "specificity", 55), (TOMITA, "specificity", 71)]),
    # What is no tool has no tool's figures.
    (ONE, "The Tokuhashi score (AUC = 0.743) did better than age (AUC = 0.594) for mortality.", [(TOKUHASHI, "auc", 0.743)]),
    (ONE, "MRI had a sensitivity of 93%.", []),
    (ONE, "The c-statistics were: Tokuhashi score (0.74), TPA (0.64), and body weight (0.60).", [(TOKUHASHI, "c_index", 0.74)]),
    # The paper's own model, and models beside it.
    (DEVELOPED, "Our model had an AUC of 0.79, the Tomita score one of 0.61.", [(SORG, "auc", 0.79), (TOMITA, "auc", 0.61)]),
    (MADE, "The area under the curve of the model was 0.83 and its accuracy 76%.",
     [("nomogram", "auc", 0.83), ("nomogram", "accuracy", 76)]),
    (MADE, "The nomogram (C-index 0.75) beat a random forest (C-index 0.71) and logistic regression (C-index 0.70).",
     [("nomogram", "c_index", 0.75), ("machine_learning_model", "c_index", 0.71), ("prediction_model", "c_index", 0.70)]),
    # Raters agree on the score; they are not its rivals.
    (RATED, "Kappa was 0.54 among surgeons and 0.48 among radiologists.", [(SINS, "kappa", 0.54), (SINS, "kappa", 0.48)]),
    (RATED, "Kappa values for location, pain, and alignment were 0.79, 0.84, and 0.46.",
     [(SINS, "kappa", 0.79), (SINS, "kappa", 0.84), (SINS, "kappa", 0.46)]),
    (ONE, "Nothing was measured with the Tokuhashi score.", []),
]  # fmt: skip


@pytest.mark.parametrize(("study", "sentence", "expected"), VALUES)
def test_tools_and_values(study: tuple[str, str], sentence: str, expected: list[tuple[object, ...]]) -> None:
    assert [said(row) for row in read(study, sentence).tool_performance] == expected


INTERVALS = [
    ("The AUC of the Tokuhashi score was 0.74 (95% CI 0.68-0.80).", (0.74, 0.68, 0.80)),
    ("The AUC of the Tokuhashi score was 0.74 [0.68, 0.80].", (0.74, 0.68, 0.80)),
    ("The Tokuhashi score had an AUC of 0·74 (95%CI: 0·68—0·80).", (0.74, 0.68, 0.80)),
    (
        "The C-index of the Tokuhashi score was 0.74 (95% confidence interval, 0.68 to 0.80).",
        (0.74, 0.68, 0.80),
    ),
    ("The AUC of the Tokuhashi score was 0.74.", (0.74, None, None)),
]


@pytest.mark.parametrize(("sentence", "expected"), INTERVALS)
def test_intervals(sentence: str, expected: tuple[float, float | None, float | None]) -> None:
    [row] = read(ONE, sentence).tool_performance
    assert (row.value, row.ci_low, row.ci_high) == expected


def test_each_tool_keeps_its_own_interval() -> None:
    rows = read(
        SEVERAL,
        "The Tokuhashi score (C-index 0.72, 95% CI 0.66-0.78) did better than the Tomita score (C-index 0.64, 95% CI 0.57-0.70).",
    ).tool_performance
    assert [(row.tool, row.ci_low, row.ci_high) for row in rows] == [
        (TOKUHASHI, 0.66, 0.78),
        (TOMITA, 0.57, 0.70),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "AUC (95% CI) is listed for the Tokuhashi score.",
        "The area under the curve (95% confidence interval) of the Tokuhashi score is listed.",
        "The AUC of the Tokuhashi score was above the 95% level.",
        "The AUC of the Tokuhashi score was 1.7.",
    ],
)
def test_a_confidence_level_is_no_area(sentence: str) -> None:
    assert read(ONE, sentence).tool_performance == ()


HORIZONS = [
    ("The Tokuhashi score had AUCs of 0.70, 0.74 and 0.78 at 3, 6 and 12 months.", [(0.70, 3), (0.74, 6), (0.78, 12)]),
    ("The 3-, 6- and 12-month AUCs of the Tokuhashi score were 0.70, 0.74 and 0.78, respectively.",
     [(0.70, 3), (0.74, 6), (0.78, 12)]),
    ("The 1-year AUC of the Tokuhashi score was 0.74.", [(0.74, 12)]),
    ("The Tokuhashi score had an AUC of 0.74 at 1 year and 0.70 at 3 months.", [(0.74, 12), (0.70, 3)]),
    ("The AUC of the Tokuhashi score was 0.74.", [(0.74, None)]),
    ("The Tokuhashi score had a C-index of 0.72 for 6-month mortality and 0.70 for 1-year mortality.", [(0.72, 6), (0.70, 12)]),
    ("The Tokuhashi score had its best accuracy at 6 months (AUC = 0.76) and 1 year (AUC = 0.75).", [(0.76, 6), (0.75, 12)]),
    ("AUCs of the Tokuhashi score were 0.75 and 0.71 at 3 months and 0.77 and 0.72 at 1 year.",
     [(0.75, 3), (0.71, 3), (0.77, 12), (0.72, 12)]),
    ("The Tokuhashi score was best for 6 months (AUC 0.72), not for 1 year (AUC 0.69).", [(0.72, 6), (0.69, 12)]),
    ("Survival at 1 year was 41%, and the AUC of the Tokuhashi score was 0.66.", [(0.66, None)]),
    ("The AUC of the Tokuhashi score was 0.68, and 2-year survival had an AUC of 0.64.", [(0.68, None), (0.64, 24)]),
]  # fmt: skip


def test_agreement_of_raters_foretells_no_time() -> None:
    rows = read(RATED, "At 3 months the interobserver kappa of the SINS was 0.76.").tool_performance
    assert [row.horizon_months for row in rows] == [None]


def test_the_time_of_title_or_primary_outcome_holds_where_a_sentence_names_none() -> None:
    title = "The Tokuhashi score and 30-day mortality after surgery for spinal metastases"
    titled = extract(record("90000001", title, ("RESULTS", "Its AUC was 0.71 in 80 patients.")))
    assert [row.horizon_months for row in titled.tool_performance] == [0.99]
    primary = ("OUTCOME MEASURES", "One-year survival (primary); 3-month mortality was secondary.")
    asked = extract(
        record("90000001", ONE[0], primary, ("RESULTS", "The AUC of the Tokuhashi score was 0.71."))
    )
    assert [row.horizon_months for row in asked.tool_performance] == [12]


@pytest.mark.parametrize(("sentence", "expected"), HORIZONS)
def test_horizons(sentence: str, expected: list[tuple[float, float | None]]) -> None:
    assert [(row.value, row.horizon_months) for row in read(ONE, sentence).tool_performance] == expected


SETTINGS = [
    (ONE, "The AUC of the Tokuhashi score was 0.74.", "external_validation"),
    (DEVELOPED, "In the training cohort the C-index of the SORG nomogram was 0.80.", "development"),
    (DEVELOPED, "The C-index of the SORG nomogram was 0.78 after bootstrapping.", "internal_validation"),
    (DEVELOPED, "The C-index of the SORG nomogram was 0.77 in the test set.", "internal_validation"),
    (DEVELOPED, "On external validation the C-index of the SORG nomogram was 0.74.", "external_validation"),
    (DEVELOPED, "The C-index of the SORG nomogram was 0.75.", "development"),
    (RATED, "Interobserver kappa of the SINS was 0.76.", "reliability"),
]


@pytest.mark.parametrize(("study", "sentence", "setting"), SETTINGS)
def test_settings(study: tuple[str, str], sentence: str, setting: str) -> None:
    assert [row.setting for row in read(study, sentence).tool_performance] == [setting]


IN_STEP = [
    ("In the training and validation cohorts, the C-indices were 0.78 and 0.74.", ["development", "internal_validation"]),
    ("The C-index was 0.78 in the training set and 0.74 in the validation set.", ["development", "internal_validation"]),
    ("The C-index was 0.75 on internal validation and 0.71 on external validation.",
     ["internal_validation", "external_validation"]),
    ("The C-index of the nomogram was 0.78, that of the Tomita score 0.66.", ["development", "external_validation"]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "settings"), IN_STEP)
def test_each_figure_has_its_own_setting(sentence: str, settings: list[str]) -> None:
    assert [row.setting for row in read(MADE, sentence).tool_performance] == settings


def test_a_random_split_makes_a_model_paper_no_validation_of_others() -> None:
    title = "A nomogram for patients with bone metastases of the spine"
    methods = "To develop it, 400 patients were divided into a training cohort and a validation cohort."
    paper = record(
        "90000001", title, ("METHODS", methods), ("RESULTS", "The C-index was 0.72 in the validation cohort.")
    )
    assert [row.setting for row in extract(paper).tool_performance] == ["internal_validation"]


def test_figures_of_one_analysis_carry_its_own_patients() -> None:
    sentence = "On complete case analysis (n = 85) the AUC of the Tokuhashi score was 0.74."
    assert [row.n for row in read(ONE, sentence).tool_performance] == [85]


def test_an_abstract_without_headings_may_report_where_methods_would_stand_and_a_bar_is_no_report() -> None:
    told = ("", "The study included 90 patients. The AUC of the Tokuhashi score was 0.72. It was fair.")
    bar = ("", "We studied 90 patients. An AUC of 0.70 of the Tokuhashi score was considered adequate.")
    assert [row.value for row in extract(record("90000001", ONE[0], told)).tool_performance] == [0.72]
    assert extract(record("90000001", ONE[0], bar)).tool_performance == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "The AUC of the psoas area for 1-year mortality was 0.68.",
        "ROC analysis of albumin gave an AUC of 0.71.",
    ],
)
def test_the_figure_of_a_factor_is_no_figure_of_the_score_beside_it(sentence: str) -> None:
    assert read(ONE, sentence).tool_performance == ()


def test_rows_carry_the_studys_patients_and_quote_their_sentence() -> None:
    sentence = "The AUC of the Tokuhashi score was 0.74."
    [row] = read(ONE, sentence).tool_performance
    assert row.n == 210
    assert (row.span.section, row.span.text) == (2, sentence)


def test_a_row_told_twice_is_one_row() -> None:
    title, methods = ONE
    paper = record(
        "90000001", title, ("METHODS", methods), ("RESULTS", "The AUC of the Tokuhashi score was 0.74."),
        ("CONCLUSIONS", "With an AUC of 0.74 the Tokuhashi score is fair."),
    )  # fmt: skip
    assert len(extract(paper).tool_performance) == 1


def test_methods_hold_no_performance() -> None:
    title, _ = ONE
    paper = record(
        "90000001", title, ("METHODS", "An AUC of 0.70 of the Tokuhashi score was held to be fair.")
    )
    assert extract(paper).tool_performance == ()


def test_a_tools_figures_are_not_among_the_findings() -> None:
    found = read(ONE, "Overall survival at 1 year was 45%. The AUC of the Tokuhashi score was 0.71.")
    assert [said(row) for row in found.tool_performance] == [(TOKUHASHI, "auc", 0.71)]
    assert [(one.outcome, one.value) for one in found.findings] == [("overall_survival", 45)]
