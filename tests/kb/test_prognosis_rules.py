"""The rule files: what ships is whole and sourced, and what is wrong is refused with file and reason."""

from __future__ import annotations

import re

import pytest

from kb.errors import BadRule, UnknownTool
from kb.prognosis.rule import Rule
from kb.prognosis.rule_files import find_rule, load_rules, read_rule
from kb.vocabulary.concept import load_vocabulary

GOOD = """
id = "made_up_score"
name = "Made-up score"
year = 2001
status = "calculator"
generation = "classic"
purpose = "Shows the format."
population = "Nobody."
better = "higher"
range = [0, 3]

[[source]]
cite = "Rivera A. An invented score. J Invent Spine 2001"
role = "development"
pmid = "90000001"

[[check]]
where = "a first table"
extent = "whole table"
says = "all points"

[[check]]
where = "a second table"
extent = "whole table"
says = "all points"

[[item]]
name = "primary"
question = "Where is the primary tumour?"
choice = [{ value = "lung", label = "Lung", points = 0 }, { value = "breast", label = "Breast", points = 1 }]

[[item]]
name = "karnofsky"
question = "What is the Karnofsky performance status?"
unit = "percent"
minimum = 10
maximum = 100
step = 10
band = [{ from = 10, to = 40, points = 0 }, { from = 50, to = 70, points = 1 }, { from = 80, to = 100, points = 2 }]

[[category]]
label = "0-1"
range = [0, 1]
meaning = "poor"

[[category]]
label = "2-3"
range = [2, 3]
meaning = "good"
survival = "median 12 months"
pmid = "90000001"
"""


