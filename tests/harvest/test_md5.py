"""A baseline file is held against the digest that NLM publishes beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from harvest.errors import UnreadableFile
from harvest.files import check_md5
from harvest.pmid_list import read_pmid_list
from tests.harvest.made_up_files import article, article_set, write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "pubmed25n0001.xml.gz", article_set(article()), packed=True)


def beside(file: Path, text: str) -> Path:
    return write(file.with_name(file.name + ".md5"), text)


@pytest.mark.parametrize("spelling", ["MD5({name})= {digest}\n", "{digest}  {name}\n", "{digest}"])
@pytest.mark.parametrize("upper", [False, True])
def test_a_good_file_passes_in_every_spelling(file: Path, spelling: str, upper: bool) -> None:
    digest = hashlib.md5(file.read_bytes()).hexdigest()
    beside(file, spelling.format(name=file.name, digest=digest.upper() if upper else digest))
    assert check_md5(file)


def test_a_file_alone_is_not_held_against_anything(file: Path) -> None:
    assert not check_md5(file)


def test_a_damaged_file_is_refused(file: Path) -> None:
    beside(file, f"MD5({file.name})= {hashlib.md5(file.read_bytes()).hexdigest()}")
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(UnreadableFile, match="download it again"):
        check_md5(file)


@pytest.mark.parametrize("text", ["", "<html>Not found</html>", "abc", "0" * 31, "0" * 64])
def test_an_md5_file_without_a_digest_is_refused(file: Path, text: str) -> None:
    beside(file, text)
    with pytest.raises(UnreadableFile, match=r"\.md5: holds no MD5"):
        check_md5(file)


def test_lists_of_pmids_in_every_spelling(tmp_path: Path) -> None:
    text = "\ufeff12345\r\n# a comment 9\n 678, 90;12345\tPMID:7 pmid8  # the last\n\n"
    assert read_pmid_list(write(tmp_path / "list.txt", text)) == ("12345", "678", "90", "7", "8")
    assert read_pmid_list(write(tmp_path / "list.gz", "1\n2\n", packed=True)) == ("1", "2")


@pytest.mark.parametrize(
    "content", ["", "# nothing\n", "12345\n10.1000/doi\n", "0123", "1" * 10, b"\xff\xfe1\x00"]
)
def test_what_is_no_list_of_pmids_is_refused(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"list\.txt"):
        read_pmid_list(write(tmp_path / "list.txt", content))
