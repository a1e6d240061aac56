"""Summaries as Markdown and HTML: anchors, escaping, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from kb.summary.citations import Reference, author_list, identifiers_text, reference_text
from kb.summary.document import summarise
from kb.summary.html import to_html
from kb.summary.markdown import escape, runs, to_markdown
from tests.made_up import made_up_database
from tests.made_up_vocabulary import VOCABULARY

TOPICS = tuple(VOCABULARY.topics)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = made_up_database(tmp_path_factory.mktemp("printing") / "kb.db")
    yield database
    database.close()


class Page(HTMLParser):
    """Tags, targets and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("topic", TOPICS)
def test_pages_are_well_formed_and_every_link_has_its_target(db: Database, topic: str) -> None:
    page = Page(to_html(summarise(db, topic)))
    assert page.open == []
    assert page.handlers == []
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert "link" not in page.tags
    assert len(set(page.ids)) == len(page.ids)
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids
        else:
            assert link.startswith(("https://pubmed.ncbi.nlm.nih.gov/", "https://doi.org/"))


def test_hostile_text_is_shown_as_text(db: Database) -> None:
    html = to_html(summarise(db, "ablation"))
    assert "<script" not in html
    assert "<i>" not in html
    page = Page(html)
    assert "Local control was 77% after RFA</p><script>alert('x')</script> & more." in page.text
    assert '<script>alert("title")</script> & ablation' in page.text


def test_hostile_text_in_markdown_makes_no_tags_links_or_cells(db: Database) -> None:
    text = to_markdown(summarise(db, "ablation"))
    tags = re.findall(r"(?<!\\)<[^>]*>", text)
    assert set(tags) <= {'<a id="ref-1">', '<a id="ref-2">', "</a>"}
    assert r'\<script\>alert("title")\</script\> & ablation' in text
    columns = {len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("| ")}
    assert columns == {11}


@pytest.mark.parametrize("topic", TOPICS)
def test_every_sentence_of_the_document_is_printed_with_its_citations(db: Database, topic: str) -> None:
    document = summarise(db, topic)
    page, markdown = Page(to_html(document)), to_markdown(document)
    for section in document.sections:
        assert f"## {escape(section.title)}" in markdown
        for sentence in section.sentences:
            words = sentence.text.rstrip(".")
            assert re.sub(r" \[[\d, –]+\]", "", page.text).count(words) >= 1
        for note in (*section.notes, *document.notes):
            assert note in page.text
            assert escape(note) in markdown
    bullets = [line for line in markdown.splitlines() if line.startswith("- ")]
    assert len(bullets) == sum(len(section.sentences) for section in document.sections)
    assert all("](#ref-" in line for line in bullets)
    for reference in document.references:
        assert f'<a id="ref-{reference.number}"></a>' in markdown
        assert reference.pmid in markdown
        assert f"PMID: {reference.pmid}." in page.text


def test_derived_numbers_say_so(db: Database) -> None:
    document = summarise(db, "sbrt")
    assert "5 papers count" in to_markdown(document)
    assert "*(counted from 5 records" in to_markdown(document)
    assert "(counted from 5 records" in Page(to_html(document)).text


def test_retracted_and_synopsis_are_marked_in_both(db: Database) -> None:
    retracted, synopsis = summarise(db, "open_surgery"), summarise(db, "systemic_therapy")
    assert "**Retracted.**" in to_markdown(retracted)
    assert 'class="retracted"' in to_html(retracted)
    assert "not PubMed's abstract" in to_markdown(synopsis)
    assert "not PubMed’s abstract" in to_html(synopsis)


def test_printing_is_the_same_each_time(db: Database) -> None:
    assert to_html(summarise(db, "sbrt")) == to_html(summarise(db, "sbrt"))


@given(st.text(max_size=40))
def test_escaping_keeps_every_visible_character(text: str) -> None:
    back = re.sub(r"\\([\\`*_\[\]<>|~&])", r"\1", escape(text))
    assert back == " ".join(text.split())
    assert "\n" not in escape(text)


def test_neighbouring_numbers_are_joined() -> None:
    assert runs([1, 2, 3, 5, 7, 8]) == [(1, 3), (5, 5), (7, 8)]
    assert runs([]) == []


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        (
            Reference(1, "9", "Pain after SBRT?", ("A B",), True, "J Spine", 2019, "12", "3", "1-9"),
            "A B. Pain after SBRT? J Spine. 2019;12(3):1-9.",
        ),
        (Reference(1, "9", "T", (), True, "J", 2019, None, None, "e17"), "T. J. 2019:e17."),
        (Reference(1, "9", "T", ("A B",), False, None, None, "12", None, None), "A B, et al. T. 12."),
        (Reference(1, "9", "T."), "T."),
    ],
)
def test_references_leave_out_what_is_not_known(reference: Reference, text: str) -> None:
    assert reference_text(reference) == text


def test_at_most_six_authors_are_named() -> None:
    names = tuple(f"Author{letter} X" for letter in "ABCDEFG")
    assert author_list(names[:6]) == ", ".join(names[:6])
    assert author_list(names) == ", ".join(names[:6]) + ", et al"


def test_identifiers_and_links() -> None:
    reference = Reference(1, "123", "T", doi='10.1/"><script>')
    assert identifiers_text(reference) == 'PMID: 123. doi:10.1/"><script>.'
    assert reference.doi_link == "https://doi.org/10.1/%22%3E%3Cscript%3E"
    assert identifiers_text(Reference(1, "123", "T")) == "PMID: 123."


def test_short_names_of_studies() -> None:
    assert Reference(1, "9", "T", ("van der Linden YM",), year=2005).short == "van der Linden 2005"
    assert (
        Reference(1, "9", "T", ("Spine Oncology Study Group",), year=2010).short
        == "Spine Oncology Study Group 2010"
    )
    assert Reference(1, "9", "T", ()).short == "No authors on record"
    assert Reference(1, "9", "T", (), journal="PLoS ONE", year=2019).short == "PLoS ONE 2019"
