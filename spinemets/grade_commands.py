"""`spinemets grade`: reviewers sign grades of recommendation beside the pre-filled ones."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from spinemets.options import EXIT_CODES, database_option, guarded

_by_option = click.option("--by", required=True, help="Name of the reviewer, as pages show it.")
_reason_option = click.option("--reason", required=True, help="Why, in a sentence or two.")
_on_option = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Day of the decision [default: today]."
)
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def grade() -> None:
    """Sign grades of recommendation.

    A signature stands beside the pre-filled grade and never hides it. It outlives builds and updates; once the claim
    rests on other evidence than was signed, or a signed paper is retracted, pages, answers, summaries and exports show
    it as OUT OF DATE. Nothing is deleted: signing again replaces it, 'withdraw' ends it.

    \b
    Examples:
      spinemets grade claims sbrt --outcome "pain response"
      spinemets grade sign 3f2a9c --grade B --by "Dr A. Reviewer" --reason "one trial, consistent cohorts"
      spinemets grade list
    """


def _day(on: datetime | None) -> Any:
    return on.date() if on else None


@grade.command("sign", epilog=EXIT_CODES)
@click.argument("claim")
@click.option("--grade", "letter", type=click.Choice(["A", "B", "C", "I"]), required=True)
@_by_option
@_reason_option
@_on_option
@database_option
def sign(claim: str, letter: str, by: str, reason: str, on: datetime | None, database: Path) -> None:
    """Confirm or change the grade of CLAIM.

    CLAIM is the key that pages show beside the grade, its first six characters or more, or the address of the claim.
    """
    from spinemets.signing import sign_text

    click.echo(guarded(lambda: sign_text(database, claim, letter, by, reason, _day(on))))


@grade.command("withdraw", epilog=EXIT_CODES)
@click.argument("claim")
@_by_option
@_reason_option
@_on_option
@database_option
def withdraw(claim: str, by: str, reason: str, on: datetime | None, database: Path) -> None:
    """End the signature on CLAIM; it stays on record with who ended it and why."""
    from spinemets.signing import withdraw_text

    click.echo(guarded(lambda: withdraw_text(database, claim, by, reason, _day(on))))


@grade.command("list", epilog=EXIT_CODES)
@click.option(
    "--all", "everything", is_flag=True, help="With those that were replaced or withdrawn, oldest first."
)
@_json_option
@database_option
def list_signatures(everything: bool, as_json: bool, database: Path) -> None:
    """List the signed grades, those that are out of date first."""
    from spinemets.signing import list_text

    click.echo(guarded(lambda: list_text(database, everything=everything, as_json=as_json)))


@grade.command("claims", epilog=EXIT_CODES)
@click.argument("treatment")
@click.option("--outcome", default=None, help="Only this outcome.")
@database_option
def claims(treatment: str, outcome: str | None, database: Path) -> None:
    """List the claims on TREATMENT (or a tool) with their keys, grades and signatures."""
    from spinemets.signing import claims_text

    click.echo(guarded(lambda: claims_text(database, treatment, outcome)))


@grade.command("take-over", epilog=EXIT_CODES)
@click.argument("other", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@database_option
def take_over(other: Path, database: Path) -> None:
    """Copy the signatures of the knowledge base OTHER that this one has not.

    A base that was rebuilt into a new file holds no signature: they are in no archive.
    """
    from spinemets.signing import take_over_text

    click.echo(guarded(lambda: take_over_text(database, other)))
