"""Marked text: what is left is the stored text exactly, and hostile text stays text."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins.highlights import Marked, highlight


class Reader(HTMLParser):
    """Collects the text and the tags of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


@given(st.text(max_size=50), SPANS, SPANS)
def test_no_character_is_lost_or_becomes_markup(
    text: str, sentences: list[tuple[int, int]], concepts: list[tuple[int, int]]
) -> None:
    text = text.replace("\r", "")
    quoted = [Marked(a, b, anchors=(f"k{i}",)) for i, (a, b) in enumerate(sentences)]
    named = [
        Marked(a, b, kind="outcome", title='"<>&', anchors=(f"m{i}",)) for i, (a, b) in enumerate(concepts)
    ]
    reader = read(str(highlight(text, quoted, named)))
    assert reader.text == text
    assert set(reader.tags) <= {"a", "span", "mark"}


def test_a_finding_is_reached_by_its_key_and_a_denial_is_said() -> None:
    text = "No <b>myelopathy</b> occurred."
    marked = str(
        highlight(
            text,
            [Marked(0, len(text), anchors=("k1", "k2"))],
            [Marked(6, 16, kind="outcome", title="outcome: Myelopathy", negated=True, anchors=("m1",))],
        )
    )
    assert 'id="e-k1"' in marked
    assert 'id="e-k2"' in marked
    assert 'class="m m-outcome negated" title="outcome: Myelopathy (denied here)"' in marked
    assert "&lt;b&gt;" in marked
