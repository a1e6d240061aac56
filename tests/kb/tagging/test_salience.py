"""Salience: which treatments and outcomes a study is about, beside those it names in passing."""

from __future__ import annotations

import pytest

from kb.tagging.extract import extract
from kb.tagging.pipeline import read_articles
from kb.tagging.salience import measured_outcomes, salient_treatments
from tests.made_up import record

SBRT = "stereotactic_body_radiotherapy"
METHODS = ("METHODS", "We reviewed 60 patients with spinal metastases who underwent separation surgery.")


def studied(title: str, *sections: tuple[str, str]) -> set[str]:
    [article] = read_articles([record("90000001", title, *sections)])
    return set(salient_treatments(article, ()))


def measured(title: str, *sections: tuple[str, str]) -> set[str]:
    [article] = read_articles([record("90000001", title, *sections)])
    return set(measured_outcomes(article))


IN_PASSING = [
    ("BACKGROUND", "Vertebroplasty is a common alternative.", "vertebroplasty"),
    ("METHODS", "All patients had magnetic resonance imaging.", "magnetic_resonance_imaging"),
    ("METHODS", "Age, sex and earlier chemotherapy were recorded.", "chemotherapy"),
    ("METHODS", "Patients were given opioids as needed.", "opioid"),
    ("RESULTS", "Vertebroplasty was seen in one.", "vertebroplasty"),
    ("RESULTS", "Revision surgery was needed in 5%.", "revision_surgery"),
    ("METHODS", "No patient received kyphoplasty.", "kyphoplasty"),
]


@pytest.mark.parametrize(("label", "sentence", "treatment"), IN_PASSING)
def test_named_in_passing(label: str, sentence: str, treatment: str) -> None:
    title = "Separation surgery for spinal metastases"
    paper = record("90000001", title, METHODS, (label, sentence))
    roles = {m.concept: m.role for m in extract(paper).mentions if m.kind == "intervention"}
    assert roles["separation_surgery"] == "studied"
    assert roles[treatment] == "background"


STUDIED = [
    # What the title names.
    ("Separation surgery for spinal metastases", (), {"separation_surgery"}),
    ("Kyphoplasty and vertebroplasty for spinal metastases", (), {"kyphoplasty", "vertebroplasty"}),
    # What the aim names, where the title is silent.
    ("Survival in spinal metastases", (("OBJECTIVE", "To assess survival after kyphoplasty."),), {"kyphoplasty"}),
    # What the patients had, where neither names any.
    ("Survival in spinal metastases", (("METHODS", "Sixty patients received SBRT."),), {SBRT}),
    ("Survival in spinal metastases", (("METHODS", "Age and sex were recorded."),), set()),
    # An examination is studied where the title says so.
    ("MRI for spinal metastases", (("METHODS", "We read the MRI of 60 patients."),), {"magnetic_resonance_imaging"}),
    # So is an event such as revision.
    ("Revision surgery in spinal metastases", (("METHODS", "We reviewed 60 patients."),), {"revision_surgery"}),
]  # fmt: skip


@pytest.mark.parametrize(("title", "sections", "expected"), STUDIED)
def test_under_study(title: str, sections: tuple[tuple[str, str], ...], expected: set[str]) -> None:
    assert studied(title, *sections) == expected


def test_a_whole_family_gives_way_to_the_kind() -> None:
    sections = (
        ("OBJECTIVE", "To describe surgery for spinal metastases, namely separation surgery."),
        ("METHODS", "All underwent separation surgery."),
    )
    assert studied("Separation surgery, a new surgery for spinal metastases", *sections) == {
        "separation_surgery"
    }


def test_a_whole_family_stays_where_nothing_else_is_studied() -> None:
    assert studied("Surgery for spinal metastases", ("METHODS", "Sixty patients had surgery.")) == {"surgery"}


def test_a_family_stays_as_the_arm_of_a_comparison() -> None:
    [article] = read_articles([record("90000001", "Radiotherapy versus kyphoplasty for spinal metastases")])
    assert salient_treatments(article, ("radiotherapy", "kyphoplasty")) == {"radiotherapy", "kyphoplasty"}


MEASURED = [
    ("Local control after SBRT of spinal metastases", (), {"local_control"}),
    (
        "SBRT of spinal metastases",
        (("METHODS", "The primary outcome was local control."),),
        {"local_control"},
    ),
    ("SBRT of spinal metastases", (("RESULTS", "Local control was 90%."),), {"local_control"}),
    ("SBRT of spinal metastases", (("CONCLUSIONS", "SBRT gives lasting local control."),), {"local_control"}),
    # What patients came with, what others found, what was listed as a factor.
    ("SBRT of spinal metastases", (("METHODS", "Patients with pain were treated."),), set()),
    ("SBRT of spinal metastases", (("BACKGROUND", "Pain is common."),), set()),
    ("SBRT for painful spinal metastases", (), set()),
    ("SBRT of spinal metastases", (("METHODS", "Age, sex and pain were recorded."),), set()),
]


@pytest.mark.parametrize(("title", "sections", "expected"), MEASURED)
def test_measured_outcomes(title: str, sections: tuple[tuple[str, str], ...], expected: set[str]) -> None:
    assert measured(title, *sections) == expected


def test_background_outcomes_are_told_apart_by_role() -> None:
    paper = record(
        "90000001",
        "SBRT of spinal metastases",
        ("BACKGROUND", "Local control matters."),
        ("METHODS", "Patients with myelopathy were left out."),
        ("RESULTS", "Overall survival was 60% at 1 year."),
    )
    roles = {(m.concept, m.role) for m in extract(paper).mentions if m.kind == "outcome"}
    assert ("local_control", "background") in roles
    assert ("overall_survival", "measured") in roles
    assert "measured" not in {role for concept, role in roles if concept != "overall_survival"}
