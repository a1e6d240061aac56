"""The graph says what the database says: nodes, edges, and what is left out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import networkx
import pytest
from sqlite_utils import Database

from graph.build import build_graph
from graph.schema import faults, load_schema
from kb.schema import open_database
from tests.made_up import made_up_database

SBRT = "intervention:stereotactic_body_radiotherapy"
CEBRT = "intervention:conventional_external_beam_radiotherapy"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return made_up_database(tmp_path_factory.mktemp("graph") / "kb.db")


@pytest.fixture(scope="module")
def graph(db: Database) -> networkx.MultiDiGraph[str]:
    return build_graph(db)


def test_nodes_are_named_by_kind(graph: networkx.MultiDiGraph[str]) -> None:
    kinds = Counter(kind for _, kind in graph.nodes(data="kind"))
    assert kinds == {
        "paper": 14, "topic": 13, "intervention": 9, "outcome": 8, "level": 5, "tool": 3, "condition": 2
    }  # fmt: skip
    for node, attributes in graph.nodes(data=True):
        assert node.split(":")[0] == attributes["kind"]
        assert attributes["label"]


def test_a_papers_node_says_what_is_known(graph: networkx.MultiDiGraph[str]) -> None:
    paper = graph.nodes["paper:90000001"]
    assert paper["label"] == "SBRT versus cEBRT for painful spinal metastases: a randomised trial"
    assert (paper["pmid"], paper["year"], paper["level"], paper["design"]) == ("90000001", 2019, "I", "rct")
    assert (paper["patients"], paper["origin"], paper["retracted"]) == (210, "file", 0)
    assert "year" not in graph.nodes["paper:90000015"]


def test_every_edge_has_a_known_predicate_and_flat_attributes(graph: networkx.MultiDiGraph[str]) -> None:
    assert list(faults(graph)) == []
    for _, _, attributes in graph.edges(data=True):
        assert not {"source", "target", "id", "key"} & set(attributes)
    found = {attributes["predicate"] for _, _, attributes in graph.edges(data=True)}
    assert found == set(load_schema().edges) - {"outperforms"}


def test_there_is_one_edge_a_finding_and_none_is_overwritten(
    db: Database, graph: networkx.MultiDiGraph[str]
) -> None:
    wanted = db.execute(
        "SELECT f.key FROM readable_findings f JOIN studies s USING (pmid)"
        " WHERE s.on_topic AND f.outcome IS NOT NULL"
    ).fetchall()
    found = [
        a["evidence_keys"] for _, _, a in graph.edges(data=True) if a["predicate"] in ("affects", "predicts")
    ]
    assert sorted(found) == sorted(key for (key,) in wanted)
    edges = graph[SBRT]["outcome:complete_pain_response"].values()
    assert len([edge for edge in edges if edge["predicate"] == "affects"]) == 4


def test_a_finding_edge_carries_its_numbers(graph: networkx.MultiDiGraph[str]) -> None:
    edges = graph[SBRT]["outcome:overall_survival"].values()
    (edge,) = [edge for edge in edges if edge["predicate"] == "affects"]
    assert (edge["measure"], edge["value"], edge["direction"]) == ("hr", 0.95, "no_difference")
    assert (edge["level"], edge["year"], edge["pmid"]) == ("I", 2019, "90000001")
    assert edge["comparator"] == "conventional_external_beam_radiotherapy"


def test_comparisons_have_one_edge_a_paper(graph: networkx.MultiDiGraph[str]) -> None:
    assert {edge["pmid"] for edge in graph[SBRT][CEBRT].values()} == {"90000001", "90000002", "90000016"}
    assert {edge["pmid"] for edge in graph[CEBRT][SBRT].values()} == {"90000003"}


def test_tools_papers_levels_topics_and_hierarchy(graph: networkx.MultiDiGraph[str]) -> None:
    assert graph.has_edge("paper:90000008", "tool:spinal_instability_neoplastic_score", "evaluates")
    (performance,) = graph["tool:spinal_instability_neoplastic_score"]["paper:90000008"].values()
    assert (performance["metric"], performance["value"], performance["setting"]) == (
        "kappa",
        0.71,
        "reliability",
    )
    assert graph.has_edge("paper:90000003", "level:III", "has_level")
    assert graph.has_edge("paper:90000003", "topic:sbrt", "in_topic")
    assert graph.has_edge(SBRT, "intervention:radiotherapy", "is_a")
    prediction, claim = graph["tool:sorg_survival_model"]["outcome:overall_survival"].values()
    assert (prediction["predicate"], prediction["measure"]) == ("predicts", "auc")
    assert (claim["predicate"], claim["evidence_keys"]) == ("claimed", prediction["evidence_keys"])


def test_citations_join_papers_that_are_both_here(graph: networkx.MultiDiGraph[str]) -> None:
    cites = {(a, b) for a, b, key in graph.edges(keys=True) if key == "cites"}
    assert cites == {
        ("paper:90000002", "paper:90000001"),
        ("paper:90000016", "paper:90000001"),
        ("paper:90000016", "paper:90000002"),
    }


def test_a_retracted_paper_is_a_marked_node_without_evidence(graph: networkx.MultiDiGraph[str]) -> None:
    assert graph.nodes["paper:90000009"]["retracted"] == 1
    assert list(graph.out_edges("paper:90000009")) == []
    assert list(graph.in_edges("paper:90000009", keys=True)) == [
        ("paper:90000012", "paper:90000009", "retracts")
    ]
    assert (
        "intervention:decompressive_surgery" not in graph or not graph["intervention:decompressive_surgery"]
    )


def test_withdrawn_and_off_topic_papers_are_left_out(graph: networkx.MultiDiGraph[str]) -> None:
    assert "paper:90000013" not in graph
    assert "paper:90000014" not in graph


def test_the_graph_says_what_it_rests_on(graph: networkx.MultiDiGraph[str]) -> None:
    assert graph.graph["rests_on"] == "13 of 16 records count as evidence here"
    names = ("records", "records_retracted", "records_withdrawn", "records_off_topic", "records_sample")
    assert [graph.graph[name] for name in names] == [16, 1, 1, 1, 1]
    assert "synopses" in graph.graph["sample_note"]


def test_an_empty_knowledge_base_gives_an_empty_graph_that_says_so(tmp_path: Path) -> None:
    graph = build_graph(open_database(tmp_path / "empty.db", create=True))
    assert {kind for _, kind in graph.nodes(data="kind")} == {"level"}
    assert graph.graph["rests_on"] == "0 of 0 records count as evidence here"
