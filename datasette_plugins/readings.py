"""What pages ask of the database: plain functions over an open SQLite connection, rows as dictionaries.

Papers that are retracted, withdrawn or off topic are left out wherever evidence is listed.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from itertools import groupby
from typing import Any

Row = dict[str, Any]
COUNTS = "NOT r.retracted AND NOT r.deleted AND s.on_topic"
LIMIT = 50
# Of a long list so many stand open, the others are folded.
FIRST = 10

_PAPER = (
    "SELECT r.pmid, r.title, r.authors_text, r.authors_complete, r.journal_abbreviation, r.journal, r.year, r.origin,"
    " r.retracted, r.deleted, s.design, s.level_nass, s.question, s.patients, s.on_topic FROM records r JOIN studies s USING (pmid)"
)
_BY_LEVEL = (
    "ORDER BY CASE s.level_nass WHEN 'I' THEN 1 WHEN 'II' THEN 2 WHEN 'III' THEN 3 WHEN 'IV' THEN 4 WHEN 'V' THEN 5"
    " ELSE 6 END, r.year DESC, r.pmid"
)
_ITS_PAPER = (
    "r.title, r.year, r.origin, r.authors_text, r.journal_abbreviation, r.journal, s.design, s.level_nass, s.question,"
    " s.patients"
)
_FINDING = (
    "SELECT f.*, i.label AS intervention_label, c.label AS comparator_label, o.label AS outcome_label,"
    f" {_ITS_PAPER} FROM findings f JOIN records r USING (pmid)"
    " JOIN studies s USING (pmid) LEFT JOIN concepts i ON i.id = f.intervention"
    " LEFT JOIN concepts c ON c.id = f.comparator LEFT JOIN concepts o ON o.id = f.outcome"
)
_FIGURE = f"SELECT f.*, {_ITS_PAPER} FROM tool_performance f JOIN records r USING (pmid) JOIN studies s USING (pmid)"
CLAIM = (
    "SELECT k.*, i.label AS subject_label, c.label AS comparator_label, o.label AS outcome_label,"
    " g.signed_grade, g.signed_by, g.signed_on, g.signature_state FROM claims k"
    " JOIN concepts i ON i.id = k.subject LEFT JOIN concepts c ON c.id = k.comparator"
    " LEFT JOIN concepts o ON o.id = k.outcome LEFT JOIN signed_grades g ON g.claim = k.key"
)
_CLAIM_ORDER = (
    "ORDER BY k.comparator IS NULL, k.consistency = 'descriptive_only', k.best_level IS NULL, length(k.best_level)"
    " - (k.best_level = 'IV') * 0.5 + (k.best_level = 'V') * 4, k.studies DESC, k.key"
)
_OF_TOPIC = "(SELECT concept FROM concept_topics WHERE topic = ?1)"
_ABOUT_TOPIC = f"k.subject IN {_OF_TOPIC} OR k.comparator IN {_OF_TOPIC}"
_FROM_TOPIC = "k.key IN (SELECT claim FROM claim_evidence WHERE pmid IN (SELECT pmid FROM record_topics WHERE topic = ?1))"


def rows(connection: sqlite3.Connection, sql: str, *values: Any, **named: Any) -> list[Row]:
    """Run a query and return its rows as dictionaries."""
    cursor = connection.execute(sql, named or values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def one(connection: sqlite3.Connection, sql: str, *values: Any, **named: Any) -> Row | None:
    """Return the first row of a query, or None."""
    found = rows(connection, sql, *values, **named)
    return found[0] if found else None


def totals(connection: sqlite3.Connection) -> Row:
    """Return the counts that every page states, and when the last build ended."""
    return rows(
        connection,
        f"SELECT count(*) AS records, coalesce(sum({COUNTS}), 0) AS counted,"
        " coalesce(sum(r.origin = 'sample'), 0) AS synopses, coalesce(sum(r.retracted), 0) AS retracted,"
        " (SELECT count(*) FROM findings) AS findings, (SELECT count(*) FROM claims) AS claims,"
        " (SELECT max(finished_at) FROM runs) AS last_run,"
        " (SELECT max(retrieved_at) FROM records WHERE origin = 'pubmed') AS last_harvest"
        " FROM records r JOIN studies s USING (pmid)",
    )[0]


def topics(connection: sqlite3.Connection) -> list[Row]:
    """Return the topics in order, each with its number of papers and best level."""
    return rows(
        connection,
        "SELECT t.*, count(p.pmid) AS papers, min(p.place) AS best FROM topics t LEFT JOIN"
        " (SELECT x.topic, x.pmid, CASE s.level_nass WHEN 'I' THEN 1 WHEN 'II' THEN 2 WHEN 'III' THEN 3"
        f" WHEN 'IV' THEN 4 WHEN 'V' THEN 5 END AS place FROM record_topics x JOIN studies s USING (pmid)"
        f" JOIN records r USING (pmid) WHERE {COUNTS}) p ON p.topic = t.id GROUP BY t.id ORDER BY t.position",
    )


def topic_papers(connection: sqlite3.Connection, topic: str) -> list[Row]:
    """Return the papers of a topic that count, best level first."""
    return rows(
        connection,
        f"{_PAPER} WHERE {COUNTS} AND r.pmid IN (SELECT pmid FROM record_topics WHERE topic = ?) {_BY_LEVEL}",
        topic,
    )


def topic_claims(connection: sqlite3.Connection, topic: str) -> list[Row]:
    """Return the claims that rest on the topic's papers and are about its concepts, comparisons first."""
    own = set(topic_treatments(connection, topic))
    found = rows(
        connection,
        f"{CLAIM} WHERE k.population IS NULL AND ({_ABOUT_TOPIC}) AND {_FROM_TOPIC} {_CLAIM_ORDER}",
        topic,
    )
    return [
        turned(claim) if claim["comparator"] in own and claim["subject"] not in own else claim
        for claim in found
    ]


