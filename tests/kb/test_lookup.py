"""Concepts are found by the words people type; unknown words get the nearest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import UnknownConcept
from kb.vocabulary.concept import load_vocabulary
from kb.vocabulary.lookup import find_concept

VOCABULARY = load_vocabulary()


@pytest.mark.parametrize(
    ("words", "kinds", "concept"),
    [
        ("SBRT", (), "stereotactic_body_radiotherapy"),
        ("sbrt", ("intervention",), "stereotactic_body_radiotherapy"),
        ("stereotactic body radiotherapy", (), "stereotactic_body_radiotherapy"),
        ("stereotactic_body_radiotherapy", (), "stereotactic_body_radiotherapy"),
        ("Vertebroplasties", (), "vertebroplasty"),
        ("overall survival", ("outcome",), "overall_survival"),
        ("SINS", ("tool",), "spinal_instability_neoplastic_score"),
    ],
)
def test_concepts_by_their_names(words: str, kinds: tuple[str, ...], concept: str) -> None:
    assert find_concept(words, VOCABULARY, kinds).id == concept  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "kinds", "near"),
    [
        ("vertebroplasti", (), "Vertebroplasty"),
        ("overal survival", ("outcome",), "Overall survival"),
        ("stereotactic body radioterapy", (), "Stereotactic body radiotherapy"),
    ],
)
def test_misspelt_words_get_the_nearest(words: str, kinds: tuple[str, ...], near: str) -> None:
    with pytest.raises(UnknownConcept) as told:
        find_concept(words, VOCABULARY, kinds)  # type: ignore[arg-type]
    assert near in told.value.near
    assert near in str(told.value)


def test_words_that_are_like_nothing_say_so() -> None:
    with pytest.raises(UnknownConcept, match="nor anything like it"):
        find_concept("qqqq zzzz", VOCABULARY)


def test_the_kind_is_respected() -> None:
    with pytest.raises(UnknownConcept):
        find_concept("SBRT", VOCABULARY, ("outcome",))


@given(st.sampled_from(sorted(VOCABULARY.concepts)))
def test_every_concept_is_found_by_its_label_or_told_apart(identifier: str) -> None:
    concept = VOCABULARY.concepts[identifier]
    try:
        assert find_concept(concept.label, VOCABULARY, (concept.kind,)) == concept
    except UnknownConcept as told:
        assert concept.label in told.near  # noqa: PT017


@given(st.text(max_size=40))
def test_any_text_finds_a_concept_or_is_refused_by_name(words: str) -> None:
    try:
        assert find_concept(words, VOCABULARY).id in VOCABULARY.concepts
    except UnknownConcept as told:
        assert words in str(told)  # noqa: PT017
