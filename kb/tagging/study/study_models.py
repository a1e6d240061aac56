"""Trained readings of a study's design and question: two small models that learnt how abstracts speak, beside the rules.

Each knows what the rules read and the words of title and abstract (docs/decisions/levels.md). A reading turns only where
its model is sure and the text bears it out; without the weights, or where a text says too little that they know, the
rules stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast, get_args

from kb.evidence import Design, Question
from kb.tagging.proposing.linear import LinearModel, load_linear, softmax
from kb.tagging.study.study_design import DesignReading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.tagging.article import Article
    from kb.tagging.roles import Comparison

DESIGN_MODEL, QUESTION_MODEL = "designs", "questions"
DESIGNS: tuple[str, ...] = get_args(Design)
QUESTIONS: tuple[str, ...] = get_args(Question)
# How probable another reading than the rules' must be before it stands. A series read as prognostic rises from
# Level IV to II: that asks for more.
SURE_OF_DESIGN, SURE_OF_QUESTION, SURE_OF_RISE = 0.7, 0.5, 0.9
# What rules read from a general manner of speaking, and may be turned; the others name what they found.
_OPEN: frozenset[str] = frozenset(
    {
        "case_series",
        "retrospective_comparative",
        "prospective_cohort",
        "cross_sectional",
        "diagnostic_accuracy",
        "external_validation",
        "narrative_review",
        "survey",
        "other",
    }
)
FEWEST = 60  # of the words that a model knows
# Of these designs the question is open; of the others the design, or the table of levels, settles it.
_OPEN_QUESTION: frozenset[Design] = frozenset(
    {
        "case_series",
        "systematic_review",
        "meta_analysis",
        "narrative_review",
        "guideline",
        "case_report",
        "survey",
        "other",
    }
)
_COMPARATIVE = frozenset({"retrospective_comparative", "prospective_cohort"})
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?|%")
_LETTERS = 7  # a word's beginning stands for its forms, and # for any number


def words_of(article: Article, comparison: Comparison) -> frozenset[str]:
    """Return what both models look at: words of the title, of all else, what title and aim name, and what is compared."""
    return frozenset(_words_of(article, comparison))


def _words_of(article: Article, comparison: Comparison) -> Iterator[str]:
    for sentence in article.sentences:
        zone = "t" if sentence.zone == "title" else "x"
        for word in _WORD.findall(sentence.text.lower()):
            yield f"{zone}:{'#' if word[0].isdigit() else word[:_LETTERS]}"
        if sentence.zone in ("title", "aim"):
            for named in sentence.named:
                yield f"{sentence.zone}:{named.concept.kind}"
    yield f"compares:{comparison.compares}"
    yield f"comparators:{min(len(comparison.comparators), 2)}"
    yield f"salient:{min(len(comparison.salient), 3)}"
    yield f"tested:{min(len(comparison.tested), 2)}"


def with_design(words: Iterable[str], by_rules: Design) -> frozenset[str]:
    """Add what the rules read as the design."""
    return frozenset((*words, f"design:{by_rules}"))


def with_question(words: Iterable[str], by_rules: Design, asked: Question) -> frozenset[str]:
    """Add what the rules read as design and question."""
    return frozenset((*words, f"design:{by_rules}", f"question:{asked}", f"asks:{by_rules}:{asked}"))


def settle_design(words: Iterable[str], read: DesignReading) -> DesignReading:
    """Return the design: as the rules read it, but where the model is sure of another one.

    What the text would have to name (chance, a search, specimens) is not taken from a model.
    """
    if read.design not in _OPEN or read.indexed:
        return read
    found = _likeliest(DESIGN_MODEL, with_design(words, read.design))
    if found is None or found[1] < SURE_OF_DESIGN or not _may_turn(read.design, found[0], frozenset(words)):
        return read
    reason = (
        f"a reading learnt from labelled abstracts, {_in_words(found[1])} sure; by the rules it would be"
        f" {read.design.replace('_', ' ')}: {read.reason}"
    )
    return DesignReading(cast("Design", found[0]), reason, read.span)


def _may_turn(by_rules: Design, found: str, words: frozenset[str]) -> bool:
    """Whether a text bears out what a design means: treatments that are compared, and patients followed forward."""
    if found == by_rules or found not in _OPEN:
        return False
    if found == "prospective_cohort" and not words & {"t:prospec", "x:prospec"}:
        return False
    if by_rules in _COMPARATIVE and found not in _COMPARATIVE:
        return "compares:True" not in words
    return found not in _COMPARATIVE or bool(words & {"compares:True", "salient:2", "salient:3"})


def settle_question(
    words: Iterable[str], read: DesignReading, asked: Question
) -> tuple[Question, str | None]:
    """Return the type of question, and how sure a model was of it where it turned what the rules read."""
    if read.design not in _OPEN_QUESTION or read.question is not None:
        return asked, None
    found = _likeliest(QUESTION_MODEL, with_question(words, read.design, asked))
    if found is None or found[0] == asked:
        return asked, None
    rises = read.design == "case_series" and found[0] in ("prognostic", "diagnostic")
    if found[1] < (SURE_OF_RISE if rises else SURE_OF_QUESTION):
        return asked, None
    note = f"the question is a reading learnt from labelled abstracts, {_in_words(found[1])} sure; by the rules it would be {asked}"
    return cast("Question", found[0]), note


def _in_words(chance: float) -> str:
    return f"{min(chance, 0.99):.0%}"


def _likeliest(name: str, features: frozenset[str]) -> tuple[str, float] | None:
    """The model's answer with its probability; None without a model or where it knows too few of the features."""
    model = load_linear(name)
    if model is None or _known(model, features) < FEWEST:
        return None
    chances = softmax(
        model.scores(sorted(features))
    )  # sums in a fixed order: the same record, the same reading
    best = max(range(len(chances)), key=lambda place: chances[place])
    return model.answers[best], chances[best]


def _known(model: LinearModel, features: frozenset[str]) -> int:
    return sum(feature in model.weights for feature in features if feature[:2] in ("t:", "x:"))
