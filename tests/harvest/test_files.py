"""Files are known by what they hold."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from harvest.byte_stream import read_head, read_pieces
from harvest.errors import UnreadableFile
from harvest.files import file_digest, read_file
from tests.harvest.made_up_files import article, article_set, pmids, short_text, write

if TYPE_CHECKING:
    from pathlib import Path

MARK = "\ufeff"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", ["a.xml", "a.txt", "a.nbib", "a.gz", "a"])
@pytest.mark.parametrize(
    "content",
    [
        article_set(article()),
        MARK + article_set(article()),
        short_text(90000001),
        MARK + short_text(90000001),
        "\n" + short_text(90000001),
    ],
    ids=["xml", "marked xml", "text", "marked text", "text after a blank line"],
)
def test_content_decides_not_the_name(tmp_path: Path, name: str, content: str, packed: bool) -> None:
    assert pmids(list(read_file(write(tmp_path / name, content, packed=packed)))) == ["90000001"]


def test_utf_16_xml_is_read(tmp_path: Path) -> None:
    content = article_set(article()).replace("UTF-8", "UTF-16").encode("utf-16")
    assert pmids(list(read_file(write(tmp_path / "a.xml", content)))) == ["90000001"]


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x00\x00", b"pmid,title\n1,x\n", b"%PDF-1.7\n", b"{}", b"TY  -"]
)
def test_other_kinds_are_refused(tmp_path: Path, content: bytes) -> None:
    file = write(tmp_path / "a.xml", content)
    with pytest.raises(UnreadableFile, match=r"a\.xml: is (neither|RIS)"):
        list(read_file(file))


@pytest.mark.parametrize("content", [b"", b"\n\n"])
@pytest.mark.parametrize("packed", [False, True])
def test_empty_files_say_so(tmp_path: Path, content: bytes, packed: bool) -> None:
    with pytest.raises(UnreadableFile, match="is empty"):
        list(read_file(write(tmp_path / "a", content, packed=packed)))


def test_missing_files_say_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        list(read_file(tmp_path / "a"))
    with pytest.raises(UnreadableFile, match="No such file"):
        file_digest(tmp_path / "a")


def test_the_digest_is_of_the_file_on_disk(tmp_path: Path) -> None:
    file = write(tmp_path / "a", "x" * 100_000, packed=True)
    assert file_digest(file) == hashlib.sha256(file.read_bytes()).hexdigest()
    assert file_digest(str(file)) != file_digest(write(tmp_path / "b", "x" * 100_000))


def test_all_members_of_a_gzip_file_and_padding_after_them(tmp_path: Path) -> None:
    one = write(tmp_path / "a", "one " * 3000, packed=True).read_bytes()
    two = write(tmp_path / "b", "two", packed=True).read_bytes()
    file = write(tmp_path / "c", one + two + b"\0" * 1000)
    assert b"".join(read_pieces(file)) == b"one " * 3000 + b"two"


def test_the_head_is_short(tmp_path: Path) -> None:
    file = write(tmp_path / "a", "x" * 100_000, packed=True)
    assert read_head(file, 10) == b"x" * 10
