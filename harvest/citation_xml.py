"""One PubmedArticle element -> `Record`; people, subjects and links are read by their own modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvest.dates import iso_date, publication_date, publication_date_from_parts
from harvest.identifiers import doi_in, pmcid_in
from harvest.links_xml import corrections_of, references_of, registrations_of
from harvest.people_xml import authors_are_complete, authors_of
from harvest.record import OtherAbstract, PublicationDate, Record, Section
from harvest.subjects_xml import chemicals_of, keywords_of, mesh_of, publication_types_of
from harvest.xml_text import attribute, first, text_at, text_of, texts_at

if TYPE_CHECKING:
    from lxml import etree

_ISSUE = "MedlineCitation/Article/Journal/JournalIssue/"


def record_from(article: etree._Element, pmid: str) -> Record:
    """Convert a PubmedArticle; `title` may be "" where only a vernacular title is given.

    Raises
    ------
    DamagedStreamError
        A text holds a character entity that nothing defines.
    """
    version = attribute(article.find("MedlineCitation/PMID"), "Version")
    return Record(
        pmid=pmid,
        title=text_at(article, "MedlineCitation/Article/ArticleTitle") or "",
        abstract=_abstract_of(article),
        pmid_version=int(version) if version and version.isdecimal() else None,
        vernacular_title=text_at(article, "MedlineCitation/Article/VernacularTitle"),
        other_abstracts=_other_abstracts_of(article),
        doi=_doi_of(article),
        pmcid=_pmcid_of(article),
        journal=text_at(article, "MedlineCitation/Article/Journal/Title"),
        journal_abbreviation=first(
            text_at(article, "MedlineCitation/MedlineJournalInfo/MedlineTA"),
            text_at(article, "MedlineCitation/Article/Journal/ISOAbbreviation"),
        ),
        issn=first(
            text_at(article, "MedlineCitation/Article/Journal/ISSN"),
            text_at(article, "MedlineCitation/MedlineJournalInfo/ISSNLinking"),
        ),
        volume=text_at(article, _ISSUE + "Volume"),
        issue=text_at(article, _ISSUE + "Issue"),
        pages=_pages_of(article),
        date=_date_of(article),
        entered=first(*(_history_date(article, status) for status in ("entrez", "pubmed"))),
        revised=_day_at(article.find("MedlineCitation/DateRevised")),
        status=attribute(article.find("MedlineCitation"), "Status"),
        languages=texts_at(article, "MedlineCitation/Article/Language"),
        authors=authors_of(article),
        authors_complete=authors_are_complete(article),
        publication_types=publication_types_of(article),
        mesh=mesh_of(article),
        keywords=keywords_of(article),
        chemicals=chemicals_of(article),
        registrations=registrations_of(article),
        references=references_of(article),
        corrections=corrections_of(article),
    )


def _abstract_of(article: etree._Element) -> tuple[Section, ...]:
    sections = []
    for part in article.iterfind("MedlineCitation/Article/Abstract/AbstractText"):
        if text := text_of(part):
            sections.append(Section(text, attribute(part, "Label"), attribute(part, "NlmCategory")))
    return tuple(sections)


def _other_abstracts_of(article: etree._Element) -> tuple[OtherAbstract, ...]:
    """Read other-language abstracts; labels go before their texts, as in PubMed's own text format."""
    found = []
    for other in article.iterfind("MedlineCitation/OtherAbstract"):
        parts = [(attribute(part, "Label"), text_of(part)) for part in other.iterfind("AbstractText")]
        text = " ".join(f"{label}: {said}" if label else said for label, said in parts if said)
        if text:
            found.append(OtherAbstract(text, attribute(other, "Type"), attribute(other, "Language")))
    return tuple(found)


def _doi_of(article: etree._Element) -> str | None:
    """Return this article's DOI; those of its references stand deeper and are not looked at."""
    listed = text_at(article, "PubmedData/ArticleIdList/ArticleId[@IdType='doi']")
    located = [
        doi_in(text_of(place))
        for place in article.iterfind("MedlineCitation/Article/ELocationID[@EIdType='doi']")
        if attribute(place, "ValidYN") != "N"
    ]
    return first(doi_in(listed), *located)


def _pmcid_of(article: etree._Element) -> str | None:
    listed = article.iterfind("PubmedData/ArticleIdList/ArticleId")
    return first(*(pmcid_in(text_of(one)) for one in listed if attribute(one, "IdType") == "pmc"))


def _pages_of(article: etree._Element) -> str | None:
    pages = article.find("MedlineCitation/Article/Pagination")
    start, end = text_at(pages, "StartPage"), text_at(pages, "EndPage")
    return text_at(pages, "MedlinePgn") or "-".join(page for page in (start, end) if page) or None


def _date_of(article: etree._Element) -> PublicationDate:
    """Return the issue's date, or the date of electronic publication where the issue has no year."""
    issue = article.find(_ISSUE + "PubDate")
    printed = text_at(issue, "MedlineDate")
    date = publication_date(printed) if printed else publication_date_from_parts(*_parts(issue))
    if date.year is None:
        electronic = publication_date_from_parts(*_parts(article.find("MedlineCitation/Article/ArticleDate")))
        return electronic if electronic.year else date
    return date


def _parts(date: etree._Element | None) -> tuple[str | None, str | None, str | None, str | None]:
    year, month, day, season = (text_at(date, part) for part in ("Year", "Month", "Day", "Season"))
    return year, month, day, season


def _day_at(date: etree._Element | None) -> str | None:
    return iso_date(*(text_at(date, part) for part in ("Year", "Month", "Day")))


def _history_date(article: etree._Element, status: str) -> str | None:
    return _day_at(article.find(f"PubmedData/History/PubMedPubDate[@PubStatus='{status}']"))
