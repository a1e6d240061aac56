"""Grades of recommendation: which rule fires, conflicts, and what can't raise or lower a grade."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evidence import LEVELS
from kb.grading.certainty import PRE_FILLED, Vote, grade, grade_words

LETTERS = "ABCI"
SIDES = {"+": "favours_intervention", "-": "favours_comparator", "=": "no_difference", ".": "descriptive"}


def votes(text: str) -> list[Vote]:
    """ "I+ III= IV." as votes; a level in brackets is set aside, "0" is no level, "+-" points both ways."""
    found = []
    for word in text.split():
        bare = word.strip("()")
        level = bare.rstrip("+-=.")
        sides: Any = frozenset(SIDES[mark] for mark in bare[len(level) :])
        found.append(Vote(None if level == "0" else level, sides, counted=word == bare))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("said", "letter", "why"),
    [
        ("I+ I+", "A", "two or more Level I studies with consistent findings"),
        ("I= I= IV=", "A", "two or more Level I studies"),
        ("I+", "B", "a single Level I study"),
        ("I+ III+ IV.", "B", "a single Level I study"),
        ("II+ II+", "B", "several Level II or III studies"),
        ("III- III- III-", "B", "several Level II or III studies"),
        ("II+", "C", "a single Level II study"),
        ("II+ IV+", "C", "a single Level II study"),
        ("IV+ V+", "C", "several Level IV or V studies"),
        ("IV. IV.", "C", "several Level IV or V studies"),
        ("III+ IV+", "C", "our reading"),
        ("III+", "I", "a single Level III, IV or V study"),
        ("V.", "I", "a single Level III, IV or V study"),
        ("0+ 0+", "I", "no study has a level"),
        # A description says of no side that it did better, so nothing is consistent.
        ("I. I.", "C", "our reading"),
        ("I.", "C", "described without saying"),
        ("II. II.", "C", "our reading"),
        ("III+ I. I.", "I", "a single Level III"),
        # Conflicts.
        ("I+ I=", "I", "equal strength with conflicting"),
        ("I+ I- I+ I+", "I", "equal strength with conflicting"),
        ("I+-", "I", "equal strength with conflicting"),
        ("0+ 0=", "I", "equal strength with conflicting"),
        ("I+ I+ III=", "B", "one grade lower"),
        ("I+ III- III-", "C", "one grade lower"),
        ("II+ III=", "I", "one grade lower"),
        # What is set aside is not counted, but it shows a conflict.
        ("I+ (I+)", "B", "a single Level I study"),
        ("II+ (I-)", "I", "equal strength with conflicting"),
        ("I+ I+ (II=)", "B", "one grade lower"),
    ],
)
def test_the_rule_that_fires_is_told(said: str, letter: str, why: str) -> None:
    found = grade(votes(said))
    assert found.letter == letter
    assert why in found.reasons[0]
    assert found.reasons[0].startswith(f"Grade {letter}, {grade_words(found.letter)}: ")


def test_the_reasons_tell_what_was_counted_and_what_was_not_rated() -> None:
    assert grade(votes("I+ I+ III+ 0+ V.")).reasons[1:] == (
        "Counted: 4 studies that state a direction (Level I: 2, Level III: 1, no level: 1).",
        "Risk of bias is not rated, as an abstract does not show it: Level I is the best a trial can be.",
    )
    assert any("not proof that the treatments are equal" in reason for reason in grade(votes("II=")).reasons)
    assert any("No study states" in reason for reason in grade(votes("IV.")).reasons)
    assert "no reviewer" in PRE_FILLED


def test_the_best_oxford_level_stands_beside_the_grade() -> None:
    favours = frozenset({"favours_intervention"})
    assert grade([Vote("II", favours, ocebm=3), Vote("I", favours, ocebm=2)]).ocebm == 2  # type: ignore[arg-type]
    assert grade([Vote("II", favours)]).ocebm is None  # type: ignore[arg-type]


VOTES = st.lists(
    st.builds(
        Vote,
        st.sampled_from([*LEVELS, None]),
        st.frozensets(st.sampled_from(list(SIDES.values())), min_size=1, max_size=2),
        st.booleans(),
        st.none() | st.integers(1, 5),
    ),
    min_size=1,
    max_size=7,
).map(lambda found: [Vote(found[0].level, found[0].directions), *found[1:]])


@given(VOTES, st.randoms(use_true_random=False))
def test_order_does_not_matter(found: list[Vote], random: Any) -> None:
    shuffled = found[:]
    random.shuffle(shuffled)
    assert grade(shuffled) == grade(found)


@given(VOTES)
def test_a_and_b_need_agreement_and_a_needs_two_trials(found: list[Vote]) -> None:
    letter = grade(found).letter
    sides = {side for vote in found for side in vote.states}
    if letter == "A":
        assert len(sides) == 1
        assert sum(vote.level == "I" and vote.counted for vote in found) >= 2
    if letter in "AB":
        assert sides
        assert {vote.level for vote in found if vote.counted} & {"I", "II", "III"}


@given(VOTES, st.sampled_from([*LEVELS, None]))
def test_a_contradicting_study_never_raises_a_grade(found: list[Vote], level: Any) -> None:
    sides = {side for vote in found for side in vote.states}
    before = grade(found).letter
    for against in {"favours_intervention", "favours_comparator", "no_difference"} - sides:
        if sides:
            after = grade([*found, Vote(level, frozenset({against}))]).letter  # type: ignore[arg-type]
            strongest = min((v.level for v in found if v.states and v.counted and v.level), default=None)
            if strongest is not None and (level is None or level >= strongest):
                assert LETTERS.index(after) >= LETTERS.index(before)


@given(st.lists(st.sampled_from(LEVELS), min_size=1, max_size=6), st.sampled_from(LEVELS))
def test_an_agreeing_study_never_lowers_a_grade(levels: list[Any], more: Any) -> None:
    favours: Any = frozenset({"favours_intervention"})
    before = grade([Vote(level, favours) for level in levels]).letter
    after = grade([Vote(level, favours) for level in [*levels, more]]).letter
    assert LETTERS.index(after) <= LETTERS.index(before)
