"""What each table and column means, shown on Datasette's own pages."""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

from kb.schema import descriptions


def metadata() -> dict[str, Any]:
    """Return Datasette's metadata for every attached knowledge base's tables.

    Made anew each time: Datasette merges the operator's own metadata, permissions too, into what a plugin returns,
    and a shared dictionary would carry them from one instance to another.
    """
    tables = {
        table: {"description": text["description"], "columns": dict(text.get("columns", {}))}
        for table, text in descriptions().items()
    }
    tables.setdefault("records", {})["facets"] = ["year", "origin", "retracted"]
    tables.setdefault("studies", {})["facets"] = ["design", "level_nass", "question"]
    tables.setdefault("findings", {})["facets"] = ["measure", "direction"]
    return tables


@hookimpl
def get_metadata(datasette: Any, key: str | None, database: str | None, table: str | None) -> dict[str, Any]:
    """Describe the tables of every database; one that has no such table shows nothing of it."""
    names = [name for name in datasette.databases if name not in ("_internal", "_memory")]
    return {"databases": {name: {"tables": metadata()} for name in names}}
