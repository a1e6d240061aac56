"""`spinemets graph`: the evidence as a graph, exported or asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from spinemets.options import EXIT_CODES, database_option, guarded

GRAPH_FORMATS = ("graphml", "gexf", "json", "cytoscape", "kgx")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def graph() -> None:
    """The evidence as a graph of papers, treatments, outcomes, conditions, tools and levels.

    Concepts are written in words, as the vocabulary knows them: "SBRT", "cord compression". Each answer says
    on how many of how many records it rests, and names their PMIDs.

    \b
    Examples:
      spinemets graph best sbrt "pain response"
      spinemets graph versus sbrt "conventional radiotherapy"
      spinemets graph changed --since 2022
      spinemets graph export --format graphml --output spinemets.graphml
    """


def _asked(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what all questions share: the database and --json."""
    return database_option(json_option(command))


def _answer(database: Path, name: str, as_json: bool, **values: Any) -> None:
    from spinemets.asking import ask_graph

    click.echo(guarded(lambda: ask_graph(database, name, as_json=as_json, **values)))


@graph.command("export", epilog=EXIT_CODES)
@database_option
@click.option("--format", "form", type=click.Choice(GRAPH_FORMATS), required=True)
@click.option(
    "--output", type=click.Path(path_type=Path), required=True, help="The file to write; a folder for kgx."
)
def graph_export(database: Path, form: str, output: Path) -> None:
    """Write the graph for other programs (Gephi, Cytoscape, KGX ...).

    \b
    Example:
      spinemets graph export --format graphml --output spinemets.graphml
    """
    from spinemets.reporting import export_graph

    click.echo(guarded(lambda: export_graph(database, form, output)))


@graph.command("best", epilog=EXIT_CODES)
@click.argument("treatment")
@click.argument("outcome")
@_asked
def best(treatment: str, outcome: str, database: Path, as_json: bool) -> None:
    """The best evidence for TREATMENT (or a tool) on OUTCOME: claims with grades, then findings by level."""
    _answer(database, "best", as_json, subject=treatment, outcome=outcome)


@graph.command("versus", epilog=EXIT_CODES)
@click.argument("one")
@click.argument("other")
@click.option("--outcome", default=None, help="Only this outcome.")
@_asked
def versus(one: str, other: str, outcome: str | None, database: Path, as_json: bool) -> None:
    """What was found where ONE and OTHER were compared."""
    _answer(database, "versus", as_json, one=one, other=other, outcome=outcome)


@graph.command("compared-with", epilog=EXIT_CODES)
@click.argument("treatment")
@_asked
def compared_with(treatment: str, database: Path, as_json: bool) -> None:
    """What TREATMENT (or a tool) is compared with, by how many papers and on which outcomes."""
    _answer(database, "compared-with", as_json, node=treatment)


@graph.command("predictors", epilog=EXIT_CODES)
@click.argument("outcome")
@_asked
def predictors(outcome: str, database: Path, as_json: bool) -> None:
    """Which tools predict OUTCOME, with their reported figures; never ranked by AUC."""
    _answer(database, "predictors", as_json, outcome=outcome)


@graph.command("beats", epilog=EXIT_CODES)
@click.argument("tool", required=False)
@_asked
def beats(tool: str | None, database: Path, as_json: bool) -> None:
    """Which tools did better than which, for TOOL or for all."""
    _answer(database, "beats", as_json, tool=tool)


@graph.command("changed", epilog=EXIT_CODES)
@click.option("--since", type=click.IntRange(1900, 2200), required=True, help="Year of publication.")
@_asked
def changed(since: int, database: Path, as_json: bool) -> None:
    """Which claims rest on papers of a year or later, and whether these bring a conflict or a better level."""
    _answer(database, "changed", as_json, year=since)


@graph.command("gaps", epilog=EXIT_CODES)
@click.option(
    "--papers", type=click.IntRange(1), default=5, show_default=True, help="Least papers of each side."
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Most unstudied pairs.")
@_asked
def gaps(papers: int, limit: int, database: Path, as_json: bool) -> None:
    """Pairs of treatment and outcome, and of two treatments, studied only at Level IV or V, or not at all."""
    _answer(database, "gaps", as_json, papers=papers, limit=limit)


@graph.command("path", epilog=EXIT_CODES)
@click.argument("start")
@click.argument("end")
@_asked
def path(start: str, end: str, database: Path, as_json: bool) -> None:
    """The chain of evidence between START and END (concepts in words, or PMIDs)."""
    _answer(database, "path", as_json, start=start, end=end)


@graph.command("growth", epilog=EXIT_CODES)
@click.option(
    "--recent", type=click.IntRange(1, 20), default=3, show_default=True, help="Years of the window."
)
@_asked
def growth(recent: int, database: Path, as_json: bool) -> None:
    """Papers by topic and year, with emerging topics by a stated test."""
    _answer(database, "growth", as_json, recent=recent)


@graph.command("central", epilog=EXIT_CODES)
@click.option("--limit", type=click.IntRange(1), default=30, show_default=True, help="How many.")
@_asked
def central(limit: int, database: Path, as_json: bool) -> None:
    """The concepts on which most evidence hangs."""
    _answer(database, "central", as_json, limit=limit)


@graph.command("communities", epilog=EXIT_CODES)
@_asked
def communities(database: Path, as_json: bool) -> None:
    """Groups of concepts that papers study together."""
    _answer(database, "communities", as_json)
