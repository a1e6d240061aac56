"""Whose accuracy it is: sensitivities and specificities of several tests in one sentence."""

from __future__ import annotations

import pytest

from tests.kb.tagging.test_findings import findings

STUDY = (
    "MRI and PET/CT for the detection of spinal metastases",
    "We reviewed 60 patients who had MRI and PET/CT of the spine.",
)
MRI, PET, BONE_SCAN = "magnetic_resonance_imaging", "positron_emission_tomography", "bone_scintigraphy"
OWNERS = [
    ("The sensitivity of MRI was 93% versus 78% for bone scintigraphy (p = 0.01).",
     [(MRI, BONE_SCAN, 93, "favours_intervention"), (BONE_SCAN, MRI, 78, "favours_comparator")]),
    ("The sensitivity and specificity of PET/CT were 90% and 80%, and those of MRI were 88% and 82%.",
     [(PET, MRI, 90, "descriptive"), (PET, MRI, 80, "descriptive"), (MRI, PET, 88, "descriptive"), (MRI, PET, 82, "descriptive")]),
    # "Endosonography" is not known: of what is said of two tests together nothing is taken.
    ("Endosonography and bone scintigraphy had a specificity of 58% and 73%.",
     [(None, None, 58, "descriptive"), (None, None, 73, "descriptive")]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), OWNERS)
def test_each_accuracy_belongs_to_its_test(
    sentence: str, expected: list[tuple[str | None, str | None, float, str]]
) -> None:
    read = findings(STUDY, sentence)
    assert [(f.intervention, f.comparator, f.value, f.direction) for f in read] == expected
