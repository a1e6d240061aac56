"""Tool performance as read from sentences: a level of confidence is no figure, a second value finds its tool and interval."""

from __future__ import annotations

import pytest

from kb.tagging.extract import extract
from tests.made_up import record

TITLE = "External validation of survival models in spinal metastases"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "The SORG nomogram had the highest area under the curve (AUC 0.664, 95% CI 0.584-0.744).",
            [("sorg_nomogram", "auc", 0.664, 0.584)],
        ),
        (
            "The AUC was 0.750 (95% CI 0.648-0.851) for the SORG nomogram and 0.667 (95% CI 0.552-0.781) for the"
            " revised Tokuhashi score.",
            [("sorg_nomogram", "auc", 0.75, 0.648), ("tokuhashi_score_revised", "auc", 0.667, 0.552)],
        ),
        (
            "For 1-year survival, the c-statistic was 0.79 for the NESMS and 0.69 for the Tomita score.",
            [
                ("new_england_spinal_metastasis_score", "c_index", 0.79, None),
                ("tomita_score", "c_index", 0.69, None),
            ],
        ),
    ],
)
def test_each_figure_finds_its_tool_and_interval_and_the_95_of_an_interval_is_none(
    sentence: str, expected: list[tuple[str, str, float, float | None]]
) -> None:
    found = extract(record("90000950", TITLE, ("RESULTS", sentence))).tool_performance
    assert [(row.tool, row.metric, row.value, row.ci_low) for row in found] == expected
