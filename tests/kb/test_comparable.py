"""Which results are pooled: same measure, outcome, treatment and time, one a study, three studies at least."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from harvest.record import Batch
from kb.grading.claim_rows import update_claims
from kb.pooling.comparable import proportion, ratio, window_of
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from tests.made_up import extraction, finding, record, study
from tests.made_up_vocabulary import VOCABULARY

SBRT, CEBRT = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
Results = list[dict[str, Any]]
CONTROL = {"intervention": SBRT, "outcome": "local_control", "measure": "percent", "timepoint_months": 12.0}
RATIO = {
    "intervention": SBRT, "comparator": CEBRT, "outcome": "overall_survival", "measure": "hr", "value": 0.5,
    "ci_low": 0.25, "ci_high": 1.0, "direction": "no_difference",
}  # fmt: skip


@pytest.fixture
def pooled(tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """A function that stores papers with the given findings and returns the summaries."""

    def work(*papers: Results, **more: Any) -> list[dict[str, Any]]:
        db: Database = open_database(tmp_path / "kb.db", create=True)
        write_vocabulary(db, VOCABULARY)
        pairs = []
        for number, results in enumerate(papers):
            authors = (f"A{number} B", f"C{number} D")
            of = record(
                f"9000050{number}",
                "SBRT of spinal metastases",
                (None, "The result is told."),
                authors=authors,
                **more,
            )
            findings = tuple(finding(of, "The result is told.", **result) for result in results)
            pairs.append(
                (of, extraction(of, findings=findings, kind=study(of, "case_series", "IV", 50 + number)))
            )
        batch = Batch("x", tuple(of for of, _ in pairs), len(pairs))
        store_batch(db, batch, [found for _, found in pairs], source_digest="x")
        update_claims(db)
        return list(db.query("SELECT * FROM claim_pools ORDER BY measure, time_window"))

    return work


def test_three_proportions_are_pooled_on_the_logit_scale(pooled: Callable[..., Any]) -> None:
    (pool,) = pooled(*[[CONTROL | {"value": 80.0, "n": n}] for n in (50, 100, 200)])
    assert (pool["measure"], pool["time_window"], pool["studies"]) == ("percent", "about 1 year", 3)
    assert pool["estimate"] == pytest.approx(80.0)
    assert pool["tau2"] == pytest.approx(0, abs=1e-9)
    assert pool["i2"] == pytest.approx(0, abs=1e-6)
    assert 0 < pool["predicted_low"] <= pool["ci_low"] < 80 < pool["ci_high"] <= pool["predicted_high"] < 100
    assert "Paule-Mandel" in pool["method"]
    assert pool["inputs"].count('"evidence"') == 3


def test_a_ratio_printed_the_other_way_round_is_turned(pooled: Callable[..., Any]) -> None:
    turned = RATIO | {"intervention": CEBRT, "comparator": SBRT, "value": 2.0, "ci_low": 1.0, "ci_high": 4.0}
    (pool,) = pooled([RATIO], [turned], [RATIO])
    # The claim's subject is the treatment that comes first in the alphabet: conventional radiotherapy.
    assert pool["estimate"] == pytest.approx(2.0)
    assert pool["ci_low"] < 2.0 < pool["ci_high"]


@pytest.mark.parametrize(
    "papers",
    [
        [[CONTROL | {"value": 80.0, "n": 50}]] * 2,
        [[CONTROL | {"value": 80.0, "n": 50}]] * 2 + [[CONTROL | {"value": 80.0, "n": None}]],
        [[CONTROL | {"value": 80.0, "n": 50}]] * 2 + [[CONTROL | {"value": 80.0, "n": 50, "timepoint_months": 24.0}]],
        [[CONTROL | {"value": 80.0, "n": 50}]] * 2 + [[CONTROL | {"value": 80.0, "n": 50, "measure": "median"}]],
        [[CONTROL | {"value": 80.0, "n": 50}]] * 2 + [[CONTROL | {"value": 80.0, "n": 50, "outcome": "pain_response"}]],
        [[RATIO]] * 2 + [[RATIO | {"measure": "or"}]],
        [[RATIO]] * 2 + [[RATIO | {"ci_low": None, "ci_high": None}]],
        [[RATIO]] * 2 + [[RATIO | {"value": 2.0}]],  # outside its own interval: misread
        [[RATIO]] * 2 + [[RATIO | {"comparator": None}]],
        # Two results of one study count once.
        [[CONTROL | {"value": 80.0, "n": 50}, CONTROL | {"value": 70.0, "n": 60}], [CONTROL | {"value": 80.0, "n": 50}]],
    ],
)  # fmt: skip
def test_what_is_not_comparable_is_not_pooled(pooled: Callable[..., Any], papers: list[Results]) -> None:
    assert pooled(*papers) == []


def test_papers_of_one_trial_are_pooled_once(pooled: Callable[..., Any]) -> None:
    assert pooled(*[[CONTROL | {"value": 80.0, "n": 50}]] * 4, registrations=("NCT1",)) == []


def test_summaries_leave_the_grade_alone(pooled: Callable[..., Any], tmp_path: Path) -> None:
    pooled(*[[CONTROL | {"value": 80.0, "n": n}] for n in (50, 100, 200)])
    db = open_database(tmp_path / "kb.db")
    with_pool = db.execute("SELECT key, grade, grade_reasons FROM claims ORDER BY 1").fetchall()
    db.execute("UPDATE findings SET n = NULL")
    update_claims(db)
    assert db.execute("SELECT count(*) FROM claim_pools").fetchone() == (0,)
    assert db.execute("SELECT key, grade, grade_reasons FROM claims ORDER BY 1").fetchall() == with_pool


def test_effects_and_their_variances() -> None:
    assert ratio(2.0, 1.0, 4.0) == pytest.approx((log(2), (log(4) / 3.92) ** 2), rel=1e-4)
    assert ratio(2.0, 1.0, 4.0, turned=True)[0] == pytest.approx(-log(2))
    # None of 20: half an event is added to both sides.
    assert proportion(0.0, 20) == pytest.approx((log(0.5 / 20.5), 1 / 0.5 + 1 / 20.5))
    assert proportion(100.0, 20)[0] == pytest.approx(-proportion(0.0, 20)[0])
    assert exp(proportion(75.0, 40)[0]) == pytest.approx(3)


@pytest.mark.parametrize(
    ("months", "window"),
    [
        (0.0, "up to 6 weeks"), (3.0, "about 3 months"), (4.5, "about 3 months"), (4.6, "about 6 months"),
        (12.0, "about 1 year"), (24.0, "about 2 years"), (60.0, "later than 30 months"), (None, "time not stated"),
    ],
)  # fmt: skip
def test_windows_of_time(months: float | None, window: str) -> None:
    assert window_of(months) == window
