"""What a summary is made of: the topic's papers, findings and statements, read from the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from kb.errors import UnknownTopic
from kb.evidence import LEVELS, Claim, Direction, Level, Span
from kb.grading.before_treatment import against_before
from kb.grading.claims import claims_from
from kb.grading.publications import read_publications
from kb.grading.signatures import Signature, signatures
from kb.grading.statements import read_statements
from kb.summary.citations import Reference
from kb.summary.sentences import Citation
from kb.vocabulary.concept import Topic

_TOPIC_PAPERS = "SELECT pmid FROM record_topics WHERE topic = :topic"
_STUDIES = "JOIN records r USING (pmid) JOIN studies s USING (pmid)"
# A retraction notice is no study.
_COUNTING = (
    "NOT r.retracted AND NOT r.deleted AND s.on_topic"
    " AND r.pmid NOT IN (SELECT pmid FROM corrections WHERE kind = 'RetractionOf')"
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that counts, with what is known of its study."""

    pmid: str
    year: int | None
    origin: str
    design: str
    level: Level | None
    question: str
    patients: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """A finding or a tool's performance (then `outcome` is None and `setting` tells on which patients).

    `against_before`: its direction is against the same patients before treatment, not against another treatment.
    """

    key: str
    pmid: str
    passage: Span
    subject: str | None
    comparator: str | None
    outcome: str | None
    measure: str
    value: float | None
    unit: str | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    p_relation: str | None
    months: float | None
    direction: Direction
    setting: str | None
    against_before: bool = False

    @property
    def citation(self) -> Citation:
        """The passage it is quoted from."""
        return Citation(self.pmid, self.passage, self.key)


@dataclass(frozen=True, slots=True)
class Material:
    """Everything about one topic. Papers are ordered by level, then by year with the latest first.

    `signatures` are those in force on the topic's claims, by key; they are about all papers of the base.
    """

    topic: Topic
    papers: dict[str, Paper]
    results: tuple[Result, ...]
    claims: tuple[Claim, ...]
    signatures: dict[str, Signature]
    mentions: tuple[tuple[str, str, str], ...]
    labels: dict[str, str]
    kinds: dict[str, str]
    references: dict[str, Reference]
    looked_for: tuple[str, ...]
    records: int
    retracted_count: int
    withdrawn_count: int
    last_run: str | None


def read_material(db: Database, topic: str) -> Material:
    """Read all that a summary of `topic` needs."""
    topics = {row[0]: Topic(*row) for row in db.execute("SELECT * FROM topics ORDER BY position, id")}
    if topic not in topics:
        raise UnknownTopic(topic, tuple(topics))
    papers = _papers(db, topic)
    counted = set(papers)
    concepts = db.execute("SELECT id, label, kind FROM concepts").fetchall()
    statements = [said for said in read_statements(db, pmids=counted) if said.population is None]
    last = db.execute("SELECT max(finished_at) FROM runs").fetchone()[0]
    retracted = _retracted(db, topic)
    claims = claims_from(statements, read_publications(db, counted))
    return Material(
        topic=topics[topic],
        papers=papers,
        results=_results(db, topic),
        claims=claims,
        signatures=signatures(db.conn, [claim.key for claim in claims]),
        mentions=_mentions(db, topic),
        labels={identifier: label for identifier, label, _ in concepts},
        kinds={identifier: kind for identifier, _, kind in concepts},
        references=_references(db, [*papers, *retracted]),
        looked_for=_looked_for(db, topic),
        records=_count(db, "SELECT count(*) FROM records", topic),
        retracted_count=len(retracted),
        withdrawn_count=_count(
            db, f"SELECT count(*) FROM records WHERE deleted AND pmid IN ({_TOPIC_PAPERS})", topic
        ),
        last_run=str(last)[:10] if last else None,
    )


def _count(db: Database, sql: str, topic: str) -> int:
    return int(db.execute(sql, {"topic": topic}).fetchone()[0])


def _papers(db: Database, topic: str) -> dict[str, Paper]:
    rows = db.execute(
        "SELECT r.pmid, r.year, r.origin, s.design, s.level_nass, s.question, s.patients"
        f" FROM records r JOIN studies s USING (pmid) WHERE {_COUNTING} AND r.pmid IN ({_TOPIC_PAPERS})"
        " ORDER BY r.pmid",
        {"topic": topic},
    )
    papers = [Paper(*row) for row in rows]
    papers.sort(key=lambda paper: (_place(paper.level), -(paper.year or 0), paper.pmid))
    return {paper.pmid: paper for paper in papers}


