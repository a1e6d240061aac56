"""The graph's schema (schema.toml) and what breaks it: kinds of nodes, predicates, attributes and their types."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import networkx

_TYPES: Mapping[str, type] = {"text": str, "whole": int, "real": float}
_KEYS = {"none": range(1), "one": range(1, 2), "any": range(10**9), "some": range(1, 10**9)}


@dataclass(frozen=True, slots=True)
class NodeType:
    """A kind of node: what it is, how its id is written, and its attributes with their types."""

    kind: str
    what: str
    id: str
    needs: Mapping[str, str]
    may: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EdgeType:
    """A predicate: which kinds it joins, what follows it in the edge's key, and its attributes."""

    predicate: str
    what: str
    subjects: frozenset[str]
    objects: frozenset[str]
    key: Literal["nothing", "pmid", "evidence", "claim"]
    keys: Literal["none", "any", "one", "some"]
    needs: Mapping[str, str]
    may: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Schema:
    """All kinds of nodes and all predicates."""

    nodes: Mapping[str, NodeType]
    edges: Mapping[str, EdgeType]


@cache
def load_schema() -> Schema:
    """Read schema.toml."""
    table = tomllib.loads(files("graph").joinpath("schema.toml").read_text(encoding="utf-8"))
    every = table["every_edge"]
    nodes = {
        kind: NodeType(kind, entry["what"], entry["id"], entry["needs"], entry.get("may", {}))
        for kind, entry in table["node"].items()
    }
    edges = {
        predicate: EdgeType(
            *(predicate, entry["what"], frozenset(entry["from"]), frozenset(entry["to"])),
            *(entry["key"], entry["keys"]),
            every["needs"] | entry.get("needs", {}),
            every["may"] | entry.get("may", {}),
        )
        for predicate, entry in table["edge"].items()
    }
    return Schema(nodes, edges)


def faults(graph: networkx.MultiDiGraph[str]) -> Iterator[str]:
    """Yield in words whatever breaks the schema; nothing for a graph that keeps it."""
    schema = load_schema()
    for node, attributes in graph.nodes(data=True):
        kind = schema.nodes.get(attributes.get("kind", ""))
        if kind is None:
            yield f"{node}: there is no kind of node {attributes.get('kind')!r}"
            continue
        if not node.startswith(f"{kind.kind}:"):
            yield f"{node}: the id does not start with {kind.kind}:"
        yield from _attribute_faults(node, attributes, kind.needs, kind.may)
    for subject, target, key, attributes in graph.edges(keys=True, data=True):
        where = f"{subject} -{key}-> {target}"
        edge = schema.edges.get(attributes.get("predicate", ""))
        if edge is None:
            yield f"{where}: there is no predicate {attributes.get('predicate')!r}"
            continue
        yield from _attribute_faults(where, attributes, edge.needs, edge.may)
        yield from _edge_faults(where, edge, key, attributes)
        kinds = graph.nodes[subject].get("kind"), graph.nodes[target].get("kind")
        if kinds[0] not in edge.subjects or kinds[1] not in edge.objects:
            yield f"{where}: {edge.predicate} does not join a {kinds[0]} to a {kinds[1]}"


def _attribute_faults(
    where: str, attributes: Mapping[str, Any], needs: Mapping[str, str], may: Mapping[str, str]
) -> Iterator[str]:
    for name in needs:
        if name not in attributes:
            yield f"{where}: lacks '{name}'"
    for name, value in attributes.items():
        wanted = needs.get(name) or may.get(name)
        if wanted is None:
            yield f"{where}: the schema has no '{name}' here"
        elif type(value) is not _TYPES[wanted] and not (wanted == "real" and type(value) is int):
            yield f"{where}: '{name}' is {value!r}, no {wanted}"


def _edge_faults(where: str, edge: EdgeType, key: str, attributes: Mapping[str, Any]) -> Iterator[str]:
    evidence = str(attributes.get("evidence_keys", "")).split()
    if len(evidence) not in _KEYS[edge.keys]:
        yield f"{where}: has {len(evidence)} evidence keys where the schema wants {edge.keys}"
    follows = {
        "nothing": edge.predicate,
        "pmid": f"{edge.predicate}|{attributes.get('pmid')}",
        "evidence": f"{edge.predicate}|{evidence[0] if evidence else ''}",
        "claim": f"{edge.predicate}|{attributes.get('claim')}",
    }[edge.key]
    # Several comparisons of one pair in one paper are told apart by what follows a second stroke.
    if key != follows and not (edge.key == "pmid" and key.startswith(f"{follows}|")):
        yield f"{where}: its key should be {follows}"
