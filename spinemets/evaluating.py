"""Evaluating: labels and texts in, reports of figures out; nothing of a text is printed."""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING, Any

from kb.errors import BadLabels
from kb.evaluation import ebm_nlp, evidence_inference, rct_art
from kb.evaluation import relevance as on_topic
from kb.evaluation.agreement import agree, shared
from kb.evaluation.gold import Fault, score
from kb.evaluation.labels import read_labels, unknown_concepts
from kb.evaluation.reading import by_model, by_vocabulary
from kb.evaluation.report import Report
from kb.evaluation.result_readers import DIRECTION_READERS, SENTENCE_READERS, relate_given
from kb.tagging.extract import extract_all, extractor
from kb.vocabulary.concept import load_vocabulary
from spinemets.abstract_files import abstracts_by_pmid, texts_digest
from spinemets.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


_SEEN = "of the public files the models may have been trained on some: kb/models/CARD.md has the figures on unseen ones"
_SPLITS = {"heldout": "held out, unseen when the rules were made", "tune": "those the rules were made on"}


def _measured(files: Sequence[Path], **more: Any) -> dict[str, Any]:
    """What every report names: date, versions, and each file with its digest."""
    version = extractor()
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in files}
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "program": VERSION,
        "extractor": version.version,
        "vocabulary": version.vocabulary,
        "files": ", ".join(f"{name} ({digest})" for name, digest in digests.items()),
    } | more


def evaluate_gold(
    labels_file: Path, texts: Sequence[Path], database: Path | None, split: str | None
) -> tuple[Report, list[Fault]]:
    """Score the extractor on labelled abstracts; those whose text is not at hand are counted and left out."""
    vocabulary = load_vocabulary()
    labels = read_labels(labels_file, split)
    for number, one in enumerate(labels, 1):
        if unknown := unknown_concepts(one, vocabulary.concepts):
            raise BadLabels(labels_file, number, f"PMID {one.pmid}: the vocabulary has no '{unknown[0]}'")
    records = abstracts_by_pmid([one.pmid for one in labels], texts, database)
    held = [one for one in labels if one.pmid in records]
    if not held:
        raise BadLabels(labels_file, 0, "no labelled abstract is among the given texts")
    found = extract_all([records[one.pmid] for one in held])
    figures, faults = score(list(zip(found, held, strict=True)), vocabulary)
    name = split or labels_file.stem
    measured = _measured(
        [labels_file],
        texts=f"{len(held)} of {len(labels)} labelled abstracts ({texts_digest(records.values())})",
    )
    title = f"Labelled abstracts on spinal metastases: {_SPLITS.get(name, name)}"
    return Report(f"gold-{name}", title, measured, figures, _absent(len(labels) - len(held))), faults


def evaluate_relevance(
    labels_file: Path, texts: Sequence[Path], database: Path | None
) -> tuple[Report, list[on_topic.Miss]]:
    """Score the on-topic decision on labelled papers; those whose text is not at hand are counted and left out."""
    labels = on_topic.read_labels(labels_file)
    records = abstracts_by_pmid([label.id for label in labels], texts, database)
    if not records:
        raise BadLabels(labels_file, 0, "no labelled paper is among the given texts")
    figures, misses = on_topic.score(labels, records)
    measured = _measured(
        [labels_file],
        texts=f"{len(records)} of {len(labels)} labelled papers ({texts_digest(records.values())})",
    )
    notes = _absent(len(labels) - len(records))
    return Report("relevance", "On topic or not, held against labels", measured, figures, notes), misses


def _absent(number: int) -> list[str]:
    return [f"{number} labelled abstracts were not among the texts and are left out"] if number else []


def evaluate_agreement(one: Path, other: Path) -> Report:
    """Hold two readers' labels of the same abstracts against each other."""
    pairs = shared(read_labels(one), read_labels(other))
    if not pairs:
        raise BadLabels(other, 0, f"shares no PMID with {one}")
    measured = _measured([one, other], documents=len(pairs))
    return Report("agreement", "Two independent labellings of the same abstracts", measured, agree(pairs))


def evaluate_ebm_nlp(files: Sequence[Path]) -> Report:
    """Score interventions and outcomes by token: the vocabulary alone, the model alone, both."""
    documents = [document for path in files for document in ebm_nlp.read_token_documents(path)]
    texts = [document.text for document in documents]
    known, seen = by_vocabulary(texts), by_model(texts)
    both = [[*a, *b] for a, b in zip(known, seen, strict=True)]
    figures = [
        figure
        for who, predicted in (("vocabulary", known), ("model", seen), ("both", both))
        for figure in ebm_nlp.score(documents, predicted, who)
    ]
    measured = _measured(files, documents=len(documents))
    notes = [_SEEN, "published, by token on the expert-labelled test set: BERT models about 0.73"]
    return Report(
        "ebm-nlp", "EBM-NLP: interventions and outcomes of trials, by token", measured, figures, notes
    )


def evaluate_rct_art(files: Sequence[Path]) -> Report:
    """Score entities, relations and table rows of result sentences: rules and vocabulary, model, both."""
    sentences = [sentence for path in files for sentence in rct_art.read_result_sentences(path)]
    texts = [sentence.text for sentence in sentences]
    figures = [
        figure
        for who, read in SENTENCE_READERS.items()
        for figure in rct_art.score(sentences, read(texts), who)
    ]
    given = relate_given(texts, [sentence.spans for sentence in sentences])
    figures += [
        f for f in rct_art.score(sentences, given, "spans given") if not f.task.startswith("entities")
    ]
    measured = _measured(files, sentences=len(sentences))
    notes = [
        _SEEN,
        "published on unseen solid-tumour sentences (BioBERT): entities F1 0.838, relations joint 0.716,"
        " table rows strict 0.618, relaxed 0.784",
    ]
    return Report("rct-art", "RCT-ART: result sentences of trials", measured, figures, notes)


def evaluate_evidence_inference(files: Sequence[Path]) -> Report:
    """Score the direction of outcomes in given evidence sentences: rules, model."""
    prompts = [prompt for path in files for prompt in evidence_inference.read_prompts(path)]
    figures = [
        figure
        for who, answer in DIRECTION_READERS.items()
        for figure in evidence_inference.score(prompts, answer, who)
    ]
    measured = _measured(files, prompts=len(prompts))
    notes = [_SEEN, "published: 84% accuracy; two human annotators agree in 87.2%"]
    return Report(
        "evidence-inference", "Evidence Inference: direction of an outcome", measured, figures, notes
    )
