"""A sentence as the direction model sees it: arms, outcome, p values and intervals as marks, numbers as numbers."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kb.tagging.numbers.p_values import PValue, find_p_values
from kb.tagging.numbers.printed_numbers import plain

if TYPE_CHECKING:
    from collections.abc import Callable

INTERVENTION, COMPARATOR, OUTCOME, NUMBER = "INT", "CMP", "OUT", "NUM"
SIGNIFICANT, NOT_SIGNIFICANT, UNCLEAR = "P_SIG", "P_NS", "P_MID"
_INTERVAL = re.compile(
    r"\b(?:95\s?%?\s?)?(?:CI|confidence interval)\b[\s:,=(\[]*(?:of |from )?"
    r"(?P<low>-?\d*\.?\d+)\s?%?\s?(?:-|to|,|;|and)\s?(?P<high>-?\d*\.?\d+)"
)
_TOKEN = re.compile(
    r"(?P<mark>(?:P|CI)_[A-Z]+|ARM_[IC])|(?P<word>[A-Za-z][A-Za-z']*)|(?P<number>-?\d+(?:\.\d+)?)|[<>=%±;,:()/.]"
)
_GROUP_NAME = re.compile(
    r"\b(?:group|arm)\s+([A-Z0-9]{1,3})\b|\(\s*([A-Z]{1,2}[A-Za-z0-9&+]{0,5})\s*(?:group|arm)?\s*[,;)]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Words and marks in order (lower case but for the marks), with the value of each number by its place."""

    words: tuple[str, ...]
    numbers: tuple[tuple[int, float], ...]

    def places(self, *marks: str) -> list[int]:
        """Return where these words stand."""
        return [place for place, word in enumerate(self.words) if word in marks]


@cache
def word_lists() -> dict[str, frozenset[str]]:
    """The lists of direction_words.toml by name."""
    table = tomllib.loads(
        files("kb.tagging.proposing").joinpath("direction_words.toml").read_text(encoding="utf-8")
    )
    return {name: frozenset(words) for name, words in table.items()}


def stem(word: str) -> str:
    """Cut a word to what its forms share: "implanted" and "implants" to "implant"."""
    if len(word) > 4:
        word = re.sub(r"(?:'s|s)$", "", word)
    return re.sub(r"(?:ing|ed|e|ation|ions?)$", "", word) if len(word) > 6 else word


def content_words(text: str) -> set[str]:
    """Return the stems of the words that tell what a text is about."""
    common = word_lists()["common"]
    return {stem(w) for w in re.findall(r"[a-z][a-z']*", text.lower()) if w not in common and len(w) > 1}


def mark_text(intervention: str, comparator: str, outcome: str, evidence: str) -> MarkedText:
    """Put marks for what the prompt names; neighbouring equal marks become one."""
    text = _INTERVAL.sub(_interval_mark, _with_p_marks(plain(evidence)))
    text = _with_group_marks(text, intervention, comparator)
    mark_of = _marker(intervention, comparator, outcome)
    words: list[str] = []
    numbers: list[tuple[int, float]] = []
    for match in _TOKEN.finditer(text):
        if match["number"]:
            numbers.append((len(words), float(match["number"])))
            words.append(NUMBER)
            continue
        word = match["mark"] or (mark_of(match["word"].lower()) if match["word"] else match.group())
        word = {"ARM_I": INTERVENTION, "ARM_C": COMPARATOR}.get(word, word)
        if word in (INTERVENTION, COMPARATOR, OUTCOME) and words and words[-1] == word:
            continue
        words.append(word)
    return MarkedText(tuple(words), tuple(numbers))


def _marker(intervention: str, comparator: str, outcome: str) -> Callable[[str], str]:
    lists = word_lists()
    outcomes, arm, other = content_words(outcome), content_words(intervention), content_words(comparator)
    control_words = lists["controls"]
    if arm & {stem(word) for word in control_words}:
        control_words = frozenset()
    only_arm, only_other = arm - other - outcomes, other - arm - outcomes
    alone = bool(other) and other <= arm  # "A plus B" against "A alone"

    def mark_of(word: str) -> str:
        short = stem(word)
        if short in only_arm:
            return INTERVENTION
        if short in only_other or (word in control_words and short not in outcomes):
            return COMPARATOR
        if word in lists["treated"] and short not in outcomes:
            return INTERVENTION
        if alone and word == "alone":
            return COMPARATOR
        return OUTCOME if short in outcomes else word

    return mark_of


def _with_p_marks(text: str) -> str:
    pieces, position = [], 0
    for p in find_p_values(text):
        if p.start >= position:
            pieces += [text[position : p.start], f" {_p_mark(p)} "]
            position = p.end
    return "".join([*pieces, text[position:]])


def _p_mark(p: PValue) -> str:
    if p.value is None:
        return NOT_SIGNIFICANT
    if p.relation in ("<", "<="):
        return SIGNIFICANT if p.value <= 0.05 else NOT_SIGNIFICANT if p.value >= 0.1 else UNCLEAR
    if p.relation == "=":
        return SIGNIFICANT if p.value < 0.05 else NOT_SIGNIFICANT
    return NOT_SIGNIFICANT if p.value >= 0.05 else UNCLEAR


def _interval_mark(match: re.Match[str]) -> str:
    low, high = sorted((float(match["low"]), float(match["high"])))
    if low < 0 < high:
        return " CI_IN "
    if high < 0:
        return " CI_NEG "
    if low <= 1 <= high:
        return " CI_ONE "
    return " CI_BELOW " if high < 1 else " CI_ABOVE "


def _with_group_marks(text: str, intervention: str, comparator: str) -> str:
    """Mark the arms by the names that the prompt gives them: "group A", "(SBRT group)"."""
    one, other = (
        {n.lower() for found in _GROUP_NAME.findall(t) for n in found if n}
        for t in (intervention, comparator)
    )
    for names, mark in ((one - other, " ARM_I "), (other - one, " ARM_C ")):
        for name in sorted(names):
            exact = re.escape(name)
            pattern = (
                rf"\b(?:groups?|arm)\s+{exact}\b|\b{exact}[- ](?:group|arm)\b"
                if len(name) <= 2
                else rf"(?<!\w){exact}(?!\w)"
            )
            text = re.sub(pattern, mark, text, flags=re.IGNORECASE)
    return text
