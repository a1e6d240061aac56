"""Concepts: spelling by rule, longest and narrowest match, short forms by context, titles like any other text."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tagging.concepts import is_acronym, longest_first
from kb.tagging.extract import extract
from kb.tagging.pipeline import concept_matcher
from kb.vocabulary.concept import load_vocabulary
from tests.made_up import record

SBRT = "stereotactic_body_radiotherapy"


def named(text: str) -> list[tuple[str, str]]:
    """What a text names, as (words, concept)."""
    return [
        (text[start:end], concept)
        for start, end, concept in concept_matcher().find(text, [], [(0, len(text))])
    ]


def concepts(text: str) -> list[str]:
    return [concept for _, concept in named(text)]


VARIANTS = [
    ("embolization before surgery", "embolisation before surgery"),
    ("preoperative embolization", "pre-operative embolisation"),
    ("preoperative embolization", "Pre operative embolisations"),
    ("stereotactic body radiotherapy", "Stereotactic-body-radiotherapy"),
    ("stereotactic body radiotherapy", "stereotactic body radiation therapy"),
    ("minimally invasive surgery", "minimally-invasive surgeries"),
    ("tumour resection", "tumor resections"),
    ("vertebral metastasis", "vertebral metastases"),
    ("spinal tumour", "spinal tumors"),
    ("vertebral compression fracture", "vertebral compression fractures"),
    ("anaesthesia", "anesthesia"),
    ("haemorrhage", "hemorrhage"),
    ("progression-free survival", "progression free survival"),
    ("bisphosphonate", "Bisphosphonates"),
    ("postoperative radiotherapy", "post-operative radiotherapy"),
    ("separation surgery", "SEPARATION SURGERY"),
]


@pytest.mark.parametrize(("one", "other"), VARIANTS)
def test_hyphens_plurals_and_both_spellings_name_the_same(one: str, other: str) -> None:
    assert concepts(one)
    assert concepts(one) == concepts(other)


# What papers write for an outcome: verbs, other orders of the words, British and American, and what is left alone.
WORDINGS = [
    ("nine regained their ability to walk", ["ambulation_regained"]),
    ("three became non-ambulatory", ["loss_of_ambulation"]),
    ("ten retained ambulatory function", ["ambulation_maintained"]),
    ("ambulatory blood pressure", []),
    ("relapse of pain", ["pain_progression"]),
    ("pain remission was reached", ["pain_response"]),
    ("partial relief of pain", ["partial_pain_response"]),
    ("the flare phenomenon", ["pain_flare"]),
    ("new pain outside the irradiated site", ["new_pain_elsewhere"]),
    ("two were readmitted within 30 days", ["thirty_day_readmission"]),
    ("44% were transferred to the intensive care unit", ["intensive_care_admission"]),
    ("radiolucent zone around screws", ["screw_loosening"]),
    ("difficulty in swallowing", ["oesophageal_toxicity"]),
    ("migration of the seeds", ["seed_migration"]),
    ("migration of tumour cells", []),
    ("the primary tumor was identified in nine", ["primary_tumour_identification"]),
    ("a false-negative rate of 11%", ["false_negative_rate"]),
    ("inadequate specimens", ["inadequate_sample"]),
    (
        "postoperative hypotension and postoperative fever",
        ["postoperative_hypotension", "postoperative_fever"],
    ),
    ("the wounds were safely closed", []),
    ("alive without evidence of disease", ["disease_free_survival"]),
    ("free from neurological deficit", ["neurological_function"]),
    ("recovery of paresis", ["neurological_improvement"]),
    ("intersection over union", ["contouring_agreement"]),
    ("the Ranawat grade", ["ranawat_classification"]),
    ("the Health Utilities Index", ["health_utilities_index"]),
    ("levels of evidence by Wright", ["wright_levels_of_evidence"]),
]


@pytest.mark.parametrize(("text", "expected"), WORDINGS)
def test_outcomes_and_tools_as_papers_write_them(text: str, expected: list[str]) -> None:
    kinds = load_vocabulary().concepts
    assert [c for c in concepts(text) if kinds[c].kind in ("outcome", "tool")] == expected


LONGEST = [
    ("single-fraction stereotactic radiosurgery", ["single_fraction_stereotactic_radiosurgery"]),
    ("non-small cell lung cancer", ["non_small_cell_lung_cancer"]),
    ("conventional external beam radiotherapy", ["conventional_external_beam_radiotherapy"]),
    ("local control and overall survival", ["local_control", "overall_survival"]),
    # The longer name says more than the narrower one that it ends with.
    ("complete or partial pain response", ["pain_response"]),
]


@pytest.mark.parametrize(("text", "expected"), LONGEST)
def test_the_longest_name_wins(text: str, expected: list[str]) -> None:
    assert concepts(text) == expected


def test_the_longest_of_overlapping_matches_is_kept() -> None:
    assert longest_first([(0, 4, "a"), (2, 9, "b"), (9, 12, "c")]) == [(2, 9, "b"), (9, 12, "c")]
    assert longest_first([(0, 4, "a"), (2, 6, "b")]) == [(0, 4, "a")]


def test_a_narrower_treatment_beats_a_broader_one_that_is_longer() -> None:
    assert "surgery" in concepts("surgery for spinal metastases")
    assert concepts("open surgery for spinal metastases") == ["open_surgery", "spinal_metastases"]


def test_the_condition_inside_a_treatments_name_counts_as_well() -> None:
    assert named("surgery for spinal metastases") == [
        ("surgery for spinal metastases", "surgery"),
        ("spinal metastases", "spinal_metastases"),
    ]


SHORT_FORMS = [
    ("RFA", "RFA, a thermal ablation of vertebral metastases", "radiofrequency_ablation"),
    ("RFA", "RFA, the right femoral artery, was punctured", None),
    ("RFA", "RFA was done", None),
    ("OS", "OS and mortality in spinal metastases", "overall_survival"),
    ("OS", "OS cells, that is osteogenic sarcoma", "osteosarcoma"),
    ("OS", "OS, oxidative damage of nerves", None),
    ("LC", "LC was 90% after radiosurgery of the spine", "local_control"),
    ("LC", "patients with LC were smokers", "lung_cancer"),
    ("LC", "SBRT for patients with LC", None),  # two senses are supported: none is chosen
    ("MIS", "MIS or open surgery", "minimally_invasive_surgery"),
    ("MIS", "MIS is made by testicular cells", None),
    ("SRS", "SRS for vertebral metastases", SBRT),
    ("SRS", "SRS for brain metastases", None),
    ("SRS", "SRS scores in scoliosis", None),
    ("PVP", "PVP with bone cement", "vertebroplasty"),
    ("PVP", "PVP for prostatic hyperplasia", None),
    ("PVP", "PVP coated nanoparticles", None),
    ("SINS", "SINS and instability", "spinal_instability_neoplastic_score"),
    ("SINS", "SINS on nasal endoscopy", None),
    ("ESCC", "Patients with ESCC could not walk", "metastatic_spinal_cord_compression"),
    ("ESCC", "ESCC 2 on the Bilsky system", "epidural_spinal_cord_compression_scale"),
    ("ESCC", "ESCC, the squamous kind", "oesophageal_cancer"),
    ("ESCC", "ESCC was frequent", None),
]


@pytest.mark.parametrize(("form", "text", "expected"), SHORT_FORMS)
def test_short_forms_with_several_senses(form: str, text: str, expected: str | None) -> None:
    """A sense is taken when the text's other words support it and no other; else the form stays untagged."""
    read = {concept for words, concept in named(text) if form in words.split()}
    assert read == ({expected} if expected else set())


