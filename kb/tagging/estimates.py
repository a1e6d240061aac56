"""Estimates: the numbers of a results sentence, each with measure, unit, interval, p and n/N, as printed.

Works on one sentence; what the number is about (outcome, treatment) is decided in `results` and `tools`.
Values come one by one or as lists ("62, 45 and 33%", "sensitivity and specificity were 85% and 90%"); a list
shares the measure that stands in front of it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast, get_args

from kb.evidence import Measure
from kb.tagging.attachments import INTERVAL, with_counts, with_intervals, with_p_values
from kb.tagging.changes import way_of, with_baselines
from kb.tagging.estimate import Estimate
from kb.tagging.p_values import find_p_values
from kb.tagging.pairs import find_pairs
from kb.tagging.printed_numbers import NUMBER, UNITS, number, unit_name
from kb.tagging.ranges import find_ranges
from kb.tagging.worded_numbers import WordedNumber, baselines, find_worded_numbers

_JOIN = r"(?:\s?[\[(]\s?(?:a|s|m)?(?:HR|OR|RR|SHR|MD|WMD|SMD|AUC|AUROC|C|ICC|κ|k)s?\s?[\])])?\s*(?:(?:values?|estimates?|scores?)\s)?(?:(?:was|were|of|is|to be)\s)?[=:,~≈]?\s*(?:approximately |about )?[\[(]?\s?"
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
        r"(?:(?:[Ww]eighted |[Aa]djusted )?[Mm]ean [Dd]ifferences?|[Bb]etween-group differences?|(?:[Aa]bsolute |[Rr]isk |[Pp]ooled |[Rr]ate )?[Dd]ifferences?(?=,?\s?(?:of |was |= ?)?[-+]?\d)|\bW?MD(?=\s?[=:,\d(-]))",
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
# A metric with its interval in front of its value: "AUC (95% CI 0.6-0.8) was 0.7".
_METRIC_LIST = re.compile(
    r"(?P<names>(?:\b(?:{0})(?:\s?\([A-Z]+\))?(?:\s?/\s?|,\s(?:and\s)?|\sand\s)?(?:the\s)?){{2,5}})"
    r"(?P<between>[^.;\d]{{0,80}}?)(?P<values>{1}(?:\s?%)?{2}(?:(?:\s?/\s?|,\s(?:and\s)?|\sand\s)(?:{1})(?:\s?%)?{2}){{1,4}})(?![\d.]*\d)".format(
        "sensitivit(?:y|ies)|specificit(?:y|ies)|positive predictive values?|negative predictive values?|PPV|NPV|accurac(?:y|ies)",
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
)
_METRIC_NAME = re.compile(
    r"sensitivit|specificit|positive predictive|negative predictive|PPV|NPV|accurac", re.IGNORECASE
)
_LINK = r"(?:\s?/\s?|,\s?(?:and\s)?|\s(?:and|versus|vs\.?|or)\s)"
_CENTRAL = re.compile(
    rf"\b(?P<measure>median|mean|average)s?\b(?P<between>(?:(?!\b(?:median|mean|average)\b)[^.;]|\.(?=\d)){{0,110}}?)"
    rf"(?<![\w.$-])(?!(?:(?<=\bat )|(?<=\bafter )|(?<=\bwithin )|(?<=\bby ))\d+\s(?:days?|weeks?|months?|years?)\b)(?P<value>{NUMBER})(?:\s?±\s?(?:{NUMBER}))?\s?(?P<unit>{UNITS})?(?!-|\w)",
    re.IGNORECASE,
)
# A parenthesis that says nothing of medians and means itself: "(range 0-10)", "(VAS)".
_ASIDE = re.compile(r"\((?:(?!\b(?:median|mean|average)s?\b)[^()])*\)", re.IGNORECASE)
# "The mean decrease in pain was 26.9": the value is itself a change.
_IS_CHANGE = re.compile(
    r"\b(?:increase|decrease|reduction|improvement|decline|drop|gain|fall|rise|worsening|deterioration)s? (?:in|of)\b",
    re.IGNORECASE,
)
# "Bone density increased by 20%": the share is itself a change.
_CHANGED_BY_SHARE = re.compile(
    r"\b(?P<how>(?:increas|decreas|reduc|improv|declin|ris|rose|fell|fall|drop)\w*)\b(?:(?!\b(?:reported|achieved|experienced|seen)\b)[^.;%,]){0,60}\bby (?:an? )?(?:(?:mean|median|average) )?(?:of )?(?:about |approximately )?$",
    re.IGNORECASE,
)
_STANDARD_DEVIATION = re.compile(
    r"\b(?:SDs?|SEM?|standard (?:deviation|error))\b\s?[,:=]?\s?±?\s?\d[\d.,]*\s?(?:mL|ml|min|days|points)?"
)
_OF_SHARES = re.compile(
    r"\b(?:rates?|proportions?|incidences?|percentages?|frequenc\w+|shares?)\b", re.IGNORECASE
)
_BOTH_CENTRES = re.compile(r"\b(?:median and (?:mean|average)|(?:mean|average) and median)\b", re.IGNORECASE)
_PERCENT = re.compile(rf"(?<![\w.])(?P<value>{NUMBER})\s?(?:%|percent\b|per cent\b)")
# Numbers in front of "33%" that share its sign: "62, 45, and 33%", "84 and 64%".
_SHARED_SIGN = re.compile(rf"(?<![\w.%-])(?P<list>(?:(?:{NUMBER}){_LINK})+)$")
_NOT_MEASURED = re.compile(
    r"\b(?:age|aged|follow|dose|doses|Gy|BED|EQD2|number of|fractions?|volume|BMI|interval between|sample|years old|diameter|size|isodose)\b",
    re.IGNORECASE,
)
# "Median survival was 270 days, and 44 patients (22%) lived two years": no second median.
_COUNTED_THINGS = r"(?:patients|cases|lesions|studies|deaths|participants|women|men|(?:of|out of)\b|\()"
# "To 1-month follow-up was 26.3": when something was measured, and not the length of follow-up.
_SEEN_AGAIN = re.compile(
    r"\b(?:\d+(?:\.\d+)?[- ]?(?:day|week|month|year|mo|yr)s?|last|final|latest|each|every|to|at|until|through|after|during) follow-?\s?up\b",
    re.IGNORECASE,
)
_HAS_DIGIT = re.compile(r"\d")
_FINDING_MEASURES = frozenset(get_args(Measure)) - {"p_only", "text_only"}


def as_measure(measure: str) -> Measure | None:
    """Return the schema's measure of a finding, or None for one that only tools have."""
    return cast("Measure", measure) if measure in _FINDING_MEASURES else None


