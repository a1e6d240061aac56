"""The fields of one MEDLINE text record -> `Record`; UIs and references are not in this format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harvest.abstract_labels import split_abstract
from harvest.dates import iso_date_from_text, publication_date, publication_date_from_parts
from harvest.identifiers import doi_in, pmcid_in
from harvest.mesh_text import mesh_heading
from harvest.people_text import authors_are_complete, authors_of
from harvest.record import Chemical, Correction, OtherAbstract, PublicationDate, PublicationType, Record

if TYPE_CHECKING:
    from harvest.medline_fields import Fields

CORRECTION_KINDS = {
    "CIN": "CommentIn",
    "CON": "CommentOn",
    "CRF": "CorrectedandRepublishedFrom",
    "CRI": "CorrectedandRepublishedIn",
    "ECF": "ExpressionOfConcernFor",
    "ECI": "ExpressionOfConcernIn",
    "EFR": "ErratumFor",
    "EIN": "ErratumIn",
    "ORI": "OriginalReportIn",
    "PRIN": "PartialRetractionIn",
    "PROF": "PartialRetractionOf",
    "RIN": "RetractionIn",
    "ROF": "RetractionOf",
    "RPF": "RepublishedFrom",
    "RPI": "RepublishedIn",
    "RRF": "RetractedandRepublishedFrom",
    "RRI": "RetractedandRepublishedIn",
    "SPIN": "SummaryForPatientsIn",
    "UIN": "UpdateIn",
    "UOF": "UpdateOf",
}
_DOI_FIELD = re.compile(r"(\S+) \[doi\]")
_ISSN = re.compile(r"\d{4}-\d{3}[\dX]")
_SUBSTANCE = re.compile(r"(\S.*?) \((.*)\)")
_NOTICE = re.compile(r"(.*?)\s*(?:PMID: ?(\d+))?\.?")
_OTHER_ABSTRACT = re.compile(r"(?:(AAMC|AIDS|KIE|NASA|PIP|Publisher|plain-language-summary): )?(.*)", re.I)
_NO_REGISTRY_NUMBER = "0"


def record_from(fields: Fields, pmid: str) -> Record:
    """Convert one record; `title` may be "" where only a vernacular title is given."""
    return Record(
        pmid=pmid,
        title=fields.one("TI") or "",
        abstract=split_abstract(fields.one("AB") or ""),
        vernacular_title=fields.one("TT"),
        other_abstracts=_other_abstracts_of(fields),
        doi=_doi_of(fields),
        pmcid=pmcid_in(fields.one("PMC")),
        journal=fields.one("JT"),
        journal_abbreviation=fields.one("TA"),
        issn=next(iter(_ISSN.findall(fields.one("IS") or "")), None),
        volume=fields.one("VI"),
        issue=fields.one("IP"),
        pages=fields.one("PG"),
        date=_date_of(fields),
        entered=_entered(fields),
        revised=iso_date_from_text(fields.one("LR") or ""),
        status=fields.one("STAT"),
        languages=fields.many("LA"),
        authors=authors_of(fields),
        authors_complete=authors_are_complete(fields),
        publication_types=tuple(map(PublicationType, fields.many("PT"))),
        mesh=tuple(map(mesh_heading, fields.many("MH"))),
        keywords=tuple(dict.fromkeys(word.removeprefix("*") for word in fields.many("OT"))),
        chemicals=tuple(map(_chemical, fields.many("RN"))),
        registrations=tuple(dict.fromkeys(_accession(text) for text in fields.many("SI"))),
        corrections=tuple(_correction(tag, text) for tag, text in fields.in_order(*CORRECTION_KINDS)),
    )


def _other_abstracts_of(fields: Fields) -> tuple[OtherAbstract, ...]:
    """Read OAB lines; each one's language stands in the OABL line of the same rank."""
    languages = fields.many("OABL")
    found = []
    for rank, text in enumerate(fields.many("OAB")):
        if parts := _OTHER_ABSTRACT.fullmatch(text):
            language = languages[rank] if rank < len(languages) else None
            found.append(OtherAbstract(parts[2], parts[1], language))
    return tuple(found)


def _doi_of(fields: Fields) -> str | None:
    marked = [found for text in fields.many("AID", "LID") for found in _DOI_FIELD.findall(text)]
    return next((doi for text in marked if (doi := doi_in(text))), None)


def _date_of(fields: Fields) -> PublicationDate:
    """Return the issue's date, or the date of electronic publication (DEP, 20210611) where there is none."""
    date = publication_date(fields.one("DP") or "")
    electronic = iso_date_from_text(fields.one("DEP") or "")
    if date.year is None and electronic:
        return publication_date_from_parts(*electronic.split("-"))
    return date


def _entered(fields: Fields) -> str | None:
    """Return the day PubMed took the citation in: of its history, or else as entry or creation date."""
    history = fields.many("PHST")
    dated = [text for status in ("[entrez]", "[pubmed]") for text in history if text.endswith(status)]
    dates = map(iso_date_from_text, (*dated, *fields.many("EDAT", "CRDT")))
    return next((date for date in dates if date), None)


def _chemical(text: str) -> Chemical:
    """Read "EC 2.7.7.49 (TERT protein, human)"; NLM's number 0 means that there is none."""
    parts = _SUBSTANCE.fullmatch(text)
    if parts is None:
        return Chemical(text)
    return Chemical(parts[2], registry_number=parts[1] if parts[1] != _NO_REGISTRY_NUMBER else None)


def _accession(text: str) -> str:
    """Return what follows the data bank's name in "ClinicalTrials.gov/NCT02512965"."""
    bank, slash, number = text.partition("/")
    return number if slash and number else bank


def _correction(tag: str, text: str) -> Correction:
    parts = _NOTICE.fullmatch(text)
    citation, pmid = (parts[1], parts[2]) if parts else (text, None)
    return Correction(CORRECTION_KINDS[tag], pmid, (citation if pmid else text) or None)
