"""The evaluator: examples from published tables, every combination of answers, monotony, and clear refusals."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import BadAnswers, NotComputable
from kb.prognosis.evaluator import NOT_A_DEVICE, Answer, evaluate
from kb.prognosis.rule import Item, Rule
from kb.prognosis.rule_files import find_rule, load_rules

CALCULATORS = [rule for rule in load_rules().values() if rule.is_calculator]
SCORED = [rule for rule in CALCULATORS if not rule.graded]

# Each pairs answers with the sum and group that the published table (by its PMID) gives for them. No paper that prints
# a patient item by item with the total was found; these are read off the tables, extreme and middle rows.
TABLE_EXAMPLES: list[tuple[str, str, dict[str, Answer], int | str, str]] = [
    (
        "7740944",
        "bauer_score",
        {"visceral": "no", "skeletal": "solitary", "primary": "myeloma", "fracture": "no"},
        5,
        "4-5",
    ),
    (
        "7740944",
        "bauer_score",
        {"visceral": "yes", "skeletal": "multiple", "primary": "kidney", "fracture": "no"},
        3,
        "2-3",
    ),
    (
        "7740944",
        "bauer_score",
        {"visceral": "no", "skeletal": "multiple", "primary": "lung", "fracture": "yes"},
        1,
        "0-1",
    ),
    (
        "29155268",
        "modified_frailty_index_5",
        {"diabetes": "yes", "hypertension": "no", "lung": "no", "heart_failure": "yes", "dependent": "no"},
        2,
        "2-5",
    ),
    (
        "29155268",
        "modified_frailty_index_5",
        {"diabetes": "no", "hypertension": "yes", "lung": "no", "heart_failure": "no", "dependent": "no"},
        1,
        "1",
    ),
    (
        "29155268",
        "modified_frailty_index_5",
        {"diabetes": "yes", "hypertension": "yes", "lung": "yes", "heart_failure": "yes", "dependent": "yes"},
        5,
        "2-5",
    ),
    ("11224867", "tomita_score", {"growth": "slow", "visceral": "none", "bone": "solitary"}, 2, "2-3"),
    (
        "11224867",
        "tomita_score",
        {"growth": "moderate", "visceral": "treatable", "bone": "solitary"},
        5,
        "4-5",
    ),
    ("11224867", "tomita_score", {"growth": "rapid", "visceral": "none", "bone": "multiple"}, 6, "6-7"),
    (
        "11224867",
        "tomita_score",
        {"growth": "rapid", "visceral": "untreatable", "bone": "multiple"},
        10,
        "8-10",
    ),
    (
        "16205345",
        "tokuhashi_score_revised",
        {
            "karnofsky": 90,
            "extraspinal_bone": 0,
            "vertebrae": 1,
            "organs": "none",
            "primary": "breast",
            "palsy": "none",
        },
        15,
        "12-15",
    ),
    (
        "16205345",
        "tokuhashi_score_revised",
        {
            "karnofsky": 60,
            "extraspinal_bone": 2,
            "vertebrae": 2,
            "organs": "removable",
            "primary": "kidney",
            "palsy": "none",
        },
        9,
        "9-11",
    ),
    (
        "16205345",
        "tokuhashi_score_revised",
        {
            "karnofsky": 40,
            "extraspinal_bone": 3,
            "vertebrae": 3,
            "organs": "not removable",
            "primary": "lung",
            "palsy": "complete",
        },
        0,
        "0-8",
    ),
    (
        "18787846",
        "bauer_score_modified",
        {"visceral": "no", "skeletal": "solitary", "primary": "breast"},
        4,
        "3-4",
    ),
    (
        "18787846",
        "bauer_score_modified",
        {"visceral": "no", "skeletal": "multiple", "primary": "other"},
        2,
        "2",
    ),
    (
        "18787846",
        "bauer_score_modified",
        {"visceral": "yes", "skeletal": "multiple", "primary": "lung"},
        0,
        "0-1",
    ),
    (
        "20562730",
        "spinal_instability_neoplastic_score",
        {
            "location": "junctional",
            "pain": "mechanical",
            "lesion": "lytic",
            "alignment": "subluxation",
            "collapse": "over_half",
            "posterolateral": "both",
        },
        18,
        "13-18",
    ),
    (
        "20562730",
        "spinal_instability_neoplastic_score",
        {
            "location": "semirigid",
            "pain": "occasional",
            "lesion": "lytic",
            "alignment": "normal",
            "collapse": "under_half",
            "posterolateral": "one",
        },
        7,
        "7-12",
    ),
    ("20809724", "epidural_spinal_cord_compression_scale", {"grade": "1b"}, "1b", "low grade"),
    ("20809724", "epidural_spinal_cord_compression_scale", {"grade": "1C"}, "1c", "1c, disputed"),
    ("20809724", "epidural_spinal_cord_compression_scale", {"grade": "3"}, "3", "high grade"),
]


@pytest.mark.parametrize(("pmid", "tool", "answers", "score", "label"), TABLE_EXAMPLES)
def test_examples_read_off_the_published_tables(
    pmid: str, tool: str, answers: dict[str, Answer], score: int | str, label: str
) -> None:
    result = evaluate(find_rule(tool), answers)
    assert (result.score, result.category.label) == (score, label)
    assert pmid in {source.pmid for source in result.sources}


def edges(item: Item) -> list[Answer]:
    """Every choice of an item on which its sources agree, or both ends of each of its bands."""
    if item.is_number:
        return [end for band in item.bands for end in {band.low, band.high}]
    return [choice.value for choice in item.closed_choices]


def combinations(rule: Rule) -> Iterator[dict[str, Answer]]:
    names = [item.name for item in rule.items]
    for values in itertools.product(*(edges(item) for item in rule.items)):
        yield dict(zip(names, values, strict=True))


@pytest.mark.parametrize("rule", CALCULATORS, ids=lambda rule: rule.id)
def test_every_combination_of_answers_lies_in_exactly_one_category(rule: Rule) -> None:
    seen = set()
    for answers in combinations(rule):
        result = evaluate(rule, answers)
        assert [category for category in rule.categories if category.holds(result.score)] == [result.category]
        if isinstance(result.score, int):
            assert result.score == sum(item.points or 0 for item in result.items)
            assert result.score in range(rule.low or 0, (rule.high or 0) + 1)
        seen.add(result.category.label)
    assert seen == {category.label for category in rule.categories}


@pytest.mark.parametrize("rule", SCORED, ids=lambda rule: rule.id)
def test_each_number_has_points_and_they_run_one_way(rule: Rule) -> None:
    for item in rule.items:
        if item.is_number:
            points = [band.points for number in item.numbers() if (band := item.band(number))]
            assert len(points) == len(list(item.numbers()))
            assert points in (sorted(points), sorted(points, reverse=True))


def an_answer(item: Item) -> st.SearchStrategy[Any]:
    return st.sampled_from(
        list(item.numbers()) if item.is_number else [choice.value for choice in item.closed_choices]
    )


@given(st.data())
def test_more_points_for_one_item_never_lower_score_or_category(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(SCORED))
    answers = {item.name: data.draw(an_answer(item)) for item in rule.items}
    changed = data.draw(st.sampled_from(rule.items))
    one = evaluate(rule, answers)
    other = evaluate(rule, answers | {changed.name: data.draw(an_answer(changed))})
    points = [
        next(item.points or 0 for item in result.items if item.name == changed.name)
        for result in (one, other)
    ]
    assert isinstance(one.score, int)
    assert isinstance(other.score, int)
    assert other.score - one.score == points[1] - points[0]
    places = [rule.categories.index(result.category) for result in (one, other)]
    if points[0] <= points[1]:
        assert places[0] <= places[1]


@given(st.data())
def test_answers_as_text_with_unit_and_spaces_say_the_same(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(CALCULATORS))
    answers = {item.name: data.draw(an_answer(item)) for item in rule.items}
    texts = {
        item.name: f" {answers[item.name]:g} {item.unit} "
        if item.is_number
        else f" {str(answers[item.name]).upper().replace('_', ' ')} "
        for item in rule.items
    }
    assert evaluate(rule, texts) == evaluate(rule, answers)


TOKUHASHI: dict[str, Answer] = {
    "karnofsky": "70%",
    "extraspinal_bone": 1,
    "vertebrae": 2,
    "organs": "none",
    "primary": "breast",
    "palsy": "none",
}


@pytest.mark.parametrize(
    ("name", "answer", "reason"),
    [
        ("karnofsky", "45", "goes in steps of 10 from 10 to 100"),
        ("karnofsky", "0", "outside the range of 10 to 100 percent"),
        ("karnofsky", "110", "outside the range"),
        ("karnofsky", "70 points", "is asked in percent, not in points"),
        ("karnofsky", "good", "'good' is no number"),
        ("karnofsky", "nan", "is no number"),
        ("karnofsky", "1e2", "is asked in percent, not in e2"),
        ("vertebrae", "0", "outside the range of 1 to 30 vertebrae"),
        ("vertebrae", "1.5", "goes in whole numbers"),
        ("vertebrae", "-1", "outside the range"),
        ("primary", "brest", "did you mean breast?"),
        ("primary", "<script>", "is no answer here"),
        ("organs", "", "not answered"),
        ("organs", "   ", "not answered"),
    ],
)
def test_a_wrong_answer_is_refused_and_says_what_to_do(name: str, answer: Answer, reason: str) -> None:
    with pytest.raises(BadAnswers) as refused:
        evaluate(find_rule("tokuhashi_score_revised"), TOKUHASHI | {name: answer})
    assert list(refused.value.problems) == [name]
    assert reason in refused.value.problems[name]


@pytest.mark.parametrize(
    ("rule", "item"),
    [(rule, item) for rule in CALCULATORS for item in rule.items if item.closed_choices != item.choices],
    ids=lambda part: getattr(part, "id", getattr(part, "name", "")),
)
def test_an_answer_on_which_sources_differ_is_refused_with_what_they_say(rule: Rule, item: Item) -> None:
    answers = next(combinations(rule))
    evaluate(rule, answers)
    for choice in (choice for choice in item.choices if choice.open):
        with pytest.raises(BadAnswers) as refused:
            evaluate(rule, answers | {item.name: choice.value})
        assert refused.value.problems == {
            item.name: f"'{choice.label}' can't be scored, because the sources differ: {choice.open}"
        }


def test_the_bauer_score_with_and_without_fracture_differs_by_that_item_alone() -> None:
    original, modified = find_rule("bauer_score"), find_rule("bauer_score_modified")
    for answers in combinations(modified):
        without = evaluate(modified, answers).score
        assert evaluate(original, answers | {"fracture": "yes"}).score == without
        assert evaluate(original, answers | {"fracture": "no"}).score == int(without) + 1


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(BadAnswers) as refused:
        evaluate(find_rule("tomita_score"), {"growth": "slow", "visceral": "some", "tumour": "breast"})
    assert set(refused.value.problems) == {"tumour", "visceral", "bone"}
    assert "the questions are growth, visceral, bone" in str(refused.value)


@pytest.mark.parametrize(
    "rule", [rule for rule in load_rules().values() if not rule.is_calculator], ids=lambda rule: rule.id
)
def test_a_described_tool_is_never_computed(rule: Rule) -> None:
    answers = {item.name: item.choices[0].value for item in rule.items if item.choices}
    with pytest.raises(NotComputable, match="missing: "):
        evaluate(rule, answers)


def test_a_result_says_what_it_rests_on_and_what_it_is_not() -> None:
    result = evaluate(find_rule("tokuhashi_score_revised"), TOKUHASHI)
    told = json.loads(json.dumps(result.as_json()))
    assert told["score"] == 12
    assert told["range"] == [0, 15]
    assert {item["name"]: item["points"] for item in told["items"]} == {
        "karnofsky": 1,
        "extraspinal_bone": 1,
        "vertebrae": 1,
        "organs": 2,
        "primary": 5,
        "palsy": 2,
    }
    assert told["category"]["survival"] == "predicted: 1 year or more"
    assert told["category"]["pmid"] == "16205345"
    assert told["statement"] == NOT_A_DEVICE
    assert "Not a medical device" in told["statement"]
    assert told["doubts"]


def test_the_number_of_combinations_is_what_the_tables_give() -> None:
    sins = find_rule("spinal_instability_neoplastic_score")
    assert len(list(combinations(sins))) == math.prod((4, 3, 3, 3, 4, 3))
