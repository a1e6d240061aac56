"""Small charts as inline SVG with their numbers as text for those who do not see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from markupsafe import Markup

_HEIGHT, _STEP = 64, 14
_ROW, _LABELS, _PLOT, _FIGURES = 24, 190, 300, 190


def bars_by_year(counts: Mapping[int, int]) -> Markup:
    """Return a bar chart of papers by year; empty where there are none."""
    if not counts:
        return Markup()
    first, last, most = min(counts), max(counts), max(counts.values())
    bars = Markup()
    for place, year in enumerate(range(first, last + 1)):
        height = round(counts.get(year, 0) / most * _HEIGHT, 1)
        bars += Markup('<rect x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>').format(
            place * _STEP, _HEIGHT - height, _STEP - 3, height, year, counts.get(year, 0)
        )
    said = f"Papers by year, {first} to {last}, at most {most} a year"
    width = (last - first + 1) * _STEP
    return Markup(
        '<svg class="bars" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="xMinYMax meet">{}</svg>'
    ).format(width, _HEIGHT, said, bars)


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One line of a forest plot: a study, or a summary of studies (`derived`)."""

    label: str
    value: float
    low: float
    high: float
    derived: bool = False


def forest(rows: Sequence[ForestRow], *, ratio: bool, said: str) -> Markup:
    """Return a forest plot: ratios on a log axis with a line at 1, percentages from 0 to 100.

    A derived summary is drawn as a hollow diamond, and its figures say that they are derived. `said` tells in
    words what the plot shows, for those who do not see it.
    """
    limits = _limits(rows) if ratio else (0.0, 100.0)
    body = Markup()
    if ratio:
        body += _line(_place(1.0, limits, ratio=True), 0, len(rows) * _ROW, "no-effect")
    for number, row in enumerate(rows):
        middle = number * _ROW + _ROW / 2
        left, point, right = (_place(value, limits, ratio=ratio) for value in (row.low, row.value, row.high))
        figures = f"{_short(row.value)} ({_short(row.low)} to {_short(row.high)})"
        body += Markup('<text x="0" y="{}">{}</text>').format(middle + 4, row.label)
        body += Markup('<text x="{}" y="{}">{}</text>').format(
            _LABELS + _PLOT + 12, middle + 4, f"{figures}, derived" if row.derived else figures
        )
        body += Markup('<line x1="{}" x2="{}" y1="{}" y2="{}"></line>').format(left, right, middle, middle)
        shape = (
            '<path class="derived" d="M{0} {2}L{1} {3}L{0} {4}L{5} {3}Z"></path>'
            if row.derived
            else ('<rect x="{5}" y="{6}" width="8" height="8"></rect>')
        )
        body += Markup(shape).format(
            point, round(point + 7, 1), middle - 6, middle, middle + 6,
            round(point - (7 if row.derived else 4), 1), middle - 4,
        )  # fmt: skip
    axis = [limits[0], 1.0, limits[1]] if ratio else [0.0, 50.0, 100.0]
    bottom = len(rows) * _ROW
    body += Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"></line>').format(
        _LABELS, _LABELS + _PLOT, bottom, bottom
    )
    for value in axis:
        body += Markup('<text class="tick" x="{}" y="{}">{}</text>').format(
            _place(value, limits, ratio=ratio), bottom + 14, f"{_short(value)}{'' if ratio else '%'}"
        )
    return Markup(
        '<svg class="forest" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="xMinYMin meet">{}</svg>'
    ).format(_LABELS + _PLOT + _FIGURES, bottom + 20, said, body)


def _limits(rows: Sequence[ForestRow]) -> tuple[float, float]:
    """The ends of a log axis that shows 1 and all values, at most a hundredth to a hundredfold."""
    lowest = min(1.0, *(row.low for row in rows))
    highest = max(1.0, *(row.high for row in rows))
    return max(0.01, min(0.5, lowest * 0.9)), min(100.0, max(2.0, highest * 1.1))


def _place(value: float, limits: tuple[float, float], *, ratio: bool) -> float:
    """Where a value stands; beyond the limits it stands at the edge."""
    value = min(max(value, limits[0]), limits[1])
    low, high, here = (log(limits[0]), log(limits[1]), log(value)) if ratio else (*limits, value)
    return round(_LABELS + _PLOT * (here - low) / (high - low), 1)


def _line(x: float, top: float, bottom: float, name: str) -> Markup:
    return Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"></line>').format(name, x, x, top, bottom)


def _short(value: float) -> str:
    """Three digits as papers print them: 0.48, 12.3, 88.

    >>> [_short(value) for value in (0.4812, 12.34, 88.0, 0.05)]
    ['0.48', '12.3', '88', '0.05']
    """
    return (
        f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:.1f}".rstrip("0").rstrip(".")
    )
