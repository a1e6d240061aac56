"""The bundled sample: its format is checked, and every study in it holds to it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from harvest.errors import BadSampleFile
from harvest.record import (
    Author,
    Correction,
    MeshHeading,
    MeshQualifier,
    PublicationDate,
    PublicationType,
    Section,
)
from harvest.sample import TOPICS, curated_topics, read_sample, sample_digest

if TYPE_CHECKING:
    from pathlib import Path

# Of immunotherapy for spinal metastases little is published with an identifier that could be seen in print.
FEWEST = dict.fromkeys(TOPICS, 8) | {"immunotherapy": 3}

STUDY = """\
pmid = "90000001"
doi = "10.5555/invented.1"
pmcid = "PMC9000001"
title = "An invented trial of hybrid therapy"
journal = "J Invent Spine"
year = 2021
month = 7
volume = "12"
issue = "3"
pages = "101-9"
authors = ["Rivera AM", "van der Okafor B Jr", "Invented Spine Tumour Group"]
authors_complete = false
language = "eng"
publication_types = ["Randomized Controlled Trial"]
mesh = ["Spinal Neoplasms/secondary*", "Radiosurgery*", "Spinal Neoplasms/surgery"]
registration = "NCT90000001"
topics = ["sbrt", "separation_surgery"]

[synopsis]
aim = "To learn whether it helps."
methods = "Sixty-four patients were randomised."
results = "Local control was 91% vs. 74%."
conclusion = "It helped."

[[corrections]]
kind = "ErratumIn"
pmid = "90000002"

