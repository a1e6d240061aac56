"""Extraction as a whole: a sound pipeline, the public schema, spans that quote, the same answer twice."""

from __future__ import annotations

import json
import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from harvest.medline_xml import read_pubmed_xml
from harvest.record import Record
from harvest.sample.load import read_sample
from kb.tagging.extract import _rules_below, extract, extract_all, extractor
from kb.tagging.pipeline import COMPONENTS, pipeline
from kb.vocabulary.concept import load_vocabulary
from tests.made_up import made_up_pairs, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.evidence import Extraction, Span

CHECKOUT = Path(__file__).parents[3]
SCHEMA = CHECKOUT / "kb" / "extract.schema.json"
CORPORA = Path(os.environ.get("SPINEMETS_CORPORA", CHECKOUT.parent / "shared" / "corpora"))
TRIALS = CORPORA / "pubmed_xml" / "bone_spine_trials.xml"


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@cache
def records() -> tuple[Record, ...]:
    """The made-up records and the bundled sample."""
    return (*(of for of, _ in made_up_pairs()), *read_sample())


@cache
def extractions() -> tuple[Extraction, ...]:
    return tuple(extract_all(records()))


def spans(found: Extraction) -> Iterator[Span]:
    for mention in found.mentions:
        yield mention.span
        yield mention.sentence
    yield from (finding.span for finding in found.findings)
    yield from (row.span for row in found.tool_performance)
    for span in (found.study.design_span, found.study.patients_span):
        if span is not None:
            yield span


def faults(of: Record, found: Extraction) -> list[str]:
    """What is wrong with an extraction: faults of its public form, and spans that do not quote the record."""
    public = json.loads(json.dumps(found.as_json()))
    told = [fault.message for fault in validator().iter_errors(public)]
    told += [
        f"{span} does not quote the record"
        for span in spans(found)
        if of.sections[span.section][span.start : span.end] != span.text
    ]
    return told


def test_the_pipeline_has_no_problem() -> None:
    nlp = pipeline()
    analysis: dict[str, Any] = nlp.analyze_pipes() or {}
    assert set(analysis["problems"]) == set(COMPONENTS) == set(nlp.pipe_names)
    missing = {name: needs for name, needs in analysis["problems"].items() if needs}
    assert missing == {"spinemets_sentences": ["doc._.layout"]}  # which `read_articles` lays out beforehand


def test_records_give_valid_extractions_whose_spans_quote_them() -> None:
    assert len(extractions()) == len(records()) > 20
    for of, found in zip(records(), extractions(), strict=True):
        assert faults(of, found) == [], of.pmid
        assert (found.pmid, found.source) == (of.pmid, of.origin)


def test_extractions_name_concepts_of_the_vocabulary() -> None:
    concepts = load_vocabulary().concepts
    for found in extractions():
        assert all(concepts[m.concept].kind == m.kind for m in found.mentions)
        named = {name for one in found.findings for name in (one.intervention, one.comparator, one.outcome)}
        assert named - {None} <= set(concepts)
        assert {row.tool for row in found.tool_performance} <= set(concepts)


def test_a_mention_stands_in_its_sentence() -> None:
    for found in extractions():
        for mention in found.mentions:
            inner, outer = mention.span, mention.sentence
            assert inner.section == outer.section
            assert outer.start <= inner.start < inner.end <= outer.end


def test_extracting_twice_gives_the_same() -> None:
    assert tuple(extract_all(records())) == extractions()


def test_one_record_alone_gives_what_it_gives_among_others() -> None:
    for of, found in list(zip(records(), extractions(), strict=True))[::7]:
        assert extract(of) == found


def test_the_extractor_names_its_rules_and_vocabulary() -> None:
    assert extractor().vocabulary == load_vocabulary().digest
    assert {found.extractor for found in extractions()} == {extractor()}


@pytest.mark.parametrize(
    "sections", [(), ((None, ""),), (("RESULTS", " "),), ((None, "\n"), ("METHODS", "SBRT"))]
)
def test_empty_and_blank_records(sections: tuple[tuple[str | None, str], ...]) -> None:
    for title in ("", "SBRT for spinal metastases"):
        paper = record("90000001", title, *sections)
        assert faults(paper, extract(paper)) == []


PIECES = st.sampled_from(
    ["SBRT", "versus", "conventional radiotherapy", "local control", "at 1 year", "was 84% and 64%", "(p=0.03)", "HR 0.5",
     "(95% CI 0.3-0.8)", "no", "myelopathy", "120 patients", "(n = 60)", "were randomised", "Tokuhashi score", "AUC 0.7",
     ". ", ".A ", "; ", "(", ")", "β", "\n", "\u2009", "0·5", "respectively", "vertebroplasty (VP)", "VP", "pain", "VAS fell",
     "from 7.5 to 2.1", "median survival 12 months", "to"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=16).map(" ".join), st.text(max_size=40))
