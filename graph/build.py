"""The knowledge base as a networkx MultiDiGraph: papers, concepts, levels and topics, and what joins them.

Schema
    schema.toml says which kinds of nodes and edges there are and what they carry: attributes are flat (text,
    whole or real numbers) and absent where unknown. The edge key is the predicate; where one pair may be
    joined more than once by the same predicate, "|" and the key of the evidence or claim, or the PMID, follow.
Left out
    Papers that are off topic or withdrawn. A retracted paper is a node with `retracted` = 1 and joined
    only to what it cites, what cites it and its retraction notice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import networkx
from sqlite_utils import Database

from graph.edges import COUNTING, FROM, edges

SAMPLE_NOTE = (
    "Records of origin 'sample' are synopses in the words of the SpineMets KB authors,"
    " not PubMed's abstracts."
)


def build_graph(db: Database, predicates: Collection[str] = ()) -> networkx.MultiDiGraph[str]:
    """Return the graph of a knowledge base: the same database gives the same graph in the same order.

    Parameters
    ----------
    predicates
        Only the edges of these predicates; all where empty.

    Notes
    -----
    Linear in the rows of the database; the graph is held in memory. `graph.graph` says how many records it
    rests on.
    """
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(**_scope(db))
    graph.add_nodes_from(_papers(db))
    graph.add_nodes_from(_concepts(db))
    for level in ("I", "II", "III", "IV", "V"):
        graph.add_node(f"level:{level}", kind="level", label=f"Level {level}")
    for identifier, label in db.execute("SELECT id, label FROM topics ORDER BY position, id"):
        graph.add_node(f"topic:{identifier}", kind="topic", label=label)
    for subject, target, key, attributes in edges(db, predicates):
        if subject in graph and target in graph:
            graph.add_edge(subject, target, key=key, **_present(attributes))
    return graph


def _present(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


def _scope(db: Database) -> dict[str, Any]:
    """How many records the graph rests on, and what its reader must know."""
    counts = db.execute(
        "SELECT count(*), coalesce(sum(s.on_topic AND NOT r.retracted AND NOT r.deleted), 0),"
        " coalesce(sum(r.retracted), 0), coalesce(sum(r.deleted), 0),"
        " coalesce(sum(NOT coalesce(s.on_topic, 0)), 0), coalesce(sum(r.origin = 'sample'), 0)"
        " FROM records r LEFT JOIN studies s USING (pmid)"
    ).fetchone()
    names = ("records", "records_counted", "records_retracted", "records_withdrawn", "records_off_topic")
    scope = dict(zip((*names, "records_sample"), counts, strict=True))
    behind = db.execute("SELECT count(*) FROM changed_records").fetchone()[0]
    return {
        "name": "SpineMets KB",
        "rests_on": f"{scope['records_counted']} of {scope['records']} records count as evidence here",
        "sample_note": SAMPLE_NOTE,
        "levels_note": "Levels and grades are pre-filled by rule; a signed grade stands beside the pre-filled one.",
        "records_changed_since_claims": behind,
        **scope,
    }


def _papers(db: Database) -> Iterator[tuple[str, dict[str, Any]]]:
    columns = ("label", "year", "journal", "doi", "origin", "retracted", "design", "level", "patients")
    rows = db.execute(
        "SELECT r.pmid, r.title, r.year, r.journal, r.doi, r.origin, r.retracted, s.design, s.level_nass,"
        " s.patients FROM records r JOIN studies s USING (pmid)"
        " WHERE NOT r.deleted AND (s.on_topic OR r.pmid IN "
        " (SELECT pmid FROM corrections WHERE kind = 'RetractionOf')) ORDER BY r.pmid"
    )
    for pmid, *values in rows:
        yield (
            f"paper:{pmid}",
            {"kind": "paper", "pmid": pmid} | _present(dict(zip(columns, values, strict=True))),
        )


def _concepts(db: Database) -> Iterator[tuple[str, dict[str, Any]]]:
    """The concepts that evidence names, with all that are broader."""
    rows = db.execute(
        "WITH RECURSIVE evidence(concept) AS ("
        f" SELECT e.concept FROM mentions e {FROM} WHERE {COUNTING} AND NOT e.negated"
        f" UNION SELECT e.intervention FROM findings e {FROM} WHERE {COUNTING}"
        f" UNION SELECT e.comparator FROM findings e {FROM} WHERE {COUNTING}"
        f" UNION SELECT e.outcome FROM findings e {FROM} WHERE {COUNTING}"
        f" UNION SELECT e.tool FROM tool_performance e {FROM} WHERE {COUNTING}),"
        " used(concept) AS (SELECT concept FROM evidence UNION"
        " SELECT c.parent FROM concepts c JOIN used u ON c.id = u.concept WHERE c.parent IS NOT NULL)"
        " SELECT c.id, c.kind, c.label, c.definition, c.polarity, c.domain, c.type"
        " FROM concepts c JOIN used u ON c.id = u.concept ORDER BY c.kind, c.id"
    )
    columns = ("kind", "label", "definition", "polarity", "domain", "concept_type")
    for identifier, *values in rows:
        attributes = _present(dict(zip(columns, values, strict=True)))
        yield f"{attributes['kind']}:{identifier}", attributes