def test_the_format_shown_here_is_accepted() -> None:
    rule = read_rule("made_up_score.toml", GOOD)
    assert rule.is_calculator
    assert [item.name for item in rule.items] == ["primary", "karnofsky"]
    assert rule.category(2).survival == "median 12 months"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("range = [2, 3]", "range = [1, 3]", "categories 0-1 and 2-3 overlap"),
        ("range = [2, 3]", "range = [3, 3]", "gap (2 to 2)"),
        ("range = [2, 3]", "range = [2, 4]", "categories run from 0 to 4"),
        ("range = [2, 3]", "range = [3, 2]", "ends before it begins"),
        ("range = [0, 3]\n\n[[source]]", "range = [0, 5]\n\n[[source]]", "items add up to 0 to 3"),
        ('pmid = "90000001"\n\n[[check]]', "\n[[check]]", "the paper that made it has no PMID"),
        (
            'survival = "median 12 months"\npmid = "90000001"',
            'survival = "median 12 months"',
            "without a PMID",
        ),
        ('survival = "median 12 months"\npmid = "90000001"', 'pmid = "90000002"', "none of the sources"),
        ('pmid = "90000001"\n\n[[check]]', 'pmid = "PMC1"\n\n[[check]]', "PMID 'PMC1' is not a number"),
        ('role = "development"', 'role = "review"', "no source with the role 'development'"),
        (
            'where = "a second table"\nextent = "whole table"',
            'where = "a second table"\nextent = "part"',
            "fewer than two sources",
        ),
        (
            ', points = 1 }]\n\n[[item]]\nname = "kar',
            ', points = 1, open = "why" }]\n\n[[item]]\nname = "kar',
            "the choice 'breast' is open and has points",
        ),
        (
            'choice = [{ value = "lung", label = "Lung", points = 0 }, { value = "breast", label = "Breast", points = 1 }]',
            'choice = [{ value = "lung", label = "Lung", open = "one says 0, one says 1" }]',
            "every choice is open",
        ),
        (
            ', points = 1 }]\n\n[[item]]\nname = "kar',
            ' }]\n\n[[item]]\nname = "kar',
            "a choice has no points",
        ),
        ("to = 40", "to = 50", "50 percent is in two bands"),
        ("from = 50", "from = 60", "50 percent is in no band"),
        ("step = 10\n", "", "a number needs unit, minimum, maximum and step"),
        ('name = "karnofsky"', 'name = "primary"', "two items are called 'primary'"),
        ('value = "breast"', 'value = "lung"', "the choice 'lung' stands there twice"),
        ('status = "calculator"', 'status = "maybe"', "status is 'maybe'"),
        ('status = "calculator"', 'status = "described"', "says under 'missing'"),
        ("year = 2001", "year = 2019", "called classic, but was published in 2019"),
        ("year = 2001\n", "", "has no year"),
        ('generation = "classic"', 'generation = "newer"', "called newer, but was published in 2001"),
        ('better = "higher"\n', "", "which end of the score is good"),
        ('purpose = "Shows the format."\n', "", "purpose is missing"),
        ('better = "higher"', 'bettr = "higher"', "unknown key 'bettr'"),
        ('id = "made_up_score"', 'id = "another"', "must bear the same name"),
        ("year = 2001", "year = ", "Invalid value"),
    ],
)
def test_a_wrong_rule_is_refused_with_file_and_reason(old: str, new: str, reason: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(BadRule, match=re.escape(reason)) as refused:
        read_rule("made_up_score.toml", GOOD.replace(old, new))
    assert str(refused.value).startswith("made_up_score.toml: ")


GRADED = """
id = "made_up_grade"
name = "Made-up grade"
year = 2010
status = "calculator"
generation = "other"
graded = true
purpose = "Shows grades."
population = "Nobody."
source = [{ cite = "Rivera A. J Invent Spine 2010", role = "development", pmid = "90000002" }]
check = [{ where = "a", extent = "whole table", says = "all" }, { where = "b", extent = "whole table", says = "all" }]

[[item]]
name = "grade"
question = "Which grade?"
choice = [{ value = "1a", label = "1a" }, { value = "2", label = "2" }]

[[category]]
label = "low"
values = ["1a"]
meaning = "low"

[[category]]
label = "high"
values = ["2"]
meaning = "high"
"""


def test_every_grade_has_exactly_one_category() -> None:
    assert read_rule("made_up_grade.toml", GRADED).category("1a").label == "low"
    with pytest.raises(BadRule, match="grade 2 is in 2 categories"):
        read_rule("made_up_grade.toml", GRADED.replace('values = ["1a"]', 'values = ["1a", "2"]'))
    with pytest.raises(BadRule, match="grade 1a is in 0 categories"):
        read_rule("made_up_grade.toml", GRADED.replace('values = ["1a"]', "values = []"))


@pytest.mark.parametrize("rule", load_rules().values(), ids=lambda rule: rule.id)
def test_each_shipped_rule_is_a_tool_of_the_vocabulary_and_names_its_sources(rule: Rule) -> None:
    concept = load_vocabulary().concepts[rule.id]
    assert concept.kind == "tool"
    assert rule.sources
    assert rule.purpose.endswith(".")
    for check in rule.checks:
        assert check.says
    if not rule.is_calculator:
        assert rule.missing


def test_what_can_be_computed_is_what_was_seen_whole_twice() -> None:
    calculators = {rule.id for rule in load_rules().values() if rule.is_calculator}
    assert calculators == {
        "bauer_score",
        "bauer_score_modified",
        "epidural_spinal_cord_compression_scale",
        "modified_frailty_index_5",
        "spinal_instability_neoplastic_score",
        "tokuhashi_score_revised",
        "tomita_score",
    }


def test_a_calculator_may_hold_an_answer_that_it_does_not_score() -> None:
    more = ', points = 1 }, { value = "other", label = "Other", open = "one says 0, one says 1" }]'
    rule = read_rule(
        "made_up_score.toml", GOOD.replace(", points = 1 }]\n\n[[item]]", more + "\n\n[[item]]", 1)
    )
    assert rule.is_calculator
    assert rule.items[0].points == (0, 1)
    assert [choice.value for choice in rule.items[0].closed_choices] == ["lung", "breast"]


def test_an_unknown_tool_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(UnknownTool, match=r"no rules for 'tomita'.*tomita_score"):
        find_rule("tomita")
