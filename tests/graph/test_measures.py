"""Growth with its test, centrality and communities."""

from __future__ import annotations

from pathlib import Path

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests

from graph.build import build_graph
from graph.measures import adjust, centrality, communities, concept_network, fisher_greater, growth, pagerank
from tests.made_up import made_up_database


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> networkx.MultiDiGraph[str]:
    return build_graph(made_up_database(tmp_path_factory.mktemp("measures") / "kb.db"))


@given(st.integers(0, 30), st.integers(0, 60), st.integers(0, 30), st.integers(0, 60))
def test_the_exact_test_is_fishers(now: int, other_now: int, before: int, other_before: int) -> None:
    found = fisher_greater(now, now + other_now, before, before + other_before)
    wanted = fisher_exact([[now, other_now], [before, other_before]], alternative="greater").pvalue
    assert found == pytest.approx(wanted, rel=1e-6, abs=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=15))
def test_adjusted_p_values_are_those_of_benjamini_and_hochberg(p_values: list[float]) -> None:
    assert adjust(p_values) == pytest.approx(list(multipletests(p_values, method="fdr_bh")[1]))


def literature(*topics: tuple[str, dict[int, int]]) -> networkx.MultiDiGraph[str]:
    """A graph of papers in topics by year."""
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(records=0, records_counted=0, sample_note="")
    for topic, by_year in topics:
        graph.add_node(f"topic:{topic}", kind="topic", label=topic)
        for year, papers in by_year.items():
            for _ in range(papers):
                pmid = str(graph.graph["records"])
                graph.graph["records"] += 1
                graph.add_node(f"paper:{pmid}", kind="paper", year=year, retracted=0, origin="file")
                graph.add_edge(
                    f"paper:{pmid}", f"topic:{topic}", key="in_topic", predicate="in_topic", pmid=pmid
                )
    return graph


def test_a_topic_that_outgrows_the_others_emerges() -> None:
    steady = dict.fromkeys(range(2015, 2021), 40)
    rows = {
        row["topic"]: row
        for row in growth(
            literature(("old", steady), ("new", {2016: 2, 2018: 15, 2020: 25}), ("small", {2020: 3}))
        ).rows
    }
    assert rows["new"]["emerging"] == 1
    assert (rows["new"]["recent"], rows["new"]["before"]) == (40, 2)
    assert rows["new"]["by_year"] == {2016: 2, 2018: 15, 2020: 25}
    assert rows["old"]["emerging"] == 0
    assert rows["small"]["emerging"] == 0  # too few papers, whatever the test says
    assert rows["small"]["share_ratio"] is None


def test_no_topic_emerges_where_all_grow_alike_or_the_last_year_is_incomplete() -> None:
    growing = {year: 10 * (year - 2013) for year in range(2015, 2020)} | {2020: 5}
    rows = growth(literature(("one", growing), ("two", growing))).rows
    assert [row["emerging"] for row in rows] == [0, 0]
    assert rows[0]["share_ratio"] == 1.0


def test_growth_says_its_test_and_what_it_rests_on(graph: networkx.MultiDiGraph[str]) -> None:
    found = growth(graph)
    assert "Fisher's exact test (one-sided)" in found.notes[0]
    assert "Benjamini and Hochberg over 13 topics" in found.notes[0]
    assert len(found.rows) == 13
    assert "90000009" not in found.pmids  # retracted


def test_pagerank_is_networkxs() -> None:
    network: networkx.Graph[str] = networkx.Graph()
    network.add_weighted_edges_from(
        [("a", "b", 3), ("b", "c", 1), ("c", "d", 2), ("d", "a", 5), ("a", "c", 1)], weight="papers"
    )
    network.add_node("alone")
    found = pagerank(network)
    assert sum(found.values()) == pytest.approx(1)
    wanted = networkx.pagerank(network, weight="papers", tol=1e-12)
    assert found == pytest.approx(wanted, abs=1e-8)
    assert pagerank(networkx.Graph()) == {}


def test_concepts_are_joined_by_papers_in_common(graph: networkx.MultiDiGraph[str]) -> None:
    network = concept_network(graph)
    sbrt, pain = "intervention:stereotactic_body_radiotherapy", "outcome:complete_pain_response"
    assert network.edges[sbrt, pain]["papers"] == 3
    assert not any(node.startswith(("paper:", "topic:", "condition:")) for node in network)


def test_the_most_central_concept_comes_first_with_its_papers(graph: networkx.MultiDiGraph[str]) -> None:
    rows = centrality(graph, limit=3).rows
    assert len(rows) == 3
    score = pagerank(concept_network(graph))
    assert rows[0]["concept"] == graph.nodes[max(score, key=lambda node: score[node])]["label"]
    assert "Stereotactic body radiotherapy" in [row["concept"] for row in rows]
    assert rows[0]["papers"] == len(rows[0]["pmids"])
    assert rows[0]["centrality"] >= rows[1]["centrality"] >= rows[2]["centrality"]


def test_communities_are_the_same_each_time_and_leave_no_one_out(graph: networkx.MultiDiGraph[str]) -> None:
    found = communities(graph)
    assert communities(graph) == found
    named = [concept for row in found.rows for concept in row["concepts"]]
    joined = [node for node in concept_network(graph) if concept_network(graph).degree(node)]
    assert len(named) == len(set(named)) == len(joined)
    assert "modularity" in found.notes[0]


def test_an_empty_graph_has_no_measures(tmp_path: Path) -> None:
    empty = literature()
    assert growth(empty).rows == ()
    assert centrality(empty).rows == ()
    assert communities(empty).rows == ()
