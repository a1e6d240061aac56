"""The one place that knows Datasette's permission API (0.65.x)."""

from __future__ import annotations

from typing import Any

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
    "concepts",
)


async def ensure_may_read(
    datasette: Any, request: Any, database: str, tables: tuple[str, ...] = SHOWN_TABLES
) -> None:
    """Raise Datasette's Forbidden unless the visitor may see the tables that our pages show."""
    for table in tables:
        await datasette.ensure_permissions(
            request.actor,
            [("view-table", (database, table)), ("view-database", database), "view-instance"],
        )
