"""The written schema holds for every graph that is built, and what breaks it is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import HealthCheck, given, settings

from graph.build import build_graph
from graph.schema import faults, load_schema
from harvest.record import Batch, Deletion, Record
from kb.evidence import Extraction, ToolPerformance
from kb.grading.claim_rows import rebuild_claims, update_claims
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from spinemets.building import build_knowledge_base
from tests.graph.made_up_tools import tool_database
from tests.kb.test_claim_rows import batches, copy, empty
from tests.made_up import extraction, made_up_database, record, span, study
from tests.made_up_vocabulary import VOCABULARY


def test_the_made_up_graph_keeps_the_schema(tmp_path: Path) -> None:
    assert list(faults(build_graph(made_up_database(tmp_path / "kb.db")))) == []


def test_the_samples_graph_keeps_the_schema(tmp_path: Path) -> None:
    build_knowledge_base(tmp_path / "kb.db", sample=True, files=(), jobs=1, progress=False)
    graph = build_graph(open_database(tmp_path / "kb.db"))
    assert graph.number_of_edges() > 1000
    assert list(faults(graph)) == []


def test_tools_side_by_side_keep_the_schema(tmp_path: Path) -> None:
    graph = build_graph(tool_database(tmp_path / "kb.db"))
    assert {edge["predicate"] for _, _, edge in graph.edges(data=True)} >= {"outperforms", "evaluated_in"}
    assert list(faults(graph)) == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(batches())
def test_any_graph_keeps_the_schema_whether_claims_are_updated_or_rebuilt(
    updates: list[tuple[list[Record | Deletion], list[Extraction]]],
) -> None:
    db = copy(empty())
    for number, (entries, extractions) in enumerate(updates, 1):
        store_batch(db, Batch("x", tuple(entries), number), extractions, source_digest="x")
        update_claims(db)
    graph = build_graph(db)
    assert list(faults(graph)) == []
    db.execute("DELETE FROM claims_basis")
    update_claims(db)
    again = build_graph(db)
    assert dict(graph.nodes(data=True)) == dict(again.nodes(data=True))
    assert list(graph.edges(keys=True, data=True)) == list(again.edges(keys=True, data=True))


def test_everything_in_the_schema_says_what_it_is() -> None:
    schema = load_schema()
    wanted = {
        *("studies", "compares", "affects", "predicts", "evaluated_in", "outperforms", "cites", "has_level"),
        *("is_a", "retracts"),
    }
    assert wanted <= set(schema.edges)
    assert set(schema.nodes) == {"paper", "intervention", "outcome", "condition", "tool", "level", "topic"}
    assert all(kind.what.endswith(".") for kind in (*schema.nodes.values(), *schema.edges.values()))
    for edge in schema.edges.values():
        assert edge.subjects | edge.objects <= set(schema.nodes)
        assert {"evidence_keys", "predicate"} <= set(edge.needs)
        assert {"level", "year"} <= set(edge.may)


PAPER: dict[str, Any] = {"kind": "paper", "label": "x", "pmid": "1", "origin": "file", "retracted": 0}
CITES: dict[str, Any] = {"predicate": "cites", "evidence_keys": "", "pmid": "1"}


@pytest.mark.parametrize(
    ("node", "edge", "key", "told"),
    [
        ({"kind": "ghost"}, CITES, "cites", "no kind of node 'ghost'"),
        ({"year": "2020"}, CITES, "cites", "'year' is '2020', no whole"),
        ({"colour": "red"}, CITES, "cites", "the schema has no 'colour' here"),
        ({}, {"predicate": "likes"}, "likes", "no predicate 'likes'"),
        ({}, {"predicate": "cites", "evidence_keys": ""}, "cites", "lacks 'pmid'"),
        ({}, CITES | {"evidence_keys": "a b"}, "cites", "has 2 evidence keys where the schema wants none"),
        ({}, CITES, "cites|1", "its key should be cites"),
        ({}, CITES | {"predicate": "retracts", "evidence_keys": [1]}, "retracts", "no text"),
        ({}, CITES | {"predicate": "has_level"}, "has_level", "has_level does not join a paper to a paper"),
    ],
)
def test_what_breaks_the_schema_is_told(
    node: dict[str, Any], edge: dict[str, Any], key: str, told: str
) -> None:
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    graph.add_node("paper:1", **PAPER | node)
    graph.add_node("paper:2", **PAPER)
    graph.add_edge("paper:1", "paper:2", key=key, **edge)
    assert any(told in fault for fault in faults(graph))


def test_a_tools_figures_in_one_paper_are_held_side_by_side_only_where_alike(tmp_path: Path) -> None:
    db = open_database(tmp_path / "kb.db", create=True)
    write_vocabulary(db, VOCABULARY)
    of = record("90000701", "Two tools", (None, "Figures."))

    def row(tool: str, value: float, **more: Any) -> ToolPerformance:
        return ToolPerformance(span(of, "Figures."), tool, more.pop("metric", "auc"), value, **more)

    new, old = "sorg_survival_model", "revised_tokuhashi_score"
    rows = (
        row(new, 0.8, horizon_months=3.0, setting="external_validation", ci_low=0.7, ci_high=0.9),
        row(old, 0.6, horizon_months=3.0, setting="external_validation", ci_low=0.5, ci_high=0.65),
        row(new, 0.7, horizon_months=12.0), row(old, 0.9, horizon_months=6.0),  # other horizons
        row(new, 0.9, metric="sensitivity"), row(old, 0.1, metric="sensitivity"),  # no discrimination
        row(new, 0.7, metric="c_index"), row(old, 0.7, metric="c_index"),  # equal
        row(new, 0.7, horizon_months=24.0), row(new, 0.8, horizon_months=24.0), row(old, 0.5, horizon_months=24.0),
    )  # fmt: skip
    store_batch(
        db,
        Batch("x", (of,), 1),
        [extraction(of, tool_performance=rows, kind=study(of, "rct", "I"))],
        source_digest="x",
    )
    graph = build_graph(db)
    (edge,) = [(a, b, e) for a, b, e in graph.edges(data=True) if e["predicate"] == "outperforms"]
    assert edge[:2] == (f"tool:{new}", f"tool:{old}")
    assert (edge[2]["margin"], edge[2]["overlapping"], edge[2]["basis"]) == (0.2, 0, "discrimination")


@pytest.mark.corpus
def test_the_graph_of_real_records_keeps_the_schema_and_claims_equal_a_rebuild(tmp_path: Path) -> None:
    folder = (
        Path(os.environ.get("SPINEMETS_CORPORA", Path(__file__).parents[3] / "shared" / "corpora"))
        / "pubmed_xml"
    )
    if not folder.is_dir():
        pytest.skip("the corpora are not here")
    trials, mixed = folder / "bone_spine_trials.xml", folder / "pubmedqa.xml"
    path = tmp_path / "kb.db"
    build_knowledge_base(path, sample=True, files=(trials,), jobs=1, progress=False)
    build_knowledge_base(path, sample=False, files=(mixed,), jobs=1, progress=False)
    db = open_database(path)
    db.execute(
        "UPDATE studies SET on_topic = 1"
    )  # these corpora are not about the spine; their findings are real
    update_claims(db)
    graph = build_graph(db)
    assert list(faults(graph)) == []
    claims = db.execute("SELECT * FROM claims ORDER BY key").fetchall()
    assert len(claims) > 300
    rebuild_claims(db)
    assert db.execute("SELECT * FROM claims ORDER BY key").fetchall() == claims
