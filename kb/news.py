"""What is new since last time: the papers that runs brought, changed or marked, read from the database."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass, replace
from typing import Any

from kb.summary.words import design_words

# In this order a reader wants to hear it.
CHANGES = {
    "retracted": "Retracted",
    "withdrawn": "Withdrawn from PubMed",
    "reinstated": "No longer retracted",
    "new": "New",
    "changed": "Changed in PubMed",
}
# Notices that a reader of a retracted paper must find.
_NOTICES = "('RetractionIn', 'RetractedandRepublishedIn')"
_ITEMS = (
    "SELECT c.run, coalesce(r.finished_at, r.started_at), c.pmid, c.change, p.title, p.authors_text, p.authors_complete,"
    " coalesce(p.journal_abbreviation, p.journal), p.year, s.design, s.level_nass, p.retracted,"
    " p.origin, (SELECT group_concat(label, char(31)) FROM (SELECT t.label FROM record_topics x JOIN topics t ON t.id = x.topic"
    "  WHERE x.pmid = c.pmid ORDER BY t.position)),"
    f" (SELECT n.notice_pmid FROM corrections n WHERE n.pmid = c.pmid AND n.kind IN {_NOTICES} ORDER BY n.position)"
    " FROM changes c JOIN runs r ON r.id = c.run JOIN records p ON p.pmid = c.pmid JOIN studies s ON s.pmid = c.pmid"
)
_DAY_OR_TIME = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:T[\d:.+Z-]*)?)?)?")


def is_day_or_time(since: str) -> bool:
    """Whether news can be asked for since then: an ISO date, alone, cut short or with a time.

    >>> [is_day_or_time(text) for text in ("2026-11-01", "2026-11", "yesterday", "2026-13-01")]
    [True, True, False, False]
    """
    return _DAY_OR_TIME.fullmatch(since) is not None


@dataclass(frozen=True, slots=True)
class Item:
    """What a run did to one paper on our topic."""

    run: int
    at: str
    pmid: str
    change: str
    title: str
    authors: str
    journal: str
    year: int | None
    design: str
    level: str | None
    retracted: bool
    origin: str
    topics: tuple[str, ...]
    notice_pmid: str | None

    @property
    def headline(self) -> str:
        """The title, never without the mark of a retracted paper or of a synopsis."""
        marks = ("RETRACTED: " if self.retracted else "", " (synopsis)" if self.is_synopsis else "")
        return marks[0] + self.title + marks[1]

    @property
    def is_synopsis(self) -> bool:
        """Whether the text is a synopsis of ours, not PubMed's abstract."""
        return self.origin == "sample"

    @property
    def source(self) -> str:
        """Authors, journal and year in a line."""
        return ". ".join(part for part in (self.authors, self.journal, str(self.year or "")) if part) + "."

    @property
    def study(self) -> str:
        """Design and level in words."""
        level = f"level {self.level}" if self.level else "no level"
        return f"{design_words(self.design)}, {level}"


@dataclass(frozen=True, slots=True)
class News:
    """The items of one or more runs, and how many changes were about papers off topic."""

    since: str | None
    runs: tuple[int, ...]
    items: tuple[Item, ...]
    off_topic: int

    def of(self, change: str) -> tuple[Item, ...]:
        """Return the items of one kind of change."""
        return tuple(item for item in self.items if item.change == change)


def read_news(connection: sqlite3.Connection, since: str | None = None, limit: int | None = None) -> News:
    """Return what the last finished run changed, or all runs that finished at or after `since` (ISO date or time).

    A paper that several of them touched is told once, with what happened last; one that was new to them stays new
    unless it was retracted or withdrawn. The newest `limit` items are kept.
    """
    runs = _runs(connection, since)
    marks = ", ".join("?" * len(runs))
    rows = connection.execute(
        f"{_ITEMS} WHERE c.run IN ({marks}) AND s.on_topic ORDER BY c.run, length(c.pmid), c.pmid", runs
    )
    last: dict[str, Item] = {}
    for row in rows:
        item = _item(row)
        before = last.pop(item.pmid, None)
        if before is not None and before.change == "new" and item.change == "changed":
            item = replace(item, change="new")
        last[item.pmid] = item
    items = sorted(last.values(), key=lambda item: item.run, reverse=True)
    [(off_topic,)] = connection.execute(
        f"SELECT count(DISTINCT c.pmid) FROM changes c JOIN studies s USING (pmid)"
        f" WHERE c.run IN ({marks}) AND NOT s.on_topic",
        runs,
    )
    return News(since, tuple(runs), tuple(items[:limit]), off_topic)


def _runs(connection: sqlite3.Connection, since: str | None) -> list[int]:
    """Runs that are told of; one that was interrupted is told with the run that finished its work."""
    finished = [
        row[0] for row in connection.execute("SELECT id FROM runs WHERE finished_at IS NOT NULL ORDER BY id")
    ]
    if not finished:
        return []
    if since is None:
        before = finished[-2] if len(finished) > 1 else 0
        return [
            row[0]
            for row in connection.execute(
                "SELECT id FROM runs WHERE id > ? AND id <= ?", (before, finished[-1])
            )
        ]
    sql = "SELECT id FROM runs WHERE coalesce(finished_at, started_at) >= ? AND id <= ? ORDER BY id"
    return [row[0] for row in connection.execute(sql, (since, finished[-1]))]


def _item(row: tuple[Any, ...]) -> Item:
    (
        run,
        at,
        pmid,
        change,
        title,
        authors,
        complete,
        journal,
        year,
        design,
        level,
        retracted,
        origin,
        topics,
        notice,
    ) = row
    names = authors.split("; ")
    shown = "; ".join(names[:3]) + (" et al" if len(names) > 3 or not complete else "") if authors else ""
    labels = tuple(topics.split("\x1f")) if topics else ()
    return Item(
        *(run, at, pmid, change, title, shown, journal or "", year, design, level),
        *(bool(retracted), origin, labels, notice),
    )
