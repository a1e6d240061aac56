"""Made-up PubMed XML and MEDLINE text. Every study and sentence is invented; PMIDs start at 90000001."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from harvest.record import Entry, Record

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
DOCTYPE = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"'
    ' "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
FIRST_PMID = 90000001


def article(
    pmid: int | str = FIRST_PMID,
    title: str = "Vertebroplasty for invented fractures",
    *,
    in_article: str = "",
    in_citation: str = "",
    in_data: str = "",
    issue_date: str = "<Year>2020</Year>",
    version: int = 1,
) -> str:
    """Return a PubmedArticle; the extra parts are XML placed inside Article, MedlineCitation and PubmedData."""
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="{version}">{pmid}</PMID>'
        '<Article PubModel="Print"><Journal><ISSN IssnType="Print">1234-567X</ISSN>'
        f'<JournalIssue CitedMedium="Print"><PubDate>{issue_date}</PubDate></JournalIssue>'
        f"<Title>Journal of Invented Spine Studies</Title></Journal><ArticleTitle>{title}</ArticleTitle>"
        f"{in_article}</Article>{in_citation}</MedlineCitation>"
        f"<PubmedData>{in_data}</PubmedData></PubmedArticle>\n"
    )


def article_set(*children: str, doctype: str = DOCTYPE) -> str:
    """Return a whole file."""
    return f"{HEAD}{doctype}<PubmedArticleSet>\n{''.join(children)}</PubmedArticleSet>\n"


def articles(count: int) -> list[str]:
    """Return so many citations with rising PMIDs."""
    return [article(FIRST_PMID + number, f"Invented study {number}") for number in range(count)]


def write(path: Path, content: str | bytes, *, packed: bool = False) -> Path:
    """Write a file and return its path."""
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data, mtime=0) if packed else data)
    return path


def pmids(entries: list[Entry]) -> list[str]:
    """Return the PMIDs of records and deletions."""
    return [entry.pmid for entry in entries if hasattr(entry, "pmid")]


def only(entries: list[Entry]) -> Record:
    """Return the one record of a file."""
    (record,) = entries
    assert hasattr(record, "title"), record
    return record  # type: ignore[return-value]


WHOLE_XML = """\
<PubmedArticle>
  <MedlineCitation Status="MEDLINE" Owner="NLM" IndexingMethod="Manual">
    <PMID Version="1">90000100</PMID>
    <DateRevised><Year>2022</Year><Month>03</Month><Day>07</Day></DateRevised>
    <Article PubModel="Print-Electronic">
      <Journal>
        <ISSN IssnType="Electronic">2345-6789</ISSN>
        <JournalIssue CitedMedium="Internet">
          <Volume>12</Volume><Issue>3</Issue>
          <PubDate><MedlineDate>2021 Nov-Dec</MedlineDate></PubDate>
        </JournalIssue>
        <Title>Journal of invented spine studies</Title>
        <ISOAbbreviation>J. Invent. Spine Stud.</ISOAbbreviation>
      </Journal>
      <ArticleTitle>Hybrid therapy for <i>invented</i> metastases: 24 Gy to 10 cm<sup>3</sup>.</ArticleTitle>
      <Pagination><StartPage>101</StartPage><EndPage>109</EndPage><MedlinePgn>101-9</MedlinePgn></Pagination>
      <ELocationID EIdType="doi" ValidYN="Y">10.5555/invented.100</ELocationID>
      <Abstract>
        <AbstractText Label="BACKGROUND AND PURPOSE" NlmCategory="BACKGROUND">It is unknown whether separation
          surgery helps. SBRT: the standard here.</AbstractText>
        <AbstractText Label="METHODS" NlmCategory="METHODS">We randomised 64 patients
        (<i>P</i> &lt; 0.05 significant).</AbstractText>
        <AbstractText Label="RESULTS" NlmCategory="RESULTS">Local control was 91% vs. 74%.</AbstractText>
        <AbstractText Label="CONCLUSIONS" NlmCategory="CONCLUSIONS">Hybrid therapy held.</AbstractText>
      </Abstract>
      <AuthorList CompleteYN="Y">
        <Author ValidYN="Y"><LastName>van der Rivera</LastName><ForeName>Ana Maria</ForeName>
          <Initials>AM</Initials>
          <Identifier Source="ORCID">http://orcid.org/0000000218250097</Identifier>
          <AffiliationInfo><Affiliation>Department of Spine Surgery, Sampleton.</Affiliation></AffiliationInfo>
          <AffiliationInfo><Affiliation>Institute of Invention, Sampleton.</Affiliation></AffiliationInfo>
        </Author>
        <Author ValidYN="Y"><LastName>Okafor</LastName><ForeName>Ben</ForeName><Initials>B</Initials>
          <Suffix>Jr</Suffix></Author>
        <Author ValidYN="Y"><CollectiveName>Invented Spine Tumour Group</CollectiveName></Author>
      </AuthorList>
      <Language>ger</Language>
      <DataBankList CompleteYN="Y"><DataBank><DataBankName>ClinicalTrials.gov</DataBankName>
        <AccessionNumberList><AccessionNumber>NCT90000100</AccessionNumber></AccessionNumberList>
      </DataBank></DataBankList>
      <PublicationTypeList>
        <PublicationType UI="D016428">Journal Article</PublicationType>
        <PublicationType UI="D016449">Randomized Controlled Trial</PublicationType>
      </PublicationTypeList>
      <VernacularTitle>Hybridtherapie bei erfundenen Metastasen.</VernacularTitle>
      <ArticleDate DateType="Electronic"><Year>2021</Year><Month>08</Month><Day>05</Day></ArticleDate>
    </Article>
    <MedlineJournalInfo><Country>Nowhere</Country><MedlineTA>J Invent Spine Stud</MedlineTA></MedlineJournalInfo>
    <ChemicalList>
      <Chemical><RegistryNumber>0</RegistryNumber>
        <NameOfSubstance UI="D001843">Bone Cements</NameOfSubstance></Chemical>
      <Chemical><RegistryNumber>15H5577CQD</RegistryNumber>
        <NameOfSubstance UI="D000077143">Docetaxel (trihydrate)</NameOfSubstance></Chemical>
    </ChemicalList>
    <CommentsCorrectionsList>
      <CommentsCorrections RefType="CommentIn"><RefSource>J Invent. 2022 Jan;13(1):1-2. doi: 10.5555/c.1.</RefSource>
        <PMID Version="1">90000101</PMID></CommentsCorrections>
      <CommentsCorrections RefType="RetractionIn"><RefSource>J Invent. 2022 Feb;13(2):99</RefSource>
      </CommentsCorrections>
    </CommentsCorrectionsList>
    <MeshHeadingList>
      <MeshHeading><DescriptorName UI="D016634" MajorTopicYN="Y">Radiosurgery</DescriptorName></MeshHeading>
      <MeshHeading><DescriptorName UI="D013125" MajorTopicYN="N">Spinal Neoplasms</DescriptorName>
        <QualifierName UI="Q000532" MajorTopicYN="N">radiotherapy</QualifierName>
        <QualifierName UI="Q000556" MajorTopicYN="Y">secondary</QualifierName></MeshHeading>
    </MeshHeadingList>
    <OtherAbstract Type="Publisher" Language="ger">
      <AbstractText Label="HINTERGRUND">Unbekannt ist der Nutzen.</AbstractText>
      <AbstractText Label="ERGEBNISSE">Die Kontrolle betrug 91 %.</AbstractText>
    </OtherAbstract>
    <KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="Y">hybrid therapy</Keyword>
      <Keyword MajorTopicYN="N">spine</Keyword></KeywordList>
  </MedlineCitation>
  <PubmedData>
    <History>
      <PubMedPubDate PubStatus="received"><Year>2021</Year><Month>1</Month><Day>2</Day></PubMedPubDate>
      <PubMedPubDate PubStatus="pubmed"><Year>2021</Year><Month>8</Month><Day>7</Day></PubMedPubDate>
      <PubMedPubDate PubStatus="entrez"><Year>2021</Year><Month>8</Month><Day>6</Day><Hour>6</Hour></PubMedPubDate>
    </History>
    <ArticleIdList><ArticleId IdType="pubmed">90000100</ArticleId>
      <ArticleId IdType="pmc">PMC9000100</ArticleId></ArticleIdList>
    <ReferenceList><Title>References</Title>
      <Reference><Citation>Earlier A. J Invent. 2001.</Citation>
        <ArticleIdList><ArticleId IdType="doi">10.5555/wrong.one</ArticleId>
          <ArticleId IdType="pmc">PMC1</ArticleId><ArticleId IdType="pubmed">90000001</ArticleId></ArticleIdList>
      </Reference>
      <ReferenceList><Reference><Citation>Nested B. 2002.</Citation></Reference></ReferenceList>
    </ReferenceList>
  </PubmedData>
