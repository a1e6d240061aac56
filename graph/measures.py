"""Measures of the whole graph: growth of topics with a test, centrality and communities of concepts.

Emerging topics
    For each topic the share of papers in the last `recent` years is held against its share in the years
    before (as many again), by the one-sided exact test of Fisher on the table (topic or not) by (recent or
    before). Shares, not counts: the whole field grows, and the last year may be incomplete. Because many
    topics are tested at once, p values are adjusted by the method of Benjamini and Hochberg; a topic is
    flagged where the adjusted p is below 0.05 and at least five recent papers belong to it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from math import comb

import networkx

from graph.answers import Answer, Row, answer, label

SIGNIFICANT, LEAST_PAPERS = 0.05, 5
_JOINING = ("studies", "measures", "evaluates")


def growth(graph: networkx.MultiDiGraph[str], *, recent: int = 3) -> Answer:
    """Papers by topic and year, and which topics emerge (the module tells the test)."""
    years = {
        node: attributes["year"]
        for node, attributes in graph.nodes(data=True)
        if attributes["kind"] == "paper" and not attributes["retracted"] and "year" in attributes
    }
    topics: dict[str, list[str]] = {
        node: [] for node, attributes in graph.nodes(data=True) if attributes["kind"] == "topic"
    }
    for paper, target, edge in graph.edges(data=True):
        if edge["predicate"] == "in_topic" and paper in years:
            topics[target].append(paper)
    last = max(years.values(), default=0)
    windows = [range(last - recent + 1, last + 1), range(last - 2 * recent + 1, last - recent + 1)]
    totals = [sum(year in window for year in years.values()) for window in windows]
    counts = {
        topic: [sum(years[paper] in window for paper in papers) for window in windows]
        for topic, papers in topics.items()
    }
    tested = {
        topic: fisher_greater(now, totals[0], before, totals[1]) for topic, (now, before) in counts.items()
    }
    adjusted = dict(zip(tested, adjust(list(tested.values())), strict=True))
    rows: list[Row] = [
        {
            "what": "topic",
            "topic": label(graph, topic),
            "papers": len(papers),
            "recent": counts[topic][0],
            "before": counts[topic][1],
            "share_ratio": _ratio(*counts[topic], *totals),
            "p": tested[topic],
            "p_adjusted": adjusted[topic],
            "emerging": int(adjusted[topic] < SIGNIFICANT and counts[topic][0] >= LEAST_PAPERS),
            "by_year": dict(sorted(Counter(years[paper] for paper in papers).items())),
            "pmids": sorted(paper.removeprefix("paper:") for paper in papers),
        }
        for topic, papers in topics.items()
    ]
    rows.sort(key=lambda row: (row["p_adjusted"], -row["papers"], row["topic"]))
    asked = f"growth of topics: {last - recent + 1} to {last} against the {recent} years before"
    note = (
        f"Emerging: share of papers higher than before by Fisher's exact test (one-sided), p adjusted by"
        f" Benjamini and Hochberg over {len(topics)} topics below {SIGNIFICANT}, and at least {LEAST_PAPERS}"
        f" recent papers. {totals[0]} recent papers, {totals[1]} before."
    )
    return answer(graph, asked, rows, [note])


def _ratio(now: int, before: int, recent_total: int, before_total: int) -> float | None:
    """The topic's share now by its share before; None where there was none before."""
    if not before or not recent_total:
        return None
    return round(now / recent_total / (before / before_total), 2)


def fisher_greater(now: int, recent_total: int, before: int, before_total: int) -> float:
    """Return Fisher's one-sided exact p: that a topic has at least `now` of its papers among the recent ones.

    Examples
    --------
    The lady tasting tea, three of four cups right:

    >>> round(fisher_greater(3, 4, 1, 4), 3)
    0.243

    Notes
    -----
    Whole numbers of any size are exact; the cost grows with the number of the topic's papers.
    """
    drawn, everything = now + before, recent_total + before_total
    if not drawn:
        return 1.0
    ways = comb(everything, drawn)
    most = min(drawn, recent_total)
    return sum(comb(recent_total, k) * comb(before_total, drawn - k) for k in range(now, most + 1)) / ways