def find_estimates(text: str) -> list[Estimate]:
    """Return the estimates of a sentence (already `plain`), in order, each number once."""
    return list(_read(text)) if _HAS_DIGIT.search(text) else []


@lru_cache(maxsize=64)  # findings and tool performance read the same sentences of one record
def _read(text: str) -> tuple[Estimate, ...]:
    p_values = find_p_values(text)
    intervals = list(INTERVAL.finditer(text))
    blocked = [(p.start, p.end) for p in p_values] + [m.span() for m in intervals]
    blocked += [m.span() for m in _STANDARD_DEVIATION.finditer(text)]
    found: list[Estimate] = []
    for estimate in _metric_lists(text):
        _add(found, blocked, estimate)
    for measure, pattern in _KEYED_PATTERNS:
        for match in pattern.finditer(text):
            first = _keyed(measure, match)
            _add(found, blocked, first)
            for start, end, value in _bare_values(text, match):
                _add(found, blocked, Estimate(start, end, first.measure, value, first.unit))
    for further in _further_ratios(text):
        _add(found, blocked, further)
    for estimate in find_ranges(text):
        _add(found, blocked, estimate)
    blocked += baselines(text)
    for worded in find_worded_numbers(text):
        _add(found, blocked, _as_estimate(worded))
    _central(text, found, blocked)
    for estimate in find_pairs(text):
        _add(found, blocked, estimate)
    for match in _PERCENT.finditer(text):
        if not _range_or_limit(text, match):
            for start, end, value in (*_sharing_sign(text, match), _place(match)):
                measure = "md" if value < 0 else "percent"
                by = _CHANGED_BY_SHARE.search(text, max(0, start - 90), start)
                of_patients = re.match(r"\s?(?:%\s?)?of (?:\w+ ){0,2}(?:patients|cases|those)", text[end:])
                change = way_of(by["how"]) if by and not of_patients else None
                _add(found, blocked, Estimate(start, end, measure, value, "%", change=change))
    found.sort(key=lambda e: e.start)
    found = [with_counts(text, estimate) for estimate in found]
    found = with_intervals(text, found, intervals)
    return tuple(with_baselines(text, with_p_values(text, found, p_values)))


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


