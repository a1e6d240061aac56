"""How far to trust this: the stored figures of the extractor, with what they were measured on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import Response
from markupsafe import Markup

from datasette_plugins.pages import show
from kb.evaluation.report import stored_reports

# Our own field first, the unseen abstracts before those the rules were made on.
ORDER = ("gold-heldout", "gold-tune", "agreement", "rct-art", "evidence-inference", "ebm-nlp")
_LEADING = ("F1", "accuracy", "share right", "kappa", "agreement", "answered")
_WIDTH, _HEIGHT = 120, 14


async def trust(datasette: Any, request: Any) -> Response:
    """Show the stored figures, and say so where there are none."""
    reports = [_shown(report) for report in in_order(stored_reports())]
    return await show(datasette, request, "spinemets_trust.html", lambda _: {"reports": reports}, "")


def in_order(reports: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return reports in the order of reading; those of other names last."""
    return sorted(
        reports,
        key=lambda r: (ORDER.index(r["name"]) if r["name"] in ORDER else len(ORDER), r["name"]),
    )


def _shown(report: Mapping[str, Any]) -> dict[str, Any]:
    rows = rows_of(report["figures"])
    aimed = [row for row in rows if "targets" in row]
    return {**report, "aimed": aimed, "further": [row for row in rows if "targets" not in row]}


def rows_of(figures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return one row a task: its leading figure with interval and target, precision and recall beside it."""
    tasks: dict[tuple[str, str], dict[str, Any]] = {}
    for figure in figures:
        measure = figure["measure"]
        leading = measure if measure in _LEADING else "F1"
        row = tasks.setdefault((figure["task"], leading), {"task": figure["task"], "measure": leading})
        if measure == leading:
            row |= {"value": figure["value"], "counted": figure["counted"], "chart": interval(figure)}
            row |= {"low": figure["low"], "high": figure["high"]}
        row[measure] = figure["value"]
        if figure["target"] is not None:
            verdict = figure["value"] is not None and figure["value"] >= figure["target"]
            row.setdefault("targets", []).append((measure, figure["target"], verdict))
    return list(tasks.values())


def interval(figure: Mapping[str, Any]) -> Markup:
    """Return a line from 0 to 1 with the interval as a bar, the value as a dot and the target as a tick."""
    if figure["value"] is None or figure["low"] is None:
        return Markup()
    said = f"{figure['value']:.2f}, 95% interval {figure['low']:.2f} to {figure['high']:.2f}"
    parts = Markup('<line class="scale" x1="0" x2="{}" y1="7" y2="7"/>').format(_WIDTH)
    left, right, dot = (round(max(0.0, figure[key]) * _WIDTH, 1) for key in ("low", "high", "value"))
    parts += Markup('<rect class="range" x="{}" y="4" width="{}" height="6"/>').format(
        left, round(max(right - left, 1), 1)
    )
    parts += Markup('<circle class="value" cx="{}" cy="7" r="3.5"/>').format(dot)
    if figure["target"] is not None:
        place = round(figure["target"] * _WIDTH, 1)
        parts += Markup('<line class="target" x1="{}" x2="{}" y1="0" y2="14"/>').format(place, place)
    return Markup('<svg class="interval" viewBox="-4 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        _WIDTH + 8, _HEIGHT, said, parts
    )


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Return the address of this page."""
    return [(r"^/trust$", trust)]
