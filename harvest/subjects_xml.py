"""What a PubmedArticle is indexed with: MeSH headings, publication types, substances, keywords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvest.record import Chemical, MeshHeading, MeshQualifier, PublicationType
from harvest.xml_text import attribute, is_yes, text_of, texts_at

if TYPE_CHECKING:
    from lxml import etree

NO_REGISTRY_NUMBER = "0"


def mesh_of(article: etree._Element) -> tuple[MeshHeading, ...]:
    """Read the MeSH headings with their qualifiers, in printed order."""
    headings = article.iterfind("MedlineCitation/MeshHeadingList/MeshHeading")
    return tuple(read for heading in headings if (read := _heading(heading)).descriptor)


def _heading(heading: etree._Element) -> MeshHeading:
    descriptor = heading.find("DescriptorName")
    qualifiers = (
        MeshQualifier(text_of(one), attribute(one, "UI"), is_yes(one, "MajorTopicYN"))
        for one in heading.iterfind("QualifierName")
    )
    major = is_yes(descriptor, "MajorTopicYN")
    return MeshHeading(text_of(descriptor), attribute(descriptor, "UI"), major, tuple(qualifiers))


def publication_types_of(article: etree._Element) -> tuple[PublicationType, ...]:
    """Read NLM's publication types."""
    types = article.iterfind("MedlineCitation/Article/PublicationTypeList/PublicationType")
    return tuple(PublicationType(name, attribute(one, "UI")) for one in types if (name := text_of(one)))


def chemicals_of(article: etree._Element) -> tuple[Chemical, ...]:
    """Read the substances; NLM's registry number 0 means that there is none."""
    found = []
    for one in article.iterfind("MedlineCitation/ChemicalList/Chemical"):
        substance = one.find("NameOfSubstance")
        if name := text_of(substance):
            number = text_of(one.find("RegistryNumber"))
            known = number if number != NO_REGISTRY_NUMBER else ""
            found.append(Chemical(name, attribute(substance, "UI"), known or None))
    return tuple(found)


def keywords_of(article: etree._Element) -> tuple[str, ...]:
    """Read the keywords of all lists (authors', NASA's, ...), each once."""
    return tuple(dict.fromkeys(texts_at(article, "MedlineCitation/KeywordList/Keyword")))
