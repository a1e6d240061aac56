"""Labels: what people read in an abstract, one JSON object a line; facts alone, never sentences.

The form is described in the labelling guideline; a line that breaks it is refused with file and line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, get_args

from kb.errors import BadLabels
from kb.evidence import Design, Direction, Level, Measure, Metric, PRelation, Question, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

UNLISTED = "unlisted:"
SPLITS = ("tune", "heldout")


@dataclass(frozen=True, slots=True)
class NamedLabel:
    """A concept with the role it plays; a name the vocabulary lacks starts with "unlisted:"."""

    concept: str
    role: str


@dataclass(frozen=True, slots=True)
class FindingLabel:
    """A reported result as it was read."""

    measure: str
    value: float | None
    intervention: str | None = None
    comparator: str | None = None
    outcome: str | None = None
    unit: str | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    p_relation: str | None = None
    n: int | None = None
    timepoint_months: float | None = None
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class PerformanceLabel:
    """A tool's reported performance as it was read."""

    tool: str
    metric: str
    value: float
    ci_low: float | None = None
    ci_high: float | None = None
    horizon_months: float | None = None
    n: int | None = None
    setting: str | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """All that one annotator read in one abstract."""

    pmid: str
    design: str | None
    question: str | None
    level_nass: str | None
    split: str | None = None
    annotator: str | None = None
    patients: int | None = None
    lesions: int | None = None
    follow_up_months: float | None = None
    arms: tuple[tuple[str, int], ...] = ()
    primary_tumours: tuple[str, ...] = ()
    interventions: tuple[NamedLabel, ...] = ()
    outcomes: tuple[str, ...] = ()
    tools: tuple[NamedLabel, ...] = ()
    findings: tuple[FindingLabel, ...] = ()
    tool_performance: tuple[PerformanceLabel, ...] = ()


def read_labels(path: Path, split: str | None = None) -> list[Labels]:
    """Return the labels of a JSON Lines file (of one split, if named), in order.

    Raises
    ------
    BadLabels
        A line is no JSON object, lacks what it must have, or uses a word that the schema does not know.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            labels = as_labels(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadLabels(path, number, str(error)) from error
        if split is None or labels.split == split:
            found.append(labels)
    return found


def as_labels(content: Mapping[str, Any]) -> Labels:
    """Build labels from one JSON object; unknown keys are notes and are passed over."""
    pmid = content["pmid"]
    if not isinstance(pmid, str) or not pmid.isdigit():
        raise ValueError(f"the PMID {pmid!r} is no string of digits")
    return Labels(
        pmid=pmid,
        design=_one_of(content.get("design"), get_args(Design), "design"),
        question=_one_of(content.get("question"), get_args(Question), "question"),
        level_nass=_one_of(content.get("level_nass"), get_args(Level), "level_nass"),
        split=content.get("split"),
        annotator=content.get("annotator"),
        patients=content.get("patients"),
        lesions=content.get("lesions"),
        follow_up_months=content.get("follow_up_months"),
        arms=tuple((arm["label"], arm["patients"]) for arm in content.get("arms") or ()),
        primary_tumours=tuple(content.get("primary_tumours") or ()),
        interventions=_named(content.get("interventions")),
        outcomes=tuple(content.get("outcomes") or ()),
        tools=_named(content.get("tools")),
        findings=tuple(_finding(row) for row in content.get("findings") or ()),
        tool_performance=tuple(_performance(row) for row in content.get("tool_performance") or ()),
    )


def _named(rows: Iterable[Mapping[str, Any]] | None) -> tuple[NamedLabel, ...]:
    return tuple(NamedLabel(row["concept"], row["role"]) for row in rows or ())


def _finding(row: Mapping[str, Any]) -> FindingLabel:
    _one_of(row["measure"], get_args(Measure), "measure")
    _one_of(row.get("direction"), get_args(Direction), "direction")
    _one_of(row.get("p_relation"), get_args(PRelation), "p_relation")
    return FindingLabel(**_known(FindingLabel, {"value": None} | dict(row)))


def _performance(row: Mapping[str, Any]) -> PerformanceLabel:
    _one_of(row["metric"], get_args(Metric), "metric")
    _one_of(row.get("setting"), get_args(Setting), "setting")
    return PerformanceLabel(**_known(PerformanceLabel, row))


def _known(kind: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    return {part.name: row[part.name] for part in fields(kind) if part.name in row}


def _one_of(value: Any, words: tuple[str, ...], name: str) -> str | None:
    if value is not None and value not in words:
        raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(words)}")
    return value  # type: ignore[no-any-return]


def with_listed(labels: Labels, names: Mapping[str, str]) -> Labels:
    """Return the labels with each "unlisted" name that the vocabulary has taken up since put as its concept.

    `names` maps what the vocabulary calls its concepts, in lower case, to their ids.
    """

    def listed(concept: str | None) -> str | None:
        if concept is None or not concept.startswith(UNLISTED):
            return concept
        return names.get(concept.removeprefix(UNLISTED).strip().lower(), concept)

    def named(rows: tuple[NamedLabel, ...]) -> tuple[NamedLabel, ...]:
        return tuple(NamedLabel(listed(row.concept) or row.concept, row.role) for row in rows)

    findings = tuple(
        replace(
            row,
            intervention=listed(row.intervention),
            comparator=listed(row.comparator),
            outcome=listed(row.outcome),
        )
        for row in labels.findings
    )
    return replace(
        labels,
        interventions=named(labels.interventions),
        tools=named(labels.tools),
        outcomes=tuple(dict.fromkeys(listed(outcome) or outcome for outcome in labels.outcomes)),
        findings=findings,
        tool_performance=tuple(
            replace(row, tool=listed(row.tool) or row.tool) for row in labels.tool_performance
        ),
    )


def unknown_concepts(labels: Labels, known: Iterable[str]) -> list[str]:
    """Return the concepts of the labels that are neither known nor marked as unlisted, in order."""
    used = [n.concept for n in (*labels.interventions, *labels.tools)]
    used += [*labels.outcomes, *labels.primary_tumours, *(row.tool for row in labels.tool_performance)]
    for row in labels.findings:
        used += [c for c in (row.intervention, row.comparator, row.outcome) if c is not None]
    names = set(known)
    return [c for c in dict.fromkeys(used) if c not in names and not c.startswith(UNLISTED)]