def _place(level: Level | None) -> int:
    return len(LEVELS) if level is None else LEVELS.index(level)


def _results(db: Database, topic: str) -> tuple[Result, ...]:
    where = f"{_STUDIES} WHERE {_COUNTING} AND e.pmid IN ({_TOPIC_PAPERS})"
    findings = db.execute(
        "SELECT e.key, e.pmid, e.section, e.start, e.end, e.text, e.intervention, e.comparator, e.outcome,"
        " e.measure, e.value, e.unit, e.ci_low, e.ci_high, e.p, e.p_relation, e.timepoint_months, e.direction, NULL, e.direction_reason"
        f" FROM findings e {where} ORDER BY e.pmid, e.position",
        {"topic": topic},
    ).fetchall()
    performances = db.execute(
        "SELECT e.key, e.pmid, e.section, e.start, e.end, e.text, e.tool, NULL, NULL, e.metric,"
        " e.value, NULL, e.ci_low, e.ci_high, NULL, NULL, e.horizon_months, 'descriptive', e.setting, ''"
        f" FROM tool_performance e {where} ORDER BY e.pmid, e.position",
        {"topic": topic},
    ).fetchall()
    return tuple(_result(row) for row in (*findings, *performances))


def _result(row: tuple[Any, ...]) -> Result:
    pmid, comparator, direction, reason = row[1], row[7], row[17], row[19]
    before = comparator is None and direction.startswith("favours_") and against_before(reason)
    return Result(*(row[0], pmid, Span(*row[2:6]), *row[6:19], before))


def _mentions(db: Database, topic: str) -> tuple[tuple[str, str, str], ...]:
    """Concept, role and PMID of what the papers study, compare with, measure and evaluate."""
    rows = db.execute(
        f"SELECT DISTINCT e.concept, e.role, e.pmid FROM mentions e {_STUDIES} "
        f" WHERE {_COUNTING} AND e.pmid IN ({_TOPIC_PAPERS}) AND NOT e.negated"
        " AND e.role IN ('studied', 'measured', 'evaluated') ORDER BY e.concept, e.role, e.pmid",
        {"topic": topic},
    )
    return tuple(rows.fetchall())


def _retracted(db: Database, topic: str) -> dict[str, str]:
    """The topic's retracted papers, each with where its notice appeared."""
    rows = db.execute(
        f"SELECT pmid FROM records WHERE retracted AND NOT deleted AND pmid IN ({_TOPIC_PAPERS})"
        " ORDER BY pmid",
        {"topic": topic},
    )
    return {pmid: _notice(db, pmid) for (pmid,) in rows.fetchall()}


def _notice(db: Database, pmid: str) -> str:
    row = db.execute(
        "SELECT citation, notice_pmid FROM corrections WHERE pmid = ? AND kind = 'RetractionIn'"
        " ORDER BY position",
        (pmid,),
    ).fetchone()
    citation, notice = row or (None, None)
    return ", ".join(part for part in (citation, f"PMID {notice}" if notice else None) if part)


def _looked_for(db: Database, topic: str) -> tuple[str, ...]:
    rows = db.execute(
        "SELECT c.label FROM concepts c JOIN concept_topics t ON t.concept = c.id WHERE t.topic = ?"
        " ORDER BY c.label",
        (topic,),
    )
    return tuple(label for (label,) in rows)


def _references(db: Database, pmids: list[str]) -> dict[str, Reference]:
    found: dict[str, Reference] = {}
    for number, pmid in enumerate(pmids, 1):
        row = db.execute(
            "SELECT title, authors_complete, coalesce(journal_abbreviation, journal), year, volume, issue,"
            " pages, doi, origin, retracted FROM records WHERE pmid = ?",
            (pmid,),
        ).fetchone()
        title, complete, journal, year, volume, issue, pages, doi, origin, retracted = row
        authors = tuple(
            name
            for (name,) in db.execute(
                "SELECT coalesce(collective, trim(coalesce(last_name, '') || ' '"
                " || coalesce(initials, fore_name, '') || coalesce(' ' || suffix, ''))) "
                " FROM authors WHERE pmid = ? ORDER BY position LIMIT 7",
                (pmid,),
            )
        )
        retraction = _notice(db, pmid) if retracted else None
        found[pmid] = Reference(
            *(number, pmid, title, authors, bool(complete)),
            *(journal, year, volume, issue, pages, doi),
            synopsis=origin == "sample",
            retraction=retraction,
        )
    return found
