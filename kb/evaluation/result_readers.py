"""The readers that are held against each other on result sentences and on directions, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.evaluation.reading import by_vocabulary, measured_values, union
from kb.tagging import trained
from kb.tagging.result_relations import relate, relate_by_order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kb.evaluation.rct_art import Reading
    from kb.tagging.trained import TextSpan


def read_by_rules(texts: Sequence[str]) -> list[Reading]:
    """Vocabulary, the patterns of numbers, and order alone."""
    found: list[Reading] = []
    for text, known in zip(texts, by_vocabulary(texts), strict=True):
        spans = union(known, measured_values(text))
        found.append((spans, relate_by_order(text, spans)))
    return found


def read_by_model(texts: Sequence[str]) -> list[Reading]:
    """The trained model's spans, related by the trained relations."""
    found = zip(texts, trained.result_spans(texts), strict=True)
    return [(spans, relate(text, spans)) for text, spans in found]


def read_by_both(texts: Sequence[str]) -> list[Reading]:
    """The model's spans, and those of the vocabulary and the number patterns where it sees none."""
    found: list[Reading] = []
    for text, known, seen in zip(texts, by_vocabulary(texts), trained.result_spans(texts), strict=True):
        spans = union(union(seen, known), measured_values(text))
        found.append((spans, relate(text, spans)))
    return found


def relate_given(texts: Sequence[str], given: Sequence[Sequence[TextSpan]]) -> list[Reading]:
    """Relations alone, between spans that are given."""
    return [(spans, relate(text, spans)) for text, spans in zip(texts, given, strict=True)]


SENTENCE_READERS: Mapping[str, Callable[[Sequence[str]], list[Reading]]] = {
    "rules": read_by_rules,
    "model": read_by_model,
    "both": read_by_both,
}
