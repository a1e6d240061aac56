"""Gold: an extraction held against labels made by readers, abstract by abstract, by concept and value, not by place.

Every task gives one `Tally` a document and a list of its errors. The strict count leads; where a broader or
narrower concept of the same branch was found, the lenient one (half a hit) stands beside it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.evaluation.labels import with_listed
from kb.evaluation.pairing import pair_rows
from kb.evaluation.scores import Figure, Tally, of_sets, share, three_figures

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from kb.evaluation.labels import FindingLabel, Labels, PerformanceLabel
    from kb.evidence import Extraction, Finding, ToolPerformance
    from kb.vocabulary.concept import Vocabulary

# The targets of the project for held-out text.
TARGETS = {
    "interventions": 0.92,
    "outcomes": 0.88,
    "design": 0.90,
    "patients": 0.92,
    "tool performance": 0.90,
    "outcome and direction of found values": 0.85,
}
FINDING_PRECISION, FINDING_RECALL = 0.90, 0.75
_WORDED = frozenset({"p_only", "text_only"})
_STUDIED = frozenset({"studied", "comparator"})
_TESTED = frozenset({"evaluated", "used"})
_BARE_NUMBERS = frozenset({"calibration_slope", "calibration_intercept"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One error: what was missed, spurious or wrong in a task of an abstract. Facts only, no text."""

    pmid: str
    task: str
    kind: str
    what: str


@dataclass(slots=True)
class Marks:
    """The tallies of each task in the order of the documents, and the errors."""

    tallies: dict[str, list[Tally]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, task: str, tally: Tally) -> None:
        """Put a document's tally to its task."""
        self.tallies.setdefault(task, []).append(tally)

    def fault(self, pmid: str, task: str, kind: str, things: Iterable[object]) -> None:
        """Note errors of one kind."""
        self.faults += [Fault(pmid, task, kind, str(thing)) for thing in things]


def score(
    pairs: Sequence[tuple[Extraction, Labels]], vocabulary: Vocabulary
) -> tuple[list[Figure], list[Fault]]:
    """Return the figures of all tasks and the errors behind them."""
    marks = Marks()
    names = {form.lower(): concept.id for concept in vocabulary.concepts.values() for form in concept.forms}
    for extraction, labels in pairs:
        _mark(extraction, with_listed(labels, names), vocabulary, marks)
    return _figures(marks.tallies), marks.faults


def _mark(extraction: Extraction, labels: Labels, vocabulary: Vocabulary, marks: Marks) -> None:
    _mark_concepts(extraction, labels, vocabulary, marks)
    _mark_study(extraction, labels, marks)
    _mark_findings(extraction, labels, vocabulary, marks)
    _mark_performance(extraction, labels, marks)


def _mark_concepts(extraction: Extraction, labels: Labels, vocabulary: Vocabulary, marks: Marks) -> None:
    found = found_roles(extraction, "intervention", _STUDIED)
    wanted = {label.concept: label.role for label in labels.interventions}
    _mark_set(labels.pmid, "interventions", set(found), set(wanted), vocabulary, marks)
    _mark_roles(labels.pmid, "intervention roles", found, wanted, marks)
    # "No patient had myelopathy" is a finding: what nobody had was measured as well.
    outcomes = set(found_roles(extraction, "outcome", frozenset({"measured"})))
    outcomes |= {finding.outcome for finding in extraction.findings if finding.outcome}
    _mark_set(labels.pmid, "outcomes", outcomes, set(labels.outcomes), vocabulary, marks)
    tools = found_roles(extraction, "tool", _TESTED)
    tested = {label.concept: label.role for label in labels.tools if label.role in _TESTED}
    _mark_set(labels.pmid, "tools", set(tools), set(tested), vocabulary, marks)
    _mark_roles(labels.pmid, "tool roles", tools, tested, marks)
    tumours = set(extraction.study.primary_tumours)
    _mark_set(labels.pmid, "primary tumours", tumours, set(labels.primary_tumours), vocabulary, marks)


def found_roles(extraction: Extraction, kind: str, roles: frozenset[str]) -> dict[str, str]:
    """Return the concepts of a kind that an extraction names in one of the roles, each with its commonest role.

    A denied mention counts for nothing.
    """
    seen: dict[str, Counter[str]] = {}
    for mention in extraction.mentions:
        if mention.kind == kind and mention.role in roles and not mention.negated:
            seen.setdefault(mention.concept, Counter())[mention.role] += 1
    return {concept: counts.most_common(1)[0][0] for concept, counts in seen.items()}


def _mark_set(
    pmid: str, task: str, found: set[str], wanted: set[str], vocabulary: Vocabulary, marks: Marks
) -> None:
    marks.add(task, of_sets(found, wanted))
    marks.add(f"{task}, lenient", lenient(found, wanted, vocabulary))
    marks.fault(pmid, task, "missed", sorted(wanted - found))
    marks.fault(pmid, task, "spurious", sorted(found - wanted))


