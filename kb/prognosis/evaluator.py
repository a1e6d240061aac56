"""One evaluator for all rules: answers in, score, category and points of each item out.

Answers may be texts, as a form or a command line gives them; a number may carry its unit ("70 percent").
Every problem of every answer is told at once, in words that say what to do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

from kb.errors import BadAnswers, NotComputable
from kb.prognosis.rule import Band, Category, Choice, Item, Rule, Source

NOT_A_DEVICE = (
    "Not a medical device. This adds up a published score for a group of patients; it does not foretell the course"
    " of one patient and does not replace clinical judgement. Read the cited papers before you act."
)
Answer = str | int | float
_NUMBER = re.compile(r"(?P<number>[-+]?\d+(?:[.,]\d+)?)\s*(?P<unit>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One question with what was answered; `points` is None in a graded rule."""

    name: str
    question: str
    answer: str
    points: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a rule says for one set of answers, with everything needed to check it."""

    tool: str
    name: str
    score: int | str
    low: int | None
    high: int | None
    category: Category
    items: tuple[ItemResult, ...]
    sources: tuple[Source, ...]
    doubts: tuple[str, ...]
    statement: str = NOT_A_DEVICE

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain values."""
        category = {
            "label": self.category.label,
            "meaning": self.category.meaning,
            "survival": self.category.survival or None,
            "advice_of_the_source": self.category.advice or None,
            "pmid": self.category.pmid,
        }
        return {
            "tool": self.tool,
            "name": self.name,
            "score": self.score,
            "range": None if self.low is None else [self.low, self.high],
            "category": category,
            "items": [asdict(item) for item in self.items],
            "sources": [asdict(source) for source in self.sources],
            "doubts": list(self.doubts),
            "statement": self.statement,
        }


def evaluate(rule: Rule, answers: Mapping[str, Answer]) -> Result:
    """Return score and category for answers by item name.

    Raises
    ------
    NotComputable
        The rule is only described, because it was not seen whole in two sources that agree.
    BadAnswers
        An answer is missing, unknown, out of range or in another unit; `problems` tells it item by item.
    """
    if not rule.is_calculator:
        raise NotComputable(rule.name, rule.missing)
    problems = {name: _unknown_question(rule, name) for name in answers if not _has(rule, name)}
    found: dict[str, Choice | Band] = {}
    shown: dict[str, str] = {}
    for item in rule.items:
        try:
            found[item.name], shown[item.name] = _read(item, answers.get(item.name, ""))
        except ValueError as error:
            problems[item.name] = str(error)
    if problems:
        raise BadAnswers(rule.name, problems)
    items = tuple(
        ItemResult(item.name, item.question, shown[item.name], found[item.name].points) for item in rule.items
    )
    score = _score(rule, found)
    return Result(
        rule.id, rule.name, score, rule.low, rule.high, rule.category(score), items, rule.sources, rule.doubts
    )


def _score(rule: Rule, found: Mapping[str, Choice | Band]) -> int | str:
    if rule.graded:
        [grade] = found.values()
        if isinstance(grade, Choice):
            return grade.value
    return sum(part.points or 0 for part in found.values())


def _has(rule: Rule, name: str) -> bool:
    return any(item.name == name for item in rule.items)


def _unknown_question(rule: Rule, name: str) -> str:
    names = [item.name for item in rule.items]
    return f"there is no such question; the questions are {', '.join(names)}"


def _read(item: Item, answer: Answer) -> tuple[Choice | Band, str]:
    """Return what the answer stands for, and the answer in words. Raises ValueError with the reason."""
    if str(answer).strip() == "":
        raise ValueError("not answered")
    return _read_number(item, answer) if item.is_number else _read_choice(item, str(answer))


def _read_choice(item: Item, answer: str) -> tuple[Choice, str]:
    value = re.sub(r"[\s-]+", "_", answer.strip().lower())
    choice = item.choice(value)
    if choice is None:
        values = [choice.value for choice in item.choices]
        near = get_close_matches(value, values, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ValueError(f"'{answer}' is no answer here; {hint}choose one of {', '.join(values)}")
    if choice.open:
        raise ValueError(f"'{choice.label}' can't be scored, because the sources differ: {choice.open}")
    return choice, choice.label


def _read_number(item: Item, answer: Answer) -> tuple[Band, str]:
    match = _NUMBER.fullmatch(str(answer).strip())
    if match is None:
        raise ValueError(f"'{answer}' is no number")
    unit = match["unit"].strip()
    if unit and unit not in (item.unit, item.unit_one, *item.unit_signs):
        raise ValueError(f"is asked in {item.unit}, not in {unit}")
    number = float(match["number"].replace(",", "."))
    low, high, step = item.minimum or 0, item.maximum or 0, item.step or 1
    if not low <= number <= high:
        raise ValueError(f"{number:g} is outside the range of {low:g} to {high:g} {item.unit}")
    steps = (number - low) / step
    if abs(steps - round(steps)) > 1e-9:
        kind = "whole numbers" if step == 1 else f"steps of {step:g}"
        raise ValueError(
            f"{number:g} does not exist on this scale; it goes in {kind} from {low:g} to {high:g}"
        )
    band = item.band(number)
    if band is None:
        raise ValueError(f"{number:g} {item.unit} has no points in this score")
    return band, item.with_unit(number)
