"""`spinemets ask`: a question in words, answered from the knowledge base with citations."""

from __future__ import annotations

from pathlib import Path

import click

from spinemets.options import EXIT_CODES, database_option, guarded


@click.command(epilog=EXIT_CODES)
@click.argument("question")
@database_option
@click.option("--intervention", help="Ask about this treatment or tool, however the question was read.")
@click.option("--versus", help="Compare with this one.")
@click.option("--outcome", help="Ask for this outcome.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def ask(
    question: str,
    database: Path,
    intervention: str | None,
    versus: str | None,
    outcome: str | None,
    as_json: bool,
) -> None:
    """Answer a question from the evidence: claims with grade and conflict, studies by level, quoted results.

    First it shows how the question was understood; correct that with the options (empty text: nothing of
    this kind; several are parted by ";"). Without evidence there is no answer: it says what was looked for and
    what is nearest. No medical advice.

    \b
    Examples:
      spinemets ask "Is SBRT better than conventional radiotherapy for pain in spinal metastases?"
      spinemets ask "8 Gy x 1 or fractions for MSCC?" --outcome ambulation
    """
    from spinemets.answers import answer_text

    given = {"intervention": intervention, "comparator": versus, "outcome": outcome}
    corrections = {role: text for role, text in given.items() if text is not None}
    if not question.strip() and not corrections:
        raise click.UsageError('ask a question, such as "SBRT or conventional radiotherapy for pain?"')
    click.echo(guarded(lambda: answer_text(database, question, corrections, as_json=as_json)), nl=False)
