"""What a question asks of the database. Nothing retracted, withdrawn or off topic is read as evidence."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlite_utils import Database

from graph.questions.answers import Quote
from kb.evidence import Span
from kb.grading.statements import outcome_families

Row = dict[str, Any]
COUNTS = (
    "NOT r.retracted AND NOT r.deleted AND s.on_topic"
    " AND r.pmid NOT IN (SELECT pmid FROM corrections WHERE kind = 'RetractionOf')"
)
# What is told of but never counts: retracted papers, and papers on bone metastases outside the spine.
RETRACTED = "r.retracted AND NOT r.deleted"
ELSEWHERE = "NOT r.retracted AND NOT r.deleted AND NOT s.on_topic"
_STUDY = (
    "r.pmid, r.title, r.authors_text, r.year, r.origin, s.design, s.level_nass, s.patients,"
    " (SELECT coalesce(collective, last_name) FROM authors a WHERE a.pmid = r.pmid ORDER BY position LIMIT 1) AS first_author"
)
_FROM = "JOIN records r ON r.pmid = e.pmid JOIN studies s ON s.pmid = e.pmid"
_ANY_OF = "(SELECT value FROM json_each(?))"
_ROLES = "('studied', 'comparator', 'evaluated', 'measured')"
USED = "('evaluated', 'used')"
# Where a paper says what it found: what is named there bears on the paper, whatever its role elsewhere.
_FOUND = "upper(coalesce(x.category, x.label, '')) GLOB '{}*'"
_IN_RESULTS = " OR ".join(
    _FOUND.format(word) for word in ("RESULT", "CONCLUSION", "FINDING", "INTERPRETATION")
)


def _rows(db: Database, sql: str, values: Iterable[Any]) -> list[Row]:
    cursor = db.execute(sql, tuple(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _list(values: Collection[str]) -> str:
    return json.dumps(sorted(values))


def claims(
    db: Database, subjects: Collection[str], comparators: Collection[str], outcomes: Collection[str]
) -> list[Row]:
    """Return the claims on either side of which stand `subjects` (and `comparators`), on `outcomes`.

    An empty collection sets no condition.
    """
    sides, values = [], []
    for one, other in (("subject", "comparator"), ("comparator", "subject")):
        parts = []
        if subjects:
            parts.append(f"k.{one} IN {_ANY_OF}")
            values.append(_list(subjects))
        if comparators:
            parts.append(f"k.{other} IN {_ANY_OF}")
            values.append(_list(comparators))
        sides.append(" AND ".join(parts) or "1")
    where = f"(({sides[0]}) OR ({sides[1]}))"
    if outcomes:
        where += f" AND k.outcome IN {_ANY_OF}"
        values.append(_list(outcomes))
    return _rows(db, f"SELECT k.* FROM claims k WHERE {where} ORDER BY k.key", values)


def claim_results(db: Database, claim: str) -> list[Row]:
    """Return the findings and tool figures behind a claim, each with its study."""
    findings = _rows(
        db,
        "SELECT e.key, e.section, e.start, e.end, e.text, e.intervention, e.comparator, e.outcome, e.direction,"
        f" e.direction_reason, {_STUDY} FROM claim_evidence c JOIN findings e ON e.key = c.evidence {_FROM}"
        f" WHERE c.claim = ? AND {COUNTS} ORDER BY e.pmid, e.position",
        (claim,),
    )
    figures = _rows(
        db,
        "SELECT e.key, e.section, e.start, e.end, e.text, e.tool AS intervention, NULL AS comparator,"
        f" NULL AS outcome, 'descriptive' AS direction, '' AS direction_reason, {_STUDY} FROM claim_evidence c JOIN tool_performance e ON e.key = c.evidence {_FROM}"
        f" WHERE c.claim = ? AND {COUNTS} ORDER BY e.pmid, e.position",
        (claim,),
    )
    return findings + figures


def claim_papers(db: Database, claim: str) -> dict[str, Row]:
    """Return which papers of a claim are counted and why others are not, where the database holds it."""
    if "claim_papers" not in db.table_names():
        return {}
    found = _rows(db, "SELECT pmid, study, counted, reason FROM claim_papers WHERE claim = ?", (claim,))
    return {row["pmid"]: row for row in found}


def conflicts_beside(db: Database, claim: Row) -> tuple[str, ...]:
    """Return the outcomes of a claim's family on which studies of its comparison conflict, where its own do not."""
    if claim["comparator"] is None or claim["consistency"] == "conflicting":
        return ()
    families = outcome_families(db)
    family = families.get(claim["outcome"] or "")
    rows = db.execute(
        "SELECT outcome FROM claims WHERE subject = ? AND comparator = ? AND population IS ?"
        " AND consistency = 'conflicting' AND outcome IS NOT NULL ORDER BY outcome",
        (claim["subject"], claim["comparator"], claim.get("population")),
    )
    return tuple(outcome for (outcome,) in rows if family is not None and families.get(outcome) == family)


def figures(db: Database, tools: Collection[str], metrics: Collection[str]) -> list[Row]:
    """Return what was reported of how tools perform: external validation first, then by year."""
    wanted = f" AND e.metric IN {_ANY_OF}" if metrics else ""
    return _rows(
        db,
        f"SELECT e.*, {_STUDY} FROM tool_performance e {_FROM} WHERE {COUNTS} AND e.tool IN {_ANY_OF}{wanted}"
        " ORDER BY e.setting <> 'external_validation', r.year DESC, e.pmid, e.position",
        (_list(tools), *([_list(metrics)] if metrics else [])),
    )


