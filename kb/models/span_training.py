"""Training of the span models: labelled texts in, a pipeline out. Deterministic for a seed on one thread."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import thinc.util
from spacy.training import Example
from spacy.util import filter_spans

from kb.tagging.proposing.span_models import OUTSIDE, new_recogniser, new_tagger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.language import Language

    from kb.tagging.proposing.span_models import TextSpan

SEED = 7
_BATCH = 8
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text and its spans, in order and not overlapping."""

    text: str
    spans: tuple[TextSpan, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how boldly to train: the rate falls from `rate` to a twentieth of it."""

    epochs: int
    dropout: float
    rate: float


def train_tagger(texts: Sequence[LabelledText], schedule: Schedule, progress: Progress) -> Language:
    """Train a token tagger on labelled texts."""
    nlp = new_tagger()
    examples = [_tagged(nlp, labelled) for labelled in texts]
    return _train(nlp, examples, schedule, None, progress)


def train_recogniser(
    texts: Sequence[LabelledText], schedule: Schedule, start: Language, progress: Progress
) -> Language:
    """Train a span recogniser on labelled texts; the tagger `start` lends it what it has learnt of words."""
    nlp = new_recogniser()
    examples = [_bounded(nlp, labelled) for labelled in texts]
    return _train(nlp, examples, schedule, start, progress)


def _train(
    nlp: Language, examples: list[Example], schedule: Schedule, start: Language | None, progress: Progress
) -> Language:
    thinc.util.fix_random_seed(SEED)
    shuffle = random.Random(SEED)
    optimizer: Any = nlp.initialize(lambda: examples)
    if start is not None:
        # A parser wraps its word vectors in two further layers; the first is what a tagger has.
        _word_vectors(nlp).layers[0].from_bytes(_word_vectors(start).to_bytes())
    for epoch in range(schedule.epochs):
        shuffle.shuffle(examples)
        optimizer.learn_rate = schedule.rate * (1 - epoch / schedule.epochs) + schedule.rate / 20
        losses: dict[str, float] = {}
        for first in range(0, len(examples), _BATCH):
            nlp.update(examples[first : first + _BATCH], sgd=optimizer, losses=losses, drop=schedule.dropout)
        progress(f"epoch {epoch + 1} of {schedule.epochs}: loss {sum(losses.values()):.0f}")
    return nlp


def _word_vectors(nlp: Language) -> Any:
    component: Any = nlp.get_pipe(nlp.pipe_names[0])
    return component.model.get_ref("tok2vec")


def _tagged(nlp: Language, labelled: LabelledText) -> Example:
    reference = nlp.make_doc(labelled.text)
    tags = [OUTSIDE] * len(reference)
    for span in labelled.spans:
        inside = reference.char_span(span.start, span.end, alignment_mode="expand")
        if inside is not None:
            for token in inside:
                tags[token.i] = span.label
    for token, tag in zip(reference, tags, strict=True):
        token.tag_ = tag
    return Example(nlp.make_doc(labelled.text), reference)


def _bounded(nlp: Language, labelled: LabelledText) -> Example:
    reference = nlp.make_doc(labelled.text)
    found = [
        reference.char_span(span.start, span.end, label=span.label, alignment_mode="expand")
        for span in labelled.spans
    ]
    reference.ents = tuple(filter_spans([span for span in found if span is not None]))
    return Example(nlp.make_doc(labelled.text), reference)
