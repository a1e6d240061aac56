"""Metrics: which numbers of a sentence are figures of a tool, of which metric and with which interval."""

from __future__ import annotations

from typing import get_args

import pytest

from kb.evidence import Metric
from kb.tagging.numbers.printed_numbers import plain
from kb.tagging.prognostic.metrics import find_metrics, metric_names
from kb.tagging.prognostic.tool_names import stand_ins
from kb.vocabulary.concept import load_vocabulary


def read(sentence: str) -> list[tuple[str, float]]:
    return [(one.metric, one.value) for one in find_metrics(plain(sentence))]


NAMED = [
    (
        "The accuracy, precision, recall, F1-score and AUC for the test data were 0.87, 0.95, 0.74, 0.83 and 0.94.",
        [("accuracy", 0.87), ("ppv", 0.95), ("sensitivity", 0.74), ("auc", 0.94)],
    ),
    ("The AUC was 0.74.", [("auc", 0.74)]),
    ("The area under the ROC curve (AUC) was 0.74.", [("auc", 0.74)]),
    ("Its AUC-ROC was 0.811 ± 0.079.", [("auc", 0.811)]),
    ("tAUC values at 3, 6, and 12 months were 0.82, 0.77, and 0.75.", [("auc", 0.82), ("auc", 0.77), ("auc", 0.75)]),
    ("Harrell's C was 0.71.", [("c_index", 0.71)]),
    ("It had a concordance of 0.760.", [("c_index", 0.76)]),
    ("Tokuhashi did best (C = 0.7204; R² = 0.3619).", [("c_index", 0.7204)]),
    ("The weighted kappa was 0.54 and Fleiss' kappa 0.48.", [("kappa", 0.54), ("kappa", 0.48)]),
    ("Agreement was fair for site (k = 0.342).", [("kappa", 0.342)]),
    ("The intraclass correlation coefficient ranged from 0.58 to 0.92.", [("icc", 0.58), ("icc", 0.92)]),
    ("Sensitivity, specificity, PPV and NPV were 85%, 70%, 66% and 88%.",
     [("sensitivity", 85), ("specificity", 70), ("ppv", 66), ("npv", 88)]),
    ("Sensitivity/specificity were 0.83/0.71.", [("sensitivity", 0.83), ("specificity", 0.71)]),
    ("It reached 85% sensitivity at 70% specificity.", [("sensitivity", 85), ("specificity", 70)]),
    ("The concordance rate between predicted and actual survival was 90.3%.", [("accuracy", 90.3)]),
    ("The calibration slope was 0.92 and the intercept -0.08.",
     [("calibration_slope", 0.92), ("calibration_intercept", -0.08)]),
    ("Brier scores were 0.170, 0.178 and 0.169.", [("brier", 0.17), ("brier", 0.178), ("brier", 0.169)]),
    ("AUC values were 81.9 % (C.I.: 72.5%-91.2%) and 85.8 (C.I.: 76.7-94.9%).", [("auc", 81.9), ("auc", 85.8)]),
    ("ACC, AUC, and F1-score were 0.862, 0.870, and 0.874.", [("accuracy", 0.862), ("auc", 0.87)]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), NAMED)
def test_names_and_values(sentence: str, expected: list[tuple[str, float]]) -> None:
    assert read(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The hazard ratio was 2.31 (95% CI 1.20-4.40).",
        "AUC (95% CI) is listed.",
        "An AUC above 0.70 was fair; kappa > 0.61 was substantial (0.60 < k < 0.80).",
        "In a sensitivity analysis the odds ratio was 0.84.",
        "The accuracy of the score is debated (p = 0.03).",
        "The slope of the decline was 0.40 per month.",
        "Survival at 1 year was 45% in both groups of the AUC study.",
    ],
)
def test_other_numbers_are_no_figures(sentence: str) -> None:
    assert read(sentence) == []


def test_an_outcome_behind_the_metric_is_what_it_foretells_and_one_behind_its_value_is_another_result() -> (
    None
):
    assert read("The AUC for 90-day mortality was 0.74, and 1-year mortality was 0.41.") == [("auc", 0.74)]


INTERVALS = [
    ("The AUC was 0.75 (95% CI: 0.69–0.81).", (0.69, 0.81)),
    ("The c-statistic was 0.73 [95% confidence interval [CI], 0.67-0.78].", (0.67, 0.78)),
    ("The AUC [95% CI] was 0.664 [0.584-0.744].", (0.584, 0.744)),
    ("The intercept of the calibration was −0.07 (95% CI: −0.50, 0.35).", (-0.5, 0.35)),
    ("The AUC was 0.82 in the external test set (95% CI 0.56 to 1.00).", (0.56, 1.0)),
    ("The C-index was 0.787 (95% CI 74.6%–82.8%).", (0.746, 0.828)),
    ("The AUC was 0.75 (95% CI 0.79-0.90).", (None, None)),  # an interval that does not hold its value
]


@pytest.mark.parametrize(("sentence", "expected"), INTERVALS)
def test_intervals(sentence: str, expected: tuple[float | None, float | None]) -> None:
    [one] = find_metrics(plain(sentence))
    assert (one.ci_low, one.ci_high) == expected


def test_the_words_for_metrics_and_tools_are_those_of_schema_and_vocabulary() -> None:
    assert metric_names() == frozenset(get_args(Metric))
    assert stand_ins() <= set(load_vocabulary().concepts)
