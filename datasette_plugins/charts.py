"""Small charts as inline SVG with their numbers as text for those who do not see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from markupsafe import Markup

_HEIGHT, _STEP = 64, 14
_ROW, _LABELS, _PLOT, _FIGURES = 24, 210, 300, 210


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
    """One line of a forest plot: a result, or a summary of results (`derived`).

    `low` and `high` are None where no interval was reported; `beside` stands behind the figures.
    """

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    derived: bool = False
    beside: str = ""

    @property
    def figures(self) -> str:
        """ "0.5 (0.25 to 1)", or "0.64 (no interval)"."""
        unknown = self.low is None or self.high is None
        interval = "no interval" if unknown else f"{_short(self.low or 0)} to {_short(self.high or 0)}"
        told = [f"{_short(self.value)} ({interval})", *(["derived"] if self.derived else [])]
        return ", ".join([*told, *([self.beside] if self.beside else [])])


@dataclass(frozen=True, slots=True)
class Scale:
    """The axis of a forest plot: its ends, the labelled values, and the line of no effect or of chance, if any."""

    low: float
    high: float
    ticks: tuple[float, ...]
    reference: float | None = None
    logarithmic: bool = False
    unit: str = ""

    def place(self, value: float) -> float:
        """Where a value stands; beyond the ends it stands at the edge."""
        value = min(max(value, self.low), self.high)
        low, high, here = (log(x) if self.logarithmic else x for x in (self.low, self.high, value))
        return round(_LABELS + _PLOT * (here - low) / (high - low), 1)


PERCENT = Scale(0.0, 100.0, (0.0, 50.0, 100.0), unit="%")


def ratio_scale(rows: Sequence[ForestRow]) -> Scale:
    """A log axis with a line at 1 that shows all values, at most a hundredth to a hundredfold."""
    lowest, highest = min(1.0, *_ends(rows)), max(1.0, *_ends(rows))
    low, high = max(0.01, min(0.5, lowest * 0.9)), min(100.0, max(2.0, highest * 1.1))
    return Scale(low, high, (low, 1.0, high), reference=1.0, logarithmic=True)


def discrimination_scale(rows: Sequence[ForestRow]) -> Scale:
    """An axis to 1 with a line at 0.5, where a tool sorts patients no better than chance."""
    low = max(0.0, min(0.4, *_ends(rows)))
    return Scale(low, 1.0, (low, 0.5, 0.75, 1.0) if low < 0.45 else (0.5, 0.75, 1.0), reference=0.5)


def _ends(rows: Sequence[ForestRow]) -> list[float]:
    ends = [end for row in rows for end in (row.low, row.value, row.high) if end is not None]
    return [*ends, *ends[:1]]


def forest(rows: Sequence[ForestRow], scale: Scale, *, said: str) -> Markup:
    """Return a forest plot. Rows stand in the order given.

    A derived summary is drawn as a hollow diamond, and its figures say that they are derived; a result without an
    interval is a square without a line. `said` tells in words what the plot shows, for those who do not see it.
    """
    body = Markup()
    if scale.reference is not None:
        body += _line(scale.place(scale.reference), 0, len(rows) * _ROW, "no-effect")
    for number, row in enumerate(rows):
        middle = number * _ROW + _ROW / 2
        body += Markup('<text x="0" y="{}">{}</text>').format(middle + 4, row.label)
        body += Markup('<text x="{}" y="{}">{}</text>').format(_LABELS + _PLOT + 12, middle + 4, row.figures)
        if row.low is not None and row.high is not None:
            body += Markup('<line x1="{}" x2="{}" y1="{}" y2="{}"></line>').format(
                scale.place(row.low), scale.place(row.high), middle, middle
            )
        body += _mark(scale.place(row.value), middle, derived=row.derived)
    bottom = len(rows) * _ROW
    body += Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"></line>').format(
        _LABELS, _LABELS + _PLOT, bottom, bottom
    )
    for value in scale.ticks:
        body += Markup('<text class="tick" x="{}" y="{}">{}</text>').format(
            scale.place(value), bottom + 14, f"{_short(value)}{scale.unit}"
        )
    return Markup(
        '<svg class="forest" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="xMinYMin meet">{}</svg>'
    ).format(_LABELS + _PLOT + _FIGURES, bottom + 20, said, body)


def _mark(x: float, middle: float, *, derived: bool) -> Markup:
    """A square for a result, a hollow diamond for a derived summary."""
    if not derived:
        return Markup('<rect x="{}" y="{}" width="8" height="8"></rect>').format(round(x - 4, 1), middle - 4)
    return Markup('<path class="derived" d="M{0} {2}L{1} {3}L{0} {4}L{5} {3}Z"></path>').format(
        x, round(x + 7, 1), middle - 6, middle, middle + 6, round(x - 7, 1)
    )


def _line(x: float, top: float, bottom: float, name: str) -> Markup:
    return Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"></line>').format(name, x, x, top, bottom)


def _short(value: float) -> str:
    """A figure as its paper prints it; a computed one, which has more than four digits, with three.

    >>> [_short(value) for value in (0.648, 88.0, 12.34, 1 / 0.55, 70.583)]
    ['0.648', '88', '12.34', '1.82', '70.6']
    """
    text = f"{value:.6g}"
    digits = text.replace(".", "").replace("-", "").lstrip("0")
    return text if len(digits) <= 4 else f"{value:.3g}"
