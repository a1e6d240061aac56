"""Inline markup is taken out of texts and no character is lost."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from harvest.byte_stream import DamagedStreamError
from harvest.medline_xml import read_pubmed_xml
from harvest.record import Record
from harvest.white_space import even
from harvest.xml_text import text_of
from tests.harvest.made_up_files import article, article_set, only, write

TAGS = ("i", "b", "u", "sub", "sup", "DispFormula", "mml:math", "mml:mi")
PARSER = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False)

plain = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"), include_characters="\t\n")
)


def wrapped(inner: st.SearchStrategy[tuple[str, str]]) -> st.SearchStrategy[tuple[str, str]]:
    """Pairs of markup and the text in it: an element, a comment, or some of them in a row."""
    element = st.tuples(st.sampled_from(TAGS), inner).map(lambda x: (f"<{x[0]}>{x[1][0]}</{x[0]}>", x[1][1]))
    comment = inner.map(lambda x: (f"<!-- noise <i> -->{x[0]}<?layout break?>", x[1]))
    row = st.lists(inner, max_size=4).map(lambda xs: ("".join(x[0] for x in xs), "".join(x[1] for x in xs)))
    return st.one_of(element, comment, row)


marked_up = st.recursive(plain.map(lambda text: (escape(text), text)), wrapped, max_leaves=12)


@given(marked_up)
def test_any_text_under_any_inline_tags_comes_out_whole(pair: tuple[str, str]) -> None:
    markup, text = pair
    element = etree.fromstring(f'<AbstractText xmlns:mml="urn:mml">{markup}</AbstractText>', PARSER)
    assert text_of(element) == even(text)


@given(st.lists(marked_up, min_size=1, max_size=4), marked_up)
def test_a_whole_file_gives_back_title_and_sections(sections: list[tuple[str, str]], title: Any) -> None:
    texts = [even(text) for _, text in sections]
    abstract = "".join(
        f'<AbstractText Label="L{n}">{markup}</AbstractText>' for n, (markup, _) in enumerate(sections)
    )
    file = article_set(
        article(
            title=f"<b>T</b>{title[0]}",
            in_article=f"<Abstract>{abstract}</Abstract>",
        )
    ).replace("<PubmedArticleSet>", '<PubmedArticleSet xmlns:mml="urn:mml">')
    with TemporaryDirectory() as folder:
        (record,) = read_pubmed_xml(write(Path(folder) / "one.xml", file))
    assert isinstance(record, Record)
    assert record.title == even("T" + title[1])
    assert [(part.label, part.text) for part in record.abstract] == [
        (f"L{n}", text) for n, text in enumerate(texts) if text
    ]


def test_layout_white_space_is_evened_and_printed_spaces_stay() -> None:
    assert even("\n\t  24\u00a0Gy\r\n   in 2\u2009fractions\n") == "24\u00a0Gy in 2\u2009fractions"


def test_a_formula_keeps_its_text_and_what_follows(tmp_path: Path) -> None:
    formula = (
        '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>α</mml:mi><mml:mo>/</mml:mo>'
        "<mml:mi>β</mml:mi></mml:math>"
    )
    title = f"An {formula} of 10 Gy; <i>P</i> &lt; 0.05 in CO<sub>2</sub>&#x2019;s “view”"
    record = only(list(read_pubmed_xml(write(tmp_path / "one.xml", article_set(article(title=title))))))
    assert record.title == "An α/β of 10 Gy; P < 0.05 in CO2’s “view”"


def test_comments_and_instructions_leave_no_trace(tmp_path: Path) -> None:
    title = "Pain<!-- never shown --> after <?page 12?>surgery<![CDATA[ <5%]]>"
    record = only(list(read_pubmed_xml(write(tmp_path / "one.xml", article_set(article(title=title))))))
    assert record.title == "Pain after surgery <5%"


def test_an_undefined_entity_is_refused_not_dropped() -> None:
    element = etree.fromstring('<!DOCTYPE a SYSTEM "nowhere.dtd"><a>5&nbsp;Gy</a>', PARSER)
    with pytest.raises(DamagedStreamError, match="&nbsp; is defined nowhere"):
        text_of(element)
