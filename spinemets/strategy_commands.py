"""Commands about searching: strategies, coverage of a list, and the PRISMA flow."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spinemets.options import EXIT_CODES, database_option, guarded

if TYPE_CHECKING:
    from harvest.strategy import Strategy

FLOW_FORMATS = ("text", "json", "svg")


@click.group()
def strategies() -> None:
    """The PubMed searches: one broad and sensitive, one for each topic."""


@strategies.command("list", epilog=EXIT_CODES)
def list_strategies() -> None:
    """List the strategies with version, date and topic."""
    from harvest.strategy import load_strategies

    for strategy in guarded(load_strategies):
        topic = strategy.topic or "all topics"
        click.echo(f"{strategy.name:<28} {strategy.version:<9} {strategy.date}  {topic}")


@strategies.command("show", epilog=EXIT_CODES)
@click.argument("name")
@click.option(
    "--query", "query_only", is_flag=True, help="Print nothing but the query, to paste into PubMed."
)
def show(name: str, query_only: bool) -> None:
    """Print a strategy as it can be reported: query, version, date, rationale and models.

    \b
    Example:
      spinemets strategies show broad --query
    """
    from harvest.strategy import load_strategies

    found = {strategy.name: strategy for strategy in guarded(load_strategies)}
    if name not in found:
        raise click.UsageError(f"there is no strategy '{name}'; the strategies are: {', '.join(found)}")
    click.echo(found[name].query if query_only else _described(found[name]))


def _described(strategy: Strategy) -> str:
    models = ", ".join(
        review if review.startswith("doi:") else f"PMID {review}" for review in strategy.modelled_on
    )
    lines = [
        f"Strategy    {strategy.name} {strategy.version} ({strategy.date})",
        f"Topic       {strategy.topic or 'all topics'}",
        f"Rationale   {strategy.rationale}",
        f"Modelled on {models or 'no published search; none was seen in print'}",
        "Query",
        strategy.query,
    ]
    return "\n".join(lines)


@strategies.command("lint", epilog=EXIT_CODES)
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def lint_strategies(folder: Path | None) -> None:
    """Check queries for what PubMed would silently ignore or read otherwise than meant.

    FOLDER holds strategy files of your own; without it the bundled ones are checked.
    """
    from harvest.query_lint import lint
    from harvest.strategy import described, read_strategies

    found = guarded(lambda: read_strategies(folder))
    faults = [f"{s.name}: {described(s.query, fault)}" for s in found for fault in lint(s.query)]
    for fault in faults:
        click.echo(fault)
    if faults:
        sys.exit(1)
    click.echo(f"{len(found)} strategies: no fault.")


@click.command(epilog=EXIT_CODES)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@database_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def coverage(file: Path, database: Path, as_json: bool) -> None:
    """Tell which papers of a list are here, and which strategies would find them.

    FILE holds one PMID a line, for instance the studies that a published review included.
    Strategies are tried on what is stored, with no network.

    \b
    Example:
      spinemets coverage included_studies.txt
    """
    from spinemets.coverage import coverage_text

    click.echo(guarded(lambda: coverage_text(database, file, as_json=as_json)))


@click.command(epilog=EXIT_CODES)
@database_option
@click.option("--format", "form", type=click.Choice(FLOW_FORMATS), default="text", show_default=True)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here [default: standard output]."
)
def prisma(database: Path, form: str, output: Path | None) -> None:
    """Print the PRISMA flow: found, duplicates, off topic with reasons, included.

    \b
    Example:
      spinemets prisma --format svg --output flow.svg
    """
    from spinemets.flow_reporting import flow_as

    text = guarded(lambda: flow_as(database, form))
    if output is None:
        click.echo(text)
    else:
        guarded(lambda: output.write_text(text, encoding="utf-8"))
