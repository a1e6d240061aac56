"""Figures with bootstrap intervals: shares, precision, recall and F1 over documents, agreement beyond chance.

The document is what is drawn anew, not the single label: labels of one abstract are not independent.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

RESAMPLES = 1000
SEED = 20261124
_COVERED = 0.95

Unit = TypeVar("Unit")


@dataclass(frozen=True, slots=True)
class Tally:
    """What was right in one document: `hits` of `predicted` and of `wanted`. Half hits are allowed."""

    hits: float
    predicted: float
    wanted: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its value with the bounds of its 95% bootstrap interval, and what it was counted on.

    `value` is None where there is nothing to count (no label, or nothing predicted).
    """

    task: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    counted: str
    target: float | None = None


def precision(tallies: Iterable[Tally]) -> float | None:
    """Share of what was predicted that is right; None where nothing was predicted."""
    hits = predicted = 0.0
    for tally in tallies:
        hits += tally.hits
        predicted += tally.predicted
    return hits / predicted if predicted else None


def recall(tallies: Iterable[Tally]) -> float | None:
    """Share of what was wanted that was found; None where nothing was wanted."""
    hits = wanted = 0.0
    for tally in tallies:
        hits += tally.hits
        wanted += tally.wanted
    return hits / wanted if wanted else None


def f1(tallies: Iterable[Tally]) -> float | None:
    """Harmonic mean of precision and recall, 2·hits / (predicted + wanted); None where both are empty."""
    hits = total = 0.0
    for tally in tallies:
        hits += tally.hits
        total += tally.predicted + tally.wanted
    return 2 * hits / total if total else None


def interval(
    units: Sequence[Unit], statistic: Callable[[Sequence[Unit]], float | None]
) -> tuple[float | None, float | None]:
    """Return the 95% percentile bootstrap interval of a statistic over documents.

    The same units give the same interval: the draws start from a fixed seed. Draws on which the statistic has no
    value are passed over.
    """
    if len(units) < 2:
        return None, None
    draw = random.Random(SEED)
    values = sorted(
        value for _ in range(RESAMPLES) if (value := statistic(draw.choices(units, k=len(units)))) is not None
    )
    if not values:
        return None, None
    tail = (1 - _COVERED) / 2
    last = len(values) - 1
    return values[round(tail * last)], values[round((1 - tail) * last)]


def share(task: str, measure: str, tallies: Sequence[Tally], target: float | None = None) -> Figure:
    """Return a plain share (accuracy): hits of wanted."""
    low, high = interval(tallies, recall)
    hits, wanted = sum(t.hits for t in tallies), sum(t.wanted for t in tallies)
    return Figure(task, measure, recall(tallies), low, high, f"{hits:g} of {wanted:g}", target)


def three_figures(task: str, tallies: Sequence[Tally], target: float | None = None) -> list[Figure]:
    """Return precision, recall and F1 of a task; `target` is that of F1."""
    hits, predicted, wanted = (
        sum(t.hits for t in tallies),
        sum(t.predicted for t in tallies),
        sum(t.wanted for t in tallies),
    )
    counted = {
        "precision": f"{hits:g} of {predicted:g}",
        "recall": f"{hits:g} of {wanted:g}",
        "F1": f"{wanted:g} labels, {len(tallies)} documents",
    }
    figures = []
    for measure, statistic in (("precision", precision), ("recall", recall), ("F1", f1)):
        low, high = interval(tallies, statistic)
        aim = target if measure == "F1" else None
        figures.append(Figure(task, measure, statistic(tallies), low, high, counted[measure], aim))
    return figures


def of_sets(predicted: Iterable[Hashable], wanted: Iterable[Hashable]) -> Tally:
    """Hold two collections against each other, each element as often as it stands there."""
    found, labels = Counter(predicted), Counter(wanted)
    return Tally((found & labels).total(), found.total(), labels.total())


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Return Cohen's kappa of two raters' pairs of categories; None where chance alone agrees fully."""
    if not pairs:
        return None
    one, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = sum(a == b for a, b in pairs) / len(pairs)
    expected = sum(one[category] * other[category] for category in one) / len(pairs) ** 2
    return None if expected == 1 else (observed - expected) / (1 - expected)
