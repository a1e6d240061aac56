"""Names of tools in a sentence, and the stand-ins by which it speaks of one ("the model", "this score")."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kb.tagging.prognostic.own_tools import GENERIC, NOT_SCORED, VAGUE, own_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.tagging.article import Sentence

# A network is another model than the radiomics model beside it; a forest may be how that one was made.
_DEEP = re.compile(r"deep|neural|network|net\b|Net[-\d]", re.IGNORECASE)
LEARNED = frozenset({"machine_learning_model", "radiomics_model"})
_OWN, _NOBODY, _COUNTED, _RATER = "own", "nobody", "counted", "rater"


@dataclass(frozen=True, slots=True)
class Word:
    """A name or stand-in at its place; `tool` is a concept id, or None where figures belong to no tool."""

    start: int
    end: int
    tool: str | None
    named: bool = True


@cache
def _words() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = tomllib.loads(
        files("kb.tagging.prognostic").joinpath("tool_words.toml").read_text(encoding="utf-8")
    )
    return tuple((entry["means"], re.compile(entry["pattern"], re.IGNORECASE)) for entry in table["word"])


def stand_ins() -> frozenset[str]:
    """Return the vocabulary ids that tool_words.toml names, for checking them against the vocabulary."""
    return frozenset(means for means, _ in _words()) - {_OWN, _NOBODY, _COUNTED, _RATER}


def words_of(
    sentence: Sentence, text: str, own: str | None, tested: frozenset[str], full: Mapping[str, str]
) -> list[Word]:
    """Return the names and stand-ins of a sentence in order.

    A vague kind ("the score") means the paper's own tool, and nobody where it is about several.
    """
    found: list[Word] = []
    for named in own_names(sentence):
        concept = named.concept
        if concept.type in NOT_SCORED and not {concept.id, concept.parent} & tested:
            continue
        if concept.id in GENERIC:
            deep = _DEEP.search(sentence.text, named.start, named.end) is not None
            meant = concept.id if deep and concept.id not in VAGUE else _meant(concept.id, own)
            found.append(Word(named.start, named.end, meant, named=False))
        else:
            found.append(Word(named.start, named.end, full.get(concept.id, concept.id)))
    for means, pattern in _words():
        for match in pattern.finditer(text):
            if any(match.start() < word.end and word.start < match.end() for word in found if word.named):
                continue
            held = [w for w in found if match.start() < w.end and w.start < match.end()]
            if held and (means == _OWN or (means == _COUNTED and any(w.tool == own for w in held))):
                continue
            found = [word for word in found if word not in held]
            if means == _RATER and own not in LEARNED:
                continue  # raters use the score; beside a machine they are its rivals
            tool = own if means == _OWN else None if means in (_NOBODY, _COUNTED, _RATER) else means
            if tool == "machine_learning_model" and own in LEARNED and not _DEEP.search(match.group()):
                tool = own
            found.append(Word(match.start(), match.end(), tool, named=False))
    return sorted(found, key=lambda word: word.start)


def _meant(kind: str, own: str | None) -> str | None:
    if own is None:
        return None if kind in VAGUE else kind
    if own not in GENERIC:
        return own if kind in VAGUE else kind
    if kind in VAGUE and own in VAGUE:
        return own
    return own if GENERIC.index(own) < GENERIC.index(kind) and _same_family(own, kind) else kind


def _same_family(own: str, kind: str) -> bool:
    """A radiomics nomogram is called "the nomogram"; a nomogram beside a random forest is another model."""
    return kind in VAGUE or (own == "radiomics_model" and kind in ("nomogram", "machine_learning_model"))
