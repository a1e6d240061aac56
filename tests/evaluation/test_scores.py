"""Figures: what precision, recall, F1, kappa and their intervals must hold for any labels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evaluation.pairing import pair_rows
from kb.evaluation.scores import Tally, f1, interval, kappa, of_sets, precision, recall, three_figures

words = st.lists(st.sampled_from("abcde"), max_size=8)
tallies = st.lists(st.builds(of_sets, words, words), min_size=2, max_size=12)


def test_a_worked_example() -> None:
    marks = [of_sets("ab", "abc"), of_sets("cd", "c")]
    assert precision(marks) == pytest.approx(3 / 4)
    assert recall(marks) == pytest.approx(3 / 4)
    assert f1(marks) == pytest.approx(3 / 4)


def test_each_element_counts_as_often_as_it_stands_there() -> None:
    assert of_sets(["a", "a", "b"], ["a", "a", "a"]) == Tally(2, 3, 3)


def test_nothing_to_count_is_no_figure_rather_than_zero() -> None:
    empty = [Tally(0, 0, 0), Tally(0, 0, 0)]
    assert [figure.value for figure in three_figures("empty", empty)] == [None, None, None]
    assert interval(empty, f1) == (None, None)


@given(tallies)
def test_f1_lies_between_precision_and_recall_and_inside_its_interval_bounds(marks: list[Tally]) -> None:
    value, low_high = f1(marks), (precision(marks), recall(marks))
    if value is not None and None not in low_high:
        assert min(low_high) - 1e-9 <= value <= max(low_high) + 1e-9  # type: ignore[type-var]


@given(words, words)
def test_swapping_labels_and_predictions_swaps_precision_and_recall(one: list[str], other: list[str]) -> None:
    assert precision([of_sets(one, other)]) == recall([of_sets(other, one)])
    assert f1([of_sets(one, other)]) == f1([of_sets(other, one)])


def test_the_interval_is_the_same_each_time_and_holds_the_value() -> None:
    marks = [Tally(hits % 3, 2, 2) for hits in range(40)]
    low, high = interval(marks, f1)
    assert (low, high) == interval(marks, f1)
    value = f1(marks)
    assert low is not None
    assert value is not None
    assert high is not None
    assert low < value < high


def test_kappa_takes_out_what_chance_agrees() -> None:
    # Worked by hand: observed 0.7, expected 0.5*0.6 + 0.5*0.4 = 0.5.
    pairs = [("x", "x")] * 20 + [("x", "y")] * 5 + [("y", "x")] * 10 + [("y", "y")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("x", "x")] * 3) is None


@given(st.lists(st.sampled_from("xyz"), min_size=2, max_size=30))
def test_full_agreement_is_kappa_one(values: list[str]) -> None:
    if len(set(values)) > 1:
        assert kappa([(value, value) for value in values]) == pytest.approx(1)


def test_rows_of_one_key_go_to_the_label_they_are_most_like() -> None:
    found, wanted = [("5", "pain"), ("5", "survival")], [("5", "survival"), ("5", "pain"), ("6", "pain")]
    pairing = pair_rows(found, wanted, lambda r: r[0], lambda r: r[0], lambda a, b: float(a == b))
    assert all(a == b for a, b in pairing.pairs)
    assert pairing.missed == (("6", "pain"),)
    assert pairing.spurious == ()


@given(words, words)
def test_pairing_uses_each_row_once(found: list[str], wanted: list[str]) -> None:
    pairing = pair_rows(found, wanted, str, str, lambda a, b: 1.0)
    assert len(pairing.pairs) == of_sets(found, wanted).hits
    assert len(pairing.pairs) + len(pairing.spurious) == len(found)
    assert len(pairing.pairs) + len(pairing.missed) == len(wanted)
