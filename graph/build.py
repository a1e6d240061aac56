"""The knowledge base as a networkx MultiDiGraph: papers, concepts, levels and topics, and what joins them.

Nodes
    paper:PMID, intervention:ID, outcome:ID, condition:ID, tool:ID, level:I to V, topic:ID. Attributes are
    flat (text, whole or real numbers) and absent where unknown; every node has `kind` and `label`.
Edges
    See `EDGES` for what each predicate joins. The edge key is the predicate; where one pair may be joined
    more than once by the same predicate, "|" and the evidence key or PMID follow. `predicate` is an
    attribute too.
Left out
    Papers that are off topic or withdrawn. A retracted paper is a node with `retracted` = 1 and joined
    only to what it cites, what cites it and its retraction notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import networkx
from sqlite_utils import Database

Edge = tuple[str, str, str, dict[str, Any]]

SAMPLE_NOTE = (
    "Records of origin 'sample' are synopses in the words of the SpineMets KB authors,"
    " not PubMed's abstracts."
)
EDGES: Mapping[str, str] = {
    "studies": "paper to an intervention it studies",
    "measures": "paper to an outcome it measures",
    "concerns": "paper to a condition it names",
    "evaluates": "paper to a tool it evaluates",
    "has_level": "paper to its level of evidence (NASS)",
    "in_topic": "paper to a topic",
    "cites": "paper to a paper it cites, where both are here",
    "retracts": "retraction notice to the retracted paper",
    "affects": "intervention to outcome, one edge a finding",
    "compares": "intervention to its comparator, one edge a paper",
    "predicts": "tool to outcome, one edge a finding",
    "evaluated_in": "tool to paper, one edge a reported performance",
    "is_a": "concept to the broader concept",
}
_COUNTING = "s.on_topic AND NOT r.retracted AND NOT r.deleted"
_FROM = "JOIN records r ON r.pmid = e.pmid JOIN studies s ON s.pmid = e.pmid"


def build_graph(db: Database) -> networkx.MultiDiGraph[str]:
    """Return the graph of a knowledge base: the same database gives the same graph in the same order.

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
    for edges in (
        _paper_edges(db),
        _paper_links(db),
        _finding_edges(db),
        _performance_edges(db),
        _hierarchy(db),
    ):
        for subject, target, key, attributes in edges:
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
    return {
        "name": "SpineMets KB",
        "rests_on": f"{scope['records_counted']} of {scope['records']} records count as evidence here",
        "sample_note": SAMPLE_NOTE,
        "levels_note": "Levels of evidence are pre-filled by rule until a reviewer signs them.",
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
        f" SELECT e.concept FROM mentions e {_FROM} WHERE {_COUNTING} AND NOT e.negated"
        f" UNION SELECT e.intervention FROM findings e {_FROM} WHERE {_COUNTING}"
        f" UNION SELECT e.comparator FROM findings e {_FROM} WHERE {_COUNTING}"
        f" UNION SELECT e.outcome FROM findings e {_FROM} WHERE {_COUNTING}"
        f" UNION SELECT e.tool FROM tool_performance e {_FROM} WHERE {_COUNTING}),"
        " used(concept) AS (SELECT concept FROM evidence UNION"
        " SELECT c.parent FROM concepts c JOIN used u ON c.id = u.concept WHERE c.parent IS NOT NULL)"
        " SELECT c.id, c.kind, c.label, c.definition, c.polarity, c.domain, c.type"
        " FROM concepts c JOIN used u ON c.id = u.concept ORDER BY c.kind, c.id"
    )
    columns = ("kind", "label", "definition", "polarity", "domain", "concept_type")
    for identifier, *values in rows:
        attributes = _present(dict(zip(columns, values, strict=True)))
        yield f"{attributes['kind']}:{identifier}", attributes


def _paper_edges(db: Database) -> Iterator[Edge]:
    """What each paper studies, measures, concerns and evaluates, with the number of mentions."""
    rows = db.execute(
        "SELECT e.pmid, e.kind, e.concept, count(*), r.year, s.level_nass,"
        " CASE WHEN e.kind = 'intervention' THEN 'studies' WHEN e.kind = 'outcome' THEN 'measures'"
        " WHEN e.kind = 'condition' THEN 'concerns' ELSE 'evaluates' END"
        f" FROM mentions e {_FROM} WHERE {_COUNTING} AND NOT e.negated"
        " AND (e.kind = 'condition' OR (e.kind, e.role) IN"
        " (VALUES ('intervention', 'studied'), ('outcome', 'measured'), ('tool', 'evaluated')))"
        " GROUP BY e.pmid, e.kind, e.concept ORDER BY e.pmid, e.kind, e.concept"
    )
    for pmid, kind, concept, mentions, year, level, predicate in rows:
        attributes = {
            "predicate": predicate,
            "mentions": mentions,
            "year": year,
            "level": level,
            "pmid": pmid,
        }
        yield f"paper:{pmid}", f"{kind}:{concept}", predicate, attributes


