"""Tool performance: how well a prognostic tool did, as reported: metric, interval, horizon, patients, setting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast, get_args

from kb.evidence import Design, Metric, Setting, ToolPerformance
from kb.tagging.attachments import INTERVAL, with_intervals
from kb.tagging.estimate import Estimate
from kb.tagging.estimates import find_estimates
from kb.tagging.horizons import in_order
from kb.tagging.printed_numbers import NUMBER, number, plain
from kb.tagging.times import find_times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.tagging.article import Article, Named, Sentence

_METRICS = frozenset(get_args(Metric))
_NOT_SCORED = frozenset({"scale", "instrument"})
_FURTHER = re.compile(
    rf"(?:,|\band\b|\bversus\b|\bvs\.?|,\s?and|;|\bfor\b|\()\s*(?P<value>0?\.\d+|(?:{NUMBER})\s?%)",
    re.IGNORECASE,
)


def read_tool_performance(
    article: Article, design: Design, patients: int | None, under_test: frozenset[str]
) -> tuple[ToolPerformance, ...]:
    """Return the reported performance rows of prognostic tools in printed order, each once."""
    rows: list[ToolPerformance] = []
    seen: set[tuple[object, ...]] = set()
    spoken_of: str | None = None  # the tool that the sentence before was about
    for sentence in article.in_zones("results", "conclusion"):
        rows_here = list(_rows(article, sentence, design, patients, under_test, spoken_of))
        scored = [n.concept.id for n in sentence.of_kind("tool") if n.concept.type not in _NOT_SCORED]
        spoken_of = scored[-1] if scored else spoken_of
        for row in rows_here:
            key = (row.tool, row.metric, row.value, row.horizon_months)
            if key not in seen:
                seen.add(key)
                rows.append(row)
    return tuple(rows)


def _rows(
    article: Article,
    sentence: Sentence,
    design: Design,
    patients: int | None,
    under_test: frozenset[str],
    spoken_of: str | None,
) -> Iterator[ToolPerformance]:
    text = plain(sentence.text)
    estimates = [e for e in find_estimates(text) if e.measure in _METRICS and _plausible(e)]
    if not estimates:
        return
    estimates = _with_further(text, estimates)
    named = [
        n for n in sentence.of_kind("tool") if n.concept.type not in _NOT_SCORED or n.concept.id in under_test
    ]
    tools = _tools_of(text, estimates, named, under_test, article, spoken_of)
    horizons = _horizons(text, estimates)
    for index, (estimate, tool) in enumerate(zip(estimates, tools, strict=True)):
        if tool is None:
            continue
        yield ToolPerformance(
            span=sentence.span(),
            tool=tool,
            metric=cast("Metric", estimate.measure),
            value=estimate.value,
            setting=_setting(article, text, estimate, design, tool in under_test),
            ci_low=estimate.ci_low,
            ci_high=estimate.ci_high,
            horizon_months=horizons[index],
            n=patients,
        )


def _horizons(text: str, estimates: Sequence[Estimate]) -> list[float | None]:
    """The time of each value: a list of times in the values' order, else the nearest, one in front before one behind."""
    times = find_times(text)
    if listed := in_order(text, times, estimates):
        return [t.months for t in listed]
    single = [t for t in times if t.of == 1]
    found: list[float | None] = []
    for e in estimates:
        near = [(e.start - t.end if t.end <= e.start else 2 * (t.start - e.end), t.months) for t in single]
        found.append(min(near)[1] if near else None)
    return found


def _plausible(estimate: Estimate) -> bool:
    """A proportion between 0 and 1, or a percentage; a slope or intercept may be anything near it."""
    if estimate.measure in ("calibration_slope", "calibration_intercept"):
        return -5 <= estimate.value <= 5
    return 0 <= estimate.value <= (100 if estimate.unit == "%" else 1)


