"""Small charts as inline SVG with their numbers as text for those who do not see them."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

_HEIGHT, _STEP = 64, 14


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
