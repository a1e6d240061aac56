"""Claims: what the studies say together, counted from their findings.

How studies are counted
    Only on-topic papers that are neither retracted nor deleted count. Each study counts once for a claim,
    however many findings it reports; papers that name one and the same trial registration are one study.
Which way a study points
    The direction its findings for the claim state. A stated difference goes before "no difference" (at
    another time or by another measure) and either goes before mere description. A study that reports both
    sides as better counts on both, and the claim is conflicting.
Which way a claim is written
    "A against B" and "B against A" are one claim: the treatment whose id comes first in the alphabet is the
    subject, and directions are turned with it. `favours_intervention` then means the subject.
Broader outcomes
    A compared result on "complete pain response" speaks for "pain response" as well, as long as the broader
    outcome has the same polarity: trials that chose different end points then meet in one claim.
Consistency
    descriptive_only: no study states a direction; single_study: one does; consistent: all that do agree;
    conflicting: they do not.
Patients
    The sum over primary studies of known size; where only reviews give a number, the largest review's.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlite_utils import Database

from kb.evidence import Claim, Direction, Level
from kb.progress import transaction

LEVELS: tuple[Level, ...] = ("I", "II", "III", "IV", "V")
REVIEWS = ("systematic_review", "meta_analysis", "narrative_review", "guideline")
_TURNED: dict[Direction, Direction] = {
    "favours_intervention": "favours_comparator",
    "favours_comparator": "favours_intervention",
    "no_difference": "no_difference",
    "descriptive": "descriptive",
}
_COUNTING = "NOT r.retracted AND NOT r.deleted AND s.on_topic"


@dataclass(frozen=True, slots=True)
class Statement:
    """One piece of evidence as it bears on a claim, with what is known of its study."""

    key: str
    pmid: str
    study: str
    subject_kind: Literal["intervention", "tool"]
    subject: str
    comparator: str | None
    outcome: str | None
    direction: Direction
    level: Level | None
    patients: int | None
    review: bool


def build_claims(db: Database) -> tuple[Claim, ...]:
    """Return the claims of all evidence that counts, in a stable order (see the module for the rules)."""
    return claims_from(read_statements(db))


def rebuild_claims(db: Database) -> int:
    """Replace the stored claims by those of the present evidence, in one transaction; return their number."""
    with transaction(db):
        statements = read_statements(db)
        claims = claims_from(statements)
        pmids = {statement.key: statement.pmid for statement in statements}
        db.execute("DELETE FROM claim_evidence")
        db.execute("DELETE FROM claims")
        marks = ", ".join("?" * 19)
        db.conn.executemany(f"INSERT INTO claims VALUES ({marks})", [_claim_row(claim) for claim in claims])
        db.conn.executemany(
            "INSERT INTO claim_evidence (claim, evidence, pmid) VALUES (?, ?, ?)",
            [(claim.key, key, pmids[key]) for claim in claims for key in claim.evidence_keys],
        )
    return len(claims)


def read_statements(db: Database) -> list[Statement]:
    """Read the evidence that counts and names what it is about; findings without an intervention do not."""
    findings = db.execute(
        "SELECT f.key, f.pmid, c.kind, f.intervention, f.comparator, f.outcome, f.direction,"
        " s.level_nass, s.patients, s.design, r.registrations"
        " FROM findings f JOIN records r ON r.pmid = f.pmid JOIN studies s ON s.pmid = f.pmid"
        f" JOIN concepts c ON c.id = f.intervention WHERE {_COUNTING} ORDER BY f.pmid, f.key"
    )
    performances = db.execute(
        "SELECT t.key, t.pmid, 'tool', t.tool, NULL, NULL, 'descriptive',"
        " s.level_nass, s.patients, s.design, r.registrations"
        " FROM tool_performance t JOIN records r ON r.pmid = t.pmid JOIN studies s ON s.pmid = t.pmid"
        f" WHERE {_COUNTING} ORDER BY t.pmid, t.key"
    )
    statements = [_statement(row) for cursor in (findings, performances) for row in cursor]
    broader = broader_outcomes(db)
    return [wider for said in statements for wider in (said, *_about_broader(said, broader))]


def broader_outcomes(db: Database) -> dict[str, tuple[str, ...]]:
    """Return for each outcome the broader ones of the same polarity, nearest first."""
    rows = {
        row[0]: (row[1], row[2])
        for row in db.execute("SELECT id, parent, polarity FROM concepts WHERE kind = 'outcome'")
    }
    found: dict[str, tuple[str, ...]] = {}
    for outcome, (parent, polarity) in rows.items():
        chain: list[str] = []
        above = parent
        while above in rows and rows[above][1] == polarity and above not in chain:
            chain.append(above)
            above = rows[above][0]
        found[outcome] = tuple(chain)
    return found


def _about_broader(said: Statement, broader: dict[str, tuple[str, ...]]) -> list[Statement]:
    """The same statement about each broader outcome; descriptions stay with their own outcome."""
    if said.outcome is None or said.comparator is None or said.direction == "descriptive":
        return []
    return [replace(said, outcome=outcome) for outcome in broader.get(said.outcome, ())]


def _statement(row: tuple[Any, ...]) -> Statement:
    key, pmid, kind, subject, comparator, outcome, direction, level, patients, design, registrations = row
    registered = json.loads(registrations)
    study = registered[0] if len(registered) == 1 else pmid
    subject_kind: Literal["intervention", "tool"] = "tool" if kind == "tool" else "intervention"
    said = Statement(
        *(key, pmid, study, subject_kind, subject, comparator, outcome),
        *(direction, level, patients, design in REVIEWS),
    )
    return _in_order(said)


def _in_order(said: Statement) -> Statement:
    """Write the statement with the treatment first whose id comes first; its direction turns with it."""
    if said.comparator is None or said.subject <= said.comparator:
        return said
    return replace(said, subject=said.comparator, comparator=said.subject, direction=_TURNED[said.direction])


def claims_from(statements: Iterable[Statement]) -> tuple[Claim, ...]:
    """Group statements by what they say and count their studies."""
    groups: dict[tuple[str, str, str, str], list[Statement]] = defaultdict(list)
    for said in statements:
        groups[(said.subject_kind, said.subject, said.comparator or "", said.outcome or "")].append(said)
    return tuple(_claim(groups[key]) for key in sorted(groups))


def _claim(group: list[Statement]) -> Claim:
    studies: dict[str, list[Statement]] = defaultdict(list)
    for said in group:
        studies[said.study].append(said)
    pointing = Counter(direction for rows in studies.values() for direction in study_directions(rows))
    levels = Counter(level for rows in studies.values() if (level := _best(rows)) is not None)
    first = group[0]
    return Claim(
        subject_kind=first.subject_kind,
        subject=first.subject,
        comparator=first.comparator,
        outcome=first.outcome,
        studies=len(studies),
        studies_by_level=tuple((level, levels[level]) for level in LEVELS if level in levels),
        favours_intervention=pointing["favours_intervention"],
        favours_comparator=pointing["favours_comparator"],
        no_difference=pointing["no_difference"],
        descriptive=pointing["descriptive"],
        best_level=_best(group),
        patients=_patients(studies.values()),
        consistency=_consistency(pointing),
        evidence_keys=tuple(sorted({said.key for said in group})),
    )


def study_directions(rows: Iterable[Statement]) -> set[Direction]:
    """Return where one study counts: in one direction, or on both sides if it reports both as better."""
    stated = {row.direction for row in rows}
    sides: set[Direction] = stated & {"favours_intervention", "favours_comparator"}
    if sides:
        return sides
    return {"no_difference"} if "no_difference" in stated else {"descriptive"}


def _best(rows: Iterable[Statement]) -> Level | None:
    return min((row.level for row in rows if row.level is not None), key=LEVELS.index, default=None)


def _patients(studies: Iterable[list[Statement]]) -> int | None:
    primary: list[int] = []
    reviewed: list[int] = []
    for rows in studies:
        sizes = [row.patients for row in rows if row.patients is not None]
        if sizes:
            (reviewed if all(row.review for row in rows) else primary).append(max(sizes))
    return sum(primary) if primary else max(reviewed, default=None)


def _consistency(
    pointing: Counter[Direction],
) -> Literal["consistent", "conflicting", "single_study", "descriptive_only"]:
    stated = {direction: count for direction, count in pointing.items() if direction != "descriptive"}
    if not stated:
        return "descriptive_only"
    if len(stated) > 1:
        return "conflicting"
    return "single_study" if sum(stated.values()) == 1 else "consistent"


def _claim_row(claim: Claim) -> tuple[str | int | None, ...]:
    levels = dict(claim.studies_by_level)
    by_level = [levels.get(level, 0) for level in LEVELS]
    return (
        *(claim.key, claim.subject_kind, claim.subject, claim.comparator, claim.outcome, claim.studies),
        *(*by_level, claim.studies - sum(by_level)),
        *(claim.favours_intervention, claim.favours_comparator, claim.no_difference, claim.descriptive),
        *(claim.best_level, claim.patients, claim.consistency),
    )
