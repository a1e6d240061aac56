"""How tools did, as papers report it: figures quoted, compared only within one paper, never ranked by AUC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlite_utils import Database

from graph.questions import evidence
from graph.questions.answers import ToolFigure, cite
from graph.questions.asked import Asked
from graph.questions.composing import cited_study, place
from graph.questions.evidence import Row
from graph.questions.understanding import Understanding
from kb.summary.sentences import Derived, Part, Sentence
from kb.vocabulary.concept import load_vocabulary

DISCRIMINATION = ("auc", "c_index")
CALIBRATION = ("calibration_slope", "calibration_intercept", "brier")
MOST_FIGURES = 40


def figures_for(db: Database, understanding: Understanding, asked: Asked) -> tuple[ToolFigure, ...]:
    """Return the reported figures of the question's tools; papers that report both sides come first."""
    if not understanding.tool or understanding.kind in ("instruments", "cost"):
        return ()
    if asked.outcomes and understanding.kind not in ("prediction", "reliability", "versus", "effect"):
        return ()
    mine, others = asked.subjects_all, asked.comparators_all
    rows = evidence.figures(db, mine | others, understanding.metrics)
    tools: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        tools[row["pmid"]].add(row["tool"])
    both = {pmid for pmid, named in tools.items() if named & mine and named & others}
    if others and both:
        rows = [row for row in rows if row["pmid"] in both]
    rows.sort(
        key=lambda row: (row["pmid"] not in both, place(row["level_nass"]), -(row["year"] or 0), row["pmid"])
    )
    return tuple(_figure(row, row["pmid"] in both) for row in rows[:MOST_FIGURES])


def _figure(row: Row, together: bool) -> ToolFigure:
    return ToolFigure(
        *(row["tool"], row["metric"], row["value"], row["ci_low"], row["ci_high"], row["setting"]),
        *(
            row["horizon_months"],
            row["n"],
            cited_study(row, "descriptive", [row]),
            evidence.quote(row),
            together,
        ),
    )


def tool_sentences(
    figures: Sequence[ToolFigure], understanding: Understanding, labels: Mapping[str, str]
) -> tuple[Sentence, ...]:
    """What the figures say together: who discriminated better within the same papers, and who was calibrated."""
    if not figures:
        return ()
    papers = list(dict.fromkeys(figure.study for figure in figures))
    pmids = list({study.pmid: study for study in papers}.values())
    basis = f"counted from {len(pmids)} paper{'' if len(pmids) == 1 else 's'}"
    if understanding.kind == "reliability":
        words = (
            " papers report how far raters agree"
            if len(pmids) != 1
            else " paper reports how far raters agree"
        )
        return (Sentence((Derived(str(len(pmids)), basis), words, cite(pmids), ".")),)
    if not understanding.comparator:
        words = (
            " papers report how these tools performed"
            if len(pmids) != 1
            else " paper reports how these tools performed"
        )
        return (Sentence((Derived(str(len(pmids)), basis), words, cite(pmids), ".")),)
    return tuple(_against(figures, understanding, basis))


def _against(figures: Sequence[ToolFigure], understanding: Understanding, basis: str) -> Iterator[Sentence]:
    pairs = list(_pairs(figures, understanding))
    both = list({figure.study.pmid: figure.study for figure in figures if figure.together}.values())
    if pairs:
        better = sum(one.value > other.value for one, other in pairs)
        parts: list[Part] = ["Within the same papers, the first side reached the higher discrimination in "]
        parts += [Derived(str(better), basis), " of ", Derived(str(len(pairs)), basis), " pairs of figures"]
        yield Sentence((*parts, cite(both), "."))
    elif both:
        yield Sentence((Derived(str(len(both)), basis), " papers report on both sides", cite(both), "."))
    calibrated = list({f.study.pmid: f.study for f in figures if f.metric in CALIBRATION}.values())
    if calibrated:
        yield Sentence(
            (
                "Calibration was reported as a number in ",
                Derived(str(len(calibrated)), basis),
                cite(calibrated),
                ".",
            )
        )
    elif both:
        yield Sentence(
            (
                "None of these gives a calibration figure that could be read, and discrimination says nothing of calibration",
                cite(both),
                ".",
            )
        )


def _pairs(
    figures: Sequence[ToolFigure], understanding: Understanding
) -> Iterator[tuple[ToolFigure, ToolFigure]]:
    """Figures of either side of the same kind, at the same time, in the same paper."""
    by_test: dict[tuple[str, str, float | None, str], list[ToolFigure]] = defaultdict(list)
    for figure in figures:
        if figure.metric in DISCRIMINATION:
            by_test[(figure.study.pmid, figure.metric, figure.horizon_months, figure.setting)].append(figure)
    others = _narrower(understanding.comparator)
    for group in by_test.values():
        mine = [figure for figure in group if figure.tool not in others]
        theirs = [figure for figure in group if figure.tool in others]
        yield from ((one, other) for one in mine for other in theirs)


def _narrower(tools: Sequence[str]) -> frozenset[str]:
    return load_vocabulary().with_narrower(frozenset(tools))
