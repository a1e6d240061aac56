"""Metrics: the figures by which a sentence says how well a tool did, each with its metric and interval, as printed.

Numbers come one by one or as lists ("0.72, 0.68 and 0.61"), with their metric in front ("AUC of 0.72") or right behind
("85% sensitivity"). A number belongs to the name that stands last in front of it; names of what is no metric of a tool
(hazard ratio, cut-off, p) take their numbers away. Names are data (metrics.toml). Whose figure it is, is decided in `tools`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kb.tagging.numbers.p_values import find_p_values
from kb.tagging.numbers.printed_numbers import number
from kb.tagging.prognostic.metric_intervals import (
    INTERVAL,
    Interval,
    find_intervals,
    stands_behind,
    stands_between,
    without_asides,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reported:
    """A printed figure: `start`, `end` are its offsets in the sentence, `run` numbers the list of values it stands in."""

    start: int
    end: int
    metric: str
    value: float
    run: int = 0
    percent: bool = False
    ci_low: float | None = None
    ci_high: float | None = None


@dataclass(frozen=True, slots=True)
class _Name:
    start: int
    end: int
    metric: str


@dataclass(frozen=True, slots=True)
class _Names:
    """metrics.toml, compiled: one pattern with a group for each metric."""

    pattern: re.Pattern[str]
    groups: dict[str, str]
    percent: frozenset[str]
    bare: frozenset[str]
    calibration: re.Pattern[str]


@cache
def _names() -> _Names:
    table = tomllib.loads(files("kb.tagging.prognostic").joinpath("metrics.toml").read_text(encoding="utf-8"))
    entries = [*table["metric"], {"name": _OTHER, "patterns": table["other"]["patterns"]}]
    parts = [f"(?P<g{place}>{'|'.join(entry['patterns'])})" for place, entry in enumerate(entries)]
    return _Names(
        re.compile("|".join(parts), re.IGNORECASE),
        {f"g{place}": entry["name"] for place, entry in enumerate(entries)},
        frozenset(entry["name"] for entry in table["metric"] if entry.get("percent")),
        frozenset(entry["name"] for entry in table["metric"] if entry.get("bare")),
        re.compile(table["calibration"]["needs"], re.IGNORECASE),
    )


def metric_names() -> frozenset[str]:
    """Return the metrics that metrics.toml knows, for checking them against the schema."""
    return frozenset(_names().groups.values()) - {_OTHER}


# A quick look: most sentences print no share or name no metric.
_SHARE = re.compile(r"\.\d|\d\s?%|percent")
_WORTH_READING = (
    "auc", "auroc", "roc", "area", "concordance", "accura", "sensitivit", "specificit", "kappa", "κ", "k=", "k =", "correlation", "icc",
    "predictive", "ppv", "npv", "brier", "slope", "intercept", "index", "indices", "statistic", "c value", "c-value", "c=", "c =", "harrell",
    "uno", "consistency rate", "coincidence rate", "accordance", "precision", "recall",
)  # fmt: skip
_VALUE = re.compile(
    r"(?<![\w.])(?P<sign>[-+]\s?)?(?P<number>\d{1,3}\.\d+|\.\d+|\d{1,3})(?P<percent>\s?%|\s?percent\b)?(?![\w%]|\.\d|,\d{3})"
)
_NO_VALUE = re.compile(
    r"(?:±\s?|[<>≤≥]\s?=?\s?|\b[nN]\s?=\s?|\b(?:more|less|greater|higher|lower|better|worse) than\s|\b(?:above|below|over|under|exceed\w*|least|than|most|cut-?off of|threshold of)\s(?:the\s|an?\s)?|(?<![.\d])\d+\s?/\s?)$"
)
_UNIT_BEHIND = re.compile(
    r"\s?-?\s?(?:[<>≤≥]|months?|mo\b|years?|yrs?|days?|weeks?|points?|patients|cases|of \d|Gy|mL|cm|mm|h\b|hours?|min|times|x\b|×|fold|-?(?:point|item|year|month|day|fold))",
    re.IGNORECASE,
)
_CONFIDENCE_BEHIND = re.compile(
    r"\s?-?\s?(?:CI|C\.I|IC\b|confidence|credible|limits? of|level|threshold|cut-?off)", re.IGNORECASE
)
_LINK = re.compile(
    r"\s*(?:[,;/]\s*(?:and\s|or\s)?|and\s|or\s|vs\.?\s|versus\s|to\s|-|compared (?:with|to)\s|as well as\s)\s*(?:to\s)?[:=]?\s*",
    re.IGNORECASE,
)
# What a percentage is of, when it is no metric's: people, not a share of right answers.
_OF_PEOPLE = re.compile(
    r"\s?(?:of|among)\s(?:the\s|all\s|these\s|our\s)?(?:\w+\s)?(?:patients|cases|cohort|participants|raters|surgeons|lesions|total)\b",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"\b(?:approximately|about|indicat\w+|mean\w*|which|patients|of whom|respectively,? (?:for|with) (?:mortality|survival) of)\b"
)


def find_metrics(text: str) -> list[Reported]:
    """Return the figures of tools that a sentence (already `plain`) prints, in order, each number once."""
    lowered = text.lower()
    if not any(word in lowered for word in _WORTH_READING) or not _SHARE.search(text):
        return []
    names = _find_names(text)
    if all(name.metric == _OTHER for name in names):
        return []
    intervals = find_intervals(text)
    blocked = [(p.start, p.end) for p in find_p_values(text)] + [(one.start, one.end) for one in intervals]
    values = _runs(text, _find_values(text, names, blocked), intervals)
    found = _with_metrics(text, names, values)
    return [_with_interval(text, one, intervals, names) for one in found if _plausible(one)]


def _find_names(text: str) -> list[_Name]:
    known = _names()
    found: list[_Name] = []
    calibrates = bool(known.calibration.search(text))
    for match in known.pattern.finditer(text):
        metric = known.groups[match.lastgroup or ""]
        if metric in known.bare and not calibrates:
            metric = _OTHER
        if metric == _OTHER and _OUTCOME.match(match.group()) and _is_object(text, found, match.start()):
            continue  # "the AUC for 90-day mortality was": what is foretold
        last = found[-1] if found else None
        gap = text[last.end : match.start()] if last else ""
        if last and last.metric == metric and re.fullmatch(r"\s?[\[(]?\s?(?:the )?|\s?of (?:the )?", gap):
            found[-1] = _Name(
                last.start, match.end(), metric
            )  # "area under the curve (AUC)", "AUC of the ROC"
        else:
            found.append(_Name(match.start(), match.end(), metric))
    return found


_OUTCOME = re.compile(r"mortality|survival|risk of|incidence|rates? of|prevalence", re.IGNORECASE)


def _is_object(text: str, found: Sequence[_Name], start: int) -> bool:
    """Whether an outcome stands behind a metric that still waits for its value."""
    if not found or found[-1].metric == _OTHER:
        return False
    between = _bare(text[found[-1].end : start])
    return not re.search(r"\d\.\d|\d\s?%|[;]", between) and bool(
        re.search(r"\b(?:for|of|in|predict\w*|estimat\w*|on|at)\b", between)
    )


def _find_values(text: str, names: Sequence[_Name], blocked: Sequence[tuple[int, int]]) -> list[Reported]:
    """Numbers that may be figures; the metric is still open."""
    found: list[Reported] = []
    for match in _VALUE.finditer(text):
        start = match.start("number")
        if any(a <= start < b for a, b in blocked) or any(n.start <= start < n.end for n in names):
            continue
        percent = match["percent"] is not None
        if "." not in match["number"] and re.match(r"\s?/\s?\d", text[match.end() : match.end() + 3]):
            continue  # "12/40"
        signed = (match["sign"] or "").strip() == "-" and _is_sign(text, match)
        if _NO_VALUE.search(text, max(0, match.start() - 24), match.start() if match["sign"] else start):
            continue
        behind = match.end()
        if (
            _UNIT_BEHIND.match(text, behind)
            or _CONFIDENCE_BEHIND.match(text, behind)
            or (percent and _OF_PEOPLE.match(text, behind))
        ):
            continue
        printed = number(match["number"])
        if not percent and "." not in match["number"] and not (printed == 1 and found):
            # A whole number is a figure only where its list prints the sign: "85, 70 and 66%".
            if not _shares_sign(text, match.end()):
                continue
            percent = True
        if (
            not percent
            and printed > 1.5
            and found
            and found[-1].percent
            and (_LINK.fullmatch(_bare(_without_interval(text[found[-1].end : start]))))
        ):
            percent = True  # "81.9% (...), 84.5% (...) and 85.8 (...)"
        value = -printed if signed else printed
        found.append(Reported(start, match.end(), "", value, percent=percent))
    return found


def _is_sign(text: str, match: re.Match[str]) -> bool:
    """Whether the dash in front of a number is a minus: it touches the number and no other number touches it."""
    before = text[: match.start()]
    return match["sign"] == "-" and bool(re.search(r"[(\[=:,]\s?$|[^\d%)\]\s]\s$", before))


def _shares_sign(text: str, end: int) -> bool:
    return bool(
        re.match(
            r"(?:(?:\s?,\s?(?:and\s)?|\sand\s|\s?/\s?|\sversus\s|\svs\.?\s)\d{1,3}(?:\.\d+)?){1,5}\s?%",
            text[end:],
        )
    )


def _bare(text: str) -> str:
    """Leave out what stands in parentheses, and a parenthesis's loose half."""
    return re.sub(r"^[^()\[\]]{0,12}[\])]|[\[(][^()\[\]]{0,4}$", " ", without_asides(text))


