"""Arms: how many patients each compared group had; only where the counts belong together."""

from __future__ import annotations

import pytest

from kb.evidence import Study
from kb.tagging.extract import extract
from tests.made_up import record

TITLE = "Radiosurgery versus conventional radiotherapy for spinal metastases"


def study(title: str, *sections: tuple[str | None, str]) -> Study:
    """What is read about the study of a made-up record."""
    return extract(record("90000001", title, *sections)).study


ARMS = [
    # A number of its own in brackets, the name before it or inside.
    ("Patients had radiosurgery (n = 41) or conventional radiotherapy (n = 43).",
     [("radiosurgery", 41), ("conventional radiotherapy", 43)]),
    ("We reviewed 84 patients (radiosurgery, n = 41, vs. conventional radiotherapy, n = 43).",
     [("radiosurgery", 41), ("conventional radiotherapy", 43)]),
    ("We reviewed 84 patients (41 radiosurgery, 43 conventional radiotherapy).",
     [("radiosurgery", 41), ("conventional radiotherapy", 43)]),
    ("We reviewed 84 patients (radiosurgery: 41 patients and conventional radiotherapy: 43 patients).",
     [("radiosurgery", 41), ("conventional radiotherapy", 43)]),
    # People counted by what they had.
    ("Of 84 patients, 41 patients received radiosurgery and 43 received conventional radiotherapy.",
     [("radiosurgery", 41), ("conventional radiotherapy", 43)]),
    ("We reviewed 84 patients. Radiosurgery was given in 41 patients and conventional radiotherapy in 43 patients.",
     [("Radiosurgery", 41), ("conventional radiotherapy", 43)]),
    ("We reviewed 84 patients: 41 who had radiosurgery and the remaining 43 who had conventional radiotherapy.",
     [("radiosurgery", 41), ("conventional radiotherapy", 43)]),
    # Letters, and sentences apart.
    ("Eighty-four patients were divided into two groups. Group A included 41 patients. Group B consisted of 43 patients.",
     [("Group A", 41), ("Group B", 43)]),
    ("We enrolled 84 patients. The first group (n = 41) received radiosurgery and the second group (n = 43) received conventional radiotherapy.",
     [("radiosurgery", 41), ("conventional radiotherapy", 43)]),
    # Equal groups and matched pairs.
    ("Eighty patients had radiosurgery or conventional radiotherapy, 40 patients in each group.",
     [("radiosurgery", 40), ("conventional radiotherapy", 40)]),
    ("Forty-one patients after radiosurgery were matched to 41 patients after conventional radiotherapy.",
     [("radiosurgery", 41), ("conventional radiotherapy", 41)]),
    ("We reviewed 200 patients. Propensity score matching yielded 40 pairs.",
     [("Radiosurgery", 40), ("conventional radiotherapy", 40)]),
    ("A total of 41 and 43 patients were assigned to radiosurgery and conventional radiotherapy, respectively.",
     [("radiosurgery", 41), ("conventional radiotherapy", 43)]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), ARMS)
def test_arms_and_their_names(sentence: str, expected: list[tuple[str, int]]) -> None:
    read = study(TITLE, ("METHODS", sentence))
    assert [(arm.label, arm.patients) for arm in read.arms] == expected
    assert read.patients == sum(size for _, size in expected)


NO_ARMS = [
    "We reviewed 84 patients (41 men, 43 women) after radiosurgery or conventional radiotherapy.",
    "We reviewed 84 patients; lung cancer was the primary in 41 patients and breast cancer in 43 patients.",
    "We reviewed 84 patients. Pain improved in 30 patients after radiosurgery and in 20 patients after conventional radiotherapy.",
    "We reviewed 84 patients. Twelve (30%) patients of the radiosurgery group and 15 (35%) of the control group died.",
    "We reviewed 84 patients treated between 2011 and 2015.",
    "There were 84 patients in each group of screws.",
]


@pytest.mark.parametrize("sentence", NO_ARMS)
def test_parts_that_are_no_arms(sentence: str) -> None:
    assert study(TITLE, ("METHODS", sentence)).arms == ()


def test_arms_are_those_of_the_patients_analysed() -> None:
    read = study(
        TITLE,
        ("METHODS", "A total of 310 consecutive patients were retrospectively reviewed."),
        (
            "RESULTS",
            "In all, 84 patients were included: 41 patients underwent radiosurgery and 43 patients underwent conventional radiotherapy.",
        ),
    )
    assert read.patients == 84
    assert [arm.patients for arm in read.arms] == [41, 43]


def test_arms_may_lack_the_few_who_were_lost() -> None:
    read = study(
        TITLE,
        ("METHODS", "A total of 120 patients were included."),
        ("RESULTS", "After dropouts, radiosurgery (n = 58) and conventional radiotherapy (n = 56) remained."),
    )
    assert read.patients == 120
    assert [arm.patients for arm in read.arms] == [58, 56]


def test_the_cohorts_of_a_model_are_its_arms() -> None:
    read = study(
        "Development and validation of a nomogram for survival with spinal metastases",
        (
            "METHODS",
            "All patients (n = 300) were randomly divided into a training cohort (n = 210) and a validation cohort (n = 90).",
        ),
    )
    assert read.design == "prediction_model_development"
    assert [(arm.label, arm.patients) for arm in read.arms] == [("training", 210), ("validation", 90)]


def test_a_protocol_has_neither_patients_nor_arms_yet() -> None:
    read = study(
        "Radiosurgery for spinal metastases: protocol of a randomised trial",
        (
            "METHODS",
            "One hundred patients will be randomised to radiosurgery (n = 50) or radiotherapy (n = 50).",
        ),
    )
    assert (read.patients, read.arms) == (None, ())


def test_patients_counted_by_treatment_make_a_comparison() -> None:
    read = study(
        "Outcomes of embolisation before surgery for spinal metastases",
        (
            "METHODS",
            "A total of 79 patients (36 cases of preoperative embolization and 43 cases of non-embolization) underwent surgery.",
        ),
    )
    assert read.design == "retrospective_comparative"
    assert [arm.patients for arm in read.arms] == [36, 43]
