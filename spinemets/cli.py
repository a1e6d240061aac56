"""The command `spinemets`. Each command only wires the stages; imports stand inside so that --help is fast.

Exit codes: 0 all went well; 1 an error, or some input could not be read (what was good is kept);
2 the command line is wrong; 130 interrupted (run the same command again to go on).
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from spinemets.ask_commands import ask
from spinemets.eval_commands import evaluation
from spinemets.grade_commands import grade
from spinemets.graph_commands import graph
from spinemets.harvest_commands import harvest, news, rebuild, update
from spinemets.options import EXIT_CODES, Commands, database_option, guarded, shows_progress
from spinemets.score_commands import score
from spinemets.strategy_commands import coverage, prisma, strategies
from spinemets.version import VERSION
from spinemets.vocabulary_commands import vocabulary

SUMMARY_FORMATS = ("md", "html")


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)
@click.version_option(VERSION, prog_name="spinemets")
def cli() -> None:
    """SpineMets KB: a living evidence knowledge base on spinal metastases.

    \b
    Try it on the bundled sample, with no network:
      spinemets build --sample
      spinemets serve
      spinemets summary sbrt --format html --output sbrt.html

    The sample holds bibliographic facts and synopses in our own words, not PubMed's abstracts.
    It is no medical device: read the cited papers before you act.
    """


@cli.command(epilog=EXIT_CODES)
@database_option
@click.option("--sample", is_flag=True, help="Take in the bundled sample of landmark studies.")
@click.option(
    "--from",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A PubMed XML file (plain or .gz) or a MEDLINE text file (.nbib); may be repeated.",
)
@click.argument("more_files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--only-relevant",
    is_flag=True,
    help="Leave records of files out that are off topic, as from a baseline file.",
)
@click.option(
    "--jobs", type=click.IntRange(1), default=None, help="Processes for tagging [default: all cores]."
)
def build(
    database: Path,
    sample: bool,
    files: tuple[Path, ...],
    more_files: tuple[Path, ...],
    only_relevant: bool,
    jobs: int | None,
) -> None:
    """Read records, tag them and store them with their evidence and claims.

    Building again changes nothing that has not changed; an interrupted build goes on where it stopped.
    A damaged file is reported with file and record, and the good records before the fault are kept.
    Where NLM's .md5 file lies beside a baseline or update file, it is held against it first.

    \b
    Examples:
      spinemets build --sample
      spinemets build --db my.db --from pubmed24n0001.xml.gz
      spinemets build --from results/*.xml
      spinemets build --only-relevant baseline/pubmed25n*.xml.gz
    """
    from spinemets.building import build_knowledge_base

    sources = (*files, *more_files)
    if not sample and not sources:
        raise click.UsageError("name what to build from: --sample, or --from FILE...")
    outcome = guarded(
        lambda: build_knowledge_base(
            database,
            sample=sample,
            files=sources,
            jobs=jobs,
            progress=shows_progress(),
            only_relevant=only_relevant,
        )
    )
    click.echo(outcome.report())
    for problem in outcome.faults:
        click.echo(f"error: {problem}", err=True)
    if outcome.faults:
        sys.exit(1)


@cli.command(epilog=EXIT_CODES)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl", show_default=True)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here [default: standard output]."
)
@click.option(
    "--jobs", type=click.IntRange(1), default=None, help="Processes for tagging [default: all cores]."
)
def extract(files: tuple[Path, ...], form: str, output: Path | None, jobs: int | None) -> None:
    """Print the evidence found in each record, one JSON object a line.

    The shape is a public interface, described by the JSON Schema that `spinemets extract-schema` prints.

    \b
    Example:
      spinemets extract pubmed.xml --output evidence.jsonl
    """
    from spinemets.building import extract_files

    faults = guarded(lambda: extract_files(files, output, jobs=jobs, progress=shows_progress()))
    for problem in faults:
        click.echo(f"error: {problem}", err=True)
    if faults:
        sys.exit(1)


@cli.command("extract-schema")
def extract_schema() -> None:
    """Print the JSON Schema of `spinemets extract`."""
    from importlib.resources import files

    click.echo(files("kb").joinpath("extract.schema.json").read_text(encoding="utf-8"), nl=False)


@cli.command(epilog=EXIT_CODES)
@database_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
def serve(database: Path, host: str, port: int) -> None:
    """Show the knowledge base in a browser (Datasette with our pages).

    \b
    Example:
      spinemets serve --port 8001     then open http://127.0.0.1:8001
    """
    from spinemets.serving import serve as run

    guarded(lambda: run(database, host, port))


@cli.command(epilog=EXIT_CODES)
@click.argument("topic")
@database_option
@click.option("--format", "form", type=click.Choice(SUMMARY_FORMATS), default="md", show_default=True)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here [default: standard output]."
)
def summary(topic: str, database: Path, form: str, output: Path | None) -> None:
    """Write a cited state-of-the-art summary of a topic.

    Every sentence cites its papers. TOPIC is one of the 13 topic ids, for instance sbrt or open_surgery.

    \b
    Example:
      spinemets summary separation_surgery --format html --output separation.html
    """
    from spinemets.reporting import write_summary

    guarded(lambda: write_summary(database, topic, form, output))


@cli.command(epilog=EXIT_CODES)
@database_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(database: Path, as_json: bool) -> None:
    """Print counts, versions, the last run and a digest of the content.

    The digest is equal for equal records and evidence, whatever the order of work.
    """
    from spinemets.reporting import status_text

    click.echo(guarded(lambda: status_text(database, as_json=as_json)))


for command in (
    ask,
    graph,
    grade,
    harvest,
    update,
    rebuild,
    news,
    evaluation,
    strategies,
    coverage,
    prisma,
    score,
    vocabulary,
):
    cli.add_command(command)


def main() -> None:
    """Run the command."""
    cli(prog_name="spinemets")


if __name__ == "__main__":
    main()
