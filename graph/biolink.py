"""Our graph in Biolink's terms, as KGX keeps it: a table of nodes and a table of edges (tab-separated).

Each edge has Biolink's nearest predicate; `original_predicate` keeps ours. Papers become PMID identifiers.
A tab or line break inside a text becomes a space, because KGX tables know no quoting.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import networkx

CATEGORIES: Mapping[str, str] = {
    "paper": "biolink:Article",
    "intervention": "biolink:Treatment",
    "outcome": "biolink:ClinicalAttribute",
    "condition": "biolink:Disease",
    # The model's class of information content is abstract: no node may be of it.
    "tool": "biolink:NamedThing",
    "level": "biolink:EvidenceType",
    "topic": "biolink:NamedThing",
}
PREDICATES: Mapping[str, str] = {
    "studies": "biolink:mentions",
    "has_comparator": "biolink:mentions",
    "measures": "biolink:mentions",
    "concerns": "biolink:mentions",
    "evaluates": "biolink:mentions",
    "affects": "biolink:affects",
    "predicts": "biolink:associated_with",
    "is_a": "biolink:subclass_of",
}
_AGENTS: Mapping[str, str] = {"is_a": "manual_agent", "claimed": "data_analysis_pipeline"}
NODE_COLUMNS = (
    *("id", "category", "name", "description", "kind", "year", "journal", "doi", "origin", "retracted"),
    *("design", "level", "patients", "polarity", "domain", "concept_type"),
)
EDGE_COLUMNS = (
    *("id", "subject", "predicate", "object", "original_predicate", "publications"),
    *("primary_knowledge_source", "knowledge_level", "agent_type"),
    *(
        "direction",
        "comparator",
        "measure",
        "metric",
        "value",
        "unit",
        "ci_low",
        "ci_high",
        "p_relation",
        "p",
    ),
    *("n", "timepoint_months", "horizon_months", "setting", "level", "year", "mentions", "origin"),
    *("basis", "margin", "overlapping", "claim", "population", "grade", "consistency", "studies"),
    *(
        "favours_intervention",
        "favours_comparator",
        "no_difference",
        "descriptive",
        "better_than_before",
        "worse_than_before",
        "signed_grade",
        "signed_by",
        "signed_on",
        "signature_state",
        "against_before",
        "patients",
        "evidence_keys",
    ),
)


def kgx_files(graph: networkx.MultiDiGraph[str]) -> dict[str, bytes]:
    """Return the KGX files by the end of their names: `_nodes.tsv`, `_edges.tsv`, `_metadata.json`."""
    metadata = json.dumps(graph.graph, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    nodes = (_node(node, attributes) for node, attributes in graph.nodes(data=True))
    edges = (_edge(*edge) for edge in graph.edges(keys=True, data=True))
    return {
        "_nodes.tsv": _table(NODE_COLUMNS, nodes),
        "_edges.tsv": _table(EDGE_COLUMNS, edges),
        "_metadata.json": metadata.encode(),
    }


def curie(node: str) -> str:
    """The node's identifier as KGX has it: PMID for papers, ours otherwise."""
    return node.replace("paper:", "PMID:", 1) if node.startswith("paper:") else node


def _node(node: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **attributes,
        "id": curie(node),
        "category": CATEGORIES[attributes["kind"]],
        "name": attributes["label"],
        "description": attributes.get("definition"),
    }


def _edge(subject: str, target: str, key: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    ours = attributes["predicate"]
    # A number without a comparison is no effect.
    described = attributes.get("direction") == "descriptive"
    predicate = "biolink:related_to" if described else PREDICATES.get(ours, "biolink:related_to")
    return {
        **attributes,
        "id": f"{curie(subject)}|{key}|{curie(target)}",
        "subject": curie(subject),
        "predicate": predicate,
        "object": curie(target),
        "original_predicate": f"spinemets:{ours}",
        "publications": _publications(attributes),
        "primary_knowledge_source": "infores:spinemets-kb",
        "knowledge_level": "knowledge_assertion" if ours == "is_a" else "not_provided",
        "agent_type": _AGENTS.get(ours, "text_mining_agent"),
    }


def _publications(attributes: Mapping[str, Any]) -> str:
    """The papers behind an edge as KGX lists them, apart by strokes."""
    pmids = str(attributes.get("pmids", attributes.get("pmid", ""))).split()
    return "|".join(f"PMID:{pmid}" for pmid in pmids)


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    lines = ["\t".join(columns)]
    lines += ("\t".join(_cell(row.get(column)) for column in columns) for row in rows)
    return ("\n".join(lines) + "\n").encode()


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).replace("\x00", "").splitlines()).replace("\t", " ")
