"""Stored claims: whatever the order of updates, they are those of a rebuild, and only what is touched is counted anew."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from harvest.record import Batch, Correction, Deletion, Record, Reference
from kb.evidence import Extraction, ToolPerformance
from kb.grading import claim_rows
from kb.grading.claim_rows import rebuild_claims, update_claims
from kb.schema import MIGRATIONS, open_database
from kb.store import store_batch, write_vocabulary
from tests.made_up import extraction, finding, made_up_database, mention, record, span, study
from tests.made_up_vocabulary import VOCABULARY

PMIDS = tuple(f"9000040{number}" for number in range(6))
SBRT, CEBRT, RFA = (
    "stereotactic_body_radiotherapy",
    "conventional_external_beam_radiotherapy",
    "radiofrequency_ablation",
)
TITLES = (
    "SBRT or cEBRT of lung cancer in the spine",
    "SBRT or cEBRT in the spine",
    "A long-term report of a trial",
)
DIRECTIONS = ("favours_intervention", "favours_comparator", "no_difference", "descriptive")
TABLES = ("claims", "claim_papers", "claim_evidence", "claim_pools")


def stored(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    return {table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES}


def copy(db: Database) -> Database:
    connection = sqlite3.connect(":memory:")
    db.conn.backup(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    return Database(connection)


@cache
def empty() -> Database:
    connection = sqlite3.connect(":memory:")
    db = Database(connection)
    MIGRATIONS.apply(db)
    write_vocabulary(db, VOCABULARY)
    rebuild_claims(db)
    return db


def paper(pmid: str, draw: st.DrawFn) -> tuple[Record, Extraction]:
    """A paper with findings, a registration, references and a retraction, or without."""
    title = draw(st.sampled_from(TITLES))
    corrections = (Correction("RetractionIn", "1"),) if draw(st.integers(0, 5)) == 0 else ()
    of = record(
        pmid, title, (None, f"Result {draw(st.integers(0, 3))} of SBRT."), corrections=corrections,
        registrations=draw(st.sampled_from([(), (), ("NCT1",)])),
        authors=draw(st.sampled_from([("A B", "C D"), ("E F", "G H")])),
        references=tuple(Reference("x", cited) for cited in draw(st.sets(st.sampled_from(PMIDS), max_size=2))),
        year=draw(st.integers(2018, 2021)),
    )  # fmt: skip
    findings = tuple(
        finding(
            of, of.abstract[0].text, direction=draw(st.sampled_from(DIRECTIONS)),
            intervention=draw(st.sampled_from([SBRT, CEBRT])), comparator=draw(st.sampled_from([None, CEBRT, RFA])),
            outcome=draw(st.sampled_from(["complete_pain_response", "pain_intensity", "pain_response", "local_control", None])),
        )
        for _ in range(draw(st.integers(0, 3)))
    )  # fmt: skip
    tools = (
        (ToolPerformance(span(of, "Result"), "sorg_survival_model", "auc", 0.7),)
        if draw(st.booleans())
        else ()
    )
    named = (mention(of, "lung cancer", "lung_cancer", "studied"),) if "lung" in title else ()
    kind = study(
        of,
        draw(st.sampled_from(["rct", "meta_analysis", "case_series"])),
        draw(st.sampled_from(["I", "II", "IV"])),
        draw(st.sampled_from([None, 20, 40])),
    )
    return of, extraction(
        of, findings=findings, tool_performance=tools, mentions=named, kind=kind, on_topic=draw(st.integers(0, 5)) > 0
    )  # fmt: skip


@st.composite
def batches(draw: st.DrawFn) -> list[tuple[list[Record | Deletion], list[Extraction]]]:
    """Updates: each some papers, new or changed, and some withdrawals."""
    updates = []
    for _ in range(draw(st.integers(1, 5))):
        pairs = [paper(pmid, draw) for pmid in sorted(draw(st.sets(st.sampled_from(PMIDS), max_size=4)))]
        gone = draw(st.sets(st.sampled_from(PMIDS), max_size=1)) - {of.pmid for of, _ in pairs}
        updates.append(
            ([*(of for of, _ in pairs), *map(Deletion, sorted(gone))], [found for _, found in pairs])
        )
    return updates


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(batches())
def test_updated_claims_are_those_of_a_rebuild(
    updates: list[tuple[list[Record | Deletion], list[Extraction]]],
) -> None:
    db = copy(empty())
    for number, (entries, extractions) in enumerate(updates, 1):
        store_batch(db, Batch("x", tuple(entries), number), extractions, source_digest="x")
        update_claims(db)
        rebuilt = copy(db)
        rebuild_claims(rebuilt)
        assert stored(db) == stored(rebuilt)
        assert db.execute("SELECT count(*) FROM changed_records").fetchone() == (0,)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return made_up_database(tmp_path / "kb.db")


def test_nothing_is_counted_where_nothing_changed(db: Database) -> None:
    before = stored(db)
    assert update_claims(db) == 0
    assert stored(db) == before


def test_only_claims_that_a_change_touches_are_counted_anew(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    plain = claim_rows.claims_from

    def spy(statements: Any, publications: Any) -> Any:
        found = plain(statements, publications)
        counted.extend(claim.subject for claim in found)
        return found

    monkeypatch.setattr(claim_rows, "claims_from", spy)
    db.execute("UPDATE findings SET direction = 'no_difference' WHERE intervention = 'denosumab'")
    total = db.execute("SELECT count(*) FROM claims").fetchone()[0]
    assert 0 < update_claims(db) < total
    assert set(counted) == {"denosumab"}


def test_a_change_by_hand_is_noticed_whatever_the_table(db: Database) -> None:
    for change in (
        "UPDATE studies SET level_nass = 'V' WHERE pmid = '90000001'",
        "UPDATE records SET retracted = 1 WHERE pmid = '90000001'",
        "UPDATE tool_performance SET value = 0.1",
        "DELETE FROM findings WHERE pmid = '90000002'",
        "DELETE FROM studies WHERE pmid = '90000003'",
    ):
        db.execute(change)
        assert update_claims(db) > 0
        rebuilt = copy(db)
        rebuild_claims(rebuilt)
        assert stored(db) == stored(rebuilt)


def test_other_rules_or_another_hierarchy_count_all_anew(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = db.execute("SELECT count(*) FROM claims").fetchone()[0]
    monkeypatch.setattr(claim_rows, "VERSION", "other")
    assert update_claims(db) == total
    assert update_claims(db) == 0
    db.execute("UPDATE concepts SET parent = NULL WHERE id = 'complete_pain_response'")
    assert update_claims(db) == db.execute("SELECT count(*) FROM claims").fetchone()[0] < total


def test_claims_of_an_older_knowledge_base_are_counted_at_the_next_build(tmp_path: Path) -> None:
    made_up_database(tmp_path / "kb.db").close()
    db = open_database(tmp_path / "kb.db")
    db.execute("DELETE FROM claims_basis")
    db.execute("UPDATE claims SET grade = NULL")
    assert update_claims(db) > 0
    assert db.execute("SELECT count(*) FROM claims WHERE grade IS NULL").fetchone() == (0,)
