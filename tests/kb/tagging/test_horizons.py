"""Horizons: the time at which each value of a finding was measured; a length of survival is no such time."""

from __future__ import annotations

import pytest

from kb.tagging.extract import extract
from tests.made_up import record

TITLE = "Surgery or bracing for spinal metastases: a retrospective cohort study"

TIMES = [
    ("At 1 year, local control was 84% and overall survival 64%.", [(84, 12), (64, 12)]),
    ("Local control was 90% at 1 year and 70% at 2 years.", [(90, 12), (70, 24)]),
    ("Local control at 6 and 12 months was 90% and 70%.", [(90, 6), (70, 12)]),
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
