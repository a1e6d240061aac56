"""How plain texts are read for the public corpora: by the vocabulary alone, by the trained model, by both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvest.record import Record, Section
from kb.tagging.numbers.estimates import find_estimates
from kb.tagging.numbers.printed_numbers import plain
from kb.tagging.pipeline import read_articles
from kb.tagging.proposing.trained import TextSpan, spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["TextSpan", "by_model", "by_vocabulary", "measured_values", "union"]

_KINDS = {"intervention": "INTV", "outcome": "OC"}


def by_vocabulary(texts: Sequence[str]) -> list[list[TextSpan]]:
    """Return the interventions and outcomes that the vocabulary knows in each text."""
    records = [Record(str(number), "", (Section(text),)) for number, text in enumerate(texts, 1)]
    found = []
    for article in read_articles(records):
        found.append(
            [
                TextSpan(sentence.start + n.start, sentence.start + n.end, _KINDS[n.concept.kind], 1.0)
                for sentence in article.sentences
                for n in sentence.named
                if n.concept.kind in _KINDS
            ]
        )
    return found


def by_model(texts: Sequence[str]) -> list[list[TextSpan]]:
    """Return what the trained model finds in each text; empty lists without its weights."""
    return spans(texts)


def union(one: Iterable[TextSpan], other: Iterable[TextSpan]) -> list[TextSpan]:
    """Return the spans of both, the first ones' own where two of a label overlap."""
    kept = list(one)
    for span in other:
        if not any(s.label == span.label and s.start < span.end and span.start < s.end for s in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: (span.start, span.end, span.label))


def measured_values(text: str) -> list[TextSpan]:
    """Return where the rules see a measured value in a sentence, as MEAS."""
    return [TextSpan(e.start, e.end, "MEAS", 1.0) for e in find_estimates(plain(text))]
