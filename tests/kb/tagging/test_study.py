"""Study: design, question, level and size, read from made-up abstracts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evidence import Design
from kb.tagging.extract import extract
from kb.tagging.numbers.lengths import in_months
from kb.tagging.numbers.number_words import whole_number
from tests.made_up import record

if TYPE_CHECKING:
    from kb.evidence import Study

SCHEMA = Path(__file__).parents[3] / "kb" / "extract.schema.json"
SERIES = "Separation surgery for spinal metastases"


def study(title: str, *texts: str | tuple[str, str], types: tuple[str, ...] = ("Journal Article",)) -> Study:
    """Read a made-up study; a text without a label is an unlabelled paragraph."""
    sections = [(None, text) if isinstance(text, str) else text for text in texts]
    return extract(record("90000001", title, *sections, publication_types=types)).study


DESIGNS: list[tuple[Design, str, str | tuple[str, str]]] = [
    ("rct", "Two radiotherapy schedules for painful spinal metastases",
     "Patients with spinal metastases were randomly assigned to 8 Gy or to 20 Gy. Pain response was 60% and 62%."),
    ("rct", "Vertebroplasty or bracing for spinal metastases: a randomized trial", "We treated 60 patients."),
    ("prospective_cohort", "Separation surgery versus en bloc resection for spinal metastases",
     "Eighty patients were prospectively followed after separation surgery or en bloc resection."),
    ("retrospective_comparative", "Kyphoplasty versus vertebroplasty for spinal metastases",
     "We retrospectively compared 40 patients after kyphoplasty with 38 after vertebroplasty."),
    ("retrospective_comparative", "Surgery with and without preoperative embolisation: a matched-pair analysis",
     "Patients with spinal metastases operated with embolisation (n = 30) were matched to 30 without embolisation."),
    ("case_series", SERIES, "We reviewed 57 patients treated with separation surgery. Pain improved in 80%."),
    ("case_report", "An unusual spinal metastasis of thyroid cancer: a case report",
     "A 61-year-old woman presented with back pain. She underwent surgery."),
    ("systematic_review", "Cement augmentation of spinal metastases: a systematic review",
     "MEDLINE and Embase were searched. Twelve studies with 400 patients were included."),
    ("systematic_review", "Cement augmentation of spinal metastases",
     "We systematically searched three databases following PRISMA. Twelve studies were included."),
    ("meta_analysis", "Radiosurgery of spinal metastases: a systematic review and meta-analysis",
     "Databases were searched and 14 studies were pooled."),
    ("narrative_review", "Treatment of spinal metastases: current concepts",
     "In this review we discuss surgery and radiotherapy of spinal metastases."),
    ("guideline", "Radiotherapy of spinal metastases: a clinical practice guideline",
     "A panel wrote recommendations on radiotherapy."),
    ("guideline", "Surgery of spinal metastases: an international Delphi consensus statement",
     "Thirty surgeons voted in three rounds."),
    ("cross_sectional", "Incidence of spinal metastases in a national registry",
     "Between 2005 and 2015 we counted 4,210 patients with spinal metastases."),
    ("diagnostic_accuracy", "MRI for the detection of spinal metastases",
     "Scans of 88 patients were read twice. The diagnostic accuracy was 92%; sensitivity and specificity were 90% and 95%."),
    ("diagnostic_accuracy", "Agreement on spinal stability among surgeons",
     "Ten raters judged 30 cases of spinal metastases. Interobserver reliability was substantial (kappa 0.72)."),
    ("prediction_model_development", "Development of a nomogram for survival after surgery of spinal metastases",
     "We built a model from 300 patients with spinal metastases."),
    ("external_validation", "External validation of the Tokuhashi score in spinal metastases",
     "The Tokuhashi score was tested in 210 patients. The AUC was 0.71."),
    ("economic_evaluation", "Cost-effectiveness of radiosurgery for spinal metastases",
     "A Markov model compared radiosurgery with conventional radiotherapy. The ICER was $50,000 per QALY."),
    ("protocol", "Radiosurgery for spinal metastases: protocol of a randomised trial",
     "Two hundred patients will be randomised."),
    ("protocol", "Radiosurgery or conventional radiotherapy for spinal metastases",
     "This phase III trial compares both. Patients will be randomised to either arm."),
    ("laboratory", "Screw fixation of vertebrae with lytic defects",
     "In a cadaveric biomechanical test, twelve spines were loaded until failure."),
    ("survey", "Treatment of spinal metastases: a survey of spine surgeons",
     "An online questionnaire was sent to 300 surgeons and 120 answered."),
    # Factors tested in one cohort are a series, whatever treatments stand beside them.
    ("case_series", "Risk factors for implant failure after surgery for spinal metastases",
     "We reviewed 88 patients. Those who had radiotherapy before or after surgery failed less often."),
    ("diagnostic_accuracy", "Reliability of the epidural compression scale",
     "A survey with scans of 25 patients was sent to seven surgeons. Reliability was good."),
    ("diagnostic_accuracy", "Reading compression of the cord on CT",
     ("METHODS", "CT scans of 101 patients were read against the reference standard of MRI. Sensitivity was 98%.")),
    ("prediction_model_development", "A novel scoring system to tell malignant from osteoporotic fractures",
     "We examined 300 patients. The sensitivity and specificity of the score were 98% and 97%."),
    ("prediction_model_development", "Nomograms for survival with spinal metastases",
     "All patients (n = 343) were randomly divided into a training cohort and a validation cohort."),
    ("meta_analysis", "Minimally invasive or open surgery for spinal metastases",
     "We did a systematic literature search. Complications were fewer (OR 0.51, I2: 0%)."),
    ("systematic_review", "Predictors of survival with spinal metastases",
     "Seven electronic databases were searched. Seventeen studies were included."),
    ("laboratory", "Lytic lesions of human vertebrae: a micro-finite element study",
     "Scores guide the care of patients with spinal metastases. Twelve models were loaded."),
    ("case_series", "Inpatient complications after surgery for spinal metastases",
     "The national sample was used to identify 26,233 admissions. Mortality was 5.6%."),
    ("other", "A Spanish version of the spine oncology questionnaire",
     ("METHODS", "The questionnaire was cross-culturally adapted and tested in 81 patients.")),
    ("other", "Surgery for spinal metastases: a letter", "In this letter we thank the authors."),
]  # fmt: skip


@pytest.mark.parametrize(("design", "title", "text"), DESIGNS)
def test_designs_by_their_words(design: Design, title: str, text: str | tuple[str, str]) -> None:
    types = ("Letter",) if "letter" in title else ("Journal Article",)
    read = study(title, text, types=types)
    assert read.design == design
    assert read.design_reason


def test_every_design_of_the_public_schema_is_tried() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    public = schema["properties"]["study"]["properties"]["design"]["enum"]
    assert set(public) == set(get_args(Design)) == {design for design, _, _ in DESIGNS}


BY_TYPE: list[tuple[Design, str]] = [
    ("rct", "Randomized Controlled Trial"),
    ("meta_analysis", "Meta-Analysis"),
    ("meta_analysis", "Network Meta-Analysis"),
    ("systematic_review", "Systematic Review"),
    ("guideline", "Practice Guideline"),
    ("protocol", "Clinical Trial Protocol"),
    ("case_report", "Case Reports"),
    ("narrative_review", "Review"),
    ("other", "Editorial"),
]


@pytest.mark.parametrize(("design", "publication_type"), BY_TYPE)
def test_nlms_publication_type_speaks_where_the_text_is_silent(design: Design, publication_type: str) -> None:
    read = study(
        "Spinal metastases", "Spinal metastases are treated.", types=("Journal Article", publication_type)
    )
    assert read.design == design


def test_nlms_publication_type_goes_before_the_text() -> None:
    title, text = SERIES, "We retrospectively reviewed 57 patients treated with separation surgery."
    assert study(title, text).design == "case_series"
    randomised = study(title, text, types=("Journal Article", "Randomized Controlled Trial"))
    assert (randomised.design, randomised.design_span) == ("rct", None)
    assert "NLM publication type" in randomised.design_reason


def test_the_reason_quotes_the_words_that_decided() -> None:
    read = study(
        "Surgery for spinal metastases", "Patients were randomly assigned to surgery or radiotherapy."
    )
    assert read.design_span is not None
    assert read.design_span.text in read.design_reason
    assert "randomly assigned" in read.design_reason


LEVELS: list[tuple[str, str, str, str, str | None]] = [
    ("Surgery or radiotherapy for spinal metastases: a randomised trial", "We treated 60 patients.", "rct", "therapeutic", "I"),
    ("Separation surgery versus en bloc resection for spinal metastases",
     "Eighty patients were prospectively followed after separation surgery or en bloc resection.",
     "prospective_cohort", "therapeutic", "II"),
    ("Kyphoplasty versus vertebroplasty for spinal metastases",
     "We retrospectively compared 40 patients after kyphoplasty with 38 after vertebroplasty.",
     "retrospective_comparative", "therapeutic", "III"),
    (SERIES, "We reviewed 57 patients treated with separation surgery.", "case_series", "therapeutic", "IV"),
    ("Prognostic factors for survival in spinal metastases",
     "We prospectively followed 130 patients with spinal metastases. Cox regression was used.",
     "case_series", "prognostic", "I"),
    ("Risk factors for death in spinal metastases",
     "We retrospectively reviewed 130 patients with spinal metastases. Cox regression was used.",
     "case_series", "prognostic", "II"),
    ("MRI for the detection of spinal metastases",
     "Scans of 88 consecutive patients were read. Sensitivity and specificity were 90% and 95%.",
     "diagnostic_accuracy", "diagnostic", "II"),
    ("MRI for the detection of spinal metastases",
     "Scans of 88 patients were read. Sensitivity and specificity were 90% and 95%.",
     "diagnostic_accuracy", "diagnostic", "III"),
    ("Cost-effectiveness of radiosurgery for spinal metastases",
     "A Markov model compared radiosurgery with radiotherapy. Sensitivity analyses were done.",
     "economic_evaluation", "economic", "II"),
    ("Cost-effectiveness of radiosurgery for spinal metastases", "A Markov model compared radiosurgery with radiotherapy.",
     "economic_evaluation", "economic", "III"),
    ("Radiosurgery of spinal metastases: a meta-analysis of randomised trials",
     "We included only randomised trials.", "meta_analysis", "therapeutic", "I"),
    ("Surgery for spinal metastases: a systematic review", "MEDLINE was searched. Retrospective series were included.",
     "systematic_review", "therapeutic", "III"),
    ("Surgery of a spinal metastasis: a case report", "A 61-year-old man had surgery.", "case_report", "therapeutic", "V"),
    ("Radiosurgery for spinal metastases: protocol of a randomised trial", "Patients will be randomised.",
     "protocol", "therapeutic", None),
    ("Surgery or radiotherapy for spinal metastases: a randomised phase II trial", "We treated 60 patients.",
     "rct", "therapeutic", "II"),
    ("Radiofrequency ablation of spinal metastases: a systematic review", "MEDLINE was searched. Nine case series were included.",
     "systematic_review", "therapeutic", "IV"),
    ("Prognostic factors with spinal metastases: a systematic review", "MEDLINE was searched. Retrospective series were included.",
     "systematic_review", "prognostic", "II"),
    ("Treatment of spinal metastases: a survey of spine surgeons", "An online questionnaire was sent to 300 surgeons.",
     "survey", "other", None),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text", "design", "question", "level"), LEVELS)
def test_question_and_level(title: str, text: str, design: str, question: str, level: str | None) -> None:
    read = study(title, text)
    assert (read.design, read.question, read.level_nass) == (design, question, level)
    stated = rf"^NASS (?:{question} )?{level}: " if level else "no level$"
    assert re.search(stated, read.level_reason)


PATIENTS: list[tuple[str, tuple[Any, ...], int | None]] = [
    # Screened, enrolled and analysed stand beside each other.
    (SERIES, (("METHODS", "Of 310 patients screened, 96 patients were enrolled."),), 96),
    (SERIES, (("METHODS", "We screened 310 patients; 96 patients with spinal metastases were included and 12 were excluded."),), 96),
    (SERIES, (("RESULTS", "Of 129 enrolled patients, follow-up scans were available in 101."),), 101),
    # Words and typography.
    (SERIES, (("METHODS", "Forty-two patients with spinal metastases underwent separation surgery."),), 42),
    (SERIES, (("METHODS", "One hundred and six patients were included."),), 106),
    (SERIES, (("METHODS", "A total of 1,469 patients were included."),), 1469),
    (SERIES, (("METHODS", "We reviewed 64 consecutive patients treated between 2008 and 2015."),), 64),
    (SERIES, (("METHODS", "We treated women and men (n = 31) between 2008 and 2015."),), None),
    # Titles.
    ("Separation surgery for spinal metastases: a series of 57 patients", (), 57),
    ("Separation surgery for spinal metastases: results in 83 patients", (("RESULTS", "Twelve patients died."),), 83),
    ("Separation surgery for 45 spinal metastases", (("METHODS", "We operated on 40 patients."),), 40),
    # Lesions are not patients.
    (SERIES, (("METHODS", "In all, 88 patients with 120 lesions were treated."),), 88),
    # The title's number stands, and a part that alone was analysed.
    ("Separation surgery for spinal metastases: analysis of 29 patients",
     (("RESULTS", "A total of 31 consecutive patients were identified. Of these, 29 had surgery."),), 29),
    (SERIES, (("RESULTS", "Eighty-six patients were reviewed, 20 of which fit the inclusion criteria."),), 20),
    (SERIES, (("RESULTS", "Two hundred and eighty patients (51.8% female) were included."),), 280),
    ("Prognostic scores: a systematic review", (("RESULTS", "Twelve studies covered 5.130 patients."),), 5130),
    # Sums of groups.
    (SERIES, (("METHODS", "We compared surgery (n = 45), radiotherapy (n = 23) and both (n = 53)."),), 121),
    (SERIES, (("METHODS", "There were 50 patients in each group."),), 100),
    (SERIES, (("METHODS", "Forty patients with embolisation were matched to 80 patients without."),), 120),
    # Counts of deaths, subgroups and years are not the patients of the study.
    (SERIES, (("METHODS", "We reviewed 75 patients."), ("RESULTS", "Nineteen patients died and 30 patients improved.")), 75),
    (SERIES, (("RESULTS", "Pain improved in 12 patients (16%). Overall, 75 patients were analysed."),), 75),
    (SERIES, (("BACKGROUND", "Some 20,000 patients a year have spinal metastases."), ("METHODS", "We treated 60 patients.")), 60),
    (SERIES, (("METHODS", "Patients treated from 2008 to 2015 were reviewed."),), None),
]  # fmt: skip


@pytest.mark.parametrize(("title", "sections", "expected"), PATIENTS)
def test_patients(title: str, sections: tuple[tuple[str, str], ...], expected: int | None) -> None:
    read = study(title, *sections)
    assert read.patients == expected
    assert (read.patients_span is None) == (expected is None)


def test_a_validation_cohort_adds_its_patients() -> None:
    read = study(
        "Development of a nomogram for survival in spinal metastases",
        (
            "METHODS",
            "We reviewed 300 patients to build a nomogram, and validated it in an independent cohort of 120 patients.",
        ),
    )
    assert read.patients == 420


def test_a_case_report_has_one_patient() -> None:
    read = study("A spinal metastasis of thyroid cancer: a case report", "A 61-year-old woman had surgery.")
    assert read.patients == 1
    assert read.patients_span is not None
    assert read.patients_span.text.startswith("A 61-year-old woman")


def test_laboratory_work_has_no_patients() -> None:
    read = study(
        "Pedicle screws in cadaveric vertebrae", "Twelve spines of cadaveric subjects were tested in vitro."
    )
    assert (read.design, read.patients) == ("laboratory", None)


def test_lesions_are_counted_apart() -> None:
    read = study(SERIES, ("METHODS", "A total of 64 patients with 91 spinal metastases were treated."))
    assert (read.patients, read.lesions) == (64, 91)


LESIONS = [
    ("Among 35 patients, group A (15 patients with 17 lesions) had surgery and group B (20 patients with 24 lesions) had not.", 41),
    ("We treated 57 patients. The total number of vertebrae was 132.", 132),
    ("We treated 57 patients with two lesions each.", None),
    ("We treated 57 spinal metastases patients.", None),
    ("We treated 57 patients in 14 regions of Spain.", None),
    ("We treated 57 patients, and 12 new fractures were seen.", None),
    ("We treated 57 patients with 132 instrumented levels.", None),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "lesions"), LESIONS)
def test_lesions_are_those_treated(sentence: str, lesions: int | None) -> None:
    assert study(SERIES, ("METHODS", sentence)).lesions == lesions


def test_arms_are_groups_with_their_own_number() -> None:
    read = study(
        "SBRT or conventional radiotherapy for spinal metastases: a randomised trial",
        (
            "METHODS",
            "Patients were randomised to the SBRT group (n = 114) or the conventional radiotherapy group (n = 115).",
        ),
    )
    assert [(arm.label, arm.patients) for arm in read.arms] == [
        ("SBRT", 114),
        ("conventional radiotherapy", 115),
    ]
    assert read.patients == 229


FOLLOW_UP = [
    ("Median follow-up was 14.5 months (range 2-60).", 14.5),
    ("The mean follow-up time was 2 years.", 24),
    ("Patients were followed; the average follow up was 26 weeks.", 6.0),
    ("Median follow-up of survivors was 18 mo.", 18),
    ("Follow-up was a median of 9 months.", 9),
    ("Follow-up was 15-50 months, with an average of 32.2 months.", 32.2),
    ("Patients were followed for 7.1 +/- 1.6 (mean +/- SD) months.", 7.1),
    ("The mean follow-up time was 5.6±3.4 months.", 5.6),
    ("Median survival was 12 months.", None),
    ("Follow-up was complete.", None),
    # A bound is no average, and each arm's own is not the study's.
    ("Follow-up was at least 24 months.", None),
    ("Median follow-up was 54.4 months (surgery) and 26.1 months (radiotherapy).", None),
]


@pytest.mark.parametrize(("sentence", "months"), FOLLOW_UP)
def test_follow_up_in_months(sentence: str, months: float | None) -> None:
    assert (
        study(SERIES, ("METHODS", "We reviewed 57 patients."), ("RESULTS", sentence)).follow_up_months
        == months
    )


def test_primary_tumours_of_the_patients() -> None:
    read = study(
        "Spinal metastases of renal cell carcinoma",
        ("BACKGROUND", "Prostate cancer often spreads to bone."),
        ("RESULTS", "Two patients had had breast cancer as well. No lung cancer was seen."),
    )
    assert set(read.primary_tumours) == {"renal_cell_carcinoma", "breast_cancer"}


@given(st.integers(0, 999_999))
def test_whole_numbers_in_figures(number: int) -> None:
    assert whole_number(str(number)) == whole_number(f"{number:,}") == number


UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(number: int) -> str:
    """Write a number below a million in English words."""
    if number < 20:
        return UNITS[number]
    if number < 100:
        rest = number % 10
        return TENS[number // 10 - 2] + (f"-{UNITS[rest]}" if rest else "")
    size, word = (1000, "thousand") if number >= 1000 else (100, "hundred")
    rest = number % size
    return f"{in_words(number // size)} {word}" + (f" and {in_words(rest)}" if rest else "")


@given(st.integers(0, 999_999))
def test_whole_numbers_in_words(number: int) -> None:
    assert whole_number(in_words(number)) == number
    assert whole_number(in_words(number).capitalize()) == number


def test_other_words_are_no_numbers() -> None:
    assert [whole_number(text) for text in ("few", "", "forty patients", "a dozen")] == [None] * 4


def test_lengths_of_time_in_months() -> None:
    assert [in_months(2, "years"), in_months(5, "mo"), in_months(52, "weeks"), in_months(90, "days")] == [
        24,
        5,
        11.96,
        2.96,
    ]
