"""Estimates: the numbers of a results sentence, each with measure, unit, interval, p and n/N, as printed.

Works on one sentence; what the number is about (outcome, treatment) is decided in `results` and `tools`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from kb.evidence import Measure, PRelation

# One character for one, so that offsets stay those of the stored text.
_PLAIN = str.maketrans(
    {
        "·": ".",
        "−": "-",
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "\u2009": " ",
        "\u00a0": " ",
        "\u202f": " ",
        "⩽": "≤",
        "⩾": "≥",
    }
)
NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number in a sentence: `start`, `end` are its offsets there. Percent values run from 0 to 100."""

    start: int
    end: int
    measure: str
    value: float
    unit: str | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    p_relation: PRelation | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class PValue:
    """A printed p value (value None for "NS")."""

    start: int
    end: int
    value: float | None
    relation: PRelation


def plain(text: str) -> str:
    """Return `text` with typographic dashes, decimal points and blanks made plain, offsets unchanged."""
    return text.translate(_PLAIN)


def number(text: str) -> float:
    """Return the value of a printed number ("1,469", ".05", "-0.3")."""
    return float(text.replace(",", ""))


_P = re.compile(
    r"\b[Pp]\s?-?\s?(?:values?)?\s?(?:for \w+ )?(?:(?:of|was|is)\s)?(?P<relation>[=<>≤≥]|<=|>=|less than|of|was)\s?(?P<value>(?:0?\.\d+|[01](?:\.\d+)?)(?:\s?[x×]\s?10-\d+)?)"
    r"|\b[Pp]\s?=?\s?(?P<ns>NS|n\.s\.|not significant)\b|[(,;]\s?(?P<ns2>NS|n\.s\.)\s?[),;]"
)
_INTERVAL = re.compile(
    rf"(?:\d{{2}}\s?%?\s*-?\s*)?(?:\b(?:CI|CrI|C\.I\.|confidence (?:interval|limits?)s?|credible intervals?)\b\]?\)?)[\s,:=\[(]*(?:of|was|is|from|ranged from)?\s*(?P<low>{NUMBER})\s?%?\s?(?:-|to|,|;|and)\s?(?P<high>{NUMBER})\s?%?",
    re.IGNORECASE,
)
_BARE_INTERVAL = re.compile(
    rf"^\s?[\[(]\s?(?P<low>{NUMBER})\s?%?\s?(?:-|to|,|;)\s?(?P<high>{NUMBER})\s?%?\s?[\]),;]"
)

