"""The rule files: TOML to `Rule`, with every check of README.md and a reason that names the file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, get_args

from kb.errors import BadRule, UnknownTool
from kb.prognosis.rule import (
    Band,
    Better,
    Category,
    Check,
    Choice,
    Extent,
    Generation,
    Item,
    Role,
    Rule,
    Source,
    Status,
)

FIRST_NEWER_YEAR = 2010
_KEYS: Mapping[str, str] = {
    "file": "id name year status generation purpose population patients era better range graded notes doubts missing"
    " source check item category",
    "source": "cite role pmid doi",
    "check": "where extent says pmid",
    "choice": "value label points open",
    "band": "from to points",
    "item": "name question help choice band unit unit_one unit_signs minimum maximum step",
    "category": "label meaning range values survival advice pmid",
}
Table = Mapping[str, Any]


@cache
def load_rules() -> Mapping[str, Rule]:
    """Read and check all rule files.

    Raises
    ------
    BadRule
        A file breaks the rules of kb/prognosis/README.md; the message names the file and the reason.
    """
    folder = files("kb.prognosis").joinpath("rules")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    return read_rules({name: folder.joinpath(name).read_text(encoding="utf-8") for name in names})


def find_rule(tool: str) -> Rule:
    """Return the rule of a tool by its concept id.

    Raises
    ------
    UnknownTool
        No rule file has this id; the message lists those that exist.
    """
    rules = load_rules()
    if tool not in rules:
        raise UnknownTool(tool, tuple(rules))
    return rules[tool]


def read_rules(texts: Mapping[str, str]) -> Mapping[str, Rule]:
    """Build the rules from the files' texts by name (see `load_rules`)."""
    rules: dict[str, Rule] = {}
    for name, text in texts.items():
        rule = read_rule(name, text)
        rules[rule.id] = rule
    return rules


