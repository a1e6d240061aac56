"""What a PubmedArticle says, and what the record then holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harvest.medline_xml import read_pubmed_xml
from harvest.record import (
    Author,
    Chemical,
    Correction,
    MeshHeading,
    MeshQualifier,
    OtherAbstract,
    PublicationDate,
    PublicationType,
    Record,
    Reference,
    Section,
)
from tests.harvest.made_up_files import WHOLE_XML, article, article_set, only, write

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = Record(
    pmid="90000100",
    title="Hybrid therapy for invented metastases: 24 Gy to 10 cm3.",
    abstract=(
        Section(
            "It is unknown whether separation surgery helps. SBRT: the standard here.",
            "BACKGROUND AND PURPOSE",
            "BACKGROUND",
        ),
        Section("We randomised 64 patients (P < 0.05 significant).", "METHODS", "METHODS"),
        Section("Local control was 91% vs. 74%.", "RESULTS", "RESULTS"),
        Section("Hybrid therapy held.", "CONCLUSIONS", "CONCLUSIONS"),
    ),
    pmid_version=1,
    vernacular_title="Hybridtherapie bei erfundenen Metastasen.",
    other_abstracts=(
        OtherAbstract(
            "HINTERGRUND: Unbekannt ist der Nutzen. ERGEBNISSE: Die Kontrolle betrug 91 %.",
            "Publisher",
            "ger",
        ),
    ),
    doi="10.5555/invented.100",
    pmcid="PMC9000100",
    journal="Journal of invented spine studies",
    journal_abbreviation="J Invent Spine Stud",
    issn="2345-6789",
    volume="12",
    issue="3",
    pages="101-9",
    date=PublicationDate(2021, 11, None, "2021 Nov-Dec"),
    entered="2021-08-06",
    revised="2022-03-07",
    status="MEDLINE",
    languages=("ger",),
    authors=(
        Author(
            "van der Rivera",
            "Ana Maria",
            "AM",
            orcid="0000-0002-1825-0097",
            affiliations=("Department of Spine Surgery, Sampleton.", "Institute of Invention, Sampleton."),
        ),
        Author("Okafor", "Ben", "B", "Jr"),
        Author(collective="Invented Spine Tumour Group"),
    ),
    publication_types=(
        PublicationType("Journal Article", "D016428"),
        PublicationType("Randomized Controlled Trial", "D016449"),
    ),
    mesh=(
        MeshHeading("Radiosurgery", "D016634", major=True),
        MeshHeading(
            "Spinal Neoplasms",
            "D013125",
            qualifiers=(
                MeshQualifier("radiotherapy", "Q000532"),
                MeshQualifier("secondary", "Q000556", major=True),
            ),
        ),
    ),
    keywords=("hybrid therapy", "spine"),
    chemicals=(
        Chemical("Bone Cements", "D001843"),
        Chemical("Docetaxel (trihydrate)", "D000077143", "15H5577CQD"),
    ),
    registrations=("NCT90000100",),
    references=(
        Reference("Earlier A. J Invent. 2001.", "90000001", "10.5555/wrong.one"),
        Reference("Nested B. 2002."),
    ),
    corrections=(
        Correction("CommentIn", "90000101", "J Invent. 2022 Jan;13(1):1-2. doi: 10.5555/c.1."),
        Correction("RetractionIn", None, "J Invent. 2022 Feb;13(2):99"),
    ),
)


def read(tmp_path: Path, *children: str) -> Record:
    return only(list(read_pubmed_xml(write(tmp_path / "one.xml", article_set(*children)))))


def test_every_field_of_a_whole_citation(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE_XML) == WHOLE


def test_a_citation_with_nothing_but_a_title(tmp_path: Path) -> None:
    bare = (
        "<PubmedArticle><MedlineCitation><PMID>90000001</PMID><Article><Journal/>"
        "<ArticleTitle>Alone</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    )
    assert read(tmp_path, bare) == Record("90000001", "Alone")


def test_identifiers_of_references_are_not_the_articles(tmp_path: Path) -> None:
    cited = (
        "<ReferenceList><Reference><Citation>Other.</Citation><ArticleIdList>"
        '<ArticleId IdType="doi">10.5555/other</ArticleId><ArticleId IdType="pmc">PMC7</ArticleId>'
        "</ArticleIdList></Reference></ReferenceList>"
    )
    record = read(tmp_path, article(in_data=cited))
    assert (record.doi, record.pmcid) == (None, None)
    assert record.references == (Reference("Other.", None, "10.5555/other"),)


def test_old_cites_links_are_references_once(tmp_path: Path) -> None:
    links = "".join(
        f'<CommentsCorrections RefType="Cites"><RefSource>J Old. {pmid}</RefSource><PMID>{pmid}</PMID></CommentsCorrections>'
        for pmid in (90000002, 90000003)
    )
    listed = (
        "<ReferenceList><Reference><Citation>Same.</Citation><ArticleIdList>"
        '<ArticleId IdType="pubmed">90000002</ArticleId></ArticleIdList></Reference></ReferenceList>'
    )
    record = read(
        tmp_path,
        article(in_citation=f"<CommentsCorrectionsList>{links}</CommentsCorrectionsList>", in_data=listed),
    )
    assert [reference.pmid for reference in record.references] == ["90000002", "90000003"]
    assert record.corrections == ()


def test_a_notice_keeps_its_note_and_marks_a_retraction(tmp_path: Path) -> None:
    links = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J Invent. 2023</RefSource>'
        "<PMID>90000009</PMID><Note>Figures reused</Note></CommentsCorrections></CommentsCorrectionsList>"
    )
    record = read(tmp_path, article(in_citation=links))
    assert record.corrections == (Correction("RetractionIn", "90000009", "J Invent. 2023", "Figures reused"),)
    assert record.retracted


@pytest.mark.parametrize(
    ("issue_date", "expected"),
    [
        ("<Year>2019</Year><Month>Aug</Month><Day>05</Day>", PublicationDate(2019, 8, 5, "2019 Aug 5")),
        ("<Year>1990</Year><Season>Spring</Season>", PublicationDate(1990, 3, None, "1990 Spring")),
        (
            "<MedlineDate>1998 Dec-1999 Jan</MedlineDate>",
            PublicationDate(1998, 12, None, "1998 Dec-1999 Jan"),
        ),
        ("<Year></Year>", PublicationDate(2018, 4, 2, "2018 Apr 2")),
        ("<MedlineDate>in press</MedlineDate>", PublicationDate(2018, 4, 2, "2018 Apr 2")),
    ],
)
def test_the_issue_date_counts_and_the_electronic_one_stands_in(
    tmp_path: Path, issue_date: str, expected: PublicationDate
) -> None:
    electronic = "<ArticleDate><Year>2018</Year><Month>04</Month><Day>02</Day></ArticleDate>"
    assert read(tmp_path, article(issue_date=issue_date, in_article=electronic)).date == expected


def test_empty_sections_go_and_the_others_keep_their_labels(tmp_path: Path) -> None:
    abstract = (
        '<Abstract><AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND"> \n </AbstractText>'
        '<AbstractText Label="" NlmCategory="UNASSIGNED">Seven patients walked again.</AbstractText>'
        "<CopyrightInformation>Nobody.</CopyrightInformation></Abstract>"
    )
    record = read(tmp_path, article(in_article=abstract))
    assert record.abstract == (Section("Seven patients walked again.", None, "UNASSIGNED"),)


def test_authors_leave_out_editors_and_corrected_spellings(tmp_path: Path) -> None:
    people = (
        '<AuthorList CompleteYN="N" Type="authors"><Author ValidYN="N"><LastName>Rivrea</LastName></Author>'
        "<Author><LastName>Rivera</LastName><Initials>A</Initials><Affiliation>Old style.</Affiliation></Author>"
        "</AuthorList><AuthorList Type='editors'><Author><LastName>Editor</LastName></Author></AuthorList>"
    )
    record = read(tmp_path, article(in_article=people))
    assert record.authors == (Author("Rivera", None, "A", affiliations=("Old style.",)),)
    assert not record.authors_complete


def test_an_identifier_that_is_no_orcid_is_none(tmp_path: Path) -> None:
    people = (
        '<AuthorList><Author><LastName>Rivera</LastName><Identifier Source="ISNI">0000000218250097</Identifier>'
        '<Identifier Source="ORCID">unknown</Identifier></Author></AuthorList>'
    )
    assert read(tmp_path, article(in_article=people)).authors[0].orcid is None


def test_pages_without_medline_pagination_and_invalid_doi(tmp_path: Path) -> None:
    parts = (
        "<Pagination><StartPage>12</StartPage><EndPage>19</EndPage></Pagination>"
        '<ELocationID EIdType="doi" ValidYN="N">10.5555/dead</ELocationID>'
        '<ELocationID EIdType="pii">S1</ELocationID><ELocationID EIdType="doi">10.5555/live</ELocationID>'
    )
    record = read(tmp_path, article(in_article=parts))
    assert (record.pages, record.doi) == ("12-19", "10.5555/live")


@pytest.mark.parametrize(
    ("history", "entered"),
    [(("entrez", "pubmed"), "2020-01-01"), (("received", "pubmed"), "2020-01-02"), ((), None)],
)
def test_entered_is_the_entrez_date_or_else_pubmeds(
    tmp_path: Path, history: Any, entered: str | None
) -> None:
    dates = "".join(
        f'<PubMedPubDate PubStatus="{status}"><Year>2020</Year><Month>1</Month><Day>{day}</Day></PubMedPubDate>'
        for day, status in enumerate(history, 1)
    )
    assert read(tmp_path, article(in_data=f"<History>{dates}</History>")).entered == entered
