"""The grades that reviewers signed, at /grades: those that are out of date first."""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import Response

from datasette_plugins.pages import View, show
from kb.grading.signatures import signatures


async def grades(datasette: Any, request: Any) -> Response:
    """All signatures in force with their reasons and what became of their evidence."""

    def read(connection: sqlite3.Connection) -> dict[str, Any]:
        found = list(signatures(connection).values())
        return {"found": found, "stale": sum(one.state != "in force" for one in found)}

    return await show(datasette, request, "spinemets_signed.html", read, "")


@hookimpl
def register_routes() -> list[tuple[str, View]]:
    """The address of this page."""
    return [(r"^/grades$", grades)]