def _mark_roles(pmid: str, task: str, found: dict[str, str], wanted: dict[str, str], marks: Marks) -> None:
    shared = sorted(set(found) & set(wanted))
    wrong = [f"{c}: {found[c]}, not {wanted[c]}" for c in shared if found[c] != wanted[c]]
    marks.add(task, Tally(len(shared) - len(wrong), len(shared), len(shared)))
    marks.fault(pmid, task, "wrong", wrong)


def lenient(found: set[str], wanted: set[str], vocabulary: Vocabulary) -> Tally:
    """Count half a hit where what was found is broader or narrower than what was wanted, one to one."""
    hits = float(len(found & wanted))
    left = sorted(found - wanted)
    for concept in sorted(wanted - found):
        near = next((other for other in left if related(other, concept, vocabulary)), None)
        if near is not None:
            left.remove(near)
            hits += 0.5
    return Tally(hits, len(found), len(wanted))


def related(one: str | None, other: str | None, vocabulary: Vocabulary) -> bool:
    """Whether one concept is the other or broader than it; unlisted ones are related to nothing."""
    if one == other:
        return True
    if one is None or other is None or not {one, other} <= set(vocabulary.concepts):
        return False
    return vocabulary.nested(one, other)


def _mark_study(extraction: Extraction, labels: Labels, marks: Marks) -> None:
    study, pmid = extraction.study, labels.pmid
    for task, got, want in (
        ("design", study.design, labels.design),
        ("question", study.question, labels.question),
        ("level", study.level_nass, labels.level_nass),
    ):
        if want is None and task != "level":
            continue
        marks.add(task, Tally(float(got == want), 1, 1))
        if got != want:
            marks.fault(pmid, task, "wrong", [f"{got}, not {want}"])
    for task, number, label in (
        ("patients", study.patients, labels.patients),
        ("lesions", study.lesions, labels.lesions),
        ("follow-up", study.follow_up_months, labels.follow_up_months),
    ):
        right = (
            number is not None and label is not None and same_time(number, label, exact=task != "follow-up")
        )
        marks.add(task, Tally(float(right), float(number is not None), float(label is not None)))
        if not right and (number is not None or label is not None):
            kind = "spurious" if label is None else "missed" if number is None else "wrong"
            marks.fault(pmid, task, kind, [f"{number}, not {label}"])
    sizes, wanted = Counter(arm.patients for arm in study.arms), Counter(size for _, size in labels.arms)
    marks.add("arms", of_sets(sizes.elements(), wanted.elements()))
    marks.fault(pmid, "arms", "missed", sorted((wanted - sizes).elements()))
    marks.fault(pmid, "arms", "spurious", sorted((sizes - wanted).elements()))


def same_time(one: float, other: float, *, exact: bool = False) -> bool:
    """Whether two numbers are the same: to the digit, or (months) within the rounding of weeks and years."""
    return one == other if exact else abs(one - other) <= max(0.3, 0.015 * max(one, other))


def _mark_findings(extraction: Extraction, labels: Labels, vocabulary: Vocabulary, marks: Marks) -> None:
    found = [row for row in extraction.findings if row.value is not None]
    wanted = [row for row in labels.findings if row.value is not None]
    pairing = pair_rows(found, wanted, value_key, value_key, lambda a, b: float(agreement(a, b)))
    marks.add("findings by measure and value", Tally(len(pairing.pairs), len(found), len(wanted)))
    values = of_sets(
        [round(abs(r.value or 0), 6) for r in found], [round(abs(r.value or 0), 6) for r in wanted]
    )
    marks.add("findings by value alone, lenient", values)
    marks.fault(labels.pmid, "findings", "missed", [_row(row) for row in pairing.missed])
    marks.fault(labels.pmid, "findings", "spurious", [_row(row) for row in pairing.spurious])
    for row, label in pairing.pairs:
        _mark_pair(labels.pmid, row, label, vocabulary, marks)
    told: list[Hashable] = [(r.outcome, r.direction) for r in extraction.findings if r.measure in _WORDED]
    asked: list[Hashable] = [(r.outcome, r.direction) for r in labels.findings if r.measure in _WORDED]
    marks.add("comparisons without a value, by outcome and direction", of_sets(told, asked))
    marks.fault(labels.pmid, "worded", "missed", sorted(map(str, Counter(asked) - Counter(told))))
    marks.fault(labels.pmid, "worded", "spurious", sorted(map(str, Counter(told) - Counter(asked))))


def value_key(row: Finding | FindingLabel) -> Hashable:
    """What makes two findings the same number: the measure and the value as printed."""
    return row.measure, round(row.value or 0.0, 6)


