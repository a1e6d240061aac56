"""Counts without a percentage, what a unit can be about, and groups called by letters."""

from __future__ import annotations

import pytest

from tests.kb.tagging.test_findings import CEBRT, EMBOLISATION, EMBOLISED, SBRT, SERIES, TRIAL, findings

COUNTS = [
    ("Two wound infections occurred.", [("surgical_site_infection", 2, None)]),
    ("One patient experienced radiation myelopathy.", [("radiation_myelopathy", 1, None)]),
    ("Cement leakage was seen in 4 of 30 patients.", [("cement_leakage", 4, 30)]),
    ("Eleven of 58 patients died within 2 months.", [("mortality", 11, 58)]),
    ("There were no wound complications.", [("wound_complication", 0, None)]),
    # A count beside its percentage is read as the percentage.
    ("Wound infection was seen in 4 patients (12%).", []),
    # What patients had before, what others are counted among, and numbers that count something else.
    ("Twelve patients presented with a pathological fracture.", []),
    ("Of 16 local failures most came early.", []),
    ("The other 63 vertebrae had no fracture.", []),
    ("Grade 3 toxicity was rare.", []),
    ("Seventy-four percent of patients had a readmission.", []),
    ("More than half sustained one or more complications.", []),
    # Of how many, in all forms; complications listed with their numbers.
    ("Complications within 30 days of surgery occurred in 19/54 patients.", [("complication", 19, 54)]),
    (
        "Complications included epidural haematoma in 3 patients and pleural effusion (n = 2).",
        [("epidural_haematoma", 3, None), ("pleural_effusion", 2, None)],
    ),
    (
        "Infection, leakage of cement and pneumothorax occurred in 3, 2 and 1 patients, respectively.",
        [("infection", 3, None), ("cement_leakage", 2, None), ("pneumothorax", 1, None)],
    ),
    ("All procedures were completed without major complications.", [("major_complication", 0, None)]),
    # A grade is no number of patients, and "one half" is no patient.
    ("Seven patients developed grade 1 or 2 gastrointestinal toxicity.", [("gastrointestinal_toxicity", 7, None)]),
    ("There was a low rate of grade ≥ 3 oesophageal toxicity.", []),
    ("One half of patients had complications.", []),
    ("The method can achieve control without major complications.", []),
    # Good outcomes where they came about, and not where patients came with them.
    ("Pain relief was achieved in 27 of 30 patients.", [("pain_relief", 27, 30)]),
    ("All six patients treated experienced pain relief.", [("pain_relief", 6, 6)]),
    ("Eleven of the 15 non-ambulatory patients regained the ability to walk.", [("ambulation_regained", 11, 15)]),
    ("Motor function improved in 12 patients and worsened in 3.",
     [("motor_improvement", 12, None), ("motor_deterioration", 3, None)]),
    ("Neurological function improved after surgery in 9 patients, remained unchanged in 14 and deteriorated in two.",
     [("neurological_improvement", 9, None), ("neurological_function", 14, None), ("neurological_deterioration", 2, None)]),
    ("Neurological function was stable in 14 patients.", []),
    ("Local control was stable in 14 patients and improved in 2.", []),
    ("Before surgery, ambulation was maintained in 20 of 30 patients.", []),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), COUNTS)
def test_bad_events_counted(sentence: str, expected: list[tuple[str, float, int | None]]) -> None:
    read = [(f.outcome, f.value, f.n) for f in findings(SERIES, sentence) if f.measure == "count"]
    assert read == expected


ABOUT = [
    # Five days are no pain, 520 mL no survival: the number belongs to what can be measured so.
    ("Pain relief was good and mean blood loss was 520 mL.", [("blood_loss", 520)]),
    ("Complications were rare and the median length of stay was 5 days.", [("length_of_stay", 5)]),
    ("Median survival of patients who regained ambulation was 16 months.", [("overall_survival", 16)]),
    # A share cannot be of a time: it is of the event.
    ("Mortality within 1 year was 56%.", [("one_year_mortality", 56)]),
    # The words around tell which time it is.
    ("Patients remained ambulatory for longer, for a median of 122 days.", [("ambulation_duration", 122)]),
    ("Median hospitalization was 7 days.", [("length_of_stay", 7)]),
    # Each value's own words.
    ("The Frankel grade improved in 35%, worsened in 8%.",
     [("neurological_improvement", 35), ("neurological_deterioration", 8)]),
    ("Improvement of motor function occurred in 31%, no change in 55% and deterioration in 14%.",
     [("motor_improvement", 31), ("motor_function", 55), ("motor_deterioration", 14)]),
    ("Overall survival was worse, 40% at 1 year.", [("overall_survival", 40)]),
    ("Complete or partial pain response was seen in 79%.", [("pain_response", 79)]),
    ("A 77% reduction in opioid use followed.", [("opioid_use", 77)]),
    ("Complications occurred in 31%, with 21% considered major.", [("complication", 31), ("major_complication", 21)]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), ABOUT)
