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
    ("Preoperative pain score was 7.5 and decreased to 2.3 at 3 months.", [("pain_intensity", "mean", 2.3, 3)]),
    ("The initial pain score of 7.9 dropped to 3.1 at 1 month.", [("pain_intensity", "mean", 3.1, 1)]),
    ("Mean pain score was 7.4 at admission and 2.9 at 3 months.", [("pain_intensity", "mean", 2.9, 3)]),
    ("Median pain score was 7 (6-8) preoperatively and 3 (2-4) at 1 month.", [("pain_intensity", "median", 3, 1)]),
    ("Preoperatively, 40% were ambulatory; postoperatively, 75% were ambulatory.", [("ambulation", "percent", 75, None)]),
    ("Opioid use was 85% before and 38% after surgery.", [("opioid_use", "percent", 38, None)]),
    ("Of 76 patients who were ambulatory preoperatively, 98% remained ambulatory.", [("ambulation_maintained", "percent", 98, None)]),
    ("Hospital costs averaged $39,400 ± $18,200 per admission.", [("cost", "mean", 39400, None)]),
    # Each value has its own time.
    ("30-day mortality was 5% and 90-day mortality 14%.",
     [("thirty_day_mortality", "percent", 5, 0.99), ("ninety_day_mortality", "percent", 14, 2.96)]),
    ("One-year survival was 41% and two-year survival 22%.",
     [("overall_survival", "percent", 41, 12), ("overall_survival", "percent", 22, 24)]),
    ("Three patients had neurological deterioration that resolved within 6 weeks.", [("neurological_deterioration", "count", 3, None)]),
    ("Local control ranged from 51% to 100% at 1 year, and pain was relieved in 41.6% to 95% of patients.",
     [("local_control", "percent", 51, 12), ("local_control", "percent", 100, 12),
      ("pain_relief", "percent", 41.6, None), ("pain_relief", "percent", 95, None)]),
    # Kinds and ways told in turn; no gain is no harm, and a stabilised spine no unchanged function.
    ("Neurological function improved, remained stable and worsened in 60%, 28% and 12%, respectively.",
     [("neurological_improvement", "percent", 60, None), ("neurological_function", "percent", 28, None),
      ("neurological_deterioration", "percent", 12, None)]),
    ("Pain improved, remained stable, and worsened in 60%, 28%, and 12% of patients, respectively.",
     [("pain_relief", "percent", 60, None), ("pain_progression", "percent", 12, None)]),
    ("Major and minor complications occurred in 10% and 22%, respectively.",
     [("major_complication", "percent", 10, None), ("minor_complication", "percent", 22, None)]),
    ("Complete and partial pain response was seen in 35% and 42%.",
     [("complete_pain_response", "percent", 35, None), ("partial_pain_response", "percent", 42, None)]),
    ("Neurological improvement was seen in 64% after decompression and stabilization.", [("neurological_improvement", "percent", 64, None)]),
    ("Pain relief failed in 12% of patients.", []),
    ("Complications occurred in 12.5% and reoperation in 4.5% of patients.",
     [("complication", "percent", 12.5, None), ("reoperation", "percent", 4.5, None)]),
    ("Motor function improved in 12 patients, and the spine was stabilized in 30 patients.", [("motor_improvement", "count", 12, None)]),
    ("Pain improved in 52 patients, was unchanged in 14 and worsened in 8.",
     [("pain_relief", "count", 52, None), ("pain_progression", "count", 8, None)]),
    ("Pain improved after surgery in 2019.", []),
    ("No patient required reoperation.", [("reoperation", "count", 0, None)]),
    # A difference is no mean.
    ("Length of stay was 3.2 days shorter after surgery.", [("length_of_stay", "md", 3.2, None)]),
    ("The mean VAS score was 7.5 ± 1.1 preoperatively.", []),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), FORMS)
def test_printed_form(sentence: str, expected: list[Read]) -> None:
    assert read(sentence) == expected


def arms(sentence: str) -> list[tuple[str | None, str | None, float | None, float | None]]:
    paper = record(
        "90000001",
        "Surgery versus radiotherapy for spinal metastases",
        ("METHODS", "Eighty patients underwent surgery (n=40) or radiotherapy (n=40)."),
        ("RESULTS", sentence),
    )
    return [(f.intervention, f.outcome, f.value, f.timepoint_months) for f in extract(paper).findings]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Median overall survival was similar for surgery (10.5 months) and radiotherapy (9.8 months).",
            [("surgery", "overall_survival", 10.5, None), ("radiotherapy", "overall_survival", 9.8, None)],
        ),
        (
            "VAS decreased from 7.3 to 2.2 in the surgery group and from 7.1 to 3.8 in the radiotherapy group.",
            [("surgery", "pain_intensity", 2.2, None), ("radiotherapy", "pain_intensity", 3.8, None)],
        ),
        (
            "The mean VAS fell from 7.3 ± 1.1 to 2.2 ± 0.9 after surgery, versus 7.1 ± 1.3 to 3.8 ± 1.2 after radiotherapy.",
            [("surgery", "pain_intensity", 2.2, None), ("radiotherapy", "pain_intensity", 3.8, None)],
        ),
        (
            "There was no difference in overall survival (p=0.34).",
            [("surgery", "overall_survival", None, None)],
        ),
        (
            "The difference in survival was not statistically significant (P=0.11).",
            [("surgery", "overall_survival", None, None)],
        ),
    ],
)
def test_each_arm_has_its_value(
    sentence: str, expected: list[tuple[str | None, str | None, float | None, float | None]]
) -> None:
    assert arms(sentence) == expected


def test_a_pair_shares_the_time_in_front_of_it() -> None:
    found = arms("Six-month survival was 68% vs 61% and 12-month survival 48% vs 39%.")
    assert [(value, months) for _, _, value, months in found] == [(68, 6), (61, 6), (48, 12), (39, 12)]


def test_p_values_told_in_turn_go_to_their_outcomes() -> None:
    def tests(sentence: str) -> list[tuple[str | None, float | None]]:
        paper = record(
            "90000001",
            "Surgery versus radiotherapy for spinal metastases",
            ("METHODS", "Eighty patients underwent surgery (n=40) or radiotherapy (n=40)."),
            ("RESULTS", sentence),
        )
        return [(f.outcome, f.p) for f in extract(paper).findings]

    told = "Overall survival and local control were higher after surgery than after radiotherapy"
    assert tests(f"{told} (p=0.03 and p=0.01, respectively).") == [
        ("overall_survival", 0.03),
        ("local_control", 0.01),
    ]
    assert (
        tests(f"{told} (p=0.03, p=0.02 and p=0.01, respectively).") == []
    )  # whose the third is, is not told
