"""Which papers of a list the knowledge base holds, and which strategies would find them."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harvest.errors import UnreadableFile
from harvest.query import Query, parse
from harvest.query_match import matches, searchable
from harvest.strategy import Strategy, load_strategies
from kb.records import load_record
from kb.schema import open_database

if TYPE_CHECKING:
    from sqlite_utils import Database

_PMID = re.compile(r"(?:PMID:?\s*)?([1-9]\d{0,8})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the list.

    `found` are the strategies whose search is on record as having found it; `would_find` those whose query matches
    the stored text. `topics` are those the tagger put it under.
    """

    pmid: str
    held: bool
    on_topic: bool | None
    title: str | None
    found: tuple[str, ...]
    would_find: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The papers of a list and what is known of each."""

    papers: tuple[Paper, ...]

    @property
    def held(self) -> int:
        """How many papers the knowledge base holds."""
        return sum(paper.held for paper in self.papers)

    def missed_by(self, strategy: Strategy) -> tuple[Paper, ...]:
        """Papers that are held and that the strategy should find but does not.

        The broad one should find all, one of a topic those that were put under its topic.
        """
        return tuple(
            paper
            for paper in self.papers
            if paper.held
            and strategy.name not in paper.would_find
            and (strategy.topic is None or strategy.topic in paper.topics)
        )

    def matched_by(self, strategy: Strategy) -> int:
        """How many of the held papers the strategy would find."""
        return sum(strategy.name in paper.would_find for paper in self.papers)


def read_pmids(path: Path) -> tuple[str, ...]:
    """Read a list of PMIDs, one a line; '#' starts a comment, repeated ones count once.

    Raises
    ------
    UnreadableFile
        A line holds something else, or no line holds a PMID.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UnreadableFile(path, "is no text file") from error
    found: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        match = _PMID.fullmatch(text)
        if match is None:
            raise UnreadableFile(path, f"line {number}: '{text[:40]}' is no PMID; write one a line")
        found[match.group(1)] = None
    if not found:
        raise UnreadableFile(path, "holds no PMID")
    return tuple(found)


def coverage(db: Database, pmids: tuple[str, ...], strategies: tuple[Strategy, ...]) -> Coverage:
    """Look up each paper and try every strategy on what is stored of it."""
    queries = {strategy.name: parse(strategy.query) for strategy in strategies}
    return Coverage(tuple(_paper(db, pmid, queries) for pmid in pmids))


def _paper(db: Database, pmid: str, queries: dict[str, Query]) -> Paper:
    found = _column(db, "SELECT DISTINCT strategy FROM found_by WHERE pmid = ? ORDER BY 1", pmid)
    row = db.execute(
        "SELECT title, on_topic FROM records LEFT JOIN studies USING (pmid) WHERE pmid = ?", (pmid,)
    ).fetchone()
    if row is None:
        return Paper(pmid, False, None, None, found, (), ())
    record = searchable(load_record(db, pmid))
    would_find = tuple(name for name, query in queries.items() if matches(query, record))
    topics = _column(db, "SELECT topic FROM record_topics WHERE pmid = ? ORDER BY 1", pmid)
    return Paper(pmid, True, None if row[1] is None else bool(row[1]), row[0], found, would_find, topics)


def _column(db: Database, sql: str, pmid: str) -> tuple[str, ...]:
    return tuple(row[0] for row in db.execute(sql, (pmid,)))


def coverage_text(database: Path, path: Path, *, as_json: bool) -> str:
    """Return the coverage of the list in `path` as JSON or as lines for a person."""
    pmids = read_pmids(path)
    strategies = load_strategies()
    db = open_database(database)
    try:
        result = coverage(db, pmids, strategies)
    finally:
        db.close()
    if as_json:
        missed = {s.name: [p.pmid for p in result.missed_by(s)] for s in strategies}
        content = {"listed": len(pmids), "held": result.held, "papers": list(map(asdict, result.papers))}
        return json.dumps({**content, "missed_by": missed}, indent=2, ensure_ascii=False)
    return "\n".join(_lines(result, strategies))


def _lines(result: Coverage, strategies: tuple[Strategy, ...]) -> list[str]:
    share = result.held / len(result.papers)
    lines = [
        f"{result.held} of {len(result.papers)} papers of the list are in the knowledge base ({share:.1%})."
    ]
    absent = [paper for paper in result.papers if not paper.held]
    if absent:
        lines.append("Not in the knowledge base, so no strategy can be tried on them here:")
        lines += [f"  {paper.pmid}{_note(paper)}" for paper in absent]
    off_topic = [paper for paper in result.papers if paper.held and paper.on_topic is False]
    if off_topic:
        lines.append("In the knowledge base, but judged off topic:")
        lines += [f"  {paper.pmid}  {_short(paper.title)}" for paper in off_topic]
    if result.held:
        lines.append(
            "Would be found, of those in the knowledge base (narrower MeSH headings are not followed):"
        )
    for strategy in strategies if result.held else ():
        name = f"{strategy.name} {strategy.version}"
        lines.append(f"  {name:<38} {result.matched_by(strategy):>6} of {result.held}")
        of_topic = " of its topic" if strategy.topic else ""
        lines += [f"    misses{of_topic} {p.pmid}  {_short(p.title)}" for p in result.missed_by(strategy)]
    nobody = [paper for paper in result.papers if paper.held and not paper.would_find]
    if nobody:
        lines.append(f"No strategy finds: {', '.join(paper.pmid for paper in nobody)}")
    return lines


def _note(paper: Paper) -> str:
    return f"  (found by {', '.join(paper.found)}, but not stored)" if paper.found else ""


def _short(title: str | None) -> str:
    title = title or ""
    return title if len(title) <= 80 else f"{title[:79]}…"
