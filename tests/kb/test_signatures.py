"""Signed grades: they outlive every recount, never hide the pre-filled grade, and say when the evidence is another one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from harvest.record import Batch, Correction
from kb.errors import BadSignature, UnknownClaim
from kb.evidence import claim_key
from kb.grading.claim_rows import rebuild_claims, update_claims
from kb.grading.signatures import MOST_REASON, sign_grade, signatures, take_over, withdraw_grade
from kb.store import store_batch
from tests.made_up import extraction, finding, made_up_database, record, study

SBRT, CEBRT = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
LOCAL_CONTROL = claim_key("intervention", CEBRT, SBRT, "local_control")
WHO = {"by": "Dr Rivera", "reason": "the cohort is large and adjusted"}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = made_up_database(tmp_path / "kb.db")
    yield database
    database.close()


def papers_behind(db: Database) -> list[str]:
    rows = db.execute("SELECT pmid FROM claim_papers WHERE claim = ? ORDER BY pmid", (LOCAL_CONTROL,))
    return [pmid for (pmid,) in rows]


def add_paper(db: Database, pmid: str = "90000700", **more: object) -> None:
    of = record(pmid, "SBRT or cEBRT of the spine", (None, "Local control was better."), **more)
    result = finding(
        of, "Local control was better.", direction="favours_intervention", intervention=SBRT, comparator=CEBRT,
        outcome="local_control",
    )  # fmt: skip
    found = extraction(of, findings=(result,), kind=study(of, "rct", "I", 90))
    store_batch(db, Batch(f"x{pmid}{len(more)}", (of,), 1), [found], source_digest="x")


def test_a_signature_keeps_who_when_why_and_what_was_signed(db: Database) -> None:
    before = db.execute("SELECT grade FROM claims WHERE key = ?", (LOCAL_CONTROL,)).fetchone()[0]
    found = sign_grade(db, LOCAL_CONTROL, "B", **WHO, on=date(2026, 11, 2))
    assert (found.grade, found.by, found.on, found.reason) == ("B", "Dr Rivera", "2026-11-02", WHO["reason"])
    assert (found.grade_then, found.grade_now, found.state, found.doubt) == (before, before, "in force", "")
    assert list(found.papers) == papers_behind(db) != []
    assert found.about.startswith(
        "Local control: Conventional external beam radiotherapy against Stereotactic"
    )
    assert db.execute("SELECT grade FROM claims WHERE key = ?", (LOCAL_CONTROL,)).fetchone()[0] == before


@pytest.mark.parametrize("count_anew", [rebuild_claims, update_claims])
def test_it_outlives_every_recount_of_the_claims(db: Database, count_anew: object) -> None:
    signed = sign_grade(db, LOCAL_CONTROL, "B", **WHO)
    db.execute("UPDATE records SET issue = 'another issue'")  # touches every record and changes no evidence
    count_anew(db)  # type: ignore[operator]
    assert signatures(db.conn) == {LOCAL_CONTROL: signed}


def test_a_new_paper_makes_it_out_of_date_and_is_named(db: Database) -> None:
    sign_grade(db, LOCAL_CONTROL, "B", **WHO)
    add_paper(db)
    update_claims(db)
    found = signatures(db.conn)[LOCAL_CONTROL]
    assert (found.state, found.added, found.gone) == ("out of date", ("90000700",), ())
    assert found.doubt == "OUT OF DATE: the evidence changed since (new since: PMID 90000700)"
    assert found.grade == "B"
    sign_grade(db, LOCAL_CONTROL, "A", **WHO)
    assert signatures(db.conn)[LOCAL_CONTROL].state == "in force"


def test_the_same_papers_read_otherwise_make_it_out_of_date(db: Database) -> None:
    sign_grade(db, LOCAL_CONTROL, "B", **WHO)
    db.execute("UPDATE studies SET level_nass = 'V' WHERE pmid = ?", (papers_behind(db)[0],))
    update_claims(db)
    found = signatures(db.conn)[LOCAL_CONTROL]
    assert found.state == "out of date"
    assert "the same papers are read or counted differently" in found.doubt


def test_a_retracted_paper_flags_it_at_once_and_after_the_recount(db: Database) -> None:
    add_paper(db)
    update_claims(db)
    sign_grade(db, LOCAL_CONTROL, "A", **WHO)
    add_paper(db, corrections=(Correction("RetractionIn", "1"),), revised="2026-01-01")
    for count_anew in (lambda _: None, update_claims):
        count_anew(db)
        found = signatures(db.conn)[LOCAL_CONTROL]
        assert (found.state, found.retracted) == ("out of date", ("90000700",))
        assert "a paper among it is retracted or withdrawn: PMID 90000700" in found.doubt


def test_where_nothing_is_left_of_the_evidence_it_is_still_told(db: Database) -> None:
    sign_grade(db, LOCAL_CONTROL, "B", **WHO)
    db.execute("UPDATE records SET deleted = 1 WHERE pmid IN (SELECT value FROM json_each(?))", (str(papers_behind(db)).replace("'", '"'),))  # fmt: skip
    update_claims(db)
    found = signatures(db.conn)[LOCAL_CONTROL]
    assert (found.state, found.grade_now) == ("no evidence left", None)
    assert found.about.startswith("Local control:")
    assert "nothing that counts is left" in found.doubt


def test_signing_again_replaces_and_withdrawing_ends_but_nothing_is_deleted(db: Database) -> None:
    sign_grade(db, LOCAL_CONTROL, "B", **WHO)
    sign_grade(db, LOCAL_CONTROL, "C", by="Dr Okafor", reason="the cohort is old")
    assert signatures(db.conn)[LOCAL_CONTROL].by == "Dr Okafor"
    assert withdraw_grade(db, LOCAL_CONTROL[:8], by="Dr Okafor", reason="a mistake") == LOCAL_CONTROL
    assert signatures(db.conn) == {}
    rows = db.execute(
        "SELECT signed_by, grade, withdrawn_reason FROM grade_signatures ORDER BY id"
    ).fetchall()
    assert rows == [("Dr Rivera", "B", None), ("Dr Okafor", "C", "a mistake")]
    with pytest.raises(UnknownClaim, match="no signed claim has the key"):
        withdraw_grade(db, LOCAL_CONTROL, by="Dr Okafor", reason="again")


def test_a_claim_is_named_by_its_key_its_beginning_or_its_address(db: Database) -> None:
    for named in (
        LOCAL_CONTROL,
        LOCAL_CONTROL[:6],
        f"http://127.0.0.1:8001/interventions/{SBRT}#c-{LOCAL_CONTROL}",
    ):
        assert sign_grade(db, named, "B", **WHO).claim == LOCAL_CONTROL


@pytest.mark.parametrize("named", ["", "zz", "0000000", LOCAL_CONTROL[:5], "*" * 8, "' OR 1=1"])
def test_what_names_no_claim_is_refused_and_nothing_is_stored(db: Database, named: str) -> None:
    with pytest.raises(UnknownClaim, match="spinemets grade claims"):
        sign_grade(db, named, "B", **WHO)
    assert db.table("grade_signatures").count == 0


@pytest.mark.parametrize(
    "values",
    [
        {"grade": "D"},
        {"by": "  "},
        {"reason": "\n"},
        {"by": "Dr\x1b[2J Evil"},
        {"reason": "x" * (MOST_REASON + 1)},
        {"on": date.today() + timedelta(days=3)},
    ],
)
def test_a_signature_without_name_reason_or_grade_is_refused(db: Database, values: dict[str, object]) -> None:
    given = {"grade": "B", **WHO} | values
    with pytest.raises(BadSignature):
        sign_grade(db, LOCAL_CONTROL, **given)  # type: ignore[arg-type]
    assert db.table("grade_signatures").count == 0


def test_what_is_signed_is_what_was_counted_last(db: Database) -> None:
    add_paper(db)
    with pytest.raises(BadSignature, match="look at the claim again"):
        sign_grade(db, LOCAL_CONTROL, "B", **WHO)
    update_claims(db)
    db.execute("UPDATE claims SET evidence_digest = NULL")  # as after an upgrade
    with pytest.raises(BadSignature, match="an earlier version counted them"):
        sign_grade(db, LOCAL_CONTROL, "B", **WHO)
    rebuild_claims(db)
    assert sign_grade(db, LOCAL_CONTROL, "B", **WHO).state == "in force"


def test_signatures_are_taken_over_into_a_base_built_anew_once(db: Database, tmp_path: Path) -> None:
    signed = sign_grade(db, LOCAL_CONTROL, "B", **WHO)
    other = made_up_database(tmp_path / "anew.db")
    assert (take_over(other, db), take_over(other, db)) == (1, 0)
    assert signatures(other.conn) == {LOCAL_CONTROL: signed}
    other.close()


def test_the_readable_table_shows_both_grades_and_the_state(db: Database) -> None:
    sign_grade(db, LOCAL_CONTROL, "A", **WHO)
    add_paper(db)
    update_claims(db)
    sql = "SELECT grade, signed_grade, signed_by, signature_state FROM readable_claims WHERE key = ?"
    grade, *signed = db.execute(sql, (LOCAL_CONTROL,)).fetchone()
    assert grade is not None
    assert signed == ["A", "Dr Rivera", "out of date"]
