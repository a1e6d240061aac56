"""Authors of a PubmedArticle: persons, groups, ORCID iDs and affiliations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harvest.identifiers import orcid_in
from harvest.record import Author
from harvest.xml_text import attribute, first, text_at, text_of, texts_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_LISTS = "MedlineCitation/Article/AuthorList"


def authors_of(article: etree._Element) -> tuple[Author, ...]:
    """Read the authors in printed order; editors and spellings PubMed marks as corrected are left out."""
    people = (_author(person) for person in _people(article) if attribute(person, "ValidYN") != "N")
    authors = [author for author in people if author.display]
    old_style = text_at(article, "MedlineCitation/Article/Affiliation")
    if old_style and authors and not authors[0].affiliations:
        # before each author had their own, PubMed gave the first author's alone
        authors[0] = replace(authors[0], affiliations=(old_style,))
    return tuple(authors)


def authors_are_complete(article: etree._Element) -> bool:
    """Whether the record lists all authors of the paper."""
    return all(attribute(listed, "CompleteYN") != "N" for listed in article.iterfind(_LISTS))


def _people(article: etree._Element) -> Iterator[etree._Element]:
    for listed in article.iterfind(_LISTS):
        if attribute(listed, "Type") != "editors":
            yield from listed.iterfind("Author")


def _author(person: etree._Element) -> Author:
    orcids = (orcid_in(text_of(one)) for one in person.iterfind("Identifier") if _is_orcid(one))
    return Author(
        last_name=text_at(person, "LastName"),
        fore_name=text_at(person, "ForeName"),
        initials=text_at(person, "Initials"),
        suffix=text_at(person, "Suffix"),
        collective=text_at(person, "CollectiveName"),
        orcid=first(*orcids),
        affiliations=texts_at(person, "AffiliationInfo/Affiliation") + texts_at(person, "Affiliation"),
    )


def _is_orcid(identifier: etree._Element) -> bool:
    return (attribute(identifier, "Source") or "").upper() == "ORCID"
