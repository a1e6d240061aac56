"""Every table, view and column is described, and nothing is described that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.errors import BadDatabase
from kb.schema import MIGRATIONS, descriptions, open_database

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database


def shape(db: Database) -> dict[str, set[str]]:
    """Tables and views with their columns, without what SQLite and the migrations keep for themselves."""
    names = {*db.table_names(), *db.view_names()} - {MIGRATIONS.migrations_table}
    visible = [name for name in names if not name.startswith("records_fts_")]
    return {name: {column.name for column in db[name].columns} for name in visible}


def test_descriptions_hold_to_the_schema_both_ways(tmp_path: Path) -> None:
    db = open_database(tmp_path / "kb.db", create=True)
    described = {name: set(entry["columns"]) for name, entry in descriptions().items()}
    assert described == shape(db)


def test_descriptions_are_sentences() -> None:
    for name, entry in descriptions().items():
        texts = {name: entry["description"]} | entry["columns"]
        for where, text in texts.items():
            assert text.strip() == text, where
            assert text.endswith("."), f"{name}.{where}"
            assert len(text) > 8, f"{name}.{where}"


def test_opening_twice_keeps_the_content(tmp_path: Path) -> None:
    path = tmp_path / "kb.db"
    db = open_database(path, create=True)
    db.execute("INSERT INTO topics VALUES ('sbrt', 'SBRT', 'x', 1)")
    db.close()
    assert open_database(path).execute("SELECT id FROM topics").fetchall() == [("sbrt",)]


@pytest.mark.parametrize(
    "content", [b"this is no database at all, but text" * 9, b"SQLite format 3\x00 broken"]
)
def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(content)
    with pytest.raises(BadDatabase, match=r"other\.db"):
        open_database(path)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    db = open_database(path, create=True)
    for view in db.view_names():
        db.execute(f"DROP VIEW {view}")
    db.execute("DROP TABLE claim_evidence")
    db.execute("DROP TABLE claims")
    db.close()
    with pytest.raises(BadDatabase, match="no SpineMets knowledge base"):
        open_database(path)


def test_a_missing_file_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(BadDatabase, match="spinemets build"):
        open_database(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDatabase, match="nowhere"):
        open_database(tmp_path / "nowhere" / "kb.db", create=True)
