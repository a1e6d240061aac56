"""The ordered spaCy components, on a blank English pipeline. Each is a pure find and a tiny annotate.

sentences -> abbreviations -> concepts -> negation; what each keeps on the Doc is written in `attributes`.
"""

from __future__ import annotations

import gc
import re
from functools import cache
from typing import TYPE_CHECKING, cast

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kb.tagging import attributes
from kb.tagging.abbreviations import find_definitions
from kb.tagging.article import Article, read_article
from kb.tagging.concepts import ConceptMatcher
from kb.tagging.negation import marked
from kb.tagging.sections import Layout, Zone, lay_out
from kb.tagging.sentences import split_sentences
from kb.tagging.zones import is_aim, zone_sentences
from kb.vocabulary.concept import load_vocabulary
from kb.vocabulary.spelling import load_spelling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from thinc.types import Ints2d

    from harvest.record import Record

COMPONENTS = ("spinemets_sentences", "spinemets_abbreviations", "spinemets_concepts", "spinemets_negation")

attributes.register()


@Language.component(
    "spinemets_sentences", requires=["doc._.layout"], assigns=["doc._.sentences", "token.is_sent_start"]
)
def annotate_sentences(doc: Doc) -> Doc:
    """Set `doc._.sentences` to (start, end, zone) and spaCy's own sentence starts."""
    layout: Layout = doc._.layout
    found = []
    for section, zone in enumerate(layout.zones):
        first = layout.starts[section]
        last = layout.starts[section + 1] - 1 if section + 1 < len(layout.starts) else len(layout.text)
        text = layout.text[first:last]
        spans = split_sentences(text)
        zones = _zones(zone, [text[s:e] for s, e in spans])
        found += [(first + s, first + e, z) for (s, e), z in zip(spans, zones, strict=True)]
    doc._.sentences = found
    if len(doc):
        doc.from_array(["SENT_START"], _sentence_starts(doc, [start for start, _, _ in found]))
    return doc


def _sentence_starts(doc: Doc, starts: list[int]) -> Ints2d:
    """A column for spaCy: 1 for the token at each start, -1 (as spaCy keeps it, unsigned) for all others."""
    column = np.full(len(doc), -1, dtype=np.int64)
    offsets = doc.to_array(["IDX"]).ravel()
    column[np.searchsorted(offsets, starts, side="right") - 1] = 1
    return cast("Ints2d", column.astype(np.uint64).reshape(-1, 1))


def _zones(zone: Zone, sentences: list[str]) -> list[Zone]:
    """The zone of each sentence of a section: its label's, but for unlabelled ones and aims inside backgrounds."""
    if zone == "mixed":
        return zone_sentences(sentences)
    return ["aim" if zone == "background" and is_aim(sentence) else zone for sentence in sentences]


@Language.component("spinemets_abbreviations", assigns=["doc._.definitions"])
def annotate_abbreviations(doc: Doc) -> Doc:
    """Set `doc._.definitions` to the short forms that the text defines."""
    doc._.definitions = find_definitions(doc._.layout.text)
    return doc


@Language.component(
    "spinemets_concepts", requires=["doc._.sentences", "doc._.definitions"], assigns=["doc._.concepts"]
)
def annotate_concepts(doc: Doc) -> Doc:
    """Set `doc._.concepts` to (start, end, concept id) of everything the vocabulary knows."""
    sentences = [(start, end) for start, end, _ in doc._.sentences]
    doc._.concepts = concept_matcher().find(doc._.layout.text, doc._.definitions, sentences)
    return doc


@Language.component(
    "spinemets_negation",
    requires=["doc._.sentences", "doc._.concepts"],
    assigns=["doc._.negated", "doc._.hypothetical"],
)
def annotate_negation(doc: Doc) -> Doc:
    """Set `doc._.negated` and `doc._.hypothetical` to the indexes of the concepts denied or only supposed."""
    concepts = doc._.concepts
    negated: set[int] = set()
    hypothetical: set[int] = set()
    position = 0
    for start, end, _ in doc._.sentences:
        first = position
        while position < len(concepts) and concepts[position][0] < end:
            position += 1
        spans = [(s - start, e - start) for s, e, _ in concepts[first:position]]
        if spans:
            text = doc._.layout.text[start:end]
            negated |= {first + index for index in marked(text, spans)}
            hypothetical |= {first + index for index in marked(text, spans, hypothetical=True)}
    doc._.negated, doc._.hypothetical = negated, hypothetical
    return doc


@cache
def concept_matcher() -> ConceptMatcher:
    """The matcher over the bundled vocabulary, built once a process."""
    matcher = ConceptMatcher(load_vocabulary(), load_spelling())
    # What lives as long as the process need not be looked through at every garbage collection.
    gc.collect()
    gc.freeze()
    return matcher


# A word with the one blank behind it, or blanks that are no single blank (line breaks between sections).
_PIECES = re.compile(r"(\S+)( (?=\S)|)|(\s+)")


def _pieces(nlp: Language) -> Callable[[str], Doc]:
    """A tokenizer that parts at blanks: our components read characters, and spaCy's own rules cost half the time."""

    def tokenize(text: str) -> Doc:
        pieces = _PIECES.findall(text)
        words = [word or blanks for word, _, blanks in pieces]
        return Doc(nlp.vocab, words=words, spaces=[bool(blank) for _, blank, _ in pieces])

    return tokenize


@cache
def pipeline() -> Language:
    """The blank English pipeline with our components in order."""
    nlp = spacy.blank("en")
    nlp.tokenizer = _pieces(nlp)
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return nlp


def read_articles(records: Iterable[Record]) -> Iterator[Article]:
    """Tag records and yield them as plain values, in order."""
    nlp = pipeline()
    vocabulary = load_vocabulary()
    for record in records:
        layout = lay_out(record)
        doc = nlp.make_doc(layout.text)
        doc._.layout = layout
        yield read_article(record, nlp(doc), vocabulary)
