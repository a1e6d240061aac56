"""How people ask, as data: question_words.toml, checked when it is read."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from graph.errors import BadQuestionWords

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.vocabulary.concept import Vocabulary

_FILE = "question_words.toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: what shows it, what it asks for where the question does not say."""

    name: str
    words: str
    cues: tuple[re.Pattern[str], ...]
    needs: str | None = None
    outcomes: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    tool_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Combination:
    """Two treatments named together and the one concept for that; `kind`: only in such questions."""

    of: tuple[str, ...]
    named: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Phrasing:
    """All of question_words.toml."""

    fillers: frozenset[str]
    versus: re.Pattern[str]
    versus_first: re.Pattern[str]
    choosing: re.Pattern[str]
    between: re.Pattern[str]
    kinds: tuple[Kind, ...]
    forms: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    words: Mapping[str, str]
    combinations: tuple[Combination, ...]
    contrasts: tuple[tuple[str, ...], ...]
    settings: frozenset[str]
    before_setting: re.Pattern[str]
    doing: frozenset[str]
    exposures: frozenset[str]
    first: Mapping[str, frozenset[str]]
    lastly: frozenset[str]
    timed: Mapping[str, str]
    also: Mapping[str, tuple[str, ...]]


@cache
def load_phrasing() -> Phrasing:
    """Read question_words.toml.

    Raises
    ------
    BadQuestionWords
        An entry lacks a part or breaks a rule; the message names it.
    """
    text = files("graph.questions").joinpath(_FILE).read_text(encoding="utf-8")
    try:
        return _read(tomllib.loads(text))
    except (KeyError, tomllib.TOMLDecodeError, re.error) as error:
        raise BadQuestionWords(_FILE, f"an entry lacks or breaks {error}") from error


def _read(table: Mapping[str, Any]) -> Phrasing:
    return Phrasing(
        fillers=frozenset(table["fillers"].split()),
        versus=_any_of(table["versus"]),
        versus_first=_any_of(table["versus_first"]),
        choosing=_any_of(table["choosing"]),
        between=_any_of(table["between"]),
        kinds=tuple(_kind(entry) for entry in table["kind"]),
        forms=tuple((tuple(entry["forms"]), tuple(entry["concepts"])) for entry in table["form"]),
        words=table["words"],
        combinations=tuple(
            Combination(tuple(entry["of"]), entry["is"], entry.get("kind")) for entry in table["combination"]
        ),
        contrasts=tuple(tuple(entry["pair"]) for entry in table["contrast"]),
        settings=frozenset(table["setting"]["concepts"]),
        before_setting=_any_of(table["setting"]["before"]),
        doing=frozenset(table["setting"]["doing"]),
        exposures=frozenset(table["setting"]["exposures"]),
        first={entry["domain"]: frozenset(entry["conditions"]) for entry in table["order"]["first"]},
        lastly=frozenset(table["order"]["lastly"]),
        timed=table["timed"],
        also={entry["concept"]: tuple(entry["counts"]) for entry in table["also"]},
    )


def _kind(entry: Mapping[str, Any]) -> Kind:
    return Kind(
        name=entry["name"],
        words=entry["words"],
        cues=tuple(re.compile(cue) for cue in entry["cues"]),
        needs=entry.get("needs"),
        outcomes=tuple(entry.get("outcomes", ())),
        unsaid=tuple(entry.get("unsaid", ())),
        metrics=tuple(entry.get("metrics", ())),
        tool_types=tuple(entry.get("tool_types", ())),
    )


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    """The phrases as words of their own, the longest first."""
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)", re.IGNORECASE)


def named_concepts(phrasing: Phrasing) -> set[str]:
    """Return every concept id that the file names, to be held against the vocabulary."""
    named = {concept for _, concepts in phrasing.forms for concept in concepts}
    named |= {concept for kind in phrasing.kinds for concept in (*kind.outcomes, *kind.unsaid)}
    named |= (
        {concept for pair in phrasing.contrasts for concept in pair} | phrasing.settings | phrasing.exposures
    )
    named |= {part for combination in phrasing.combinations for part in (*combination.of, combination.named)}
    named |= {condition for conditions in phrasing.first.values() for condition in conditions}
    named |= {concept for pair in phrasing.timed.items() for concept in pair}
    return named | {c for key, also in phrasing.also.items() for c in (key, *also)}


def unknown_concepts(phrasing: Phrasing, vocabulary: Vocabulary) -> list[str]:
    """Return the named concepts that the vocabulary does not have."""
    return sorted(named_concepts(phrasing) - set(vocabulary.concepts))
