"""Roles and groups: what is held against what, and by which labels a text calls its arms."""

from __future__ import annotations

import pytest

from kb.tagging.extract import extract
from kb.tagging.findings.groups import group_labels
from kb.tagging.pipeline import read_articles
from kb.tagging.roles import Comparison, read_comparison
from tests.made_up import record

SBRT, CEBRT = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
MIS, OPEN = "minimally_invasive_surgery", "open_surgery"


def comparison(title: str, *sections: tuple[str, str]) -> Comparison:
    [article] = read_articles([record("90000001", title, *sections)])
    return read_comparison(article)


PAIRS = [
    ("SBRT versus conventional external beam radiotherapy for spinal metastases", SBRT, CEBRT),
    # A control is the comparator wherever it stands.
    ("Conventional external beam radiotherapy versus SBRT for spinal metastases", SBRT, CEBRT),
    ("Denosumab compared with placebo in spinal metastases", "denosumab", "placebo"),
    ("Kyphoplasty vs. vertebroplasty for spinal metastases", "kyphoplasty", "vertebroplasty"),
    ("Comparing minimally invasive surgery with open surgery for spinal metastases", MIS, OPEN),
]


@pytest.mark.parametrize(("title", "main", "comparator"), PAIRS)
def test_what_is_held_against_what(title: str, main: str, comparator: str) -> None:
    found = comparison(title)
    assert found.compares
    assert (found.main, found.comparator) == (main, comparator)


@pytest.mark.parametrize(
    "title",
    [
        "Surgery for spinal metastases with and without preoperative embolisation",
        "Separation surgery with or without preoperative embolisation",
    ],
)
def test_with_and_without_is_a_comparison(title: str) -> None:
    found = comparison(title)
    assert found.compares
    assert "preoperative_embolisation" in found.studied


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Separation surgery for spinal metastases", "All underwent separation surgery followed by SBRT."),
        (
            "Separation surgery for spinal metastases",
            "Patients more than 60 days after surgery or SBRT were excluded.",
        ),
        ("SBRT for spinal metastases", "We reviewed 40 patients after SBRT."),
        ("SBRT for spinal metastases", "Patients with or without neurological deficit were treated by SBRT."),
    ],
)
def test_one_armed_work_compares_nothing(title: str, sentence: str) -> None:
    assert not comparison(title, ("METHODS", sentence)).compares


def test_roles_of_mentions() -> None:
    paper = record(
        "90000001",
        "SBRT versus conventional external beam radiotherapy for spinal metastases",
        ("BACKGROUND", "Kyphoplasty is an alternative. The Tokuhashi score is known."),
        ("METHODS", "Pain was measured on a visual analogue scale."),
        ("RESULTS", "The accuracy of the Tomita score was 70%."),
    )
    roles = {(m.concept, m.role) for m in extract(paper).mentions}
    assert {
        (SBRT, "studied"),
        (CEBRT, "comparator"),
        ("kyphoplasty", "background"),
        ("spinal_metastases", "studied"),
        ("tokuhashi_score", "mentioned"),
        ("visual_analogue_scale", "used"),
        ("tomita_score", "evaluated"),
    } <= roles


LABELS = [
    (
        "Patients had kyphoplasty (group A) or vertebroplasty (group B).",
        {"A": "kyphoplasty", "B": "vertebroplasty"},
    ),
    (
        "Patients had kyphoplasty (arm 1) or vertebroplasty (arm 2).",
        {"1": "kyphoplasty", "2": "vertebroplasty"},
    ),
    ("Group 1: kyphoplasty; group 2: vertebroplasty.", {"1": "kyphoplasty", "2": "vertebroplasty"}),
    ("Patients had kyphoplasty (KP group).", {"KP": "kyphoplasty"}),
    ("Kyphoplasty was done in both groups.", {}),
]