def _further_ratios(text: str) -> list[Estimate]:
    """The ratios of a sentence that name their measure once and print their intervals alone."""
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
_FURTHER_COEFFICIENT = re.compile(rf"(?:\s?[\[(][^()\[\]]*[\])])?{_LINK}(?P<value>0?\.\d+|1\.0+)(?![\d%])")


_FURTHER_RATIO_VALUE = re.compile(
    rf"(?:\s?[\[(][^()\[\]]*[\])])?{_LINK}(?P<value>\d+\.\d+)(?![\d%])(?=,?\s(?:and|respectively|\()|,?\s\d)"
)
_RATIO_PATTERNS = frozenset(pattern for measure, pattern in _KEYED_PATTERNS if measure in ("hr", "or", "rr"))


def _bare_values(text: str, match: re.Match[str]) -> list[tuple[int, int, float]]:
    found: list[tuple[int, int, float]] = []
    position = match.end()
    further = _FURTHER_RATIO_VALUE if match.re in _RATIO_PATTERNS else _FURTHER_COEFFICIENT
    while not match["percent"] and (behind := further.match(text, position)):
        found.append(_place(behind))
        position = behind.end()
    return found


def _as_estimate(worded: WordedNumber) -> Estimate:
    place = (worded.start, worded.end)
    return Estimate(
        *place,
        worded.measure,
        worded.value,
        worded.unit,
        changed_from=worded.changed_from,
        change=worded.change,
    )


def _place(match: re.Match[str]) -> tuple[int, int, float]:
    return match.start("value"), match.end(), number(match["value"])


def _sharing_sign(text: str, match: re.Match[str]) -> list[tuple[int, int, float]]:
    """The numbers of a list that ends in a percentage and prints the sign once."""
    ahead = _SHARED_SIGN.search(text, max(0, match.start() - 60), match.start())
    if ahead is None or re.search(r"(?:\bof\s|/\s?)$", text[: ahead.start()]):  # "15 of 21, 71%"
        return []
    found = [(m.start(), m.end(), number(m.group())) for m in re.finditer(NUMBER, ahead["list"])]
    offset = ahead.start("list")
    shares = all(0 <= value <= 100 for _, _, value in found)
    return [(start + offset, end + offset, value) for start, end, value in found] if shares else []


def _metric_lists(text: str) -> list[Estimate]:
    """ "The sensitivity and specificity were 85% and 90%": values in the order of the names."""
    found = []
    for match in _METRIC_LIST.finditer(text):
        names = [
            next(metric for start, metric in _METRIC_NAMES if name.lower().startswith(start))
            for name in _METRIC_NAME.findall(match["names"])
        ]
        bare = re.sub(r"\([^()]*\)", lambda aside: " " * len(aside.group()), match["values"])
        values = list(re.finditer(rf"(?P<value>{NUMBER})(?P<percent>\s?%)?", bare))
        if len(names) != len(values):
            continue
        signed = any(value["percent"] for value in values)
        offset = match.start("values")
        found += [
            Estimate(
                offset + value.start("value"),
                offset + value.end("value"),
                name,
                number(value["value"]),
                "%" if signed else None,
            )
            for name, value in zip(names, values, strict=True)
        ]
    return found


def _central(text: str, found: list[Estimate], blocked: list[tuple[int, int]]) -> None:
    """Add medians and means with the values listed behind them."""
    text = _ASIDE.sub(lambda aside: " " * len(aside.group()), text)
    for match in _CENTRAL.finditer(text):
        if not _states_value(text, match):
            continue
        measure = "median" if match["measure"].lower() == "median" else "mean"
        listed = _listed(text, match)
        unit = unit_name(match["unit"] or (listed[-1][3] if listed else None))
        values = [(match.start("value"), match.end(), number(match["value"])), *(v[:3] for v in listed)]
        both = len(values) == 2 and _BOTH_CENTRES.search(text, 0, match.start() + 20)
        for place, (start, end, value) in enumerate(values):
            turned = "mean" if both and (place == 0) != (both.group().lower().startswith("median")) else None
            told = ("median" if turned is None else turned) if both else measure
            if unit == "%" and _OF_SHARES.search(match["between"]):
                told = "percent"  # "the mean rate of improvement was 92.9%" is a pooled share
            change = way_of(match["between"]) if _IS_CHANGE.search(match["between"]) else None
            _add(found, blocked, Estimate(start, end, told, value, unit, change=change))
        if not both:
            first = Estimate(values[0][0], values[-1][1], measure, values[0][2], unit)
            _further(text, first, values[-1][1], found, blocked)


