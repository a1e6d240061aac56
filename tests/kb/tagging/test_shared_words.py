"""Names whose end is printed once, for a list of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tagging.pipeline import concept_matcher
from kb.tagging.shared_words import shared_word_matches


def _concepts(text: str) -> list[str]:
    return [concept for _, _, concept in concept_matcher().find(text, [], [(0, len(text))])]


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("the 30- and 90-day mortality rates", ["thirty_day_mortality", "ninety_day_mortality"]),
        ("overall and progression-free survival", ["overall_survival", "progression_free_survival"]),
        (
            "overall, cancer-specific and progression-free survival",
            ["overall_survival", "cancer_specific_survival", "progression_free_survival"],
        ),
        ("minimally invasive and open surgery", ["minimally_invasive_surgery", "open_surgery"]),
        ("vertebro- and kyphoplasty", ["vertebroplasty", "kyphoplasty"]),
        ("short- or long-course radiotherapy", ["short_course_radiotherapy", "long_course_radiotherapy"]),
        ("motor and sensory function", ["motor_function", "sensory_function"]),
    ],
)
def test_each_name_of_a_list_is_found(text: str, concepts: list[str]) -> None:
    assert _concepts(text) == concepts


def test_a_name_keeps_its_own_end() -> None:
    assert _concepts("kyphoplasty and radiofrequency ablation") == ["kyphoplasty", "radiofrequency_ablation"]
    assert _concepts("age and overall survival") == ["overall_survival"]


@given(st.text(alphabet="ab-, and", max_size=200))
def test_any_text_is_read_and_what_is_found_lies_in_front(text: str) -> None:
    name = "b a"
    matches = [(len(text), len(text) + len(name), "whole")]
    for start, end, concept in shared_word_matches(text + name, matches, {"a a": "part"}.get):
        assert concept == "part"
        assert 0 <= start < end <= len(text)
