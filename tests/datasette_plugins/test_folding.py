"""Claims of the same papers on narrower or broader concepts are folded away, never one that says otherwise."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from datasette_plugins.folding import fold
from tests.datasette_plugins.test_pages import get
from tests.made_up import made_up_database


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:")
    made.execute("CREATE TABLE concepts (id, parent)")
    made.execute("CREATE TABLE claim_evidence (claim, pmid)")
    made.executemany(
        "INSERT INTO concepts VALUES (?, ?)",
        [
            ("pain", None),
            ("pain_response", "pain"),
            ("complete_response", "pain_response"),
            ("survival", None),
        ],
    )
    yield made
    made.close()


def claim(connection: sqlite3.Connection, key: str, outcome: str, *pmids: str, **more: Any) -> dict[str, Any]:
    connection.executemany("INSERT INTO claim_evidence VALUES (?, ?)", [(key, pmid) for pmid in pmids])
    said = {"key": key, "subject": "a", "comparator": "b", "outcome": outcome, "consistency": "single_study"}
    counts = dict.fromkeys(("favours_intervention", "favours_comparator", "no_difference", "descriptive"), 0)
    return said | {"grade": "B"} | counts | more


def test_the_same_papers_on_a_broader_outcome_are_folded(connection: sqlite3.Connection) -> None:
    narrow = claim(connection, "1", "complete_response", "9")
    claims = [
        narrow,
        claim(connection, "2", "pain", "9"),
        claim(connection, "3", "survival", "9"),
        claim(connection, "4", "pain", "9", "8"),
        claim(connection, "5", "pain", "9", comparator="c"),
    ]
    assert [leader["key"] for leader in fold(connection, claims)] == ["1", "3", "4", "5"]
    assert [folded["key"] for folded in narrow["folded"]] == ["2"]


@pytest.mark.parametrize("other", [{"consistency": "conflicting"}, {"grade": "I"}, {"favours_comparator": 1}])
def test_a_claim_that_says_otherwise_is_never_folded(
    connection: sqlite3.Connection, other: dict[str, Any]
) -> None:
    claims = [
        claim(connection, "1", "pain_response", "9", "8"),
        claim(connection, "2", "pain", "9", "8", **other),
    ]
    assert [leader["key"] for leader in fold(connection, claims)] == ["1", "2"]


def test_no_claim_is_lost_on_a_page(tmp_path: Path) -> None:
    path = tmp_path / "kb.db"
    db = made_up_database(path)
    sql = "SELECT key FROM claims WHERE population IS NULL AND ? IN (subject, comparator)"
    keys = {key for (key,) in db.execute(sql, ("stereotactic_body_radiotherapy",))}
    db.close()
    text = get(path, "/interventions/stereotactic_body_radiotherapy").text
    assert keys
    assert {key for key in keys if text.count(f'id="c-{key}"') == 1} == keys