def _listed(text: str, match: re.Match[str]) -> list[tuple[int, int, float, str | None]]:
    """The further values of "16, 20 and 26 months": (start, end, value, unit)."""
    pattern = re.compile(
        rf"{_LINK}(?P<value>{NUMBER})(?![\d.]*\s?(?:%|-\s?[a-z]|{_COUNTED_THINGS}))\s?(?P<unit>{UNITS})?(?![\w])",
        re.IGNORECASE,
    )
    found: list[tuple[int, int, float, str | None]] = []
    position = match.end()
    while behind := pattern.match(text, position):
        found.append((behind.start("value"), behind.end(), number(behind["value"]), behind["unit"]))
        position = behind.end()
    return found


def _states_value(text: str, match: re.Match[str]) -> bool:
    """Whether "median ... 12 months" states a result: no range's end, no change by, no age, dose or follow-up."""
    between = match["between"]
    bare = re.sub(r"\b\d+(?:\.\d+)?\s?-\s?(?:year|month|week|day|yr|mo|point)s?\b", " ", between)
    bare = re.sub(r"\b(?:at|after|within|by) \d+ (?:day|week|month|year)s?\b", " ", bare)
    if re.search(
        r"\b(?:at|after|over|within|by) an?\s$",
        text[max(0, match.start() - 12) : match.start()],
        re.IGNORECASE,
    ):
        return False  # "at a median of 5 days" is when, not what
    if _NOT_MEASURED.search(_SEEN_AGAIN.sub(" ", between) + (match["unit"] or "")) or re.search(
        r"\d|\b(?:by|over|within|after|at|for|every)\s$|\b(?:CI|interval)\b", bare
    ):
        return False
    if re.search(r"\b(?:than|least|most|excess of|up to|under|over|every)\s$|[<>≤≥]\s?$", between):
        return False
    return not re.match(r"\s?(?:-|to)\s?[-+]?\d", text[match.end("value") :])


def _keyed(measure: str, match: re.Match[str]) -> Estimate:
    unit = "%" if match["percent"] else None
    value = number(match["value"])
    if measure in ("hr", "or", "rr") and match["value"] == "1":
        measure = "reference"  # "HR = 1" names the group that the others are held against
    if measure in ("hr", "or", "rr") and value < 0:
        measure = "md"  # no ratio is negative, whatever the text calls it
    return Estimate(match.start("value"), match.end("value"), measure, value, unit)


def _add(found: list[Estimate], blocked: list[tuple[int, int]], estimate: Estimate) -> bool:
    """Take an estimate unless its number belongs to another one, to an interval or to a p value."""
    inside = any(start <= estimate.start < end for start, end in blocked)
    if inside or any(e.start == estimate.start for e in found):
        return False
    found.append(estimate)
    return True


_CLAUSE_END = re.compile(r"[;]|\.\s|\b(?:median|mean|while the)\b", re.IGNORECASE)
_PLAINLY_FURTHER = re.compile(
    rf"\b(?:and|versus|vs\.?|compared (?:with|to)|than)\s+(?P<value>{NUMBER})(?=\s(?:in|for|with|after|among|at|points)\b|\s?\(|\s?[.,;)](?!\d)|\s*$)",
    re.IGNORECASE,
)
_FURTHER = re.compile(
    rf"\b(?:and|versus|vs\.?|compared (?:with|to)|,|(?<!more )(?<!less )(?<!longer )(?<!shorter )than|or|against|while|whereas)\s+(?:(?!more\b|less\b|longer\b|shorter\b)[a-z-]+\s){{0,9}}?(?P<value>{NUMBER})\s?(?P<unit>{UNITS})(?!\w)",
    re.IGNORECASE,
)


def _further(
    text: str, first: Estimate, position: int, found: list[Estimate], blocked: list[tuple[int, int]]
) -> None:
    """Take the values that follow a median or mean in the same clause: "10.4 months ... and 9.7 months for D"."""
    clause = _CLAUSE_END.search(text, position)
    limit = clause.start() if clause else len(text)
    for match in (_FURTHER if first.unit else _PLAINLY_FURTHER).finditer(text, position, limit):
        if first.unit is None or unit_name(match["unit"]) == first.unit:
            value = number(match["value"])
            _add(
                found,
                blocked,
                Estimate(match.start("value"), match.end(), first.measure, value, first.unit),
            )
            for start, end, listed in _sharing_unit(text, match.start("value"), position):
                _add(found, blocked, Estimate(start, end, first.measure, listed, first.unit))