def _with_further(text: str, estimates: list[Estimate]) -> list[Estimate]:
    """Take the bare values behind a named metric as well: "AUC 0.72 for A and 0.68 for B"."""
    found = {e.start: e for e in estimates}
    taken = [(e.start, e.end) for e in estimates]
    from_measures = [e for e in find_estimates(text) if e.measure not in _METRICS]
    taken += [(e.start, e.end) for e in from_measures if e.measure != "percent"]
    for match in _FURTHER.finditer(text):
        start = match.start("value")
        before = [e for e in estimates if e.end <= start]
        if not before or any(a <= start < b for a, b in taken):
            continue
        last = before[-1]
        between = text[last.end : start]
        printed = match["value"]
        if (
            ". " in between
            or re.search(r"\b[Pp]\s?[=<>]|CI\b|confidence", between[-25:])
            or (last.unit == "%") != printed.endswith("%")
        ):
            continue
        if (
            last.ci_low is not None
            and re.search(rf"{re.escape(printed)}", text[last.end : last.end + 40])
            and float(printed.rstrip("% ")) in (last.ci_low, last.ci_high)
        ):
            continue
        found.setdefault(
            start, Estimate(start, match.end("value"), last.measure, number(printed.rstrip("% ")), last.unit)
        )
    return with_intervals(text, [found[start] for start in sorted(found)], list(INTERVAL.finditer(text)))


def _tools_of(
    text: str,
    estimates: Sequence[Estimate],
    named: Sequence[Named],
    under_test: frozenset[str],
    article: Article,
    spoken_of: str | None,
) -> list[str | None]:
    """The tool of each value: lists in order, else the nearest name, else the one spoken of or that the title tests."""
    distinct = list(dict.fromkeys(n.concept.id for n in named))
    if len(distinct) == len(estimates) > 1:
        return list(distinct)
    if not distinct:
        scored = [t for t in under_test if article.vocabulary.concepts[t].type not in _NOT_SCORED]
        only = scored[0] if len(scored) == 1 else spoken_of
        return [only] * len(estimates)
    if len(distinct) == 1:
        return [None if _of_something_else(text, e, named) else distinct[0] for e in estimates]
    result: list[str | None] = []
    for estimate in estimates:
        behind = [
            n
            for n in named
            if n.start >= estimate.end
            and re.fullmatch(
                r"[^;]{0,40}\b(?:for|by|with|of|in)\s(?:the\s)?(?:\w+\s)?", text[estimate.end : n.start]
            )
            and not re.search(r"\d", text[estimate.end : n.start])
        ]
        ahead = [n for n in named if n.end <= estimate.start]
        chosen = behind[0] if behind else ahead[-1] if ahead else None
        result.append(chosen.concept.id if chosen else None)
    return result


_FOR = re.compile(r"(?:\s?[\[(][^()\[\]]*[\])])?\sfor\s(?:the\s|an?\s)?(?=[a-z])")
# What a value may be "for" without being another predictor's: an outcome, a time, a group of patients.
_TARGETS = re.compile(
    r"(?:predict|surviv|mortal|death|each|both|all|internal|external|train|test|valid|develop|one|two|three|six|twelve|complicat|fracture|local|"
    r"non|inter|intra|patients?|short|long|overall|outcome|discriminat|calibrat|identif|model|score|this|these|its|post|early|late|\d)",
    re.IGNORECASE,
)


def _of_something_else(text: str, estimate: Estimate, named: Sequence[Named]) -> bool:
    """ "0.74 for the score and 0.59 for age": the second is no figure of the score."""
    behind = _FOR.match(text, estimate.end)
    if behind is None or any(behind.end() - 4 <= n.start <= behind.end() + 1 for n in named):
        return False
    return not _TARGETS.match(text, behind.end())


def _setting(article: Article, text: str, estimate: Estimate, design: Design, tested: bool) -> Setting:
    if estimate.measure in ("kappa", "icc"):
        return "reliability"
    training = re.search(
        r"\b(?:training|development|derivation) (?:set|cohort|group|sample)", text, re.IGNORECASE
    )
    if design == "external_validation" and tested and not training:
        return "external_validation"
    if re.search(r"\bexternal(?:ly)?[- ]validat\w+|\bexternal (?:cohort|test|set)", text, re.IGNORECASE):
        return "external_validation"
    if re.search(
        r"\binternal(?:ly)?[- ]validat\w+|\bbootstrap\w*|\bcross-validat\w+|\b(?:test(?:ing)?|validation|hold-?out) (?:set|cohort|group|sample)",
        text,
        re.IGNORECASE,
    ):
        return "internal_validation"
    if training:
        return "development"
    internal = any(
        re.search(r"\binternal(?:ly)?[- ]validat\w+", s.text, re.IGNORECASE) for s in article.sentences
    )
    return "internal_validation" if design == "prediction_model_development" and internal else "unclear"
