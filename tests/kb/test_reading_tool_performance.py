"""Tool performance as read from sentences: a level of confidence is no figure, a second value finds its tool."""

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
            [("sorg_nomogram", "auc", 0.664)],
        ),
        (
            "The AUC was 0.750 (95% CI 0.648-0.851) for the SORG nomogram and 0.667 (95% CI 0.552-0.781) for the"
            " revised Tokuhashi score.",
            [("sorg_nomogram", "auc", 0.75), ("tokuhashi_score_revised", "auc", 0.667)],
        ),
    ],
)
def test_the_95_of_an_interval_is_no_figure_of_a_tool(
    sentence: str, expected: list[tuple[str, str, float]]
) -> None:
    found = extract(record("90000950", TITLE, ("RESULTS", sentence))).tool_performance
    assert [(row.tool, row.metric, row.value) for row in found] == expected
