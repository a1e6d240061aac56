"""An answer counts only when it is what was asked for; everything else is said to be what it is."""

from __future__ import annotations

import pytest

from harvest.answers import BadAnswer, delivered_pmids, read_links, read_post, read_search

SEARCH = b"<eSearchResult><Count>1</Count><IdList><Id>7</Id></IdList></eSearchResult>"
POST = b"<ePostResult><QueryKey>1</QueryKey><WebEnv>X</WebEnv></ePostResult>"
LINKS = b"<eLinkResult></eLinkResult>"
ARTICLES = b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID></MedlineCitation></PubmedArticle></PubmedArticleSet>"
READERS = {read_search: SEARCH, read_post: POST, read_links: LINKS, delivered_pmids: ARTICLES}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("body", READERS.values())
def test_only_its_own_answer_passes(reader: object, body: bytes) -> None:
    if READERS[reader] == body:  # type: ignore[index]
        reader(body)  # type: ignore[operator]
    else:
        with pytest.raises(BadAnswer, match="belongs"):
            reader(body)  # type: ignore[operator]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"<html><body>x</body></html>", "web page"),
        (b"not xml", "cut off or malformed"),
        (b"{}", "cut off or malformed"),
        (b"<eFetchResult><ERROR>not now</ERROR></eFetchResult>", "reports an error: not now"),
    ],
)
def test_what_is_no_answer_says_so(reader: object, body: bytes, words: str) -> None:
    with pytest.raises(BadAnswer, match=words):
        reader(body)  # type: ignore[operator]


@pytest.mark.parametrize("reader", READERS)
def test_every_cut_is_noticed(reader: object) -> None:
    body = READERS[reader]  # type: ignore[index]
    for end in range(len(body)):
        with pytest.raises(BadAnswer):
            reader(body[:end])  # type: ignore[operator]


def test_an_error_inside_a_set_is_an_error() -> None:
    body = ARTICLES.replace(b"</PubmedArticleSet>", b"<ERROR>gone</ERROR></PubmedArticleSet>")
    with pytest.raises(BadAnswer, match="in place of a record: gone"):
        delivered_pmids(body)


def test_a_forgotten_list_is_told_from_other_errors() -> None:
    for said, lost in (("Unable to obtain query #1", True), ("Empty Response", False)):
        with pytest.raises(BadAnswer) as failure:
            delivered_pmids(f"<eFetchResult><ERROR>{said}</ERROR></eFetchResult>".encode())
        assert failure.value.history_lost is lost


@pytest.mark.parametrize(
    "body",
    [
        SEARCH.replace(b"<Count>1</Count>", b""),
        SEARCH.replace(b">1<", b">many<"),
        SEARCH.replace(b">7<", b">x<"),
    ],
)
def test_a_search_without_count_or_with_strange_numbers_is_refused(body: bytes) -> None:
    with pytest.raises(BadAnswer, match="the search answer"):
        read_search(body)


def test_what_pubmed_thinks_of_the_query_is_passed_on() -> None:
    body = SEARCH.replace(
        b"</eSearchResult>", b"<ErrorList><PhraseNotFound>spyne</PhraseNotFound></ErrorList></eSearchResult>"
    )
    assert read_search(body).warnings == ("spyne: not found in PubMed",)
