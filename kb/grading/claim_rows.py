"""Claims in the database: rebuilt whole, or only those that changed records touch, with the same result.

The database notes which records changed since (table `changed_records`, kept by triggers). A claim depends
on the papers that speak for it and on those of its comparison's other outcomes of the same family: counting those
claims anew is enough.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from importlib.resources import files

from sqlite_utils import Database

from kb.arms import arms, short_names
from kb.evidence import LEVELS, Claim, claim_key
from kb.grading.claims import claims_from
from kb.grading.publications import read_publications
from kb.grading.statements import Statement, outcome_families, read_statements
from kb.pooling.comparable import Pool, pools
from kb.progress import transaction

# Raise this when claims are counted by other rules than before, so that stored ones are counted anew.
VERSION = "5"
_RULES = (
    ("kb", "arms.toml"),
    *(
        ("kb.grading", name)
        for name in ("certainty.toml", "families.toml", "populations.toml", "studies.toml")
    ),
    ("kb.pooling", "comparable.toml"),
)
_COLUMNS = (
    *("key", "subject_kind", "subject", "comparator", "outcome", "population", "studies"),
    *("level_i", "level_ii", "level_iii", "level_iv", "level_v", "no_level"),
    *("favours_intervention", "favours_comparator", "no_difference", "descriptive"),
    *("best_level", "patients", "consistency", "grade", "grade_reasons", "best_ocebm"),
    *("synopses", "with_numbers", "better_than_before", "worse_than_before", "evidence_digest"),
)


def rebuild_claims(db: Database) -> int:
    """Replace the stored claims by those of the present evidence, in one transaction; return their number.

    Notes
    -----
    Works through one intervention or tool at a time: memory grows with the most studied one.
    """
    with transaction(db):
        db.execute("DELETE FROM claims")
        for concept in _subjects(db):
            statements = [said for said in read_statements(db, concept=concept) if said.subject == concept]
            _insert(db, _counted(db, statements), statements)
        db.execute("DELETE FROM changed_records")
        db.execute("INSERT OR REPLACE INTO claims_basis VALUES (1, ?)", (_basis(db),))
    return db.table("claims").count


def update_claims(db: Database) -> int:
    """Bring the stored claims to the present evidence, counting anew only those that changed records touch.

    The result is that of `rebuild_claims`, which is called where rules or vocabulary changed. Returns how
    many claims were counted anew.
    """
    with transaction(db):
        basis = db.execute("SELECT rules FROM claims_basis").fetchone()
        if basis is None or basis[0] != _basis(db):
            return rebuild_claims(db)
        changed = {pmid for (pmid,) in db.execute("SELECT pmid FROM changed_records")}
        if not changed:
            return 0
        before = "SELECT DISTINCT claim FROM claim_papers WHERE pmid IN (SELECT pmid FROM changed_records)"
        touched = {claim for (claim,) in db.execute(before)}
        speaking = read_statements(db, pmids=changed)
        touched |= {_key(said) for said in speaking}
        touched |= _related(db, touched, speaking)
        beside = db.execute(
            "SELECT DISTINCT pmid FROM claim_papers WHERE claim IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(touched)),),
        )
        pmids = changed | {pmid for (pmid,) in beside}
        statements = [said for said in read_statements(db, pmids=pmids) if _key(said) in touched]
        claims = _counted(db, statements)
        db.conn.executemany("DELETE FROM claims WHERE key = ?", [(key,) for key in sorted(touched)])
        _insert(db, claims, statements)
        db.execute("DELETE FROM changed_records")
    return len(touched)


def _related(db: Database, touched: Collection[str], speaking: Iterable[Statement]) -> set[str]:
    """The stored claims of the same comparison whose outcomes are of one family with a touched one."""
    families = outcome_families(db)
    rows = db.execute(
        "SELECT key, subject_kind, subject, comparator, population, outcome FROM claims"
        " WHERE comparator IS NOT NULL AND outcome IS NOT NULL ORDER BY key"
    )
    related = {
        key: (kind, subject, comparator, population or "", families[outcome])
        for key, kind, subject, comparator, population, outcome in rows
        if outcome in families
    }
    wanted: set[tuple[str, ...]] = {about for key, about in related.items() if key in touched}
    wanted |= {said.related for said in speaking if said.related is not None}
    return {key for key, about in related.items() if about in wanted}


def _subjects(db: Database) -> list[str]:
    rows = db.execute(
        "SELECT intervention FROM findings WHERE intervention IS NOT NULL UNION"
        " SELECT comparator FROM findings WHERE comparator IS NOT NULL UNION SELECT tool FROM tool_performance"
        " ORDER BY 1"
    )
    named = {concept for (concept,) in rows}
    arms_in_full = {concept for one in arms() for concept in (one.whole, one.against)}
    return sorted(named | {concept for concept in arms_in_full if short_names(concept) & named})


def _key(said: Statement) -> str:
    return claim_key(said.subject_kind, said.subject, said.comparator, said.outcome, said.population)


def _counted(db: Database, statements: Collection[Statement]) -> tuple[Claim, ...]:
    return claims_from(statements, read_publications(db, {said.pmid for said in statements}))


def _basis(db: Database) -> str:
    """A digest of all that claims depend on apart from records: our rules, and the vocabulary's hierarchy."""
    digest = hashlib.sha256(VERSION.encode())
    for package, name in _RULES:
        digest.update(files(package).joinpath(name).read_bytes())
    for row in db.execute("SELECT id, kind, parent, polarity, domain, type FROM concepts ORDER BY id"):
        digest.update(json.dumps(row).encode())
    return digest.hexdigest()