def adjust(p_values: Sequence[float]) -> list[float]:
    """Return p values adjusted by Benjamini and Hochberg, in the order given.

    >>> [round(p, 3) for p in adjust([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.053, 0.053, 0.5]
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place], reverse=True)
    adjusted = [0.0] * len(p_values)
    smallest = 1.0
    for rank, place in zip(range(len(p_values), 0, -1), order, strict=True):
        smallest = min(smallest, p_values[place] * len(p_values) / rank)
        adjusted[place] = smallest
    return adjusted


def concept_network(graph: networkx.MultiDiGraph[str]) -> networkx.Graph[str]:
    """Treatments, outcomes and tools, joined by the number of papers that study both (`papers`)."""
    by_paper: dict[str, list[str]] = defaultdict(list)
    for paper, concept, edge in graph.edges(data=True):
        if edge["predicate"] in _JOINING:
            by_paper[paper].append(concept)
    together = Counter(
        pair for concepts in by_paper.values() for pair in combinations(sorted(set(concepts)), 2)
    )
    network: networkx.Graph[str] = networkx.Graph()
    network.add_nodes_from(sorted({concept for concepts in by_paper.values() for concept in concepts}))
    network.add_weighted_edges_from(
        ((a, b, papers) for (a, b), papers in sorted(together.items())), weight="papers"
    )
    return network


def centrality(graph: networkx.MultiDiGraph[str], *, limit: int = 30) -> Answer:
    """The concepts that most evidence hangs on: papers, neighbours, and PageRank."""
    network = concept_network(graph)
    papers = _papers_of(graph)
    score = pagerank(network)
    ranked = sorted(network, key=lambda node: (-round(score[node], 9), -len(papers[node]), node))
    rows: list[Row] = [
        {
            "what": "concept",
            "kind": graph.nodes[node]["kind"],
            "concept": label(graph, node),
            "centrality": round(score[node], 6),
            "neighbours": network.degree(node),
            "papers": len(papers[node]),
            "pmids": sorted(papers[node]),
        }
        for node in ranked[:limit]
    ]
    note = (
        "PageRank of treatments, outcomes and tools joined by the number of papers that study"
        " both. It tells what is studied much, not what works."
    )
    return answer(graph, "central concepts", rows, [note])


def pagerank(
    network: networkx.Graph[str], *, damping: float = 0.85, tolerance: float = 1e-10
) -> dict[str, float]:
    """Return PageRank by power iteration, weighted by papers in common; the values sum to 1.

    Notes
    -----
    networkx's own needs scipy. Each round shrinks the error by `damping`, so it ends for every network.
    """
    strength = dict(network.degree(weight="papers"))
    rank = dict.fromkeys(network, 1 / len(network)) if network else {}
    change = 1.0
    while network and change > tolerance:
        loose = sum(rank[node] for node in network if not strength[node])
        spread = {
            node: (1 - damping + damping * loose) / len(network)
            + damping
            * sum(rank[near] * edge["papers"] / strength[near] for near, edge in network[node].items())
            for node in network
        }
        change = sum(abs(spread[node] - rank[node]) for node in network)
        rank = spread
    return rank


def communities(graph: networkx.MultiDiGraph[str], *, seed: int = 1) -> Answer:
    """Groups of treatments, outcomes and tools that papers study together (Louvain, the same each time)."""
    network = concept_network(graph)
    network.remove_nodes_from([node for node in list(network) if network.degree(node) == 0])
    if not network:
        return answer(graph, "communities of concepts", ())
    papers = _papers_of(graph)
    found: list[set[str]] = list(networkx.community.louvain_communities(network, weight="papers", seed=seed))
    fit = networkx.community.modularity(network, found, weight="papers")
    rows: list[Row] = []
    for group in sorted(found, key=lambda group: (-len(group), min(group))):
        members = sorted(group, key=lambda node: (-len(papers[node]), node))
        pmids = sorted(set().union(*(papers[node] for node in group)))
        rows.append(
            {
                "what": "community",
                "named_after": [label(graph, node) for node in members[:3]],
                "concepts": [label(graph, node) for node in members],
                "papers": len(pmids),
                "pmids": pmids,
            }
        )
    note = f"Louvain method on papers in common; modularity {fit:.2f} (0: no better than chance, 1: apart)."
    return answer(graph, "communities of concepts", rows, [note])


def _papers_of(graph: networkx.MultiDiGraph[str]) -> dict[str, set[str]]:
    papers: dict[str, set[str]] = defaultdict(set)
    for _, concept, edge in graph.edges(data=True):
        if edge["predicate"] in _JOINING:
            papers[concept].add(edge["pmid"])
    return papers
