"""The vocabulary in the database follows the files, and keeps what evidence still refers to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from kb.store import write_vocabulary
from kb.vocabulary.concept import Vocabulary
from tests.made_up import made_up_database
from tests.made_up_vocabulary import VOCABULARY


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return made_up_database(tmp_path / "kb.db")


def dump(db: Database) -> list[list[tuple[object, ...]]]:
    return [
        db.execute(f"SELECT rowid, * FROM {table} ORDER BY 2, 3").fetchall()
        for table in ("concepts", "topics", "concept_topics")
    ]


def without(*concepts: str) -> Vocabulary:
    kept = {name: concept for name, concept in VOCABULARY.concepts.items() if name not in concepts}
    kept = {name: replace(c, parent=None if c.parent in concepts else c.parent) for name, c in kept.items()}
    return replace(VOCABULARY, concepts=kept)


def test_writing_twice_changes_nothing(db: Database) -> None:
    before = dump(db)[:2]
    write_vocabulary(db, VOCABULARY)
    assert dump(db)[:2] == before
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_changes_are_taken_over(db: Database) -> None:
    concept = replace(
        VOCABULARY.concepts["denosumab"], label="Denosumab (RANKL)", topics=("burden",), parent=None
    )
    write_vocabulary(db, replace(VOCABULARY, concepts=VOCABULARY.concepts | {"denosumab": concept}))
    assert db.execute("SELECT label FROM concepts WHERE id = 'denosumab'").fetchall() == [
        ("Denosumab (RANKL)",)
    ]
    assert db.execute("SELECT topic FROM concept_topics WHERE concept = 'denosumab'").fetchall() == [
        ("burden",)
    ]


def test_a_vanished_concept_goes_only_if_nothing_refers_to_it(db: Database) -> None:
    db.execute("DELETE FROM mentions WHERE concept = 'immune_checkpoint_inhibitor'")
    write_vocabulary(db, without("immune_checkpoint_inhibitor", "denosumab", "radiotherapy", "pain_response"))
    left = {row[0] for row in db.execute("SELECT id FROM concepts")}
    assert "immune_checkpoint_inhibitor" not in left
    assert {"denosumab", "radiotherapy", "pain_response"} <= left
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_vanished_parents_go_with_their_vanished_children(tmp_path: Path) -> None:
    db = made_up_database(tmp_path / "x.db")
    for table in ("claim_evidence", "claims", "mentions", "findings", "tool_performance"):
        db.execute(f"DELETE FROM {table}")
    write_vocabulary(db, replace(VOCABULARY, concepts={}, topics={"burden": VOCABULARY.topics["burden"]}))
    assert db.execute("SELECT count(*) FROM concepts").fetchone() == (0,)
    topics = {row[0] for row in db.execute("SELECT id FROM topics")}
    assert topics == {"burden"} | {row[0] for row in db.execute("SELECT topic FROM record_topics")}
