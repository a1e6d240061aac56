"""What is asked of a finished knowledge base: summaries, status and graph exports."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from graph.build import build_graph
from graph.formats import write_graph
from kb.content_digest import content_digest
from kb.news import read_news
from kb.news_formats import to_json, to_text
from kb.schema import open_database
from kb.summary.document import summarise
from kb.summary.html import to_html
from kb.summary.markdown import to_markdown
from kb.tagging.extract import extractor
from spinemets.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

_RENDERERS = {"md": to_markdown, "html": to_html}
_COUNTED = (
    "records",
    "studies",
    "mentions",
    "findings",
    "tool_performance",
    "claims",
    "concepts",
    "problems",
)


def write_summary(database: Path, topic: str, form: str, output: Path | None) -> None:
    """Write the cited summary of a topic as Markdown or HTML, to a file or standard output."""
    db = open_database(database)
    try:
        text = _RENDERERS[form](summarise(db, topic))
    finally:
        db.close()
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


def export_graph(database: Path, form: str, output: Path) -> str:
    """Write the graph and return a line that tells what it holds."""
    db = open_database(database)
    try:
        graph = build_graph(db)
    finally:
        db.close()
    write_graph(graph, output, form)
    return f"{output}: {graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges ({form})"


def status(db: Database) -> dict[str, Any]:
    """Return counts, versions, the last run and the content digest."""
    version = extractor()
    counts = {table: db.table(table).count for table in _COUNTED}
    single = {
        "on_topic": "SELECT count(*) FROM studies WHERE on_topic",
        "sample_synopses": "SELECT count(*) FROM records WHERE origin = 'sample'",
        "retracted": "SELECT count(*) FROM records WHERE retracted",
        "withdrawn": "SELECT count(*) FROM records WHERE deleted",
        "signed_grades": "SELECT count(*) FROM signed_grades",
        "signed_out_of_date": "SELECT count(*) FROM signed_grades WHERE signature_state <> 'in force'",
        "unfinished_sources": "SELECT count(*) FROM sources WHERE NOT complete",
    }
    counts |= {name: db.execute(sql).fetchone()[0] for name, sql in single.items()}
    runs = list(db.query("SELECT * FROM runs WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1"))
    return {
        "counts": counts,
        "versions": {"program": VERSION, "extractor": version.version, "vocabulary": version.vocabulary},
        "last_run": runs[0] if runs else None,
        "last_harvest": _last_harvest(db),
        "content_digest": content_digest(db),
    }


def _last_harvest(db: Database) -> str | None:
    """When records last came from PubMed itself, or None."""
    return db.execute("SELECT max(retrieved_at) FROM records WHERE origin = 'pubmed'").fetchone()[0]  # type: ignore[no-any-return]


def status_text(database: Path, *, as_json: bool) -> str:
    """Return the status as JSON or as lines for a person."""
    db = open_database(database)
    try:
        state = status(db)
    finally:
        db.close()
    if as_json:
        return json.dumps(state, indent=2, ensure_ascii=False)
    lines = [f"{name.replace('_', ' '):20} {number:>9,}" for name, number in state["counts"].items()]
    lines += [f"{name + ' version':20} {value}" for name, value in state["versions"].items()]
    run = state["last_run"]
    lines.append(f"{'last run':20} {run['finished_at'] if run else 'never finished'}")
    lines.append(f"{'last harvest':20} {state['last_harvest'] or 'never (nothing came from PubMed itself)'}")
    lines.append(f"{'content digest':20} {state['content_digest']}")
    return "\n".join(lines)


def news_text(database: Path, since: str | None, *, as_json: bool) -> str:
    """Return what the last run changed, or all runs since a day, as JSON or as lines for a person."""
    db = open_database(database)
    try:
        news = read_news(db.conn, since)
    finally:
        db.close()
    return to_json(news) if as_json else to_text(news)
