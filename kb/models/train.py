"""The training command: `python -m kb.models.train CORPORA [PART ...] [--out FOLDER]`.

CORPORA is the folder of the public corpora (see CARD.md for what is taken from where). Parts: abstract_spans,
result_spans, result_relations, directions; all by default. One thread, fixed seeds: the same corpora and libraries
give the same weights.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kb.evaluation.ebm_nlp import TokenDocument, read_token_documents
from kb.evaluation.evidence_inference import (
    ANSWERS,
    DECREASED,
    INCREASED,
    NO_DIFFERENCE,
    Prompt,
    read_prompts,
)
from kb.evaluation.rct_art import ResultSentence, read_result_sentences
from kb.models.linear_training import save_linear, train_linear
from kb.models.span_training import LabelledText, Schedule, train_recogniser, train_tagger
from kb.tagging.proposing.direction_model import direction_features
from kb.tagging.proposing.result_relations import ARM_1, ARM_2, NONE, OUTCOME, pair_features
from kb.tagging.proposing.span_models import TextSpan, load_pipeline
from kb.tagging.proposing.trained import ABSTRACTS, RESULTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spacy.language import Language

    from kb.models.linear_training import TrainingExample
    from kb.tagging.proposing.linear import LinearModel

HELD_OUT_SHARE = 15
RELATION_ANSWERS = (ARM_1, ARM_2, OUTCOME, NONE)
RELATION_RIDGE = 3.0
ABSTRACT_SCHEDULE = Schedule(epochs=6, dropout=0.3, rate=0.0015)
RESULT_SCHEDULE = Schedule(epochs=40, dropout=0.35, rate=0.002)
DIRECTION_RIDGE, DIRECTION_LEAST_COUNT = 10.0, 4
_SWAPPED = {INCREASED: DECREASED, DECREASED: INCREASED, NO_DIFFERENCE: NO_DIFFERENCE}


def held_out(document: TokenDocument) -> bool:
    """Whether a document of EBM-NLP is kept for measuring: by its text's digest, whatever file it stands in."""
    return int(hashlib.sha256(document.text.encode()).hexdigest(), 16) % 100 < HELD_OUT_SHARE


def token_documents(corpora: Path) -> list[TokenDocument]:
    """Return EBM-NLP's documents of both forms."""
    folder = corpora / "ebm_nlp"
    files = sorted([*folder.glob("*.conll"), *folder.glob("*.iob")])
    return [document for file in files for document in read_token_documents(file)]


def result_sentences(corpora: Path) -> dict[str, list[ResultSentence]]:
    """Return RCT-ART's sentences by domain."""
    return {file.stem: read_result_sentences(file) for file in sorted((corpora / "rct_art").glob("*.jsonl"))}


def abstract_texts(
    documents: Sequence[TokenDocument], sentences: Sequence[ResultSentence]
) -> list[LabelledText]:
    """Return what the abstract tagger learns from: no held-out document, and none that a result sentence is from."""
    quoted = [_letters(sentence.text.removeprefix("RESULTS"))[:80] for sentence in sentences]
    chosen = []
    for document in documents:
        letters = _letters(document.text)
        if not held_out(document) and not any(start in letters for start in quoted):
            chosen.append(LabelledText(document.text, tuple(_spans(document))))
    return chosen


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def _spans(document: TokenDocument) -> list[TextSpan]:
    """Join a document's equally labelled neighbours to spans."""
    spans: list[TextSpan] = []
    last: str | None = None
    for (start, end), label, begins in zip(document.offsets, document.labels, document.begins, strict=True):
        if label is not None and label == last and not begins:
            spans[-1] = TextSpan(spans[-1].start, end, label, 1.0)
        elif label is not None:
            spans.append(TextSpan(start, end, label, 1.0))
        last = label
    return spans


