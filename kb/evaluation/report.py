"""Reports: figures with what they were measured on, as a table, as JSON, and as the stored file of the product."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kb.evaluation.scores import Figure

STORED = "figures.json"


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of one evaluation: `measured` names date, versions, counts and the digests of labels and texts."""

    name: str
    title: str
    measured: Mapping[str, Any]
    figures: Sequence[Figure]
    notes: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "name": self.name,
            "title": self.title,
            "measured": dict(self.measured),
            "figures": [asdict(figure) for figure in self.figures],
            "notes": list(self.notes),
        }

    def as_text(self) -> str:
        """Return the report as a person reads it in a terminal."""
        lines = [self.title]
        lines += [f"  {key}: {value}" for key, value in self.measured.items()]
        width = max([len(figure.task) for figure in self.figures], default=4)
        lines += ["", f"{'task':{width}}  {'measure':11}  value  95% interval   target  counted"]
        lines += [_line(figure, width) for figure in self.figures]
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines)


def _line(figure: Figure, width: int) -> str:
    value = "  n/a" if figure.value is None else f"{figure.value:.3f}"
    bounds = (
        f"{figure.low:.3f}-{figure.high:.3f}" if figure.low is not None and figure.high is not None else ""
    )
    aim = "" if figure.target is None else f"{figure.target:.2f}"
    if figure.target is not None and figure.value is not None:
        aim += " met" if figure.value >= figure.target else " not"
    return f"{figure.task:{width}}  {figure.measure:11}  {value}  {bounds:13}  {aim:8} {figure.counted}"


def store(report: Report, path: Path) -> None:
    """Put a report into the stored file in place of the earlier one of its name."""
    reports = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    kept = [earlier for earlier in reports if earlier["name"] != report.name]
    ordered = sorted([*kept, report.as_json()], key=lambda one: str(one["name"]))
    path.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def stored_reports() -> list[dict[str, Any]]:
    """Return the reports that the product carries, an empty list where none was stored."""
    file = files("kb.evaluation").joinpath(STORED)
    if not file.is_file():
        return []
    reports: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return reports
