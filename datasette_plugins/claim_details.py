"""What stands under a claim: why its grade, what a reviewer signed, forest plots, papers set aside, single populations."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict

from datasette_plugins import readings
from datasette_plugins.readings import CLAIM, Row
from kb.grading.signatures import signatures
from kb.pooling.individual import LEAST, Results, individual_results

_CLAIM_OF_POPULATION = CLAIM.replace("k.*,", "k.*, p.label AS population_label,") + (
    " JOIN concepts p ON p.id = k.population"
)


def claim_details(connection: sqlite3.Connection, claims: list[Row]) -> dict[str, Row]:
    """Return by claim: why its grade, what a reviewer signed, the papers set aside, its claims on single populations."""
    found: dict[str, Row] = {}
    keys = [claim["key"] for claim in claims]
    signed, alike = signatures(connection, keys), individual_results(connection, keys)
    for claim in claims:
        found[claim["key"]] = {
            "reasons": json.loads(claim["grade_reasons"] or "[]"),
            "signature": signed.get(claim["key"]),
            "aside": readings.rows(
                connection,
                "SELECT p.pmid, p.reason, r.title, r.authors_text, r.year, r.origin FROM claim_papers p"
                " JOIN records r USING (pmid) WHERE p.claim = ? AND p.reason IS NOT NULL ORDER BY r.year, p.pmid",
                claim["key"],
            ),
            "pools": (pooled := claim_pools(connection, claim)),
            "results": _beside_one_another(connection, claim, alike.get(claim["key"], ()), pooled),
            "populations": [
                readings.turned(row) if row["comparator"] != claim["comparator"] else row
                for row in readings.rows(
                    connection,
                    f"{_CLAIM_OF_POPULATION} WHERE k.population IS NOT NULL AND k.outcome IS :outcome AND ("
                    "(k.subject = :subject AND k.comparator IS :comparator) OR"
                    " (k.subject = :comparator AND k.comparator = :subject)) ORDER BY k.studies DESC, p.label",
                    subject=claim["subject"],
                    comparator=claim["comparator"],
                    outcome=claim["outcome"],
                )
            ],
        }
    return found


def _beside_one_another(
    connection: sqlite3.Connection, claim: Row, alike: Iterable[Results], pooled: list[Row]
) -> list[Row]:
    """The single results of a claim that no summary above holds; ratios face the page's own side."""
    told = {result["evidence"] for pool in pooled for result in pool["inputs"]}
    found = []
    for group in alike:
        single = [asdict(result) for result in group.results if result.evidence_key not in told]
        if len({result["pmid"] for result in single}) < LEAST:
            continue
        for result in single:
            result["paper"] = _who_and_when(connection, result["pmid"])
            if group.ratio and claim.get("turned"):
                result["value"] = 1 / result["value"]
                result["low"], result["high"] = 1 / result["high"], 1 / result["low"]
        found.append({"measure": group.measure, "ratio": group.ratio, "results": single})
    return found


def _who_and_when(connection: sqlite3.Connection, pmid: str) -> Row | None:
    return readings.one(connection, "SELECT authors_text, year FROM records WHERE pmid = ?", pmid)


def claim_pools(connection: sqlite3.Connection, claim: Row) -> list[Row]:
    """Return the exploratory summaries of a claim, each with its inputs; ratios face the page's own side."""
    found = readings.rows(
        connection, "SELECT * FROM claim_pools WHERE claim = ? ORDER BY measure, time_window", claim["key"]
    )
    for pool in found:
        pool["inputs"] = json.loads(pool["inputs"])
        pool["ratio"] = pool["measure"] != "percent"
        for result in pool["inputs"]:
            result["paper"] = _who_and_when(connection, result["pmid"])
        if pool["ratio"] and claim.get("turned"):
            _turn_ratios(pool)
    return found


def _turn_ratios(pool: Row) -> None:
    pairs = (("ci_low", "ci_high"), ("predicted_low", "predicted_high"))
    pool["estimate"] = 1 / pool["estimate"]
    for low, high in pairs:
        pool[low], pool[high] = 1 / pool[high], 1 / pool[low]
    for result in pool["inputs"]:
        result["value"] = 1 / result["value"]
        result["low"], result["high"] = 1 / result["high"], 1 / result["low"]
