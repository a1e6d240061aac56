"""Combinations: two treatments that a text joins are, where the vocabulary has it, one treatment of their own.

"Laminectomy followed by adjuvant radiotherapy" names surgery plus radiotherapy, whatever the surgery is called.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.vocabulary.concept import Vocabulary

Match = tuple[int, int, str]

_REACH = 60
_ABBREVIATED = r"\s?(?:\([\w +/-]{1,24}\)\s?)?"
_WHEN = r"(?:adjuvant|post-?operative|subsequent|additional|concurrent|concomitant|simultaneous|consecutive|immediate|early|delayed|neoadjuvant)"
_KIND = r"(?:(?!and\b|or\b|in\b|of\b|with\b|for\b|the\b)[\w-]+ ){0,2}"
_TOGETHER = re.compile(
    rf"{_ABBREVIATED}(?:plus|\+|(?:in )?combin(?:ed|ation) with|together with|in conjunction with|(?:and|with) {_WHEN}) ?(?:a |an |the )?{_KIND}",
    re.IGNORECASE,
)
_THEN = re.compile(
    rf"{_ABBREVIATED}(?:followed by|and then|and subsequently) (?:a |an |the )?{_KIND}", re.IGNORECASE
)
# "Surgery before radiotherapy ... than radiotherapy alone": both against one of them.
_BEFORE = re.compile(rf"{_ABBREVIATED}(?:before|prior to) {_KIND}", re.IGNORECASE)
_THAN_ALONE = re.compile(
    r"[^.;]{0,100}\b(?:than|versus|vs\.?|compared (?:with|to)|over)\b[^.;]{0,45}\balone\b", re.IGNORECASE
)
_AND = re.compile(rf"{_ABBREVIATED}(?:and|with) ", re.IGNORECASE)
_LATER = re.compile(rf"{_WHEN}\b", re.IGNORECASE)
_COMBINED = re.compile(r"\b(?:combin(?:ed|ation of|ations of|ing|e)|both)\W+(?:the )?$", re.IGNORECASE)
_MEANS = re.compile(
    rf"{_ABBREVIATED}(?:of [\w ]{{1,30}})?(?:with|using|by|by means of|via) {_KIND}", re.IGNORECASE
)
_MEANT_FOR = re.compile(rf"{_ABBREVIATED}(?:for|as) {_KIND}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Combination:
    """One row of combinations.toml, with everything narrower filled in."""

    whole: str
    first: frozenset[str]
    second: frozenset[str]
    follows: bool
    means: bool


class Combinations:
    """Joins treatments that a text combines. Built once, used for every record."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._rules = tuple(
            Combination(
                entry["whole"],
                vocabulary.with_narrower(frozenset(entry["first"])) - {entry["whole"], *entry.get("but", ())},
                vocabulary.with_narrower(frozenset(entry["second"])) - frozenset(entry.get("but", ())),
                entry.get("follows", False),
                entry.get("means", False),
            )
            for entry in _table()["combination"]
        )
        self._treatments = frozenset(c.id for c in vocabulary.concepts.values() if c.kind == "intervention")
        self._parts = frozenset(c for rule in self._rules for c in rule.first | rule.second)

    def join(self, text: str, matches: Sequence[Match]) -> list[Match]:
        """Return the matches (in order, not overlapping), two that are combined as one."""
        joined: list[Match] = []
        last = -1  # where the last treatment stands; what lies between may be the condition treated
        for match in matches:
            whole = self._whole(text, joined[last], match) if last >= 0 else None
            if whole is not None:
                joined[last:] = [(joined[last][0], match[1], whole)]
            else:
                joined.append(match)
            if joined[-1][2] in self._treatments:
                last = len(joined) - 1
        return joined

    def _whole(self, text: str, one: Match, other: Match) -> str | None:
        """The concept of two neighbours that are combined."""
        if one[2] not in self._parts or other[2] not in self._parts or other[0] - one[1] > _REACH:
            return None
        for rule in self._rules:
            forward = one[2] in rule.first and other[2] in rule.second
            backward = one[2] in rule.second and other[2] in rule.first
            if (forward or backward) and _joins(text, one, other, rule, forward=forward):
                return rule.whole
        return None


def _joins(text: str, one: Match, other: Match, rule: Combination, *, forward: bool) -> bool:
    between = text[one[1] : other[0]]
    if rule.means:
        return bool((_MEANS if forward else _MEANT_FOR).fullmatch(between))
    if forward and rule.follows and _BEFORE.fullmatch(between) and _THAN_ALONE.match(text, other[1]):
        return True
    if _TOGETHER.fullmatch(between) or (_THEN.fullmatch(between) and (forward or not rule.follows)):
        return True
    return bool(
        _AND.fullmatch(between)
        and (
            _COMBINED.search(text, max(0, one[0] - 25), one[0]) or (forward and _LATER.match(text, other[0]))
        )
    )


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files("kb.tagging").joinpath("combinations.toml").read_text(encoding="utf-8"))


@cache
def combined_parts() -> Mapping[str, frozenset[str]]:
    """Return for each combination the treatments that it is made of."""
    return {
        entry["whole"]: frozenset((*entry["first"], *entry["second"])) for entry in _table()["combination"]
    }


def combined_concepts() -> frozenset[str]:
    """Return every concept id that the rules name, for checking them against the vocabulary."""
    return frozenset(
        name
        for entry in _table()["combination"]
        for name in (entry["whole"], *entry["first"], *entry["second"], *entry.get("but", ()))
    )
