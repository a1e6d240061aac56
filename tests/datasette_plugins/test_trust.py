"""The page on trust: stored figures with their intervals and targets, in the order of reading."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from datasette_plugins import trust
from kb.evaluation.report import stored_reports
from tests.made_up import made_up_database


def figure(task: str, measure: str, value: float | None, target: float | None = None) -> dict[str, Any]:
    low, high = (None, None) if value is None else (value - 0.1, value + 0.1)
    return {
        "task": task,
        "measure": measure,
        "value": value,
        "low": low,
        "high": high,
        "counted": "7 of 9",
        "target": target,
    }


REPORT = {
    "name": "gold-heldout",
    "title": "Made-up <labels>",
    "measured": {"date": "2026-01-01"},
    "figures": [
        figure("interventions", "precision", 0.71),
        figure("interventions", "recall", 0.52),
        figure("interventions", "F1", 0.6, target=0.9),
        figure("design", "accuracy", 0.83),
        figure("nothing", "F1", None),
    ],
    "notes": [],
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trust") / "kb.db"
    made_up_database(path).close()
    return path


def page(database: Path, monkeypatch: pytest.MonkeyPatch, reports: list[dict[str, Any]]) -> str:
    monkeypatch.setattr(trust, "stored_reports", lambda: reports)
    datasette = Datasette([str(database)])

    async def fetch() -> Any:
        await datasette.invoke_startup()
        return await datasette.client.get("/trust")

    answer = asyncio.run(fetch())
    assert answer.status_code == 200
    return str(answer.text)


def test_figures_stand_with_their_interval_and_whether_the_target_is_met(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = page(database, monkeypatch, [REPORT])
    for words in (
        "0.71",
        "0.52",
        "<strong>0.60</strong>",
        "0.50 to 0.70",
        "<strong>not met</strong>",
        "2026-01-01",
    ):
        assert words in text
    assert "Made-up &lt;labels&gt;" in text
    assert "None" not in text


def test_without_figures_the_page_says_how_to_measure(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No figures are stored" in page(database, monkeypatch, [])


def test_our_own_field_and_unseen_abstracts_come_first() -> None:
    names = ["other", "ebm-nlp", "gold-tune", "gold-heldout"]
    ordered = trust.in_order([{"name": name} for name in names])
    assert [report["name"] for report in ordered] == ["gold-heldout", "gold-tune", "ebm-nlp", "other"]


def test_the_stored_figures_of_the_product_can_be_shown() -> None:
    reports = stored_reports()
    assert {"gold-heldout", "rct-art"} <= {report["name"] for report in reports}
    for report in reports:
        rows = trust.rows_of(report["figures"])
        assert rows
        assert all({"task", "measure"} <= set(row) for row in rows)