def _runs(text: str, values: Sequence[Reported], intervals: Sequence[Interval]) -> list[Reported]:
    """Number the lists of values: only commas, "and", "versus" and asides part the values of one list."""
    result: list[Reported] = []
    run = -1
    parts = list(text)
    for interval in intervals:
        parts[interval.start : interval.end] = " " * (interval.end - interval.start)
    text = "".join(parts)
    for value in values:
        last = result[-1] if result else None
        gap = text[last.end : value.start] if last else ""
        linked = last is not None and _LINK.fullmatch(_bare(_without_interval(gap))) is not None
        run += not linked
        result.append(replace(value, run=run))
    return result


def _without_interval(gap: str) -> str:
    gap = re.sub(r"^\s?±\s?\d*\.\d+", "", gap)
    return re.sub(rf"^\s?,?\s?{INTERVAL.pattern}\s?[\])]?", "", gap, flags=re.IGNORECASE)


def _with_metrics(text: str, names: Sequence[_Name], values: Sequence[Reported]) -> list[Reported]:
    found: list[Reported] = []
    for run in sorted({value.run for value in values}):
        members = [value for value in values if value.run == run]
        previous = found[-1] if found else None
        found += _named_run(text, names, members, previous)
    return found


def _named_run(
    text: str, names: Sequence[_Name], members: Sequence[Reported], previous: Reported | None
) -> list[Reported]:
    """Give the values of one list their metrics; without one they are left out."""
    first = members[0]
    ahead = [name for name in names if name.end <= first.start]
    if behind := _name_behind(text, names, members):
        return [replace(members[-1], metric=behind)] if behind != _OTHER else []
    if not ahead:
        return []
    listed = _listed_names(text, ahead)
    if len(listed) > 1:
        if len(listed) == len(members):
            pairs = zip(members, listed, strict=True)
            return [
                replace(v, metric=n.metric)
                for v, n in pairs
                if n.metric != _OTHER and _reaches(text, n, v, None)
            ]
        return []
    name = ahead[-1]
    if name.metric == _OTHER or (
        previous is not None
        and previous.start > name.end
        and _is_range(text, members)
        and not re.search(r"\d\s?-\s?$", text[: previous.start])
    ):
        return []
    if (
        name.metric == "calibration_intercept"
        and first.value > 0
        and text[name.end : first.start].strip() == "-"
    ):
        members = [replace(first, value=-first.value), *members[1:]]  # "intercept - 0.024"
    since = previous if previous is not None and previous.start > name.end else None
    return [replace(v, metric=name.metric) for v in members if _reaches(text, name, v, since)]


