"""Gaps in the evidence: what is studied or compared only at Level IV or V, or not at all.

What is narrower counts for what is broader: a trial on complete pain response is one on pain response, and no gap there.
A gap here may only mean that titles and abstracts do not tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations, product
from typing import Any

import networkx

from graph.answers import Answer, Row, answer, best, label, place, sorted_pmids
from kb.evidence import Level

LOW, NEVER = "only Level IV or V", "not studied"
COMPARED_LOW, NOT_COMPARED = "compared only at Level IV or V", "not compared with each other"
# What of the graph is looked at: `graph.build.build_graph` can leave out the rest.
PREDICATES = frozenset({"studies", "has_comparator", "measures", "affects", "compares", "is_a"})
# Outcomes of these domains are about tests and tools: that no treatment is studied for them is no gap.
_NOT_OF_TREATMENT = frozenset({"diagnostic"})
_WORST: Level = "IV"
Pair = tuple[str, str]


def gaps(graph: networkx.MultiDiGraph[str], *, papers: int = 5, limit: int = 50) -> Answer:
    """Pairs of treatment and outcome, and of two treatments, studied only at Level IV or V, or not at all.

    A treatment that others are compared with counts as studied. Outcomes of tests and tools are left out of what is
    not studied.

    Parameters
    ----------
    papers
        A pair that no paper studies is listed only where treatment and outcome are each studied in so many.
    limit
        At most so many of the pairs that no paper studies, those first that would be expected most often if
        treatments and outcomes were studied independently of each other (`expected`, derived); and at most so many of
        the pairs of treatments that are not compared, those first that most papers compare with the same third one.
    """
    above = _broader(graph)
    low = _studied_low(graph, above)
    never = _never_studied(graph, above, papers)
    compared_low, not_compared = _comparisons(graph, above)
    notes = [
        f"Pairs that no paper studies: {len(never)} of treatments and outcomes with at least {papers} papers"
        f" each; the first {min(limit, len(never))} are listed. A gap here may only mean that titles and"
        " abstracts do not tell.",
        f"Pairs of treatments that no paper compares though both are compared with the same third one:"
        f" {len(not_compared)}; the first {min(limit, len(not_compared))} are listed.",
    ]
    rows = (*low, *never[:limit], *compared_low, *not_compared[:limit])
    return answer(graph, "gaps in the evidence", rows, notes)


def _broader(graph: networkx.MultiDiGraph[str]) -> Mapping[str, frozenset[str]]:
    """For each concept itself and everything broader."""
    is_a: networkx.DiGraph[str] = networkx.DiGraph()
    is_a.add_nodes_from(graph)
    is_a.add_edges_from(
        (concept, parent) for concept, parent, edge in graph.edges(data=True) if edge["predicate"] == "is_a"
    )
    return {node: frozenset({node, *networkx.descendants(is_a, node)}) for node in is_a}


def _studied_low(graph: networkx.MultiDiGraph[str], above: Mapping[str, frozenset[str]]) -> list[Row]:
    found: dict[Pair, list[dict[str, Any]]] = defaultdict(list)
    for subject, outcome, edge in graph.edges(data=True):
        if edge["predicate"] == "affects":
            other = f"intervention:{edge['comparator']}" if "comparator" in edge else subject
            for treatment in {subject, other}:
                found[(treatment, outcome)].append(edge)
    rows = []
    for (subject, outcome), edges in sorted(_with_narrower(found, above).items()):
        level = best(edge.get("level") for edge in edges)
        if place(level) >= place(_WORST):
            rows.append(_gap_row(graph, subject, outcome, gap=LOW, level=level, pmids=sorted_pmids(edges)))
    rows.sort(key=lambda row: (-row["papers"], row["subject"], row["outcome"]))
    return rows


def _with_narrower(
    found: Mapping[Pair, list[dict[str, Any]]], above: Mapping[str, frozenset[str]]
) -> dict[Pair, list[dict[str, Any]]]:
    """The edges of each pair with those of its narrower pairs."""
    whole: dict[Pair, list[dict[str, Any]]] = defaultdict(list)
    for (one, other), edges in found.items():
        for pair in product(above[one], above[other]):
            if pair in found:
                whole[pair] += edges
    return whole


def _never_studied(
    graph: networkx.MultiDiGraph[str], above: Mapping[str, frozenset[str]], papers: int
) -> list[Row]:
    treated = _papers_by_concept(graph, ("studies", "has_comparator"), above)
    measured = _papers_by_concept(graph, ("measures",), above)
    tested = {
        pair
        for subject, outcome, edge in graph.edges(data=True)
        if edge["predicate"] == "affects"
        for treatment in {subject, f"intervention:{edge.get('comparator', subject.partition(':')[2])}"}
        for pair in product(above[treatment], above[outcome])
    }
    total = max(1, graph.graph["records_counted"])
    rows = []
    outcomes = [
        (outcome, of)
        for outcome, of in sorted(measured.items())
        if len(of) >= papers and graph.nodes[outcome].get("domain") not in _NOT_OF_TREATMENT
    ]
    for subject, of_subject in sorted(treated.items()):
        for outcome, of_outcome in outcomes if len(of_subject) >= papers else ():
            if (subject, outcome) not in tested and of_subject.isdisjoint(of_outcome):
                row = _gap_row(graph, subject, outcome, gap=NEVER, level=None, pmids=[])
                row["papers_on_treatment"], row["papers_on_outcome"] = len(of_subject), len(of_outcome)
                rows.append(row | {"expected": round(len(of_subject) * len(of_outcome) / total, 1)})
    rows.sort(key=lambda row: (-row["expected"], row["subject"], row["outcome"]))
    return rows


def _papers_by_concept(
    graph: networkx.MultiDiGraph[str], predicates: Collection[str], above: Mapping[str, frozenset[str]]
) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for paper, concept, edge in graph.edges(data=True):
        if edge["predicate"] in predicates:
            for broader in above[concept]:
                found[broader].add(paper)
    return found


def _gap_row(
    graph: networkx.MultiDiGraph[str],
    subject: str,
    outcome: str,
    *,
    gap: str,
    level: str | None,
    pmids: list[str],
) -> Row:
    return {
        "what": "gap",
        "subject": label(graph, subject),
        "outcome": label(graph, outcome),
        "gap": gap,
        "level": level,
        "papers": len(pmids),
        "papers_on_treatment": None,
        "papers_on_outcome": None,
        "expected": None,
        "subject_node": subject,
        "outcome_node": outcome,
        "pmids": pmids,
    }


def _comparisons(
    graph: networkx.MultiDiGraph[str], above: Mapping[str, frozenset[str]]
) -> tuple[list[Row], list[Row]]:
    """Pairs of treatments compared at low levels alone, and those not compared though a third one joins them."""
    found: dict[Pair, list[dict[str, Any]]] = defaultdict(list)
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other, edge in graph.edges(data=True):
        if edge["predicate"] == "compares" and one.startswith("intervention:") and one != other:
            found[_sorted(one, other)].append(edge)
            beside[one].add(other)
            beside[other].add(one)
    joined_in_text = {*found, *_named_as_compared(graph)}
    compared = {_sorted(*pair) for one, other in joined_in_text for pair in product(above[one], above[other])}
    whole: dict[Pair, dict[str, str | None]] = defaultdict(dict)
    for (one, other), edges in found.items():
        for pair in product(above[one], above[other]):
            if (joined := _sorted(*pair)) in found:
                whole[joined] |= {edge["pmid"]: edge.get("level") for edge in edges}
    low = [
        _comparison_row(graph, pair, gap=COMPARED_LOW, level=best(levels.values()), pmids=levels)
        for pair, levels in sorted(whole.items())
        if place(best(levels.values())) >= place(_WORST)
    ]
    low.sort(key=lambda row: (-row["papers"], row["subject"], row["comparator"]))
    through: dict[Pair, list[str]] = defaultdict(list)
    for third, sides in sorted(beside.items()):
        for one, other in combinations(sorted(sides), 2):
            if (one, other) not in compared and one not in above[other] and other not in above[one]:
                through[(one, other)].append(third)
    apart = []
    for pair, thirds in sorted(through.items()):
        edges = [edge for third in thirds for side in pair for edge in found[_sorted(side, third)]]
        row = _comparison_row(graph, pair, gap=NOT_COMPARED, level=None, pmids=sorted_pmids(edges))
        apart.append(row | {"both_compared_with": [label(graph, third) for third in thirds]})
    apart.sort(
        key=lambda row: (-len(row["both_compared_with"]), -row["papers"], row["subject"], row["comparator"])
    )
    return low, apart


def _named_as_compared(graph: networkx.MultiDiGraph[str]) -> set[Pair]:
    """Pairs of a treatment that a paper studies and one that it names as the comparator, whatever results were read."""
    studied: dict[str, set[str]] = defaultdict(set)
    against: dict[str, set[str]] = defaultdict(set)
    for paper, concept, edge in graph.edges(data=True):
        if edge["predicate"] == "studies":
            studied[paper].add(concept)
        elif edge["predicate"] == "has_comparator":
            against[paper].add(concept)
    return {
        _sorted(one, other)
        for paper, others in against.items()
        for one, other in product(studied[paper], others)
        if one != other
    }


def _sorted(one: str, other: str) -> Pair:
    return (one, other) if one <= other else (other, one)


def _comparison_row(
    graph: networkx.MultiDiGraph[str], pair: Pair, *, gap: str, level: str | None, pmids: Iterable[str]
) -> Row:
    cited = sorted(pmids, key=lambda pmid: (len(pmid), pmid))
    return {
        "what": "comparison gap",
        "subject": label(graph, pair[0]),
        "comparator": label(graph, pair[1]),
        "gap": gap,
        "level": level,
        "papers": len(cited),
        "both_compared_with": [],
        "subject_node": pair[0],
        "comparator_node": pair[1],
        "pmids": cited,
    }