def topic_asides(connection: sqlite3.Connection, topic: str) -> list[Row]:
    """Return the comparisons between treatments of other topics that some of the topic's papers take part in."""
    return rows(
        connection,
        f"{CLAIM} WHERE k.population IS NULL AND k.comparator IS NOT NULL AND NOT ({_ABOUT_TOPIC}) AND {_FROM_TOPIC} {_CLAIM_ORDER}",
        topic,
    )


def turned(claim: Row) -> Row:
    """The same claim seen from its comparator's side."""
    pairs = (
        ("subject", "comparator"),
        ("subject_label", "comparator_label"),
        ("favours_intervention", "favours_comparator"),
    )
    turned = dict(claim) | {"turned": True}
    for one_side, other in pairs:
        turned[one_side], turned[other] = claim[other], claim[one_side]
    return turned


def topic_concepts(connection: sqlite3.Connection, topic: str) -> list[Row]:
    """Return the treatments and tools that the topic's papers study, with their number of papers."""
    return rows(
        connection,
        "SELECT c.id, c.kind, c.label, count(DISTINCT m.pmid) AS papers FROM mentions m JOIN concepts c ON c.id = m.concept"
        " JOIN records r ON r.pmid = m.pmid JOIN studies s ON s.pmid = m.pmid"
        f" WHERE {COUNTS} AND m.role IN ('studied', 'comparator', 'evaluated') AND c.kind IN ('intervention', 'tool')"
        " AND NOT m.negated AND m.pmid IN (SELECT pmid FROM record_topics WHERE topic = ?)"
        " GROUP BY c.id ORDER BY papers DESC, c.label LIMIT 24",
        topic,
    )


def concepts(connection: sqlite3.Connection, kind: str) -> list[Row]:
    """Return the concepts of a kind with their number of papers that count, by label."""
    return rows(
        connection,
        "SELECT c.*, count(DISTINCT CASE WHEN " + COUNTS + " THEN m.pmid END) AS papers FROM concepts c"
        " LEFT JOIN mentions m ON m.concept = c.id AND NOT m.negated LEFT JOIN records r ON r.pmid = m.pmid"
        " LEFT JOIN studies s ON s.pmid = m.pmid WHERE c.kind = ? GROUP BY c.id ORDER BY c.label COLLATE NOCASE",
        kind,
    )