@pytest.mark.parametrize(("sentence", "expected"), LABELS)
def test_labels_of_arms(sentence: str, expected: dict[str, str]) -> None:
    [article] = read_articles([record("90000001", "Cement for spinal metastases", ("METHODS", sentence))])
    assert {label: named.concept.id for label, named in group_labels(article).items()} == expected


def test_a_label_speaks_for_its_treatment() -> None:
    paper = record(
        "90000001",
        "Kyphoplasty versus vertebroplasty for spinal metastases",
        ("METHODS", "Eighty patients had kyphoplasty (group A) or vertebroplasty (group B)."),
        ("RESULTS", "Cement leakage occurred in 8% in group A and 20% in group B (p=0.03)."),
    )
    assert [(one.intervention, one.value, one.direction) for one in extract(paper).findings] == [
        ("kyphoplasty", 8, "favours_intervention"),
        ("vertebroplasty", 20, "favours_comparator"),
    ]


def test_the_control_group_is_the_comparator() -> None:
    paper = record(
        "90000001",
        "Denosumab versus placebo in spinal metastases: a randomised trial",
        ("METHODS", "Ninety patients were randomised."),
        (
            "RESULTS",
            "Vertebral fracture occurred in 10% in the denosumab group and 24% in the control group (p=0.04).",
        ),
    )
    assert [(one.intervention, one.value) for one in extract(paper).findings] == [
        ("denosumab", 10),
        ("placebo", 24),
    ]


ADDED = [
    # What something was added to is the other side, whichever is named first.
    (
        "Randomised to chemotherapy alone (n=20) or chemotherapy plus pamidronate (n=20).",
        "pamidronate",
        "chemotherapy",
    ),
    (
        "Kyphoplasty alone was compared with kyphoplasty plus iodine-125 seeds.",
        "vertebroplasty_with_iodine_125_seeds",
        "kyphoplasty",
    ),
    ("Denosumab combined with docetaxel was compared with docetaxel monotherapy.", "denosumab", "docetaxel"),
    (
        "Survival was better with kyphoplasty than in the 40 patients who received vertebroplasty.",
        "kyphoplasty",
        "vertebroplasty",
    ),
    ("We review kyphoplasty and compare it with vertebroplasty.", "kyphoplasty", "vertebroplasty"),
]


@pytest.mark.parametrize(("sentence", "main", "comparator"), ADDED)
def test_what_is_added_is_under_study(sentence: str, main: str, comparator: str) -> None:
    found = comparison("Treatment of spinal metastases", ("METHODS", sentence))
    assert (found.main, found.comparator) == (main, comparator)


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients received kyphoplasty alone or SBRT.",
        "Docetaxel combined with denosumab was given to all.",
        "Complications were seen in more than 40 patients with kyphoplasty and vertebroplasty.",
    ],
)
def test_alone_without_an_addition_is_no_other_side(sentence: str) -> None:
    found = comparison("Treatment of spinal metastases", ("METHODS", sentence))
    assert not {"kyphoplasty", "docetaxel"} & set(found.comparators)


def test_a_control_that_only_a_conclusion_names_is_advice() -> None:
    sections = (
        ("METHODS", "Forty patients received denosumab with docetaxel or docetaxel alone."),
        ("CONCLUSIONS", "Denosumab with docetaxel, and conservative treatment, is one of the options."),
    )
    assert (
        "non_surgical_management" not in comparison("Denosumab for spinal metastases", *sections).comparators
    )


def test_four_groups_of_two_treatments_set_neither_against_the_other() -> None:
    article = next(
        iter(
            read_articles(
                [
                    record(
                        "90000001",
                        "Targeted therapy and radiotherapy after surgery for spinal metastases",
                        (
                            "METHODS",
                            "Twelve patients received targeted therapy plus radiotherapy, 19 targeted therapy alone, "
                            "4 radiotherapy alone and 13 neither.",
                        ),
                    )
                ]
            )
        )
    )
    comparison = read_comparison(article)
    assert {comparison.main, comparison.comparator} != {"targeted_therapy", "radiotherapy"}