_JOIN = r"(?:\s?[\[(]\s?(?:a|s|m)?(?:HR|OR|RR|SHR|MD|WMD|SMD|AUC|AUROC|C|ICC|κ|k)s?\s?[\])])?\s*(?:(?:values?|estimates?|scores?)\s)?(?:(?:was|were|of|is|to be|at)\s)?[=:,~≈]?\s*(?:approximately |about )?[\[(]?\s?"
_KEYED: tuple[tuple[str, str], ...] = (
    (
        "hr",
        r"(?:(?:[Ss]ub-?distribution |[Aa]djusted |[Uu]nadjusted )*[Hh]azards? [Rr]atios?|\b[as]?HRs?|\bSHR|\bcHR)",
    ),
    ("or", r"(?:[Oo]dds [Rr]atios?|\b[am]?ORs?(?=\s?[=:,\d(]|\s(?:of|was)\s))"),
    (
        "rr",
        r"(?:(?:[Rr]elative [Rr]isks?|[Rr]isk [Rr]atios?|[Rr]ate [Rr]atios?)|\ba?RRs?(?=\s?[=:,\d(]|\s(?:of|was)\s))",
    ),
    ("smd", r"(?:[Ss]tandardi[sz]ed [Mm]ean [Dd]ifferences?|\bSMD|Hedges.? g|Cohen.?s d)"),
    (
        "md",
        r"(?:(?:[Ww]eighted |[Aa]djusted )?[Mm]ean [Dd]ifferences?|[Bb]etween-group differences?|\bW?MD(?=\s?[=:,\d(-]))",
    ),
    (
        "auc",
        r"(?:areas? under (?:the )?(?:(?:receiver[- ]operating[- ](?:characteristics?)?|ROC) )?curves?|\bAUROCs?|\bAUCs?)",
    ),
    (
        "c_index",
        r"(?:\b[Cc][- ]?(?:index|indices|statistics?)\b|concordance (?:index|indices|statistics?)|Harrell.?s [cC](?:-index)?)",
    ),
    (
        "kappa",
        r"(?:(?:(?:weighted|Cohen.?s|Fleiss.?) )?kappas?(?: (?:value|coefficient|statistic|score)s?)?|\bκ)",
    ),
    ("icc", r"(?:intra-?class correlation(?: coefficients?)?|\bICCs?)"),
    ("sensitivity", r"\bsensitivit(?:y|ies)"),
    ("specificity", r"\bspecificit(?:y|ies)"),
    ("ppv", r"(?:positive predictive values?|\bPPV)"),
    ("npv", r"(?:negative predictive values?|\bNPV)"),
    ("brier", r"\bBrier(?: scores?)?"),
    ("calibration_slope", r"(?:calibration )?slopes?"),
    ("calibration_intercept", r"(?:calibration )?intercepts?"),
    ("accuracy", r"\b(?:overall |predictive |prognostic )*accurac(?:y|ies)"),
    ("correlation", r"(?:correlation coefficients?|(?:Pearson|Spearman)(?:.s)? (?:r|rho|ρ)|\b[rρ](?=\s?=))"),
)
# Their abbreviations are written in capitals only: "or" is a word.
_WORDED = frozenset(
    {
        "auc",
        "kappa",
        "icc",
        "sensitivity",
        "specificity",
        "ppv",
        "npv",
        "brier",
        "calibration_slope",
        "calibration_intercept",
        "accuracy",
    }
)
_KEYED_PATTERNS = tuple(
    (
        measure,
        re.compile(
            rf"(?:{key}){_JOIN}(?P<value>{NUMBER})(?P<percent>\s?%)?(?!\s?(?:-\s?)?(?:months?|years?|year|month|patients|days))",
            re.IGNORECASE if measure in _WORDED else 0,
        ),
    )
    for measure, key in _KEYED
)
# Another value of the same measure behind the first: "AUC 0.72 and 0.68", "HR 0.5 vs 0.7".
_UNITS = r"months?|mos?\b|years?|yrs?\b|weeks?|wks?\b|days?|hours?|hrs?\b|h\b|minutes?|mins?\b|mL|ml|cc\b|l\b|L\b|points?|units?|cm3|cm\b|mm\b|%|°|degrees?"
_CENTRAL = re.compile(
    rf"\b(?P<measure>median|mean|average)s?\b(?P<between>[^.;:]{{0,80}}?)(?<![\w.-])(?P<value>{NUMBER})\s?-?(?P<unit>{_UNITS})?(?![\w])",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"(?<![\w.])(?P<value>{NUMBER})\s?(?:%|percent\b|per cent\b)")
_COUNTS = r"(?P<n>\d+)\s?(?:/|of|out of)\s?(?:the )?(?P<of>\d+)"
_COUNT_BEHIND = re.compile(rf"^\s?[\[(]\s?{_COUNTS}")
_COUNT_AHEAD = re.compile(rf"{_COUNTS}(?:\s\w+){{0,4}}\s?[\[(]?\s?$")
_NOT_MEASURED = re.compile(
    r"\b(?:age|aged|follow|dose|doses|Gy|BED|EQD2|number of|fractions?|volume|BMI|interval between|sample|years old|diameter|size|isodose)\b",
    re.IGNORECASE,
)


def find_p_values(text: str) -> list[PValue]:
    """Return the printed p values of a sentence (already `plain`), in order."""
    found = []
    for match in _P.finditer(text):
        if match.group("ns") or match.group("ns2"):
            found.append(PValue(match.start(), match.end(), None, "ns"))
            continue
        relation = {"≤": "<=", "≥": ">=", "less than": "<", "of": "=", "was": "="}.get(
            match["relation"], match["relation"]
        )
        raw = match["value"]
        base, _, power = re.sub(r"\s", "", raw).replace("×", "x").partition("x10-")
        value = float(base) * (10.0 ** -int(power) if power else 1.0)
        if value <= 1:
            found.append(PValue(match.start(), match.end(), value, cast("PRelation", relation)))
    return found


