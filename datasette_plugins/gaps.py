"""Gaps in the evidence at /gaps: what is studied or compared only at Level IV or V, or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.utils.asgi import Response
from sqlite_utils import Database

from datasette_plugins import readings
from datasette_plugins.keeping import keep
from datasette_plugins.pages import View, show
from graph.answers import Answer, Row
from graph.build import build_graph
from graph.gaps import COMPARED_LOW, LOW, NEVER, NOT_COMPARED, PREDICATES
from graph.gaps import gaps as gaps_in

PAPERS = 5
# So many pairs of each sort are kept at most; a page shows `readings.LIMIT` of them.
MOST = 10_000
MOST_CITED = 5
# Words of filters are cut where nobody would type on.
_MOST_TYPED = 200


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of gap: its name in addresses, its heading, and what was looked for in plain words."""

    name: str
    gap: str
    heading: str
    looked_for: str


SORTS = (
    Sort(
        "studied-low",
        LOW,
        "Studied only at Level IV or V",
        "Pairs of a treatment and an outcome on which a result could be read, where the best study is of Level IV or V or"
        " has no level. Results on anything narrower count for the broader pair. Those with most papers come first.",
    ),
    Sort(
        "not-studied",
        NEVER,
        "Not studied",
        f"Pairs of a treatment and an outcome that are each studied in at least {PAPERS} papers, but by no paper together;"
        " a treatment that others are compared with counts as studied. Outcomes of diagnostic tests are left out."
        " Those come first that would be expected most often if papers chose treatments and outcomes independently of"
        " each other (papers on the one, times papers on the other, over all papers: a derived number).",
    ),
    Sort(
        "compared-low",
        COMPARED_LOW,
        "Compared only at Level IV or V",
        "Pairs of treatments that papers compare, where the best of these papers is of Level IV or V or has no level.",
    ),
    Sort(
        "not-compared",
        NOT_COMPARED,
        "Not compared with each other",
        "Pairs of treatments that no paper compares or names as compared, though papers compare both with the same third treatment. Those"
        " joined by most such treatments come first. The papers cited compare one of the two with the third.",
    ),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the visitor narrowed the list to: concept ids with everything narrower, None where not narrowed."""

    topic: frozenset[str] | None
    treatment: frozenset[str] | None
    outcome: frozenset[str] | None

    def fit(self, row: Row) -> bool:
        """Whether a gap is about what was asked for; a comparison is about all outcomes."""
        sides = {row[name].partition(":")[2] for name in ("subject_node", "comparator_node") if name in row}
        wanted = (self.topic, self.treatment)
        if any(ids is not None and not sides & ids for ids in wanted):
            return False
        outcome = row.get("outcome_node", "").partition(":")[2]
        return self.outcome is None or not outcome or outcome in self.outcome


async def gaps(datasette: Any, request: Any) -> Response:
    """One sort of gap, a page of it, narrowed to a topic, treatment or outcome."""
    asked = {
        name: (request.args.get(name) or "").strip()[:_MOST_TYPED]
        for name in ("topic", "treatment", "outcome")
    }
    sort = next((sort for sort in SORTS if sort.name == request.args.get("kind")), SORTS[0])
    number = int(request.args["page"][:6]) if request.args.get("page", "").isdecimal() else 1

    def read(connection: sqlite3.Connection) -> dict[str, Any]:
        filters, problems, typed = _filters(connection, asked)
        found = _all_gaps(connection)
        fitting = [] if problems else [row for row in found.rows if filters.fit(row)]
        of_sort = [row for row in fitting if row["gap"] == sort.gap]
        pages = max(1, -(-len(of_sort) // readings.LIMIT))
        here = min(max(number, 1), pages)
        rows = of_sort[(here - 1) * readings.LIMIT : here * readings.LIMIT]
        return {
            "sorts": [(each, sum(row["gap"] == each.gap for row in fitting)) for each in SORTS],
            "sort": sort,
            "rows": rows,
            "cited": _papers_of(connection, rows),
            "most_cited": MOST_CITED,
            "counted": found.counted,
            "held": found.records,
            "cut": sum(row["gap"] == sort.gap for row in found.rows) >= MOST,
            "number": here,
            "pages": pages,
            "asked": asked,
            "typed": typed,
            "problems": problems,
            "topics": readings.topics(connection),
            "choices": readings.choices(connection),
            "to": to,
        }

    def to(kind: str, page: int = 1) -> str:
        values = {"kind": kind, **{name: value for name, value in asked.items() if value}}
        return (
            str(datasette.urls.path("/gaps")) + "?" + urlencode(values | ({"page": page} if page > 1 else {}))
        )

    return await show(datasette, request, "spinemets_gaps.html", read, "")


def _all_gaps(connection: sqlite3.Connection) -> Answer:
    def make(plain: sqlite3.Connection) -> Answer:
        return gaps_in(build_graph(Database(plain), PREDICATES), papers=PAPERS, limit=MOST)

    return cast("Answer", keep(connection, "gaps", make))


def _filters(
    connection: sqlite3.Connection, asked: Mapping[str, str]
) -> tuple[Filters, list[str], dict[str, str]]:
    """The filters, what of them names nothing, and what stands in the fields."""
    problems, typed = [], dict(asked)
    found: dict[str, frozenset[str] | None] = {"topic": None, "treatment": None, "outcome": None}
    if asked["topic"]:
        own = readings.topic_treatments(connection, asked["topic"])
        found["topic"] = readings.with_narrower(connection, own)
        if readings.one(connection, "SELECT 1 FROM topics WHERE id = ?", asked["topic"]) is None:
            problems.append(f"There is no topic “{asked['topic']}”.")
    for name, kind in (("treatment", "intervention"), ("outcome", "outcome")):
        if asked[name]:
            concept = readings.named_concept(connection, kind, asked[name])
            if concept is None:
                problems.append(f"The vocabulary has no {name} called “{asked[name]}”.")
            else:
                found[name] = readings.with_narrower(connection, [concept["id"]])
                typed[name] = concept["label"]
    return Filters(**found), problems, typed


def _papers_of(connection: sqlite3.Connection, rows: Sequence[Row]) -> dict[str, Row]:
    """The papers that a page names in full, by PMID."""
    pmids = {pmid for row in rows for pmid in row["pmids"][:MOST_CITED]}
    return {row["pmid"]: row for row in readings.papers(connection, tuple(pmids))}


@hookimpl
def register_routes() -> list[tuple[str, View]]:
    """The address of the gaps."""
    return [(r"^/gaps$", gaps)]