def test_what_a_number_is_about(sentence: str, expected: list[tuple[str, float]]) -> None:
    assert [(f.outcome, f.value) for f in findings(SERIES, sentence)] == expected


LETTERED = (
    "Preoperative embolization before surgery for hypervascular spinal metastases",
    "We retrospectively compared 18 patients with embolization (E) and 34 without it, NE (non-embolization).",
)


def test_arms_called_by_letters() -> None:
    read = findings(
        LETTERED, "Blood loss was 1988 mL in the NE group and 1095 mL in the E group (P = 0.042)."
    )
    assert [(f.intervention, f.comparator, f.value, f.direction) for f in read] == [
        (None, EMBOLISATION, 1988, "favours_comparator"),
        (EMBOLISATION, None, 1095, "favours_intervention"),
    ]


def test_the_side_without_comes_first_and_is_worse() -> None:
    (read,) = findings(
        LETTERED, "Transfusion was more frequent in the NE group than in the E group (P = 0.01)."
    )
    assert (read.intervention, read.direction) == (EMBOLISATION, "favours_intervention")


def test_values_without_arms_follow_the_order_of_the_sentence_before() -> None:
    told = "Local control was 90% after SBRT and 70% after conventional radiotherapy (p=0.01)."
    read = findings(TRIAL, f"{told} Pain response was 61% and 40% (p=0.03).")
    assert [(f.intervention, f.comparator, f.value) for f in read if f.outcome == "pain_response"] == [
        (SBRT, CEBRT, 61),
        (CEBRT, SBRT, 40),
    ]


def test_the_order_of_arms_is_not_taken_for_other_groups_of_patients() -> None:
    told = "Local control was 90% after SBRT and 70% after conventional radiotherapy (p=0.01)."
    read = findings(
        TRIAL, f"{told} Pain response was 61% and 40% in patients who were older or younger (p=0.03)."
    )
    assert all(f.intervention is None for f in read if f.outcome == "pain_response")


def test_no_arm_without_treatment_is_inferred_for_other_groups() -> None:
    sentence = "Survival of patients who were ambulatory after embolization was better than for those who were not ambulatory (63% vs. 4%, p < 0.001)."
    assert all(not f.direction.startswith("favours") for f in findings(EMBOLISED, sentence))


def test_a_treatment_tested_as_a_factor_has_a_direction() -> None:
    (read,) = findings(
        SERIES,
        "On multivariate analysis, postoperative radiotherapy (HR 0.40, p=0.01) predicted local failure.",
    )
    assert (read.intervention, read.outcome, read.direction) == (
        "postoperative_radiotherapy",
        "local_failure",
        "favours_intervention",
    )


def test_a_p_value_of_one_arm_against_its_own_start_is_no_comparison() -> None:
    assert findings(TRIAL, "Pain was unchanged after SBRT (p=0.28).") == ()


AGAINST_BEFORE = [
    ("SBRT significantly improved quality of life.", [("quality_of_life", "favours_intervention")]),
    # The outcome's own name tells of a reduction: that it came is better.
    ("SBRT led to a significant pain reduction.", [("pain_relief", "favours_intervention")]),
    ("Quality of life worsened significantly.", [("quality_of_life", "favours_comparator")]),
    ("SBRT may significantly improve quality of life.", []),
    ("Quality of life did not change significantly.", []),
    ("Quality of life improved.", []),
]


@pytest.mark.parametrize(("sentence", "expected"), AGAINST_BEFORE)
def test_one_arm_against_its_own_start_told_in_words(sentence: str, expected: list[tuple[str, str]]) -> None:
    read = findings(SERIES, sentence)
    assert [(f.outcome, f.direction) for f in read] == expected
    assert all(f.comparator is None and "before treatment" in f.direction_reason for f in read)


def test_several_p_values_of_one_statement_each_have_their_outcome() -> None:
    read = findings(
        TRIAL,
        "Pain (P = 0.1), quality of life (P = 0.06), and overall survival (P = 0.6) did not differ between the groups.",
    )
    assert {(f.outcome, f.p, f.direction) for f in read} >= {
        ("quality_of_life", 0.06, "no_difference"),
        ("overall_survival", 0.6, "no_difference"),
    }


