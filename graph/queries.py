"""Questions about treatments and outcomes, asked of the graph.

A question about a concept is answered for everything narrower as well: "radiotherapy" includes stereotactic
body radiotherapy. Rows come best level first, then latest; none are ranked by the size of an effect.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import Any

import networkx

from graph.answers import Answer, Row, answer, best, label, place, sorted_pmids
from kb.arms import is_first_side

_NUMBERS = ("measure", "value", "unit", "ci_low", "ci_high", "p_relation", "p", "n", "timepoint_months")
_SIGNED = ("signed_grade", "signed_by", "signed_on", "signature_state")


def with_narrower(graph: networkx.MultiDiGraph[str], node: str) -> set[str]:
    """Return a concept and everything narrower; nothing where the graph does not hold it."""
    found: set[str] = set()
    waiting: list[str] = [node] if node in graph else []
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += [a for a, _, edge in graph.in_edges(here, data=True) if edge["predicate"] == "is_a"]
    return found


def best_evidence(graph: networkx.MultiDiGraph[str], subject: str, outcome: str) -> Answer:
    """The best evidence for a treatment or tool on an outcome: claims with their grades, then findings."""
    subjects, outcomes = with_narrower(graph, subject), with_narrower(graph, outcome)
    claims, findings = [], []
    for treatment, target, edge in _on_outcomes(graph, outcomes):
        other = _comparator(treatment, edge)
        if treatment not in subjects and other not in subjects:
            continue
        if edge["predicate"] == "claimed":
            claims.append(_claim_row(graph, treatment, target, edge, subjects))
        else:
            findings.append(_finding_row(graph, treatment, target, edge, subjects))
    asked = f"best evidence for {label(graph, subject)} on {label(graph, outcome)}"
    return answer(graph, asked, (*_in_order(claims), *_in_order(findings)))


def versus(graph: networkx.MultiDiGraph[str], one: str, other: str, outcome: str | None = None) -> Answer:
    """What was found where two treatments or tools were compared, whichever was named first."""
    ones, others = with_narrower(graph, one), with_narrower(graph, other)
    wanted = with_narrower(graph, outcome) if outcome else _of_kind(graph, "outcome")
    claims, findings = [], []
    for subject, target, edge in _on_outcomes(graph, wanted):
        against = _comparator(subject, edge)
        if not ((subject in ones and against in others) or (subject in others and against in ones)):
            continue
        if edge["predicate"] == "claimed":
            claims.append(_claim_row(graph, subject, target, edge, ones))
        else:
            findings.append(_finding_row(graph, subject, target, edge, ones))
    on = f" on {label(graph, outcome)}" if outcome else ""
    asked = f"{label(graph, one)} against {label(graph, other)}{on}"
    return answer(graph, asked, (*_in_order(claims), *_in_order(findings)))


def compared_with(graph: networkx.MultiDiGraph[str], node: str) -> Answer:
    """What is compared with a treatment or tool, by how many papers, at which level, on which outcomes."""
    inside = with_narrower(graph, node)
    pairs: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for here in sorted(inside):
        for _, other, edge in graph.out_edges(here, data=True):
            if edge["predicate"] == "compares":
                pairs[(here, other)].append(edge)
        for other, _, edge in graph.in_edges(here, data=True):
            if edge["predicate"] == "compares" and other not in inside:
                pairs[(here, other)].append(edge)
    outcomes = _outcomes_of_pairs(graph, {*pairs, *((b, a) for a, b in pairs)})
    rows: list[Row] = [
        {
            "what": "comparison",
            "subject": label(graph, here),
            "comparator": label(graph, other),
            "outcomes": sorted(outcomes[(here, other)] | outcomes[(other, here)]),
            "level": best(edge.get("level") for edge in edges),
            "papers": len(sorted_pmids(edges)),
            "year": max((edge["year"] for edge in edges if "year" in edge), default=None),
            "pmids": sorted_pmids(edges),
        }
        for (here, other), edges in pairs.items()
    ]
    rows.sort(key=lambda row: (place(row["level"]), -row["papers"], row["subject"], row["comparator"]))
    return answer(graph, f"what is compared with {label(graph, node)}", rows)


def _outcomes_of_pairs(
    graph: networkx.MultiDiGraph[str], pairs: set[tuple[str, str]]
) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for subject in {subject for subject, _ in pairs}:
        for _, target, edge in graph.out_edges(subject, data=True):
            if edge["predicate"] in ("affects", "predicts"):
                found[(subject, _comparator(subject, edge) or "")].add(label(graph, target))
    return found


def changed_since(graph: networkx.MultiDiGraph[str], year: int) -> Answer:
    """Which claims over all patients rest on papers of `year` or later, and what these changed.

    `change` is "new" (nothing was there before), "conflict" (the papers before and since point different
    ways), "better level", or "more" (more of the same).
    """
    rows = []
    found = sorted(_on_outcomes(graph, _of_kind(graph, "outcome")), key=_edge_order)
    stated = {
        edge["evidence_keys"]: (edge["pmid"], treatment, _comparator(treatment, edge), edge["direction"])
        for treatment, _, edge in found
        if edge["predicate"] != "claimed"
    }
    for subject, outcome, edge in found:
        if edge["predicate"] != "claimed" or "population" in edge:
            continue
        papers = {pmid: graph.nodes.get(f"paper:{pmid}", {}) for pmid in edge["pmids"].split()}
        since = [pmid for pmid in papers if papers[pmid].get("year", 0) >= year]
        if not since:
            continue
        before = [pmid for pmid in papers if pmid not in since]
        pointing = _directions(stated, edge["evidence_keys"].split(), subject)
        old = {d for pmid in before for d in pointing[pmid]} - {"descriptive"}
        new = {d for pmid in since for d in pointing[pmid]} - {"descriptive"}
        levels = [best(papers[pmid].get("level") for pmid in part) for part in (before, since)]
        if not before:
            change = "new"
        elif old and new and old != new:
            change = "conflict"
        else:
            change = "better level" if place(levels[1]) < place(levels[0]) else "more"
        row = _claim_row(graph, subject, outcome, edge)
        rows.append(row | {"change": change, "before": len(before), "since": len(since), "pmids": since})
    order = ("conflict", "new", "better level", "more")
    rows.sort(key=lambda row: (order.index(row["change"]), place(row["level"]), -row["since"]))
    return answer(graph, f"claims with papers of {year} or later", rows)


def _directions(
    stated: Mapping[str, tuple[str, str, str | None, str]], keys: list[str], subject: str
) -> dict[str, set[str]]:
    """Which way the papers of a claim point, seen from its subject."""
    turned = {"favours_intervention": "favours_comparator", "favours_comparator": "favours_intervention"}
    found: dict[str, set[str]] = defaultdict(set)
    for pmid, *sides, direction in (stated[key] for key in keys if key in stated):
        one, other, facing = (side and side.partition(":")[2] for side in (*sides, subject))
        straight = is_first_side(one, other, facing or "")
        found[pmid].add(direction if straight else turned.get(direction, direction))
    return found


def path(graph: networkx.MultiDiGraph[str], start: str, end: str) -> Answer:
    """The shortest chain of evidence between two nodes, the better levels preferred.

    Papers and concepts are joined by what papers study, measure, name, evaluate, find, compare and cite; not
    by levels and topics, which join everything.
    """
    left_out = {"has_level", "in_topic", "is_a", "claimed"}
    joined: networkx.Graph[str] = networkx.Graph()
    for a, b, edge in graph.edges(data=True):
        if edge["predicate"] in left_out:
            continue
        cost = 1 + place(edge.get("level")) / 10
        if not joined.has_edge(a, b) or (cost, edge["predicate"]) < joined.edges[a, b]["order"]:
            joined.add_edge(a, b, cost=cost, order=(cost, edge["predicate"]), subject=a, edge=edge)
    asked = f"path of evidence from {_short(graph, start)} to {_short(graph, end)}"
    try:
        nodes = networkx.shortest_path(joined, start, end, weight="cost")
    except (networkx.NetworkXNoPath, networkx.NodeNotFound):
        return answer(graph, asked, (), ["No chain of evidence joins them."])
    rows = []
    for a, b in pairwise(nodes):
        step = joined.edges[a, b]
        edge = step["edge"]
        rows.append(
            {
                "what": "step",
                "from": _short(graph, a),
                "predicate": edge["predicate"] + ("" if step["subject"] == a else " (from right to left)"),
                "to": _short(graph, b),
                "level": edge.get("level"),
                "year": edge.get("year"),
                "pmids": [edge["pmid"]] if "pmid" in edge else [],
            }
        )
    return answer(graph, asked, rows)


def _short(graph: networkx.MultiDiGraph[str], node: str) -> str:
    """A node's label; for a paper its PMID and year."""
    if not node.startswith("paper:"):
        return label(graph, node)
    year = graph.nodes[node].get("year")
    return f"PMID {node.removeprefix('paper:')}" + (f" ({year})" if year else "")


