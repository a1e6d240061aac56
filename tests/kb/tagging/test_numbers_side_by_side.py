"""Values held against each other, ranges, changes from baseline and counts, in the forms abstracts print them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tagging.numbers.changes import way_of
from kb.tagging.numbers.estimates import find_estimates
from kb.tagging.numbers.pairs import find_pairs
from kb.tagging.numbers.printed_numbers import plain
from kb.tagging.numbers.ranges import find_ranges
from tests.kb.tagging.test_findings import CEBRT, SBRT, TRIAL, findings

PAIRS = [
    ("The operation was shorter (166 vs. 232 min, P = 0.004).", [("mean", 166, "minutes"), ("mean", 232, "minutes")]),
    ("Bleeding was less (120 vs 478 mL; p < .001).", [("mean", 120, "mL"), ("mean", 478, "mL")]),
    ("Survival was longer (median 12.0 vs. 6.0 months, P = 0.09).", [("median", 12, "months"), ("median", 6, "months")]),
    ("Blood loss (1216(827, 1709) mL vs 1561(1146, 2019) mL, p = 0.012)", [("median", 1216, "mL"), ("median", 1561, "mL")]),
    ("Time to progression was longer (249 v 168 days; P = .02).", [("mean", 249, "days"), ("mean", 168, "days")]),
    ("Scores were 2.26+/-1.05 and 5.41+/-0.94, respectively.", [("mean", 2.26, None), ("mean", 5.41, None)]),
    ("Events were fewer (0.23 vs. 0.51 vs. 0.90; P < 0.05).", [("mean", 0.23, None), ("mean", 0.51, None), ("mean", 0.9, None)]),
    ("Scores fell at four weeks (3.5 ± 0.9, p<0.01).", [("mean", 3.5, None)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PAIRS)
def test_values_that_versus_holds_against_each_other(
    text: str, expected: list[tuple[str, float, str | None]]
) -> None:
    read = sorted({(e.start, e.measure, e.value, e.unit) for e in find_pairs(plain(text))})
    assert [(measure, value, unit) for _, measure, value, unit in read] == expected


@pytest.mark.parametrize(
    "text",
    [
        "The mean age was 61 vs 66 years.",
        "Doses of 8 vs 20 Gy were given.",
        "Pain flare came on days 2 to 5 versus 73% later.",
        "Grade 2 vs 3 compression was compared.",
        "Of 20 vs 24 patients none failed.",
        "The mean age was 61.2 ± 9.4 years.",
    ],
)
def test_what_versus_holds_against_each_other_without_a_result(text: str) -> None:
    assert find_pairs(plain(text)) == []


RANGES = [
    ("Local control ranged from 80% to 95%.", [("percent", 80), ("percent", 95)]),
    ("Pain flare ranged from 2 to 44% for A and 10 to 68% in B.",
     [("percent", 2), ("percent", 44), ("percent", 10), ("percent", 68)]),
    ("Kappa ranged from 0.87 (95% CI 0.79-0.95) to 0.95 (95% CI 0.90-0.99).", [("kappa", 0.87), ("kappa", 0.95)]),
    ("Median survival ranged from 8 to 30.4 months.", [("median", 8), ("median", 30.4)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RANGES)
def test_both_ends_of_a_range_are_results(text: str, expected: list[tuple[str, float]]) -> None:
    assert [(e.measure, e.value) for e in find_ranges(plain(text))] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ages ranged from 40 to 77 years.",
        "Doses ranged from 8 to 30 Gy.",
        "Follow-up ranged from 3 to 15 months.",
        "Bleeding was 610 mL (range 150 to 1400 mL).",
    ],
)
def test_what_ranges_without_being_a_result(text: str) -> None:
    assert find_ranges(plain(text)) == []


CHANGES = [
    # The value before treatment gives way to the one after it.
    ("The median VAS was 8 before surgery and 3.5 after surgery (p<0.001).", [("median", 3.5, 8, None)]),
    ("The mean score was 49 at baseline and 42 at 3 months.", [("mean", 42, 49, None)]),
    ("A median pre-procedure VAS of 8 and a median post-procedure VAS of 3.5 were found.", [("median", 3.5, 8, None)]),
    ("VAS scores were 7.7±0.3 and 2.7±0.2 before and three months after surgery.", [("mean", 2.7, 7.7, None)]),
    ("The mean EQ-5D score rose from 0.09 ± 0.4 at entry to 0.66 ± 0.3 at 1 month and 0.75 ± 0.3 at 3 months.",
     [("mean", 0.66, 0.09, None), ("mean", 0.75, 0.09, None)]),
    # The value is itself a change.
    ("The mean decrease in pain from baseline to 1-month follow-up was 26.9.", [("mean", 26.9, None, "less")]),
    ("The VAS score fell by 66 ± 8.2 (A), 35 ± 10.5 (B) and 38 ± 20.5 (C).",
     [("mean", 66, None, "less"), ("mean", 35, None, "less"), ("mean", 38, None, "less")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CHANGES)
def test_changes_from_baseline(
    text: str, expected: list[tuple[str, float, float | None, str | None]]
) -> None:
    read = find_estimates(plain(text))
    assert [(e.measure, e.value, e.changed_from, e.change) for e in read] == expected


NO_SHARES = [
    "Zoledronic acid reduced the risk of an event by 61%.",
    "A score of 3 gave an 89% reduction in mortality.",
    "Patients had a 42% reduced risk of an event.",
    "Groups A, B and C included 24%, 57% and 19% of patients.",
    "The minimum dose to 90% of the planning target volume was lower.",
]


@pytest.mark.parametrize("text", NO_SHARES)
def test_percentages_that_are_no_share_of_patients(text: str) -> None:
    assert [e for e in find_estimates(plain(text)) if e.measure == "percent"] == []


def test_a_measure_named_once_holds_for_the_ratios_behind_it() -> None:
    text = "Factors were male sex (odds ratio, 2.50 [95% CI, 1.45-4.31]), emergency (1.80 [1.11-2.92]), and growth (3.83 [2.49-5.90])."
    read = [(e.measure, e.value, e.ci_low, e.ci_high) for e in find_estimates(plain(text))]
    assert read == [("or", 2.5, 1.45, 4.31), ("or", 1.8, 1.11, 2.92), ("or", 3.83, 2.49, 5.9)]


def test_the_group_that_others_are_held_against_has_no_ratio() -> None:
    read = find_estimates(
        "Failure was rarer with the high dose (HR = 0.12, p = 0.04) than with the low dose (HR = 1)."
    )
    assert [(e.measure, e.value) for e in read if e.measure == "hr"] == [("hr", 0.12)]


@pytest.mark.parametrize(
    ("words", "way"),
    [
        ("pain decreased", "less"),
        ("scores increased", "more"),
        ("quality of life improved", "better"),
        ("function worsened", "worse"),
        ("it rose and then fell", None),
        ("it was measured", None),
    ],
)
def test_which_way_something_changed(words: str, way: str | None) -> None:
    assert way_of(words) == way


@given(
    st.decimals(min_value=0, max_value=999, places=1),
    st.decimals(min_value=0, max_value=999, places=1),
    st.sampled_from(["vs.", "vs", "versus"]),
    st.sampled_from(["mL", "min", "days", "months"]),
)
def test_any_two_values_with_one_unit_are_both_read(one: object, two: object, word: str, unit: str) -> None:
    text = f"It was lower ({one} {word} {two} {unit}; p = 0.01)."
    assert [e.value for e in find_pairs(text)] == [float(str(one)), float(str(two))]
    assert all(
        text[e.start : e.start + len(str(v))] == str(v)
        for e, v in zip(find_pairs(text), (one, two), strict=True)
    )


P_VALUES = [
    # In step with the values.
    ("Density rose by 24.8% and 33.8% (p = 0.2 and p = 0.048).", [(24.8, 0.2), (33.8, 0.048)]),
    # In the parenthesis of two values: not of the figure before it.
    ("Reoperation was 13.2%, with no difference between A and B (12.4% vs 13.8%, P = 0.76).",
     [(13.2, None), (12.4, 0.76), (13.8, 0.76)]),
    # In front of the values.
    ("Blood loss did not differ (P = .270) between A (618 mL [SD, 282 mL]) and B (735 mL [SD, 415 mL]).",
     [(618, 0.27), (735, 0.27)]),
    ("The effect was small (P = 0.05, standardized mean difference = -0.51, 95% CI: -1.03 to 0.00).", [(-0.51, 0.05)]),
    # Since the last p value.
    ("Control was 90% and 70% (p=0.01), survival 60% and 50% (p=0.3).", [(90, 0.01), (70, 0.01), (60, 0.3), (50, 0.3)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), P_VALUES)
def test_which_values_a_p_value_speaks_for(text: str, expected: list[tuple[float, float | None]]) -> None:
    assert [(e.value, e.p) for e in find_estimates(plain(text))] == expected


def test_values_in_step_with_metrics_keep_their_fractions() -> None:
    read = find_estimates(
        "Sensitivity, specificity and accuracy were 90% (29/32), 97% (37/38) and 94% (66/70)."
    )
    assert [(e.measure, e.value) for e in read] == [
        ("sensitivity", 90),
        ("specificity", 97),
        ("accuracy", 94),
    ]


def test_changes_told_by_a_hyphen_or_a_sign() -> None:
    read = find_estimates(
        "A 3.0-point decrease in pain (95% CI -4.1 to -1.9) and an increase in function (+12.0, 95% CI 5.1-19.0)."
    )
    assert [(e.measure, e.value, e.change) for e in read] == [("mean", 3, "less"), ("mean", 12, "more")]


def test_a_threshold_is_no_cost_and_an_article_no_country() -> None:
    text = "It cost $124,552 per QALY gained at a $100,000 per QALY gained willingness-to-pay threshold."
    assert [(e.value, e.unit) for e in find_estimates(text)] == [(124552, "USD per QALY")]


SAID_IN_TURN = [
    # What the other is held against is spoken of first, its value printed last.
    ("Compared with the 30 patients who had cEBRT, the SBRT group had less pain (2.1 vs. 4.5, p=0.01).",
     {SBRT: (2.1, "favours_intervention"), CEBRT: (4.5, "favours_comparator")}),
    ("Compared with cEBRT, SBRT achieved higher local control (90% vs 70%, p=0.01).",
     {SBRT: (90, "favours_intervention"), CEBRT: (70, "favours_comparator")}),
    # Each value stands behind its own treatment.
    ("Compared with cEBRT (70%), local control after SBRT was 90% (p=0.01).",
     {SBRT: (90, "favours_intervention"), CEBRT: (70, "favours_comparator")}),
    # Figures and words that contradict each other favour nobody.
    ("Local control was lower with cEBRT than with SBRT (90% vs 70%, p=0.01).",
     {SBRT: (70, "descriptive"), CEBRT: (90, "descriptive")}),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), SAID_IN_TURN)
def test_the_order_in_which_two_arms_are_told(sentence: str, expected: dict[str, tuple[float, str]]) -> None:
    assert {f.intervention: (f.value, f.direction) for f in findings(TRIAL, sentence)} == expected


def test_two_later_values_changed_from_one_start() -> None:
    read = find_estimates(
        "Mean VAS fell from 4.3±2.4 to 3.0±1.7 at 1 week and 2.4±2.0 at 3 months (P=0.001)."
    )
    assert [(e.value, e.changed_from) for e in read] == [(3.0, 4.3), (2.4, 4.3)]


def test_a_day_in_front_of_a_share_is_no_share() -> None:
    read = find_estimates("Flare occurred in 52% on days 2 to 5 versus 73% of the others.")
    assert [e.value for e in read] == [52, 73]


SUBJECTS = [
    ("The SBRT group had better local control (p=0.02) and less pain (p=0.03).",
     [("local_control", SBRT, "favours_intervention"), ("pain", SBRT, "favours_intervention")]),
    # The harm is told as plainly as the good.
    ("Patients in the SBRT arm had significantly lower local failure (p=0.02) but more complications (p=0.03).",
     [("local_failure", SBRT, "favours_intervention"), ("complication", SBRT, "favours_comparator")]),
    ("Conventional radiotherapy had worse local control (p=0.02).",
     [("local_control", CEBRT, "favours_comparator")]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), SUBJECTS)
def test_an_arm_that_opens_a_sentence_speaks_for_its_p_values(
    sentence: str, expected: list[tuple[str, str, str]]
) -> None:
    assert [(f.outcome, f.intervention, f.direction) for f in findings(TRIAL, sentence)] == expected


def test_the_ratio_of_a_subgroup_is_none_of_the_treatment_under_review() -> None:
    review = (
        "Separation surgery followed by stereotactic body radiotherapy: a systematic review and meta-analysis",
        "Studies of separation surgery followed by SBRT were pooled.",
    )
    read = findings(
        review, "Local failure was more likely in patients with a lower dose per fraction (odds ratio 4.57)."
    )
    assert [(f.intervention, f.value, f.direction) for f in read] == [(None, 4.57, "descriptive")]
