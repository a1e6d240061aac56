"""Findings: sentences of our own making, in the forms abstracts use, with what must be read from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.tagging.extract import extract
from tests.made_up import record

if TYPE_CHECKING:
    from kb.evidence import Finding

SBRT, CEBRT = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
MIS, OPEN = "minimally_invasive_surgery", "open_surgery"
SINGLE, MULTI = "single_fraction_radiotherapy", "multifraction_radiotherapy"
EMBOLISATION = "preoperative_embolisation"

TRIAL = (
    "Stereotactic body radiotherapy versus conventional radiotherapy for painful spinal metastases: a randomised trial",
    "Patients with spinal metastases (n = 120) were randomised to SBRT or conventional radiotherapy.",
)
COHORTS = (
    "Minimally invasive versus open surgery for spinal metastases: a retrospective cohort study",
    "We retrospectively compared 80 patients with spinal metastases who had minimally invasive or open surgery.",
)
FRACTIONS = (
    "Single-fraction versus multifraction radiotherapy for metastatic spinal cord compression: a randomised trial",
    "Patients were randomised to a single fraction of 8 Gy or to 20 Gy in five fractions.",
)
EMBOLISED = (
    "Preoperative embolization before surgery for hypervascular spinal metastases",
    "We retrospectively compared 46 patients with and without preoperative embolization.",
)
SERIES = (
    "Stereotactic body radiotherapy for spinal metastases: a single-institution experience",
    "We retrospectively reviewed 102 patients treated with SBRT for spinal metastases.",
)
CEMENT = (
    "Percutaneous vertebroplasty for painful spinal metastases",
    "Fifty-two consecutive patients with spinal metastases underwent vertebroplasty.",
)


def findings(study: tuple[str, str], sentence: str) -> tuple[Finding, ...]:
    """Read the findings of a study whose results are one sentence."""
    title, methods = study
    return extract(record("90000001", title, ("METHODS", methods), ("RESULTS", sentence))).findings


def said(finding: Finding) -> tuple[object, ...]:
    return (finding.intervention, finding.outcome, finding.measure, finding.value, finding.direction)


FAVOURS, AGAINST, SAME, TELLS = "favours_intervention", "favours_comparator", "no_difference", "descriptive"

COMPARED = [
    # Both arms and p in one sentence.
    (TRIAL, "Complete pain response at 3 months was 34% with SBRT and 15% with conventional radiotherapy (p=0.002).",
     [(SBRT, "complete_pain_response", "percent", 34, FAVOURS), (CEBRT, "complete_pain_response", "percent", 15, AGAINST)]),
    (TRIAL, "Local control at 1 year was 88% in the SBRT group and 86% in the conventional radiotherapy group (P = .61).",
     [(SBRT, "local_control", "percent", 88, SAME), (CEBRT, "local_control", "percent", 86, SAME)]),
    (TRIAL, "Vertebral compression fracture occurred in 20% after SBRT versus 9% after conventional radiotherapy (p=0.03).",
     [(SBRT, "post_radiation_vertebral_fracture", "percent", 20, AGAINST),
      (CEBRT, "post_radiation_vertebral_fracture", "percent", 9, FAVOURS)]),
    (COHORTS, "Mean blood loss was 340 mL with minimally invasive surgery and 1120 mL with open surgery (p<0.001).",
     [(MIS, "blood_loss", "mean", 340, FAVOURS), (OPEN, "blood_loss", "mean", 1120, AGAINST)]),
    (COHORTS, "Blood loss was 240.0 mL (SD 90) with MIS and 934.4 mL (SD 310) with open surgery (p=0.002).",
     [(MIS, "blood_loss", "mean", 240, FAVOURS), (OPEN, "blood_loss", "mean", 934.4, AGAINST)]),
    (COHORTS, "Complications occurred in 12% (5/41) after minimally invasive and in 31% (12/39) after open surgery (p=0.04).",
     [(MIS, "complication", "percent", 12, FAVOURS), (OPEN, "complication", "percent", 31, AGAINST)]),
    (FRACTIONS, "Ambulation at 8 weeks was 69.3% after a single fraction and 72.7% after five fractions (p=0.46).",
     [(SINGLE, "ambulation", "percent", 69.3, SAME), (MULTI, "ambulation", "percent", 72.7, SAME)]),
    (EMBOLISED, "Mean blood loss was 520 mL with embolization and 1130 mL without embolization (P<.05).",
     [(EMBOLISATION, "blood_loss", "mean", 520, FAVOURS), (None, "blood_loss", "mean", 1130, AGAINST)]),
    (EMBOLISED, "Average intraoperative blood loss was 610 mL (range, 150-1400 mL) in the embolization group and 1310 mL"
     " (range, 100-3300 mL) in the no embolization group (P=.01).",
     [(EMBOLISATION, "blood_loss", "mean", 610, FAVOURS), (None, "blood_loss", "mean", 1310, AGAINST)]),
    # Ratios.
    (TRIAL, "Local failure was less frequent after SBRT than after conventional radiotherapy (HR 0·46, 95% CI 0·25—0·87).",
     [(SBRT, "local_failure", "hr", 0.46, FAVOURS)]),
    (TRIAL, "Overall survival did not differ between SBRT and conventional radiotherapy (HR 1.08 [0.80; 1.46]).",
     [(SBRT, "overall_survival", "hr", 1.08, SAME)]),
]  # fmt: skip


@pytest.mark.parametrize(("study", "sentence", "expected"), COMPARED)
def test_arms_and_direction(
    study: tuple[str, str], sentence: str, expected: list[tuple[object, ...]]
) -> None:
    assert [said(one) for one in findings(study, sentence)] == expected


VALUES = [
    (SERIES, "Local control and overall survival at 1 year were 84% and 64%, respectively.",
     [("local_control", "percent", 84, 12), ("overall_survival", "percent", 64, 12)]),
    (SERIES, "Local control rates at 6, 12 and 24 months were 95, 88, and 71%.",
     [("local_control", "percent", 95, 6), ("local_control", "percent", 88, 12), ("local_control", "percent", 71, 24)]),
    (SERIES, "The 1- and 2-year cumulative incidences of local failure were 8.4% and 13.5%, respectively.",
     [("local_failure", "percent", 8.4, 12), ("local_failure", "percent", 13.5, 24)]),
    (SERIES, "Median overall survival was 14.3 months (95% CI 10.1-18.6).", [("overall_survival", "median", 14.3, None)]),
    (SERIES, "The median and mean overall survival were 11 and 16 months, respectively.",
     [("overall_survival", "median", 11, None), ("overall_survival", "mean", 16, None)]),
    (CEMENT, "The mean VAS score fell from 7.8 ± 1.1 before treatment to 2.4 ± 1.3 at 1 month (p<0.001).",
     [("pain_intensity", "mean", 2.4, 1)]),
    (CEMENT, "VAS scores were 8.1±0.9 and 3.2±1.0 before and three months after treatment, respectively.",
     [("pain_intensity", "mean", 3.2, 3)]),
    (SERIES, "Local failure was seen in 19 patients (24%), most often in the epidural space (14 of 19, 74%).",
     [("local_failure", "percent", 24, None)]),
    (SERIES, "Local control (88.9% after wide vs. 74.2% after narrow resection; p=0.31) and overall survival (66.3% vs. 79.9%;"
     " p=0.95) did not differ.",
     [("local_control", "percent", 88.9, None), ("local_control", "percent", 74.2, None),
      ("overall_survival", "percent", 66.3, None), ("overall_survival", "percent", 79.9, None)]),
    (SERIES, "The risk of death was higher with fatigue (hazard ratio 1.35, 95% CI 1.03-1.76) and pain (hazard ratio 1.22, 95% CI"
     " 1.01-1.48).", [("mortality", "hr", 1.35, None), ("mortality", "hr", 1.22, None)]),
    (SERIES, "Severe anaemia was associated with mortality (odds ratio 6.4, 95% CI 2.2-15.4) and major complications"
     " (odds ratio 2.02, 95% CI 1.1-3.6).",
     [("mortality", "or", 6.4, None), ("major_complication", "or", 2.02, None)]),
    (SERIES, "After treatment 29% went from unable to able to walk.", [("ambulation_regained", "percent", 29, None)]),
    (CEMENT, "No wound infection occurred.", [("surgical_site_infection", "count", 0, None)]),
    (CEMENT, "Five patients died within one month.", [("thirty_day_mortality", "count", 5, None)]),
    (CEMENT, "Cement leakage was seen in 21 of 96 vertebrae (21.9%).", [("cement_leakage", "percent", 21.9, None)]),
]  # fmt: skip


@pytest.mark.parametrize(("study", "sentence", "expected"), VALUES)
def test_values_outcomes_and_times(
    study: tuple[str, str], sentence: str, expected: list[tuple[object, ...]]
) -> None:
    read = findings(study, sentence)
    assert [(f.outcome, f.measure, f.value, f.timepoint_months) for f in read] == expected


NO_RESULTS = [
    (SERIES, "A dose of 24 Gy covered 95% of the target volume."),
    (SERIES, "Sixty-one percent of patients were women and the median age was 62 years."),
    (SERIES, "The 95% confidence level was used throughout."),
    (SERIES, "In the literature, local control of 90% has been reported."),
    (SERIES, "Local control exceeded 80% at 1 year."),
    (SERIES, "Pain flare came at a median of 5 days."),
    (SERIES, "At the start 12% could not walk."),
    (SERIES, "Treatment was preferred in 66% of model iterations for local control."),
    (CEMENT, "Baseline pain score was 7.9 (range 5-10)."),
]


@pytest.mark.parametrize(("study", "sentence"), NO_RESULTS)
def test_doses_patients_and_other_peoples_results_are_no_findings(
    study: tuple[str, str], sentence: str
) -> None:
    assert findings(study, sentence) == ()


def test_a_test_of_non_inferiority_is_not_one_of_superiority() -> None:
    read = findings(
        TRIAL,
        "Pain response was 62% with SBRT and 60% with conventional radiotherapy (p=0.01 for non-inferiority).",
    )
    assert {one.direction for one in read} <= {"descriptive", "no_difference"}
    assert [one.value for one in read] == [62, 60]


def test_methods_hold_no_findings() -> None:
    title, _ = SERIES
    paper = record(
        "90000001", title, ("METHODS", "Local control was defined as growth below 20%. We treated 40 patients."),
        ("RESULTS", "Local control at 1 year was 90%."),
    )  # fmt: skip
    assert [one.value for one in extract(paper).findings] == [90]


def test_a_protocol_reports_nothing() -> None:
    paper = record(
        "90000001", "SBRT for spinal metastases: study protocol for a randomised trial",
        ("METHODS", "Two hundred patients will be randomised to SBRT or conventional radiotherapy."),
        ("RESULTS", "We expect local control of 90% at 1 year."),
    )  # fmt: skip
    read = extract(paper)
    assert read.study.design == "protocol"
    assert read.findings == ()


@pytest.mark.parametrize(("study", "sentence", "_expected"), COMPARED)
def test_every_finding_quotes_its_sentence(study: tuple[str, str], sentence: str, _expected: object) -> None:
    for one in findings(study, sentence):
        assert one.span.section == 2
        assert sentence[one.span.start : one.span.end] == one.span.text
        assert one.direction_reason


def test_two_values_of_one_named_treatment_are_not_both_its_own() -> None:
    read = findings(
        SERIES,
        "Pain flare occurred in 19% given dexamethasone, against 65% in the steroid-naive cohort (p<0.001).",
    )
    assert [(one.intervention, one.value) for one in read] == [(None, 19), (None, 65)]


def test_a_treatment_that_patients_did_not_have_is_no_arm() -> None:
    read = findings(
        FRACTIONS,
        "In patients who do not have surgery, mobility was similar after a single fraction and five fractions.",
    )
    assert "surgery" not in {one.intervention for one in read} | {one.comparator for one in read}


def test_words_and_sign_of_a_difference_must_agree() -> None:
    pooled = (
        "Radiofrequency ablation for painful spinal metastases: a meta-analysis",
        "Studies of radiofrequency ablation were pooled in a meta-analysis.",
    )
    [fell] = findings(
        pooled, "Pain scores fell after ablation (standardised mean difference 2.24, 95% CI 1.55-2.93)."
    )
    assert (fell.measure, fell.value, fell.direction) == ("smd", 2.24, "descriptive")


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("$41 500 per QALY", 41500, "USD per QALY"),
        ("CA$9,040 per QALY", 9040, "CAD per QALY"),
        ("$9,040 (Canadian) per QALY", 9040, "CAD per QALY"),
        ("€12,300 per QALY", 12300, "EUR per QALY"),
    ],
)
def test_costs_keep_their_currency(printed: str, value: float, unit: str) -> None:
    [cost] = findings(TRIAL, f"The incremental cost-effectiveness ratio of SBRT was {printed}.")
    assert (cost.outcome, cost.value, cost.unit) == ("incremental_cost_effectiveness_ratio", value, unit)


def test_each_p_value_speaks_for_its_own_clause() -> None:
    read = findings(
        TRIAL,
        "Overall survival did not differ between SBRT and conventional radiotherapy (p=0.75), whereas local control was"
        " better after SBRT (p=0.04).",
    )
    told = [(one.outcome, one.p, one.direction) for one in read]
    assert told == [("overall_survival", 0.75, SAME), ("local_control", 0.04, FAVOURS)]


def test_figures_and_words_that_disagree_tell_no_direction() -> None:
    read = findings(TRIAL, "Local failure was more frequent after SBRT (RR 0.53, 95% CI 0.31-0.90).")
    assert [(one.value, one.direction) for one in read] == [(0.53, TELLS)]


def test_a_test_of_heterogeneity_is_no_result() -> None:
    read = findings(
        TRIAL,
        "Local failure was less frequent after SBRT (RR 0.53, 95% CI 0.31-0.90), without heterogeneity (P=.21).",
    )
    assert [(one.measure, one.p) for one in read] == [("rr", None)]


def test_two_values_of_each_outcome_without_arms() -> None:
    read = findings(TRIAL, "Local control was 81% and 91% (p=0.44), survival 46% and 39% (p=0.71).")
    assert [(one.outcome, one.value) for one in read] == [
        ("local_control", 81), ("local_control", 91), ("overall_survival", 46), ("overall_survival", 39),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        "Freedom from narcotic use was 24% and 27%.",
        "Local control did not differ (CI 95 %).",
        "Patients were more likely to receive treatment for daily pain (OR 2.08, 95% CI 1.1-3.9).",
    ],
)
def test_what_is_not_the_outcome_is_no_finding_on_it(sentence: str) -> None:
    assert [one for one in findings(SERIES, sentence) if one.value is not None and one.outcome] == []
