"""Tools side by side on the same patients, and the answer to "do newer models outperform the classic scores?".

Two figures may be compared only where one paper reports both with the same metric, horizon and number of patients:
an AUC of one cohort says nothing against an AUC of another. The answer counts papers, not pairs: one paper with many
tools and horizons speaks once. What the largest papers without such figures conclude stands before the tally. The
answer cites and never ranks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kb.prognosis.performance import Figure
from kb.prognosis.remarks import Remark
from kb.prognosis.rule import Generation

QUESTION = "Do newer models outperform the classic scores?"
Winner = Literal["newer", "classic", "equal"]
Verdict = Literal["no_comparison", "own_data_only", "newer", "classic", "mixed"]
# Where a paper gives a tool's figure twice, the one furthest from the data it was made from is taken.
_SETTINGS = ("external_validation", "internal_validation", "unclear", "development")
# So many papers that could not be counted are quoted, the largest first.
MOST_VOICES = 3
_CLEAR: tuple[set[Winner], ...] = ({"newer"}, {"classic"})
_OWN = ("development", "internal_validation")
_LIMITS = (
    "A higher figure means better sorting of patients by risk, not right probabilities; the tools are not ranked,"
    " papers of one cohort may be counted more than once, and the differences were not tested here."
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two or more tools on the same patients of one paper. `calibrated` names those whose calibration it reports."""

    pmid: str
    metric: str
    horizon_months: float | None
    n: int | None
    figures: tuple[Figure, ...]
    calibrated: frozenset[str]
    brier: frozenset[str]

    @property
    def paper(self) -> Figure:
        """A figure that names the paper: its title, year and authors."""
        return self.figures[0]


