"""Forest plots: what they draw, what they say, and where pages show them."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins.charts import PERCENT, ForestRow, discrimination_scale, forest, ratio_scale
from harvest.record import Batch
from kb.evidence import ToolPerformance
from kb.grading.claim_rows import update_claims
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from tests.datasette_plugins.test_pages import get
from tests.made_up import extraction, finding, record, span, study
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


AUC = {"tool": "sorg_survival_model", "metric": "auc", "horizon_months": 3.0}
FIGURES = (
    {"value": 0.81, "ci_low": 0.75, "ci_high": 0.87, "setting": "development"},
    {"value": 0.84, "setting": "internal_validation", "horizon_months": 12.0},
    {
        "value": 0.655,
        "ci_low": 0.612,
        "ci_high": 0.698,
        "setting": "external_validation",
        "horizon_months": 12.0,
    },
    {"value": 0.78, "setting": "external_validation"},
)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with figures of its development and of two external validations, one of which reports calibration."""
    path = tmp_path_factory.mktemp("discrimination") / "kb.db"
    db = open_database(path, create=True)
    write_vocabulary(db, VOCABULARY)
    pairs = []
    for number, figure in enumerate(FIGURES):
        of = record(
            f"9000061{number}", "SORG in spinal metastases", (None, "The figure."), authors=(f"A{number} B",)
        )
        told = [ToolPerformance(span(of, "The figure."), **(AUC | figure))]  # type: ignore[arg-type]
        if number == 2:
            slope = AUC | {"metric": "calibration_slope", "value": 0.9, "setting": "external_validation"}
            told.append(ToolPerformance(span(of, "The figure."), **slope))  # type: ignore[arg-type]
        pairs.append((of, extraction(of, tool_performance=tuple(told))))
    store_batch(
        db, Batch("x", tuple(of for of, _ in pairs), 4), [found for _, found in pairs], source_digest="x"
    )
    update_claims(db)
    db.close()
    return path


def test_discrimination_is_plotted_by_setting_in_order_of_time_and_never_ranked(tools: Path) -> None:
    text = get(tools, "/tools/sorg_survival_model").text
    figures = [part.split("</figure>")[0] for part in text.split('<figure class="pool discrimination">')[1:]]
    assert len(figures) == 2
    external, development = figures
    assert "in external validation: by time ahead and year, not ranked" in " ".join(external.split())
    # 3 months stand before 12, although the figure at 12 months is the lower one.
    assert external.index("A3 B 2020, 3 months") < external.index("A2 B 2020, 12 months")
    assert "0.655 (0.612 to 0.698), AUC" in external
    assert "0.78 (no interval), AUC" in external
    assert "in the patients it was made from" in development
    assert "A2 B" not in development
    assert all("0.5 is no better than chance" in figure for figure in figures)
    assert all('class="no-effect"' in figure for figure in figures)


def test_calibration_stands_beside_discrimination(tools: Path) -> None:
    external = get(tools, "/tools/sorg_survival_model").text.split('<figure class="pool discrimination">')[1]
    told = " ".join(external.partition("<strong>Calibration</strong>")[2].split())
    assert "PMID 90000612: <a" in told
    assert "calibration slope 0.9" in told
    assert "PMID 90000613: not read" in told


def test_a_figure_without_an_interval_is_a_square_without_a_line() -> None:
    rows = [ForestRow("A", 0.7), ForestRow("B", 0.3, 0.2, 0.45)]
    plot = ElementTree.fromstring(str(forest(rows, discrimination_scale(rows), said="x")))
    assert len(plot.findall("rect")) == 2
    assert len([line for line in plot.findall("line") if line.get("class") is None]) == 1
    reference = plot.find("line[@class='no-effect']")
    assert reference is not None
    # The axis reaches down to the lowest value, and chance stands to the right of it.
    assert float(reference.get("x1", "0")) > float(plot.findall("rect")[1].get("x", "0"))


def test_two_comparable_results_are_shown_beside_one_another_unpooled(tmp_path: Path, database: Path) -> None:
    shutil.copy(database, tmp_path / "kb.db")
    db = open_database(tmp_path / "kb.db")
    db.execute("UPDATE findings SET timepoint_months = 3 WHERE pmid = '90000600'")
    db.execute("DELETE FROM claim_pools")
    db.close()
    text = get(tmp_path / "kb.db", f"/interventions/{SBRT}").text
    assert text.count('<svg class="forest"') == 1
    assert "<strong>Not pooled.</strong>" in text
    assert "A0 B 2020, 3 months" in text
    assert "derived" not in text.partition("<figure")[2].partition("</figure>")[0]
    assert get(tmp_path / "kb.db", f"/interventions/{CEBRT}").text.count(">2 (1 to 4)</text>") == 3


def test_results_that_a_summary_holds_are_not_shown_twice(database: Path) -> None:
    assert "Not pooled" not in get(database, f"/interventions/{SBRT}").text
