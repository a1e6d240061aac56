"""Sections: one text for the whole record, where each section starts in it, and what part of a study it is."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harvest.record import Record, Section

Zone = Literal["title", "background", "aim", "methods", "results", "conclusion", "mixed", "other"]
SEPARATOR = "\n"

_NLM_CATEGORIES: dict[str, Zone] = {
    "BACKGROUND": "background",
    "OBJECTIVE": "aim",
    "METHODS": "methods",
    "RESULTS": "results",
    "CONCLUSIONS": "conclusion",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """The record as one text; `starts[i]` is where section i begins, `zones[i]` what it is (mixed: unlabelled)."""

    text: str
    starts: tuple[int, ...]
    zones: tuple[Zone, ...]

    def place(self, start: int, end: int) -> tuple[int, int, int]:
        """Return (section, start, end) within the section for offsets in the whole text."""
        section = bisect_right(self.starts, start) - 1
        return section, start - self.starts[section], end - self.starts[section]


def lay_out(record: Record) -> Layout:
    """Join title and abstract sections into one text and remember where each begins."""
    starts: list[int] = []
    position = 0
    for text in record.sections:
        starts.append(position)
        position += len(text) + len(SEPARATOR)
    zones = ("title", *_told_together(record.abstract))
    return Layout(SEPARATOR.join(record.sections), tuple(starts), zones)


_A_RESULT = re.compile(r"\d\s?%|\b[Pp]\s?[<=>]\s?0?\.\d")
_A_PLAN = re.compile(r"\bwill\b")


def _told_together(sections: Sequence[Section]) -> list[Zone]:
    """Where conclusions follow methods with no results between them, what was found stands among the methods.

    A protocol has no results to tell.
    """
    zones = [zone_of(section) for section in sections]
    if "conclusion" not in zones or {"results", "mixed"} & set(zones):
        return zones
    told = [
        zone == "methods" and bool(_A_RESULT.search(section.text)) and not _A_PLAN.search(section.text)
        for zone, section in zip(zones, sections, strict=True)
    ]
    return ["mixed" if results else zone for zone, results in zip(zones, told, strict=True)]


def zone_of(section: Section) -> Zone:
    """Return what part of a study a labelled section is; unlabelled and mixed ones are "mixed"."""
    if section.label:
        label = re.sub(r"[^a-z]+", " ", section.label.lower()).strip()
        for zone, words in _zone_words():
            if any(word in label for word in words):
                return zone
    if section.category:
        return _NLM_CATEGORIES.get(section.category.upper(), "mixed")
    return "mixed"


@cache
def _zone_words() -> Sequence[tuple[Zone, tuple[str, ...]]]:
    table = tomllib.loads(files("kb.tagging").joinpath("section_labels.toml").read_text(encoding="utf-8"))
    return tuple((entry["name"], tuple(entry["words"])) for entry in table["zone"])
