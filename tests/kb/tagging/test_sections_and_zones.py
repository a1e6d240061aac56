"""Sections and zones: which part of a study a sentence belongs to, labelled or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.record import Section
from kb.tagging.pipeline import read_articles
from kb.tagging.sections import lay_out, zone_of
from kb.tagging.zones import ORDER, is_aim, zone_sentences
from tests.made_up import record

LABELS = [
    ("BACKGROUND", "background"),
    ("Introduction", "background"),
    ("SUMMARY OF BACKGROUND DATA", "background"),
    ("OBJECTIVE", "aim"),
    ("PURPOSE/OBJECTIVE(S)", "aim"),
    ("Aims", "aim"),
    ("METHODS", "methods"),
    ("PATIENTS AND METHODS", "methods"),
    ("STUDY DESIGN/SETTING", "methods"),
    ("PATIENT SAMPLE", "methods"),
    ("OUTCOME MEASURES", "methods"),
    ("RESULTS", "results"),
    ("FINDINGS", "results"),
    ("CONCLUSIONS", "conclusion"),
    ("INTERPRETATION", "conclusion"),
    ("LEVEL OF EVIDENCE", "conclusion"),
    ("METHODS AND RESULTS", "mixed"),
    ("CASE REPORT", "mixed"),
    ("TRIAL REGISTRATION", "other"),
    ("FUNDING", "other"),
    (None, "mixed"),
    ("UNHEARD OF", "mixed"),
]


@pytest.mark.parametrize(("label", "zone"), LABELS)
def test_a_label_tells_the_zone(label: str | None, zone: str) -> None:
    assert zone_of(Section("Text.", label)) == zone


def test_a_label_that_says_nothing_leaves_it_to_the_category() -> None:
    assert zone_of(Section("Text.", "WHAT WE SAW", "RESULTS")) == "results"
    assert zone_of(Section("Text.", "METHODS", "RESULTS")) == "methods"


def test_the_layout_finds_each_section_again() -> None:
    paper = record("90000001", "A title", ("METHODS", "We looked."), ("RESULTS", "We saw."))
    layout = lay_out(paper)
    for section, text in enumerate(paper.sections):
        start = layout.starts[section]
        assert layout.text[start : start + len(text)] == text
        assert layout.place(start + 2, start + len(text)) == (section, 2, len(text))
    assert layout.zones == ("title", "methods", "results")


def test_results_told_among_the_methods_are_looked_for_there() -> None:
    methods = "We treated 64 patients. Local control was 88% at one year."
    old = record("90000001", "A title", ("METHODS", methods), ("CONCLUSIONS", "It works."))
    assert lay_out(old).zones == ("title", "mixed", "conclusion")
    protocol = record(
        "90000001", "A title", ("METHODS", "We will treat 64 patients; 88% power."), ("DISCUSSION", "So.")
    )
    assert "mixed" not in lay_out(protocol).zones
    usual = record(
        "90000001", "A title", ("METHODS", methods), ("RESULTS", "We saw."), ("CONCLUSIONS", "So.")
    )
    assert lay_out(usual).zones == ("title", "methods", "results", "conclusion")


UNLABELLED = [
    ("Spinal metastases are common and their treatment remains controversial.", "background"),
    ("We aimed to compare separation surgery with en bloc resection.", "aim"),
    ("Records of 64 patients treated between 2010 and 2018 were retrospectively reviewed.", "methods"),
    ("Survival was estimated with the Kaplan-Meier method.", "methods"),
    ("Local control at 1 year was 88% after separation surgery (p = 0.03).", "results"),
    ("Median survival was 11 months, and 12% of patients developed complications.", "results"),
    ("In conclusion, separation surgery may be considered safe; further studies are needed.", "conclusion"),
]


def test_an_unlabelled_paragraph_is_zoned_sentence_by_sentence() -> None:
    assert zone_sentences([text for text, _ in UNLABELLED]) == [zone for _, zone in UNLABELLED]


def test_a_heading_inside_a_paragraph_decides() -> None:
    zones = zone_sentences(
        [
            "Background: We studied survival.",
            "Methods: Survival was 12% higher in earlier work.",
            "Results: Patients were reviewed.",
            "Conclusions: Pain fell in 80% (p<0.01).",
        ]
    )
    assert zones == ["background", "methods", "results", "conclusion"]


def test_no_sentence_no_zone() -> None:
    assert zone_sentences([]) == []


def test_an_aim_inside_the_background_is_an_aim() -> None:
    assert is_aim("The aim of this study was to compare two doses.")
    assert is_aim("We sought to compare two doses.")
    assert not is_aim("Two doses are common.")
    paper = record(
        "90000001",
        "Two doses",
        ("BACKGROUND", "Radiotherapy is common. The purpose of this study was to compare two doses."),
    )
    [article] = read_articles([paper])
    assert [sentence.zone for sentence in article.sentences] == ["title", "background", "aim"]


def test_results_inside_methods_and_results_are_found() -> None:
    paper = record(
        "90000001",
        "SBRT for spinal metastases",
        ("BACKGROUND", "Spinal metastases are common."),
        (
            "METHODS AND RESULTS",
            "We retrospectively reviewed 41 patients treated with SBRT. Local control at 1 year was 91% (p=0.02).",
        ),
        ("CONCLUSIONS", "SBRT is effective."),
    )
    [article] = read_articles([paper])
    assert [s.zone for s in article.sentences] == ["title", "background", "methods", "results", "conclusion"]


def test_a_labelled_section_keeps_its_zone() -> None:
    """A number in the conclusion is not thereby a result."""
    paper = record("90000001", "SBRT", ("CONCLUSIONS", "Control was 91% (p=0.02). We reviewed 41 patients."))
    [article] = read_articles([paper])
    assert [s.zone for s in article.sentences] == ["title", "conclusion", "conclusion"]


# Without the marks that end a heading ("Results: ..."), which may stand anywhere and decides alone.
UNHEADED = st.text(st.characters(exclude_characters=":.–—-"), max_size=40)


@given(st.lists(st.one_of(st.sampled_from([text for text, _ in UNLABELLED]), UNHEADED), max_size=9))
def test_zones_keep_the_order_of_an_abstract(sentences: list[str]) -> None:
    zones = zone_sentences(sentences)
    assert len(zones) == len(sentences)
    places = [ORDER.index(zone) for zone in zones]
    assert places == sorted(places)