@dataclass(frozen=True, slots=True)
class Pair:
    """A newer tool against a classic one in a comparison."""

    comparison: Comparison
    newer: Figure
    classic: Figure

    @property
    def winner(self) -> Winner:
        """Which of the two has the higher figure."""
        if self.newer.value == self.classic.value:
            return "equal"
        return "newer" if self.newer.value > self.classic.value else "classic"

    @property
    def apart(self) -> bool | None:
        """Whether the two intervals lie apart; None where one of them is not given."""
        ends = (self.newer.ci_low, self.newer.ci_high, self.classic.ci_low, self.classic.ci_high)
        if any(end is None for end in ends):
            return None
        newer_low, newer_high, classic_low, classic_high = (end or 0.0 for end in ends)
        return newer_low > classic_high or classic_low > newer_high

    @property
    def own_data(self) -> bool:
        """Whether one of the tools was judged on the data it was made from, which favours it.

        A paper that makes a model and does not say where a newer tool was judged is taken to have used its own data.
        """
        makes_it = self.newer.design == "prediction_model_development" and self.newer.setting == "unclear"
        return makes_it or self.newer.setting in _OWN or self.classic.setting in _OWN

    @property
    def both_calibrated(self) -> bool:
        """Whether the paper reports the calibration of both."""
        return {self.newer.tool, self.classic.tool} <= self.comparison.calibrated

    def as_json(self) -> dict[str, Any]:
        """Return the pair as plain values."""
        return {
            "pmid": self.comparison.pmid,
            "metric": self.comparison.metric,
            "horizon_months": self.comparison.horizon_months,
            "patients": self.comparison.n,
            "newer": {"tool": self.newer.tool, "value": self.newer.value, "key": self.newer.key},
            "classic": {"tool": self.classic.tool, "value": self.classic.value, "key": self.classic.key},
            "higher": self.winner,
            "intervals_apart": self.apart,
            "own_data": self.own_data,
            "calibration_of_both": self.both_calibrated,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer in sentences, each with the PMIDs it rests on, over the pairs it was counted from.

    `uncounted` are papers that test newer and classic tools without figures that may be compared, and `voices` what the
    largest of them say of how the tools compare; `remarks` are sentences on calibration of counted and uncounted papers.
    """

    question: str
    verdict: Verdict
    sentences: tuple[tuple[str, tuple[str, ...]], ...]
    pairs: tuple[Pair, ...]
    left_out: tuple[Pair, ...]
    uncounted: tuple[str, ...]
    remarks: tuple[Remark, ...]
    voices: tuple[Remark, ...] = ()

    @property
    def pmids(self) -> tuple[str, ...]:
        """The papers counted."""
        return _pmids(self.pairs)

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain values."""
        return {
            "question": self.question,
            "verdict": self.verdict,
            "sentences": [{"text": said, "pmids": list(pmids)} for said, pmids in self.sentences],
            "pairs": [pair.as_json() for pair in self.pairs],
            "uncounted_pmids": list(self.uncounted),
            "uncounted_remarks": [{"pmid": told.pmid, "text": told.text} for told in self.voices],
            "calibration_remarks": [{"pmid": told.pmid, "text": told.text} for told in self.remarks],
        }

    @property
    def text(self) -> str:
        """All sentences with their PMIDs."""
        return " ".join(
            f"{said} [PMID {', '.join(pmids)}]" if pmids else said for said, pmids in self.sentences
        )


def compare_tools(figures: Iterable[Figure]) -> tuple[Comparison, ...]:
    """Return every comparison of two or more tools, by year and paper, the tools of each in the order of their names."""
    figures = tuple(figures)
    groups: dict[tuple[str, str, float | None, int | None], dict[str, Figure]] = {}
    for figure in figures:
        if figure.kind == "agreement" or figure.setting == "reliability":
            continue
        group = groups.setdefault((figure.pmid, figure.metric, figure.horizon_months, figure.n), {})
        held = group.get(figure.tool)
        if held is None or _setting_place(figure) < _setting_place(held):
            group[figure.tool] = figure
    found = [
        Comparison(
            pmid,
            metric,
            horizon,
            n,
            tuple(sorted(group.values(), key=lambda figure: figure.label.lower())),
            _tools_with(figures, pmid, "calibration"),
            _tools_with(figures, pmid, "overall_error"),
        )
        for (pmid, metric, horizon, n), group in groups.items()
        if len(group) > 1
    ]
    return tuple(sorted(found, key=_comparison_place))


def answer_newer_against_classic(
    comparisons: Sequence[Comparison],
    generations: Mapping[str, Generation],
    tested: Mapping[str, frozenset[str]] | None = None,
    remarks: Sequence[Remark] = (),
    voices: Sequence[Remark] = (),
) -> Answer:
    """Return the answer to `QUESTION`, counted from comparisons by AUC or C-index.

    `generations` tells which tools are classic and which newer (from the rule files); others are left out.
    `tested` tells which tools each paper puts to the test, so that papers without comparable figures are named, and
    `remarks` are what the papers say of calibration; `voices` are what papers say of how tools compare, the largest
    paper first. A figure below 0.5 sorts patients worse than chance, most
    likely because the score runs the other way: such pairs are named and not counted.
    """
    pairs = [pair for comparison in comparisons for pair in _pairs(comparison, generations)]
    counted = tuple(pair for pair in pairs if min(pair.newer.value, pair.classic.value) >= 0.5)
    left_out = tuple(pair for pair in pairs if pair not in counted)
    papers = papers_on_both(tested or {}, generations)
    uncounted = tuple(pmid for pmid in papers if pmid not in _pmids(counted))
    about = {*_pmids(counted), *uncounted}
    told = tuple(remark for remark in remarks if remark.pmid in about)
    verdict = _verdict(counted)
    heard = tuple(voice for voice in voices if voice.pmid in uncounted)[:MOST_VOICES]
    sentences = tuple(_sentences(verdict, counted, left_out, uncounted, told, heard))
    return Answer(QUESTION, verdict, sentences, counted, left_out, uncounted, told, heard)


def papers_on_both(
    tested: Mapping[str, frozenset[str]], generations: Mapping[str, Generation]
) -> tuple[str, ...]:
    """Return the papers that put a newer and a classic tool to the test."""
    return tuple(
        pmid
        for pmid, tools in sorted(tested.items())
        if {"newer", "classic"} <= {generations.get(tool, "other") for tool in tools}
    )


def _pairs(comparison: Comparison, generations: Mapping[str, Generation]) -> list[Pair]:
    if comparison.figures[0].kind != "discrimination":
        return []
    newer = [figure for figure in comparison.figures if generations.get(figure.tool) == "newer"]
    classic = [figure for figure in comparison.figures if generations.get(figure.tool) == "classic"]
    return [Pair(comparison, one, other) for one in newer for other in classic]


def _verdict(pairs: Sequence[Pair]) -> Verdict:
    """The direction over comparisons on data that neither tool was made from; any disagreement is "mixed"."""
    if not pairs:
        return "no_comparison"
    winners = {pair.winner for pair in pairs if not pair.own_data}
    if not winners:
        return "own_data_only"
    if winners == {"newer"}:
        return "newer"
    return "classic" if winners == {"classic"} else "mixed"


_VERDICTS: Mapping[Verdict, str] = {
    "no_comparison": "This can't be counted from the papers held here: from none could the figures of a newer and a classic"
    " survival tool be read on the same patients, by the same measure and at the same horizon.",
    "own_data_only": "This can't be answered from the papers held here: newer tools were set against classic ones only on"
    " data that one of them was made from.",
    "newer": "By the figures that could be read, the newer tools sort patients better: they had the higher figure in every"
    " paper that set them side by side on data that neither tool was made from.",
    "classic": "By the figures that could be read, no: the classic tools had the higher figure in every paper that set them"
    " side by side on data that neither tool was made from.",
    "mixed": "Not settled: the papers held here do not all point the same way, and this is not averaged away.",
}


def _headline(verdict: Verdict, uncounted: Sequence[str], voices: Sequence[Remark]) -> str:
    """The first sentence: it names no winner while papers on both stand outside the tally."""
    if not uncounted or verdict not in ("newer", "classic"):
        return _VERDICTS[verdict]
    largest = max((voice.patients or 0 for voice in voices), default=0)
    size = f", the largest of them in {largest} patients" if largest else ""
    return (
        f"Not settled: the {verdict} tools had the higher figure in every paper whose figures could be read, but"
        f" {_count(len(uncounted), 'paper')} on both could not be counted{size}."
    )


def _sentences(
    verdict: Verdict,
    pairs: Sequence[Pair],
    left_out: Sequence[Pair],
    uncounted: Sequence[str],
    remarks: Sequence[Remark],
    voices: Sequence[Remark],
) -> Iterable[tuple[str, tuple[str, ...]]]:
    yield _headline(verdict, uncounted, voices), ()
    for voice in voices:
        size = f" ({voice.patients} patients)" if voice.patients else ""
        yield f"A paper that could not be counted{size} says: “{voice.text}”", (voice.pmid,)
    if uncounted:
        many = len(uncounted) != 1
        yield (
            f"{_count(len(uncounted), 'paper')} put{'' if many else 's'} newer and classic tools to the test, but no figures"
            " that may be compared could be read: read what they say before you rely on the tally.",
            tuple(uncounted),
        )
    if pairs:
        studies = _pmids(pairs)
        yield (
            f"{_count(len(studies), 'paper')} set{'s' if len(studies) == 1 else ''} newer against classic survival tools by"
            f" AUC or C-index{_patients(pairs)}: {_count(len(pairs), 'pair')} of one tool against another at one"
            f" horizon{_most_from_one(pairs)}.",
            studies,
        )
        yield from _directions(pairs)
        yield from _intervals(pairs)
        own = [pair for pair in pairs if pair.own_data]
        if own:
            yield (
                f"In {_count(len(own), 'pair')} a tool was judged on the data it was made from, which favours it.",
                _pmids(own),
            )
        yield from _calibration(pairs)
    if remarks:
        papers = tuple(dict.fromkeys(remark.pmid for remark in remarks))
        yield (
            f"{_count(len(papers), 'paper')} of these tell{'s' if len(papers) == 1 else ''} of calibration in words.",
            papers,
        )
    if left_out:
        yield (
            f"{_count(len(left_out), 'pair')} with a figure below 0.5 {'was' if len(left_out) == 1 else 'were'} not"
            " counted: the score seems to run the other way there.",
            _pmids(left_out),
        )
    yield _LIMITS, ()


def _directions(pairs: Sequence[Pair]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Which way each paper points, each counted once however many pairs it gives."""
    winners: dict[str, set[Winner]] = {}
    for pair in pairs:
        winners.setdefault(pair.comparison.pmid, set()).add(pair.winner)
    words: tuple[tuple[set[Winner] | None, str], ...] = (
        ({"newer"}, "In {} the newer tools had the higher figure throughout."),
        ({"classic"}, "In {} the classic tools had the higher figure throughout."),
        (None, "In {} the figures are equal or point both ways."),
    )
    for wanted, said in words:
        found = tuple(
            pmid for pmid, won in winners.items() if (won == wanted or (wanted is None and won not in _CLEAR))
        )
        if found:
            yield said.format(_count(len(found), "paper")), found


def _most_from_one(pairs: Sequence[Pair]) -> str:
    """Which paper gives more than half of the pairs, where there are several papers."""
    counts = Counter(pair.comparison.pmid for pair in pairs)
    pmid, most = counts.most_common(1)[0]
    if len(counts) == 1 or 2 * most <= len(pairs):
        return ""
    size = next(pair.comparison.n for pair in pairs if pair.comparison.pmid == pmid)
    return f", {most} of them from one paper{f' in {size} patients' if size is not None else ''}"


def _intervals(pairs: Sequence[Pair]) -> Iterable[tuple[str, tuple[str, ...]]]:
    apart = [pair for pair in pairs if pair.apart]
    given = sum(pair.apart is not None for pair in pairs)
    yield (
        f"The intervals of both could be read for {given} of {_count(len(pairs), 'pair')}"
        + (f"; they lie apart in {len(apart)}." if given else "."),
        _pmids(apart),
    )


def _calibration(pairs: Sequence[Pair]) -> Iterable[tuple[str, tuple[str, ...]]]:
    both = [pair for pair in pairs if pair.both_calibrated]
    yield (
        f"Figures of calibration could be read for both tools in {len(both)} of {_count(len(pairs), 'pair')};"
        f" {'for the others' if both else 'without them'} it is not known whether the predicted survival came true.",
        _pmids(both),
    )


def _patients(pairs: Sequence[Pair]) -> str:
    """The numbers of patients of the papers, in their order; nothing where one is not known."""
    numbers = {pair.comparison.pmid: pair.comparison.n for pair in pairs}
    known = [str(number) for number in numbers.values() if number is not None]
    if len(known) < len(numbers):
        return ""
    return f", in {' and '.join([', '.join(known[:-1]), known[-1]] if len(known) > 1 else known)} patients"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _tools_with(figures: Iterable[Figure], pmid: str, kind: str) -> frozenset[str]:
    return frozenset(figure.tool for figure in figures if figure.pmid == pmid and figure.kind == kind)


def _setting_place(figure: Figure) -> int:
    return _SETTINGS.index(figure.setting) if figure.setting in _SETTINGS else len(_SETTINGS)


def _comparison_place(comparison: Comparison) -> tuple[int, str, str, float]:
    horizon = float("inf") if comparison.horizon_months is None else comparison.horizon_months
    return (comparison.paper.year or 0, comparison.pmid, comparison.metric, horizon)


def _pmids(pairs: Iterable[Pair]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pair.comparison.pmid for pair in pairs))
