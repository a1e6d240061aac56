"""Estimates: measures, intervals, p values, counts and lists in all the forms that abstracts print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.estimates import find_estimates
from kb.tagging.numbers.lists import in_step, listed_names, value_lists
from kb.tagging.numbers.p_values import find_p_values
from kb.tagging.numbers.printed_numbers import plain
from kb.tagging.numbers.times import TimePoint, find_times


def read(text: str) -> list[Estimate]:
    return find_estimates(plain(text))


INTERVALS = [
    "The hazard ratio was 1.54 (95% CI 1.10-2.15).",
    "The hazard ratio was 1.54 (95% CI: 1.10 to 2.15).",
    "The hazard ratio was 1.54 (95%CI 1.10, 2.15).",
    "The hazard ratio was 1.54 (95% confidence interval, 1.10-2.15).",
    "The hazard ratio was 1.54 (95% confidence interval [CI], 1.10-2.15).",
    "The hazard ratio was 1·54 (95% CI 1·10—2·15).",
    "The hazard ratio was 1.54; 95% CI, 1.10–2.15.",
    "HR 1.54 [1.10; 2.15]",
    "HR 1.54 (1.10-2.15)",
    "HR = 1.54, 95% CI = 1.10-2.15",
    "HR, 1.54; 95% CI, 1.10-2.15",
    "HR: 1.54 (CI 1.10 to 2.15)",
    "HR1.54 (95% CI 1.10-2.15)",
    "(adjusted HR 1.54, 95% CI 1.10-2.15)",
    "sHR 1.54 (95% CI 1.10-2.15)",
    "The subdistribution hazard ratio was 1.54 (95% credible interval 1.10-2.15).",
]


@pytest.mark.parametrize("text", INTERVALS)
def test_intervals(text: str) -> None:
    [one] = read(text)
    assert (one.measure, one.value, one.ci_low, one.ci_high) == ("hr", 1.54, 1.10, 2.15)


MEASURES = [
    ("The odds ratio was 2.4 (95% CI 1.2-4.6).", ("or", 2.4, 1.2, 4.6)),
    ("aOR 2.4 (1.2-4.6)", ("or", 2.4, 1.2, 4.6)),
    ("The relative risk was 0.8 (95% CI 0.6-1.1).", ("rr", 0.8, 0.6, 1.1)),
    ("RR = 0.8 (0.6-1.1)", ("rr", 0.8, 0.6, 1.1)),
    ("The mean difference was -1.2 (95% CI -2.4 to -0.1).", ("md", -1.2, -2.4, -0.1)),
    ("The standardised mean difference was −0.5 (95% CI −0.9 to −0.1).", ("smd", -0.5, -0.9, -0.1)),
    ("The C-index was 0.71 (95% CI 0.66-0.76).", ("c_index", 0.71, 0.66, 0.76)),
    ("Kappa was 0.81 (0.70-0.90).", ("kappa", 0.81, 0.70, 0.90)),
    ("Local control was 90% (95% CI 84-94%).", ("percent", 90, 84, 94)),
    ("Local control was 90% (95% CI 84% to 94%).", ("percent", 90, 84, 94)),
    ("Median survival was 10.4 months (95% CI, 7.0-15.8 months).", ("median", 10.4, 7.0, 15.8)),
]


@pytest.mark.parametrize(("text", "expected"), MEASURES)
def test_measures(text: str, expected: tuple[str, float, float, float]) -> None:
    [one] = read(text)
    assert (one.measure, one.value, one.ci_low, one.ci_high) == expected


def test_ranges_and_spreads_are_no_confidence_intervals() -> None:
    texts = [
        "Median survival was 12 months (IQR 6-20).",
        "Median survival was 12 months (range 3-40).",
        "Mean pain was 3.2 ± 1.1.",
    ]
    for text in texts:
        [one] = read(text)
        assert one.ci_low is None
        assert one.ci_high is None


def test_no_ratio_is_negative() -> None:
    [one] = read("The odds ratio was -0.4.")
    assert one.measure == "md"


@pytest.mark.parametrize(
    "text",
    [
        "The response rate (RR) was high in 12 patients.",
        "Surgery or 30 Gy was given.",
        "It was seen in 12 or 13 patients.",
    ],
)
def test_words_that_look_like_ratios(text: str) -> None:
    assert read(text) == []


P_VALUES = [
    ("p=0.03", "=", 0.03),
    ("P = .005", "=", 0.005),
    ("p<0.0001", "<", 0.0001),
    ("P < .05", "<", 0.05),
    ("p > 0.1", ">", 0.1),
    ("p ≤ 0.001", "<=", 0.001),
    ("P-value of 0.04", "=", 0.04),
    ("p value was 0.04", "=", 0.04),
    ("p less than 0.05", "<", 0.05),
    ("p = 2 x 10-4", "=", 0.0002),
    ("p = 2 × 10−4", "=", 0.0002),
    ("p=0·61", "=", 0.61),
    ("p = NS", "ns", None),
    ("P NS", "ns", None),
    ("p = n.s.", "ns", None),
    ("p not significant", "ns", None),
]


@pytest.mark.parametrize(("printed", "relation", "value"), P_VALUES)
def test_p_values(printed: str, relation: str, value: float | None) -> None:
    [one] = find_p_values(plain(f"Pain fell ({printed})."))
    assert one.relation == relation
    assert one.value == (value if value is None else pytest.approx(value))
    assert one.of_difference


@pytest.mark.parametrize(
    "text",
    ["Survival did not differ (NS).", "The risk ratio was 1.2 (0.8-1.9), NS.", "It was 3% and 4%; n.s."],
)
def test_ns_without_its_p(text: str) -> None:
    [one] = find_p_values(text)
    assert (one.relation, one.value) == ("ns", None)


@pytest.mark.parametrize(
    "text", ["p = 3.2", "The map was drawn.", "Group P had 12.", "Ten NS units were kept."]
)
def test_no_p_value(text: str) -> None:
    assert find_p_values(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "(p = 0.01 for non-inferiority)",
        "(p for trend = 0.01)",
        "(p = 0.01 for heterogeneity)",
        "interaction p = 0.01",
    ],
)
def test_p_values_of_other_tests_are_told_apart(text: str) -> None:
    [one] = find_p_values(text)
    assert not one.of_difference


PRINTED_P = [
    ("HR 0.26 (0.15-0.37), p<.001.", [("<", 0.001)]),
    ("Control was 84% and 64% (p = 0.04).", [("=", 0.04), ("=", 0.04)]),
    ("Control was 84% (p = 0.04); survival was 30%.", [("=", 0.04), (None, None)]),
]


@pytest.mark.parametrize(("text", "expected"), PRINTED_P)
def test_p_values_go_with_their_numbers(text: str, expected: list[tuple[str | None, float | None]]) -> None:
    assert [(one.p_relation, one.p) for one in read(text)] == expected


COUNTS = [
    ("Failure was seen in 12/40 (30%).", [(30, 40)]),
    ("Failure was 30% (12 of 40).", [(30, 40)]),
    ("Failure was 30% (12/40) vs 10% (4/40).", [(30, 40), (10, 40)]),
    ("Failure was seen in 12 of 40 patients (30%).", [(30, 40)]),
    ("Failure was 30% (12/90).", [(30, None)]),  # 12/90 is another share
    ("Failure was 30%.", [(30, None)]),
]


@pytest.mark.parametrize(("text", "expected"), COUNTS)
def test_counts_beside_a_percentage(text: str, expected: list[tuple[float, int | None]]) -> None:
    assert [(one.value, one.n) for one in read(text)] == expected


LISTS = [
    ("Control was 62, 45 and 33%.", "percent", [62, 45, 33]),
    ("Control was 84 and 64%, respectively.", "percent", [84, 64]),
    ("Control was 62%/45%/33%.", "percent", [62, 45, 33]),
    ("Control was 84% versus 64%.", "percent", [84, 64]),
    ("Median survival was 16, 20 and 26 months.", "median", [16, 20, 26]),
    ("Kappa was 0.81, 0.58 and 0.21.", "kappa", [0.81, 0.58, 0.21]),
]


@pytest.mark.parametrize(("text", "measure", "values"), LISTS)
def test_lists_share_measure_and_sign(text: str, measure: str, values: list[float]) -> None:
    found = read(text)
    assert [(one.measure, one.value) for one in found] == [(measure, value) for value in values]
    assert value_lists(plain(text), found) == [found]


def test_metrics_and_values_in_their_order() -> None:
    found = read("Sensitivity, specificity and accuracy were 85%, 90% and 88%.")
    assert [(one.measure, one.value) for one in found] == [
        ("sensitivity", 85),
        ("specificity", 90),
        ("accuracy", 88),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Follow-up ranged from 8 to 90 months.",
        "Control was at least 80%.",
        "The 95% confidence interval was wide.",
        "The study had 80% power.",
        "The 90% isodose was used.",
        "Heterogeneity was high (I2 = 80%).",
        "There were no numbers.",
        "The median age was 61 years.",
        "Pain fell at a median of 5 days.",
    ],
)
def test_what_is_no_estimate(text: str) -> None:
    assert read(text) == []


def placed(text: str, *words: str) -> list[TimePoint]:
    """Words of a sentence as things with a place."""
    return [TimePoint(text.index(word), text.index(word) + len(word), 0, 0, 1) for word in words]


def test_names_in_step_with_values() -> None:
    text = "Local control and overall survival at 1 year were 84% and 64%, respectively."
    names = placed(text, "Local control", "overall survival")
    assert listed_names(text, names) == [names]
    assert in_step(text, read(text), names) == names


def test_names_behind_their_values() -> None:
    text = "It was 84% and 64% for pain and survival."
    names = placed(text, "pain", "survival")
    assert in_step(text, read(text), names) == names


def test_names_of_another_number_are_not_in_step() -> None:
    text = "Pain, control and survival were 84% and 64%."
    assert in_step(text, read(text), placed(text, "Pain", "control", "survival")) is None


TIMES = [
    ("Control at 1 year was 90%.", [12]),
    ("Control at 6, 12 and 24 months was high.", [6, 12, 24]),
    ("The 1- and 2-year rates were high.", [12, 24]),
    ("The 3-mo rate was high.", [3]),
    ("Control was 90% six months after surgery.", [6]),
    ("Within 30 days two died.", [0.99]),
    ("After 6 months pain was gone.", [6]),
    ("Median survival was 12 months.", []),
    ("Follow-up lasted 24 months.", []),
]


@pytest.mark.parametrize(("text", "months"), TIMES)
def test_times(text: str, months: list[float]) -> None:
    assert [time.months for time in find_times(text)] == months


PIECES = st.sampled_from(
    ["HR", "1.54", "(95% CI", "1.1-2.1)", "p<", "0.05", "NS", "62, 45 and 33%", "median", "12 months", "(12/40)", "30%",
     "sensitivity and specificity were", "85% and 90%", "AUC", "0.7", ";", ".", "and", "±", "$5", "kappa", "−", "0·2", "("]
)  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=14).map(" ".join), st.text(max_size=60)))
def test_each_number_is_read_once_where_it_stands(text: str) -> None:
    text = plain(text)
    found = find_estimates(text)
    starts = [one.start for one in found]
    assert starts == sorted(set(starts))
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert any(character.isdigit() for character in text[one.start : one.end])
        assert (one.ci_low is None) == (one.ci_high is None)