def _is_range(text: str, members: Sequence[Reported]) -> bool:
    """ "[0.92-0.99]" behind other values: the span of values told no further."""
    return (
        len(members) == 2
        and text[members[0].end : members[1].start].strip() == "-"
        and bool(re.search(r"[\[(]\s?$", text[: members[0].start]))
    )


def _name_behind(text: str, names: Sequence[_Name], members: Sequence[Reported]) -> str | None:
    """ "85% sensitivity": the metric right behind the last value of a list of one."""
    last = members[-1]
    if len(members) > 1 or not last.percent or re.search(r"(?:=|:|\bof|\bwas|\bis)\s?$", text[: last.start]):
        return None
    behind = next((name for name in names if name.start >= last.end), None)
    gap = text[last.end : behind.start] if behind else ""
    return behind.metric if behind and re.fullmatch(r"\s+(?:overall\s|for\s)?", without_asides(gap)) else None


def _listed_names(text: str, ahead: Sequence[_Name]) -> list[_Name]:
    """The names that stand in one list with the last one: "sensitivity, specificity and AUC"."""
    listed = [ahead[-1]]
    for name in reversed(ahead[:-1]):
        gap = without_asides(text[name.end : listed[0].start])
        gap = (
            re.sub(r"^\s?\(?\w{0,5}\)?\s?(?=[,\s])", " ", gap)
            if "(" in text[name.end : name.end + 3]
            else gap
        )
        if not re.fullmatch(r"\s*(?:[,/&]|and|or|, and|as well as)\s*(?:the\s|overall\s|and\s)*\s*", gap):
            break
        listed.insert(0, name)
    metrics = [name.metric for name in listed if name.metric != _OTHER]
    return listed if len(set(metrics)) == len(metrics) else [ahead[-1]]


