"""References as journals of medicine print them, with PMID and DOI."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

MOST_AUTHORS = 6


@dataclass(frozen=True, slots=True)
class Reference:
    """A paper in a list of references. `number` is its place there, from 1; `authors` are display names.

    `retraction` says where the notice appeared, and is empty text where that is unknown; None: not retracted.
    """

    number: int
    pmid: str
    title: str
    authors: tuple[str, ...] = ()
    authors_complete: bool = True
    journal: str | None = None
    year: int | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    synopsis: bool = False
    retraction: str | None = None

    @property
    def short(self) -> str:
        """How a table names the study: "Sahgal 2021"."""
        name = self.authors[0] if self.authors else self.journal or "No authors on record"
        family, _, initials = name.rpartition(" ")
        # A group has no initials: keep its whole name, as that of a journal where no author is on record.
        if self.authors and family and initials.isupper() and len(initials) <= 4:
            name = family
        return f"{name} {self.year}" if self.year is not None else name

    @property
    def pubmed_link(self) -> str:
        """Address of the citation in PubMed."""
        return f"https://pubmed.ncbi.nlm.nih.gov/{quote(self.pmid, safe='')}/"

    @property
    def doi_link(self) -> str | None:
        """Address that resolves the DOI, if there is one."""
        return f"https://doi.org/{quote(self.doi, safe='/:;().-_')}" if self.doi else None


def author_list(authors: tuple[str, ...], *, complete: bool = True) -> str:
    """Up to six names, then "et al."; the same where the record does not list all."""
    names = list(authors[:MOST_AUTHORS])
    if names and (len(authors) > MOST_AUTHORS or not complete):
        names.append("et al")
    return ", ".join(names)


def reference_text(reference: Reference) -> str:
    """Return the reference without number and identifiers: authors, title, journal, year;volume(issue):pages.

    >>> paper = Reference(1, "9", "Pain after SBRT", ("Rivera A",), True, "J Odd", 2019, "12", "3", "1-9")
    >>> reference_text(paper)
    'Rivera A. Pain after SBRT. J Odd. 2019;12(3):1-9.'
    """
    parts = (
        author_list(reference.authors, complete=reference.authors_complete),
        reference.title,
        reference.journal or "",
        _where(reference),
    )
    return " ".join(_ended(part) for part in parts if part)


def identifiers_text(reference: Reference) -> str:
    """PMID and DOI as text."""
    doi = f" doi:{reference.doi}." if reference.doi else ""
    return f"PMID: {reference.pmid}.{doi}"


def _where(reference: Reference) -> str:
    volume = (reference.volume or "") + (f"({reference.issue})" if reference.issue else "")
    year = str(reference.year) if reference.year is not None else ""
    text = f"{year};{volume}" if year and volume else year or volume
    return f"{text}:{reference.pages}" if text and reference.pages else text or reference.pages or ""


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
