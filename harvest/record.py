"""`Record`: one citation as it was published, and what travels beside it.

All values are frozen and hold text exactly as printed (Unicode, inline markup taken out, no character lost).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Literal

Origin = Literal["pubmed", "file", "sample"]


@dataclass(frozen=True, slots=True)
class Section:
    """One paragraph of an abstract. `label` is as printed ("PATIENTS AND METHODS"), `category` NLM's own class."""

    text: str
    label: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class OtherAbstract:
    """An abstract in another language or of another kind (plain-language summary, publisher's)."""

    text: str
    kind: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """A person, or a group where `collective` is set."""

    last_name: str | None = None
    fore_name: str | None = None
    initials: str | None = None
    suffix: str | None = None
    collective: str | None = None
    orcid: str | None = None
    affiliations: tuple[str, ...] = ()

    @property
    def display(self) -> str:
        """The name as citations print it: "Sahgal A", or the group's name."""
        if self.collective:
            return self.collective
        return " ".join(
            part for part in (self.last_name, self.initials or self.fore_name, self.suffix) if part
        )


@dataclass(frozen=True, slots=True)
class MeshQualifier:
    """A subheading of a MeSH heading ("secondary", Q000556)."""

    name: str
    ui: str | None = None
    major: bool = False


@dataclass(frozen=True, slots=True)
class MeshHeading:
    """A MeSH descriptor with its qualifiers; `major` marks a main topic of the paper."""

    descriptor: str
    ui: str | None = None
    major: bool = False
    qualifiers: tuple[MeshQualifier, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicationType:
    """An NLM publication type ("Randomized Controlled Trial", D016449)."""

    name: str
    ui: str | None = None


@dataclass(frozen=True, slots=True)
class Chemical:
    """A substance named in the record."""

    name: str
    ui: str | None = None
    registry_number: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of the paper's reference list."""

    citation: str | None = None
    pmid: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A link to a notice, as PubMed names it: RetractionIn, ErratumIn, UpdateIn, CommentOn, ..."""

    kind: str
    pmid: str | None = None
    citation: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """When the issue appeared. `text` keeps what was printed ("2019 Nov-Dec", "1990 Spring").

    month and day are None where not printed; a range counts from its first month, a season from the month
    in which PubMed starts it (Winter 1, Spring 3, Summer 6, Autumn/Fall 9).
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One citation. `title` is section 0 for spans; `abstract` holds sections 1.. in printed order."""

    pmid: str
    title: str
    abstract: tuple[Section, ...] = ()
    origin: Origin = "file"
    pmid_version: int | None = None
    vernacular_title: str | None = None
    other_abstracts: tuple[OtherAbstract, ...] = ()
    doi: str | None = None
    pmcid: str | None = None
    journal: str | None = None
    journal_abbreviation: str | None = None
    issn: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    date: PublicationDate = field(default_factory=PublicationDate)
    entered: str | None = None
    revised: str | None = None
    status: str | None = None
    languages: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    authors_complete: bool = True
    publication_types: tuple[PublicationType, ...] = ()
    mesh: tuple[MeshHeading, ...] = ()
    keywords: tuple[str, ...] = ()
    chemicals: tuple[Chemical, ...] = ()
    registrations: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    corrections: tuple[Correction, ...] = ()
    retrieved_at: str | None = None

    @property
    def sections(self) -> tuple[str, ...]:
        """Texts by span section number: the title, then each abstract section."""
        return (self.title, *(section.text for section in self.abstract))

    @property
    def retracted(self) -> bool:
        """Whether the paper is retracted, by its publication type or a retraction notice about it."""
        if any(kind.name == "Retracted Publication" for kind in self.publication_types):
            return True
        return any(correction.kind == "RetractionIn" for correction in self.corrections)

    @property
    def digest(self) -> str:
        """SHA-256 of the content, without when and how it was fetched: equal content, equal digest."""
        content = asdict(self)
        del content["retrieved_at"]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Deletion:
    """PubMed withdrew this citation (DeleteCitation)."""

    pmid: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry of a file that is no journal citation, and why it was passed over."""

    number: int
    identifier: str | None
    reason: str


Entry = Record | Deletion | Skipped


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step of a build takes in: entries, and the position after them in their source."""

    source: str
    entries: tuple[Entry, ...]
    position: int
