"""How tools did, as papers report it: figures quoted, compared only within one paper, never ranked by AUC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlite_utils import Database

from graph.questions import evidence
from graph.questions.answers import CitedStudy, ToolFigure, cite
from graph.questions.asked import Asked
from graph.questions.composing import cited_study, place
from graph.questions.evidence import Row
from graph.questions.understanding import Understanding
from kb.evidence import Span
from kb.prognosis.remarks import Remark, read_comparing_remarks, read_tested_tools
from kb.summary.sentences import Citation, Cite, Derived, Name, Part, Quoted, Sentence
from kb.vocabulary.concept import load_vocabulary

DISCRIMINATION = ("auc", "c_index")
CALIBRATION = ("calibration_slope", "calibration_intercept", "brier")
MOST_FIGURES = 60
MOST_TOOLS = 10
MOST_CONCLUSIONS = 3


def figures_for(db: Database, understanding: Understanding, asked: Asked) -> tuple[ToolFigure, ...]:
    """Return the reported figures of the question's tools; papers that report both sides come first."""
    mine, others = asked.subjects_all, asked.comparators_all
    if (
        understanding.kind not in ("prediction", "reliability", "versus", "effect")
        or understanding.intervention
    ):
        return ()
    rows = evidence.figures(db, mine | others, understanding.metrics)
    tools: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        tools[row["pmid"]].add(row["tool"])
    both = {pmid for pmid, named in tools.items() if named & mine and named & others}
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
    papers = list({figure.study.pmid: figure.study for figure in figures}.values())
    if understanding.comparator and any(figure.together for figure in figures):
        return tuple(_against(figures, understanding))
    what = "how far raters agree" if understanding.kind == "reliability" else "how these tools performed"
    several = len(papers) != 1
    counted = Derived(str(len(papers)), _basis(papers))
    return (
        Sentence((counted, " papers report " if several else " paper reports ", what, cite(papers), ".")),
    )


def comparing_sentences(db: Database, understanding: Understanding, asked: Asked) -> tuple[Sentence, ...]:
    """Where no tool is named, as in "which score predicts best?": what papers on several conclude, the largest first."""
    named = any(term.role in ("tool", "comparator") for term in understanding.terms)
    if understanding.kind != "prediction" or named or understanding.corrected:
        return ()
    tested = read_tested_tools(db.conn, sorted(asked.subjects_all))
    several = [pmid for pmid, tools in sorted(tested.items()) if len(tools) > 1]
    return tuple(
        _conclusion(remark) for remark in read_comparing_remarks(db.conn, several)[:MOST_CONCLUSIONS]
    )


def _conclusion(remark: Remark) -> Sentence:
    citation = Citation(remark.pmid, Span(remark.section, remark.start, remark.end, remark.text))
    size: list[Part] = []
    if remark.patients:
        size = [" in ", Derived(str(remark.patients), "patients of the paper cited"), " patients"]
    opening: list[Part] = ["A paper that sets several tools side by side", *size, " says: “"]
    return Sentence((*opening, Quoted(remark.text, citation), "”", Cite((citation,))))


def usage_sentences(db: Database, tools: Collection[str], labels: Mapping[str, str]) -> tuple[Sentence, ...]:
    """Which instruments are used most, with the papers that use them."""
    users = evidence.users(db, tools)
    sentences = []
    for tool, pmids in sorted(users.items(), key=lambda entry: (-len(entry[1]), entry[0]))[:MOST_TOOLS]:
        words = " papers use or test " if len(pmids) != 1 else " paper uses or tests "
        cited = Cite(tuple(Citation(pmid) for pmid in sorted(pmids)))
        counted = Derived(str(len(pmids)), f"counted from {len(pmids)} records")
        sentences.append(Sentence((counted, words, Name(labels[tool]), cited, ".")))
    return tuple(sentences)


def _basis(papers: Sequence[CitedStudy]) -> str:
    return f"counted from {len(papers)} paper{'' if len(papers) == 1 else 's'}"


def _against(figures: Sequence[ToolFigure], understanding: Understanding) -> Iterator[Sentence]:
    """Who discriminated better within the same papers, and who reported calibration there."""
    pairs = list(_pairs(figures, understanding))
    both = list({figure.study.pmid: figure.study for figure in figures if figure.together}.values())
    basis = _basis(both)
    if pairs:
        better = sum(one.value > other.value for one, other in pairs)
        parts: list[Part] = [
            "Within the same papers, the tools asked about reached the higher discrimination in "
        ]
        parts += [Derived(str(better), basis), " of ", Derived(str(len(pairs)), basis), " pairs of figures"]
        yield Sentence((*parts, cite(both), "."))
    elif both:
        yield Sentence((Derived(str(len(both)), basis), " papers report on both sides", cite(both), "."))
    calibrated = list(
        {f.study.pmid: f.study for f in figures if f.together and f.metric in CALIBRATION}.values()
    )
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
        if figure.together and figure.metric in DISCRIMINATION:
            by_test[(figure.study.pmid, figure.metric, figure.horizon_months, figure.setting)].append(figure)
    others = _narrower(understanding.comparator)
    for group in by_test.values():
        mine = [figure for figure in group if figure.tool not in others]
        theirs = [figure for figure in group if figure.tool in others]
        yield from ((one, other) for one in mine for other in theirs)


def _narrower(tools: Sequence[str]) -> frozenset[str]:
    return load_vocabulary().with_narrower(frozenset(tools))
