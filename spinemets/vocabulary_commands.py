"""`spinemets vocabulary`: what helps those who keep the vocabulary."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from spinemets.options import EXIT_CODES, guarded


@click.group()
def vocabulary() -> None:
    """Look after the vocabulary of interventions, outcomes, conditions and tools."""


@vocabulary.command(epilog=EXIT_CODES)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--papers", type=click.IntRange(1), default=2, show_default=True, help="Fewest papers that use a form."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def propose(files: tuple[Path, ...], papers: int, as_json: bool) -> None:
    """List what a trained model keeps finding in abstracts and the vocabulary does not know.

    FILES are PubMed XML, MEDLINE text or JSON. The list is for a person to choose from; nothing is changed.

    \b
    Example:
      spinemets vocabulary propose results.xml
    """
    from kb.tagging.proposing.proposals import as_table
    from kb.tagging.proposing.proposals import propose as find
    from kb.tagging.proposing.trained import available
    from spinemets.abstract_files import read_abstracts

    if not available():
        raise click.ClickException("the trained models are not installed; see kb/models/CARD.md")
    proposals = guarded(lambda: find([record for path in files for record in read_abstracts(path)], papers))
    if as_json:
        click.echo(json.dumps([asdict(proposal) for proposal in proposals], indent=2, ensure_ascii=False))
    else:
        click.echo(as_table(proposals))
