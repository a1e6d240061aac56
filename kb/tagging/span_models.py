"""Two small spaCy models over the same kind of word vectors, and the spans read from them.

Their shape stands here, so that training and use agree: hashed subword features and a few convolutions, then either
one softmax a token (`new_tagger`; labels O and, for each kind, B- and I-), or transitions that close whole spans
(`new_recogniser`), which keep to the borders of spans better where borders matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import spacy
from spacy.util import load_model_from_config
from thinc.api import Config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
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
    """Join tokens to spans: a kind begins where it is likeliest and goes on until another or a new one begins."""
    kinds = sorted({label[2:] for label in labels if label != OUTSIDE})
    columns = {
        kind: (labels.index(f"B-{kind}") if f"B-{kind}" in labels else None, labels.index(f"I-{kind}"))
        for kind in kinds
    }
    found: list[TextSpan] = []
    first, kind, chances = 0, "", list[float]()

    def close(last: int) -> None:
        if kind:
            start, end = doc[first].idx, doc[last].idx + len(doc[last])
            found.append(TextSpan(start, end, kind, round(sum(chances) / len(chances), 3)))

    for index, row in enumerate(rows):
        totals = {
            name: float(row[inside]) + (float(row[begin]) if begin is not None else 0.0)
            for name, (begin, inside) in columns.items()
        }
        best = max(totals, key=lambda name: totals[name])
        begin, inside = columns[best]
        if totals[best] < least:
            close(index - 1)
            kind = ""
        elif best != kind or (begin is not None and row[begin] > row[inside]):
            close(index - 1)
            first, kind, chances = index, best, [totals[best]]
        else:
            chances.append(totals[best])
    close(len(doc) - 1)
    return found
