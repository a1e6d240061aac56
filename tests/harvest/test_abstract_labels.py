"""Headings in abstracts printed in one piece."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.abstract_labels import is_heading, split_abstract
from harvest.record import Section

HEADINGS = (
    "BACKGROUND",
    "PATIENTS AND METHODS",
    "RESULTS",
    "DESIGN, SETTING, AND PATIENTS",
    "LEVEL OF EVIDENCE",
)


def test_headings_cut_and_other_capitals_stay() -> None:
    text = (
        "OBJECTIVE: To test RFA: an idea. SBRT: 24 Gy was given (n = 12). RESULTS: Pain fell. SINS: 8 to 3."
    )
    assert split_abstract(text) == (
        Section("To test RFA: an idea. SBRT: 24 Gy was given (n = 12).", "OBJECTIVE"),
        Section("Pain fell. SINS: 8 to 3.", "RESULTS"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "Nothing is labelled here.",
        "We report the RESULTS: good.",
        "Results: small letters.",
        "SBRT: a review.",
        "RESULTS:",
    ],
)
def test_text_without_headings_is_one_section(text: str) -> None:
    assert split_abstract(text) == (Section(text),)


def test_text_before_the_first_heading_has_no_label() -> None:
    assert split_abstract("Cord compression is rare. METHODS: We asked.") == (
        Section("Cord compression is rare."),
        Section("We asked.", "METHODS"),
    )


def test_an_empty_abstract_has_no_sections() -> None:
    assert split_abstract("") == split_abstract("  ") == ()


@pytest.mark.parametrize(
    ("label", "known"),
    [
        ("MATERIALS AND METHODS", True),
        ("METHODS/RESULTS", True),
        ("METHODS & RESULTS", True),
        ("SETTING, PARTICIPANTS AND INTERVENTIONS", True),
        ("SBRT AND METHODS", False),
        ("AND METHODS", False),
        ("VMAT", False),
    ],
)
def test_joined_headings_need_all_parts(label: str, known: bool) -> None:
    assert is_heading(label) is known


sentences = st.lists(
    st.sampled_from(["Pain fell (p<0.05).", "Was it 24 Gy?", "“No effect.”", "OS: 9 months."]), min_size=1
)


@given(st.lists(st.tuples(st.sampled_from(HEADINGS), sentences.map(" ".join)), min_size=1, max_size=6))
def test_labelled_sections_come_back(parts: list[tuple[str, str]]) -> None:
    text = " ".join(f"{label}: {said}" for label, said in parts)
    assert split_abstract(text) == tuple(Section(said, label) for label, said in parts)


@given(st.text())
def test_no_character_but_the_headings_is_lost(text: str) -> None:
    sections = split_abstract(text)
    kept = " ".join(f"{one.label}: {one.text}" if one.label else one.text for one in sections)
    assert kept.split() == text.split() or any(one.label for one in sections)
    assert all(one.text in text for one in sections)
