"""Identifiers as they are written in the wild -> one spelling each; None where it is no such identifier."""

from __future__ import annotations

import re

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMCID = re.compile(r"(?:PMC)?(\d+)(?:\.\d+)?", re.IGNORECASE)
_ORCID = re.compile(r"(?<!\d)(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])(?!\d)", re.IGNORECASE)
_PMID = re.compile(r"[1-9][0-9]{0,8}")


def doi_in(text: str | None) -> str | None:
    """Return the DOI in "https://doi.org/10.1000/x", "doi: 10.1000/x" or "10.1000/x", spelled as there."""
    found = _DOI.search(text or "")
    return found[0] if found else None


def pmcid_in(text: str | None) -> str | None:
    """Return "PMC1234567" of "PMC1234567", "pmc1234567.2" or "1234567"."""
    found = _PMCID.fullmatch((text or "").strip())
    return f"PMC{found[1]}" if found else None


def orcid_in(text: str | None) -> str | None:
    """Return "0000-0002-1825-0097" of it, of its web address, or of its 16 characters without hyphens."""
    found = _ORCID.search(text or "")
    return "-".join(found.groups()).upper() if found else None


def is_pmid(text: str | None) -> bool:
    """Whether the text is a PubMed number: digits, not starting with 0."""
    return _PMID.fullmatch(text or "") is not None
