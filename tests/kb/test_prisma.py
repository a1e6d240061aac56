"""The flow counts every paper once, and its printed forms hold the same numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from kb.prisma.diagram import flow_diagram
from kb.prisma.flow import Count, Flow, FoundBy, read_flow
from kb.prisma.text import flow_text
from kb.schema import open_database
from kb.searches import record_screened_out, record_search
from kb.store import start_run
from tests.made_up import made_up_database

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = made_up_database(tmp_path / "kb.db")
    yield database
    database.close()


def new_run(db: Database) -> int:
    return start_run(db, "harvest", program_version="1", extractor_version="1", vocabulary="v")


def test_every_paper_is_in_one_place(db: Database) -> None:
    run = new_run(db)
    held = [row[0] for row in db.execute("SELECT pmid FROM records WHERE origin = 'file' ORDER BY 1")]
    record_search(db, run, "broad", "1.0", [*held[:4], "77", "78"], query="q", promised=7)
    record_search(db, run, "sbrt", "1.0+1.0", [*held[:2], "79"], query="q", promised=3)
    record_screened_out(db, run, {"77": "degenerative disease", "99": "never found by a search"})
    flow = read_flow(db)
    assert [(s.strategy, s.found, s.promised) for s in flow.searches] == [("broad", 6, 7), ("sbrt", 3, 3)]
    assert flow.duplicates == 2
    assert flow.not_retrieved == 2
    assert flow.papers == db.table("records").count + 3
    assert Count("degenerative disease", 1) in flow.off_topic
    assert flow.screened == flow.excluded + flow.included


def test_the_last_count_of_pubmed_is_shown(db: Database) -> None:
    for promised in (5, 8):
        record_search(db, new_run(db), "broad", "1.0", ["77"], query="q", promised=promised)
    assert [search.promised for search in read_flow(db).searches] == [8]


def test_an_empty_knowledge_base_has_an_empty_flow(tmp_path: Path) -> None:
    db = open_database(tmp_path / "none.db", create=True)
    flow = read_flow(db)
    db.close()
    assert (flow.identified, flow.screened, flow.excluded, flow.included) == (0, 0, 0, 0)
    ElementTree.fromstring(flow_diagram(flow))


PMIDS = st.integers(1, 12).map(str)


@given(st.dictionaries(st.sampled_from("abc"), st.frozensets(PMIDS)), st.frozensets(PMIDS))
def test_papers_add_up_whatever_was_found(found: dict[str, frozenset[str]], out: frozenset[str]) -> None:
    db = open_database(":memory:", create=True)
    run = new_run(db)
    for strategy, pmids in found.items():
        record_search(db, run, strategy, "1.0", pmids, query="q")
    record_screened_out(db, run, dict.fromkeys(out, "no cancer"))
    flow = read_flow(db)
    db.close()
    everything = frozenset[str]().union(*found.values())
    assert flow.papers == len(everything)
    assert flow.identified == sum(map(len, found.values()))
    assert flow.screened == flow.excluded + flow.included == len(everything & out)


FLOW = Flow(
    (
        FoundBy("broad", "1.0", 24310, 24312, "2026-11-24"),
        FoundBy("separation_surgery", "1.0+1.0", 310, 310, None),
    ),
    (Count("Files", 12),),
    310,
    3,
    1,
    4,
    tuple(
        Count(f"reason <{n}> & a very long explanation that needs a second line", 100 - n) for n in range(14)
    ),
    22_000,
)


def test_the_diagram_is_svg_and_holds_the_numbers() -> None:
    root = ElementTree.fromstring(flow_diagram(FLOW))
    assert root.tag == f"{SVG}svg"
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    for number in (FLOW.identified, FLOW.duplicates, FLOW.screened, FLOW.excluded, FLOW.included):
        assert f"{number:,}" in texts
    assert "off topic: other reasons" in texts  # what does not fit is summed up, not dropped


def test_nothing_stands_outside_the_diagram_or_on_another_box() -> None:
    root = ElementTree.fromstring(flow_diagram(FLOW))
    width, height = (float(root.attrib[name]) for name in ("width", "height"))
    boxes = []
    for box in root.iter(f"{SVG}rect"):
        if box.get("class"):
            x, y, w, h = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
            assert x >= 0
            assert y >= 0
            assert x + w <= width
            assert y + h <= height
            assert not any(x < a + c and a < x + w and y < b + d and b < y + h for a, b, c, d in boxes)
            boxes.append((x, y, w, h))


def test_text_and_json_hold_the_same_numbers() -> None:
    numbers = {int(text.replace(",", "")) for text in re.findall(r"([\d,]+)$", flow_text(FLOW), re.MULTILINE)}
    loaded = json.loads(FLOW.as_json())
    for name in ("identified", "papers", "screened", "excluded", "included", "duplicates", "retracted"):
        assert loaded[name] in numbers
    assert loaded["off_topic"][0]["number"] == 100
