"""What the trained models see in a text. Without their weights everything here answers with nothing.

`spans` marks interventions (INTV), outcomes (OC) and measured values (MEAS) that the vocabulary need not know,
each with a score between 0 and 1. How the models were trained and how far they can be trusted: kb/models/CARD.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A labelled part of a text, with how sure its finder is."""

    start: int
    end: int
    label: str
    score: float


def spans(texts: Sequence[str]) -> list[list[TextSpan]]:
    """Return the spans in each text, in order; an empty list for each where the weights are absent."""
    return [[] for _ in texts]


def result_spans(texts: Sequence[str]) -> list[list[TextSpan]]:
    """Return the arms (INTV), outcomes (OC) and measured values (MEAS) of result sentences, in order."""
    return [[] for _ in texts]
