"""Exports, read back with readers that are not ours."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import igraph
import lxml.etree
import networkx
import pytest

from graph.biolink import CATEGORIES, EDGE_COLUMNS, PREDICATES, curie
from graph.build import build_graph
from graph.errors import CannotWrite, UnknownFormat
from graph.formats import FORMATS, graph_files, write_graph
from kb.schema import open_database
from tests.made_up import made_up_database


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("formats") / "kb.db"
    made_up_database(place).close()
    return place


@pytest.fixture(scope="module")
def graph(path: Path) -> networkx.MultiDiGraph[str]:
    return build_graph(open_database(path))


def read_back(graph: networkx.MultiDiGraph[str], file_format: str) -> networkx.MultiDiGraph[str]:
    content = graph_files(graph, file_format)[""]
    if file_format == "graphml":
        return networkx.read_graphml(io.BytesIO(content), force_multigraph=True)  # type: ignore[no-any-return]
    if file_format == "gexf":
        return networkx.read_gexf(io.BytesIO(content))  # type: ignore[no-any-return]
    data = json.loads(content)
    if file_format == "json":
        return networkx.node_link_graph(data, edges="edges")  # type: ignore[no-any-return]
    return networkx.cytoscape_graph(data)  # type: ignore[no-any-return]


def edge_set(graph: networkx.MultiDiGraph[str], names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    rows = graph.edges(data=True)
    return sorted((a, b, *(repr(values.get(name)) for name in names)) for a, b, values in rows)


@pytest.mark.parametrize("file_format", ["graphml", "gexf", "json", "cytoscape"])
def test_what_is_read_back_is_what_was_written(graph: networkx.MultiDiGraph[str], file_format: str) -> None:
    back = read_back(graph, file_format)
    assert isinstance(back, networkx.MultiDiGraph)
    assert set(back) == set(graph)
    assert back.number_of_edges() == graph.number_of_edges()
    for node, attributes in graph.nodes(data=True):
        assert {name: back.nodes[node][name] for name in attributes} == attributes
    names = (
        "predicate",
        "direction",
        "measure",
        "value",
        "ci_low",
        "p",
        "level",
        "year",
        "pmid",
        "evidence_keys",
    )
    assert edge_set(back, names) == edge_set(graph, names)


@pytest.mark.parametrize("file_format", ["graphml", "json", "cytoscape"])
def test_graph_attributes_are_carried(graph: networkx.MultiDiGraph[str], file_format: str) -> None:
    back = read_back(graph, file_format)
    assert {name: back.graph[name] for name in graph.graph} == graph.graph


def test_gexf_says_in_its_description_what_it_rests_on(graph: networkx.MultiDiGraph[str]) -> None:
    root = ElementTree.fromstring(graph_files(graph, "gexf")[""])
    description = root.find("{*}meta/{*}description")
    assert description is not None
    assert "13 of 16 records" in (description.text or "")
    assert "synopses" in (description.text or "")


@pytest.mark.parametrize("file_format", ["graphml", "gexf"])
def test_edge_ids_in_xml_are_unique(graph: networkx.MultiDiGraph[str], file_format: str) -> None:
    root = ElementTree.fromstring(graph_files(graph, file_format)[""])
    ids = [edge.get("id") for edge in root.iter() if edge.tag.endswith("}edge")]
    assert len(ids) == graph.number_of_edges()
    assert len(set(ids)) == len(ids)


def test_cytoscape_edges_have_ids_of_their_own_and_names(graph: networkx.MultiDiGraph[str]) -> None:
    elements = json.loads(graph_files(graph, "cytoscape")[""])["elements"]
    ids = [edge["data"]["id"] for edge in elements["edges"]]
    assert len(set(ids)) == len(ids) == graph.number_of_edges()
    nodes = {node["data"]["id"] for node in elements["nodes"]}
    assert {edge["data"]["source"] for edge in elements["edges"]} <= nodes
    assert all(node["data"]["label"] for node in elements["nodes"])


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode()), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_kgx_tables(graph: networkx.MultiDiGraph[str]) -> None:
    files = graph_files(graph, "kgx")
    nodes, edges = table(files["_nodes.tsv"]), table(files["_edges.tsv"])
    assert {row["id"] for row in nodes} == {curie(node) for node in graph}
    assert len(edges) == graph.number_of_edges()
    assert len({row["id"] for row in edges}) == len(edges)
    assert {row["category"] for row in nodes} <= set(CATEGORIES.values())
    ids = {row["id"] for row in nodes}
    for row in edges:
        assert None not in row
        assert {row["subject"], row["object"]} <= ids
        assert row["predicate"].startswith("biolink:")
        assert row["knowledge_level"]
        assert row["agent_type"]
    effect = next(
        row for row in edges if row["direction"] == "favours_intervention" and row["measure"] == "rr"
    )
    assert effect["predicate"] == "biolink:affects"
    assert (effect["value"], effect["ci_low"], effect["publications"]) == ("2.0", "1.3", "PMID:90000001")
    assert all(row["predicate"] == "biolink:related_to" for row in edges if row["direction"] == "descriptive")
    assert json.loads(files["_metadata.json"]) == graph.graph


def test_no_attribute_of_an_edge_is_missing_from_kgx(graph: networkx.MultiDiGraph[str]) -> None:
    names = {name for _, _, values in graph.edges(data=True) for name in values}
    assert names - {"predicate", "pmid", "pmids"} <= set(EDGE_COLUMNS)


@pytest.mark.parametrize("file_format", FORMATS)
def test_hostile_text_stays_text(file_format: str) -> None:
    title = "A\x00b\x0b \ufffe <script>&\"'\ttab\nline\r\n]]> \U0001f9b4 | \u2028end"
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(rests_on=title)
    graph.add_node("paper:1", kind="paper", label=title)
    graph.add_node("paper:2", kind="paper", label="")
    graph.add_edge("paper:1", "paper:2", key="cites", predicate="cites")
    if file_format == "kgx":
        rows = table(graph_files(graph, "kgx")["_nodes.tsv"])
        assert [row["id"] for row in rows] == ["PMID:1", "PMID:2"]
        assert "<script>&\"'" in rows[0]["name"]
        return
    label = read_back(graph, file_format).nodes["paper:1"]["label"]
    assert "<script>&\"'" in label
    assert "]]> \U0001f9b4 |" in label


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_same_database_gives_the_same_bytes_in_every_process(
    path: Path, tmp_path: Path, file_format: str
) -> None:
    code = (
        "import sys; from kb.schema import open_database; from graph.build import build_graph;"
        "from graph.formats import write_graph;"
        "write_graph(build_graph(open_database(sys.argv[1])), sys.stdout.buffer, sys.argv[2])"
    )
    outputs = set()
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code, str(path), file_format],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env=os.environ | {"PYTHONHASHSEED": seed},
        )
        outputs.add(run.stdout)
    (output,) = outputs
    assert len(output) > 1000


def test_kgx_file_names(graph: networkx.MultiDiGraph[str], tmp_path: Path) -> None:
    def names(target: Path) -> list[str]:
        return [str(path.relative_to(tmp_path)) for path in write_graph(graph, target, "kgx")]

    assert names(tmp_path / "spine.tsv") == ["spine_nodes.tsv", "spine_edges.tsv", "spine_metadata.json"]
    assert names(tmp_path / "v1.2") == ["v1.2_nodes.tsv", "v1.2_edges.tsv", "v1.2_metadata.json"]
    (tmp_path / "folder").mkdir()
    assert names(tmp_path / "folder") == ["folder/nodes.tsv", "folder/edges.tsv", "folder/metadata.json"]
    stream = io.BytesIO()
    assert write_graph(graph, stream, "kgx") == ()
    assert zipfile.ZipFile(stream).namelist() == ["nodes.tsv", "edges.tsv", "metadata.json"]


def test_a_file_holds_what_the_stream_holds(graph: networkx.MultiDiGraph[str], tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_graph(graph, stream, "gexf")
    assert write_graph(graph, tmp_path / "g.gexf", "gexf") == (tmp_path / "g.gexf",)
    assert (tmp_path / "g.gexf").read_bytes() == stream.getvalue()


def test_errors_name_the_format_and_the_place(graph: networkx.MultiDiGraph[str], tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"'dot'.*graphml, gexf, json, cytoscape, kgx"):
        write_graph(graph, tmp_path / "g.dot", "dot")
    with pytest.raises(CannotWrite, match=r"nowhere.*No such file"):
        write_graph(graph, tmp_path / "nowhere" / "g.json", "json")


def names(values: Any) -> list[str]:
    return sorted(str(value) for value in values)


def test_igraph_reads_the_same_graph_from_graphml(graph: networkx.MultiDiGraph[str], tmp_path: Path) -> None:
    """igraph's reader is written in C and knows nothing of networkx."""
    place = tmp_path / "graph.graphml"
    write_graph(graph, place, "graphml")
    back = igraph.Graph.Read_GraphML(str(place))
    assert back.is_directed()
    assert (back.vcount(), back.ecount()) == (graph.number_of_nodes(), graph.number_of_edges())
    assert names(back.vs["id"]) == names(graph)
    assert back["rests_on"] == graph.graph["rests_on"]
    ids = back.vs["id"]
    wanted = [(a, b, e["predicate"], e["evidence_keys"]) for a, b, e in graph.edges(data=True)]
    found = [(ids[e.source], ids[e.target], e["predicate"], e["evidence_keys"]) for e in back.es]
    assert sorted(found) == sorted(wanted)
    ratio = next(e for e in back.es if e["measure"] == "rr")
    assert (ratio["value"], ratio["ci_low"], ratio["year"]) == (2.0, 1.3, 2019)


