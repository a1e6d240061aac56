"""Grades on pages: the letter, why, what was set aside, and the claim on a single population."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.grading.claim_rows import update_claims
from tests.datasette_plugins.test_pages import get
from tests.made_up import made_up_database


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("grades") / "kb.db"
    made_up_database(path).close()
    return path


def test_a_grade_stands_with_its_reasons_and_says_that_no_reviewer_signed_it(database: Path) -> None:
    text = get(database, "/interventions/stereotactic_body_radiotherapy").text
    claim = next(part for part in text.split('<article class="claim') if "Complete pain response:" in part)
    assert "Grade I</span> insufficient or conflicting evidence" in claim
    assert "pre-filled by rule; no reviewer has signed it; best Oxford level 1" in claim
    assert "studies of equal strength with conflicting findings" in claim
    assert "a review that cites PMID 90000001, 90000002, counted here" in claim


def test_in_tables_grade_i_is_told_apart_from_level_i(database: Path) -> None:
    text = get(database, "/topics/sbrt").text
    graded = [part.split("</td>")[0] for part in text.split('<td data-label="Grade">')[1:]]
    worst = [cell for cell in graded if "Grade I</span>" in cell]
    assert worst
    assert all("insufficient or conflicting evidence" in cell for cell in worst)


def test_a_population_has_its_own_grade_beside_the_claim(tmp_path: Path) -> None:
    db = made_up_database(tmp_path / "kb.db")
    db.execute(
        "UPDATE mentions SET concept = 'lung_cancer', kind = 'condition', section = 0"
        " WHERE pmid = '90000003' AND position = 0"
    )
    db.execute("UPDATE records SET year = 2018 WHERE pmid = '90000003'")
    update_claims(db)
    db.close()
    text = get(tmp_path / "kb.db", "/interventions/stereotactic_body_radiotherapy").text
    claim = next(part for part in text.split('<article class="claim') if "Local control:" in part)
    assert "In lung cancer:" in claim
    assert text.count("In lung cancer:") == 1