def _reaches(text: str, name: _Name, value: Reported, since: Reported | None) -> bool:
    """Whether a name speaks for a value: nothing may stand between that makes the value another thing."""
    known = _names()
    if value.percent and name.metric not in known.percent and not 20 <= value.value <= 100:
        return False
    start = since.end if since else name.end
    between = _bare(text[start : value.start])
    if ". " in between and re.search(r"\.\s[A-Z]", between):
        return False
    if value.percent or name.metric in known.bare:
        if since is not None and (
            since.percent != value.percent or len(between) > 90 or _LOOSE.search(between)
        ):
            return False
        return len(between) < 160 and not re.search(r"\bpatients (?:had|were|with|who)\b", between)
    if since is not None and since.percent:
        return False
    return len(between) < 260


def _plausible(one: Reported) -> bool:
    """A share between 0 and 1, a percentage, or, of calibration, a number near 0 and 1."""
    if one.metric in _names().bare:
        return not one.percent and -6 <= one.value <= 6
    if one.percent:
        return 0 <= one.value <= 100
    low = -1 if one.metric in ("kappa", "icc") else 0
    return low <= one.value <= 1 or (
        one.metric in ("auc", *_names().percent) and 20 <= one.value <= 100 and one.percent
    )


def _with_interval(
    text: str, one: Reported, intervals: Sequence[Interval], names: Sequence[_Name]
) -> Reported:
    """Attach the interval right behind a value, or the one between its name and the value, if it holds the value."""
    named = max((n.end for n in names if n.metric == one.metric and n.end <= one.start), default=None)
    for interval in intervals:
        between = named is not None and stands_between(text, named, one.start, interval)
        if between or stands_behind(text, one.end, interval):
            return _holding(one, interval.low, interval.high)
    return one


def _holding(one: Reported, low: float, high: float) -> Reported:
    if not one.percent and one.value <= 1 < low and high <= 100:
        low, high = round(low / 100, 6), round(high / 100, 6)  # "0.787 (74.6%-82.8%)"
    return replace(one, ci_low=low, ci_high=high) if low <= one.value <= high else one