LABELS = st.sampled_from([None, "BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS", "METHODS AND RESULTS"])


@settings(max_examples=60)
@given(TEXTS, st.lists(st.tuples(LABELS, TEXTS), max_size=3))
def test_any_text_gives_a_valid_extraction(title: str, sections: list[tuple[str | None, str]]) -> None:
    paper = record("90000001", title, *sections)
    assert faults(paper, extract(paper)) == []


# Read by people in the six abstracts: design, level, patients (a protocol has none yet), and what has to be among
# treatments and outcomes.
READ = {
    "18596887": ("rct", "I", 58, {"single_fraction_radiotherapy", "multifraction_radiotherapy"},
                 {"pain_relief", "pain_response"}),
    "21466679": ("protocol", None, None, {"vertebroplasty", "sham_procedure"}, {"pain_relief"}),
    "23164174": ("protocol", None, None, {"multifraction_stereotactic_body_radiotherapy"}, {"pain_response"}),
    "24837137": ("rct", "II", 94, {"zoledronic_acid", "docetaxel"}, {"progression_free_survival", "overall_survival"}),
    "26579488": ("rct", "I", 101, {"vandetanib", "placebo"},
                 {"overall_survival", "progression_free_survival", "time_to_first_skeletal_event"}),
    "26983672": ("rct", "I", 60, {"resistance_training", "rehabilitation"},
                 {"bone_turnover_marker", "tumour_response", "skeletal_related_event"}),
}  # fmt: skip
ARMS = {
    "21466679": ("vertebroplasty", "sham_procedure"),
    "26579488": ("vandetanib", "placebo"),
    "26983672": ("resistance_training", "rehabilitation"),
}


@pytest.mark.corpus
@pytest.mark.skipif(not TRIALS.exists(), reason="the public corpora are not here")
def test_six_real_trials() -> None:
    papers = {entry.pmid: entry for entry in read_pubmed_xml(TRIALS) if isinstance(entry, Record)}
    assert set(papers) == set(READ)
    for pmid, (design, level, patients, treatments, outcomes) in READ.items():
        found = extract(papers[pmid])
        assert faults(papers[pmid], found) == []
        study = found.study
        assert (study.design, study.level_nass, study.patients) == (design, level, patients), pmid
        roles: dict[str, set[str]] = {}
        for mention in found.mentions:
            roles.setdefault(mention.role, set()).add(mention.concept)
        assert treatments <= roles["studied"] | roles.get("comparator", set()), pmid
        assert outcomes <= roles["measured"], pmid
        if pmid in ARMS:
            main, comparator = ARMS[pmid]
            assert main in roles["studied"] - roles["comparator"], pmid
            assert comparator in roles["comparator"] - roles["studied"], pmid


@pytest.mark.corpus
@pytest.mark.skipif(not TRIALS.exists(), reason="the public corpora are not here")
def test_trials_without_a_difference_say_so() -> None:
    papers = {entry.pmid: entry for entry in read_pubmed_xml(TRIALS) if isinstance(entry, Record)}
    fractions = [one for one in extract(papers["18596887"]).findings if one.outcome == "pain_response"]
    assert [(one.value, one.p_relation, one.direction) for one in fractions] == [
        (78, ">", "no_difference"),
        (65, ">", "no_difference"),
    ]
    survival = [one for one in extract(papers["24837137"]).findings if one.outcome == "overall_survival"]
    assert [(one.measure, one.value, one.ci_low, one.ci_high, one.p, one.direction) for one in survival] == [
        ("median", 10.4, 7.0, 15.8, 0.62, "no_difference"),
        ("median", 9.7, 6.1, 12.5, 0.62, "no_difference"),
    ]


@pytest.mark.corpus
@pytest.mark.skipif(not TRIALS.exists(), reason="the public corpora are not here")
def test_protocols_report_nothing() -> None:
    for entry in read_pubmed_xml(TRIALS):
        if isinstance(entry, Record) and READ[str(entry.pmid)][0] == "protocol":
            assert extract(entry).findings == ()


def test_the_digest_covers_the_rules_in_every_room() -> None:
    named = [file.name for file in _rules_below(files("kb.tagging"))]
    assert {"estimates.py", "quantities.toml", "design_rules.toml", "tools.py", "on_topic.toml"} <= set(named)
