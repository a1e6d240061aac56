"""Entries of PubMed XML files: kinds, order, memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harvest.medline_xml import ROOTS, read_pubmed_xml
from harvest.record import Deletion, Record, Skipped
from harvest.xml_stream import read_elements
from tests.harvest.made_up_files import article, article_set, articles, pmids, write

if TYPE_CHECKING:
    from pathlib import Path

BOOK = "<PubmedBookArticle><BookDocument><PMID Version='1'>90000050</PMID></BookDocument></PubmedBookArticle>"


@pytest.mark.parametrize("packed", [False, True])
def test_citations_come_in_file_order(tmp_path: Path, packed: bool) -> None:
    file = write(tmp_path / "any.name", article_set(*articles(5)), packed=packed)
    assert pmids(list(read_pubmed_xml(str(file)))) == [str(90000001 + n) for n in range(5)]


def test_deletions_are_yielded_one_a_pmid_where_they_stand(tmp_path: Path) -> None:
    gone = "<DeleteCitation><PMID Version='1'>90000007</PMID><PMID>90000008</PMID></DeleteCitation>"
    entries = list(read_pubmed_xml(write(tmp_path / "x.xml", article_set(article(), gone))))
    assert entries[1:] == [Deletion("90000007"), Deletion("90000008")]


def test_what_is_no_citation_is_skipped_with_its_reason(tmp_path: Path) -> None:
    no_title = article(90000003, title=" ")
    no_pmid = article("")
    odd = article("x12")
    file = article_set(BOOK, article(), no_title, no_pmid, odd, "<Surprise/>", article(90000004))
    entries = list(read_pubmed_xml(write(tmp_path / "x.xml", file)))
    assert [(e.number, e.identifier, e.reason) for e in entries if isinstance(e, Skipped)] == [
        (1, "90000050", "book article: no journal citation"),
        (3, "90000003", "citation without title"),
        (4, None, "citation without PMID"),
        (5, "x12", "its PMID is no number"),
        (6, None, "<Surprise> is no citation"),
    ]
    assert pmids(entries) == ["90000001", "90000004"]


def test_titles_that_are_not_there_in_english_are_kept(tmp_path: Path) -> None:
    vernacular = "<VernacularTitle>Wirbelmetastasen, frei erfunden.</VernacularTitle>"
    file = article_set(
        article(title="[Not Available].", in_article=vernacular), article(title="", in_article=vernacular)
    )
    first, second = read_pubmed_xml(write(tmp_path / "x.xml", file))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.title, second.title) == ("[Not Available].", "")
    assert first.vernacular_title == second.vernacular_title == "Wirbelmetastasen, frei erfunden."


def test_versions_of_a_citation_are_both_yielded(tmp_path: Path) -> None:
    file = article_set(article(version=2), article(version=1))
    entries = read_pubmed_xml(write(tmp_path / "x.xml", file))
    assert [entry.pmid_version for entry in entries if isinstance(entry, Record)] == [2, 1]


def test_an_empty_set_is_no_fault(tmp_path: Path) -> None:
    assert list(read_pubmed_xml(write(tmp_path / "x.xml", article_set()))) == []


def test_all_references_are_text_whatever_the_declared_encoding(tmp_path: Path) -> None:
    text = article_set(article(title="Métastases")).replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
    (latin,) = read_pubmed_xml(write(tmp_path / "x.xml", text.encode("latin-1")))
    assert isinstance(latin, Record)
    assert latin.title == "Métastases"


def test_finished_citations_are_freed(tmp_path: Path) -> None:
    file = write(tmp_path / "x.xml", article_set(*articles(300)))
    alive = []
    for element in read_elements(file, ROOTS):
        root = element.getparent()
        assert root is not None
        before = [child for child in root if child is not element and root.index(child) < root.index(element)]
        alive.append((len(before), sum(len(child) for child in before)))
    assert len(alive) == 300
    assert max(alive) == (1, 0), "at most one emptied citation stands before the one in hand"