def test_an_authors_name_is_no_score() -> None:
    assert concepts("Tomita described this route") == []
    assert concepts("Tomita described this scoring") == ["tomita_score"]
    assert concepts("the Tomita score") == ["tomita_score"]


@pytest.mark.parametrize(
    "text", ["non-SBRT patients", "denosumab-naive patients", "Bisphosphonate-free intervals"]
)
def test_who_did_not_have_a_treatment_does_not_name_it(text: str) -> None:
    assert concepts(text) == []


def test_small_words_are_no_short_forms() -> None:
    assert concepts("They miss us or os") == []
    assert [is_acronym(word) for word in ("SBRT", "L2", "Sbrt", "A", "LONGWORD")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_name_does_not_reach_over_two_sentences() -> None:
    text = "We gave stereotactic body. Radiotherapy followed."
    spans = [(0, 26), (27, len(text))]
    assert SBRT not in {concept for _, _, concept in concept_matcher().find(text, [], spans)}


def test_titles_count() -> None:
    read = extract(record("90000001", "Separation surgery for spinal metastases")).mentions
    assert {(m.span.section, m.concept) for m in read} == {
        (0, "separation_surgery"),
        (0, "spinal_metastases"),
    }


PIECES = st.sampled_from(
    ["SBRT", "stereotactic body", "-", "radiotherapy", "pre-", "operative", "embolization", "tumors", "of the", "spinal",
     "metastases", "surgery for", "RFA", "OS", "Tomita", "score", "’s", "(", ")", "non-", "naïve", "β", "Ŝ", "\n", "24 Gy"]
)  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=14).map(" ".join), st.text(max_size=60)))
def test_names_quote_the_text_in_order_and_apart(text: str) -> None:
    found = concept_matcher().find(text, [], [(0, len(text))])
    assert found == sorted(found)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert all(text[start:end] == text[start:end].strip() for start, end, _ in found)
    for one, other in itertools.pairwise(found):
        inside = other[1] <= one[1]  # a condition inside a treatment's name
        assert one[1] <= other[0] or inside


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Forty patients received radiation for pain.", ["radiotherapy"]),
        ("Results of surgery and radiation were compared.", ["surgery", "radiotherapy"]),
        ("The radiation dose was recorded.", []),
        ("Patients saw a radiation oncologist.", []),
        ("They received radiation exposure from fluoroscopy.", []),
    ],
)
def test_radiation_alone_is_a_treatment_only_where_it_is_given(text: str, expected: list[str]) -> None:
    assert [c for c in concepts(text) if c in ("radiotherapy", "surgery")] == expected


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("177Lu-EDTMP", "radiopharmaceutical_therapy"),
        ("P-32", "phosphorus_32"),
        ("whole brain radiotherapy", "whole_brain_radiotherapy"),
        ("the Kiva implant", "implant_assisted_vertebral_augmentation"),
        ("the WHO analgesic ladder", "who_analgesic_ladder"),
        ("advanced care planning", "advance_care_planning"),
        ("radioactive iodine-125", "brachytherapy"),
        ("radioactive iodine", "radioactive_iodine"),
        ("carbon fibre-reinforced pedicle screws", "carbon_fibre_implant"),
        ("screening magnetic resonance imaging", "surveillance_imaging"),
        ("8Gy in 1 fraction", "single_fraction_radiotherapy"),
    ],
)
def test_names_of_treatments(text: str, concept: str) -> None:
    assert concepts(text) == [concept]