def naming(db: Database, groups: Iterable[Collection[str]], counts: str = COUNTS) -> set[str]:
    """Return the papers that name a concept of every group: as studied or measured, in the title, or in results.

    They are those that count; another condition on the records may be set with `counts`.
    """
    found: set[str] | None = None
    for group in groups:
        rows = db.execute(
            f"SELECT DISTINCT e.pmid FROM mentions e {_FROM} LEFT JOIN sections x USING (pmid, section)"
            f" WHERE {counts} AND NOT e.negated AND e.concept IN {_ANY_OF} AND (e.kind = 'condition'"
            f" OR e.role IN {_ROLES} OR e.section = 0 OR (NOT e.hypothetical AND ({_IN_RESULTS})))",
            (_list(group),),
        )
        pmids = {pmid for (pmid,) in rows}
        found = pmids if found is None else found & pmids
    return found or set()


def in_one_sentence(
    db: Database, one: Collection[str], other: Collection[str], counts: str = COUNTS
) -> set[str]:
    """Return the papers that study a concept of either set, named together in one sentence or in the title."""
    rows = db.execute(
        f"SELECT DISTINCT e.pmid FROM mentions e JOIN mentions o USING (pmid, section, sentence_start) {_FROM}"
        f" WHERE {counts} AND NOT e.negated AND NOT o.negated AND e.concept IN {_ANY_OF} AND o.concept IN {_ANY_OF}"
        " AND (e.section = 0 OR (e.role IN ('studied', 'comparator') AND o.role IN ('studied', 'comparator')))",
        (_list(one), _list(other)),
    )
    return {pmid for (pmid,) in rows}


def evaluating(db: Database, concepts: Collection[str], counts: str = COUNTS) -> set[str]:
    """Return the papers that put one of the tools to the test."""
    rows = db.execute(
        f"SELECT DISTINCT e.pmid FROM mentions e {_FROM} WHERE {counts} AND e.role = 'evaluated' AND e.concept IN {_ANY_OF}",
        (_list(concepts),),
    )
    return {pmid for (pmid,) in rows}


def users(db: Database, tools: Collection[str]) -> dict[str, set[str]]:
    """Return for each tool the papers that count and evaluate or use it."""
    rows = db.execute(
        f"SELECT DISTINCT e.concept, e.pmid FROM mentions e {_FROM} WHERE {COUNTS} AND NOT e.negated"
        f" AND e.role IN {USED} AND e.concept IN {_ANY_OF}",
        (_list(tools),),
    )
    found: dict[str, set[str]] = {}
    for tool, pmid in rows:
        found.setdefault(tool, set()).add(pmid)
    return found


def studies(db: Database, pmids: Collection[str], counts: str = COUNTS) -> list[Row]:
    """Return what is known of papers, of those that count unless another condition is set."""
    return _rows(
        db,
        f"SELECT {_STUDY} FROM records r JOIN studies s USING (pmid) WHERE {counts} AND r.pmid IN {_ANY_OF}",
        (_list(pmids),),
    )


def results_of(db: Database, pmid: str, outcomes: Collection[str]) -> list[Row]:
    """Return a paper's findings on `outcomes` (all where empty)."""
    wanted = f" AND e.outcome IN {_ANY_OF}" if outcomes else ""
    return _rows(
        db,
        f"SELECT e.* FROM findings e WHERE e.pmid = ?{wanted} ORDER BY e.position",
        (pmid, *([_list(outcomes)] if outcomes else [])),
    )


def mentions_of(db: Database, pmid: str, concepts: Collection[str]) -> list[Row]:
    """Return where a paper names concepts, with the sentence around and what kind of section it stands in."""
    return _rows(
        db,
        "SELECT e.*, coalesce(x.category, x.label) AS category FROM mentions e LEFT JOIN sections x USING (pmid, section)"
        f" WHERE e.pmid = ? AND NOT e.negated AND e.concept IN {_ANY_OF} ORDER BY e.position",
        (pmid, _list(concepts)),
    )


def with_words(db: Database, words: Collection[str], most: int = 5) -> list[Row]:
    """Return papers that hold all the words, best match first."""
    if not words:
        return []
    query = " ".join('"' + word.replace('"', "") + '"' for word in words)
    return _rows(
        db,
        f"SELECT {_STUDY} FROM records_fts JOIN records r ON r.rowid = records_fts.rowid JOIN studies s USING (pmid)"
        f" WHERE records_fts MATCH ? AND {COUNTS} ORDER BY bm25(records_fts, 4.0, 1.0) LIMIT ?",
        (query, most),
    )


def scope(db: Database) -> tuple[int, int, int]:
    """Return how many records count, how many there are, and how many of those that count are sample synopses."""
    row = db.execute(
        f"SELECT coalesce(sum({COUNTS}), 0), count(*), coalesce(sum(({COUNTS}) AND r.origin = 'sample'), 0)"
        " FROM records r LEFT JOIN studies s USING (pmid)"
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2])


def labels(db: Database) -> dict[str, str]:
    """Return the label of every concept in the database."""
    return dict(db.execute("SELECT id, label FROM concepts").fetchall())


def quote(row: Row) -> Quote:
    """The sentence that a finding, figure or mention row quotes."""
    if "sentence_start" in row:
        span = Span(row["section"], row["sentence_start"], row["sentence_end"], row["sentence"])
    else:
        span = Span(row["section"], row["start"], row["end"], row["text"])
    return Quote(row["key"], span, row.get("direction_reason") or "")
