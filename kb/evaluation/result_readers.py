"""The readers that are held against each other on result sentences and on directions, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.evaluation.evidence_inference import DECREASED, INCREASED, NO_DIFFERENCE
from kb.evaluation.reading import by_vocabulary, measured_values, union
from kb.tagging.proposing import trained
from kb.tagging.proposing.direction_model import direction_features, read_direction
from kb.tagging.proposing.result_relations import relate, relate_by_order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kb.evaluation.evidence_inference import Prompt
    from kb.evaluation.rct_art import Reading
    from kb.tagging.proposing.trained import TextSpan


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


def direction_by_rules(prompt: Prompt) -> str | None:
    """Not significant means no difference; else the words of change decide, then the order of two values."""
    said = direction_features(prompt.intervention, prompt.comparator, prompt.outcome, prompt.evidence)
    if "p no" in said or "p interval holds null" in said or "denied True p none sure True" in said:
        return NO_DIFFERENCE
    for feature in ("cue", "raw", "pair", "rawpair"):
        for sign, answer in (("1", INCREASED), ("-1", DECREASED)):
            if any(one.split()[:2] == [feature, sign] for one in said):
                return answer
    return NO_DIFFERENCE if "denied True" in said else None


def direction_by_model(prompt: Prompt) -> str | None:
    """The trained model's answer, None without its weights."""
    answer = read_direction(prompt.intervention, prompt.comparator, prompt.outcome, prompt.evidence)
    return answer[0] if answer else None


DIRECTION_READERS: Mapping[str, Callable[[Prompt], str | None]] = {
    "rules": direction_by_rules,
    "model": direction_by_model,
}
