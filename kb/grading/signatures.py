"""Grades that reviewers signed, beside the pre-filled ones: who, when, why, and whether the evidence is still the one signed.

A signature belongs to what a claim says (its key), so it outlives every recount of the claims. It never replaces the
pre-filled grade. It keeps a digest of the evidence and the papers that were signed; when the claim rests on other
evidence, or one of those papers is retracted, the signature is out of date and says so. Nothing is ever deleted: signing
again replaces the signature in force, withdrawing ends it, and all of them stay in the table `grade_signatures`.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlite_utils import Database

from kb.errors import BadSignature, UnknownClaim
from kb.evidence import GradeLetter
from kb.progress import transaction

State = Literal["in force", "out of date", "no evidence left"]
GRADES: tuple[GradeLetter, ...] = ("A", "B", "C", "I")
MOST_NAME, MOST_REASON = 200, 2000
_LEAST_OF_KEY = 6
_COLUMNS = (
    "g.claim, g.signed_grade, g.signed_by, g.signed_on, g.signed_reason, g.grade_then, g.grade_now, g.signature_state,"
    " g.papers, coalesce(i.label, g.subject), coalesce(c.label, g.comparator), coalesce(o.label, g.outcome),"
    " coalesce(p.label, g.population), g.subject_kind, g.subject, g.outcome"
)
_NAMED = (
    "LEFT JOIN concepts i ON i.id = g.subject LEFT JOIN concepts c ON c.id = g.comparator"
    " LEFT JOIN concepts o ON o.id = g.outcome LEFT JOIN concepts p ON p.id = g.population"
)


@dataclass(frozen=True, slots=True)
class Signature:
    """The signature in force on a claim. `subject` to `population` are labels; `papers` are those that were signed.

    `grade_then` and `grade_now` are the pre-filled grades at signing and at present; `added` and `gone` are the papers
    by which the evidence differs from what was signed, `retracted` those signed that are retracted or withdrawn.
    """

    claim: str
    grade: GradeLetter
    by: str
    on: str
    reason: str
    grade_then: GradeLetter | None
    grade_now: GradeLetter | None
    state: State
    papers: tuple[str, ...]
    subject: str
    comparator: str | None
    outcome: str | None
    population: str | None
    subject_kind: str
    subject_id: str
    outcome_id: str | None
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    retracted: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """What the claim says, in words: "Local control: A against B in lung cancer"."""
        versus = f" against {self.comparator}" if self.comparator else ""
        patients = f" in {self.population}" if self.population else ""
        return f"{self.outcome or 'Outcome not named'}: {self.subject}{versus}{patients}"

    @property
    def signed(self) -> str:
        """ "signed by Dr Rivera on 2026-11-24"."""
        return f"signed by {self.by} on {self.on}"

    @property
    def doubt(self) -> str:
        """Why it is out of date, in words; empty where it is in force."""
        if self.state == "in force":
            return ""
        if self.state == "no evidence left":
            return f"OUT OF DATE: nothing that counts is left of the evidence{self._retraction}"
        changes = [f"new since: PMID {', '.join(self.added)}"] if self.added else []
        gone = [pmid for pmid in self.gone if pmid not in self.retracted]
        changes += [f"no longer counted: PMID {', '.join(gone)}"] if gone else []
        if not changes and not self.retracted:
            changes = ["the same papers are read or counted differently"]
        what = "; ".join(changes)
        return f"OUT OF DATE: the evidence changed since{f' ({what})' if what else ''}{self._retraction}"

    @property
    def _retraction(self) -> str:
        many = len(self.retracted) > 1
        words = f"retracted or withdrawn: PMID {', '.join(self.retracted)}"
        return (
            f"; {'papers' if many else 'a paper'} among it {'are' if many else 'is'} {words}"
            if self.retracted
            else ""
        )


def sign_grade(
    db: Database, claim: str, grade: str, *, by: str, reason: str, on: date | None = None
) -> Signature:
    """Sign a grade for a claim, in place of a signature in force; return the new one.

    Parameters
    ----------
    claim
        The claim's key, or a beginning of six characters at least that only one claim has.
    on
        The day of signing; today where None.

    Raises
    ------
    UnknownClaim
        No claim, or more than one, has this key.
    BadSignature
        There is no such grade, name or reason is empty or too long, the day lies ahead, or records changed since the
        claims were counted: what is signed must be what pages show.
    """
    if grade not in GRADES:
        raise BadSignature(f"'{grade}' is no grade; grades are {', '.join(GRADES)}")
    by, reason = _words(by, "the name of who signs", MOST_NAME), _words(reason, "the reason", MOST_REASON)
    with transaction(db):
        key = _claim_key(db, claim)
        _check_counted(db, key)
        db.execute(
            "INSERT INTO grade_signatures (claim, subject_kind, subject, comparator, outcome, population, grade,"
            " computed_grade, signed_by, signed_on, reason, evidence_digest, papers, recorded_at)"
            " SELECT k.key, k.subject_kind, k.subject, k.comparator, k.outcome, k.population, ?, k.grade, ?, ?, ?,"
            " k.evidence_digest, (SELECT json_group_array(pmid) FROM (SELECT pmid FROM claim_papers WHERE claim = k.key"
            " ORDER BY pmid)), ? FROM claims k WHERE k.key = ?",
            (grade, by, _day(on), reason, datetime.now(UTC).isoformat(timespec="seconds"), key),
        )
    return signatures(db.conn, [key])[key]


def withdraw_grade(db: Database, claim: str, *, by: str, reason: str, on: date | None = None) -> str:
    """End the signature in force on a claim, which stays on record with who ended it and why; return its key.

    Raises
    ------
    UnknownClaim
        No signature is in force on such a claim.
    BadSignature
        Name or reason is empty or too long, or the day lies ahead.
    """
    by, reason = _words(by, "the name of who withdraws", MOST_NAME), _words(reason, "the reason", MOST_REASON)
    with transaction(db):
        key = _only(db.execute("SELECT claim FROM signed_grades").fetchall(), claim, "signed claim")
        db.execute(
            "UPDATE grade_signatures SET withdrawn_by = ?, withdrawn_on = ?, withdrawn_reason = ?"
            " WHERE id = (SELECT max(id) FROM grade_signatures WHERE claim = ?)",
            (by, _day(on), reason, key),
        )
    return key


def signatures(connection: sqlite3.Connection, claims: Iterable[str] | None = None) -> dict[str, Signature]:
    """Return the signatures in force by claim, of these claims or of all: those that need a look first."""
    where = "" if claims is None else "WHERE g.claim IN (SELECT value FROM json_each(?))"
    values = () if claims is None else (json.dumps(sorted(set(claims))),)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM signed_grades g {_NAMED} {where}"
        " ORDER BY g.signature_state = 'in force', g.signed_on DESC, g.id DESC",
        values,
    ).fetchall()
    return {row[0]: _signature(connection, row) for row in rows}


def take_over(db: Database, other: Database) -> int:
    """Copy all signatures of another knowledge base that this one has not; return how many.

    A base that was built anew holds none: what people signed is in no archive.
    """
    columns = [column.name for column in other.table("grade_signatures").columns if column.name != "id"]
    names = ", ".join(columns)
    rows = other.execute(f"SELECT {names} FROM grade_signatures ORDER BY recorded_at, id").fetchall()
    with transaction(db):
        known = set(db.execute(f"SELECT {names} FROM grade_signatures").fetchall())
        new = [row for row in rows if row not in known]
        db.conn.executemany(
            f"INSERT INTO grade_signatures ({names}) VALUES ({', '.join('?' * len(columns))})", new
        )
    return len(new)


def _signature(connection: sqlite3.Connection, row: tuple[Any, ...]) -> Signature:
    claim, papers = row[0], tuple(json.loads(row[8]))
    found = Signature(*(*row[:8], papers, *row[9:]))
    if found.state == "in force":
        return found
    now = {pmid for (pmid,) in connection.execute("SELECT pmid FROM claim_papers WHERE claim = ?", (claim,))}
    marked = connection.execute(
        "SELECT pmid FROM records WHERE (retracted OR deleted) AND pmid IN (SELECT value FROM json_each(?))"
        " ORDER BY length(pmid), pmid",
        (json.dumps(papers),),
    )
    return replace(
        found,
        added=_in_order(now - set(papers)),
        gone=_in_order(set(papers) - now),
        retracted=tuple(pmid for (pmid,) in marked),
    )


def _in_order(pmids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(pmids, key=lambda pmid: (len(pmid), pmid)))


def _check_counted(db: Database, key: str) -> None:
    behind = db.execute(
        "SELECT evidence_digest IS NULL OR EXISTS (SELECT 1 FROM changed_records) FROM claims WHERE key = ?",
        (key,),
    ).fetchone()[0]
    if behind:
        raise BadSignature(
            "records changed since the claims were counted, or an earlier version counted them; run 'spinemets build',"
            " 'update' or 'rebuild', look at the claim again, and sign then"
        )


def _claim_key(db: Database, named: str) -> str:
    """The claim that a key, its beginning, or an address ending in "#c-KEY" names."""
    beginning = _beginning(named)
    rows = db.execute("SELECT key FROM claims WHERE key GLOB ? LIMIT 3", (beginning + "*",)).fetchall()
    return _only(rows, named, "claim")


def _beginning(named: str) -> str:
    key = named.strip().rpartition("#c-")[2]
    return key if re.fullmatch(rf"[0-9a-f]{{{_LEAST_OF_KEY},}}", key) else "none"


def _only(rows: Iterable[tuple[str]], named: str, what: str) -> str:
    found = [key for (key,) in rows if key.startswith(_beginning(named))]
    if len(found) != 1:
        raise UnknownClaim(named, what, several=len(found) > 1)
    return found[0]


def _words(text: str, what: str, most: int) -> str:
    """The text on one line."""
    words = " ".join(text.split())
    if not words or any(not letter.isprintable() for letter in words):
        raise BadSignature(f"{what} is missing" if not words else f"{what} holds signs that can't be printed")
    if len(words) > most:
        raise BadSignature(f"{what} is longer than {most} characters")
    return words


def _day(on: date | None) -> str:
    today = datetime.now(UTC).astimezone().date()
    if on is not None and on > today:
        raise BadSignature(f"{on.isoformat()} lies ahead")
    return (on or today).isoformat()
