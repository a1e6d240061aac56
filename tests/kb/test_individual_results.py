"""Single results beside one another: two studies are enough, each as its paper reports it, and nothing is pooled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harvest.record import Batch
from kb.evidence import claim_key
from kb.grading.claim_rows import update_claims
from kb.pooling.individual import Results, individual_results
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from tests.made_up import extraction, finding, record, study
from tests.made_up_vocabulary import VOCABULARY

SBRT, CEBRT = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
RATIO = {
    "intervention": SBRT,
    "comparator": CEBRT,
    "measure": "hr",
    "value": 0.5,
    "ci_low": 0.25,
    "ci_high": 1.0,
}
SHARE = {"intervention": SBRT, "measure": "percent", "value": 90.0, "unit": "%", "n": 50}


def found(tmp_path: Path, *results: dict[str, Any], comparator: str | None = CEBRT) -> tuple[Results, ...]:
    """The results of the claim on local control, of one paper each."""
    db = open_database(tmp_path / "kb.db", create=True)
    write_vocabulary(db, VOCABULARY)
    pairs = []
    for number, said in enumerate(results):
        of = record(
            f"9000060{number}", "SBRT of spinal metastases", (None, "The result."), authors=(f"A{number} B",)
        )
        result = finding(of, "The result.", outcome="local_control", **said)
        pairs.append((of, extraction(of, findings=(result,), kind=study(of, "rct", "I", 100 + number))))
    store_batch(db, Batch("x", tuple(of for of, _ in pairs), 3), [one for _, one in pairs], source_digest="x")
    update_claims(db)
    sides = (CEBRT, SBRT) if comparator else (SBRT, None)
    key = claim_key("intervention", *sides, "local_control")
    told = individual_results(db.conn, [key]).get(key, ())
    assert db.table("claim_pools").count == 0
    db.close()
    return told


def test_two_ratios_with_intervals_stand_beside_one_another_whatever_their_time(tmp_path: Path) -> None:
    (group,) = found(tmp_path, RATIO | {"timepoint_months": 24.0}, RATIO | {"timepoint_months": 3.0})
    assert (group.measure, group.ratio) == ("hr", True)
    assert [(one.months, one.value, one.low, one.high, one.derived) for one in group.results] == [
        (3.0, 2.0, 1.0, 4.0, False),  # the claim's subject comes first in the alphabet: the ratio is turned
        (24.0, 2.0, 1.0, 4.0, False),
    ]


@pytest.mark.parametrize(
    "other",
    [
        RATIO | {"ci_low": None, "ci_high": None},
        RATIO | {"measure": "or"},
        RATIO | {"ci_low": 0.6},
        RATIO | {"measure": "md", "value": -2.0, "ci_low": -3.0, "ci_high": -1.0},
    ],
)
def test_what_can_not_be_compared_stays_apart(tmp_path: Path, other: dict[str, Any]) -> None:
    assert found(tmp_path, RATIO, other) == ()


def test_shares_keep_their_printed_interval_or_get_a_derived_one_that_says_so(tmp_path: Path) -> None:
    printed = SHARE | {"ci_low": 80.0, "ci_high": 95.0, "n": None}
    (group,) = found(tmp_path, SHARE, printed, comparator=None)
    derived, reported = group.results
    assert (reported.low, reported.high, reported.derived) == (80.0, 95.0, False)
    assert derived.derived
    assert derived.low < 90 < derived.high


def test_a_share_without_interval_and_patients_is_left_out(tmp_path: Path) -> None:
    assert found(tmp_path, SHARE, SHARE | {"n": None}, comparator=None) == ()
