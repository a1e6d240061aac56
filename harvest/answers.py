"""What the E-utilities answer, read and held against what an answer must be; pure."""

from __future__ import annotations

import io
from dataclasses import dataclass

from lxml import etree

from harvest.identifiers import is_pmid
from harvest.xml_text import text_at, texts_at

_ARTICLE_TAGS = ("PubmedArticle", "PubmedBookArticle")
_ARTICLE_SET = "PubmedArticleSet"
# How the server begins to say that it no longer holds a list it kept for us.
_LOST_HISTORY = ("unable to obtain query", "cannot retrieve history", "webenv")


class BadAnswer(Exception):
    """An answer that is none, whatever its status says."""

    def __init__(self, cause: str, *, history_lost: bool = False) -> None:
        self.cause = cause
        self.history_lost = history_lost
        super().__init__(cause)


@dataclass(frozen=True, slots=True)
class History:
    """A list of PMIDs that the server keeps for some hours."""

    web_env: str
    query_key: str


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search: how many there are, the PMIDs listed, and what the server made of the query."""

    count: int
    pmids: tuple[str, ...]
    history: History | None
    translation: str
    warnings: tuple[str, ...]


def read_search(body: bytes) -> Found:
    """Read the answer of esearch.

    Raises
    ------
    BadAnswer
        It is cut off, no search result, reports an error, or gives no count.
    """
    root = _parse(body, "eSearchResult")
    count = text_at(root, "Count")
    if count is None or not count.isdigit():
        raise BadAnswer("the search answer gives no count")
    pmids = tuple(texts_at(root, "IdList/Id"))
    if not all(map(is_pmid, pmids)):
        raise BadAnswer("the search answer lists something that is no PMID")
    return Found(
        int(count), pmids, _history(root), text_at(root, "QueryTranslation") or "", tuple(_warnings(root))
    )


def _warnings(root: etree._Element) -> list[str]:
    said = {
        "ErrorList/PhraseNotFound": "not found in PubMed",
        "ErrorList/FieldNotFound": "no field of PubMed",
        "WarningList/PhraseIgnored": "ignored",
        "WarningList/QuotedPhraseNotFound": "no such phrase in PubMed's index",
    }
    return [f"{text}: {what}" for path, what in said.items() for text in texts_at(root, path)]


def read_post(body: bytes) -> History:
    """Read the answer of epost.

    Raises
    ------
    BadAnswer
        It is cut off, reports an error, or names no list.
    """
    history = _history(_parse(body, "ePostResult"))
    if history is None:
        raise BadAnswer("the server did not say where it keeps the list")
    return history


def _history(root: etree._Element) -> History | None:
    web_env, query_key = text_at(root, "WebEnv"), text_at(root, "QueryKey")
    return History(web_env, query_key) if web_env and query_key else None


def read_links(body: bytes) -> dict[str, tuple[str, ...]]:
    """Read the answer of elink: for each PMID asked for, the PMIDs it is linked to.

    Raises
    ------
    BadAnswer
        It is cut off or reports an error.
    """
    root = _parse(body, "eLinkResult")
    return {
        source: tuple(texts_at(links, "LinkSetDb/Link/Id"))
        for links in root.findall("LinkSet")
        for source in texts_at(links, "IdList/Id")
    }


def delivered_pmids(body: bytes) -> tuple[str, ...]:
    """Return the PMIDs of a fetched batch in order, after reading it to its end.

    Raises
    ------
    BadAnswer
        The body is no PubmedArticleSet, is cut off, malformed, or reports an error.
    """
    found: list[str] = []
    _refuse_html(body)
    context = etree.iterparse(
        io.BytesIO(body), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    depth = 0
    try:
        for event, element in context:
            if event == "start":
                depth += 1
                if depth == 1 and element.tag != _ARTICLE_SET:
                    _parse(body, _ARTICLE_SET)
                continue
            depth -= 1
            if depth == 1:
                found += _pmids_of(element)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise BadAnswer(f"the answer is cut off or malformed ({error.msg})") from error
    return tuple(found)


def _pmids_of(element: etree._Element) -> list[str]:
    if element.tag == "ERROR":
        raise BadAnswer(f"the server reports an error in place of a record: {text_at(element, '.')}")
    if element.tag not in _ARTICLE_TAGS:
        return []
    path = "MedlineCitation/PMID" if element.tag == "PubmedArticle" else "BookDocument/PMID"
    pmid = text_at(element, path)
    return [pmid] if pmid else []


def _parse(body: bytes, root_tag: str) -> etree._Element:
    _refuse_html(body)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise BadAnswer(f"the answer is cut off or malformed ({error.msg})") from error
    for element in root.iter("ERROR"):
        said = text_at(element, ".") or "no more is said"
        lost = any(mark in said.lower() for mark in _LOST_HISTORY)
        raise BadAnswer(f"the server reports an error: {said}", history_lost=lost)
    if root.tag != root_tag:
        raise BadAnswer(f"the answer is <{root.tag}> where <{root_tag}> belongs")
    return root


def _refuse_html(body: bytes) -> None:
    head = body[:2000].lstrip().lower()
    if not head:
        raise BadAnswer("the answer is empty")
    if b"<html" in head or head.startswith(b"<!doctype html"):
        raise BadAnswer("the answer is a web page")
