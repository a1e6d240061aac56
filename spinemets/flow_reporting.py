"""The PRISMA flow of a knowledge base in the form that is asked for."""

from __future__ import annotations

from pathlib import Path

from kb.prisma.diagram import flow_diagram
from kb.prisma.flow import Flow, read_flow
from kb.prisma.text import flow_text
from kb.schema import open_database

_PRINTERS = {"text": flow_text, "json": Flow.as_json, "svg": flow_diagram}


def flow_as(database: Path, form: str) -> str:
    """Return the flow as text, JSON or SVG."""
    db = open_database(database)
    try:
        flow = read_flow(db)
    finally:
        db.close()
    return _PRINTERS[form](flow)