def _paper_links(db: Database) -> Iterator[Edge]:
    """Levels, topics, citations and retractions."""
    queries = {
        (
            "has_level",
            "paper",
            "level",
        ): "SELECT e.pmid, e.level_nass FROM studies e JOIN records r USING (pmid)"
        " WHERE e.level_nass IS NOT NULL AND NOT r.retracted ORDER BY e.pmid",
        (
            "in_topic",
            "paper",
            "topic",
        ): "SELECT e.pmid, e.topic FROM record_topics e JOIN records r USING (pmid)"
        " WHERE NOT r.retracted ORDER BY e.pmid, e.topic",
        ("cites", "paper", "paper"): "SELECT DISTINCT pmid, cited_pmid FROM reference_list"
        " WHERE cited_pmid IS NOT NULL ORDER BY pmid, cited_pmid",
        (
            "retracts",
            "paper",
            "paper",
        ): "SELECT notice_pmid, pmid FROM corrections WHERE kind = 'RetractionIn'"
        " AND notice_pmid IS NOT NULL UNION SELECT pmid, notice_pmid FROM corrections"
        " WHERE kind = 'RetractionOf' AND notice_pmid IS NOT NULL ORDER BY 1, 2",
    }
    for (predicate, left, right), sql in queries.items():
        for subject, target in db.execute(sql):
            yield f"{left}:{subject}", f"{right}:{target}", predicate, {"predicate": predicate}


def _finding_edges(db: Database) -> Iterator[Edge]:
    """Interventions to outcomes and comparators, tools to outcomes: one edge a finding (or paper)."""
    rows = db.execute(
        "SELECT e.key, e.pmid, i.kind, e.intervention, c.kind, e.comparator, e.outcome, e.direction,"
        " e.measure, e.value, e.unit, e.ci_low, e.ci_high, e.p, e.p_relation, e.n, e.timepoint_months,"
        f" s.level_nass, r.year, r.origin FROM findings e {_FROM} JOIN concepts i ON i.id = e.intervention"
        f" LEFT JOIN concepts c ON c.id = e.comparator WHERE {_COUNTING} ORDER BY e.pmid, e.key"
    )
    columns = (
        *("direction", "measure", "value", "unit", "ci_low", "ci_high", "p", "p_relation", "n"),
        *("timepoint_months", "level", "year", "origin"),
    )
    for key, pmid, kind, intervention, other_kind, comparator, outcome, *values in rows:
        found = dict(zip(columns, values, strict=True)) | {"pmid": pmid, "evidence_key": key}
        subject = f"{kind}:{intervention}"
        if outcome is not None:
            predicate = "predicts" if kind == "tool" else "affects"
            attributes = {"predicate": predicate, "comparator": comparator} | found
            yield subject, f"outcome:{outcome}", f"{predicate}|{key}", attributes
        if comparator is not None:
            attributes = {name: found[name] for name in ("level", "year", "origin", "pmid")}
            yield (
                subject,
                f"{other_kind}:{comparator}",
                f"compares|{pmid}",
                {"predicate": "compares"} | attributes,
            )


def _performance_edges(db: Database) -> Iterator[Edge]:
    rows = db.execute(
        "SELECT e.key, e.pmid, e.tool, e.metric, e.value, e.setting, e.ci_low, e.ci_high, e.horizon_months,"
        f" e.n, s.level_nass, r.year, r.origin FROM tool_performance e {_FROM} WHERE {_COUNTING}"
        " ORDER BY e.pmid, e.key"
    )
    columns = (
        "metric",
        "value",
        "setting",
        "ci_low",
        "ci_high",
        "horizon_months",
        "n",
        "level",
        "year",
        "origin",
    )
    for key, pmid, tool, *values in rows:
        attributes = dict(zip(columns, values, strict=True)) | {"pmid": pmid, "evidence_key": key}
        yield (
            f"tool:{tool}",
            f"paper:{pmid}",
            f"evaluated_in|{key}",
            {"predicate": "evaluated_in"} | attributes,
        )


def _hierarchy(db: Database) -> Iterable[Edge]:
    rows = db.execute("SELECT kind, id, parent FROM concepts WHERE parent IS NOT NULL ORDER BY kind, id")
    for kind, concept, parent in rows:
        yield f"{kind}:{concept}", f"{kind}:{parent}", "is_a", {"predicate": "is_a"}