def read_rule(file: str, text: str) -> Rule:
    """Build one rule from a file's text and check it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRule(file, str(error)) from error
    try:
        rule = _rule(file, table)
    except KeyError as error:
        raise BadRule(file, f"{error.args[0]} is missing") from error
    _check_shape(file, rule)
    _check_sources(file, rule)
    for item in rule.items:
        _check_item(file, rule, item)
    _check_categories(file, rule)
    if rule.is_calculator:
        _check_calculator(file, rule)
    return rule


def _rule(file: str, table: Table) -> Rule:
    _known(file, "the file", table, "file")
    low, high = table.get("range", (None, None))
    return Rule(
        id=table["id"],
        name=table["name"],
        year=table.get("year"),
        status=_one_of(file, "status", table["status"], get_args(Status)),
        generation=_one_of(file, "generation", table["generation"], get_args(Generation)),
        purpose=table["purpose"],
        population=table["population"],
        sources=tuple(_source(file, part) for part in table.get("source", ())),
        checks=tuple(_seen(file, part) for part in table.get("check", ())),
        items=tuple(_item(file, part) for part in table.get("item", ())),
        categories=tuple(_category(file, part) for part in table.get("category", ())),
        patients=table.get("patients"),
        era=table.get("era", ""),
        better=_one_of(file, "better", table["better"], get_args(Better)) if "better" in table else None,
        low=low,
        high=high,
        graded=table.get("graded", False),
        notes=tuple(table.get("notes", ())),
        doubts=tuple(table.get("doubts", ())),
        missing=tuple(table.get("missing", ())),
    )


def _known(file: str, place: str, table: Table, kind: str) -> None:
    if unknown := sorted(set(table) - set(_KEYS[kind].split())):
        raise BadRule(file, f"{place}: unknown key '{unknown[0]}'")


def _one_of(file: str, key: str, value: Any, allowed: tuple[Any, ...]) -> Any:
    if value not in allowed:
        raise BadRule(file, f"{key} is '{value}', but must be one of {', '.join(allowed)}")
    return value


def _source(file: str, part: Table) -> Source:
    _known(file, "source", part, "source")
    role = _one_of(file, "role", part["role"], get_args(Role))
    return Source(part["cite"], role, part.get("pmid"), part.get("doi"))


def _seen(file: str, part: Table) -> Check:
    _known(file, "check", part, "check")
    extent = _one_of(file, "extent", part["extent"], get_args(Extent))
    return Check(part["where"], extent, part["says"], part.get("pmid"))


def _item(file: str, part: Table) -> Item:
    name = part["name"]
    _known(file, f"item {name}", part, "item")
    for choice in part.get("choice", ()):
        _known(file, f"item {name}: choice", choice, "choice")
    for band in part.get("band", ()):
        _known(file, f"item {name}: band", band, "band")
    return Item(
        name,
        part["question"],
        part.get("help", ""),
        tuple(_choice(c) for c in part.get("choice", ())),
        tuple(Band(b["from"], b["to"], b["points"]) for b in part.get("band", ())),
        part.get("unit"),
        part.get("unit_one"),
        tuple(part.get("unit_signs", ())),
        part.get("minimum"),
        part.get("maximum"),
        part.get("step"),
    )


def _choice(part: Table) -> Choice:
    return Choice(part["value"], part["label"], part.get("points"), part.get("open", ""))


def _category(file: str, part: Table) -> Category:
    _known(file, f"category {part['label']}", part, "category")
    low, high = part.get("range", (None, None))
    return Category(
        part["label"],
        part["meaning"],
        low,
        high,
        tuple(part.get("values", ())),
        part.get("survival", ""),
        part.get("advice", ""),
        part.get("pmid"),
    )


def _check_shape(file: str, rule: Rule) -> None:
    if f"{rule.id}.toml" != file:
        raise BadRule(file, f"the id is '{rule.id}', but the file must bear the same name")
    if rule.generation != "other" and rule.year is None:
        raise BadRule(file, f"is called {rule.generation}, but has no year")
    if rule.year is not None and rule.generation == "classic" and rule.year >= FIRST_NEWER_YEAR:
        raise BadRule(
            file, f"is called classic, but was published in {rule.year}, not before {FIRST_NEWER_YEAR}"
        )
    if rule.year is not None and rule.generation == "newer" and rule.year < FIRST_NEWER_YEAR:
        raise BadRule(file, f"is called newer, but was published in {rule.year}, before {FIRST_NEWER_YEAR}")
    names = [item.name for item in rule.items]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise BadRule(file, f"two items are called '{twice}'")
    if rule.status == "described" and not rule.missing:
        raise BadRule(
            file, "a rule that is only described says under 'missing' what keeps it from being computed"
        )


def _check_sources(file: str, rule: Rule) -> None:
    if not any(source.role == "development" for source in rule.sources):
        raise BadRule(file, "names no source with the role 'development'")
    made_by = [source.pmid for source in rule.sources if source.role == "development" and source.pmid]
    if rule.is_calculator and not made_by:
        raise BadRule(file, "is a calculator, but the paper that made it has no PMID")
    pmids = [
        *(s.pmid for s in rule.sources),
        *(c.pmid for c in rule.checks),
        *(c.pmid for c in rule.categories),
    ]
    for pmid in pmids:
        if pmid is not None and not (isinstance(pmid, str) and pmid.isdigit()):
            raise BadRule(file, f"PMID '{pmid}' is not a number in quotes")
    known = set(rule.pmids)
    for category in rule.categories:
        if (category.survival or category.advice) and category.pmid is None:
            raise BadRule(file, f"category {category.label}: survival or advice is told without a PMID")
        if category.pmid is not None and category.pmid not in known:
            raise BadRule(file, f"category {category.label}: PMID {category.pmid} is none of the sources")


def _check_item(file: str, rule: Rule, item: Item) -> None:
    place = f"item {item.name}"
    if bool(item.choices) == bool(item.bands) and rule.is_calculator:
        raise BadRule(file, f"{place}: has either choices or bands")
    if both := next((c.value for c in item.choices if c.open and c.points is not None), None):
        raise BadRule(file, f"{place}: the choice '{both}' is open and has points")
    values = [choice.value for choice in item.choices]
    if twice := next((value for value in values if values.count(value) > 1), None):
        raise BadRule(file, f"{place}: the choice '{twice}' stands there twice")
    if item.bands:
        if item.unit is None or item.minimum is None or item.maximum is None or item.step is None:
            raise BadRule(file, f"{place}: a number needs unit, minimum, maximum and step")
        for number in item.numbers():
            holding = [band for band in item.bands if band.low <= number <= band.high]
            if len(holding) != 1:
                cause = "in no band" if not holding else "in two bands"
                raise BadRule(file, f"{place}: {number:g} {item.unit} is {cause}")


def _check_categories(file: str, rule: Rule) -> None:
    for category in rule.categories:
        if category.low is not None and category.high is not None and category.low > category.high:
            raise BadRule(file, f"category {category.label}: the range ends before it begins")
    ranged = sorted(
        (c.low, c.high, c.label) for c in rule.categories if c.low is not None and c.high is not None
    )
    for (_, end, one), (begin, _, other) in pairwise(ranged):
        if begin <= end:
            raise BadRule(file, f"categories {one} and {other} overlap")
        if begin > end + 1:
            raise BadRule(file, f"between categories {one} and {other} lies a gap ({end + 1} to {begin - 1})")


def _check_calculator(file: str, rule: Rule) -> None:
    """What a rule must have before anything may be computed from it."""
    if sum(check.extent == "whole table" for check in rule.checks) < 2:
        raise BadRule(file, "is a calculator, but fewer than two sources with the whole table are named")
    if not rule.items or not rule.categories:
        raise BadRule(file, "is a calculator, but has no items or no categories")
    if rule.graded:
        _check_grades(file, rule)
        return
    if rule.better is None:
        raise BadRule(file, "is a calculator, but does not say under 'better' which end of the score is good")
    if missing := next((item.name for item in rule.items if None in item.points), None):
        raise BadRule(file, f"item {missing}: a choice has no points")
    if closed := next((item.name for item in rule.items if not item.points), None):
        raise BadRule(file, f"item {closed}: every choice is open")
    low = sum(min(points for points in item.points if points is not None) for item in rule.items)
    high = sum(max(points for points in item.points if points is not None) for item in rule.items)
    if (rule.low, rule.high) != (low, high):
        raise BadRule(
            file, f"the range is {rule.low} to {rule.high}, but the items add up to {low} to {high}"
        )
    begin = min(c.low for c in rule.categories if c.low is not None)
    end = max(c.high for c in rule.categories if c.high is not None)
    if (begin, end) != (low, high):
        raise BadRule(file, f"the categories run from {begin} to {end}, the score from {low} to {high}")


def _check_grades(file: str, rule: Rule) -> None:
    if len(rule.items) != 1:
        raise BadRule(file, "a graded rule has one item, the grade")
    for choice in rule.items[0].choices:
        holding = [category.label for category in rule.categories if choice.value in category.values]
        if len(holding) != 1:
            raise BadRule(file, f"grade {choice.value} is in {len(holding)} categories instead of one")
