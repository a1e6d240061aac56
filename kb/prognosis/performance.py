"""What papers report of each tool: discrimination by horizon and calibration, development apart from external validation.

Nothing is ranked. Tables are in the order of horizon and year, never of the figures themselves.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

MetricKind = Literal["discrimination", "calibration", "overall_error", "classification", "agreement"]
_KINDS: Mapping[str, MetricKind] = {
    "auc": "discrimination",
    "c_index": "discrimination",
    "brier": "overall_error",
    "kappa": "agreement",
    "icc": "agreement",
}
# Types of tool that sort or measure and foretell nothing: how well they "discriminate" depends on what was asked of them.
NO_PREDICTION = frozenset({"classification", "framework", "instrument"})
# Retracted and deleted papers count for nothing; papers that are off topic are about other patients.
_FIGURES = """
    SELECT t.key, t.pmid, t.tool, c.label, t.metric, t.value, t.setting, t.ci_low, t.ci_high, t.horizon_months, t.n,
           t.text, r.year, r.title, r.authors_text, r.origin, s.design, s.level_nass
    FROM tool_performance t JOIN records r USING (pmid) JOIN studies s USING (pmid) JOIN concepts c ON c.id = t.tool
    WHERE NOT r.retracted AND NOT r.deleted AND s.on_topic
"""
_OF_PAPERS_WITH = " AND t.pmid IN (SELECT pmid FROM tool_performance WHERE tool = ?)"
_IN_ORDER = " ORDER BY t.pmid, t.position"


@dataclass(frozen=True, slots=True)
class Figure:
    """One reported figure of one tool, with the paper it stands in. Proportions run from 0 to 1."""

    key: str
    pmid: str
    tool: str
    label: str
    metric: str
    value: float
    setting: str
    ci_low: float | None = None
    ci_high: float | None = None
    horizon_months: float | None = None
    n: int | None = None
    text: str = ""
    year: int | None = None
    title: str = ""
    authors_text: str = ""
    origin: str = "pubmed"
    design: str = "other"
    level_nass: str | None = None

    @property
    def kind(self) -> MetricKind:
        """What the metric is about."""
        return kind_of(self.metric)


def kind_of(metric: str) -> MetricKind:
    """Return what a metric is about; every metric whose name begins with "calibration" is about calibration.

    >>> [kind_of(metric) for metric in ("auc", "calibration_slope", "sensitivity")]
    ['discrimination', 'calibration', 'classification']
    """
    return "calibration" if metric.startswith("calibration") else _KINDS.get(metric, "classification")


def read_figures(connection: sqlite3.Connection, tool: str | None = None) -> tuple[Figure, ...]:
    """Return every figure that counts, in the order of papers; with `tool`, those of the papers that report this tool."""
    sql = _FIGURES + (_OF_PAPERS_WITH if tool else "") + _IN_ORDER
    rows = connection.execute(sql, (tool,) if tool else ())
    return tuple(_as_proportion(Figure(*row)) for row in rows)


def _as_proportion(figure: Figure) -> Figure:
    """Percentages become proportions, so that papers that print 78% and 0.78 stand side by side."""
    if figure.value <= 1 or figure.kind == "calibration":
        return figure
    values = {
        "value": figure.value / 100,
        "ci_low": None if figure.ci_low is None else figure.ci_low / 100,
        "ci_high": None if figure.ci_high is None else figure.ci_high / 100,
    }
    fields = {name: getattr(figure, name) for name in Figure.__slots__}
    return Figure(**(fields | values))


@dataclass(frozen=True, slots=True)
class ToolTable:
    """The figures of one tool: discrimination by where it was obtained, then calibration and the rest."""

    tool: str
    external: tuple[Figure, ...]
    development: tuple[Figure, ...]
    unclear: tuple[Figure, ...]
    calibration: tuple[Figure, ...]
    other: tuple[Figure, ...]

    @property
    def discriminating_papers(self) -> tuple[str, ...]:
        """PMIDs of the papers that report its discrimination."""
        return _pmids((*self.external, *self.development, *self.unclear))

    @property
    def calibrating_papers(self) -> tuple[str, ...]:
        """PMIDs of those of them that report its calibration too (the Brier score alone is not enough)."""
        reported = {figure.pmid for figure in self.calibration if figure.kind == "calibration"}
        return tuple(pmid for pmid in self.discriminating_papers if pmid in reported)


def tool_tables(figures: Iterable[Figure]) -> Mapping[str, ToolTable]:
    """Return a table for each tool. Internal validation stands with development: the patients are the same."""
    by_tool: dict[str, list[Figure]] = {}
    for figure in sorted(figures, key=_place):
        by_tool.setdefault(figure.tool, []).append(figure)
    return {tool: _table(tool, rows) for tool, rows in sorted(by_tool.items())}


def _table(tool: str, rows: list[Figure]) -> ToolTable:
    discrimination = [row for row in rows if row.kind == "discrimination"]
    own = ("development", "internal_validation")
    return ToolTable(
        tool,
        external=tuple(row for row in discrimination if row.setting == "external_validation"),
        development=tuple(row for row in discrimination if row.setting in own),
        unclear=tuple(row for row in discrimination if row.setting not in ("external_validation", *own)),
        calibration=tuple(row for row in rows if row.kind in ("calibration", "overall_error")),
        other=tuple(row for row in rows if row.kind in ("classification", "agreement")),
    )


def _place(figure: Figure) -> tuple[float, int, str, str]:
    horizon = float("inf") if figure.horizon_months is None else figure.horizon_months
    return (horizon, figure.year or 0, figure.pmid, figure.metric)


def _pmids(figures: Iterable[Figure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(figure.pmid for figure in figures))
