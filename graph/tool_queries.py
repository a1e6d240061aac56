"""Questions about prognostic tools: which predict an outcome, and which did better than which."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import networkx

from graph.answers import Answer, Row, answer, best, label, place, sorted_pmids
from graph.queries import with_narrower

NOT_RANKED = "Tools are not ranked by AUC or C-index: discrimination says nothing of calibration, and populations differ."


def predictors(graph: networkx.MultiDiGraph[str], outcome: str) -> Answer:
    """Which tools predict an outcome: by a finding on it, or evaluated in a paper that measures it.

    Figures are listed by setting, external validation apart from development.
    """
    outcomes = with_narrower(graph, outcome)
    measuring = {
        paper
        for node in outcomes
        for paper, _, edge in graph.in_edges(node, data=True)
        if edge["predicate"] == "measures"
    }
    edges: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for node in sorted(outcomes):
        for tool, _, edge in graph.in_edges(node, data=True):
            if edge["predicate"] == "predicts":
                edges[(tool, "finding on the outcome", "not stated")].append(edge)
    for paper in sorted(measuring):
        for tool, _, edge in graph.in_edges(paper, data=True):
            if edge["predicate"] == "evaluated_in":
                edges[(tool, "evaluated in a paper that measures it", edge["setting"])].append(edge)
    rows: list[Row] = [
        {
            "what": "tool",
            "tool": label(graph, tool),
            "basis": basis,
            "setting": setting,
            "figures": [_figure(edge) for edge in found],
            "level": best(edge.get("level") for edge in found),
            "papers": len(sorted_pmids(found)),
            "pmids": sorted_pmids(found),
        }
        for (tool, basis, setting), found in edges.items()
    ]
    rows.sort(
        key=lambda row: (
            row["setting"] != "external_validation",
            -row["papers"],
            place(row["level"]),
            row["tool"],
            row["basis"],
            row["setting"],
        )
    )
    return answer(graph, f"which tools predict {label(graph, outcome)}", rows, [NOT_RANKED])


def _figure(edge: dict[str, Any]) -> str:
    """ "auc 0.78 (0.70 to 0.85) at 3 months, n 200, PMID 1"."""
    name = edge.get("metric") or edge.get("measure")
    parts = [f"{name} {edge['value']:g}" if "value" in edge else f"{name}, no number"]
    if "ci_low" in edge and "ci_high" in edge:
        parts[0] += f" ({edge['ci_low']:g} to {edge['ci_high']:g})"
    months = edge.get("horizon_months", edge.get("timepoint_months"))
    if months is not None:
        parts[0] += f" at {months:g} month{'' if months == 1 else 's'}"
    if "n" in edge:
        parts.append(f"n {edge['n']}")
    return ", ".join([*parts, f"PMID {edge['pmid']}"])


def beats(graph: networkx.MultiDiGraph[str], tool: str | None = None) -> Answer:
    """Which tools did better than which, with the papers for and against each order.

    A row counts papers in which the first did better (`papers`) and in which the second did (`against`).
    """
    inside = with_narrower(graph, tool) if tool else None
    pairs: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for better, other, edge in graph.edges(data=True):
        if edge["predicate"] == "outperforms" and (inside is None or {better, other} & inside):
            pairs[(better, other)].append(edge)
    rows: list[Row] = [
        {
            "what": "comparison",
            "tool": label(graph, better),
            "did_better_than": label(graph, other),
            "basis": sorted({edge["basis"] for edge in found}),
            "settings": sorted({edge["setting"] for edge in found if "setting" in edge}),
            "margins": [edge["margin"] for edge in found if "margin" in edge],
            "overlapping_intervals": sum(edge.get("overlapping", 0) for edge in found),
            "papers": len(sorted_pmids(found)),
            "against": len(sorted_pmids(pairs.get((other, better), ()))),
            "level": best(edge.get("level") for edge in found),
            "pmids": sorted_pmids(found),
        }
        for (better, other), found in pairs.items()
    ]
    rows.sort(key=lambda row: (-row["papers"], place(row["level"]), row["tool"], row["did_better_than"]))
    asked = f"what {label(graph, tool)} beats and is beaten by" if tool else "which tools beat which"
    return answer(graph, asked, rows, [NOT_RANKED])
