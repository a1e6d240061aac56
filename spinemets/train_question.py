"""The training command of the question model: `python -m spinemets.train_question LABELS --texts FILE ...`."""

from __future__ import annotations

from pathlib import Path

import click

from kb.evaluation.labels import read_labels
from kb.models.linear_training import save_linear
from kb.models.question_training import examples, right_by_fold, train_question
from kb.tagging.study.question_model import MODEL
from spinemets.abstract_files import read_abstracts


@click.command()
@click.argument("labels", type=click.Path(exists=True, dir_okay=False, path_type=Path))
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
def train(labels: Path, texts: tuple[Path, ...], out: Path) -> None:
    """Train the model that tells therapeutic from prognostic questions on LABELS (those for tuning alone).

    Prints how often such a model is right on tenths of the abstracts that it was not trained on.
    """
    records = [record for file in texts for record in read_abstracts(file)]
    known = examples(records, read_labels(labels))
    right, count = right_by_fold(known)
    click.echo(f"right on abstracts not trained on: {right} of {count}")
    model = train_question(known)
    save_linear(model, out / f"{MODEL}.json")
    click.echo(f"{MODEL}.json: {count} abstracts, {len(model.weights)} features")


if __name__ == "__main__":
    train()
