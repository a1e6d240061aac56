"""Signed grades on pages: beside the pre-filled one, with name, day and reason, and marked when out of date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kb.evidence import claim_key
from kb.grading.claim_rows import update_claims
from kb.grading.signatures import sign_grade
from kb.schema import open_database
from tests.datasette_plugins.test_pages import get
from tests.made_up import made_up_database

SBRT, CEBRT = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
PAIN = claim_key("intervention", CEBRT, SBRT, "complete_pain_response")
EVIL = '<script>alert("x")</script>'


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "kb.db"
    db = made_up_database(path)
    sign_grade(db, PAIN, "C", by=f"Dr {EVIL}", reason=f"low numbers {EVIL}", on=date(2026, 11, 2))
    db.close()
    return path


def change_the_evidence(database: Path) -> None:
    db = open_database(database)
    db.execute("UPDATE records SET retracted = 1 WHERE pmid = '90000002'")
    update_claims(db)
    db.close()


def article(text: str) -> str:
    return next(part for part in text.split('<article class="claim') if f'id="c-{PAIN}"' in part)


def test_both_grades_stand_on_the_treatments_page(database: Path) -> None:
    claim = article(get(database, f"/interventions/{SBRT}").text)
    assert "Grade I</span> insufficient or conflicting evidence" in claim
    assert "Grade C</span> poor evidence, <strong>signed by Dr " in claim
    assert "on 2026-11-02" in claim
    assert "low numbers" in claim
    assert "no reviewer has signed it" not in claim
    assert "OUT OF DATE" not in claim
    assert f"spinemets grade sign {PAIN}" in claim
    assert "<script>alert" not in claim


def test_a_change_of_the_evidence_is_told_everywhere(database: Path) -> None:
    change_the_evidence(database)
    claim = article(get(database, f"/interventions/{SBRT}").text)
    assert "OUT OF DATE" in claim
    assert "retracted or withdrawn: PMID 90000002" in claim
    assert "The pre-filled grade was I then and is" in claim
    for page in (
        "/topics/sbrt",
        "/ask?q=sbrt+vs+cebrt+complete+pain+response",
        "/topics/sbrt/summary",
        "/grades",
    ):
        text = get(database, page).text
        assert "OUT OF DATE" in text, page
        assert "signed" in text, page
        assert "<script>alert" not in text, page


def test_a_signed_claim_is_not_folded_away(database: Path) -> None:
    text = get(database, "/topics/sbrt").text
    assert "signed as Grade C by Dr" in text


def test_the_list_of_signed_grades(database: Path) -> None:
    text = get(database, "/grades").text
    assert "1 signed grade." in " ".join(text.split())
    assert f'href="/interventions/{CEBRT}#c-{PAIN}"' in text
    change_the_evidence(database)
    assert "1 out of date" in get(database, "/grades").text


def test_without_a_signature_the_list_says_so(tmp_path: Path) -> None:
    made_up_database(tmp_path / "kb.db").close()
    assert "No grade is signed yet" in get(tmp_path / "kb.db", "/grades").text


@pytest.mark.parametrize("table", ["grade_signatures", "signed_grades", "claims"])
def test_who_may_not_see_the_tables_sees_no_signature(database: Path, table: str) -> None:
    rules = {"databases": {"kb": {"tables": {table: {"allow": False}}}}}
    for page in ("/grades", f"/interventions/{SBRT}", "/gaps"):
        answer = get(database, page, metadata=rules)
        assert answer.status_code == 403
        assert "low numbers" not in answer.text