def checks(row: Finding, label: FindingLabel) -> dict[str, bool | None]:
    """Hold a found value against its label, part by part; None where neither side gives the part."""
    time = row.timepoint_months, label.timepoint_months
    interval_given = any(v is not None for v in (row.ci_low, row.ci_high, label.ci_low, label.ci_high))
    p_given = row.p_relation is not None or label.p_relation is not None or label.p is not None
    return {
        "outcome": row.outcome == label.outcome,
        "direction": row.direction == label.direction,
        "intervention": row.intervention == label.intervention,
        "comparator": row.comparator == label.comparator,
        "time": None if time == (None, None) else None not in time and same_time(*time),  # type: ignore[arg-type]
        "interval": (row.ci_low, row.ci_high) == (label.ci_low, label.ci_high) if interval_given else None,
        "p": (row.p, row.p_relation) == (label.p, label.p_relation) if p_given else None,
    }


def agreement(row: Finding, label: FindingLabel) -> int:
    """How many parts of a found value agree with a label."""
    return sum(value is not False for value in checks(row, label).values())


def _mark_pair(pmid: str, row: Finding, label: FindingLabel, vocabulary: Vocabulary, marks: Marks) -> None:
    parts = checks(row, label)
    both = bool(parts["outcome"] and parts["direction"])
    near = related(row.outcome, label.outcome, vocabulary)
    marks.add("outcome and direction of found values", Tally(float(both), 1, 1))
    marks.add("outcome of found values, lenient", Tally(1.0 if parts["outcome"] else 0.5 * near, 1, 1))
    for part, right in parts.items():
        if right is None:
            continue
        marks.add(f"{part} of found values", Tally(float(right), 1, 1))
        if not right:
            got, want = _part(row, part), _part(label, part)
            marks.fault(pmid, f"finding {part}", "wrong", [f"{_row(row)}: {got}, not {want}"])


def _part(row: Finding | FindingLabel, part: str) -> object:
    if part == "interval":
        return (row.ci_low, row.ci_high)
    if part == "p":
        return f"{row.p_relation}{row.p}"
    return getattr(row, {"time": "timepoint_months"}.get(part, part))


def _row(row: Finding | FindingLabel) -> str:
    return f"{row.measure} {row.value:g} {row.unit or ''} ({row.outcome})"


def _mark_performance(extraction: Extraction, labels: Labels, marks: Marks) -> None:
    found, wanted = extraction.tool_performance, labels.tool_performance
    pairing = pair_rows(found, wanted, performance_key, performance_key, _performance_likeness)
    marks.add("tool performance", Tally(len(pairing.pairs), len(found), len(wanted)))
    marks.add(
        "tool performance by metric and value, lenient",
        of_sets([performance_key(r)[1:] for r in found], [performance_key(r)[1:] for r in wanted]),
    )
    marks.fault(labels.pmid, "tool performance", "missed", map(performance_key, pairing.missed))
    marks.fault(labels.pmid, "tool performance", "spurious", map(performance_key, pairing.spurious))
    for row, label in pairing.pairs:
        horizon = row.horizon_months, label.horizon_months
        parts = {
            "interval": (row.ci_low, row.ci_high) == (label.ci_low, label.ci_high),
            "horizon": horizon == (None, None) or (None not in horizon and same_time(*horizon)),  # type: ignore[arg-type]
            "setting": row.setting == label.setting,
        }
        for part, right in parts.items():
            marks.add(f"{part} of found performance", Tally(float(right), 1, 1))
            if not right:
                marks.fault(labels.pmid, f"performance {part}", "wrong", [performance_key(label)])


def performance_key(row: ToolPerformance | PerformanceLabel) -> tuple[str, str, float]:
    """What makes two performance rows the same: tool, metric and value, a percentage as a share."""
    in_percent = row.metric not in _BARE_NUMBERS and row.value > 1.5
    return row.tool, row.metric, round(row.value / 100 if in_percent else row.value, 6)


def _performance_likeness(row: ToolPerformance, label: PerformanceLabel) -> float:
    return float((row.horizon_months == label.horizon_months) + (row.ci_low == label.ci_low))


_SHARES = ("design", "question", "level", "intervention roles", "tool roles")


def _figures(tallies: Mapping[str, list[Tally]]) -> list[Figure]:
    """Turn tallies into figures: the tasks with a target first, in the order of the documents' marking."""
    figures: list[Figure] = []
    for task, marks in tallies.items():
        target = TARGETS.get(task)
        if task in _SHARES or "of found" in task:
            figures.append(share(task, "share right" if "of found" in task else "accuracy", marks, target))
        else:
            figures += three_figures(task, marks, target)
    return [_with_targets(figure) for figure in figures]


def _with_targets(figure: Figure) -> Figure:
    if figure.task == "findings by measure and value":
        aim = {"precision": FINDING_PRECISION, "recall": FINDING_RECALL}.get(figure.measure)
        return Figure(figure.task, figure.measure, figure.value, figure.low, figure.high, figure.counted, aim)
    return figure