def relation_examples(sentences: Sequence[ResultSentence]) -> list[TrainingExample]:
    """Return every pair of an arm or outcome with a value, and its relation or none."""
    examples: list[TrainingExample] = []
    for sentence in sentences:
        known = {(head, child): label for head, child, label in sentence.relations}
        values = [i for i, span in enumerate(sentence.spans) if span.label == "MEAS"]
        heads = [i for i, span in enumerate(sentence.spans) if span.label != "MEAS"]
        examples += [
            (pair_features(sentence.text, sentence.spans, head, value), known.get((head, value), NONE))
            for value in values
            for head in heads
        ]
    return examples


def train_relations(sentences: Sequence[ResultSentence]) -> LinearModel:
    """Train the relations of result sentences."""
    return train_linear(relation_examples(sentences), RELATION_ANSWERS, ridge=RELATION_RIDGE)


def direction_examples(prompts: Sequence[Prompt]) -> list[TrainingExample]:
    """Return each prompt, and its mirror image where both arms are named: arms and answer swapped."""
    examples: list[TrainingExample] = []
    for p in prompts:
        examples.append((direction_features(p.intervention, p.comparator, p.outcome, p.evidence), p.answer))
        mirrored = direction_features(p.comparator, p.intervention, p.outcome, p.evidence)
        if "order IC" in mirrored or "order CI" in mirrored:
            examples.append((mirrored, _SWAPPED[p.answer]))
    return examples


def train_directions(prompts: Sequence[Prompt]) -> LinearModel:
    """Train the directions of evidence sentences."""
    examples = direction_examples(prompts)
    return train_linear(examples, ANSWERS, ridge=DIRECTION_RIDGE, least_count=DIRECTION_LEAST_COUNT)


def _train_abstract_spans(corpora: Path, out: Path) -> None:
    sentences = [s for domain in result_sentences(corpora).values() for s in domain]
    texts = abstract_texts(token_documents(corpora), sentences)
    _say(f"{ABSTRACTS}: {len(texts)} documents")
    _keep(train_tagger(texts, ABSTRACT_SCHEDULE, _say), out / ABSTRACTS)


def _train_result_spans(corpora: Path, out: Path) -> None:
    sentences = [s for domain in result_sentences(corpora).values() for s in domain]
    texts = [LabelledText(sentence.text, sentence.spans) for sentence in sentences]
    start = load_pipeline(out / ABSTRACTS)
    _say(f"{RESULTS}: {len(texts)} sentences")
    _keep(train_recogniser(texts, RESULT_SCHEDULE, start, _say), out / RESULTS)


def _keep(nlp: Language, folder: Path) -> None:
    """Write a pipeline without what it does not need: strings and lookups come with the language."""
    nlp.meta["name"] = folder.name
    nlp.meta["spacy_version"] = (
        ">=3.8.0,<3.9.0"  # as pyproject.toml has it; spaCy would write the installed one
    )
    nlp.meta["description"] = "trained by kb.models.train; see CARD.md"
    nlp.to_disk(folder, exclude=["vocab"])


def _train_result_relations(corpora: Path, out: Path) -> None:
    sentences = [s for domain in result_sentences(corpora).values() for s in domain]
    save_linear(train_relations(sentences), out / "result_relations.json")


def _train_directions(corpora: Path, out: Path) -> None:
    prompts = read_prompts(corpora / "evidence_inference" / "train.jsonl")
    save_linear(train_directions(prompts), out / "directions.json")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


PARTS: dict[str, Callable[[Path, Path], None]] = {
    ABSTRACTS: _train_abstract_spans,
    RESULTS: _train_result_spans,
    "result_relations": _train_result_relations,
    "directions": _train_directions,
}


def main() -> None:
    """Train the named parts, in their order."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    options = parser.parse_args()
    for part in [name for name in PARTS if name in (options.parts or PARTS)]:
        PARTS[part](options.corpora, options.out)


if __name__ == "__main__":
    main()
