"""Primary tumours: those of the patients studied, not those excluded, given as examples or tested as factors."""

from __future__ import annotations

import pytest

from kb.tagging.extract import extract
from tests.made_up import record

TITLE = "Surgery for spinal metastases"


def tumours(title: str, *sections: tuple[str, str]) -> tuple[str, ...]:
    """The primary tumours read in a made-up record."""
    return extract(record("90000001", title, *sections)).study.primary_tumours


NAMED = [
    ("We reviewed 57 patients with breast cancer.", ("breast_cancer",)),
    # The narrower of two that are nested.
    ("We reviewed 57 patients with lung cancer; all had non-small cell lung cancer.", ("non_small_cell_lung_cancer",)),
    # Lists of sites.
    ("The most common primary tumor site was the lung (27%), followed by the breast (17%) and liver (8%).",
     ("lung_cancer", "breast_cancer", "hepatocellular_carcinoma")),
    ("Primary cancers were lung, thyroid and renal cell.", ("lung_cancer", "thyroid_cancer", "renal_cell_carcinoma")),
    ("We reviewed 57 patients. Lung metastases were present in 12.", ()),
    # Not the patients' own.
    ("We reviewed 57 patients. Myeloma and lymphoma were excluded.", ()),
    ("We reviewed 57 patients with hypervascular tumours such as thyroid cancer.", ()),
    ("We reviewed 57 patients with melanoma of an occult primary.", ("melanoma",)),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), NAMED)
def test_primary_tumours(sentence: str, expected: tuple[str, ...]) -> None:
    assert set(tumours(TITLE, ("METHODS", sentence))) == set(expected)


def test_a_tested_factor_is_no_tumour_of_the_patients() -> None:
    results = ("RESULTS", "On multivariate analysis, breast cancer was an independent prognostic factor.")
    assert tumours(TITLE, ("METHODS", "We reviewed 57 patients."), results) == ()


def test_a_case_is_told_to_the_end() -> None:
    title = "Spinal cord compression: a case report"
    story = ("CASE REPORT", "A 50-year-old man had laminectomy.")
    assert tumours(title, story, ("DISCUSSION", "The primary in this patient was lymphoma.")) == ("lymphoma",)
