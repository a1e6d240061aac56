"""What the factors of a sentence bear on, each with its own p value or ratio."""

from __future__ import annotations

import pytest

from tests.kb.tagging.test_findings import SERIES, findings

FACTORS = [
    # Every p value of a list is a result on the outcome of the list.
    ("Age (p=0.4), sex (p=0.02) and visceral metastases (p<0.001) were associated with survival.",
     [("overall_survival", 0.4), ("overall_survival", 0.02), ("overall_survival", 0.001)]),
    ("Survival was negatively affected by visceral metastases (p=0.01) and by poor performance status (p=0.03).",
     [("overall_survival", 0.01), ("overall_survival", 0.03)]),
    ("Multivariate analysis showed an influence on survival of age (p=0.01) and sex (p=0.03).",
     [("overall_survival", 0.01), ("overall_survival", 0.03)]),
    # The outcome stands in front of the link though a factor's name is an outcome as well.
    ("Better survival was associated with ambulation before radiotherapy (HR 1.8, p=0.01) and slow motor deficits (HR 1.5, p=0.04).",
     [("overall_survival", 0.01), ("overall_survival", 0.04)]),
    # Of two outcomes the one acted on is meant.
    ("Blood loss was associated with complications (OR 1.2, p=0.02) and mortality (HR 1.1, p=0.04).",
     [("complication", 0.02), ("mortality", 0.04)]),
    # A list of outcomes: each p value is of the name in front of it, and of none where that name is not known.
    ("The score predicted mortality (p=0.01), complications (p=0.02) and zeal (p=0.03).",
     [("mortality", 0.01), ("complication", 0.02)]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), FACTORS)
def test_each_factor_bears_on_its_outcome(sentence: str, expected: list[tuple[str, float]]) -> None:
    assert [(f.outcome, f.p) for f in findings(SERIES, sentence)] == expected


def test_a_treatment_that_only_dates_a_factor_has_no_ratio() -> None:
    read = findings(
        SERIES,
        "Independent predictors of survival were ambulation before SBRT (HR 0.5, 95% CI 0.3-0.8) and age.",
    )
    assert [(f.intervention, f.value, f.direction) for f in read] == [(None, 0.5, "descriptive")]
