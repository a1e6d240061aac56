"""Commands that bring records from PubMed and keep them current."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spinemets.options import EXIT_CODES, database_option, guarded, shows_progress

if TYPE_CHECKING:
    from spinemets.harvesting import Outcome

_archive_option = click.option(
    "--archive",
    type=click.Path(file_okay=False, path_type=Path),
    default="spinemets-archive",
    show_default=True,
    help="The folder that keeps PubMed's answers as they came.",
)
_jobs_option = click.option(
    "--jobs", type=click.IntRange(1), default=None, help="Processes for tagging [default: all cores]."
)
_only_relevant_option = click.option(
    "--only-relevant", is_flag=True, help="Do not store papers that are off topic; note them with the reason."
)
_strategy_option = click.option(
    "--strategy",
    "strategies",
    multiple=True,
    default=("broad",),
    show_default=True,
    help="A search strategy, or 'all'; may be repeated.",
)


def _address(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if "@" not in value:
        raise click.BadParameter(f"'{value}' is no address")
    return value


def _url(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value and not value.startswith(("http://", "https://")):
        raise click.BadParameter(f"'{value}' does not begin with http:// or https://")
    return value


def _server_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what is needed to talk to PubMed."""
    for option in (
        click.option(
            "--eutils-url",
            envvar="SPINEMETS_EUTILS_URL",
            callback=_url,
            help="Another base address of the E-utilities, such as a proxy. [env: SPINEMETS_EUTILS_URL]",
        ),
        click.option(
            "--api-key",
            envvar="NCBI_API_KEY",
            help="Your NCBI API key: 10 requests a second in place of 3. [env: NCBI_API_KEY]",
        ),
        click.option(
            "--email",
            envvar="NCBI_EMAIL",
            required=True,
            callback=_address,
            help="Your address, so that NCBI can write to you before it blocks you. [env: NCBI_EMAIL]",
        ),
    ):
        command = option(command)
    return command


@click.command(epilog=EXIT_CODES)
@database_option
@_archive_option
@_server_options
@_strategy_option
@click.option(
    "--pmids",
    "lists",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Fetch the papers of a list in place of a search: a text file of PMIDs; may be repeated.",
)
@_only_relevant_option
@_jobs_option
def harvest(
    database: Path,
    archive: Path,
    email: str,
    api_key: str | None,
    eutils_url: str | None,
    strategies: tuple[str, ...],
    lists: tuple[Path, ...],
    only_relevant: bool,
    jobs: int | None,
) -> None:
    """Bring the literature from PubMed, into an archive and from there into the knowledge base.

    Whatever stops it (Ctrl-C, a power cut, PubMed itself): what is fetched is kept, nothing is taken in twice,
    and the same command goes on from there.

    \b
    Examples:
      spinemets harvest --email you@example.org
      spinemets harvest --email you@example.org --strategy sbrt --strategy open_surgery
      spinemets harvest --email you@example.org --pmids included_studies.txt
    """
    from harvest.eutilities import client_for
    from harvest.pmid_list import read_pmid_list
    from spinemets import harvesting

    settings = harvesting.Settings(database, archive, jobs, shows_progress(), only_relevant)
    client = client_for(email, api_key, eutils_url)

    def work() -> list[Outcome]:
        if lists:
            return [harvesting.harvest_list(settings, client, p.name, read_pmid_list(p)) for p in lists]
        return [harvesting.harvest(settings, client, harvesting.strategies_named(strategies))]

    for outcome in guarded(work):
        _tell(outcome)


@click.command(epilog=EXIT_CODES)
@database_option
@_archive_option
@_server_options
@click.option(
    "--strategy",
    "strategies",
    multiple=True,
    help="A search strategy; may be repeated [default: all that were harvested].",
)
@click.option(
    "--overlap",
    type=click.IntRange(0),
    default=7,
    show_default=True,
    help="Days before the last run that are asked for again.",
)
@_only_relevant_option
@_jobs_option
def update(
    database: Path,
    archive: Path,
    email: str,
    api_key: str | None,
    eutils_url: str | None,
    strategies: tuple[str, ...],
    overlap: int,
    only_relevant: bool,
    jobs: int | None,
) -> None:
    """Bring what is new or changed in PubMed since the last complete run.

    Every paper that is held is checked again: retracted ones are marked and linked to the notice, withdrawn ones
    are marked. 'spinemets news' tells what came of it.

    \b
    Example:
      spinemets update --email you@example.org && spinemets news
    """
    from harvest.eutilities import client_for
    from spinemets import harvesting

    settings = harvesting.Settings(database, archive, jobs, shows_progress(), only_relevant)
    client = client_for(email, api_key, eutils_url)
    _tell(
        guarded(
            lambda: harvesting.update(
                settings, client, harvesting.strategies_named(strategies), overlap_days=overlap
            )
        )
    )


@click.command(epilog=EXIT_CODES)
@database_option
@_archive_option
@_only_relevant_option
@_jobs_option
def rebuild(database: Path, archive: Path, only_relevant: bool, jobs: int | None) -> None:
    """Build the knowledge base again from the archive, with no network.

    The content digest is that of the harvested base ('spinemets status' prints it). In a base that is there already,
    records that came from files or the sample stay, and are tagged by the rules of today. A new file holds what is in
    the archive alone: 'spinemets build' adds records of files and the sample again, 'spinemets grade take-over OLD.db'
    the grades that reviewers signed.

    \b
    Example:
      spinemets rebuild --archive spinemets-archive --db rebuilt.db
    """
    from spinemets import harvesting

    settings = harvesting.Settings(database, archive, jobs, shows_progress(), only_relevant)
    _tell(guarded(lambda: harvesting.rebuild(settings)))


@click.command(epilog=EXIT_CODES)
@database_option
@click.option("--since", help="Tell of all runs since this day (2026-11-01) [default: of the last run].")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def news(database: Path, since: str | None, form: str) -> None:
    """Tell what the last run brought: new papers, changed, retracted and withdrawn ones.

    'spinemets serve' offers the same as a feed under /updates.atom.

    \b
    Example:
      spinemets news --since 2026-11-01 --format json
    """
    from kb.news import is_day_or_time
    from spinemets.reporting import news_text

    if since is not None and not is_day_or_time(since):
        raise click.BadParameter(f"'{since}' is no day such as 2026-11-01", param_hint="--since")
    click.echo(guarded(lambda: news_text(database, since, as_json=form == "json")))


def _tell(outcome: Outcome) -> None:
    click.echo(outcome.report())
    for fault in outcome.faults:
        click.echo(f"error: {fault}", err=True)
    if outcome.faults:
        sys.exit(1)
