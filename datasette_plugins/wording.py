"""How pages say what the database keeps in codes and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from markupsafe import Markup

from datasette_plugins.charts import PERCENT, ForestRow, discrimination_scale, forest, ratio_scale
from kb.evidence import GradeLetter
from kb.grading.before_treatment import BETTER, WORSE, against_before
from kb.grading.certainty import PRE_FILLED, grade_words
from kb.prognosis.head_to_head import Comparison
from kb.prognosis.performance import Figure
from kb.summary.words import MEASURES, NOT_NAMED, SETTINGS, design_words, study_words, untold_words

KINDS = {"intervention": "interventions", "outcome": "outcomes", "condition": "conditions", "tool": "tools"}
CONSISTENCY = {
    "consistent": "the studies agree",
    "conflicting": "the studies conflict",
    "single_study": "one study only",
    "descriptive_only": "no study says which did better",
}
ROLES = {
    "studied": "studied",
    "comparator": "compared with",
    "background": "background",
    "measured": "measured",
    "evaluated": "put to the test",
    "used": "used",
    "mentioned": "mentioned",
}


def number(value: float | int | None) -> str:
    """A number as papers print it: no trailing zeros, thousands apart."""
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def counted(count: int, one: str) -> str:
    """How many there are: "1 paper", "1,200 papers"."""
    return f"{number(count)} {one}{'' if count == 1 else 's'}"


def result(row: Mapping[str, Any]) -> str:
    """The value of a finding: "hazard ratio 0.5 (0.3 to 0.8), p=0.01, at 12 months"."""
    name = MEASURES.get(row["measure"], "")
    parts = []
    if row["value"] is not None:
        unit = row["unit"] or ""
        parts.append(f"{name} {number(row['value'])}{unit if unit == '%' else ' ' + unit}".strip())
        if row["ci_low"] is not None:
            parts[-1] += f" (interval {number(row['ci_low'])} to {number(row['ci_high'])})"
    if row["p_relation"] == "ns":
        parts.append("not significant")
    elif row["p"] is not None:
        parts.append(f"p{row['p_relation']}{row['p']:g}")
    if row["timepoint_months"] is not None:
        parts.append(f"at {horizon(row['timepoint_months'])}")
    if row["n"] is not None:
        parts.append(f"of {number(row['n'])}")
    return ", ".join(parts) or "no number read"


def performance(row: Mapping[str, Any]) -> str:
    """A tool's figure with its interval."""
    unit = (
        "%"
        if row["value"] > 1 and row["metric"] not in ("calibration_slope", "calibration_intercept")
        else ""
    )
    text = f"{number(row['value'])}{unit}"
    if row["ci_low"] is not None:
        text += f" ({number(row['ci_low'])} to {number(row['ci_high'])})"
    return text


def metric(name: str) -> str:
    """A metric's name in words."""
    return MEASURES.get(name, name.replace("_", " "))


def setting(name: str) -> str:
    """Where a tool's figure was obtained."""
    return SETTINGS.get(name, "setting not stated")


def direction(row: Mapping[str, Any]) -> str:
    """Which side a finding favours, in words."""
    if (
        row["direction"].startswith("favours_")
        and not row["comparator_label"]
        and against_before(row.get("direction_reason"))
    ):
        return BETTER if row["direction"] == "favours_intervention" else WORSE
    if row["direction"] == "favours_intervention":
        over = f" over {NOT_NAMED}" if row["intervention_label"] and not row["comparator_label"] else ""
        return f"favours {row['intervention_label'] or NOT_NAMED}{over}"
    if row["direction"] == "favours_comparator":
        return f"favours {row['comparator_label'] or NOT_NAMED}"
    return (
        "no difference" if row["direction"] == "no_difference" else untold_words(row["p"], row["p_relation"])
    )


def claim_counts(row: Mapping[str, Any]) -> str:
    """How the studies of a claim point: "2 favour SBRT, 1 no difference"."""
    versus = row["comparator_label"] or NOT_NAMED
    better, worse = row.get("better_than_before"), row.get("worse_than_before") or 0
    # A claim counted before this was looked at does not know against what its studies tell.
    over = "" if row["comparator_label"] or better is None else f" over {NOT_NAMED}"
    better = better or 0
    parts = [
        (row["favours_intervention"] - better, f"favour{{}} {row['subject_label']}{over}"),
        (better, f"report{{}} results {BETTER}"),
        (row["favours_comparator"] - worse, f"favour{{}} {versus}"),
        (worse, f"report{{}} results {WORSE}"),
        (row["no_difference"], "no difference"),
        (row["descriptive"], _untold(row)),
    ]
    return ", ".join(f"{n} {text.format('s' if n == 1 else '')}" for n, text in parts if n)


def _untold(row: Mapping[str, Any]) -> str:
    """What studies do that favour neither side of a claim."""
    if row.get("subject_kind") == "tool":
        return "report{} figures of it"
    return "report{} both without saying which did better" if row["comparator_label"] else "report{} it alone"


def consistency(row: Mapping[str, Any]) -> str:
    """How far the studies of a claim agree; figures of a tool have no direction to agree on."""
    if row["subject_kind"] == "tool" and row["consistency"] == "descriptive_only":
        return "figures as reported, not compared"
    return CONSISTENCY[row["consistency"]]


