"""Damaged PubMed XML: what is good is kept, the fault is named."""

from __future__ import annotations

import gzip
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from harvest.errors import BrokenRecord, HarvestError, UnreadableFile
from harvest.medline_xml import read_pubmed_xml
from tests.harvest.made_up_files import DOCTYPE, HEAD, article, article_set, articles, pmids, write

if TYPE_CHECKING:
    from pathlib import Path

    from harvest.record import Entry


def read_until_fault(file: Path) -> tuple[list[Entry], HarvestError]:
    """Return what the reader gives before it fails, and how it fails."""
    entries: list[Entry] = []
    with pytest.raises(HarvestError) as caught:
        entries += read_pubmed_xml(file)
    assert str(file) in str(caught.value)
    return entries, caught.value


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("PMID 90000001, a list in words", "is not XML"),
        ("<!DOCTYPE html><html><body>Sorry</body></html>", "web page"),
        ("<html lang='en'><p>busy</html>", "web page"),
        ("<?xml version='1.0'?><html><body/></html>", "web page"),
        ("<eSearchResult><Count>3</Count></eSearchResult>", "<eSearchResult>, not a PubmedArticleSet"),
        (f"{HEAD}<eFetchResult><ERROR>UID list is empty</ERROR></eFetchResult>", "said: UID list is empty"),
        (f"{HEAD}<ERROR>Cannot get document summary</ERROR>", "said: Cannot get document summary"),
        (b"\x1f\x8b", "gzip"),
        (b"\x1f\x8bnothing packed in here", "gzip data are corrupt"),
    ],
)
def test_a_file_that_is_no_pubmed_xml_is_refused_as_a_whole(
    tmp_path: Path, content: str | bytes, cause: str
) -> None:
    entries, fault = read_until_fault(write(tmp_path / "x.xml", content))
    assert entries == []
    assert isinstance(fault, UnreadableFile)
    assert cause in fault.cause


def test_a_missing_file_and_a_folder_are_unreadable(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.xml", tmp_path):
        _, fault = read_until_fault(path)
        assert isinstance(fault, UnreadableFile)
        assert "can't be read" in fault.cause


def cut_off(text: str) -> bytes:
    """Cut in the title of the fourth citation."""
    return text[: text.index("Invented study 3") + 8].encode()


def not_utf_8(text: str) -> bytes:
    return text.encode().replace(b"Invented study 3", b"Inv\xe9nted study 3")


def ill_formed(text: str) -> bytes:
    return text.replace("Invented study 3", "Invented <i>study").encode()


def control_character(text: str) -> bytes:
    return text.replace("Invented study 3", "Invented \x02").encode()


def undefined_entity(text: str) -> bytes:
    return text.replace("Invented study 3", "Invented&nbsp;study").encode()


def undefined_without_doctype(text: str) -> bytes:
    return undefined_entity(text.replace(DOCTYPE, ""))


def error_in_between(text: str) -> bytes:
    start = text.index(article(90000004, "Invented study 3"))
    return (text[:start] + "<ERROR>Backend failed</ERROR>" + text[start:]).encode()


def second_document(text: str) -> bytes:
    return (article_set(*articles(3)) + text).encode()


@pytest.mark.parametrize(
    ("damage", "cause"),
    [
        (cut_off, "Premature end"),
        (not_utf_8, "not in the file's encoding"),
        (ill_formed, "mismatch"),
        (control_character, "invalid"),
        (undefined_entity, "in PMID 90000004: the character entity &nbsp; is defined nowhere"),
        (undefined_without_doctype, "nbsp"),
        (error_in_between, "Backend failed"),
        (second_document, "XML declaration allowed only at the start"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
@pytest.mark.parametrize("packed", [False, True])
def test_records_before_a_fault_are_kept(tmp_path: Path, damage: object, cause: str, packed: bool) -> None:
    data = damage(article_set(*articles(6)))  # type: ignore[operator]
    entries, fault = read_until_fault(write(tmp_path / "x.xml", data, packed=packed))
    assert pmids(entries) == ["90000001", "90000002", "90000003"]
    assert isinstance(fault, BrokenRecord)
    assert (fault.number, fault.last_pmid) == (4, "90000003")
    assert cause in fault.cause
    assert "record 4 (after PMID 90000003)" in str(fault)


def test_damage_in_the_first_record_has_no_last_pmid(tmp_path: Path) -> None:
    entries, fault = read_until_fault(write(tmp_path / "x.xml", article_set(article())[:400]))
    assert entries == []
    assert isinstance(fault, BrokenRecord)
    assert (fault.number, fault.last_pmid) == (1, None)


def test_an_undefined_entity_in_an_attribute_is_reported(tmp_path: Path) -> None:
    abstract = '<Abstract><AbstractText Label="AIM&nbsp;ONE">Pain fell.</AbstractText></Abstract>'
    _, fault = read_until_fault(write(tmp_path / "x.xml", article_set(article(in_article=abstract))))
    assert "nbsp" in str(fault)


def test_a_cut_off_gzip_file_keeps_what_it_holds(tmp_path: Path) -> None:
    packed = gzip.compress(article_set(*_varied(3000)).encode())
    entries, fault = read_until_fault(write(tmp_path / "x.xml.gz", packed[: len(packed) // 2]))
    assert isinstance(fault, BrokenRecord)
    assert "cut off" in fault.cause
    assert fault.number == len(entries) + 1
    assert 1000 < len(entries) < 2000


def test_a_corrupt_gzip_file_keeps_what_comes_before(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(article_set(*_varied(3000)).encode()))
    half = len(packed) // 2
    packed[half : half + 64] = b"\xff" * 64
    entries, fault = read_until_fault(write(tmp_path / "x.xml.gz", bytes(packed)))
    assert isinstance(fault, BrokenRecord)
    assert len(entries) > 1000


def _varied(count: int) -> list[str]:
    """Citations that do not pack into nothing."""
    return [article(FIRST + n, f"Invented study {n * 7919 % 10007}") for n in range(count)]


FIRST = 90000001


def bomb(use: str) -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE PubmedArticleSet [<!ENTITY l0 "laughing out loud">{levels}]>\n'
    return article_set(article(title=use), doctype=declared)


@pytest.mark.parametrize("use", ["&l9;", "&l1;", "no use of it"])
def test_declared_entities_are_refused_before_they_grow(tmp_path: Path, use: str) -> None:
    file = write(tmp_path / "x.xml", bomb(use))
    tracemalloc.start()
    entries, fault = read_until_fault(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert entries == []
    assert isinstance(fault, UnreadableFile)
    assert "declares entities (l0, l1, l2)" in fault.cause
    assert peak < 10_000_000


def test_files_outside_are_not_fetched(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.txt", "secret")
    declared = f'<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "{secret.as_uri()}">]>\n'
    entries, fault = read_until_fault(
        write(tmp_path / "x.xml", article_set(article(title="&x;"), doctype=declared))
    )
    assert entries == []
    assert "declares entities" in str(fault)
    assert "secret\n" not in str(fault)
