"""Agreement: two readers' labels of the same abstracts, kappa for categories and F1 for sets and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.evaluation.gold import value_key
from kb.evaluation.scores import Figure, Tally, interval, kappa, of_sets, share, three_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.evaluation.labels import Labels

Pair = tuple["Labels", "Labels"]


def shared(one: Sequence[Labels], other: Sequence[Labels]) -> list[Pair]:
    """Pair the labels of two files by PMID, in the order of the first."""
    second = {labels.pmid: labels for labels in other}
    return [(labels, second[labels.pmid]) for labels in one if labels.pmid in second]


def agree(pairs: Sequence[Pair]) -> list[Figure]:
    """Return how well two labellings agree. F1 takes the second as the one to be found; it is symmetric."""
    figures: list[Figure] = []
    for task, field in (("design", "design"), ("question", "question"), ("level", "level_nass")):
        values = [(getattr(a, field), getattr(b, field)) for a, b in pairs]
        low, high = interval(values, kappa)
        figures.append(Figure(task, "kappa", kappa(values), low, high, f"{len(values)} documents"))
        figures.append(share(task, "agreement", [Tally(float(a == b), 1, 1) for a, b in values]))
    for field in ("patients", "lesions", "follow_up_months"):
        equal = [Tally(float(getattr(a, field) == getattr(b, field)), 1, 1) for a, b in pairs]
        figures.append(share(field.replace("_", " "), "agreement", equal))
    for task, tallies in {
        "interventions": [of_sets(_concepts(a.interventions), _concepts(b.interventions)) for a, b in pairs],
        "interventions with roles": [of_sets(set(a.interventions), set(b.interventions)) for a, b in pairs],
        "outcomes": [of_sets(set(a.outcomes), set(b.outcomes)) for a, b in pairs],
        "tools": [of_sets(_concepts(a.tools), _concepts(b.tools)) for a, b in pairs],
        "primary tumours": [of_sets(set(a.primary_tumours), set(b.primary_tumours)) for a, b in pairs],
        "findings by measure and value": [
            of_sets(map(value_key, a.findings), map(value_key, b.findings)) for a, b in pairs
        ],
        "findings with outcome and direction": [
            of_sets(
                [(value_key(f), f.outcome, f.direction) for f in a.findings],
                [(value_key(f), f.outcome, f.direction) for f in b.findings],
            )
            for a, b in pairs
        ],
        "tool performance": [
            of_sets(
                [(r.tool, r.metric, r.value) for r in a.tool_performance],
                [(r.tool, r.metric, r.value) for r in b.tool_performance],
            )
            for a, b in pairs
        ],
    }.items():
        figures.append(three_figures(task, tallies)[-1])
    return figures


def _concepts(named: Sequence[object]) -> set[str]:
    return {label.concept for label in named}  # type: ignore[attr-defined]