def test_gexf_keeps_the_format_as_lxml_reads_it(graph: networkx.MultiDiGraph[str]) -> None:
    """Without networkx: ids are unique, ends exist, every value belongs to a declared attribute and its type."""
    root = lxml.etree.fromstring(graph_files(graph, "gexf")[""])
    space = {"g": "http://www.gexf.net/1.2draft"}
    assert root.tag == "{http://www.gexf.net/1.2draft}gexf"
    (inner,) = root.findall("g:graph", space)
    assert inner.get("defaultedgetype") == "directed"
    nodes = [node.get("id") for node in inner.findall("g:nodes/g:node", space)]
    assert names(nodes) == names(graph)
    edges = inner.findall("g:edges/g:edge", space)
    assert len({edge.get("id") for edge in edges}) == len(edges) == graph.number_of_edges()
    assert {edge.get(end) for edge in edges for end in ("source", "target")} <= set(nodes)
    checks = {"string": str, "boolean": bool, "integer": int, "long": int, "float": float, "double": float}
    for kind, items in (("node", inner.findall("g:nodes/g:node", space)), ("edge", edges)):
        declared = {
            attribute.get("id"): attribute.get("type")
            for group in inner.findall("g:attributes", space)
            if group.get("class") == kind
            for attribute in group
        }
        for value in (value for item in items for value in item.iterfind("g:attvalues/g:attvalue", space)):
            assert value.get("for") in declared
            checks[declared[value.get("for")]](value.get("value"))


