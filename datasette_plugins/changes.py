"""What changed at /changes: papers since the last run, and claims since a year of publication."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.utils.asgi import NotFound, Response
from sqlite_utils import Database

from datasette_plugins import readings
from datasette_plugins.access import NEWS_TABLES, ensure_may_read
from datasette_plugins.keeping import keep
from datasette_plugins.pages import View, knowledge_base, show
from graph.answers import Row
from graph.build import build_graph
from graph.queries import changed_since
from kb.evidence import Claim
from kb.grading.history import claims_before
from kb.news import CHANGES, is_day_or_time, read_news

Sort = Literal["changed", "new", "more"]
SORTS: Mapping[Sort, tuple[str, str]] = {
    "changed": (
        "Changed",
        "Claims that had papers before, and whose grade, direction or best level is another one with those published since.",
    ),
    "new": ("New", "Claims that no paper spoke for before."),
    "more": (
        "More of the same",
        "Claims with further papers that left grade, direction and best level as they were.",
    ),
}
# Years before the newest paper that the page looks back where no year is asked for.
_LOOKS_BACK = 2
_FIRST_YEAR = 1900
_PREDICATES = frozenset({"affects", "predicts", "claimed", "is_a"})
_DIRECTIONS = ("favours_intervention", "favours_comparator", "no_difference")


@dataclass(frozen=True, slots=True)
class ChangedClaim:
    """A claim with papers since the year: its key, those papers, and what it said on the papers before (None: nothing)."""

    key: str
    since: tuple[str, ...]
    before: Claim | None
    grade: str | None
    directions: frozenset[str]
    level: str | None

    @property
    def grade_changed(self) -> bool:
        """Whether the pre-filled grade is another one."""
        return self.before is not None and self.before.grade != self.grade

    @property
    def direction_changed(self) -> bool:
        """Whether the studies point another way, or another way as well."""
        return self.before is not None and _directions(self.before) != self.directions

    @property
    def level_changed(self) -> bool:
        """Whether the best level is another one."""
        return self.before is not None and self.before.best_level != self.level

    @property
    def sort(self) -> Sort:
        """Under which heading it stands."""
        if self.before is None:
            return "new"
        changed = self.grade_changed or self.direction_changed or self.level_changed
        return "changed" if changed else "more"


def _directions(claim: Claim) -> frozenset[str]:
    return frozenset(name for name in _DIRECTIONS if getattr(claim, name))


async def changes(datasette: Any, request: Any) -> Response:
    """The papers of the last run (or of runs since a day), and a page of the claims that changed since a year."""
    name = await knowledge_base(datasette)
    if name is None:
        raise NotFound("No SpineMets knowledge base is attached.")
    await ensure_may_read(datasette, request, name, NEWS_TABLES)
    asked_year, asked_day = ((request.args.get(name) or "").strip()[:30] for name in ("since", "runs_since"))
    kind = request.args.get("kind")
    sort: Sort = cast("Sort", kind) if kind in SORTS else "changed"
    number = int(request.args["page"][:6]) if request.args.get("page", "").isdecimal() else 1

    def read(connection: sqlite3.Connection) -> dict[str, Any]:
        newest = readings.one(connection, "SELECT max(year) AS year FROM records WHERE NOT deleted")
        year = (newest["year"] if newest and newest["year"] else 2000) - _LOOKS_BACK
        problems = []
        if asked_year.isdecimal() and _FIRST_YEAR <= int(asked_year[:5]) <= _FIRST_YEAR + 300:
            year = int(asked_year)
        elif asked_year:
            problems.append(f"“{asked_year}” is no year: shown are changes since {year}.")
        day = asked_day or None
        if day is not None and not is_day_or_time(day):
            problems.append(f"“{day}” is no day such as 2026-11-01: told is what the last run brought.")
            day = None
        found = _changed(connection, year)
        of_sort = [claim for claim in found if claim.sort == sort]
        pages = max(1, -(-len(of_sort) // readings.LIMIT))
        here = min(max(number, 1), pages)
        chosen = of_sort[(here - 1) * readings.LIMIT : here * readings.LIMIT]
        return {
            "news": read_news(connection, day),
            "kinds": CHANGES,
            "day": day,
            "year": year,
            "problems": problems,
            "sorts": {each: sum(claim.sort == each for claim in found) for each in SORTS},
            "headings": SORTS,
            "sort": sort,
            "rows": _shown(connection, chosen),
            "number": here,
            "pages": pages,
            "to": to,
        }

    def to(kind: str, page: int = 1) -> str:
        given = {"since": asked_year, "runs_since": asked_day}
        values = {name: value for name, value in given.items() if value} | {"kind": kind}
        path = str(datasette.urls.path("/changes"))
        return f"{path}?{urlencode(values | ({'page': page} if page > 1 else {}))}#claims"

    return await show(datasette, request, "spinemets_changes.html", read, "")


def _changed(connection: sqlite3.Connection, year: int) -> list[ChangedClaim]:
    """The claims with papers since the year: those that conflict since first, then by level."""

    def make(plain: sqlite3.Connection) -> list[ChangedClaim]:
        db = Database(plain)
        found = changed_since(build_graph(db, _PREDICATES), year).rows
        before = claims_before(db, year, [row["claim"] for row in found if row["before"]])
        return [_claim(row, before.get(row["claim"])) for row in found]

    return cast("list[ChangedClaim]", keep(connection, ("changed", year), make))


def _claim(row: Row, before: Claim | None) -> ChangedClaim:
    names = dict(zip(("favours_subject", "favours_comparator", "no_difference"), _DIRECTIONS, strict=True))
    directions = frozenset(stored for name, stored in names.items() if row[name])
    return ChangedClaim(row["claim"], tuple(row["pmids"]), before, row["grade"], directions, row["level"])


def _shown(
    connection: sqlite3.Connection, chosen: list[ChangedClaim]
) -> list[tuple[ChangedClaim, Row, Row | None, list[Row]]]:
    """Each claim with its row, the row as it was before, and its papers since."""
    claims = readings.claims_by_key(connection, [claim.key for claim in chosen])
    papers = {
        row["pmid"]: row for row in readings.papers(connection, tuple({p for c in chosen for p in c.since}))
    }
    return [
        (
            claim,
            claims[claim.key],
            _as_row(claim.before, claims[claim.key]),
            [papers[pmid] for pmid in claim.since if pmid in papers],
        )
        for claim in chosen
        if claim.key in claims  # it may be gone since the answer was made
    ]


def _as_row(before: Claim | None, now: Row) -> Row | None:
    """What a claim said before, as the words of pages need it."""
    if before is None:
        return None
    names = (
        "grade",
        "best_level",
        "studies",
        "consistency",
        "better_than_before",
        "worse_than_before",
        "descriptive",
    )
    return now | {name: getattr(before, name) for name in (*names, *_DIRECTIONS)} | {"signed_grade": None}


@hookimpl
def register_routes() -> list[tuple[str, View]]:
    """The address of this page."""
    return [(r"^/changes$", changes)]
