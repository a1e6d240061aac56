"""Zones: which part of a study a sentence of an unlabelled abstract belongs to.

Abstracts keep the order background, aim, methods, results, conclusion. Each sentence votes by its words
(zone_cues.toml); the best monotone assignment wins (dynamic programming over sentences and zones).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.tagging.sections import Zone

ORDER: tuple[Zone, ...] = ("background", "aim", "methods", "results", "conclusion")


def zone_sentences(sentences: Sequence[str]) -> list[Zone]:
    """Return the zone of each sentence of one unlabelled paragraph, in order.

    A leading heading word ("Conclusions: ...") decides alone.
    """
    if not sentences:
        return []
    best: list[float] = [0.0] + [-1.0 * number for number in range(1, len(ORDER))]
    back: list[list[int]] = []
    for index, sentence in enumerate(sentences):
        votes = _votes(sentence, index, len(sentences))
        step, origin = [], []
        for zone in range(len(ORDER)):
            previous = max(range(zone + 1), key=lambda z: (best[z], z))
            origin.append(previous)
            step.append(best[previous] + votes[zone])
        best, back = step, [*back, origin]
    zone = max(range(len(ORDER)), key=lambda z: best[z])
    zones = []
    for origin in reversed(back):
        zones.append(ORDER[zone])
        zone = origin[zone]
    return zones[::-1]


@lru_cache(maxsize=256)  # one article's sentences are asked for several times
def is_aim(sentence: str) -> bool:
    """Whether a sentence of a background paragraph states the study's aim."""
    headings, cues = _cues()
    if match := headings.match(sentence):
        return bool(match.group("aim"))
    return sum(weight for pattern, weight in cues["aim"] if pattern.search(sentence)) >= 3.0


def _votes(sentence: str, index: int, count: int) -> list[float]:
    headings, cues = _cues()
    if match := headings.match(sentence):
        named = next(zone for zone in ORDER if match.group(zone))
        return [20.0 if zone == named else 0.0 for zone in ORDER]
    votes = [sum(weight for pattern, weight in cues[zone] if pattern.search(sentence)) for zone in ORDER]
    votes[0] += 1.0 if index == 0 else 0.0
    votes[-1] += 1.0 if index == count - 1 and count > 2 else 0.0
    return votes


@cache
def _cues() -> tuple[re.Pattern[str], dict[Zone, list[tuple[re.Pattern[str], float]]]]:
    table = tomllib.loads(files("kb.tagging").joinpath("zone_cues.toml").read_text(encoding="utf-8"))
    headings = "|".join(rf"(?P<{zone}>{'|'.join(table[zone]['headings'])})" for zone in ORDER)
    cues = {
        zone: [
            (re.compile(cue["pattern"], re.IGNORECASE), float(cue["weight"])) for cue in table[zone]["cues"]
        ]
        for zone in ORDER
    }
    pattern = re.compile(rf"(?:{headings})\s*[:.–—-]\s", re.IGNORECASE)
    return pattern, cast("dict[Zone, list[tuple[re.Pattern[str], float]]]", cues)