[provenance]
seen_at = ["nowhere: made up"]
left_out = ""
"""


def study(tmp_path: Path, text: str = STUDY, pmid: str = "90000001") -> Path:
    (tmp_path / f"{pmid}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_study_becomes_a_record(tmp_path: Path) -> None:
    (record,) = read_sample(study(tmp_path))
    assert record.origin == "sample"
    assert record.abstract == (
        Section("To learn whether it helps.", "AIM"),
        Section("Sixty-four patients were randomised.", "METHODS"),
        Section("Local control was 91% vs. 74%.", "RESULTS"),
        Section("It helped.", "CONCLUSION"),
    )
    assert record.authors == (
        Author("Rivera", None, "AM"),
        Author("van der Okafor", None, "B", "Jr"),
        Author(collective="Invented Spine Tumour Group"),
    )
    assert record.mesh == (
        MeshHeading(
            "Spinal Neoplasms",
            qualifiers=(MeshQualifier("secondary", major=True), MeshQualifier("surgery")),
        ),
        MeshHeading("Radiosurgery", major=True),
    )
    assert record.date == PublicationDate(2021, 7, None, "2021 Jul")
    assert record.corrections == (Correction("ErratumIn", "90000002"),)
    assert record.publication_types == (PublicationType("Randomized Controlled Trial"),)
    assert (record.doi, record.pmcid, record.pages) == ("10.5555/invented.1", "PMC9000001", "101-9")
    assert (record.registrations, record.languages, record.authors_complete) == (
        ("NCT90000001",),
        ("eng",),
        False,
    )


def test_studies_come_in_order_of_their_numbers(tmp_path: Path) -> None:
    for pmid in ("90000001", "9000", "100000"):
        study(tmp_path, STUDY.replace('pmid = "90000001"', f'pmid = "{pmid}"'), pmid)
    (tmp_path / "notes.md").write_text("not a study")
    assert [record.pmid for record in read_sample(tmp_path)] == ["9000", "100000", "90000001"]
    assert curated_topics(tmp_path) == dict.fromkeys(
        ("9000", "100000", "90000001"), ("sbrt", "separation_surgery")
    )


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ('volume = "12"', "volumes = 12", "unknown key volumes"),
        ('journal = "J Invent Spine"\n', "", "journal is missing"),
        ('aim = "To learn whether it helps."\n', "", "synopsis.aim is missing"),
        ("Sixty-four patients were randomised.", " ", "synopsis.methods is empty"),
        ('conclusion = "It helped."', 'conclusion = "It helped."\nextra = "x"', "unknown key synopsis.extra"),
        ('pmid = "90000001"', 'pmid = "90000003"', "pmid is 90000003, but the file is named 90000001"),
        ('pmid = "90000001"', 'pmid = "PMID 1"', "pmid is misspelled"),
        ('["sbrt", "separation_surgery"]', '["sbrt", "stereotaxy"]', "unknown topic 'stereotaxy'"),
        ('["sbrt", "separation_surgery"]', "[]", "topics is empty"),
        ('["sbrt", "separation_surgery"]', '["sbrt", "sbrt"]', "topics should hold texts"),
        ("year = 2021", 'year = "2021"', "year should be a whole number"),
        ("year = 2021", "year = 21", "out of range"),
        ("month = 7", "month = 13", "out of range"),
        ("authors_complete = false", "authors_complete = 0", "authors_complete should be true or false"),
        ('"Radiosurgery*"', '"Radiosurgery*/"', "mesh heading 'Radiosurgery*/'"),
        ('doi = "10.5555', 'doi = "https://doi.org/10.5555', "doi is misspelled"),
        ('kind = "ErratumIn"', 'kind = "Erratum"', "corrections 1: kind is misspelled"),
        ('pmid = "90000002"', "", "neither pmid nor citation"),
        ("[[corrections]]", "[corrections]", "corrections should be a list"),
        ('["nowhere: made up"]', "[]", "seen_at is empty"),
        ("[synopsis]", "[synopsis", "is not TOML"),
    ],
)
def test_a_file_that_breaks_the_format_is_refused_by_name(
    tmp_path: Path, old: str, new: str, cause: str
) -> None:
    assert STUDY.count(old) == 1
    folder = study(tmp_path, STUDY.replace(old, new))
    with pytest.raises(BadSampleFile, match=r"90000001\.toml") as caught:
        list(read_sample(folder))
    assert cause in caught.value.cause
    with pytest.raises(BadSampleFile):
        curated_topics(folder)


def test_the_digest_changes_with_content_and_name(tmp_path: Path) -> None:
    first = sample_digest(study(tmp_path))
    assert sample_digest(study(tmp_path)) == first
    assert sample_digest(study(tmp_path, STUDY + "# touched\n")) != first
    study(tmp_path)
    assert sample_digest(study(tmp_path, STUDY, "90000009")) != first


def test_every_bundled_study_holds_to_the_format() -> None:
    records = list(read_sample())
    assert len(records) >= 140
    assert [int(record.pmid) for record in records] == sorted({int(record.pmid) for record in records})
    for record in records:
        assert record.origin == "sample"
        assert [section.label for section in record.abstract] == ["AIM", "METHODS", "RESULTS", "CONCLUSION"]
        assert record.date.year
    assert list(curated_topics()) == [record.pmid for record in records]


def test_topics_are_those_of_the_vocabulary() -> None:
    table = tomllib.loads(files("kb.vocabulary").joinpath("topics.toml").read_text(encoding="utf-8"))
    assert {topic["id"] for topic in table["topic"]} == set(TOPICS)


def test_no_study_stands_in_the_sample_twice() -> None:
    records = list(read_sample())
    for names in (
        [record.title.casefold() for record in records],
        [record.doi.casefold() for record in records if record.doi],
        [record.pmcid for record in records if record.pmcid],
    ):
        assert [name for name, count in Counter(names).items() if count > 1] == []


def test_every_topic_has_its_share_of_studies() -> None:
    counted = Counter(topic for topics in curated_topics().values() for topic in topics)
    assert {topic: counted[topic] for topic, least in FEWEST.items() if counted[topic] < least} == {}


def test_every_question_of_a_committee_has_its_studies() -> None:
    table = tomllib.loads(
        files("tests.harvest").joinpath("sample_questions.toml").read_text(encoding="utf-8")
    )
    known = {record.pmid for record in read_sample()}
    assert [question["id"] for question in table["question"]] == [f"q{n:02}" for n in range(1, 21)]
    for question in table["question"]:
        assert len(question["pmids"]) >= 3, question["id"]
        assert set(question["pmids"]) <= known, question["id"]


def test_retracted_and_corrected_papers_carry_their_notices() -> None:
    kinds: dict[str, list[str]] = {"RetractionIn": [], "ErratumIn": []}
    for record in read_sample():
        for correction in record.corrections:
            kinds.setdefault(correction.kind, []).append(record.pmid)
        retracted = any(correction.kind == "RetractionIn" for correction in record.corrections)
        assert retracted == ("Retracted Publication" in {kind.name for kind in record.publication_types})
    assert all(kinds.values())


def test_no_conclusion_brings_a_number_that_was_not_reported() -> None:
    for record in read_sample():
        *before, conclusion = record.abstract
        told = set(re.findall(r"\d+(?:\.\d+)?", " ".join(section.text for section in before)))
        told |= set(re.findall(r"\d+(?:\.\d+)?", record.title))
        assert set(re.findall(r"\d+(?:\.\d+)?", conclusion.text)) <= told, record.pmid
