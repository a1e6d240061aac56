"""A section of a summary."""

from __future__ import annotations

from dataclasses import dataclass

from kb.summary.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its sentences; `notes` speak of the summary itself (what was sought, what was cut)."""

    title: str
    sentences: tuple[Sentence, ...] = ()
    notes: tuple[str, ...] = ()
