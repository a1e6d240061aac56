"""Identifiers in the spellings seen in the wild."""

from __future__ import annotations

import pytest

from harvest.identifiers import doi_in, is_pmid, orcid_in, pmcid_in


@pytest.mark.parametrize(
    "written",
    [
        "0000-0002-1825-0097",
        "0000000218250097",
        "http://orcid.org/0000-0002-1825-0097",
        "https://orcid.org/0000-0002-1825-0097/",
    ],
)
def test_orcid_has_one_spelling(written: str) -> None:
    assert orcid_in(written) == "0000-0002-1825-0097"


def test_orcid_check_character_is_upper_case_and_other_numbers_are_none() -> None:
    assert orcid_in("0000-0002-1694-233x") == "0000-0002-1694-233X"
    assert orcid_in("00000002182500971") is None
    assert orcid_in("A-1234-2020") is None
    assert orcid_in(None) is None


def test_doi_without_its_prefix_and_spelled_as_printed() -> None:
    assert doi_in("https://doi.org/10.1016/S1470-2045(21)00196-0") == "10.1016/S1470-2045(21)00196-0"
    assert doi_in("doi: 10.5555/x") == "10.5555/x"
    assert doi_in("S1470-2045(21)00196-0") is None
    assert doi_in("") is None


def test_pmcid_always_has_its_letters() -> None:
    assert pmcid_in("PMC123") == pmcid_in("123") == pmcid_in("pmc123.2") == "PMC123"
    assert pmcid_in("NIHMS123") is None
    assert pmcid_in(None) is None


def test_pmid_is_digits_alone() -> None:
    assert is_pmid("34126044")
    assert not any(map(is_pmid, ("", "0123", "12a", "1٣", None, "1234567890")))
