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

_NEAR = 60


@dataclass(frozen=True, slots=True)
class Refinement:
    """One row of refinements.toml, compiled. `near` looks at the text in front of the mention."""

    to: str
    sentence: re.Pattern[str] | None
    title: re.Pattern[str] | None
    near: re.Pattern[str] | None


@cache
def _rules() -> Mapping[str, tuple[Refinement, ...]]:
    table = tomllib.loads(files("kb.tagging").joinpath("refinements.toml").read_text(encoding="utf-8"))
    rules: dict[str, tuple[Refinement, ...]] = {}
    for entry in table["refine"]:
        found = Refinement(
            entry["to"], _compiled(entry, "sentence"), _compiled(entry, "title"), _compiled(entry, "near")
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
        if rule.sentence and not rule.sentence.search(sentence):
            continue
        if rule.title and not rule.title.search(title):
            continue
        if rule.near and not rule.near.search(sentence, max(0, start - _NEAR), start):
            continue
        return rule.to
    return concept


def refined_concepts() -> frozenset[str]:
    """Return every concept id that the rules name, for checking them against the vocabulary."""
    return frozenset(_rules()) | {rule.to for rules in _rules().values() for rule in rules}
