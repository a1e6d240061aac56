"""Keyed values: numbers behind the name of their measure, "HR 0.62", "sensitivity and specificity were 85% and 90%"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.printed_numbers import LINK, NUMBER, number, place

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOIN = r"(?:\s?[\[(]\s?(?:a|s|m|sub)?(?:HR|OR|RR|SHR|MD|WMD|SMD|AUC|AUROC|C|ICC|κ|k)s?\s?[\])])?\s*(?:(?:values?|estimates?|scores?)\s)?(?:(?:was|were|of|is|to be)\s)?[=:,~≈]?\s*(?:approximately |about )?[\[(]?\s?"
# "SHR for grade 2, 5.368", "kappa for location was 0.81".
# Numbers in what qualifies a metric are times: "the AUC at 3, 6 and 12 months was 0.70".
_FILL = (
    r"(?:[^.;()=\d]|\d+(?=\s?-?(?:,|\s?and\b|\s?or\b|\s?months?|\s?years?|\s?days?|\s?weeks?|\s?yr|\s?mo\b)))"
)
_QUALIFIED = (
    r"(?:\s?[\])])?(?:\s?[\[(]\d*\s?%?\s?(?:CI|confidence)[^()\[\]]*[\])])?(?:\s(?:reliability|agreement|values?|scores?))?"
    rf"(?:\s(?:for|of|in|with|between|among|at)\s{_FILL}{{1,110}}?(?:\d\w?)?(?:,|\swere|\swas|\sof|\s?=|:)\s?)?"
)
_KEYED: tuple[tuple[str, str], ...] = (
    (
        "hr",
        r"(?:(?:[Ss]ub-?distribution |[Aa]djusted |[Uu]nadjusted )*[Hh]azards? [Rr]atios?|\b[as]?HRs?|\bSHR|\bcHR|\bsub-?HRs?)",
    ),
    ("or", r"(?:[Oo]dds [Rr]atios?|\b[am]?ORs?(?=\s?[=:,\d(]|\s(?:of|was)\s|\sat\s\d))"),
    (
        "rr",
        r"(?:(?:[Rr]elative [Rr]isks?|[Rr]isk [Rr]atios?|[Rr]ate [Rr]atios?)|\ba?RRs?(?=\s?[=:,\d(]|\s(?:of|was)\s|\sat\s\d))",
    ),
    ("smd", r"(?:[Ss]tandardi[sz]ed [Mm]ean [Dd]ifferences?|\bSMD|Hedges.? g|Cohen.?s d)"),
    (
        "md",
        r"(?:(?:[Ww]eighted |[Aa]djusted )?[Mm]ean [Dd]ifferences?|[Bb]etween-group differences?|(?:[Aa]bsolute |[Rr]isk |[Pp]ooled |[Rr]ate )?[Dd]ifferences?(?=,?\s?(?:of |was |= ?)?[-+]?\d)|\b[aW]?MD(?=\s?[=:,\d(-]))",
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
        r"(?:(?:(?:weighted|Cohen.?s|Fleiss.?) )?kappas?(?: (?:value|coefficient|statistic|score)s?)?|κ)",
    ),
    ("icc", r"(?:intra-?class correlation(?: coefficients?)?|\bICCs?)"),
    ("sensitivity", r"\bsensitivit(?:y|ies)"),
    ("specificity", r"\bspecificit(?:y|ies)"),
    ("ppv", r"(?:positive predictive values?|\bPPVs?)"),
    ("npv", r"(?:negative predictive values?|\bNPVs?)"),
    ("brier", r"\bBrier(?: scores?)?"),
    ("calibration_slope", r"(?:calibration )?slopes?"),
    ("calibration_intercept", r"(?:calibration )?intercepts?"),
    ("accuracy", r"\b(?:overall |predictive |prognostic |diagnostic )*accurac(?:y|ies)"),
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
_NO_UNIT_BEHIND = r"(?!\s?(?:-\s?)?(?:months?|years?|year|month|patients|days))"
# "AUC (95% CI: 0.6-0.8)" names an interval's level, not an area of 95.
_NO_LEVEL_BEHIND = r"(?!\.?\d)(?!\s?%?\s?(?:-\s?)?(?:CI|C\.I\.|confidence|credible)\b)"
# What lies between 0 and 1, or is a percentage; another number beside such a name is a time or a count.
_SHARE = r"-?(?:0?\.\d+|1\.0+|[01](?![\d.,-]|\s?-)|\d{1,3}(?:\.\d+)?(?=\s?%))"
_SHARES = frozenset({"auc", "c_index", "kappa", "icc", "brier"})
_KEYED_PATTERNS = tuple(
    (
        measure,
        re.compile(
            rf"(?:{key}){_QUALIFIED}{_JOIN}(?P<value>{_SHARE if measure in _SHARES else NUMBER}){_NO_LEVEL_BEHIND}(?P<percent>\s?%)?{_NO_UNIT_BEHIND}",
            re.IGNORECASE if measure in _WORDED else 0,
        ),
    )
    for measure, key in _KEYED
)


def keyed_values(text: str) -> Iterator[Estimate]:
    """Yield the numbers that follow the name of a ratio, difference or metric, with those listed behind them."""
    for measure, pattern in _KEYED_PATTERNS:
        if (hint := _HINTS.get(measure)) and not hint.search(text):
            continue
        for match in pattern.finditer(text):
            first = _keyed(measure, match)
            yield first
            for start, end, value in _bare_values(text, match):
                yield Estimate(start, end, first.measure, value, first.unit)


# The long patterns are tried only on a sentence that has some of their letters.
_HINTS = {
    "hr": re.compile("HR|[Rr]atio"),
    "or": re.compile("OR|[Rr]atio"),
    "rr": re.compile("RR|[Rr]atio|[Rr]isk"),
    "smd": re.compile("SMD|tandardi|Hedges|Cohen"),
    "md": re.compile("MD|ifference"),
    "auc": re.compile("AUC|AUROC|under|UNDER"),
    "c_index": re.compile("[Cc][- ]?(?:ind|stat)|oncordance|Harrell"),
    "kappa": re.compile("κ|kappa", re.IGNORECASE),
    "icc": re.compile("icc|correl", re.IGNORECASE),
    "correlation": re.compile("[rρ] ?=|oefficient|Pearson|Spearman"),
    **{m: re.compile(m[:5], re.IGNORECASE) for m in ("sensitivity", "specificity", "brier")},
    **{m: re.compile(f"{m}|predictive", re.IGNORECASE) for m in ("ppv", "npv")},
    "calibration_slope": re.compile("slope", re.IGNORECASE),
    "calibration_intercept": re.compile("intercept", re.IGNORECASE),
    "accuracy": re.compile("accurac", re.IGNORECASE),
}


# A metric with its interval in front of its value: "AUC (95% CI 0.6-0.8) was 0.7".
_METRIC_LIST = re.compile(
    r"(?P<names>(?:\b(?:{0})(?:[\s-](?:values?|scores?))?(?:\s?\([A-Z]+\))?(?:\s?/\s?|,\s(?:and\s)?|\sand\s)?(?:the\s)?){{2,7}})"
    r"(?P<between>[^.;\d]{{0,80}}?)(?P<values>{1}(?:\s?%)?{2}(?:(?:\s?/\s?|\s?&\s?|,\s?(?:and\s)?|\sand\s)(?:{1})(?:\s?%)?{2}){{1,6}})(?![\d.]*\d)".format(
        "sensitivit(?:y|ies)|specificit(?:y|ies)|positive predictive values?|negative predictive values?|PPV|NPV|accurac(?:y|ies)|precision|recall|F1|AUC|AUROC|areas? under the curve",
        rf"(?:{NUMBER})",
        r"(?:\s?\([^()]*\))?",
    ),
    re.IGNORECASE,
)
_METRIC_NAMES = (
    ("sens", "sensitivity"),
    ("spec", "specificity"),
    ("pos", "ppv"),
    ("ppv", "ppv"),
    ("neg", "npv"),
    ("npv", "npv"),
    ("acc", "accuracy"),
    # As those who train models call them.
    ("prec", "ppv"),
    ("rec", "sensitivity"),
    ("f1", "f1"),
    ("au", "auc"),
    ("area", "auc"),
)
_METRIC_NAME = re.compile(
    r"sensitivit|specificit|positive predictive|negative predictive|PPV|NPV|accurac|\bprecision|\brecall|\bF1|\bAU(?:RO)?C|areas? under",
    re.IGNORECASE,
)


def _keyed(measure: str, match: re.Match[str]) -> Estimate:
    unit = "%" if match["percent"] else None
    value = number(match["value"])
    if measure in ("hr", "or", "rr") and match["value"] == "1":
        measure = "reference"  # "HR = 1" names the group that the others are held against
    if measure in ("hr", "or", "rr") and value < 0:
        measure = "md"  # no ratio is negative, whatever the text calls it
    return Estimate(match.start("value"), match.end("value"), measure, value, unit)


# "Odds ratio, 2.50 [1.45-4.31]), emergency admission (1.80 [1.11-2.92])": the measure is printed once.
_FURTHER_RATIO = re.compile(
    r"[(,;]\s?(?:[a-z][a-z-]+\s){0,2}(?P<value>\d+\.\d+)\s?[(\[,;]\s?(?:95\s?%\s?(?:CI|confidence interval),?:?\s?)?(?P<low>\d+\.\d+)\s?(?:-|to|,|;)\s?(?P<high>\d+\.\d+)\s?[)\],;]",
    re.IGNORECASE,
)
_RATIO_NAMES = (
    ("hr", re.compile(r"\bhazards? ratios?\b|\bHRs?\b")),
    ("or", re.compile(r"\b[Oo]dds ratios?\b|\bORs?\b")),
    ("rr", re.compile(r"\b(?:[Rr]isk ratios?|[Rr]elative risks?)\b|\bRRs?\b")),
)


def further_ratios(text: str) -> list[Estimate]:
    """Return the ratios of a sentence that name their measure once and print their intervals alone."""
    named = [(match.end(), measure) for measure, name in _RATIO_NAMES if (match := name.search(text))]
    found: list[Estimate] = []
    if len(named) != 1:
        return found
    ((start, measure),) = named
    for match in _FURTHER_RATIO.finditer(text, start):
        value, low, high = (number(match[part]) for part in ("value", "low", "high"))
        if low <= value <= high:
            found.append(Estimate(*match.span("value"), measure, value, ci_low=low, ci_high=high))
    return found


# Further coefficients behind the first: "were 0.81, 0.58 and 0.21". Whole numbers would be times or counts.
_FURTHER_COEFFICIENT = re.compile(rf"(?:\s?[\[(][^()\[\]]*[\])])?{LINK}(?P<value>0?\.\d+|1\.0+)(?![\d%])")


_FURTHER_RATIO_VALUE = re.compile(
    rf"(?:\s?[\[(][^()\[\]]*[\])])?{LINK}(?P<value>\d+\.\d+)(?![\d%])(?=,?\s(?:and|respectively|\()|,?\s\d)"
)
_RATIO_PATTERNS = frozenset(pattern for measure, pattern in _KEYED_PATTERNS if measure in ("hr", "or", "rr"))


def _bare_values(text: str, match: re.Match[str]) -> list[tuple[int, int, float]]:
    found: list[tuple[int, int, float]] = []
    position = match.end()
    further = _FURTHER_RATIO_VALUE if match.re in _RATIO_PATTERNS else _FURTHER_COEFFICIENT
    while not match["percent"] and (behind := further.match(text, position)):
        found.append(place(behind))
        position = behind.end()
    return found


# Digits that belong to the name of a scan: "F-18 FDG", "3 T", "68Ga".
_NAMES_OF_SCANS = re.compile(
    r"\bF-?\s?18\b|\b18-?F\b|\b\d(?:\.\d)?\s?(?:T|tesla)\b|\b68-?Ga\b|\b99m\w*", re.IGNORECASE
)
_METRIC_VALUE = re.compile(rf"(?P<value>{NUMBER})(?P<percent>\s?%)?")
# The same metrics of the next test: "... were 99% and 98% for PET, 88% and 82% for MRI".
_SAME_METRICS = re.compile(
    rf"\s?%?(?:[,;]|\s(?:in|for|by|with|using)\s[^.;\d()]{{1,40}})?[^.;\d()]{{0,50}}?\b(?:for|and|versus|vs\.?|compared (?:to|with)|against|were|was)\b[^.;\d()]{{0,40}}?"
    rf"(?<![\w.])(?P<values>(?:{NUMBER})(?:\s?%)?(?:(?:\s?/\s?|\s?&\s?|,\s?(?:and\s)?|\sand\s)(?:{NUMBER})(?:\s?%)?){{1,4}})(?![\d.]*\d)",
    re.IGNORECASE,
)


def metric_lists(text: str) -> list[Estimate]:
    """Return the values of "the sensitivity and specificity were 85% and 90%", in the order of the names."""
    found = []
    text = _NAMES_OF_SCANS.sub(lambda name: "x" * len(name.group()), text)
    for match in _METRIC_LIST.finditer(text):
        names = [
            next(metric for start, metric in _METRIC_NAMES if name.lower().startswith(start))
            for name in _METRIC_NAME.findall(re.sub(r"\([^()]*\)", " ", match["names"]))
        ]
        bare = re.sub(r"\([^()]*\)", lambda aside: " " * len(aside.group()), match["values"])
        values = list(_METRIC_VALUE.finditer(bare))
        if len(names) != len(values):
            continue
        found += _as_metrics(names, values, match.start("values"))
        position = match.end()
        while behind := _SAME_METRICS.match(text, position):
            values = list(_METRIC_VALUE.finditer(behind["values"]))
            if len(values) != len(names):
                break
            found += _as_metrics(names, values, behind.start("values"))
            position = behind.end()
    return found


def _as_metrics(names: list[str], values: list[re.Match[str]], offset: int) -> list[Estimate]:
    """Values in the order of their metrics' names; one sign of percent speaks for all."""
    unit = "%" if any(value["percent"] for value in values) else None
    return [
        Estimate(
            offset + value.start("value"),
            offset + value.end("value"),
            name,
            number(value["value"]),
            unit,
        )
        for name, value in zip(names, values, strict=True)
    ]
