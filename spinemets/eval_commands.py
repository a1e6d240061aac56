"""`spinemets eval`: how far the extractor can be trusted, on labels of our own and on public corpora."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spinemets.options import EXIT_CODES, guarded

if TYPE_CHECKING:
    from kb.evaluation.report import Report

_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_files = click.argument("files", nargs=-1, required=True, type=_file)
_texts = click.option(
    "--texts",
    multiple=True,
    type=_file,
    help="PubMed XML, .nbib or JSON with the abstracts; may be repeated.",
)
_database = click.option("--db", "database", type=_file, help="A knowledge base that holds the abstracts.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_store = click.option(
    "--store",
    type=click.Path(dir_okay=False, path_type=Path),
    is_flag=False,
    flag_value=Path("kb/evaluation/figures.json"),
    help="Keep the figures in this file for the page on trust [kb/evaluation/figures.json].",
)


@click.group("eval")
def evaluation() -> None:
    """Measure the extractor against labels; print figures with 95% bootstrap intervals.

    Each command takes any file of its corpus's form, so the figures can be repeated on held-out data.
    """


def _print(report: Report, *, as_json: bool, store: Path | None) -> None:
    from kb.evaluation.report import store as keep

    click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False) if as_json else report.as_text())
    if store is not None:
        keep(report, store)


@evaluation.command(epilog=EXIT_CODES)
@click.argument("labels", type=_file)
@_texts
@_database
@click.option("--split", help="Take only the labels of this split (tune, heldout).")
@click.option("--errors", is_flag=True, help="List what was missed, spurious or wrong, by PMID (no text).")
@_json
@_store
def gold(
    labels: Path,
    texts: tuple[Path, ...],
    database: Path | None,
    split: str | None,
    errors: bool,
    as_json: bool,
    store: Path | None,
) -> None:
    """Hold extractions against readers' labels of abstracts on spinal metastases.

    LABELS has one JSON object a line; the abstracts come from --texts or --db and are never printed.

    \b
    Example:
      spinemets eval gold heldout.jsonl --texts abstracts.xml
    """
    from spinemets.evaluating import evaluate_gold

    if not texts and database is None:
        raise click.UsageError("name the abstracts: --texts FILE, or --db FILE")
    report, faults = guarded(lambda: evaluate_gold(labels, texts, database, split))
    if errors:
        for fault in sorted(faults, key=lambda fault: (fault.pmid, fault.task)):
            click.echo(f"{fault.pmid}\t{fault.task}\t{fault.kind}\t{fault.what}")
        return
    guarded(lambda: _print(report, as_json=as_json, store=store))


@evaluation.command(epilog=EXIT_CODES)
@click.argument("one", type=_file)
@click.argument("other", type=_file)
@_json
@_store
def agreement(one: Path, other: Path, as_json: bool, store: Path | None) -> None:
    """Hold two label files of the same abstracts against each other (kappa, F1)."""
    from spinemets.evaluating import evaluate_agreement

    guarded(lambda: _print(evaluate_agreement(one, other), as_json=as_json, store=store))


@evaluation.command("rct-art", epilog=EXIT_CODES)
@_files
@_json
@_store
def rct_art(files: tuple[Path, ...], as_json: bool, store: Path | None) -> None:
    """Result sentences (.jsonl): entities, relations and table rows."""
    from spinemets.evaluating import evaluate_rct_art

    guarded(lambda: _print(evaluate_rct_art(files), as_json=as_json, store=store))


@evaluation.command("ebm-nlp", epilog=EXIT_CODES)
@_files
@_json
@_store
def ebm_nlp(files: tuple[Path, ...], as_json: bool, store: Path | None) -> None:
    """Abstracts of trials (.conll, .iob): interventions and outcomes by token."""
    from spinemets.evaluating import evaluate_ebm_nlp

    guarded(lambda: _print(evaluate_ebm_nlp(files), as_json=as_json, store=store))


@evaluation.command("evidence-inference", epilog=EXIT_CODES)
@_files
@_json
@_store
def evidence_inference(files: tuple[Path, ...], as_json: bool, store: Path | None) -> None:
    """Prompts (.jsonl): does an outcome rise, fall or stay, by a given sentence?"""
    from spinemets.evaluating import evaluate_evidence_inference

    guarded(lambda: _print(evaluate_evidence_inference(files), as_json=as_json, store=store))


@evaluation.command(epilog=EXIT_CODES)
@click.argument("labels", type=_file)
@_texts
@_database
@click.option("--errors", is_flag=True, help="List what was judged wrongly, with the reason (no text).")
@_json
@_store
def relevance(
    labels: Path,
    texts: tuple[Path, ...],
    database: Path | None,
    errors: bool,
    as_json: bool,
    store: Path | None,
) -> None:
    """Hold the on-topic decision against labels: precision and recall, tuning and held out apart.

    LABELS is a TOML file with the papers, whether each is on topic, and why.

    \b
    Example:
      spinemets eval relevance tests/gold/relevance.toml --texts abstracts.xml
    """
    from spinemets.evaluating import evaluate_relevance

    if not texts and database is None:
        raise click.UsageError("name the abstracts: --texts FILE, or --db FILE")
    report, misses = guarded(lambda: evaluate_relevance(labels, texts, database))
    if errors:
        for miss in misses:
            kind = "missed" if miss.label.on_topic else "let in"
            click.echo(
                f"{miss.label.split}\t{miss.label.id}\t{kind}\t{miss.score:.2f}\t{miss.reason}\t{miss.label.why}"
            )
        return
    guarded(lambda: _print(report, as_json=as_json, store=store))
