"""The gold labels are well formed: facts in the schema's words, ids of the vocabulary, no sentence of any abstract."""

from __future__ import annotations

import json
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import pytest

from kb.evidence import Design, Direction, Level, Measure, Metric, PRelation, Question, Setting
from kb.vocabulary.concept import load_vocabulary

HERE = Path(__file__).parent
SPLITS = ("tune", "heldout")
SECOND = "second"  # abstracts of both splits, labelled again by another reader
GENERAL = "general"  # of all of medicine, from PubMedQA: design and question alone, for training
LONGEST = 60  # characters: an id, a unit or a group's name, never a sentence
MOST_WORDS = 6
STAND_IN = 90_000_000
ROLES = {"interventions": {"studied", "comparator"}, "tools": {"evaluated", "used", "mentioned"}}

Label = dict[str, Any]


def labels(file: str) -> list[Label]:
    return [json.loads(line) for line in (HERE / f"{file}.jsonl").read_text("utf-8").splitlines()]


def split_of(label: Label) -> str:
    return "tune" if int(label["pmid"]) % 3 else "heldout"


EVERY = [
    pytest.param(label, id=f"{file}-{label['pmid']}") for file in (*SPLITS, SECOND) for label in labels(file)
]
DIGESTS = tomllib.loads((HERE / "digests.toml").read_text("utf-8"))
KINDS = {name: concept.kind for name, concept in load_vocabulary().concepts.items()}


def is_known(concept: str | None, kind: str) -> bool:
    if concept is None:
        return True
    head, colon, words = concept.partition("unlisted:")
    if colon:
        return not head and bool(words.strip())
    return KINDS.get(concept) == kind


def strings(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return list(chain.from_iterable(strings(part) for part in value.values()))
        case list():
            return list(chain.from_iterable(strings(part) for part in value))
    return []


def test_the_split_follows_the_pmid_and_nothing_stands_twice() -> None:
    pmids = []
    for split in SPLITS:
        for label in labels(split):
            assert label["split"] == split == split_of(label)
            pmids.append(label["pmid"])
    assert len(pmids) == len(set(pmids))
    assert pmids


def test_the_second_reader_labelled_some_of_the_same_abstracts() -> None:
    first = {label["pmid"]: label for split in SPLITS for label in labels(split)}
    second = labels(SECOND)
    pmids = [label["pmid"] for label in second]
    assert len(pmids) == len(set(pmids))
    assert set(pmids) < set(first)
    assert {label["split"] for label in second} == set(SPLITS)
    for label in second:
        assert label["split"] == split_of(label)
        assert set(label) == set(first[label["pmid"]])
        assert label["annotator"] != first[label["pmid"]]["annotator"]


def test_general_labels_are_of_other_papers_and_say_what_was_studied() -> None:
    general = labels(GENERAL)
    pmids = [label["pmid"] for label in general]
    assert len(pmids) == len(set(pmids)) > 500
    assert not set(pmids) & {label["pmid"] for split in SPLITS for label in labels(split)}
    for label in general:
        assert set(label) == {"pmid", "split", "annotator", "design", "question", "level_nass", "patients"}
        assert label["split"] == GENERAL
        assert label["design"] in get_args(Design)
        assert label["question"] in get_args(Question)
        assert label["level_nass"] in {None, *get_args(Level)}
        assert label["patients"] is None or label["patients"] > 0


def test_every_text_is_named_by_its_digest() -> None:
    assert set(DIGESTS) == {label["pmid"] for split in SPLITS for label in labels(split)}
    digests = [entry["sha256"] for entry in DIGESTS.values()]
    assert len(digests) == len(set(digests))
    assert all(len(digest) == 64 and int(digest, 16) for digest in digests)
    named = {pmid for pmid, entry in DIGESTS.items() if {"pmcid", "doi"} & set(entry)}
    assert all(int(pmid) > STAND_IN for pmid in named)


@pytest.mark.parametrize("label", EVERY)
def test_the_study_is_said_in_the_schemas_words(label: Label) -> None:
    assert label["design"] in get_args(Design)
    assert label["question"] in get_args(Question)
    assert label["level_nass"] in {None, *get_args(Level)}
    assert label["patients"] is None or label["patients"] > 0
    assert label["lesions"] is None or label["lesions"] > 0
    assert label["follow_up_months"] is None or label["follow_up_months"] > 0
    assert all(set(arm) == {"label", "patients"} and arm["patients"] > 0 for arm in label["arms"])
    if label["patients"] is not None:
        assert all(arm["patients"] <= label["patients"] or label["design"] == "rct" for arm in label["arms"])


@pytest.mark.parametrize("label", EVERY)
def test_concepts_are_ids_of_the_vocabulary(label: Label) -> None:
    for part, roles in ROLES.items():
        entries = label[part]
        assert all(entry["role"] in roles for entry in entries)
        assert all(is_known(entry["concept"], part.rstrip("s")) for entry in entries)
        concepts = [entry["concept"] for entry in entries]
        assert len(concepts) == len(set(concepts))
    assert all(is_known(tumour, "condition") for tumour in label["primary_tumours"])
    assert all(is_known(outcome, "outcome") for outcome in label["outcomes"])
    assert len(label["outcomes"]) == len(set(label["outcomes"]))


@pytest.mark.parametrize("label", EVERY)
def test_findings_hold_what_their_measure_needs(label: Label) -> None:
    for finding in label["findings"]:
        assert is_known(finding["intervention"], "intervention"), finding
        assert is_known(finding["comparator"], "intervention"), finding
        assert is_known(finding["outcome"], "outcome"), finding
        assert finding["outcome"] in {None, *label["outcomes"]}, finding
        assert finding["measure"] in get_args(Measure)
        assert finding["direction"] in get_args(Direction)
        assert finding["p_relation"] in {None, *get_args(PRelation)}
        assert (finding["value"] is None) == (finding["measure"] in {"p_only", "text_only"}), finding
        assert (finding["p"] is None) == (finding["p_relation"] in {None, "ns"}), finding
        assert finding["measure"] != "p_only" or finding["p_relation"], finding
        assert finding["p"] is None or 0 <= finding["p"] <= 1
        assert_interval_holds(finding)
        if finding["measure"] in {"hr", "or", "rr"}:
            assert finding["value"] > 0, finding
        if finding["measure"] in {"sensitivity", "specificity"}:
            assert 0 <= finding["value"] <= 100


@pytest.mark.parametrize("label", EVERY)
def test_performance_rows_are_of_known_tools(label: Label) -> None:
    for row in label["tool_performance"]:
        assert is_known(row["tool"], "tool")
        assert row["tool"] is not None
        assert row["metric"] in get_args(Metric)
        assert row["setting"] in get_args(Setting)
        assert_interval_holds(row)


@pytest.mark.parametrize("label", EVERY)
def test_no_label_holds_a_sentence(label: Label) -> None:
    for text in strings(label):
        assert len(text) <= LONGEST
        assert len(text.split()) <= MOST_WORDS, text
        assert "\n" not in text


def assert_interval_holds(row: Label) -> None:
    assert (row["ci_low"] is None) == (row["ci_high"] is None), row
    if row["ci_low"] is not None:
        assert row["ci_low"] <= row["value"] <= row["ci_high"], row