def outcome(row: Mapping[str, Any]) -> str:
    """What a claim is about."""
    unnamed = "Reported performance" if row["subject_kind"] == "tool" else "Outcome not named"
    return row["outcome_label"] or unnamed


def study(row: Mapping[str, Any]) -> str:
    """A study's design, with the question that gave a case series its level."""
    return study_words(row["design"], row["level_nass"], row["question"])


def grade(letter: str | None) -> str:
    """A grade of recommendation in words: "fair evidence"."""
    return grade_words(cast("GradeLetter", letter)) if letter else "not graded yet"


def grade_status(row: Mapping[str, Any]) -> str:
    """How a claim's grade came about: by rule, and whether a reviewer signed one beside it."""
    return "pre-filled by rule" if row["signed_grade"] else PRE_FILLED


def levels(row: Mapping[str, Any]) -> list[tuple[str, int]]:
    """(level, number of studies) of a claim for the levels that occur."""
    columns = (
        ("I", "level_i"),
        ("II", "level_ii"),
        ("III", "level_iii"),
        ("IV", "level_iv"),
        ("V", "level_v"),
        ("none", "no_level"),
    )
    return [(level, row[column]) for level, column in columns if row[column]]


def forest_rows(pool: Mapping[str, Any]) -> list[ForestRow]:
    """The lines of a claim's forest plot: its studies, the summary, and where a further study may lie."""
    studies = [ForestRow(_who(r), r["value"], r["low"], r["high"]) for r in pool["inputs"]]
    summary = ForestRow(
        f"Summary of {pool['studies']} studies",
        pool["estimate"],
        pool["ci_low"],
        pool["ci_high"],
        derived=True,
    )
    further = ForestRow(
        "Prediction", pool["estimate"], pool["predicted_low"], pool["predicted_high"], derived=True
    )
    return [*studies, summary, further]


def _who(result: Mapping[str, Any]) -> str:
    paper = result["paper"] or {}
    first = (paper.get("authors_text") or f"PMID {result['pmid']}").split(";")[0].split(",")[0]
    return f"{first[:18]} {paper.get('year') or ''}".strip()


def individual_forest(results: Mapping[str, Any]) -> Markup:
    """The forest plot of single results, in order of time, told in words as well."""
    rows = [
        ForestRow(
            f"{_who(one)}, {_when(one['months'])}",
            *(one["value"], one["low"], one["high"]),
            beside="interval derived" if one["derived"] else "",
        )
        for one in results["results"]
    ]
    name = MEASURES.get(results["measure"], "") or "percent"
    listed = "; ".join(f"{row.label}: {row.figures}" for row in rows)
    return forest(
        rows,
        ratio_scale(rows) if results["ratio"] else PERCENT,
        said=f"Forest plot of single results, {name}, not pooled: {listed}",
    )


def discrimination_forest(figures: Sequence[Figure], setting: str) -> Markup:
    """The forest plot of a tool's reported discrimination, in order of time ahead and year, told in words as well."""
    rows = [
        ForestRow(
            f"{_who({'pmid': one.pmid, 'paper': asdict(one)})}, {_when(one.horizon_months)}",
            *(one.value, one.ci_low, one.ci_high),
            beside=metric(one.metric),
        )
        for one in figures
    ]
    listed = "; ".join(f"{row.label}: {row.figures}" for row in rows)
    return forest(
        rows,
        discrimination_scale(rows),
        said=f"Forest plot of reported discrimination, {setting}, not ranked; 0.5 is no better than chance. {listed}",
    )


def _when(months: float | None) -> str:
    return "time not stated" if months is None else horizon(months)


def pool_forest(pool: Mapping[str, Any]) -> Markup:
    """The forest plot of a summary, told in words as well."""
    name = MEASURES.get(pool["measure"], "") or "percent"
    said = (
        f"Forest plot, {name}, {pool['time_window']}: {pool['studies']} studies, derived summary"
        f" {pool['estimate']:.3g} ({pool['ci_low']:.3g} to {pool['ci_high']:.3g})"
    )
    rows = forest_rows(pool)
    return forest(rows, ratio_scale(rows) if pool["ratio"] else PERCENT, said=said)


def design(name: str) -> str:
    """A study design in words."""
    return design_words(name)


def figure(reported: Figure) -> str:
    """A tool's figure with its interval: "0.78 (0.74 to 0.82)"."""
    interval = ""
    if reported.ci_low is not None and reported.ci_high is not None:
        interval = f" ({reported.ci_low:g} to {reported.ci_high:g})"
    return f"{reported.value:g}{interval}"


def horizon(months: float | None) -> str:
    """For how long ahead a tool foretells."""
    if months is None:
        return "not stated"
    rounded = round(months, 1)
    return f"{number(rounded)} month{'' if rounded == 1 else 's'}"


def calibration(comparison: Comparison) -> str:
    """What a paper reports of the calibration of the tools that it compares."""
    tools = {reported.tool for reported in comparison.figures}
    told = len(tools & comparison.calibrated)
    brier = len(tools & comparison.brier)
    words = f"{told} of {len(tools)} tools" if told else "not read"
    return f"{words}; Brier score of {brier}" if brier else words
