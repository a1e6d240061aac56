"""What the pages of prognostic tools show: the rule as known, figures by where they come from, tools side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from datasette_plugins.readings import papers
from kb.prognosis.head_to_head import compare_tools
from kb.prognosis.newer_models import read_newer_against_classic
from kb.prognosis.performance import NO_PREDICTION, Figure, read_figures, tool_tables
from kb.prognosis.remarks import read_calibration_remarks, read_tested_tools
from kb.prognosis.rule import Item, Rule
from kb.prognosis.rule_files import load_rules


def tool_evidence(connection: sqlite3.Connection, tool: str, kind: str) -> Mapping[str, Any]:
    """Return the rule of a tool, its reported figures and its comparisons; what is not there is None or empty.

    A tool of a `kind` that foretells nothing is not compared by prediction; such figures stand with their sentences.
    """
    figures = read_figures(connection, tool)
    comparisons = [c for c in compare_tools(figures) if any(figure.tool == tool for figure in c.figures)]
    rule = load_rules().get(tool)
    predicts = kind not in NO_PREDICTION
    table = tool_tables(figures).get(tool)
    discrimination = (*table.external, *table.development, *table.unclear) if table else ()
    return {
        "predicts": predicts,
        "told": by_sentence(table.other if table else ()),
        "misplaced": () if predicts else by_sentence(discrimination),
        "rule": rule,
        "table": table,
        "calibration_beside": partial(calibration_beside, calibration=table.calibration if table else ()),
        "comparisons": comparisons if predicts else [],
        "remarks": read_calibration_remarks(connection, read_tested_tools(connection, [tool])),
        "held": held_pmids(connection, rule.pmids if rule else ()),
        "answers": answers,
    }


def by_sentence(figures: Iterable[Figure]) -> list[list[Figure]]:
    """Figures of one sentence together: the sentence alone tells what each of them was measured on."""
    found: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        found.setdefault((figure.pmid, figure.text), []).append(figure)
    return list(found.values())


def calibration_beside(
    discrimination: Iterable[Figure], calibration: Iterable[Figure]
) -> list[tuple[str, list[Figure], Figure]]:
    """For each paper with a figure of discrimination: its figures of calibration and overall error, perhaps none."""
    papers = {figure.pmid: figure for figure in discrimination}
    told = list(calibration)
    return [(pmid, [one for one in told if one.pmid == pmid], paper) for pmid, paper in papers.items()]


def side_by_side(connection: sqlite3.Connection) -> Mapping[str, Any]:
    """Return all comparisons and the answer to whether newer models outperform the classic scores."""
    found = read_newer_against_classic(connection)
    rules = load_rules().values()
    return {
        "answer": found.answer,
        "uncounted": papers(connection, found.answer.uncounted),
        "comparisons": found.comparisons,
        "testing": found.papers,
        "classic": [rule for rule in rules if rule.generation == "classic"],
        "newer": [rule for rule in rules if rule.generation == "newer"],
    }


def held_pmids(connection: sqlite3.Connection, pmids: Iterable[str]) -> frozenset[str]:
    """Return those of the papers that this knowledge base holds."""
    wanted = tuple(pmids)
    marks = ", ".join("?" for _ in wanted)
    rows = connection.execute(f"SELECT pmid FROM records WHERE NOT deleted AND pmid IN ({marks})", wanted)
    return frozenset(pmid for (pmid,) in rows)


def answers(item: Item) -> list[tuple[str, int | None]]:
    """The answers to a question in words, each with its points."""
    if item.is_number:
        ends = [
            (f"{band.low:g}" if band.low == band.high else f"{band.low:g} to {band.high:g}", band.points)
            for band in item.bands
        ]
        return [(f"{words} {item.unit}", points) for words, points in ends]
    return [(choice.label, choice.points) for choice in item.choices]


def form_answers(rule: Rule, given: Mapping[str, Any]) -> dict[str, str]:
    """The answers that a form sent, by question; texts are cut where nobody would type on."""
    return {item.name: str(given.get(item.name) or "")[:60] for item in rule.items}
