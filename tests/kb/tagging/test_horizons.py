"""Horizons: the time at which each value of a finding was measured; a length of survival is no such time."""

from __future__ import annotations

import pytest

from kb.tagging.extract import extract
from tests.kb.tagging.test_findings import SERIES, findings
from tests.made_up import record

TITLE = "Surgery or bracing for spinal metastases: a retrospective cohort study"

TIMES = [
    ("At 1 year, local control was 84% and overall survival 64%.", [(84, 12), (64, 12)]),
    ("Local control was 90% at 1 year and 70% at 2 years.", [(90, 12), (70, 24)]),
    ("Local control at 6 and 12 months was 90% and 70%.", [(90, 6), (70, 12)]),
    ("Local failure was 6% and 17% at 30 days in the groups, and 28% and 38% at 1 year.",
     [(6, 0.99), (17, 0.99), (28, 12), (38, 12)]),
    ("Patients had a 50% local failure rate at 90 days and an 84% local failure rate at 12 months.", [(50, 2.96), (84, 12)]),
    ("Local control was 90%, 80% and 70% at 6 months, 1 and 2 years.", [(90, 6), (80, 12), (70, 24)]),
    ("One-year overall survival was 44%.", [(44, 12)]),
    ("Overall survival was 44%.", [(44, None)]),
    # How long, not when.
    ("Median overall survival was 11 months.", [(11, None)]),
    ("Ambulation lasted for a median of 90 days after surgery and 20 days after bracing (p=0.01).", [(90, None), (20, None)]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), TIMES)
def test_when_a_value_was_measured(sentence: str, expected: list[tuple[float, float | None]]) -> None:
    methods = "We retrospectively compared 80 patients after surgery or bracing."
    read = extract(record("90000001", TITLE, ("METHODS", methods), ("RESULTS", sentence))).findings
    assert [(one.value, one.timepoint_months) for one in read] == expected


OWN_TIMES = [
    ("The 30-day mortality was 4.6% and the 1-year mortality was 43.2%.", [(4.6, 0.99), (43.2, 12)]),
    ("The 6-month survival was 54.6% and the 12-month survival was 33.2%.", [(54.6, 6), (33.2, 12)]),
    ("The complication rate was 12% and the 90-day mortality was 3%.", [(12, None), (3, 2.96)]),
    ("Local control was 84% and overall survival 64% at 1 year.", [(84, 12), (64, 12)]),
    # How long until something came, and in whom, is no time of measurement.
    ("Local recurrence was seen in 27.8% at a median of 12.5 months.", [(27.8, None)]),
    ("Of those who survived more than 3 months, 60% regained ambulation.", [(60, None)]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), OWN_TIMES)
def test_a_time_belongs_to_its_own_value(sentence: str, expected: list[tuple[float, float | None]]) -> None:
    methods = "We retrospectively compared 80 patients after surgery or bracing."
    read = extract(record("90000001", TITLE, ("METHODS", methods), ("RESULTS", sentence))).findings
    percents = [(one.value, one.timepoint_months) for one in read if one.measure == "percent"]
    assert percents == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The 1 year overall survival was 66%.", [(66, 12)]),
        ("The incidence of fracture was 0.8% at year 1, 2.0% at year 2 and 2.8% at year 3.", [(0.8, 12), (2, 24), (2.8, 36)]),
        (
            "Local failure at 6, 12 and 24 months was 3.5, 5.4 and 11.1% in the first and 6, 12.5 and 17.6% in the second cohort.",
            [(3.5, 6), (5.4, 12), (11.1, 24), (6, 6), (12.5, 12), (17.6, 24)],
        ),
    ],
)  # fmt: skip
def test_times_of_values(sentence: str, expected: list[tuple[float, float]]) -> None:
    assert [(f.value, f.timepoint_months) for f in findings(SERIES, sentence)] == expected
