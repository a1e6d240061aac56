"""The feed of what is new: for everybody who may see the tables, and for nobody else."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.datasette_plugins.test_pages import ask, get
from tests.made_up import made_up_database

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("updates") / "kb.db"
    made_up_database(path).close()
    return path


def test_the_feed_leads_to_the_papers(database: Path) -> None:
    answer = get(database, "/updates.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.text)
    links = [link.get("href") for link in feed.findall("a:entry/a:link[@rel='alternate']", ATOM)]
    assert links
    assert all(str(link).startswith("http://localhost/papers/9000") for link in links)
    assert feed.findtext("a:id", namespaces=ATOM) == "http://localhost/updates.atom"


def entry_of(database: Path, marked: str) -> ElementTree.Element:
    """The feed's entry of the first paper that has this mark."""
    [(pmid,), *_] = ask(database, f"SELECT pmid FROM records WHERE {marked} AND NOT deleted")
    feed = ElementTree.fromstring(get(database, "/updates.atom").text)
    entries = feed.findall("a:entry", ATOM)
    return next(entry for entry in entries if f"/papers/{pmid}#" in entry.findtext("a:id", "", ATOM))


def test_a_paper_that_was_retracted_before_it_came_says_so(database: Path) -> None:
    entry = entry_of(database, "retracted")
    assert entry.findtext("a:title", "", ATOM).startswith("New: RETRACTED: ")
    assert {"new", "retracted"} <= {category.get("term") for category in entry.findall("a:category", ATOM)}
    [told] = [item for item in json.loads(get(database, "/updates.json").text)["items"] if item["retracted"]]
    assert told["headline"].startswith("RETRACTED: ")


def test_a_synopsis_is_marked_in_the_feed_and_in_its_entry(database: Path) -> None:
    feed = ElementTree.fromstring(get(database, "/updates.atom").text)
    assert "not from PubMed's abstract" in feed.findtext("a:subtitle", "", ATOM)
    entry = entry_of(database, "origin = 'sample'")
    assert entry.findtext("a:title", "", ATOM).endswith(" (synopsis)")
    assert "not PubMed's abstract" in entry.findtext("a:summary", "", ATOM)
    assert "synopsis" in {category.get("term") for category in entry.findall("a:category", ATOM)}
    [told, *_] = json.loads(get(database, "/updates.json").text)["items"]
    assert told["origin"] in ("file", "pubmed", "sample")


def test_it_holds_below_a_base_address(database: Path) -> None:
    answer = get(database, "/updates.atom", settings={"base_url": "/below/"})
    assert "http://localhost/below/papers/9000" in answer.text


def test_json_and_since(database: Path) -> None:
    told = json.loads(get(database, "/updates.json").text)
    assert told["counts"]["withdrawn"] == 1
    assert json.loads(get(database, "/updates.json?since=2999-01-01").text)["items"] == []
    assert get(database, "/updates.json?since=' OR 1=1").status_code == 400


@pytest.mark.parametrize("table", ["records", "changes", "corrections"])
def test_a_hidden_table_hides_the_feed(database: Path, table: str) -> None:
    rules = {"databases": {"kb": {"tables": {table: {"allow": False}}}}}
    assert get(database, "/updates.atom", metadata=rules).status_code == 403


def test_without_a_knowledge_base_there_is_no_feed() -> None:
    assert get(None, "/updates.atom").status_code == 404
