"""Two small spaCy models over the same kind of word vectors, and the spans read from them.

Their shape stands here, so that training and use agree: hashed subword features and a few convolutions, then either
one softmax a token (`new_tagger`; labels O and the kinds), or transitions that close whole spans
(`new_recogniser`), which keep to the borders of spans better where borders matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import spacy
from spacy.util import load_model_from_config
from thinc.api import Config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Doc

OUTSIDE = "O"
_COMPONENT = """
[nlp]
lang = "en"
pipeline = ["{name}"]

[components]

[components.{name}]
factory = "{name}"
"""
_TAGGER = """neg_prefix = "!"

[components.tagger.model]
@architectures = "spacy.Tagger.v2"
normalize = true
"""
_RECOGNISER = """
[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 64
maxout_pieces = 2
use_upper = true
"""
_WORDS = """
[components.{name}.model.tok2vec]
@architectures = "spacy.Tok2Vec.v2"

[components.{name}.model.tok2vec.embed]
@architectures = "spacy.MultiHashEmbed.v2"
width = 96
attrs = ["NORM", "PREFIX", "SUFFIX", "SHAPE"]
rows = [6000, 1000, 2500, 1000]
include_static_vectors = false

[components.{name}.model.tok2vec.encode]
@architectures = "spacy.MaxoutWindowEncoder.v2"
width = 96
depth = 4
window_size = 1
maxout_pieces = 3
"""


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A labelled part of a text, with how sure its finder is."""

    start: int
    end: int
    label: str
    score: float


def new_tagger() -> Language:
    """Return an untrained tagger: one label with its probability for each token."""
    return _new("tagger", _TAGGER)


def new_recogniser() -> Language:
    """Return an untrained recogniser: whole spans, without probabilities."""
    return _new("ner", _RECOGNISER)


def _new(name: str, model: str) -> Language:
    config = _COMPONENT.format(name=name) + model + _WORDS.format(name=name)
    return load_model_from_config(Config().from_str(config), auto_fill=True)


def load_pipeline(path: Path) -> Language:
    """Return a trained pipeline from its folder."""
    return spacy.load(path)


def tagged_spans(nlp: Language, texts: Sequence[str], least: float) -> Iterator[list[TextSpan]]:
    """Yield the spans of each text whose tokens reach the probability `least` of their kind."""
    tagger: Any = nlp.get_pipe("tagger")
    for text in texts:
        doc = nlp.make_doc(text)
        if len(doc) == 0:
            yield []
            continue
        yield read_spans(doc, tagger.model.predict([doc])[0], tagger.labels, least)


def recognised_spans(nlp: Language, texts: Sequence[str]) -> Iterator[list[TextSpan]]:
    """Yield the spans of each text; a recogniser gives no probability, so their score is 1."""
    for text in texts:
        yield [TextSpan(e.start_char, e.end_char, e.label_, 1.0) for e in nlp(text).ents]


def read_spans(
    doc: Doc, rows: Iterable[Sequence[float]], labels: Sequence[str], least: float
) -> list[TextSpan]:
    """Join neighbouring tokens of a kind to spans; a token is of the likeliest kind, if that is likely enough."""
    columns = {label: index for index, label in enumerate(labels) if label != OUTSIDE}
    found: list[TextSpan] = []
    for kind, members in groupby(
        zip(doc, rows, strict=True), key=lambda pair: _kind_of(pair[1], columns, least)
    ):
        if kind is not None:
            tokens, chances = zip(*((token, row[columns[kind]]) for token, row in members), strict=True)
            last = tokens[-1]
            score = float(sum(chances)) / len(chances)
            found.append(TextSpan(tokens[0].idx, last.idx + len(last), kind, round(score, 3)))
    return found


def _kind_of(row: Sequence[float], columns: Mapping[str, int], least: float) -> str | None:
    best = max(columns, key=lambda kind: row[columns[kind]])
    return best if row[columns[best]] >= least else None
