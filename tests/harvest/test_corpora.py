"""Real PubMed files, read against independent readers."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from Bio import Entrez, Medline

from harvest.files import read_file
from harvest.record import Record
from harvest.white_space import even

pytestmark = pytest.mark.corpus

CHECKOUT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("SPINEMETS_CORPORA", CHECKOUT.parent / "shared" / "corpora")) / "pubmed_xml"
COUNTS = {
    "biopython-pubmed1.xml": 2,
    "biopython-pubmed2.xml": 2,
    "biopython-pubmed4.xml": 1,
    "biopython-pubmed5.xml": 1,
    "biopython-pubmed6.xml": 1,
    "biopython-pubmed7.xml": 1,
    "bone_spine_trials.xml": 6,
    "pubmed-29768149.xml": 1,
    "pubmedqa.xml": 715,
    "biopython-medline1.txt": 1,
    "biopython-medline2.txt": 4,
    "biopython-medline3.txt": 1,
}
# Elements of the text that Bio.Entrez leaves in: markup, and MathML without its prefix.
INLINE_TAG = re.compile(r"</?(?:i|b|u|sub|sup|math|m[a-z]+|none)(?: [^>]*)?/?>")


def records(name: str) -> list[Record]:
    """Read a corpus file; all its entries must be records."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{path} is not there; set SPINEMETS_CORPORA to the folder of public corpora")
    entries = list(read_file(path))
    assert all(isinstance(entry, Record) for entry in entries)
    return [entry for entry in entries if isinstance(entry, Record)]


def plain(text: str) -> str:
    """Take out the tags that Bio.Entrez leaves in."""
    return re.sub(r"\s+", "", INLINE_TAG.sub("", text))


@pytest.mark.parametrize("name", COUNTS)
def test_every_citation_becomes_a_record(name: str) -> None:
    read = records(name)
    assert len(read) == COUNTS[name]
    assert len({record.pmid for record in read}) == len(read)
    for record in read:
        assert all(text == even(text) and text for text in record.sections)


@pytest.mark.parametrize("name", [name for name in COUNTS if name.endswith(".xml")])
@pytest.mark.filterwarnings("ignore")
def test_xml_agrees_with_biopythons_reader(name: str) -> None:
    read = {record.pmid: record for record in records(name)}
    with (FOLDER / name).open("rb") as file:
        try:
            citations: Any = Entrez.read(file, validate=False)["PubmedArticle"]
        except Exception as error:  # its DTD handling refuses some real files
            pytest.skip(f"Bio.Entrez can't read {name}: {error!r}")
    assert len(citations) == len(read)
    for citation in citations:
        theirs = citation["MedlineCitation"]
        ours = read[str(theirs["PMID"])]
        article = theirs["Article"]
        assert plain(ours.title) == plain(str(article["ArticleTitle"]))
        abstract = article.get("Abstract", {}).get("AbstractText", [])
        assert [plain(one.text) for one in ours.abstract] == [
            plain(str(one)) for one in abstract if plain(str(one))
        ]
        headings = [str(one["DescriptorName"]) for one in theirs.get("MeshHeadingList", [])]
        assert [heading.descriptor for heading in ours.mesh] == headings
        people = [str(one["LastName"]) for one in article.get("AuthorList", []) if "LastName" in one]
        assert [author.last_name for author in ours.authors if author.last_name] == people


@pytest.mark.parametrize("name", [name for name in COUNTS if name.endswith(".txt")])
def test_text_agrees_with_biopythons_reader(name: str) -> None:
    read = records(name)
    with (FOLDER / name).open(encoding="utf-8") as file:
        for ours, theirs in zip(read, Medline.parse(file), strict=True):
            assert ours.pmid == theirs["PMID"]
            assert ours.title == even(theirs["TI"])
            labelled = " ".join(
                f"{one.label}: {one.text}" if one.label else one.text for one in ours.abstract
            )
            assert labelled == even(theirs["AB"])
            assert [author.display for author in ours.authors] == theirs["AU"]
            assert len(ours.mesh) == len(theirs.get("MH", []))