def find_estimates(text: str) -> list[Estimate]:
    """Return the estimates of a sentence (already `plain`), in order, each number once."""
    p_values = find_p_values(text)
    intervals = list(_INTERVAL.finditer(text))
    blocked = [(p.start, p.end) for p in p_values] + [m.span() for m in intervals]
    found: list[Estimate] = []
    for measure, pattern in _KEYED_PATTERNS:
        for match in pattern.finditer(text):
            _add(found, blocked, _keyed(measure, match))
    for match in _CENTRAL.finditer(text):
        if _states_value(text, match):
            measure = "median" if match["measure"].lower() == "median" else "mean"
            unit = _unit(match["unit"])
            first = Estimate(match.start("value"), match.end(), measure, number(match["value"]), unit)
            if _add(found, blocked, first) and unit:
                _further(text, first, match.end(), found, blocked)
    for match in _PERCENT.finditer(text):
        if not _range_or_limit(text, match):
            _add(
                found,
                blocked,
                Estimate(match.start("value"), match.end(), "percent", number(match["value"]), "%"),
            )
    found.sort(key=lambda e: e.start)
    found = [_with_counts(text, estimate) for estimate in found]
    found = _with_intervals(text, found, intervals)
    return _with_p_values(text, found, p_values)


def _states_value(text: str, match: re.Match[str]) -> bool:
    """Whether "median ... 12 months" states a result: no range's end, no change by, no age, dose or follow-up."""
    between = match["between"]
    if _NOT_MEASURED.search(between + (match["unit"] or "")) or re.search(
        r"\d|\b(?:by|over|within|after|at|for|every)\s$|\b(?:CI|interval)\b", between
    ):
        return False
    return not re.match(r"\s?(?:-|to)\s?[-+]?\d|,\s?\d", text[match.end("value") :])


def _keyed(measure: str, match: re.Match[str]) -> Estimate:
    unit = "%" if match["percent"] else None
    return Estimate(match.start("value"), match.end("value"), measure, number(match["value"]), unit)


def _add(found: list[Estimate], blocked: list[tuple[int, int]], estimate: Estimate) -> bool:
    """Take an estimate unless its number belongs to another one, to an interval or to a p value."""
    inside = any(start <= estimate.start < end for start, end in blocked)
    if inside or any(e.start == estimate.start for e in found):
        return False
    found.append(estimate)
    return True


def _unit(text: str | None) -> str | None:
    if text is None:
        return None
    lowered = text.lower()
    for start, unit in (
        ("mo", "months"),
        ("y", "years"),
        ("w", "weeks"),
        ("d", "days"),
        ("min", "minutes"),
        ("h", "hours"),
        ("ml", "mL"),
        ("cc", "mL"),
        ("point", "points"),
    ):
        if lowered.startswith(start):
            return "degrees" if lowered.startswith("deg") else unit
    return text


def _further(
    text: str, first: Estimate, position: int, found: list[Estimate], blocked: list[tuple[int, int]]
) -> None:
    """Take the values that follow a median or mean in the same clause: "10.4 months ... and 9.7 months for D"."""
    clause = re.compile(r"[;]|\.\s|\b(?:median|mean|while the)\b", re.IGNORECASE).search(text, position)
    limit = clause.start() if clause else len(text)
    pattern = re.compile(
        rf"\b(?:and|versus|vs\.?|compared (?:with|to)|,|than|or|against|while|whereas)\s+(?:[a-z-]+\s){{0,5}}?(?P<value>{NUMBER})\s?-?(?P<unit>{_UNITS})(?!\w)",
        re.IGNORECASE,
    )
    for match in pattern.finditer(text, position, limit):
        if _unit(match["unit"]) == first.unit:
            _add(
                found,
                blocked,
                Estimate(
                    match.start("value"),
                    match.end(),
                    first.measure,
                    number(match["value"]),
                    first.unit,
                ),
            )


