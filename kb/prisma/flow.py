"""Counting the flow of records from the searches to what is included; every record is in one place."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

_ORIGINS = {"file": "Files", "pubmed": "PubMed, without a recorded search", "sample": "Bundled synopses"}


@dataclass(frozen=True, slots=True)
class Count:
    """How many, of what."""

    label: str
    number: int


@dataclass(frozen=True, slots=True)
class FoundBy:
    """What a strategy found; `promised` is PubMed's count in the last run that searched with this version."""

    strategy: str
    version: str
    found: int
    promised: int | None
    last_searched: str | None


@dataclass(frozen=True, slots=True)
class Flow:
    """The numbers of the diagram, from top to bottom.

    `identified` counts a paper as often as a strategy found it; what follows counts papers.
    """

    searches: tuple[FoundBy, ...]
    others: tuple[Count, ...]
    duplicates: int
    not_retrieved: int
    withdrawn: int
    retracted: int
    off_topic: tuple[Count, ...]
    included: int

    @property
    def identified(self) -> int:
        """All that searches and other sources brought, duplicates included."""
        return sum(search.found for search in self.searches) + sum(count.number for count in self.others)

    @property
    def papers(self) -> int:
        """Different papers."""
        return self.identified - self.duplicates

    @property
    def screened(self) -> int:
        """Papers that were read and judged."""
        return self.papers - self.not_retrieved

    @property
    def excluded(self) -> int:
        """Papers left out after they were read, whatever the reason."""
        return self.withdrawn + self.retracted + sum(count.number for count in self.off_topic)

    def as_json(self) -> str:
        """The flow as a JSON object, totals included."""
        totals: dict[str, Any] = {
            name: getattr(self, name) for name in ("identified", "papers", "screened", "excluded")
        }
        return json.dumps({**asdict(self), **totals}, indent=2, ensure_ascii=False)


def read_flow(db: Database) -> Flow:
    """Count the flow in a knowledge base. A version of a strategy counts by itself, for it is a search of its own."""
    searches = _searches(db)
    others = tuple(
        Count(label, number) for origin, label in _ORIGINS.items() if (number := _number(db, _OTHERS, origin))
    )
    papers = _number(db, f"SELECT count(*) FROM ({_PAPERS})")
    found = sum(search.found for search in searches) + sum(count.number for count in others)
    return Flow(
        searches,
        others,
        duplicates=found - papers,
        not_retrieved=_number(db, f"SELECT count(*) FROM ({_PAPERS}) WHERE pmid NOT IN ({_READ})"),
        withdrawn=_number(db, "SELECT count(*) FROM records WHERE deleted"),
        retracted=_number(db, "SELECT count(*) FROM records WHERE retracted AND NOT deleted"),
        off_topic=_off_topic(db),
        included=_number(db, f"SELECT count(*) FROM ({_CITABLE}) WHERE on_topic"),
    )


# Records that no search is known to have found.
_OTHERS = "SELECT count(*) FROM records WHERE origin = ? AND pmid NOT IN (SELECT pmid FROM found_by)"
_SCREENED = "SELECT pmid FROM screened_out WHERE pmid NOT IN (SELECT pmid FROM records)"
# What was screened out counts only where a search found it: a file's other papers were never candidates.
_PAPERS = "SELECT pmid FROM records UNION SELECT pmid FROM found_by"
_READ = f"SELECT pmid FROM records UNION {_SCREENED}"
_CITABLE = (
    "SELECT r.pmid, coalesce(s.on_topic, 0) AS on_topic, s.relevance_reasons AS reasons FROM records r"
    " LEFT JOIN studies s ON s.pmid = r.pmid WHERE NOT r.deleted AND NOT r.retracted"
)


def _number(db: Database, sql: str, *parameters: str) -> int:
    return int(db.execute(sql, parameters).fetchone()[0])


def _searches(db: Database) -> tuple[FoundBy, ...]:
    sql = (
        "WITH last AS (SELECT strategy, strategy_version, promised, searched_at,"
        "  row_number() OVER (PARTITION BY strategy, strategy_version ORDER BY run DESC) AS place FROM searches),"
        " counted AS (SELECT strategy, strategy_version, count(*) AS found FROM found_by GROUP BY 1, 2)"
        " SELECT coalesce(l.strategy, c.strategy), coalesce(l.strategy_version, c.strategy_version),"
        "  coalesce(c.found, 0), l.promised, l.searched_at"
        " FROM (SELECT * FROM last WHERE place = 1) l FULL OUTER JOIN counted c USING (strategy, strategy_version)"
        " ORDER BY 3 DESC, 1, 2"
    )
    return tuple(FoundBy(*row) for row in db.execute(sql))


def _off_topic(db: Database) -> tuple[Count, ...]:
    """Reasons in words with their counts, the most frequent first."""
    reasons = Counter(
        _leading(row[0]) for row in db.execute(f"SELECT reasons FROM ({_CITABLE}) WHERE NOT on_topic")
    )
    sql = (
        f"SELECT reason FROM screened_out WHERE pmid IN (SELECT pmid FROM found_by) AND pmid IN ({_SCREENED})"
    )
    reasons.update(row[0] for row in db.execute(sql))
    return tuple(Count(*entry) for entry in sorted(reasons.items(), key=lambda entry: (-entry[1], entry[0])))


def _leading(reasons: str | None) -> str:
    """The first of a study's reasons; the tagger puts the one that decided first."""
    listed = json.loads(reasons) if reasons else []
    return listed[0] if listed else "not judged"
