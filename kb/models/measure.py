"""Figures of the trained parts on data they have not seen: `python -m kb.models.measure CORPORA [--store FILE]`.

EBM-NLP: the held-out documents. RCT-ART: each domain in turn with models trained on the others (the published
out-of-domain setting, on the domains at hand). Evidence Inference: the validation file, trained on the train file.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kb.evaluation import ebm_nlp, evidence_inference, rct_art
from kb.evaluation.reading import by_model, by_vocabulary, measured_values, union
from kb.evaluation.report import Report, store
from kb.evaluation.result_readers import DIRECTION_READERS, read_by_rules
from kb.models.span_training import LabelledText, train_recogniser
from kb.models.train import (
    RESULT_SCHEDULE,
    held_out,
    result_sentences,
    token_documents,
    train_relations,
)
from kb.tagging.extract import extractor
from kb.tagging.proposing.result_relations import relate
from kb.tagging.proposing.span_models import load_pipeline, recognised_spans
from kb.tagging.proposing.trained import ABSTRACTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.evaluation.rct_art import Reading, ResultSentence
    from kb.evaluation.scores import Figure


def _report(name: str, title: str, figures: list[Figure], measured_on: str, note: str) -> Report:
    version = extractor()
    measured = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "extractor": version.version,
        "vocabulary": version.vocabulary,
        "measured on": measured_on,
    }
    return Report(name, title, measured, figures, [note])


def measure_abstracts(corpora: Path) -> Report:
    """Interventions and outcomes by token on the held-out documents of EBM-NLP."""
    documents = [document for document in token_documents(corpora) if held_out(document)]
    texts = [document.text for document in documents]
    known, seen = by_vocabulary(texts), by_model(texts)
    both = [[*a, *b] for a, b in zip(known, seen, strict=True)]
    figures = [
        figure
        for who, spans in (("vocabulary", known), ("model", seen), ("both", both))
        for figure in ebm_nlp.score(documents, spans, who)
    ]
    note = "published, by token on another, expert-labelled test set: BERT models about 0.73"
    title = "EBM-NLP: interventions and outcomes of trials, by token"
    return _report("ebm-nlp", title, figures, f"{len(documents)} documents kept out of training", note)


def measure_results(corpora: Path) -> Report:
    """Entities, relations and rows of each domain of RCT-ART by models that never saw it."""
    domains = result_sentences(corpora)
    start = load_pipeline(Path(__file__).parent / ABSTRACTS)
    tested: list[ResultSentence] = []
    readings: dict[str, list[Reading]] = {"rules": [], "model": [], "both": [], "spans given": []}
    for domain, sentences in domains.items():
        others = [s for name, some in domains.items() if name != domain for s in some]
        learnt = [LabelledText(sentence.text, sentence.spans) for sentence in others]
        nlp = train_recogniser(learnt, RESULT_SCHEDULE, start, lambda _: None)
        relations = train_relations(others)
        texts = [sentence.text for sentence in sentences]
        sys.stderr.write(f"{domain}: {len(texts)} sentences\n")
        tested += sentences
        rules = read_by_rules(texts)
        readings["rules"] += rules
        for sentence, seen, known in zip(
            sentences, recognised_spans(nlp, texts), by_vocabulary(texts), strict=True
        ):
            joint = union(union(seen, known), measured_values(sentence.text))
            readings["model"].append((seen, relate(sentence.text, seen, relations)))
            readings["both"].append((joint, relate(sentence.text, joint, relations)))
            given = sentence.spans
            readings["spans given"].append((given, relate(sentence.text, given, relations)))
    figures = [f for who, found in readings.items() for f in rct_art.score(tested, found, who)]
    figures = [f for f in figures if not (f.task.startswith("entities") and f.task.endswith("given"))]
    note = (
        "published on unseen solid-tumour sentences (BioBERT): entities F1 0.838, relations joint 0.716, table rows"
        " strict 0.618, relaxed 0.784; here each of four other domains is unseen in turn"
    )
    title = "RCT-ART: result sentences of trials, each domain by models that never saw it"
    return _report("rct-art", title, figures, f"{len(tested)} sentences of {len(domains)} domains", note)


def measure_directions(corpora: Path) -> Report:
    """Directions on the validation prompts of Evidence Inference."""
    prompts = evidence_inference.read_prompts(corpora / "evidence_inference" / "validation.jsonl")
    figures = [
        f for who, read in DIRECTION_READERS.items() for f in evidence_inference.score(prompts, read, who)
    ]
    note = "published: 84% accuracy; two human annotators agree in 87.2%"
    title = "Evidence Inference: direction of an outcome by a given sentence"
    return _report(
        "evidence-inference", title, figures, f"{len(prompts)} prompts of the validation file", note
    )


MEASURES: dict[str, Callable[[Path], Report]] = {
    "abstracts": measure_abstracts,
    "directions": measure_directions,
    "results": measure_results,
}


def main() -> None:
    """Measure the named parts and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(MEASURES)}")
    parser.add_argument("--store", type=Path, help="keep the figures in this file")
    options = parser.parse_args()
    for part in options.parts or MEASURES:
        report = MEASURES[part](options.corpora)
        print(report.as_text())
        if options.store:
            store(report, options.store)


if __name__ == "__main__":
    main()
