"""Links in Datasette's own tables: a PMID leads to its paper, a key to its sentence, an id to its concept."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from datasette import hookimpl
from markupsafe import Markup

_EVIDENCE_TABLES = frozenset({"mentions", "findings", "tool_performance", "readable_findings"})


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Any) -> Markup | None:
    """Return a link for the columns that name a paper or a piece of evidence, None for all others."""
    if isinstance(value, dict):  # a foreign key, which Datasette has expanded to value and label
        value = value.get("value")
    if not isinstance(value, str) or not value:
        return None
    if column == "pmid" and value.isdigit():
        return _link(datasette, f"/papers/{value}", value)
    if column == "key" and table in _EVIDENCE_TABLES and row is not None and "pmid" in row.keys():  # noqa: SIM118
        return _link(datasette, f"/papers/{quote(str(row['pmid']))}#e-{value}", value)
    return None


def _link(datasette: Any, path: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(str(datasette.urls.path(path)), text)
