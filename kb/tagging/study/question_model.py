"""A trained reading of the question: does a series or an overview tell what a treatment does, or what foretells an outcome?

Rules read this worse than a small model that has learnt from labelled abstracts how titles and aims ask (see
docs/decisions/levels.md). The model only turns a reading of the rules where it is sure; without its weights the rules
stand alone.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from kb.tagging.proposing.linear import load_linear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.evidence import Design, Question
    from kb.tagging.article import Article

MODEL = "questions"
ANSWERS: tuple[Question, Question] = ("therapeutic", "prognostic")
# Here either question may be asked; elsewhere the design settles it.
OPEN: frozenset[Design] = frozenset({"case_series", "systematic_review", "meta_analysis"})
# By how much (in natural logarithms of odds) the model must prefer its answer to overrule the rules.
SURE = 1.0
FEWEST = 40
_WORD = re.compile(r"[a-z]+")
_LETTERS = 7  # a word's beginning stands for its forms
_FACTORS = re.compile(r"multivari|univari|prognostic|predict|associated with|risk factor", re.IGNORECASE)
_RATIOS = re.compile(r"hazard|odds", re.IGNORECASE)


def question_features(article: Article) -> frozenset[str]:
    """Return what the model looks at: words of title, aim and conclusion, what they name, and the kind of results."""
    return frozenset(_features(article))


def _features(article: Article) -> Iterator[str]:
    yield from _words("t", article.title, pairs=True)
    for sentence in article.in_zones("aim"):
        yield from _words("a", sentence.text, pairs=True)
    for sentence in article.in_zones("conclusion"):
        yield from _words("c", sentence.text, pairs=False)
    for sentence in article.in_zones("title", "aim", "conclusion"):
        for named in sentence.named:
            yield f"{sentence.zone[0]}k:{named.concept.kind}"
    for sentence in article.in_zones("results"):
        if _FACTORS.search(sentence.text):
            yield "r:factors"
        if _RATIOS.search(sentence.text):
            yield "r:ratio"


def _words(zone: str, text: str, *, pairs: bool) -> Iterator[str]:
    words = [word[:_LETTERS] for word in _WORD.findall(text.lower())]
    for word in words:
        yield f"{zone}:{word}"
    if pairs:
        for one, other in itertools.pairwise(words):
            yield f"{zone}:{one}_{other}"


def settle_question(article: Article, design: Design, read: Question) -> Question:
    """Return the question: as the rules read it, but where the model is sure of the other one."""
    model = load_linear(MODEL)
    if model is None or design not in OPEN or read not in ANSWERS:
        return read
    features = question_features(article)
    if sum(feature in model.weights for feature in features) < FEWEST:
        return read  # too little was said that the model knows
    therapeutic, prognostic = model.scores(features)
    if abs(prognostic - therapeutic) < SURE:
        return read
    return "prognostic" if prognostic > therapeutic else "therapeutic"