def concept(connection: sqlite3.Connection, kind: str, identifier: str) -> Row | None:
    """Return one concept with its broader and narrower ones, or None."""
    found = one(connection, "SELECT * FROM concepts WHERE id = ? AND kind = ?", identifier, kind)
    if found:
        found["broader"] = one(connection, "SELECT id, label FROM concepts WHERE id = ?", found["parent"])
        found["narrower"] = rows(
            connection, "SELECT id, label FROM concepts WHERE parent = ? ORDER BY label", identifier
        )
    return found


def concept_papers(connection: sqlite3.Connection, identifier: str, *, counted: bool = True) -> list[Row]:
    """Return the papers that name a concept without denying it, with their roles for it, best level first.

    Without `counted`, those that are held and count for nothing: off topic, retracted or withdrawn.
    """
    return rows(
        connection,
        _PAPER.replace("s.on_topic FROM", "s.on_topic, group_concat(DISTINCT m.role) AS roles FROM")
        + f" JOIN mentions m USING (pmid) WHERE m.concept = ? AND NOT m.negated AND"
        f" {'' if counted else 'NOT '}({COUNTS}) GROUP BY r.pmid {_BY_LEVEL}",
        identifier,
    )


def concept_claims(connection: sqlite3.Connection, kind: str, identifier: str) -> list[Row]:
    """Return the claims about a concept, as subject, comparator or outcome."""
    column = "k.outcome = ?1" if kind == "outcome" else "k.subject = ?1 OR k.comparator = ?1"
    found = rows(connection, f"{CLAIM} WHERE k.population IS NULL AND ({column}) {_CLAIM_ORDER}", identifier)
    return [turned(claim) if claim["comparator"] == identifier else claim for claim in found]


def claims_by_key(connection: sqlite3.Connection, keys: Iterable[str]) -> dict[str, Row]:
    """Return these claims by key."""
    chosen = json.dumps(sorted(keys))
    found = rows(connection, f"{CLAIM} WHERE k.key IN (SELECT value FROM json_each(?))", chosen)
    return {row["key"]: row for row in found}


def claim_findings(connection: sqlite3.Connection, claims: list[Row]) -> dict[str, list[list[Row]]]:
    """Return the findings behind each claim, by the claim's key: one list a quoted sentence, best level first.

    Claims on tools rest on figures of their performance as well.
    """
    found: dict[str, list[list[Row]]] = {}
    for claim in claims:
        results = []
        for select in (_FINDING, _FIGURE) if claim["subject_kind"] == "tool" else (_FINDING,):
            behind = "f.key IN (SELECT evidence FROM claim_evidence WHERE claim = ?)"
            results += rows(
                connection,
                f"{select} WHERE {behind} {_BY_LEVEL}, f.section, f.start, f.position",
                claim["key"],
            )
        quoted = groupby(results, key=lambda row: (row["pmid"], row["section"], row["start"]))
        found[claim["key"]] = [list(group) for _, group in quoted]
    return found


def topic_treatments(connection: sqlite3.Connection, topic: str) -> list[str]:
    """Return the concepts that make a paper one of the topic."""
    return [
        row["concept"]
        for row in rows(connection, "SELECT concept FROM concept_topics WHERE topic = ?", topic)
    ]


def with_narrower(connection: sqlite3.Connection, concepts: Iterable[str]) -> frozenset[str]:
    """Return these concepts and everything narrower."""
    found = rows(
        connection,
        "WITH RECURSIVE n(id) AS (SELECT value FROM json_each(?) UNION"
        " SELECT c.id FROM concepts c JOIN n ON c.parent = n.id) SELECT id FROM n",
        json.dumps(sorted(concepts)),
    )
    return frozenset(row["id"] for row in found)


