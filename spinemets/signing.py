"""Signing grades from the command line: what was done, and lists, as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kb.grading.certainty import grade_words
from kb.grading.signatures import Signature, sign_grade, signatures, take_over, withdraw_grade
from kb.schema import open_database
from kb.vocabulary.concept import load_vocabulary
from kb.vocabulary.lookup import find_concept

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sqlite_utils import Database

    from kb.evidence import Kind


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    db = open_database(path)
    try:
        yield db
    finally:
        db.close()


def sign_text(database: Path, claim: str, grade: str, by: str, reason: str, on: date | None) -> str:
    """Sign a grade and tell what was signed."""
    with _opened(database) as db:
        return "Signed.\n" + "\n".join(_lines(sign_grade(db, claim, grade, by=by, reason=reason, on=on)))


def withdraw_text(database: Path, claim: str, by: str, reason: str, on: date | None) -> str:
    """End a signature and tell which."""
    with _opened(database) as db:
        key = withdraw_grade(db, claim, by=by, reason=reason, on=on)
    return f"Withdrawn: claim {key} carries its pre-filled grade alone. 'grade list --all' keeps what was signed."


def list_text(database: Path, *, everything: bool, as_json: bool) -> str:
    """The signatures in force, or all there ever were."""
    with _opened(database) as db:
        if everything:
            rows = list(db.query("SELECT * FROM grade_signatures ORDER BY id"))
            return json.dumps(rows, indent=2, ensure_ascii=False) if as_json else _history(rows)
        found = list(signatures(db.conn).values())
    if as_json:
        told = [asdict(one) | {"about": one.about, "doubt": one.doubt} for one in found]
        return json.dumps(told, indent=2, ensure_ascii=False)
    if not found:
        return "No grade is signed: all grades are pre-filled by rule."
    stale = sum(one.state != "in force" for one in found)
    head = f"{len(found)} signed grade{'' if len(found) == 1 else 's'}, {stale} out of date"
    return "\n".join([head, *(line for one in found for line in ("", *_lines(one)))])


def _lines(one: Signature) -> list[str]:
    then = f"pre-filled when signed: {one.grade_then or 'none'}"
    now = f"pre-filled now: {one.grade_now or 'none'}"
    return [
        f"{one.claim}  {one.about}",
        f"  Grade {one.grade} ({grade_words(one.grade)}), {one.signed}; {then}, {now}",
        f"  Reason: {one.reason}",
        f"  Papers signed: PMID {', '.join(one.papers)}",
        *([f"  {one.doubt}"] if one.doubt else []),
    ]


def _history(rows: list[dict[str, Any]]) -> str:
    lines = []
    for row in rows:
        about = " / ".join(
            row[name] for name in ("subject", "comparator", "outcome", "population") if row[name]
        )
        lines.append(f"{row['claim']}  {about}")
        lines.append(f"  {row['signed_on']} {row['signed_by']}: grade {row['grade']}. {row['reason']}")
        if row["withdrawn_on"]:
            lines.append(
                f"  {row['withdrawn_on']} withdrawn by {row['withdrawn_by']}: {row['withdrawn_reason']}"
            )
    return "\n".join(lines) or "No grade was ever signed."


def claims_text(database: Path, treatment: str, outcome: str | None) -> str:
    """The claims on a treatment or tool, each with its key, its grades and what it rests on."""
    vocabulary = load_vocabulary()
    outcomes: tuple[Kind, ...] = ("outcome",)
    subject = find_concept(treatment, vocabulary, ("intervention", "tool"))
    wanted = find_concept(outcome, vocabulary, outcomes) if outcome else None
    with _opened(database) as db:
        rows = list(
            db.query(
                "SELECT k.key, k.grade, k.studies, k.best_level, i.label AS subject, c.label AS comparator,"
                " o.label AS outcome, p.label AS population, (SELECT group_concat(pmid, ', ') FROM claim_papers"
                "  WHERE claim = k.key) AS pmids FROM claims k JOIN concepts i ON i.id = k.subject"
                " LEFT JOIN concepts c ON c.id = k.comparator LEFT JOIN concepts o ON o.id = k.outcome"
                " LEFT JOIN concepts p ON p.id = k.population WHERE (k.subject = :one OR k.comparator = :one)"
                " AND (:outcome IS NULL OR k.outcome = :outcome) ORDER BY o.label, c.label IS NULL, c.label, p.label",
                {"one": subject.id, "outcome": wanted.id if wanted else None},
            )
        )
        signed = signatures(db.conn, [row["key"] for row in rows])
    if not rows:
        return f"No claim is about {subject.label}{f' and {wanted.label}' if wanted else ''}."
    return "\n".join(line for row in rows for line in _claim_lines(row, signed.get(row["key"])))


def _claim_lines(row: dict[str, Any], signed: Signature | None) -> list[str]:
    versus = f" against {row['comparator']}" if row["comparator"] else ""
    patients = f" in {row['population']}" if row["population"] else ""
    studies = f"{row['studies']} {'study' if row['studies'] == 1 else 'studies'}"
    level = f", best level {row['best_level']}" if row["best_level"] else ""
    status = f"grade {signed.grade} {signed.signed}. {signed.doubt}".strip() if signed else "not signed"
    return [
        f"{row['key']}  {row['outcome'] or 'Outcome not named'}: {row['subject']}{versus}{patients}",
        f"  Grade {row['grade']} (pre-filled); {status}; {studies}{level} [PMID {row['pmids']}]",
    ]


def take_over_text(database: Path, other: Path) -> str:
    """Copy signatures and tell how many."""
    with _opened(database) as db, _opened(other) as source:
        count = take_over(db, source)
    return f"{count} signature{'' if count == 1 else 's'} taken over from {other}."
