"""Asking: a question and its corrections in, the answer as text or JSON out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from graph.questions import answer, understand
from graph.questions.printing import to_text
from graph.questions.understanding import Role
from kb.schema import open_database


def answer_text(database: Path, question: str, corrections: Mapping[str, str], *, as_json: bool) -> str:
    """Answer a question from the knowledge base at `database`.

    Raises
    ------
    BadDatabase
        The file is missing or is no knowledge base.
    UnknownConcept
        A correction names nothing that is known.
    """
    db = open_database(database)
    try:
        read = understand(question, cast("Mapping[Role, str]", corrections))
        found = answer(db, read)
    finally:
        db.close()
    return json.dumps(found.as_json(), indent=2, ensure_ascii=False) + "\n" if as_json else to_text(found)