def named_concept(connection: sqlite3.Connection, kind: str, words: str) -> Row | None:
    """Return the concept of a kind with this id, label or form, whatever its capitals, or None."""
    return one(
        connection,
        "SELECT id, label FROM concepts c WHERE kind = ?1 AND (id = ?2 OR label = ?2 COLLATE NOCASE OR EXISTS"
        " (SELECT 1 FROM json_each(c.forms) WHERE value = ?2 COLLATE NOCASE)) ORDER BY label <> ?2 COLLATE NOCASE, id",
        kind,
        words,
    )


def choices(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the labels that evidence names, by kind: what the fields of a question offer."""
    found = rows(
        connection,
        "SELECT kind, label FROM concepts c WHERE EXISTS (SELECT 1 FROM mentions m WHERE m.concept = c.id)"
        " ORDER BY label COLLATE NOCASE",
    )
    kinds = ("intervention", "outcome", "condition", "tool")
    return {kind: [row["label"] for row in found if row["kind"] == kind] for kind in kinds}


def papers(connection: sqlite3.Connection, pmids: tuple[str, ...]) -> list[Row]:
    """Return these papers as lists show them, best level first."""
    chosen = "r.pmid IN (SELECT value FROM json_each(?))"
    return rows(connection, f"{_PAPER} WHERE {chosen} {_BY_LEVEL}", json.dumps(pmids))


def paper(connection: sqlite3.Connection, pmid: str) -> Row | None:
    """Return all that a paper's page shows, or None."""
    record = one(connection, "SELECT * FROM records JOIN studies USING (pmid) WHERE pmid = ?", pmid)
    if record is None:
        return None
    parts = {
        "sections": "SELECT * FROM sections WHERE pmid = ? ORDER BY section",
        "mentions": "SELECT m.*, c.label FROM mentions m JOIN concepts c ON c.id = m.concept WHERE pmid = ? ORDER BY position",
        "findings": f"{_FINDING} WHERE f.pmid = ? ORDER BY f.position",
        "performance": "SELECT f.*, c.label AS tool_label FROM tool_performance f JOIN concepts c ON c.id = f.tool"
        " WHERE pmid = ? ORDER BY position",
        "topics": "SELECT t.* FROM topics t JOIN record_topics x ON x.topic = t.id WHERE x.pmid = ? ORDER BY t.position",
        "corrections": "SELECT * FROM corrections WHERE pmid = ? ORDER BY position",
        "publication_types": "SELECT * FROM publication_types WHERE pmid = ? ORDER BY position",
        "mesh": "SELECT * FROM mesh_headings WHERE pmid = ? ORDER BY position",
        "other_abstracts": "SELECT * FROM other_abstracts WHERE pmid = ? ORDER BY position",
    }
    return record | {name: rows(connection, sql, pmid) for name, sql in parts.items()}


def search(connection: sqlite3.Connection, asked: str) -> tuple[list[Row], list[Row]]:
    """Return (papers, concepts) for words that a person typed. Any text is safe: words are quoted for FTS5."""
    words = re.findall(r"\w+", asked)[:20]
    if not words:
        return [], []
    query = " ".join(f'"{word}"' for word in words)
    papers = rows(
        connection,
        _PAPER.replace(
            "s.on_topic FROM",
            "s.on_topic, snippet(records_fts, -1, char(2), char(3), ' … ', 24) AS passage FROM",
        )
        + " JOIN records_fts ON records_fts.rowid = r.rowid WHERE records_fts MATCH ? AND NOT r.deleted"
        " ORDER BY r.retracted, bm25(records_fts, 4.0, 1.0) LIMIT ?",
        query,
        LIMIT,
    )
    found = rows(
        connection,
        "SELECT id, kind, label FROM concepts WHERE "
        + " AND ".join("(' ' || label || ' ' || forms) LIKE ? ESCAPE '!'" for _ in words)
        + " ORDER BY length(label) LIMIT 12",
        *[f"%{word.replace('!', '!!').replace('_', '!_')}%" for word in words],
    )
    return papers, found
