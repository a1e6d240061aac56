"""Negation and speculation: which concepts a clause denies or only supposes. The cues are data (negation.toml)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Cues:
    """Compiled cues of one kind; a cue reaches no further than a `not_before` word, and is none behind `not_after`.

    `narrow` cues speak of who went without something and end with that name.
    """

    after: re.Pattern[str]
    before: re.Pattern[str]
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    narrow: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Ends:
    """What ends a cue's reach: always, behind the name of a group, behind a narrow cue; `verb` parts two statements."""

    always: re.Pattern[str]
    group: re.Pattern[str]
    narrow: re.Pattern[str]
    verb: re.Pattern[str]


_JOINT = re.compile(r",(?! (?:or|nor)\b)|\band\b")
_OR = re.compile(r"\b(?:or|nor)\b", re.IGNORECASE)
# "No blood transfusion (NBT), A and B": the name of an arm.
_NAMED_ARM = re.compile(r"(?: [\w-]+){1,4} \([A-Z]{2,6}\)")
# "Patients who did not receive A, survival ...": what follows is no longer about going without.
_WENT_WITHOUT = re.compile(r"\b(?:receive\w*|under\w+|treated|given)\b", re.IGNORECASE)
_OTHERS = re.compile(r",")
_NEW_STATEMENT = re.compile(r"\W*(?:and |but |with )?(?:\d|an? |the |there )", re.IGNORECASE)


def _alternatives(words: Sequence[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


@cache
def _rules() -> tuple[Cues, Cues, Ends]:
    table = tomllib.loads(files("kb.tagging").joinpath("negation.toml").read_text(encoding="utf-8"))

    def cues(kind: str) -> Cues:
        entry = table[kind]
        guard, ahead = entry["not_before"], entry["not_after"]
        return Cues(
            re.compile(rf"\b(?:{_alternatives(entry['after'])})\b", re.IGNORECASE),
            re.compile(rf"\b(?:{_alternatives(entry['before'])})\b", re.IGNORECASE),
            re.compile(rf"\b(?:{_alternatives(guard)})\b", re.IGNORECASE) if guard else None,
            re.compile(rf"\b(?:{_alternatives(ahead)})\s+$", re.IGNORECASE) if ahead else None,
            re.compile(_alternatives(entry["narrow"]), re.IGNORECASE) if entry["narrow"] else None,
        )

    ends = table["terminators"]
    group, verb = (_alternatives(ends[name]) for name in ("groups", "verbs"))
    return (
        cues("negated"),
        cues("hypothetical"),
        Ends(
            re.compile(rf"[;:]|\b(?:{_alternatives(ends['words'])})\b", re.IGNORECASE),
            re.compile(rf"\b(?:{group})\b", re.IGNORECASE),
            re.compile(rf"[()]|\b(?:{verb}|{_alternatives(ends['against'])})\b", re.IGNORECASE),
            re.compile(rf"\b(?:{verb})\b", re.IGNORECASE),
        ),
    )


def marked(sentence: str, spans: Sequence[tuple[int, int]], *, hypothetical: bool = False) -> set[int]:
    """Return the indexes of the spans (offsets in `sentence`) that a cue denies, or only supposes.

    Examples
    --------
    >>> marked("No patient developed radiation myelopathy.", [(21, 41)])
    {0}
    >>> marked("No significant difference in local control was seen.", [(28, 41)])
    set()
    """
    negated, supposed, ends = _rules()
    cues = supposed if hypothetical else negated
    found: set[int] = set()
    for cue in cues.after.finditer(sentence):
        if cues.not_after and cues.not_after.search(sentence, 0, cue.start()):
            continue
        end = ends.always.search(sentence, cue.end())
        limit = end.start() if end else len(sentence)
        if not hypothetical:
            limit = _reach(sentence, cue, limit, cues, ends)
        if cues.not_before and (guard := cues.not_before.search(sentence, cue.end(), limit)):
            limit = guard.start()
        found |= {i for i, span in enumerate(spans) if cue.end() <= span[0] < limit}
    for cue in cues.before.finditer(sentence):
        starts = [m.end() for m in ends.always.finditer(sentence, 0, cue.start())]
        first = starts[-1] if starts else 0
        found |= {i for i, span in enumerate(spans) if first <= span[0] and span[1] <= cue.start()}
    return found


def _reach(sentence: str, cue: re.Match[str], limit: int, cues: Cues, ends: Ends) -> int:
    """Return where a denial ends before `limit`: behind a group's name, or where another statement begins.

    "The no-corset group had fractures" denies none; "no infection occurred and leakage was usual" denies the first alone.
    """
    group = ends.group.search(sentence, cue.end(), limit)
    if group and len(sentence[cue.end() : group.start()].split()) >= 1:
        limit = group.start()
    closed = _closing_parenthesis(sentence, cue.end(), limit)
    limit = closed if closed is not None else limit
    if arm := _NAMED_ARM.match(sentence, cue.end(), limit):
        limit = arm.end()
    narrow = bool(cues.narrow and cues.narrow.fullmatch(cue.group()))
    if narrow and (end := ends.narrow.search(sentence, cue.end(), limit)):
        limit = end.start()
    if (
        _WENT_WITHOUT.search(cue.group())
        and (rest := _OTHERS.search(sentence, cue.end(), limit))
        and not _OR.search(sentence, rest.end(), limit)
    ):
        limit = rest.start()
    for joint in _JOINT.finditer(sentence, cue.end(), limit):
        behind = sentence[joint.end() : limit]
        verb = ends.verb.search(behind)
        listed = _OR.search(behind[: verb.start()] if verb else behind)
        said = ends.verb.search(sentence, cue.end(), joint.start())
        if not listed and (verb or narrow) and (said or _NEW_STATEMENT.match(behind)):
            return joint.start()
    return limit


def _closing_parenthesis(sentence: str, start: int, limit: int) -> int | None:
    """Return where a parenthesis that was opened before `start` closes, if it does before `limit`."""
    depth = 0
    for place in range(start, limit):
        depth += {"(": 1, ")": -1}.get(sentence[place], 0)
        if depth < 0:
            return place
    return None
