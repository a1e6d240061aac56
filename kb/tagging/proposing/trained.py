"""What the trained models see in a text. Without their weights everything here answers with nothing.

`spans` marks interventions (INTV) and outcomes (OC) of an abstract that the vocabulary need not know; `result_spans`
marks arms (INTV), outcomes (OC) and measured values (MEAS) of a result sentence. Each span has a score between 0 and
1. How the models were trained and how far they can be trusted: kb/models/CARD.md.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from kb.tagging.proposing.span_models import TextSpan, load_pipeline, recognised_spans, tagged_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.language import Language

__all__ = ["TextSpan", "available", "result_spans", "spans"]

ABSTRACTS, RESULTS = "abstract_spans", "result_spans"
# From this probability on a token of an abstract counts; chosen on 86 documents that were neither learnt nor held out.
LEAST = 0.3


def available() -> bool:
    """Whether the weights are here."""
    return all(files("kb.models").joinpath(name, "config.cfg").is_file() for name in (ABSTRACTS, RESULTS))


def spans(texts: Sequence[str]) -> list[list[TextSpan]]:
    """Return interventions and outcomes in each text, in order; nothing where the weights are absent."""
    nlp = _pipeline(ABSTRACTS)
    return [[] for _ in texts] if nlp is None else list(tagged_spans(nlp, texts, LEAST))


def result_spans(texts: Sequence[str]) -> list[list[TextSpan]]:
    """Return arms, outcomes and measured values of result sentences, in order; nothing without the weights.

    This model gives no probabilities: each span's score is 1.
    """
    nlp = _pipeline(RESULTS)
    return [[] for _ in texts] if nlp is None else list(recognised_spans(nlp, texts))


@cache
def _pipeline(name: str) -> Language | None:
    folder = files("kb.models").joinpath(name)
    if not folder.joinpath("config.cfg").is_file():
        return None
    with as_file(folder) as path:
        return load_pipeline(path)
