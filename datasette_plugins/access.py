"""The one place that knows what changes in Datasette 1.0: its permission API and canned queries (0.65.x)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from datasette import hookimpl

# What our pages show: whoever may not see one of these tables in Datasette sees none of our pages.
SHOWN_TABLES = (
    "records",
    "sections",
    "studies",
    "mentions",
    "findings",
    "tool_performance",
    "claims",
    "claim_papers",
    "claim_pools",
    "grade_signatures",
    "signed_grades",
    "concepts",
)
# Besides these, what the news are read from.
NEWS_TABLES = (*SHOWN_TABLES, "changes", "runs", "record_topics", "topics", "corrections")


async def ensure_may_read(
    datasette: Any, request: Any, database: str, tables: tuple[str, ...] = SHOWN_TABLES
) -> None:
    """Raise Datasette's Forbidden unless the visitor may see the tables that our pages show."""
    for table in tables:
        await datasette.ensure_permissions(
            request.actor,
            [("view-table", (database, table)), ("view-database", database), "view-instance"],
        )


@cache
def ready_made_queries() -> dict[str, dict[str, str]]:
    """Return the SQL behind common kinds of question: name -> title, description and sql."""
    text = files("datasette_plugins").joinpath("canned_queries.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@hookimpl
def canned_queries(datasette: Any, database: str) -> Any:
    """Offer the ready-made queries on every database that is a knowledge base."""

    async def offered() -> dict[str, dict[str, str]]:
        shown = datasette.get_database(database)
        there = {*await shown.table_names(), *await shown.view_names()}
        return ready_made_queries() if there >= set(SHOWN_TABLES) else {}

    return offered
