"""Training of the design and question models, from labelled abstracts (the command is `spinemets.train_studies`).

The texts are joined to the labels by PMID and are not kept: the weights hold beginnings of words. Abstracts of our own
field count twice, for they are fewer.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.models.linear_training import TrainingExample, train_linear
from kb.tagging.pipeline import read_articles
from kb.tagging.roles import read_comparison
from kb.tagging.study.readings import read_by_rules
from kb.tagging.study.study_models import (
    DESIGN_MODEL,
    DESIGNS,
    QUESTION_MODEL,
    QUESTIONS,
    with_design,
    with_question,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harvest.record import Record
    from kb.evaluation.labels import Labels
    from kb.tagging.proposing.linear import LinearModel

RIDGE = 3.0
LEAST_COUNT = 3
FOLDS = 10
# A split of our own gold: those labels are of the field.
_OWN = "tune"


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled abstract as the models see it, with what the rules read and what the label says."""

    pmid: str
    of_our_field: bool
    design_features: tuple[str, ...]
    question_features: tuple[str, ...]
    by_rules: tuple[str, str]
    labelled: tuple[str, str]


def examples(records: Sequence[Record], labels: Sequence[Labels]) -> list[Example]:
    """Return what the models learn from, in the order of the PMIDs: abstracts with a labelled design and question."""
    wanted = {label.pmid: label for label in labels if label.design and label.question}
    by_pmid = {record.pmid: record for record in records if record.pmid in wanted}
    chosen = sorted(by_pmid.values(), key=lambda record: record.pmid)
    found = []
    for article in read_articles(chosen):
        label = wanted[article.record.pmid]
        comparison = read_comparison(article)
        read, words = read_by_rules(article, comparison), words_of(article, comparison)
        design, question = read.design.design, read.question
        found.append(
            Example(
                article.record.pmid,
                label.split == _OWN,
                tuple(sorted(with_design(words, design))),
                tuple(sorted(with_question(words, design, question))),
                (design, question),
                (str(label.design), str(label.question)),
            )
        )
    return found


def train_studies(known: Sequence[Example]) -> dict[str, LinearModel]:
    """Return both models by name, trained on all of the examples."""
    designs = [(e.design_features, e.labelled[0]) for e in _weighed(known)]
    return {DESIGN_MODEL: _train(designs, DESIGNS), QUESTION_MODEL: train_questions(known)}


def train_questions(known: Sequence[Example]) -> LinearModel:
    """Return the question model alone."""
    return _train([(e.question_features, e.labelled[1]) for e in _weighed(known)], QUESTIONS)


def _weighed(known: Sequence[Example]) -> list[Example]:
    return [example for example in known for _ in range(2 if example.of_our_field else 1)]


def _train(pairs: Sequence[TrainingExample], answers: tuple[str, ...]) -> LinearModel:
    return train_linear(pairs, answers, ridge=RIDGE, least_count=LEAST_COUNT)


def questions_right_by_fold(known: Sequence[Example]) -> tuple[int, int, int]:
    """Return (right by models that each were trained without the tenth they are tried on, right by the rules, all)."""
    right = by_rules = 0
    for fold in range(FOLDS):
        tried = [example for example in known if _fold(example.pmid) == fold]
        if not tried:
            continue
        model = train_questions([e for e in known if _fold(e.pmid) != fold])
        for example in tried:
            scores = model.scores(example.question_features)
            right += model.answers[scores.index(max(scores))] == example.labelled[1]
            by_rules += example.by_rules[1] == example.labelled[1]
    return right, by_rules, len(known)


def _fold(pmid: str) -> int:
    return int(hashlib.sha256(pmid.encode()).hexdigest(), 16) % FOLDS
