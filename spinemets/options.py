"""What the commands share: options, exit codes, progress, and how an error becomes a message."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_DATABASE = "spinemets.db"

EXIT_CODES = """
\b
Exit codes: 0 all went well; 1 an error, or some input could not be read (what was
good is kept); 2 the command line is wrong; 130 interrupted (run it again to go on).
"""

database_option = click.option(
    "--db",
    "database",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEFAULT_DATABASE,
    show_default=True,
    help="The knowledge base, an SQLite file.",
)


def shows_progress() -> bool:
    """Whether to draw progress bars: only where a person watches."""
    return sys.stderr.isatty()


def guarded(work: Callable[[], Any]) -> Any:
    """Run `work`; one of our errors becomes its message and exit code 1, Ctrl-C exit code 130."""
    # Not at the top: --help must not wait for the stages.
    from graph.errors import GraphError
    from harvest.errors import HarvestError
    from kb.errors import KnowledgeError

    try:
        return work()
    except (GraphError, HarvestError, KnowledgeError) as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"error: {place}{error.strerror or error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        stop_interrupted()


def stop_interrupted() -> NoReturn:
    """Say that Ctrl-C ended the command, with exit code 130."""
    click.echo("interrupted; run the same command again to go on", err=True)
    sys.exit(130)


class Commands(click.Group):
    """Our commands: Ctrl-C means the same before their work begins, while the stages are loaded."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            stop_interrupted()
