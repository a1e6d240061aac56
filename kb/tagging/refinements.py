"""Refinements: a broad concept becomes the precise one that its sentence says (refinements.toml).

"Pain on a visual analogue scale" is pain intensity; "regained the ability to walk" is regained ambulation.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEAR = 60  # characters in front of a mention that `near` sees, and from its start on that `behind` sees
_BEHIND = 110


@dataclass(frozen=True, slots=True)
class Refinement:
    """One row of refinements.toml, compiled.

    `near` looks at the text in front of the mention, `behind` at the text from its start on.
    """

    to: str
    sentence: re.Pattern[str] | None
    title: re.Pattern[str] | None
    near: re.Pattern[str] | None
    behind: re.Pattern[str] | None

    def fits(self, sentence: str, start: int, title: str) -> bool:
        """Whether every pattern of this rule is found where it looks."""
        return (
            (self.behind is None or bool(self.behind.match(sentence[start : start + _BEHIND])))
            and (self.near is None or bool(self.near.search(sentence, max(0, start - _NEAR), start)))
            and (self.title is None or bool(self.title.search(title)))
            and (self.sentence is None or bool(self.sentence.search(sentence)))
        )


@cache
def _rules() -> Mapping[str, tuple[Refinement, ...]]:
    table = tomllib.loads(files("kb.tagging").joinpath("refinements.toml").read_text(encoding="utf-8"))
    rules: dict[str, tuple[Refinement, ...]] = {}
    for entry in table["refine"]:
        found = Refinement(
            entry["to"], *(_compiled(entry, key) for key in ("sentence", "title", "near", "behind"))
        )
        rules[entry["from"]] = (*rules.get(entry["from"], ()), found)
    return rules


def _compiled(entry: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
    return re.compile(entry[key], re.IGNORECASE) if key in entry else None


def refine(concept: str, sentence: str, start: int, title: str) -> str:
    """Return the precise concept for a mention of `concept` that starts at `start` of its sentence, or `concept`.

    Examples
    --------
    >>> refine("ambulation", "Twelve patients regained the ability to walk.", 28, "")
    'ambulation_regained'
    >>> refine("ambulation", "Ambulation was recorded.", 0, "")
    'ambulation'
    """
    for rule in _rules().get(concept, ()):
        if rule.fits(sentence, start, title):
            return rule.to
    return concept


@cache
def _text_rules() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    table = tomllib.loads(files("kb.tagging").joinpath("refinements.toml").read_text(encoding="utf-8"))
    return tuple(
        (entry["from"], entry["to"], re.compile(entry["text"], re.IGNORECASE | re.DOTALL))
        for entry in table["whole_text"]
    )


def refine_by_text(concepts: frozenset[str], text: str) -> Mapping[str, str]:
    """Return the precise concept for each of `concepts` that the text as a whole makes precise.

    Examples
    --------
    >>> refine_by_text(frozenset({"dexamethasone"}), "Dexamethasone to prevent pain flare after SBRT")
    {'dexamethasone': 'prophylactic_dexamethasone'}
    """
    return {
        broad: precise
        for broad, precise, pattern in _text_rules()
        if broad in concepts and pattern.search(text)
    }


def refined_concepts() -> frozenset[str]:
    """Return every concept id that the rules name, for checking them against the vocabulary."""
    by_sentence = frozenset(_rules()) | {rule.to for rules in _rules().values() for rule in rules}
    by_text = {name for broad, precise, _ in _text_rules() for name in (broad, precise)}
    return by_sentence | by_text
