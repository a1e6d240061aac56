"""Which results of a claim may be pooled, and their summary: an exploratory number that never touches a grade.

Comparable are results of the same measure, outcome, treatment and comparator in one window of time
(comparable.toml), one result a study: the one on most patients. Ratios need an interval, proportions the number
of patients. A ratio printed the other way round (the comparator first) is turned.
"""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import Any

from sqlite_utils import Database

from kb.arms import is_first_side
from kb.evidence import Claim
from kb.pooling.random_effects import METHOD, Model, fit

_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Comparable:
    """One result on its own scale (percent or ratio), and as effect with variance on the scale of pooling.

    The interval of a proportion is derived from its number of patients; that of a ratio is the paper's own.
    """

    evidence_key: str
    pmid: str
    value: float
    low: float
    high: float
    n: int | None
    effect: float
    variance: float


@dataclass(frozen=True, slots=True)
class Pool:
    """A derived summary: the method, its inputs, and the figures on the scale of the results."""

    claim: str
    measure: str
    window: str
    method: str
    inputs: tuple[Comparable, ...]
    model: Model
    estimate: float
    low: float
    high: float
    predicted_low: float
    predicted_high: float


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(files("kb.pooling").joinpath("comparable.toml").read_text(encoding="utf-8"))


def window_of(months: float | None) -> str:
    """Return the name of the window of time in which a result falls.

    >>> window_of(12.0), window_of(None)
    ('about 1 year', 'time not stated')
    """
    if months is not None:
        for window in _rules()["window"]:
            if window["from"] < months <= window["to"]:
                return str(window["name"])
    return "time not stated"


def ratio(value: float, low: float, high: float, *, turned: bool = False) -> tuple[float, float]:
    """Return a ratio's log and the variance of that log, from its 95% interval."""
    effect = log(value)
    return (-effect if turned else effect), ((log(high) - log(low)) / (2 * _95)) ** 2


def proportion(percent: float, n: int) -> tuple[float, float]:
    """Return a proportion's logit and its variance; where none or all had the event, half an event is added.

    >>> [round(x, 4) for x in proportion(50.0, 20)]
    [0.0, 0.2]
    """
    events = percent / 100 * n
    others = n - events
    if events <= 0 or others <= 0:
        events, others = events + 0.5, others + 0.5
    return log(events / others), 1 / events + 1 / others


def proportion_interval(percent: float, n: int) -> tuple[float, float]:
    """Return the 95% interval of a proportion, derived from its number of patients on the logit scale.

    >>> [round(x, 1) for x in proportion_interval(50.0, 20)]
    [29.4, 70.6]
    """
    effect, variance = proportion(percent, n)
    margin = _95 * variance**0.5
    return percent_of(effect - margin), percent_of(effect + margin)


def comparable_measures() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the measures whose results can be held beside one another: ratios, and proportions."""
    return tuple(_rules()["ratios"]), tuple(_rules()["proportions"])


def pools(db: Database, claims: Iterable[Claim]) -> list[Pool]:
    """Return the summaries of the claims that have enough comparable results, in the claims' order."""
    least = _rules()["least_studies"]
    wanted = [c for c in claims if c.subject_kind == "intervention" and c.outcome and c.studies >= least]
    rows = _results(db, {key for claim in wanted for key in claim.evidence_keys})
    return [pool for claim in wanted for pool in _pools_of(claim, rows, least)]


def _results(db: Database, keys: set[str]) -> dict[str, dict[str, Any]]:
    columns = (
        "key",
        "pmid",
        "intervention",
        "comparator",
        "outcome",
        "measure",
        "value",
        "ci_low",
        "ci_high",
    )
    names = (*columns, "n", "timepoint_months")
    measures = [*_rules()["ratios"], *_rules()["proportions"]]
    rows = db.execute(
        f"SELECT {', '.join(names)} FROM findings WHERE value IS NOT NULL"
        " AND measure IN (SELECT value FROM json_each(?)) AND key IN (SELECT value FROM json_each(?))",
        (json.dumps(measures), json.dumps(sorted(keys))),
    )
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}


def _pools_of(claim: Claim, rows: dict[str, dict[str, Any]], least: int) -> list[Pool]:
    counted = {paper.pmid for paper in claim.papers if paper.counted}
    alike: dict[tuple[str, str], dict[str, Comparable]] = defaultdict(dict)
    for key in claim.evidence_keys:
        row = rows.get(key)
        if row is None or row["pmid"] not in counted or row["outcome"] != claim.outcome:
            continue
        result = _comparable(claim, row)
        if result is not None:
            group = alike[(row["measure"], window_of(row["timepoint_months"]))]
            group[result.pmid] = _larger(result, group.get(result.pmid))
    return [
        _pool(claim, measure, window, sorted(group.values(), key=lambda result: result.pmid))
        for (measure, window), group in sorted(alike.items())
        if len(group) >= least
    ]


def _larger(one: Comparable, other: Comparable | None) -> Comparable:
    if other is None:
        return one
    return min(one, other, key=lambda result: (-(result.n or 0), result.evidence_key))


def _comparable(claim: Claim, row: dict[str, Any]) -> Comparable | None:
    value, low, high, n = row["value"], row["ci_low"], row["ci_high"], row["n"]
    if row["measure"] in _rules()["proportions"]:
        if claim.comparator is not None or not n or not 0 <= value <= 100:
            return None
        return Comparable(
            *(row["key"], row["pmid"], value, *proportion_interval(value, n), n, *proportion(value, n))
        )
    if claim.comparator is None or row["comparator"] is None or low is None or high is None:
        return None
    if not 0 < low < high or not low <= value <= high:
        return None
    turned = not is_first_side(row["intervention"], row["comparator"], claim.subject)
    effect, variance = ratio(value, low, high, turned=turned)
    shown = (1 / value, 1 / high, 1 / low) if turned else (value, low, high)
    return Comparable(row["key"], row["pmid"], *shown, n, effect, variance)


def percent_of(logit: float) -> float:
    """The percentage of a logit."""
    return 100 / (1 + exp(-logit))


def _pool(claim: Claim, measure: str, window: str, inputs: Sequence[Comparable]) -> Pool:
    model = fit([result.effect for result in inputs], [result.variance for result in inputs])
    back = percent_of if measure in _rules()["proportions"] else exp
    scale = "logit scale" if measure in _rules()["proportions"] else "log scale"
    return Pool(
        *(claim.key, measure, window, f"{METHOD}, {scale}", tuple(inputs), model),
        *map(back, (model.estimate, model.low, model.high, model.predicted_low, model.predicted_high)),
    )
