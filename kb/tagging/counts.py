"""Counts told in words: "no cement leakage occurred", "five patients died"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.number_words import WHOLE_NUMBER, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.tagging.article import Named
    from kb.tagging.scene import Scene

_NOBODY = re.compile(
    r"\b(?:no|none|neither|zero|not any)\b[^.;,]{0,60}$|\b(?:no|none of the) (?:patients?|cases?|lesions?)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:occurred|were (?:observed|seen|noted|reported|found|recorded|encountered|detected)|was (?:observed|seen|noted|reported|found|"
    r"recorded|encountered|detected)|developed|experienced|had|there (?:was|were))\b",
    re.IGNORECASE,
)
_TESTED = re.compile(
    r"\bdiffer\w*|\bevidence\b|\bassociat\w+|\beffects?\b|\bimpact\b|\bcorrelat\w+|\bsignifican\w+|\bp\s?[<=>]|\d\s?%",
    re.IGNORECASE,
)
_DIED = re.compile(
    rf"(?<![\w.%-])(?P<count>{WHOLE_NUMBER})\s(?:of (?:the )?\d+ )?(?:[a-z-]+\s){{0,2}}(?:patients?|women|men|participants?)\s(?:had )?died\b"
    rf"(?!\s?\(\d+(?:\.\d+)?\s?%)",
    re.IGNORECASE,
)


def find_counts(scene: Scene) -> Iterator[tuple[Named, int]]:
    """Yield (outcome, how many): bad events that nobody had, and deaths counted without a percentage."""
    text = scene.text
    happened = _HAPPENED.search(text) and not _TESTED.search(text)
    for named in scene.outcomes:
        bad = named.concept.polarity == "lower_is_better" and named.concept.domain != "pain"
        if bad and happened and _NOBODY.search(text[: named.start]):
            yield named, 0
    for match in _DIED.finditer(text):
        count = whole_number(match["count"])
        deaths = (n for n in scene.outcomes if n.concept.domain == "survival" and n.start >= match.start())
        died = next(deaths, None)
        if count and died and died.concept.polarity == "lower_is_better":
            yield died, count
