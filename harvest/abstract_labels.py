"""Abstracts printed in one piece ("PURPOSE: ... METHODS: ...") -> labelled sections."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from harvest.record import Section

_LABEL = re.compile(r"(?:^|(?<=[.?!)\]\"”’%] ))([A-Z][A-Z ,/&'’()-]{2,80}): ")
_CONNECTORS = re.compile(r"\s*(?:,\s*AND\b|,|/|&|\bAND\b)\s*")


def split_abstract(text: str) -> tuple[Section, ...]:
    """Cut an abstract where a known heading in capitals and a colon begin it or follow a sentence's end.

    Anything else in capitals ("SBRT:") stays text; without headings the abstract is one section.
    """
    labels = [found for found in _LABEL.finditer(text) if is_heading(found[1])]
    ends = [*(found.start() for found in labels), len(text)]
    sections = [Section(text[: ends[0]].strip())]
    for found, end in zip(labels, ends[1:], strict=True):
        sections.append(Section(text[found.end() : end].strip(), found[1]))
    return tuple(section for section in sections if section.text)


def is_heading(label: str) -> bool:
    """Whether a label is a known heading, or known ones joined ("DESIGN, SETTING AND PATIENTS")."""
    known = _headings()
    return label in known or all(part in known for part in _CONNECTORS.split(label))


@cache
def _headings() -> frozenset[str]:
    table = tomllib.loads(files("harvest").joinpath("abstract_labels.toml").read_text(encoding="utf-8"))
    return frozenset(table["headings"])
