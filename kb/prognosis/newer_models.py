"""The question "do newer models outperform the classic scores?" put to a knowledge base."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from kb.prognosis.head_to_head import (
    Answer,
    Comparison,
    answer_newer_against_classic,
    compare_tools,
    papers_on_both,
)
from kb.prognosis.performance import read_figures
from kb.prognosis.remarks import (
    read_calibration_remarks,
    read_comparing_remarks,
    read_tested_tools,
)
from kb.prognosis.rule_files import load_rules


@dataclass(frozen=True, slots=True)
class NewerModels:
    """The answer, every comparison of tools that is held, and the PMIDs of all papers that were looked at."""

    answer: Answer
    comparisons: tuple[Comparison, ...]
    papers: tuple[str, ...]


def read_newer_against_classic(connection: sqlite3.Connection) -> NewerModels:
    """Answer the question from what is stored; the rule files tell which tools are classic and which newer."""
    comparisons = compare_tools(read_figures(connection))
    generations = {rule.id: rule.generation for rule in load_rules().values()}
    survival_tools = [tool for tool, generation in generations.items() if generation != "other"]
    tested = read_tested_tools(connection, survival_tools)
    compared = (comparison.pmid for comparison in comparisons)
    papers = tuple(dict.fromkeys((*compared, *papers_on_both(tested, generations))))
    remarks = read_calibration_remarks(connection, papers)
    voices = read_comparing_remarks(connection, papers_on_both(tested, generations))
    answer = answer_newer_against_classic(comparisons, generations, tested, remarks, voices)
    return NewerModels(answer, comparisons, papers)
