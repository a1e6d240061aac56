"""`Article`: a tagged record as plain values, which the extractors read; no spaCy from here on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.evidence import Span
from kb.tagging.instruments import outcome_scored
from kb.tagging.refinements import refine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

    from harvest.record import Record
    from kb.tagging.sections import Layout, Zone
    from kb.vocabulary.concept import Concept, Vocabulary


@dataclass(frozen=True, slots=True)
class Named:
    """A concept where a sentence names it; `start` and `end` are offsets in the sentence's text."""

    concept: Concept
    start: int
    end: int
    negated: bool
    hypothetical: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its place (section, start in the section), its zone and the concepts it names."""

    text: str
    section: int
    start: int
    zone: Zone
    named: tuple[Named, ...]

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Return the span of a part of this sentence (the whole by default)."""
        end = len(self.text) if end is None else end
        return Span(self.section, self.start + start, self.start + end, self.text[start:end])

    def of_kind(self, *kinds: str) -> tuple[Named, ...]:
        """Return the concepts of these kinds, in order."""
        return tuple(named for named in self.named if named.concept.kind in kinds) if self.named else ()


@dataclass(frozen=True, slots=True)
class Article:
    """A record with its sentences in printed order (the title first)."""

    record: Record
    sentences: tuple[Sentence, ...]
    vocabulary: Vocabulary

    def in_zones(self, *zones: Zone) -> Iterator[Sentence]:
        """Yield the sentences of these zones, in order."""
        return (sentence for sentence in self.sentences if sentence.zone in zones)

    @property
    def title(self) -> str:
        """The title as printed."""
        return self.record.title

    @property
    def body(self) -> str:
        """All text but the title."""
        return "\n".join(section.text for section in self.record.abstract)


def read_article(record: Record, doc: Doc, vocabulary: Vocabulary) -> Article:
    """Turn the offsets that the pipeline left on `doc` into an `Article`."""
    layout: Layout = doc._.layout
    concepts: list[tuple[int, int, str]] = [tuple(item) for item in doc._.concepts]
    sentences = []
    position = 0
    for start, end, zone in doc._.sentences:
        section, section_start, _ = layout.place(start, end)
        named = []
        while position < len(concepts) and concepts[position][0] < end:
            first, last, identifier = concepts[position]
            if first >= start:
                outcome = outcome_scored(identifier, layout.text[start:end])
                if outcome:  # the same words name the instrument and what it measures
                    named.append(
                        Named(
                            vocabulary.concepts[outcome],
                            first - start,
                            last - start,
                            negated=False,
                            hypothetical=False,
                        )
                    )
                precise = refine(identifier, layout.text[start:end], first - start, record.title)
                named.append(
                    Named(
                        vocabulary.concepts[precise],
                        first - start,
                        last - start,
                        position in doc._.negated,
                        position in doc._.hypothetical,
                    )
                )
            position += 1
        sentences.append(Sentence(layout.text[start:end], section, section_start, zone, tuple(named)))
    return Article(record, tuple(sentences), vocabulary)