def _of_kind(graph: networkx.MultiDiGraph[str], kind: str) -> set[str]:
    return {node for node, attributes in graph.nodes(data=True) if attributes["kind"] == kind}


def _on_outcomes(
    graph: networkx.MultiDiGraph[str], outcomes: set[str]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Findings and claims on outcomes: (treatment or tool, outcome, edge)."""
    for outcome in sorted(outcomes):
        for subject, _, edge in graph.in_edges(outcome, data=True):
            if edge["predicate"] in ("affects", "predicts", "claimed"):
                yield subject, outcome, edge


def _edge_order(found: tuple[str, str, dict[str, Any]]) -> tuple[str, str, str]:
    return found[0], found[1], found[2]["evidence_keys"]


def _comparator(subject: str, edge: dict[str, Any]) -> str | None:
    """The node that a finding or claim compares with. Treatments are compared with treatments."""
    if "comparator" not in edge:
        return None
    return f"{subject.partition(':')[0]}:{edge['comparator']}"


def _facing(
    subject: str, edge: dict[str, Any], sides: Collection[str]
) -> tuple[str, str | None, tuple[str, str]]:
    """Subject, comparator, and the two directions as seen from the side among `sides`."""
    other = _comparator(subject, edge)
    if other in sides and other is not None and subject not in sides:
        return other, subject, ("favours_comparator", "favours_intervention")
    return subject, other, ("favours_intervention", "favours_comparator")


def _claim_row(
    graph: networkx.MultiDiGraph[str],
    subject: str,
    outcome: str,
    edge: dict[str, Any],
    sides: Collection[str] = (),
) -> Row:
    here, other, (better, worse) = _facing(subject, edge, sides)
    population = edge.get("population")
    return {
        "what": "claim",
        "subject": label(graph, here),
        "comparator": label(graph, other) if other else None,
        "outcome": label(graph, outcome),
        "population": label(graph, f"condition:{population}") if population else None,
        "grade": edge.get("grade"),
        **{name: edge.get(name) for name in _SIGNED},
        "consistency": edge["consistency"],
        "studies": edge["studies"],
        "favours_subject": edge[better],
        "favours_comparator": edge[worse],
        "no_difference": edge["no_difference"],
        "descriptive": edge["descriptive"],
        "better_than_before": edge["better_than_before"],
        "worse_than_before": edge["worse_than_before"],
        "patients": edge.get("patients"),
        "level": edge.get("level"),
        "year": edge.get("year"),
        "claim": edge["claim"],
        "pmids": sorted(edge["pmids"].split(), key=lambda pmid: (len(pmid), pmid)),
    }


def _finding_row(
    graph: networkx.MultiDiGraph[str],
    subject: str,
    outcome: str,
    edge: dict[str, Any],
    sides: Collection[str] = (),
) -> Row:
    here, other, (better, worse) = _facing(subject, edge, sides)
    said = {better: "favours_subject", worse: "favours_comparator"}
    if edge.get("against_before"):
        said = {better: "better_than_before", worse: "worse_than_before"}
    return {
        "what": "finding",
        "subject": label(graph, here),
        "comparator": label(graph, other) if other else None,
        "outcome": label(graph, outcome),
        "direction": said.get(edge["direction"], edge["direction"]),
        # A value belongs to the treatment that the paper names first.
        "value_of": label(graph, subject),
        **{name: edge.get(name) for name in _NUMBERS},
        "level": edge.get("level"),
        "year": edge.get("year"),
        "evidence_key": edge["evidence_keys"],
        "pmids": [edge["pmid"]],
    }


def _in_order(rows: list[Row]) -> list[Row]:
    return sorted(
        rows,
        key=lambda row: (
            row.get("population") is not None,
            row.get("direction") == "descriptive" or row.get("consistency") == "descriptive_only",
            place(row["level"]),
            -(row["year"] or 0),
            row["subject"],
            row["comparator"] or "",
            row["pmids"],
            row.get("evidence_key") or row.get("claim"),
        ),
    )
