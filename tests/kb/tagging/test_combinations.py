"""Combinations: treatments that a text joins, and those that it only names side by side."""

from __future__ import annotations

import pytest

from kb.tagging.combinations import combined_concepts
from kb.tagging.pipeline import concept_matcher
from kb.vocabulary.concept import load_vocabulary


def _treatments(text: str) -> list[str]:
    concepts = load_vocabulary().concepts
    found = concept_matcher().find(text, [], [(0, len(text))])
    return [c for _, _, c in found if concepts[c].kind == "intervention"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("corpectomy followed by adjuvant radiotherapy", "surgery_plus_radiotherapy"),
        ("laminectomy plus external beam radiotherapy", "surgery_plus_radiotherapy"),
        ("a combination of spinal fusion and external beam radiotherapy", "surgery_plus_radiotherapy"),
        ("separation surgery in combination with SABR", "hybrid_therapy"),
        ("vertebrectomy with postoperative radiosurgery", "postoperative_stereotactic_body_radiotherapy"),
        (
            "external beam radiotherapy combined with percutaneous vertebroplasty",
            "vertebroplasty_plus_radiotherapy",
        ),
        ("targeted RFA followed by balloon kyphoplasty", "ablation_plus_vertebral_augmentation"),
        (
            "radiofrequency ablation (RF) combined with vertebral cementoplasty",
            "ablation_plus_vertebral_augmentation",
        ),
        ("SBRT combined with nivolumab", "radiotherapy_plus_immunotherapy"),
        (
            "spinal cord decompression plus percutaneous instrumented surgery",
            "decompression_with_stabilisation",
        ),
        ("reirradiation of spinal metastases with SBRT", "reirradiation_stereotactic_body_radiotherapy"),
        ("SBRT for reirradiation", "reirradiation_stereotactic_body_radiotherapy"),
    ],
)
def test_joined_treatments_are_one(text: str, whole: str) -> None:
    assert _treatments(text) == [whole]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("corpectomy and external beam radiotherapy", ["corpectomy", "external_beam_radiotherapy"]),
        ("corpectomy versus external beam radiotherapy", ["corpectomy", "external_beam_radiotherapy"]),
        (
            "comparing corpectomy with external beam radiotherapy",
            ["corpectomy", "external_beam_radiotherapy"],
        ),
        ("external beam radiotherapy followed by corpectomy", ["external_beam_radiotherapy", "corpectomy"]),
        ("corpectomy plus kyphoplasty", ["corpectomy", "kyphoplasty"]),
        ("nivolumab with SBRT", ["nivolumab", "stereotactic_body_radiotherapy"]),
        ("reirradiation or SBRT", ["reirradiation", "stereotactic_body_radiotherapy"]),
    ],
)
def test_treatments_side_by_side_are_two(text: str, parts: list[str]) -> None:
    assert _treatments(text) == parts


def test_the_rules_name_concepts_of_the_vocabulary() -> None:
    assert combined_concepts() <= load_vocabulary().concepts.keys()
