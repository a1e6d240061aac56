"""Forest plots: what they draw, what they say, and where pages show them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins.charts import PERCENT, ForestRow, forest, ratio_scale
from harvest.record import Batch
from kb.grading.claim_rows import update_claims
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from tests.datasette_plugins.test_pages import get
from tests.made_up import extraction, finding, record, study
from tests.made_up_vocabulary import VOCABULARY

SBRT, CEBRT = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
ROWS = [ForestRow("Rivera 2019", 0.5, 0.25, 1.0), ForestRow("Summary", 0.5, 0.3, 0.8, derived=True)]


def drawn(rows: list[ForestRow], *, ratio: bool) -> ElementTree.Element:
    scale = ratio_scale(rows) if ratio else PERCENT
    return ElementTree.fromstring(str(forest(rows, scale, said="what it shows")))


def test_studies_are_squares_and_a_summary_a_diamond_that_says_it_is_derived() -> None:
    plot = drawn(ROWS, ratio=True)
    assert plot.get("aria-label") == "what it shows"
    assert len(plot.findall("rect")) == len(plot.findall("path[@class='derived']")) == 1
    texts = [text.text for text in plot.findall("text")]
    assert "0.5 (0.25 to 1)" in texts
    assert "0.5 (0.3 to 0.8), derived" in texts
    assert plot.find("line[@class='no-effect']") is not None
    assert drawn(ROWS, ratio=False).find("line[@class='no-effect']") is None


@given(st.lists(st.tuples(*[st.floats(0.001, 1000)] * 3).map(sorted), min_size=1, max_size=5))
def test_nothing_is_drawn_outside_the_plot(values: list[list[float]]) -> None:
    plot = drawn([ForestRow("x", value, low, high) for low, value, high in values], ratio=True)
    width = float(plot.get("viewBox", "").split()[2])
    for line in plot.findall("line"):
        assert 0 <= float(line.get("x1", "-1")) <= float(line.get("x2", "-1")) <= width


def test_hostile_labels_stay_text() -> None:
    plot = drawn([ForestRow('<script>&"', 50, 40, 60)], ratio=False)
    assert plot.find(".//script") is None
    assert '<script>&"' in [text.text for text in plot.findall("text")]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three papers with the same ratio, printed from the side of stereotactic radiotherapy."""
    path = tmp_path_factory.mktemp("forest") / "kb.db"
    db = open_database(path, create=True)
    write_vocabulary(db, VOCABULARY)
    pairs = []
    for number in range(3):
        of = record(
            f"9000060{number}", "SBRT of spinal metastases", (None, "The result."), authors=(f"A{number} B",)
        )
        result = finding(
            of, "The result.", intervention=SBRT, comparator=CEBRT, outcome="local_control", measure="hr", value=0.5,
            ci_low=0.25, ci_high=1.0, timepoint_months=12.0,
        )  # fmt: skip
        pairs.append((of, extraction(of, findings=(result,), kind=study(of, "rct", "I", 100 + number))))
    store_batch(
        db, Batch("x", tuple(of for of, _ in pairs), 3), [found for _, found in pairs], source_digest="x"
    )
    update_claims(db)
    db.close()
    return path


@pytest.mark.parametrize(("treatment", "figures"), [(SBRT, "0.5 (0.25 to 1)"), (CEBRT, "2 (1 to 4)")])
def test_a_page_shows_the_plot_from_its_own_side_and_that_it_is_derived(
    database: Path, treatment: str, figures: str
) -> None:
    text = get(database, f"/interventions/{treatment}").text
    assert text.count('<svg class="forest"') == 1
    assert text.count(f">{figures}</text>") == 3
    assert "Exploratory, derived, not used for the grade." in text
    assert "Paule-Mandel" in text
