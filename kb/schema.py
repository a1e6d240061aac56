"""The database's whole shape: tables, views, full-text columns and their descriptions.

Each step of `kb/schema_steps/` is applied once, in order, in a transaction (sqlite-utils' Migrations).
`schema_descriptions.toml` describes every table and column; a test holds it to the tables.
"""

from __future__ import annotations

import sqlite3
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlite_utils import Database, Migrations

from kb.errors import BadDatabase

MIGRATIONS = Migrations("spinemets")

# sqlite3's executescript commits first, so a step would lose its transaction: statements run one by one.
FULL_TEXT_COLUMNS = ("title", "abstract")


@MIGRATIONS(name="2026_11_24_first")
def _first(db: Database) -> None:
    _run_step(db, "2026_11_24_first.sql")
    db.table("records").enable_fts(
        list(FULL_TEXT_COLUMNS), create_triggers=True, tokenize="porter unicode61 remove_diacritics 2"
    )


@MIGRATIONS(name="2026_11_24_strategies")
def _strategies(db: Database) -> None:
    _run_step(db, "2026_11_24_strategies.sql")


@MIGRATIONS(name="2026_11_24_changes")
def _changes(db: Database) -> None:
    _run_step(db, "2026_11_24_changes.sql")


@MIGRATIONS(name="2026_11_24_certainty")
def _certainty(db: Database) -> None:
    _run_step(db, "2026_11_24_certainty.sql")


@MIGRATIONS(name="2026_11_24_pools")
def _pools(db: Database) -> None:
    _run_step(db, "2026_11_24_pools.sql")


@MIGRATIONS(name="2026_11_24_marks")
def _marks(db: Database) -> None:
    _run_step(db, "2026_11_24_marks.sql")


@MIGRATIONS(name="2026_11_24_signatures")
def _signatures(db: Database) -> None:
    _run_step(db, "2026_11_24_signatures.sql")


def _run_step(db: Database, name: str) -> None:
    statement = ""
    for line in (
        files("kb").joinpath("schema_steps", name).read_text(encoding="utf-8").splitlines(keepends=True)
    ):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


def open_database(path: Path | str, *, create: bool = False) -> Database:
    """Open the knowledge base at `path`, bring its schema up to date, and return it.

    Foreign keys are enforced and the journal is a write-ahead log, so that readers never wait for the writer.

    Raises
    ------
    BadDatabase
        The file is missing (and `create` is false), is no SQLite database or is none of ours.
    """
    path = Path(path)
    new = not path.exists() or path.stat().st_size == 0
    if new and not create:
        raise BadDatabase(path, "there is no such knowledge base; make one with 'spinemets build'")
    if new and not path.parent.is_dir():
        raise BadDatabase(path, f"the folder {path.parent} does not exist")
    try:
        connection = sqlite3.connect(path, timeout=60)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        db = Database(connection)
        tables = set(db.table_names()) - {MIGRATIONS.migrations_table}
    except sqlite3.DatabaseError as error:
        raise BadDatabase(path, f"is no SQLite database ({error})") from error
    if tables and "claims" not in tables:
        raise BadDatabase(path, "is a database, but no SpineMets knowledge base; name another file")
    MIGRATIONS.apply(db)
    return db


@cache
def descriptions() -> dict[str, dict[str, Any]]:
    """Return for each table and view its `description` and, by name, its `columns`' descriptions."""
    text = files("kb").joinpath("schema_descriptions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