def _insert(db: Database, claims: Collection[Claim], statements: Iterable[Statement]) -> None:
    pmids = {said.key: said.pmid for said in statements}
    marks = ", ".join("?" * len(_COLUMNS))
    db.conn.executemany(
        f"INSERT INTO claims ({', '.join(_COLUMNS)}) VALUES ({marks})",
        [_claim_row(claim) for claim in claims],
    )
    db.conn.executemany(
        "INSERT INTO claim_papers (claim, pmid, study, counted, level_nass, level_ocebm, patients, directions,"
        " synopsis, reason, against_before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [row for claim in claims for row in _paper_rows(claim)],
    )
    db.conn.executemany(
        "INSERT INTO claim_evidence (claim, evidence, pmid) VALUES (?, ?, ?)",
        [(claim.key, key, pmids[key]) for claim in claims for key in claim.evidence_keys],
    )
    db.conn.executemany(
        f"INSERT INTO claim_pools VALUES ({', '.join('?' * 14)})",
        [_pool_row(pool) for pool in pools(db, claims)],
    )


def _claim_row(claim: Claim) -> tuple[str | int | None, ...]:
    levels = dict(claim.studies_by_level)
    by_level = [levels.get(level, 0) for level in LEVELS]
    return (
        *(claim.key, claim.subject_kind, claim.subject, claim.comparator, claim.outcome, claim.population),
        *(claim.studies, *by_level, claim.studies - sum(by_level)),
        *(claim.favours_intervention, claim.favours_comparator, claim.no_difference, claim.descriptive),
        *(claim.best_level, claim.patients, claim.consistency),
        *(claim.grade, json.dumps(claim.grade_reasons, ensure_ascii=False), claim.best_ocebm),
        *(claim.synopses, claim.with_numbers),
        *(claim.better_than_before, claim.worse_than_before, claim.evidence_digest),
    )


def _pool_row(pool: Pool) -> tuple[str | int | float, ...]:
    model = pool.model
    inputs = [
        {"evidence": r.evidence_key, "pmid": r.pmid, "value": r.value, "low": r.low, "high": r.high, "n": r.n}
        for r in pool.inputs
    ]
    return (
        *(pool.claim, pool.measure, pool.window, model.studies, pool.estimate, pool.low, pool.high),
        *(pool.predicted_low, pool.predicted_high, model.tau2, model.i2, model.q, pool.method),
        json.dumps(inputs),
    )


def _paper_rows(claim: Claim) -> list[tuple[str | int | None, ...]]:
    return [
        (
            *(claim.key, paper.pmid, paper.study, int(paper.counted), paper.level, paper.ocebm),
            *(paper.patients, json.dumps(paper.directions), int(paper.synopsis), paper.reason),
            int(paper.against_before),
        )
        for paper in claim.papers
    ]
