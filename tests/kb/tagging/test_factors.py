"""What the factors of a sentence bear on, each with its own p value or ratio."""

from __future__ import annotations

import pytest

from tests.kb.tagging.test_findings import CEBRT, COHORTS, MIS, SBRT, SERIES, TRIAL, findings

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


def test_a_treatment_as_a_factor_is_held_against_going_without_it() -> None:
    read = findings(
        SERIES,
        "For patients unable to walk at the time of surgery, preoperative radiotherapy (RR 0.41, 95% CI 0.12-0.93) "
        "decreased the likelihood of regaining ambulation.",
    )
    assert [(f.intervention, f.outcome, f.direction) for f in read] == [
        ("preoperative_radiotherapy", "ambulation_regained", "favours_comparator")
    ]


def test_which_way_it_went_may_stand_behind_the_p_value() -> None:
    read = findings(
        SERIES,
        "Pain scores showed a significant (p<0.001) improvement from before to all visits after treatment.",
    )
    assert [(f.outcome, f.measure, f.direction) for f in read] == [
        ("pain_intensity", "p_only", "favours_intervention")
    ]


def test_the_share_of_all_patients_is_no_arm_s() -> None:
    read = findings(
        TRIAL,
        "Local failure was seen in 24% of all patients (control group: 37%, treatment group: 12%, p=0.02).",
    )
    assert [(f.intervention, f.comparator, f.value, f.direction) for f in read] == [
        (None, None, 24, "descriptive"),
        (CEBRT, SBRT, 37, "favours_comparator"),
        (SBRT, CEBRT, 12, "favours_intervention"),
    ]


def test_several_words_of_one_sentence_each_speak_for_their_outcome() -> None:
    read = findings(
        COHORTS,
        "Minimally invasive surgery resulted in significantly less blood loss, shorter length of stay and fewer infections than open surgery.",
    )
    assert {(f.intervention, f.outcome, f.direction) for f in read} == {
        (MIS, "blood_loss", "favours_intervention"),
        (MIS, "length_of_stay", "favours_intervention"),
        (MIS, "infection", "favours_intervention"),
    }


def test_no_difference_told_plainly_is_between_the_study_s_arms() -> None:
    read = findings(TRIAL, "There were no significant differences in local failure and overall survival.")
    assert [(f.intervention, f.comparator, f.outcome, f.direction) for f in read] == [
        (SBRT, CEBRT, "local_failure", "no_difference"),
        (SBRT, CEBRT, "overall_survival", "no_difference"),
    ]
    assert findings(TRIAL, "There were no significant differences in survival between men and women.") == ()