def _range_or_limit(text: str, match: re.Match[str]) -> bool:
    """A percentage that is a range's end, a limit, a confidence level or a dose rather than a result."""
    before, after = text[: match.start()], text[match.end() :]
    return bool(
        re.match(
            r"\s*-?\s*(?:CI|confidence|credible|PI\b|prediction interval|limits? of agreement|isodose|of the (?:prescri|prescription))",
            after,
            re.IGNORECASE,
        )
        or re.match(r"\s?(?:-|to)\s?\d", after)
        or re.search(r"\d\s?%?\s?(?:-|\bto)\s?$", before)
        or re.search(r"\b(?:I\s?2|I²|I-squared|heterogeneity)\s?(?:statistic)?\s?(?:was|of|=|:)?\s?$", before)
        or re.search(
            r"(?:[<>≤≥±]|\b(?:least|than|most|range|ranging|threshold|cut-?off|power|level) (?:of |from )?)\s?$",
            before,
        )
        or re.match(r"\s?(?:isodose|power|of the (?:total )?dose|increase in dose)", after)
    )


def _with_counts(text: str, estimate: Estimate) -> Estimate:
    """Attach N of a "12/40" that stands beside a percentage."""
    if estimate.measure != "percent":
        return estimate
    behind = _COUNT_BEHIND.match(text[estimate.end : estimate.end + 30])
    ahead = _COUNT_AHEAD.search(text[max(0, estimate.start - 50) : estimate.start])
    match = behind or ahead
    if (
        match
        and int(match["of"]) >= int(match["n"])
        and abs(100 * int(match["n"]) / max(1, int(match["of"])) - estimate.value) <= 1.5
    ):
        return replace(estimate, n=int(match["of"]))
    return estimate


def _with_intervals(text: str, found: list[Estimate], intervals: list[re.Match[str]]) -> list[Estimate]:
    """Attach each interval to the estimate in front of it, if it holds the estimate's value."""
    result = list(found)
    for match in intervals:
        ahead = [i for i, e in enumerate(result) if e.end <= match.start()]
        if ahead:
            _attach(result, ahead[-1], number(match["low"]), number(match["high"]))
    for index, estimate in enumerate(result):
        if estimate.ci_low is None and estimate.measure in (
            "hr",
            "or",
            "rr",
            "auc",
            "c_index",
            "kappa",
            "icc",
        ):
            bare = _BARE_INTERVAL.match(text[estimate.end : estimate.end + 40])
            if bare:
                _attach(result, index, number(bare["low"]), number(bare["high"]))
    return result


def _attach(found: list[Estimate], index: int, low: float, high: float) -> None:
    if high < 0 < low:
        return
    if low > high and high < 0:
        low, high = high, low
    if low <= found[index].value <= high and found[index].ci_low is None:
        found[index] = replace(found[index], ci_low=low, ci_high=high)


def _with_p_values(text: str, found: list[Estimate], p_values: list[PValue]) -> list[Estimate]:
    """Give each p value to the estimates since the last p value, or to the one it stands in front of."""
    result = list(found)
    for number_of, p in enumerate(p_values):
        since = p_values[number_of - 1].end if number_of else 0
        ahead = [i for i, e in enumerate(result) if since <= e.start and e.end <= p.start]
        clause = _clause_start(text, p.start)
        ahead = [i for i in ahead if result[i].start >= clause] or ahead[-1:]
        if ahead and result[ahead[-1]].measure in _CONTRASTS:
            # One p for "35% and 14% (risk ratio 1.33, p=0.0002)", but one for each of several ratios.
            contrasts = [i for i in ahead if result[i].measure in _CONTRASTS]
            ahead = ahead if len(contrasts) == 1 else ahead[-1:]
        for index in ahead:
            result[index] = replace(result[index], p=p.value, p_relation=p.relation)
    return result


def _clause_start(text: str, position: int) -> int:
    """Where the clause around `position` begins: behind the last semicolon that stands in no parenthesis."""
    start = depth = 0
    for index, mark in enumerate(text[:position]):
        if mark in "([":
            depth += 1
        elif mark in ")]":
            depth = max(0, depth - 1)
        elif mark == ";" and depth == 0:
            start = index + 1
    return start


_CONTRASTS = frozenset({"hr", "or", "rr", "md", "smd", "auc", "c_index"})
_FINDING_MEASURES = frozenset(
    {
        "percent",
        "median",
        "mean",
        "hr",
        "or",
        "rr",
        "md",
        "smd",
        "auc",
        "c_index",
        "sensitivity",
        "specificity",
        "kappa",
        "icc",
        "correlation",
    }
)


def as_measure(measure: str) -> Measure | None:
    """Return the schema's measure of a finding, or None for one that only tools have."""
    return cast("Measure", measure) if measure in _FINDING_MEASURES else None
