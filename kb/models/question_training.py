"""Training of the question model, from labelled abstracts (the command is `spinemets.train_question`).

The texts are joined to the labels by PMID and are not kept: the weights hold beginnings of words and pairs of them.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kb.models.linear_training import train_linear
from kb.tagging.pipeline import read_articles
from kb.tagging.study.question_model import ANSWERS, question_features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harvest.record import Record
    from kb.evaluation.labels import Labels
    from kb.tagging.proposing.linear import LinearModel

RIDGE = 0.01
LEAST_COUNT = 2
FOLDS = 10

Example = tuple[str, tuple[str, ...], str]  # PMID, features, answer


def examples(records: Sequence[Record], labels: Sequence[Labels]) -> list[Example]:
    """Return what the model learns from, in the order of the PMIDs: abstracts labelled with one of the two questions."""
    wanted = {label.pmid: label.question for label in labels if label.question in ANSWERS}
    chosen = sorted((r for r in records if r.pmid in wanted), key=lambda record: record.pmid)
    return [
        (article.record.pmid, tuple(sorted(question_features(article))), str(wanted[article.record.pmid]))
        for article in read_articles(chosen)
    ]


def right_by_fold(known: Sequence[Example]) -> tuple[int, int]:
    """Return (right, all) of models that each were trained without the tenth they are tried on."""
    right = 0
    for fold in range(FOLDS):
        model = train_question([example for example in known if _fold(example[0]) != fold])
        for pmid, features, answer in known:
            if _fold(pmid) == fold:
                scores = model.scores(features)
                right += ANSWERS[scores.index(max(scores))] == answer
    return right, len(known)


def _fold(pmid: str) -> int:
    return int(hashlib.sha256(pmid.encode()).hexdigest(), 16) % FOLDS


def train_question(known: Sequence[Example]) -> LinearModel:
    """Return the model trained on all of the examples."""
    return train_linear(
        [(features, answer) for _, features, answer in known], ANSWERS, ridge=RIDGE, least_count=LEAST_COUNT
    )
