"""How fast records are extracted on one core, held against a plain spaCy pipeline over the same vocabulary.

The peer is what a reader of the field would write first: blank spaCy, a sentencizer, PhraseMatcher over the same
forms, and negspacy for negation (`pip install negspacy`; without it the peer runs without negation, and the table
says so). Ours does far more: sections, zones, abbreviations, design, sample size, findings, tools.

    python tests/bench/bench_extract.py [FILE.xml] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import itertools
import os
import pstats
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from harvest.files import read_file
from harvest.record import Record
from harvest.sample import read_sample
from kb.tagging.extract import extract_all
from kb.vocabulary.concept import load_vocabulary

GOAL = 200
RUNS = 3
LEAST = 700


def records(path: Path | None) -> tuple[str, list[Record]]:
    """Return the records of a file, of the corpora, or of the bundled sample, repeated until they are enough."""
    corpora = Path(os.environ.get("SPINEMETS_CORPORA", "../shared/corpora"))
    path = path or corpora / "pubmed_xml" / "pubmedqa.xml"
    if path.exists():
        return path.name, [entry for entry in read_file(path) if isinstance(entry, Record)]
    sample = [entry for entry in read_sample() if isinstance(entry, Record)]
    return "the bundled sample, repeated", list(itertools.islice(itertools.cycle(sample), LEAST))


def peer() -> tuple[str, Language]:
    """Return the pipeline to hold ours against, with its name."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for concept in load_vocabulary().concepts.values():
        matcher.add(concept.id, list(nlp.tokenizer.pipe(concept.forms)))

    @Language.component("vocabulary_matches")
    def find(doc: Doc) -> Doc:
        doc.ents = filter_spans(matcher(doc, as_spans=True))
        return doc

    nlp.add_pipe("vocabulary_matches")
    if find_spec("negspacy") is None:
        return "spaCy + PhraseMatcher (negspacy is not installed)", nlp
    import negspacy.negation  # noqa: F401
    from negspacy.termsets import termset

    nlp.add_pipe("negex", config={"neg_termset": termset("en_clinical").get_patterns()})
    return "spaCy + PhraseMatcher + negspacy", nlp


def best_rate(work: Callable[[], Iterable[Any]], number: int) -> float:
    """Return records a second of processor time, the best of a few runs."""
    seconds = []
    for _ in range(RUNS):
        start = time.process_time()
        for _result in work():
            pass
        seconds.append(time.process_time() - start)
    return number / min(seconds)


def show_profile(batch: Sequence[Record]) -> None:
    """Print where extraction spends its time."""
    profile = cProfile.Profile()
    profile.runcall(lambda: list(extract_all(batch)))
    pstats.Stats(profile, stream=sys.stdout).sort_stats("tottime").print_stats(15)


def main() -> None:
    """Measure both on the same records and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--profile", action="store_true", help="show where extraction spends its time")
    options = parser.parse_args()
    source, batch = records(options.file)
    name, nlp = peer()
    texts = ["\n".join(record.sections) for record in batch]
    list(extract_all(batch[:20]))  # builds matcher and patterns once
    list(nlp.pipe(texts[:20]))
    ours = best_rate(lambda: extract_all(batch), len(batch))
    theirs = best_rate(lambda: nlp.pipe(texts), len(batch))
    print(f"{len(batch)} records of {source}, one core, best of {RUNS}")
    print(
        f"{'extract (everything)':55} {ours:8.0f} abstracts/s   goal {GOAL}: {'met' if ours >= GOAL else 'not met'}"
    )
    print(f"{name:55} {theirs:8.0f} abstracts/s")
    print(f"{'ratio':55} {ours / theirs:8.2f}               goal 1: {'met' if ours >= theirs else 'not met'}")
    if options.profile:
        show_profile(batch)


if __name__ == "__main__":
    main()
