"""The forms in which abstracts print results: ranges, lists that share a sign or unit, changes, series over time."""

from __future__ import annotations

import pytest

from kb.tagging.extract import extract
from tests.made_up import record

Read = tuple[str | None, str, float | None, float | None]


def read(sentence: str) -> list[Read]:
    paper = record(
        "90000001",
        "Surgery for spinal metastases",
        ("METHODS", "We reviewed 80 patients who underwent surgery."),
        ("RESULTS", sentence),
    )
    return [(f.outcome, f.measure, f.value, f.timepoint_months) for f in extract(paper).findings]


FORMS: list[tuple[str, list[Read]]] = [
    # A range of results is two results, whatever joins its ends; a spread, an interval or a change is none.
    ("Local control rates of 80–95% were reported.", [("local_control", "percent", 80, None), ("local_control", "percent", 95, None)]),
    ("Pain relief was achieved in 60%-80% of patients.", [("pain_relief", "percent", 60, None), ("pain_relief", "percent", 80, None)]),
    ("Complication rates ranged widely from 5% to 40%.", [("complication", "percent", 5, None), ("complication", "percent", 40, None)]),
    ("Local control was 85% (range 70-95%).", [("local_control", "percent", 85, None)]),
    ("Local control was 85% (70%-95%).", [("local_control", "percent", 85, None)]),
    ("Local control was 85% (95% CI 70-95%).", [("local_control", "percent", 85, None)]),
    ("Pain relief followed a 20-30% isodose.", []),
    # A sign or unit printed once, behind the last of a list.
    ("Treatment gave local control rates of 95, 90.5, and 88.2% at 6, 12, and 24 months.",
     [("local_control", "percent", 95, 6), ("local_control", "percent", 90.5, 12), ("local_control", "percent", 88.2, 24)]),
    ("Pain relief was seen in 15 of 21, 71%, at 3 months.", [("pain_relief", "percent", 71, 3)]),
    ("Median survival was 8.2 (95% CI 6.1-10.3) and 12.4 months, respectively.",
     [("overall_survival", "median", 8.2, None), ("overall_survival", "median", 12.4, None)]),
    # Where a change began is no result; where it ended is one.
    ("The VAS score of 7.5±1.2 before surgery was significantly reduced to 2.3±0.8 (p=0.001).", [("pain_intensity", "mean", 2.3, None)]),
    ("The VAS score 7.5±1.2 was significantly improved to 2.3±0.8 (p=0.001).", [("pain_intensity", "mean", 2.3, None)]),
    ("The pain score fell to 2.3 ± 0.8 at 6 months.", [("pain_intensity", "mean", 2.3, 6)]),
    ("VAS scores were 7.5±1.2 preoperatively, 3.4±1.0 at 1 month and 2.3±0.8 at 6 months.",
     [("pain_intensity", "mean", 3.4, 1), ("pain_intensity", "mean", 2.3, 6)]),
    ("The mean VAS score was 7.5 preoperatively, 3.4 at 1 month and 2.3 at 6 months.",
     [("pain_intensity", "mean", 3.4, 1), ("pain_intensity", "mean", 2.3, 6)]),
    ("The mean VAS score was 7.5 preoperatively, 3.4 postoperatively and 2.3 at 6 months.",
     [("pain_intensity", "mean", 3.4, None), ("pain_intensity", "mean", 2.3, 6)]),
    ("The mean VAS score was 7.5 ± 1.1 preoperatively.", []),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), FORMS)
def test_printed_form(sentence: str, expected: list[Read]) -> None:
    assert read(sentence) == expected
