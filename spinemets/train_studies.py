"""The training command of the design and question models: `python -m spinemets.train_studies LABELS ... --texts FILE ...`."""

from __future__ import annotations

from pathlib import Path

import click

from kb.evaluation.labels import read_labels
from kb.models.linear_training import save_linear
from kb.models.study_training import examples, questions_right_by_fold, train_studies
from spinemets.abstract_files import read_abstracts


@click.command()
@click.argument(
    "labels", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True
)
@click.option(
    "--texts",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="PubMed XML, .nbib or JSON with the abstracts; may be repeated.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(__file__).parents[1] / "kb" / "models",
    show_default="kb/models",
    help="The folder that the weights go to.",
)
@click.option(
    "--check", is_flag=True, help="Also print how often it is right on tenths that it was not trained on."
)
def train(labels: tuple[Path, ...], texts: tuple[Path, ...], out: Path, check: bool) -> None:
    """Train the models of a study's design and question on LABELS: those for tuning, and general ones."""
    records = [record for file in texts for record in read_abstracts(file)]
    known = examples(records, [label for file in labels for label in read_labels(file)])
    if check:
        for ours, name in ((True, "of our field"), (False, "general")):
            right, by_rules, count = questions_right_by_fold([e for e in known if e.of_our_field == ours])
            click.echo(f"question, abstracts {name}: {right} of {count} right, by the rules {by_rules}")
    for name, model in train_studies(known).items():
        save_linear(model, out / f"{name}.json")
        click.echo(f"{name}.json: {len(known)} abstracts, {len(model.weights)} features")


if __name__ == "__main__":
    train()
