"""Numbers whose measure is told by words or unit: changes, rates per population, costs, quantities, scores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tagging.numbers.printed_numbers import number, plain, unit_name
from kb.tagging.numbers.worded_numbers import baselines, find_worded_numbers


def read(text: str) -> list[tuple[str, float, str | None]]:
    return [(one.measure, one.value, one.unit) for one in find_worded_numbers(plain(text))]


CHANGES = [
    ("Pain improved from 7.5 to 2.1.", 7.5, ("mean", 2.1, None)),
    ("Pain fell from 7.5 ± 1.2 to 2.1 ± 0.9.", 7.5, ("mean", 2.1, None)),
    ("Pain decreased from a mean of 7.5 (range 4-10) to 2.1 (range 0-5).", 7.5, ("mean", 2.1, None)),
    (
        "Median pain declined from a median of 8 before surgery to a median of 3 points.",
        8,
        ("median", 3, "points"),
    ),
    ("Ambulation rose from 40% to 65%.", 40, ("percent", 65, "%")),
]


@pytest.mark.parametrize(("text", "before", "after"), CHANGES)
def test_a_change_ends_at_its_result(text: str, before: float, after: tuple[str, float, str | None]) -> None:
    [one] = find_worded_numbers(plain(text))
    assert (one.measure, one.value, one.unit) == after
    assert one.changed_from == before


def test_years_are_no_change() -> None:
    assert read("Survival improved from 2005 to 2015.") == []


def test_where_a_change_started_is_a_baseline() -> None:
    text = "Pain improved from 7.5 to 2.1."
    assert [text[start:end] for start, end in baselines(text)] == ["7.5"]


NUMBERS = [
    ("There were 6.7 cases per 100,000.", [("count", 6.7, "per 100,000")]),
    ("The rate was 12 per million.", [("count", 12, "per million")]),
    ("Rates per 100,000 grew from 3.1 in 2001 to 6.7 in 2015.",
     [("count", 3.1, "per 100,000"), ("count", 6.7, "per 100,000")]),
    ("The cost was $12,300.", [("mean", 12300, "USD")]),
    ("The ratio was $54,000 per QALY.", [("mean", 54000, "USD per QALY")]),
    ("The ICER was €9,100.", [("mean", 9100, "EUR per QALY")]),
    ("The cost was £800 and A$950.", [("mean", 800, "GBP"), ("mean", 950, "AUD")]),
    ("Blood loss was 520 mL.", [("mean", 520, "mL")]),
    ("Median blood loss was 1,200 cc.", [("median", 1200, "mL")]),
    ("Operative time was 3.5 hours.", [("mean", 3.5, "hours")]),
    ("The hospital stay was 6 days.", [("mean", 6, "days")]),
    ("VAS scores were 7.8, 3.2 and 2.9.", [("mean", 7.8, None), ("mean", 3.2, None), ("mean", 2.9, None)]),
    ("VAS scores before and after surgery were 7.8 ± 1.1 and 3.2 ± 1.4.", [("mean", 3.2, None)]),
    ("The odds of complications were lower at 0.60 (95% CI 0.41-0.88).", [("or", 0.60, None)]),
    ("Stay was shorter by 2.1 days (95% CI 0.4-3.8).", [("md", 2.1, "days")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_measures_told_by_words_and_units(text: str, expected: list[tuple[str, float, str | None]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It is worth its price below a willingness to pay of $50,000.",
        "Costs ranged from $900 to $4,000.",
        "Blood loss was less than 500 mL.",
        "Blood loss was measured after 24 hours.",
        "We injected 5 mL of cement.",
        "Blood loss (range 100-900 mL) varied.",
        "Nothing is counted here.",
        "",
    ],
)
def test_limits_ranges_and_doses_are_no_results(text: str) -> None:
    assert read(text) == []


def test_typography_is_made_plain_without_moving() -> None:
    printed = "0·26 − 1–3\u20095 ⩽ 7"
    assert plain(printed) == "0.26 - 1-3 5 ≤ 7"
    assert len(plain(printed)) == len(printed)


def test_units_have_one_name() -> None:
    printed = ("mos", "yrs", "wks", "days", "mins", "h", "ml", "cc", "point", "degrees", "mm", None)
    names = (
        "months",
        "years",
        "weeks",
        "days",
        "minutes",
        "hours",
        "mL",
        "mL",
        "points",
        "degrees",
        "mm",
        None,
    )
    assert tuple(map(unit_name, printed)) == names


@given(st.integers(0, 10**7), st.integers(0, 99))
def test_printed_numbers_are_read_back(whole: int, hundredths: int) -> None:
    value = whole + hundredths / 100
    assert number(f"{value:,.2f}") == number(f"{value:.2f}") == pytest.approx(value)
    assert number(f".{hundredths:02d}") == hundredths / 100


PIECES = st.sampled_from(
    ["improved", "from", "7.5", "to", "2.1", "±", "%", "per 100,000", "$", "1,200", "mL", "blood loss", "VAS scores were",
     "and", ",", "odds", "at 0.6", "(95% CI", "0.4-0.9)", "difference of", ".", "2005", "·", "−3", "per QALY", "("]
)  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=14).map(" ".join), st.text(max_size=60)))
def test_numbers_quote_the_text(text: str) -> None:
    text = plain(text)
    found = find_worded_numbers(text)
    assert [one.start for one in found] == sorted({one.start for one in found})
    for one in found:
        assert (
            text[one.start : one.end].lstrip("+-")[:1].isdigit()
            or text[one.start : one.end].lstrip("+-")[:1] == "."
        )