def test_values_at_several_times_of_one_arm_are_not_two_arms() -> None:
    read = findings(
        TRIAL,
        "Pain response at 3 and 6 months after SBRT was 24.8% and 33.8%, respectively (p = 0.2 and p = 0.04).",
    )
    assert [(f.intervention, f.comparator, f.timepoint_months) for f in read] == [
        (SBRT, None, 3),
        (SBRT, None, 6),
    ]


def test_than_gives_the_second_value_to_the_arm_it_names() -> None:
    read = findings(
        TRIAL,
        "The pain response was higher than in the conventional radiotherapy group (53% vs. 27%, p = 0.01).",
    )
    assert [(f.intervention, f.value, f.direction) for f in read] == [
        (SBRT, 53, "favours_intervention"),
        (CEBRT, 27, "favours_comparator"),
    ]


def test_a_difference_at_the_start_is_no_effect() -> None:
    assert (
        findings(
            TRIAL,
            "At baseline, quality of life was significantly lower with SBRT than with conventional radiotherapy.",
        )
        == ()
    )


def test_more_beneficial_in_delaying_fractures_is_better() -> None:
    (read,) = findings(
        TRIAL,
        "SBRT was significantly more beneficial than conventional radiotherapy in delaying pathological fracture.",
    )
    assert read.direction == "favours_intervention"


def test_the_text_s_own_claim_counts_where_no_test_is_printed() -> None:
    read = findings(
        TRIAL,
        "Pain response was significantly better after SBRT than after conventional radiotherapy (53% vs 27%).",
    )
    assert [f.direction for f in read] == ["favours_intervention", "favours_comparator"]
    read = findings(
        TRIAL, "Pain response did not differ between SBRT and conventional radiotherapy (53% vs 47%)."
    )
    assert [f.direction for f in read] == ["no_difference", "no_difference"]


def test_a_name_behind_with_a_value_of_its_own_takes_no_other() -> None:
    read = findings(SERIES, "Local control was 90% with a complication rate of 14.6%.")
    assert [(f.outcome, f.value) for f in read] == [("local_control", 90), ("complication", 14.6)]


def test_an_event_reckoned_with_is_not_what_was_measured() -> None:
    (read,) = findings(
        TRIAL,
        "With death as a competing event, local failure was lower after SBRT than after conventional radiotherapy (HR 0.40, p=0.04).",
    )
    assert (read.outcome, read.direction) == ("local_failure", "favours_intervention")


def test_a_share_of_studies_is_no_share_of_patients() -> None:
    assert findings(SERIES, "Pain relief was reported by 85% of studies.") == ()


ARM_COUNTS = [
    ("Wound infection occurred in 2 of 30 patients in the SBRT group and 9 of 31 in the conventional radiotherapy group (p=0.02).",
     [(SBRT, 2, 30, "favours_intervention"), (CEBRT, 9, 31, "favours_comparator")]),
    ("Wound infection was more frequent in the conventional radiotherapy group (10/34) than in the SBRT group (1/33, P = 0.01).",
     [(CEBRT, 10, 34, "favours_comparator"), (SBRT, 1, 33, "favours_intervention")]),
    ("Local failure occurred in 15 cases in the conventional radiotherapy group versus 1 case in the SBRT group (P=0.009).",
     [(CEBRT, 15, None, "favours_comparator"), (SBRT, 1, None, "favours_intervention")]),
    # Arms of unknown size, counts not far apart.
    ("Local failure occurred in 6 cases in the conventional radiotherapy group versus 4 cases in the SBRT group (P=0.04).",
     [(CEBRT, 6, None, "descriptive"), (SBRT, 4, None, "descriptive")]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), ARM_COUNTS)
def test_counts_by_arm(sentence: str, expected: list[tuple[str, float, int | None, str]]) -> None:
    read = findings(TRIAL, sentence)
    assert [(f.intervention, f.value, f.n, f.direction) for f in read] == expected


