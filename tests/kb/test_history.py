"""Claims as they stood before a year: by the rules of today, from what was published until then."""

from __future__ import annotations

from pathlib import Path

from kb.evidence import claim_key
from kb.grading.claims import build_claims
from kb.grading.history import claims_before
from tests.made_up import made_up_database

SBRT, CEBRT = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
PAIN = claim_key("intervention", CEBRT, SBRT, "complete_pain_response")


def test_a_claim_before_a_year_rests_on_the_papers_until_then(tmp_path: Path) -> None:
    db = made_up_database(tmp_path / "kb.db")
    now = {claim.key: claim for claim in build_claims(db)}
    assert claims_before(db, 2100, list(now)) == now
    before = claims_before(db, 2022, [PAIN])[PAIN]
    assert {paper.pmid for paper in before.papers} == {"90000001"}
    assert (before.consistency, before.grade) == ("single_study", "B")
    assert (now[PAIN].consistency, now[PAIN].grade) == ("conflicting", "I")
    assert claims_before(db, 1900, list(now)) == {}
    db.close()
