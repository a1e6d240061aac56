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
    """Compiled cues of one kind; a cue reaches no further than a `not_before` word, and is none behind `not_after`."""

    after: re.Pattern[str]
    before: re.Pattern[str]
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None


def _alternatives(words: Sequence[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


@cache
def _rules() -> tuple[Cues, Cues, re.Pattern[str]]:
    table = tomllib.loads(files("kb.tagging").joinpath("negation.toml").read_text(encoding="utf-8"))

    def cues(kind: str) -> Cues:
        entry = table[kind]
        guard, ahead = entry["not_before"], entry["not_after"]
        return Cues(
            re.compile(rf"\b(?:{_alternatives(entry['after'])})\b", re.IGNORECASE),
            re.compile(rf"\b(?:{_alternatives(entry['before'])})\b", re.IGNORECASE),
            re.compile(rf"\b(?:{_alternatives(guard)})\b", re.IGNORECASE) if guard else None,
            re.compile(rf"\b(?:{_alternatives(ahead)})\s+$", re.IGNORECASE) if ahead else None,
        )

    stop = re.compile(rf"[;:]|\b(?:{_alternatives(table['terminators']['words'])})\b", re.IGNORECASE)
    return cues("negated"), cues("hypothetical"), stop


def marked(sentence: str, spans: Sequence[tuple[int, int]], *, hypothetical: bool = False) -> set[int]:
    """Return the indexes of the spans (offsets in `sentence`) that a cue denies, or only supposes.

    Examples
    --------
    >>> marked("No patient developed radiation myelopathy.", [(21, 41)])
    {0}
    >>> marked("No significant difference in local control was seen.", [(28, 41)])
    set()
    """
    negated, supposed, stop = _rules()
    cues = supposed if hypothetical else negated
    found: set[int] = set()
    for cue in cues.after.finditer(sentence):
        if cues.not_after and cues.not_after.search(sentence, 0, cue.start()):
            continue
        end = stop.search(sentence, cue.end())
        limit = end.start() if end else len(sentence)
        if cues.not_before and (guard := cues.not_before.search(sentence, cue.end(), limit)):
            limit = guard.start()
        found |= {i for i, span in enumerate(spans) if cue.end() <= span[0] < limit}
    for cue in cues.before.finditer(sentence):
        starts = [m.end() for m in stop.finditer(sentence, 0, cue.start())]
        first = starts[-1] if starts else 0
        found |= {i for i, span in enumerate(spans) if first <= span[0] and span[1] <= cue.start()}
    return found
