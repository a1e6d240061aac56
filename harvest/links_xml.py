"""What a PubmedArticle points to: references, corrections, trial registrations and data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvest.identifiers import doi_in, is_pmid
from harvest.record import Correction, Reference
from harvest.xml_text import attribute, text_at, text_of, texts_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_CITES = "Cites"
_LINKS = "MedlineCitation/CommentsCorrectionsList/CommentsCorrections"


def corrections_of(article: etree._Element) -> tuple[Correction, ...]:
    """Read the links to notices and comments; plain citations ("Cites") count among the references."""
    return tuple(
        Correction(kind, _pmid_at(link, "PMID"), text_at(link, "RefSource"), text_at(link, "Note"))
        for link in article.iterfind(_LINKS)
        if (kind := attribute(link, "RefType")) and kind != _CITES
    )


def references_of(article: etree._Element) -> tuple[Reference, ...]:
    """Read the reference list with its nested lists, then older "Cites" links not among them, in order."""
    lists = article.iterfind("PubmedData/ReferenceList")
    listed = [_reference(one) for outer in lists for one in _nested(outer)]
    known = {reference.pmid for reference in listed if reference.pmid}
    cited = [_cited(link) for link in article.iterfind(_LINKS) if attribute(link, "RefType") == _CITES]
    return tuple(
        reference
        for reference in (*listed, *(one for one in cited if one.pmid not in known))
        if reference != Reference()
    )


def registrations_of(article: etree._Element) -> tuple[str, ...]:
    """Read the accession numbers of registries and data banks (NCT02512965, ...), each once."""
    path = "MedlineCitation/Article/DataBankList/DataBank/AccessionNumberList/AccessionNumber"
    return tuple(dict.fromkeys(texts_at(article, path)))


def _nested(listed: etree._Element) -> Iterator[etree._Element]:
    for child in listed:
        if child.tag == "Reference":
            yield child
        elif child.tag == "ReferenceList":
            yield from _nested(child)


def _reference(reference: etree._Element) -> Reference:
    return Reference(
        citation=text_at(reference, "Citation"),
        pmid=_pmid_at(reference, "ArticleIdList/ArticleId[@IdType='pubmed']"),
        doi=doi_in(text_at(reference, "ArticleIdList/ArticleId[@IdType='doi']")),
    )


def _cited(link: etree._Element) -> Reference:
    return Reference(text_at(link, "RefSource"), _pmid_at(link, "PMID"))


def _pmid_at(parent: etree._Element, path: str) -> str | None:
    text = text_of(parent.find(path))
    return text if is_pmid(text) else None