def test_json_is_what_d3_reads(graph: networkx.MultiDiGraph[str]) -> None:
    content = json.loads(graph_files(graph, "json")[""])
    assert (content["directed"], content["multigraph"]) == (True, True)
    ids = {node["id"] for node in content["nodes"]}
    assert {edge[end] for edge in content["edges"] for end in ("source", "target")} <= ids
    assert len({(e["source"], e["target"], e["key"]) for e in content["edges"]}) == graph.number_of_edges()


def test_kgx_keeps_the_biolink_model(graph: networkx.MultiDiGraph[str]) -> None:
    """Categories a node may be of, predicates and enumerated values, all as the model itself lists them."""
    model = json.loads(Path(__file__).with_name("biolink_model.json").read_text(encoding="utf-8"))
    files = graph_files(graph, "kgx")
    for row in table(files["_nodes.tsv"]):
        assert row["category"] in model["categories"]
        assert ":" in row["id"]
    for row in table(files["_edges.tsv"]):
        assert row["predicate"] in model["predicates"]
        assert row["knowledge_level"] in model["knowledge_levels"]
        assert row["agent_type"] in model["agent_types"]
        assert row["primary_knowledge_source"].startswith("infores:")
        assert all(pmid.startswith("PMID:") for pmid in row["publications"].split("|") if pmid)
    assert set(CATEGORIES.values()) <= set(model["categories"])
    assert set(PREDICATES.values()) <= set(model["predicates"])
    claim = next(r for r in table(files["_edges.tsv"]) if r["consistency"] == "conflicting")
    assert claim["publications"] == "PMID:90000001|PMID:90000002|PMID:90000016"
    assert claim["agent_type"] == "data_analysis_pipeline"
