"""Abbreviations that a text defines: both orders, awkward ones, and what is no definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tagging.abbreviations import best_long_form, find_definitions
from kb.tagging.extract import extract
from tests.made_up import record


def defined(text: str) -> list[tuple[str, str]]:
    return [(one.short, one.long) for one in find_definitions(text)]


DEFINITIONS = [
    ("Treated by stereotactic body radiotherapy (SBRT) of the spine.",
     [("SBRT", "stereotactic body radiotherapy")]),
    ("SBRT (stereotactic body radiotherapy) was given.", [("SBRT", "stereotactic body radiotherapy")]),
    ("Vertebral compression fractures (VCFs) were seen.", [("VCFs", "Vertebral compression fractures")]),
    # More stands in the parentheses than the short form.
    ("Conventional radiotherapy (CRT, 30 Gy in 10 fractions) was the control.", [("CRT", "Conventional radiotherapy")]),
    ("Overall survival (OS; months) was the end point.", [("OS", "Overall survival")]),
    # Letters inside words, hyphens, digits, brackets, small letters.
    ("Percutaneous vertebroplasty (PVP) eased pain.", [("PVP", "Percutaneous vertebroplasty")]),
    ("Non-small-cell lung cancer (NSCLC) was frequent.", [("NSCLC", "Non-small-cell lung cancer")]),
    ("Minimal access spine surgery [MASS] was tried.", [("MASS", "Minimal access spine surgery")]),
    ("Health-related quality of life (HRQoL) rose.", [("HRQoL", "Health-related quality of life")]),
    ("Metastatic epidural spinal cord compression (MESCC) and overall survival (OS) were studied.",
     [("MESCC", "Metastatic epidural spinal cord compression"), ("OS", "overall survival")]),
    # The long form does not reach over the end of a sentence.
    ("Local spread occurred. Control (LC) was good.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DEFINITIONS)
def test_definitions(text: str, expected: list[tuple[str, str]]) -> None:
    assert defined(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Sixty patients (n = 60) were treated.",
        "Pain fell in the surgery group (p < 0.05).",
        "The median was 12 months (range 3-40).",
        "Control was good (Fig. 2).",
        "Surgery (see below) was offered.",
        "Three patients (two women) died.",
        "They had breast (40%) or lung (30%) cancer.",
        "(SBRT) was given.",
        "It foretold ambulatory outcome (AUC, 0.85; F1, 0.90).",
        "Treated at our hospital (XYZ).",
        "",
    ],
)
def test_what_is_no_definition(text: str) -> None:
    assert defined(text) == []


def test_the_long_form_is_the_shortest_that_spells_the_short_one() -> None:
    assert best_long_form("LC", "local failure and local control") == "local control"
    assert best_long_form("OS", "progression-free survival") is None


def test_the_own_definition_beats_the_vocabulary() -> None:
    """SBRT is a treatment in every other paper; in this one it is what the authors say it is."""
    usual = record("90000001", "Spinal metastases", (None, "SBRT was offered for spinal metastases."))
    own = record(
        "90000002",
        "Spinal metastases",
        (None, "We kept a small-business registry team (SBRT). SBRT met weekly about spinal metastases."),
    )
    treated, described = (
        {mention.concept for mention in extract(paper).mentions if mention.kind == "intervention"}
        for paper in (usual, own)
    )
    assert "stereotactic_body_radiotherapy" in treated
    assert "stereotactic_body_radiotherapy" not in described


def test_a_short_form_stands_for_its_definition_in_the_whole_record() -> None:
    """ "QVP" of these authors is vertebroplasty: title and every section follow the definition."""
    paper = record(
        "90000003",
        "QVP for spinal metastases",
        ("BACKGROUND", "Quick vertebroplasty (QVP) may ease pain."),
        ("RESULTS", "After QVP pain fell. Two QVPs were repeated."),
    )
    named = [mention.span.text for mention in extract(paper).mentions if mention.concept == "vertebroplasty"]
    assert named.count("QVP") >= 3
    assert "QVPs" in named


PIECES = st.sampled_from(
    ["stereotactic", "body", "radiotherapy", "(SBRT)", "SBRT", "(", ")", "[", "]", "((", " ", "\n", "-", "OS", "(OS,",
     "overall survival", ". ", "(n = 3)", "’s", "β", "s)", "(stereotactic body radiotherapy)"]
)  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=12).map(" ".join), st.text(max_size=80)))
def test_definitions_quote_the_text(text: str) -> None:
    for one in find_definitions(text):
        assert text[one.short_start : one.short_start + len(one.short)] == one.short
        assert text[one.long_start : one.long_end] == one.long


@given(st.text(min_size=1, max_size=8), st.text(max_size=60))
def test_a_long_form_ends_its_candidate(short: str, candidate: str) -> None:
    long = best_long_form(short, candidate)
    assert long is None or candidate.rstrip().endswith(long)


def named_by(text: str, form: str) -> set[str]:
    """The concepts of a form's mentions in the results of a paper whose methods are `text`."""
    extraction = extract(record("90000001", "A study", ("METHODS", text), ("RESULTS", f"{form} was seen.")))
    return {m.concept for m in extraction.mentions if m.span.text == form and m.kind == "intervention"}


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        (
            "Minimally invasive instrumented fusion ± decompression (MIS) was done.",
            "MIS",
            "minimally_invasive_surgery",
        ),
        ("They had external beam (EB) radiation.", "EB", "external_beam_radiotherapy"),
        ("We studied progression before radiotherapy (PBR).", "PBR", None),
        # The first definition counts.
        ("We gave vertebroplasty (VP). Cut kyphoplasty of vast price (VP) followed.", "VP", "vertebroplasty"),
        # Two arms of which the vocabulary knows the same part.
        ("Wide laminectomy (WL) and narrow laminectomy (NL) were compared.", "WL", None),
    ],
)
def test_what_a_short_form_stands_for(text: str, form: str, expected: str | None) -> None:
    assert named_by(text, form) == ({expected} if expected else set())


def test_the_long_form_of_a_plural_stands_for_the_singular() -> None:
    extraction = extract(
        record(
            "90000001", "A study", ("RESULTS", "Spinal adverse events (SAEs) were seen. One SAE was mild.")
        )
    )
    assert {m.concept for m in extraction.mentions if m.span.text.startswith("SAE")} == {"adverse_event"}
