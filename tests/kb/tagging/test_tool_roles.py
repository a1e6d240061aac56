"""Tool roles: evaluated, used or only mentioned, for the whole paper."""

from __future__ import annotations

import pytest

from kb.tagging.extract import extract
from tests.made_up import record


def roles(title: str, *sections: tuple[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for mention in extract(record("90000001", title, *sections)).mentions:
        if mention.kind == "tool":
            found.setdefault(mention.concept, set()).add(mention.role)
    return found


def test_a_score_that_foretells_is_evaluated_and_a_grade_that_sorts_is_used() -> None:
    found = roles(
        "Prognostic factors after surgery for spinal metastases of liver cancer",
        (
            "METHODS",
            "Age, Frankel grade and Tomita score of 36 patients with spinal metastases were analysed.",
        ),
        ("RESULTS", "Only the Tomita score was an independent prognostic factor; the Frankel grade was not."),
    )
    assert found["tomita_score"] == {"evaluated"}
    assert found["frankel_grade"] == {"used"}


def test_words_that_sum_up_tools_named_beside_them_play_no_part() -> None:
    found = roles(
        "External validation of prognostic scores in spinal metastases",
        ("METHODS", "We compared the accuracy of the Tomita score and the NESMS in 210 patients."),
        (
            "RESULTS",
            "The NESMS predicted survival better than the Tomita score; both scoring systems were fair.",
        ),
    )
    assert found["prognostic_score"] == {"mentioned"}
    assert found["tomita_score"] == found["new_england_spinal_metastasis_score"] == {"evaluated"}


def test_a_short_name_stands_for_the_version_that_the_paper_names() -> None:
    found = roles(
        "Accuracy of the modified Bauer score in spinal metastases",
        ("RESULTS", "The Bauer score predicted survival in 90 patients with an AUC of 0.71."),
    )
    assert found["bauer_score"] == {"mentioned"}
    assert found["bauer_score_modified"] == {"evaluated"}


def test_the_figure_of_a_short_name_is_that_of_its_version() -> None:
    paper = record(
        "90000001", "External validation of the SORG nomogram in spinal metastases",
        ("RESULTS", "In 90 patients the SORG tool had an AUC of 0.71 at 1 year."),
    )  # fmt: skip
    assert [row.tool for row in extract(paper).tool_performance] == ["sorg_nomogram"]


@pytest.mark.parametrize(
    ("methods", "negated"),
    [
        ("Absence of visceral metastases and the Tokuhashi score were recorded in 40 patients.", False),
        ("No Tokuhashi score was recorded in 40 patients.", True),
    ],
)
def test_only_a_tool_that_is_itself_denied_is_denied(methods: str, *, negated: bool) -> None:
    found = extract(record("90000001", "Surgery for spinal metastases", ("METHODS", methods)))
    assert [m.negated for m in found.mentions if m.concept == "tokuhashi_score"] == [negated]


def test_a_questionnaire_is_evaluated_where_the_aim_is_to_validate_it_and_used_elsewhere() -> None:
    validated = roles(
        "A Spanish version of the EQ-5D", ("PURPOSE", "We aimed to validate the EQ-5D in patients.")
    )
    used = roles("Surgery for spinal metastases", ("METHODS", "Quality of life was measured with the EQ-5D."))
    assert validated["eq_5d"] == {"evaluated"}
    assert used["eq_5d"] == {"used"}


ROW = (
    "METHODS",
    "Survival of 196 patients by the Tomita score, the Bauer score, the van der Linden score and the NESMS was plotted.",
)
FACTORS = ("METHODS", "The Tomita score and the Bauer score of 196 patients were noted.")


def test_a_row_of_scores_that_the_title_puts_to_the_test_is_evaluated() -> None:
    found = roles("Evaluation of scoring systems for spinal metastases", ROW)
    assert found["tomita_score"] == found["van_der_linden_score"] == {"evaluated"}


@pytest.mark.parametrize("methods", [ROW, FACTORS])
def test_scores_that_only_describe_patients_are_used(methods: tuple[str, str]) -> None:
    assert roles("Surgery for spinal metastases", methods)["tomita_score"] == {"used"}


def test_levels_of_evidence_are_used_by_a_review() -> None:
    found = roles(
        "Radiosurgery of the spine: a literature review",
        ("METHODS", "Studies were classified by the criterion defined by Wright."),
        ("RESULTS", "By the criterion defined by Wright the evidence was valid for myeloma."),
    )
    assert found["wright_levels_of_evidence"] == {"used"}
