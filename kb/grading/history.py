"""Claims as they stood before a year: counted from the papers that were published until then, by the rules of today."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlite_utils import Database

from kb.evidence import Claim
from kb.grading.claims import claims_from
from kb.grading.publications import read_publications
from kb.grading.statements import read_statements


def claims_before(db: Database, year: int, claims: Collection[str]) -> dict[str, Claim]:
    """Return what these claims (keys) said on the papers published before `year`, by key.

    A claim that had no paper then is missing. A paper without a year counts as published before. Papers that are
    retracted today count for nothing then either.
    """
    rows = db.execute(
        "SELECT DISTINCT p.pmid FROM claim_papers p JOIN records r USING (pmid)"
        " WHERE coalesce(r.year, 0) < ? AND p.claim IN (SELECT value FROM json_each(?))",
        (year, json.dumps(sorted(claims))),
    )
    pmids = {pmid for (pmid,) in rows}
    found = claims_from(read_statements(db, pmids=pmids), read_publications(db, pmids))
    wanted = set(claims)
    return {claim.key: claim for claim in found if claim.key in wanted}