</PubmedArticle>
"""

WHOLE_TEXT = """\
PMID- 90000100
OWN - NLM
STAT- MEDLINE
LR  - 20220307
IS  - 2345-6789 (Electronic)
IS  - 0345-6789 (Linking)
VI  - 12
IP  - 3
DP  - 2021 Nov-Dec
TI  - Hybrid therapy for invented metastases: 24 Gy
      to 10 cm3.
PG  - 101-9
LID - 10.5555/invented.100 [doi]
AB  - BACKGROUND AND PURPOSE: It is unknown whether separation surgery helps. SBRT: the
      standard here. METHODS: We randomised 64 patients (P < 0.05 significant).
      RESULTS: Local control was 91% vs. 74%. CONCLUSIONS: Hybrid therapy held.
FAU - van der Rivera, Ana Maria
AU  - van der Rivera AM
AUID- ORCID: 0000-0002-1825-0097
AD  - Department of Spine Surgery,
      Sampleton.
AD  - Institute of Invention, Sampleton.
FAU - Okafor, Ben Jr
AU  - Okafor B Jr
CN  - Invented Spine Tumour
      Group
LA  - ger
SI  - ClinicalTrials.gov/NCT90000100
PT  - Journal Article
PT  - Randomized Controlled Trial
TT  - Hybridtherapie bei erfundenen Metastasen.
DEP - 20210805
PL  - Nowhere
TA  - J Invent Spine Stud
JT  - Journal of invented spine studies
RN  - 0 (Bone Cements)
RN  - 15H5577CQD (Docetaxel (trihydrate))
CIN - J Invent. 2022 Jan;13(1):1-2. doi: 10.5555/c.1.
      PMID: 90000101
RIN - J Invent. 2022 Feb;13(2):99
MH  - *Radiosurgery
MH  - Spinal Neoplasms/radiotherapy/*secondary
OAB - Publisher: HINTERGRUND: Unbekannt ist der Nutzen. ERGEBNISSE: Die Kontrolle
      betrug 91 %.
OABL- ger
OT  - *hybrid therapy
OT  - spine
PMC - PMC9000100
EDAT- 2021/08/07 06:00
CRDT- 2021/08/06 06:00
PHST- 2021/01/02 00:00 [received]
PHST- 2021/08/07 06:00 [pubmed]
PHST- 2021/08/06 06:00 [entrez]
AID - S1234 [pii]
AID - 10.5555/invented.100 [doi]
PST - ppublish
SO  - J Invent Spine Stud. 2021 Nov-Dec;12(3):101-9. doi: 10.5555/invented.100.
"""


def short_text(pmid: int, title: str = "An invented cohort") -> str:
    """Return a small MEDLINE text record, ended by its source line."""
    return f"PMID- {pmid}\nTI  - {title}\nDP  - 2019\nSO  - J Invent. 2019.\n"
