"""Results of a claim's studies beside one another, each as its paper reports it: nothing is pooled.

Beside one another stand results of the same measure, outcome, treatment and comparator, whatever their time, which is
told with each: ratios with their printed interval, and proportions of one treatment with the printed interval or one
derived from the number of patients. Mean differences are left out: their scales differ from paper to paper.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from kb.arms import is_first_side
from kb.pooling.comparable import comparable_measures, proportion_interval

# A single result stands in its sentence; two can be seen beside one another.
LEAST = 2
_COLUMNS = (
    *(
        "claim",
        "subject",
        "claim_comparator",
        "key",
        "pmid",
        "intervention",
        "comparator",
        "measure",
        "value",
    ),
    *("ci_low", "ci_high", "n", "timepoint_months"),
)


@dataclass(frozen=True, slots=True)
class Individual:
    """One result with its interval, faced as the claim is; `derived`: the interval is computed from `n`."""

    evidence_key: str
    pmid: str
    value: float
    low: float
    high: float
    n: int | None
    months: float | None
    derived: bool


@dataclass(frozen=True, slots=True)
class Results:
    """The results of one measure, in order of time and PMID; those of a ratio are below or above 1."""

    measure: str
    ratio: bool
    results: tuple[Individual, ...]


def individual_results(
    connection: sqlite3.Connection, claims: Collection[str]
) -> dict[str, tuple[Results, ...]]:
    """Return for each claim (by key) the measures of which two studies at least report a result with an interval.

    A study stands once for each time: with its result on most patients.
    """
    ratios, proportions = comparable_measures()
    rows = connection.execute(
        "SELECT k.key, k.subject, k.comparator, f.key, f.pmid, f.intervention, f.comparator, f.measure, f.value,"
        " f.ci_low, f.ci_high, f.n, f.timepoint_months FROM claims k JOIN claim_evidence e ON e.claim = k.key"
        " JOIN findings f ON f.key = e.evidence AND f.outcome = k.outcome"
        " JOIN claim_papers p ON p.claim = k.key AND p.pmid = f.pmid AND p.counted"
        " WHERE k.subject_kind = 'intervention' AND f.value IS NOT NULL"
        " AND f.measure IN (SELECT value FROM json_each(?)) AND k.key IN (SELECT value FROM json_each(?))"
        " ORDER BY k.key, f.measure, f.timepoint_months, length(f.pmid), f.pmid, f.key",
        (json.dumps([*ratios, *proportions]), json.dumps(sorted(claims))),
    )
    found: dict[str, dict[str, dict[tuple[str, float | None], Individual]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for values in rows:
        row = dict(zip(_COLUMNS, values, strict=True))
        result = _ratio(row) if row["measure"] in ratios else _proportion(row)
        if result is not None:
            of_measure = found[row["claim"]][row["measure"]]
            known = of_measure.get((result.pmid, result.months))
            if known is None or (result.n or 0) > (known.n or 0):
                of_measure[(result.pmid, result.months)] = result
    return {
        claim: told
        for claim, by_measure in found.items()
        if (
            told := tuple(
                Results(measure, measure in ratios, tuple(results.values()))
                for measure, results in by_measure.items()
                if len({pmid for pmid, _ in results}) >= LEAST
            )
        )
    }


def _ratio(row: dict[str, Any]) -> Individual | None:
    value, low, high = row["value"], row["ci_low"], row["ci_high"]
    if row["claim_comparator"] is None or row["comparator"] is None or low is None or high is None:
        return None
    if not 0 < low < high or not low <= value <= high:
        return None
    if not is_first_side(row["intervention"], row["comparator"], row["subject"]):
        value, low, high = 1 / value, 1 / high, 1 / low
    return Individual(row["key"], row["pmid"], value, low, high, row["n"], row["timepoint_months"], False)


def _proportion(row: dict[str, Any]) -> Individual | None:
    value, low, high, n = row["value"], row["ci_low"], row["ci_high"], row["n"]
    if row["claim_comparator"] is not None or row["comparator"] is not None or not 0 <= value <= 100:
        return None
    derived = low is None or high is None
    if derived:
        if not n:
            return None
        low, high = proportion_interval(value, n)
    if not 0 <= low <= value <= high <= 100:
        return None
    return Individual(row["key"], row["pmid"], value, low, high, n, row["timepoint_months"], derived)