FORMS = [
    # A tumour's name behind the number does not take it away; one right in front of it does.
    ("Overall survival at 1 year was 43% in patients with breast cancer.", [("overall_survival", "percent", 43, None)]),
    ("The most common tumours were lung cancer (36%) and breast cancer (20%), and survival was poor.", []),
    # The time behind an outcome's name is not its value.
    ("61% of patients had pain relief at 1 month.", [("pain_relief", "percent", 61, None)]),
    ("Complications occurred in 12 patients (12/54, 22%).", [("complication", "percent", 22, None)]),
    ("The median overall survival was 5.2 (range: 0.1–11.1) months.", [("overall_survival", "median", 5.2, "months")]),
    ("The median overall survival of the 168 patients was 13 months.", [("overall_survival", "median", 13, "months")]),
    ("Eighty-five percent of patients had pain relief.", [("pain_relief", "percent", 85, None)]),
    ("Median overall survival was 4 months—as compared to older series.", [("overall_survival", "median", 4, "months")]),
    # An endpoint of its own is not overall survival.
    ("Median dialysis-free survival was 24.7 months.", []),
    # How large an arm is, why patients came, how they were before.
    ("Twelve patients (16%) had surgery (median overall survival of 12 months).",
     [("overall_survival", "median", 12, "months")]),
    ("Indications for surgery included pain (70%).", []),
    ("25% of patients were ambulatory preoperatively.", []),
    # Until when something was counted, and a list of what the share is made of.
    ("The probability of a new episode in the 5 years before death was 2.5%.", []),
    ("Six (5.1%) were local: puncture site haematoma in two patients and radicular pain in four.",
     [("postoperative_haemorrhage", "count", 2, None)]),
    # A percentage behind a median in brackets is no median; a test's metrics are listed for each test.
    ("Patients had a shorter median overall survival (10.6 vs. 21.5 months) and 48% fewer fractures.",
     [("overall_survival", "median", 10.6, "months"), ("overall_survival", "median", 21.5, "months"),
      ("vertebral_compression_fracture", "percent", 48, None)]),
    ("The sensitivity and specificity of PET were 99% & 98% and of MRI 88% & 82%.",
     [("sensitivity", "sensitivity", 99, None), ("specificity", "specificity", 98, None),
      ("sensitivity", "sensitivity", 88, None), ("specificity", "specificity", 82, None)]),
    ("Survival was longer with high scores (27.3 months, 95% CI 16.0-33.9) than with low (11.3 months, 95% CI 8.9-15.8).",
     [("overall_survival", "mean", 27.3, "months"), ("overall_survival", "mean", 11.3, "months")]),
    # A number with a noun of its own is not the neighbour's; a score's value is no pain.
    ("Screw breakage occurred in 2.4% and loosening in 1.7% of patients.", [("screw_breakage", "percent", 2.4, None)]),
    ("Complications were pain (16.7%), sluggishness (13.3%) and great wobbliness (10.0%).", [("pain", "percent", 16.7, None)]),
    ("The commonest symptom was pain (89%), and the most common SINS was 7.", [("pain", "percent", 89, None)]),
    ("Reoperation rates were 5.7% (most for hardware failure) and 4.8%.",
     [("reoperation", "percent", 5.7, None), ("reoperation", "percent", 4.8, None)]),
    ("Complete pain relief was achieved in 46%, partial relief in 19%.",
     [("complete_pain_response", "percent", 46, None), ("partial_pain_response", "percent", 19, None)]),
    ("Median overall survival was poor; the overall answer rate was 18.8% and the local control rate 40.6%.", [("local_control", "percent", 40.6, None)]),
    ("Of the pain response studies, 73.7% used a retrospective design.", []),
    ("At year 1 the incidence of fracture was 8%.", [("vertebral_compression_fracture", "percent", 8, None)]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), FORMS)
def test_forms_of_print(sentence: str, expected: list[tuple[str, str, float, str | None]]) -> None:
    read = [
        (f.outcome, f.measure, f.value, None if f.unit == "%" else f.unit) for f in findings(SERIES, sentence)
    ]
    assert read == expected


def test_a_precise_kind_weighs_what_its_broad_name_in_the_title_weighs() -> None:
    study = (
        "Stereotactic ablative radiotherapy for oligometastatic prostate cancer of the spine",
        "Lesions were treated with SBRT, 21 Gy in 3 fractions. A third of patients received hormonal therapy.",
    )
    read = findings(
        study, "Two-year local control was 70%. Hormonal therapy was delayed by a mean of 11.6 months."
    )
    assert [(f.outcome, f.value) for f in read if f.intervention == "endocrine_therapy"] == []
    assert {f.intervention for f in read if f.outcome == "local_control"} <= {
        SBRT,
        "multifraction_stereotactic_body_radiotherapy",
    }


def test_the_verb_behind_a_subgroup_opens_what_it_had() -> None:
    read = findings(
        SERIES,
        "45% of patients who developed metastases had skeletal-related events, with pathological fracture in 4.7%.",
    )
    assert [(f.outcome, f.value) for f in read] == [
        ("skeletal_related_event", 45),
        ("pathological_fracture", 4.7),
    ]


def test_a_time_of_several_events_belongs_to_none_of_them() -> None:
    read = findings(
        SERIES, "35% received reirradiation; median time to each of these events was 3.0, 5.7 and 9.2 months."
    )
    assert [(f.outcome, f.value) for f in read] == [("need_for_reirradiation", 35)]