_LISTED_AHEAD = re.compile(rf"(?:(?<![\w.%-])(?:{NUMBER}),\s)+(?:and\s)?$|(?<![\w.%-])(?:{NUMBER})\sand\s$")


def _sharing_unit(text: str, value: int, since: int) -> list[tuple[int, int, float]]:
    """The numbers of "22.1, 9.5, and 4.6 months" in front of the one that prints the unit."""
    ahead = _LISTED_AHEAD.search(text, max(since, value - 40), value)
    if ahead is None:
        return []
    offset = ahead.start()
    return [
        (m.start() + offset, m.end() + offset, number(m.group())) for m in re.finditer(NUMBER, ahead.group())
    ]


# "Reduced the risk by 61%", "an 89% reduction in mortality": relative to something, and no share of patients.
_RELATIVE = r"(?:risk|hazard|odds|incidence|rate|likelihood|probability|mortality)"
_RELATIVE_BEFORE = re.compile(
    rf"\b(?:reduc|decreas|lower|increas|rais|improv|cut)\w*\b[^.;%]{{0,90}}\b{_RELATIVE}s?\b[^.;%]{{0,60}}\bby (?:an? )?(?:about |approximately |almost |nearly |[~∼≈])?$|"
    rf"\b{_RELATIVE}s?\b[^.;%]{{0,40}}\b(?:reduced|decreased|lowered|increased|raised) by (?:about |approximately |[~∼≈])?$",
    re.IGNORECASE,
)
_RELATIVE_BEHIND = re.compile(
    rf"^\s?(?:relative )?(?:reduction|reduced|decreased?|increased?|lower|higher|greater) (?:in|of)?\s?(?:the )?(?:\w+ ){{0,2}}{_RELATIVE}\b",
    re.IGNORECASE,
)


def _range_or_limit(text: str, match: re.Match[str]) -> bool:
    """A percentage that is a range's end, a limit, a confidence level or a dose rather than a result."""
    before, after = text[: match.start()], text[match.end() :]
    return bool(
        re.match(
            r"\s*-?\s*(?:CI|IC|confidence|credible|PI\b|prediction interval|limits? of agreement|isodose|of the (?:prescri|prescription))",
            after,
            re.IGNORECASE,
        )
        or re.match(r"\s?(?:-|to)\s?\d", after)
        or (match["value"].startswith("-") and re.search(r"[\d%]$", before))
        or re.search(r"\b(?:CI|confidence intervals?)\s?[:=]?\s?$", before)
        or re.search(r"\d\s?%?\s?(?:-|\bto)\s?$", before)
        or re.search(r"\b(?:I\s?2|I²|I-squared|heterogeneity)\s?(?:statistic)?\s?(?:was|of|=|:)?\s?$", before)
        or re.search(
            r"(?:[<>≤≥±]|\b(?:least|than|most|range|ranging|threshold|cut-?off|power|level|up to|exceed(?:ed|ing|s)?|beyond|over|under|above|below) (?:of |from )?)\s?$",
            before,
        )
        or re.match(
            r"\s?of (?:the |all )?(?:model |simulation )?(?:iterations|simulations|fractures|failures|leaks|leakages|deaths|recurrences|complications|events)\b",
            after,
        )
        or re.search(
            r"\b(?:of (?:which|these|those|whom|them)|most (?:often|common(?:ly)?|frequent(?:ly)?))\b[^.;]{0,60}$",
            before,
        )
        or re.match(
            r"\)?\s?of (?:the )?(?:included |eligible )?(?:studies|trials|articles|papers|reports|respondents|surgeons|physicians|statements)\b",
            after,
        )
        or re.match(r"\s?of (?:the )?(?:planning|prescri\w+|clinical|gross) (?:target|tumou?r|dose)", after)
        or re.match(r"\s?(?:isodose|power|of the (?:total )?dose|increase in dose)", after)
        or _RELATIVE_BEFORE.search(before)
        or _RELATIVE_BEHIND.match(after)
        or re.search(
            r"\b(?:[Gg]roups?|[Cc]lasses|[Cc]ategories)\b[^.;%]{0,30}\b(?:included|comprised|contained|consisted of)\b[^.;]{0,40}$",
            before,
        )
    )
