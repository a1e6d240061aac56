"""What joins the graph's nodes, read from the database edge by edge in a stable order.

Every edge carries `evidence_keys` (keys of findings or of a tool's performance, apart by blanks), and the level
and year of the paper behind it; see schema.toml.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import combinations, groupby
from typing import Any

from sqlite_utils import Database

from kb.grading.before_treatment import against_before
from kb.prognosis.performance import NO_PREDICTION

Edge = tuple[str, str, str, dict[str, Any]]
Row = tuple[Any, ...]

COUNTING = "s.on_topic AND NOT r.retracted AND NOT r.deleted"
FROM = "JOIN records r ON r.pmid = e.pmid JOIN studies s ON s.pmid = e.pmid"
_DISCRIMINATION = ("auc", "c_index")


def edges(db: Database, predicates: Collection[str] = ()) -> Iterator[Edge]:
    """Yield all edges, or those of some predicates.

    Their ends may be missing from the graph: a paper that is off topic, for instance.
    """
    for made_here, read in _READERS:
        if not predicates:
            yield from read(db)
        elif made_here & set(predicates):
            yield from (edge for edge in read(db) if edge[3]["predicate"] in predicates)


def _paper_edges(db: Database) -> Iterator[Edge]:
    """What each paper studies, compares with, measures, concerns and evaluates, with the number of mentions."""
    keys = _keys_by_concept(db)
    rows = db.execute(
        "SELECT e.pmid, e.kind, e.concept, count(*), r.year, s.level_nass,"
        " CASE WHEN e.role = 'comparator' THEN 'has_comparator' WHEN e.kind = 'intervention' THEN 'studies' WHEN e.kind = 'outcome' THEN 'measures'"
        " WHEN e.kind = 'condition' THEN 'concerns' ELSE 'evaluates' END"
        f" FROM mentions e {FROM} WHERE {COUNTING} AND NOT e.negated"
        " AND (e.kind = 'condition' OR (e.kind, e.role) IN"
        " (VALUES ('intervention', 'studied'), ('intervention', 'comparator'), ('outcome', 'measured'), ('tool', 'evaluated')))"
        " GROUP BY e.pmid, e.kind, e.concept, 7 ORDER BY e.pmid, e.kind, e.concept, 7"
    )
    for pmid, kind, concept, mentions, year, level, predicate in rows:
        attributes = {
            "predicate": predicate,
            "evidence_keys": " ".join(keys.get((pmid, concept), ())),
            "mentions": mentions,
            "year": year,
            "level": level,
            "pmid": pmid,
        }
        yield f"paper:{pmid}", f"{kind}:{concept}", predicate, attributes


def _keys_by_concept(db: Database) -> dict[tuple[str, str], list[str]]:
    """The keys of the findings and performances of each paper on each concept."""
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, pmid, *concepts in db.execute(
        "SELECT key, pmid, intervention, comparator, outcome FROM findings"
        " UNION ALL SELECT key, pmid, tool, NULL, NULL FROM tool_performance ORDER BY pmid, key"
    ):
        for concept in dict.fromkeys(concepts):
            if concept is not None:
                keys[(pmid, concept)].append(key)
    return keys


def _paper_links(db: Database) -> Iterator[Edge]:
    """Levels, topics, citations and retractions, with level and year of the paper that says so."""
    papers = {
        pmid: (level, year)
        for pmid, level, year in db.execute(
            "SELECT r.pmid, s.level_nass, r.year FROM records r JOIN studies s USING (pmid)"
        )
    }
    queries = (
        ("has_level", "level", "SELECT e.pmid, e.level_nass FROM studies e JOIN records r USING (pmid)"
         " WHERE e.level_nass IS NOT NULL AND NOT r.retracted ORDER BY e.pmid"),
        ("in_topic", "topic", "SELECT e.pmid, e.topic FROM record_topics e JOIN records r USING (pmid)"
         " WHERE NOT r.retracted ORDER BY e.pmid, e.topic"),
        ("cites", "paper", "SELECT DISTINCT pmid, cited_pmid FROM reference_list"
         " WHERE cited_pmid IS NOT NULL ORDER BY pmid, cited_pmid"),
        ("retracts", "paper", "SELECT notice_pmid, pmid FROM corrections WHERE kind = 'RetractionIn'"
         " AND notice_pmid IS NOT NULL UNION SELECT pmid, notice_pmid FROM corrections"
         " WHERE kind = 'RetractionOf' AND notice_pmid IS NOT NULL ORDER BY 1, 2"),
    )  # fmt: skip
    for predicate, kind, sql in queries:
        for pmid, target in db.execute(sql):
            level, year = papers.get(pmid, (None, None))
            attributes = {"predicate": predicate, "evidence_keys": "", "pmid": pmid, "year": year}
            yield f"paper:{pmid}", f"{kind}:{target}", predicate, attributes | {"level": level}


def _finding_edges(db: Database) -> Iterator[Edge]:
    """Interventions and tools to outcomes (one edge a finding) and to comparators (one edge a paper)."""
    rows = db.execute(
        "SELECT e.pmid, e.key, i.kind, e.intervention, c.kind, e.comparator, e.outcome, e.direction,"
        " e.measure, e.value, e.unit, e.ci_low, e.ci_high, e.p, e.p_relation, e.n, e.timepoint_months,"
        " e.direction_reason, s.level_nass, r.year, r.origin"
        f" FROM findings e {FROM} JOIN concepts i ON i.id = e.intervention"
        f" LEFT JOIN concepts c ON c.id = e.comparator WHERE {COUNTING} ORDER BY e.pmid, e.key"
    )
    columns = (
        *("direction", "measure", "value", "unit", "ci_low", "ci_high", "p", "p_relation", "n"),
        *("timepoint_months", "against_before", "level", "year", "origin"),
    )
    for pmid, group in groupby(rows, key=lambda row: row[0]):
        compared: dict[tuple[str, str], dict[str, Any]] = {}
        for _, key, kind, intervention, other_kind, comparator, outcome, *values in group:
            found = dict(zip(columns, values, strict=True)) | {"pmid": pmid, "evidence_keys": key}
            itself = comparator is None and against_before(found["against_before"])
            found["against_before"] = 1 if itself and found["direction"].startswith("favours_") else None
            subject = f"{kind}:{intervention}"
            if outcome is not None:
                predicate = "predicts" if kind == "tool" else "affects"
                attributes = {"predicate": predicate, "comparator": comparator} | found
                yield subject, f"outcome:{outcome}", f"{predicate}|{key}", attributes
            if comparator is not None:
                pair = subject, f"{other_kind}:{comparator}"
                _add(compared, pair, "compares", found)
                if kind == other_kind == "tool" and found["direction"].startswith("favours_"):
                    better = pair if found["direction"] == "favours_intervention" else pair[::-1]
                    _add(compared, ("outperforms", *better), "outperforms", found | {"basis": "stated"})
        for ends, attributes in compared.items():
            yield ends[-2], ends[-1], f"{attributes['predicate']}|{pmid}", attributes


def _add(edges: dict[Any, dict[str, Any]], ends: Any, predicate: str, found: dict[str, Any]) -> None:
    """Note an edge of a paper; a further finding on the same pair adds its key."""
    if ends in edges:
        edges[ends]["evidence_keys"] += f" {found['evidence_keys']}"
        return
    names = ("evidence_keys", "level", "year", "origin", "pmid", "basis")
    edges[ends] = {"predicate": predicate} | {name: found[name] for name in names if name in found}


def _performance_edges(db: Database) -> Iterator[Edge]:
    """Tools to the papers that evaluate them, and tools to those they discriminated better than."""
    rows = db.execute(
        "SELECT e.pmid, e.key, e.tool, e.metric, e.value, e.setting, e.ci_low, e.ci_high, e.horizon_months,"
        " e.n, s.level_nass, r.year, r.origin, c.type"
        f" FROM tool_performance e {FROM} JOIN concepts c ON c.id = e.tool WHERE {COUNTING}"
        " ORDER BY e.pmid, e.key"
    )
    columns = (
        "evidence_keys",
        "tool",
        "metric",
        "value",
        "setting",
        "ci_low",
        "ci_high",
        "horizon_months",
        "n",
    )
    for pmid, group in groupby(rows, key=lambda row: row[0]):
        reported = [
            dict(zip((*columns, "level", "year", "origin", "type"), row[1:], strict=True)) for row in group
        ]
        predicting = [row for row in reported if row.pop("type") not in NO_PREDICTION]
        for row in reported:
            attributes = {"predicate": "evaluated_in", "pmid": pmid} | row
            del attributes["tool"]
            yield f"tool:{row['tool']}", f"paper:{pmid}", f"evaluated_in|{row['evidence_keys']}", attributes
        yield from _head_to_head(pmid, predicting)


def _head_to_head(pmid: str, reported: list[dict[str, Any]]) -> Iterator[Edge]:
    """Tools that one paper puts side by side: same metric, horizon and setting, one figure each."""
    alike: dict[tuple[Any, ...], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in reported:
        if row["metric"] in _DISCRIMINATION:
            alike[(row["metric"], row["horizon_months"], row["setting"])][row["tool"]].append(row)
    for (metric, horizon, setting), tools in alike.items():
        single = [rows[0] for rows in tools.values() if len(rows) == 1]
        for pair in combinations(single, 2):
            better, other = sorted(pair, key=lambda row: -row["value"])
            if better["value"] == other["value"]:
                continue
            attributes = {
                "predicate": "outperforms",
                "evidence_keys": f"{better['evidence_keys']} {other['evidence_keys']}",
                "basis": "discrimination",
                "metric": metric,
                "margin": round(better["value"] - other["value"], 6),
                "horizon_months": horizon,
                "setting": setting,
                "overlapping": _overlapping(better, other),
                **{name: better[name] for name in ("level", "year", "origin")},
                "pmid": pmid,
            }
            key = f"outperforms|{pmid}|{metric}|{setting}|{'' if horizon is None else horizon}"
            yield f"tool:{better['tool']}", f"tool:{other['tool']}", key, attributes


def _overlapping(better: dict[str, Any], other: dict[str, Any]) -> int | None:
    """1 if the intervals of two figures overlap, 0 if not, None where one has no interval."""
    if better["ci_low"] is None or other["ci_high"] is None:
        return None
    return int(better["ci_low"] <= other["ci_high"])


def _claim_edges(db: Database) -> Iterator[Edge]:
    """Claims with their grade: one edge a claim, from its subject to its outcome."""
    columns = (
        *("comparator", "population", "grade", "consistency", "studies", "favours_intervention"),
        *("favours_comparator", "no_difference", "descriptive", "better_than_before", "worse_than_before"),
        *("level", "patients", "signed_grade", "signed_by", "signed_on", "signature_state"),
    )
    rows = db.execute(
        "SELECT k.key, k.subject_kind, k.subject, k.outcome, k.comparator, k.population, k.grade, k.consistency,"
        " k.studies, k.favours_intervention, k.favours_comparator, k.no_difference, k.descriptive,"
        " coalesce(k.better_than_before, 0), coalesce(k.worse_than_before, 0), k.best_level, k.patients, g.signed_grade, g.signed_by, g.signed_on,"
        " g.signature_state, e.evidence, e.pmid, r.year FROM claims k JOIN claim_evidence e ON e.claim = k.key"
        " JOIN records r ON r.pmid = e.pmid LEFT JOIN signed_grades g ON g.claim = k.key WHERE k.outcome IS NOT NULL ORDER BY k.key, e.evidence"
    )
    for claim, group in groupby(rows, key=lambda row: row[0]):
        evidence = list(group)
        _, kind, subject, outcome, *values = evidence[0][:-3]
        years = [row[-1] for row in evidence if row[-1] is not None]
        attributes = dict(zip(columns, values, strict=True)) | {
            "predicate": "claimed",
            "claim": claim,
            "evidence_keys": " ".join(row[-3] for row in evidence),
            "pmids": " ".join(sorted({row[-2] for row in evidence})),
            "year": max(years, default=None),
        }
        yield f"{kind}:{subject}", f"outcome:{outcome}", f"claimed|{claim}", attributes


def _hierarchy(db: Database) -> Iterable[Edge]:
    rows = db.execute("SELECT kind, id, parent FROM concepts WHERE parent IS NOT NULL ORDER BY kind, id")
    for kind, concept, parent in rows:
        attributes = {"predicate": "is_a", "evidence_keys": ""}
        yield f"{kind}:{concept}", f"{kind}:{parent}", "is_a", attributes


# Who reads which predicates.
_READERS: tuple[tuple[frozenset[str], Callable[[Database], Iterable[Edge]]], ...] = (
    (frozenset({"studies", "has_comparator", "measures", "concerns", "evaluates"}), _paper_edges),
    (frozenset({"has_level", "in_topic", "cites", "retracts"}), _paper_links),
    (frozenset({"affects", "predicts", "compares", "outperforms"}), _finding_edges),
    (frozenset({"evaluated_in", "outperforms"}), _performance_edges),
    (frozenset({"claimed"}), _claim_edges),
    (frozenset({"is_a"}), _hierarchy),
)
