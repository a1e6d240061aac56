"""Tool performance: how well a prognostic tool did, as reported: metric, interval, horizon, patients, setting.

What a sentence prints is read in `metrics`, whose it is in `tool_figures`, for which time in `horizons`, on which patients
in `settings`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from kb.evidence import Design, Metric, Setting, ToolPerformance
from kb.tagging.numbers.printed_numbers import plain
from kb.tagging.prognostic.horizons import horizons_of, usual_horizon
from kb.tagging.prognostic.metrics import Reported, find_metrics
from kb.tagging.prognostic.own_tools import (
    GENERIC,
    NOT_SCORED,
    VAGUE,
    asked_about,
    lettered_tools,
    makes_a_tool,
    own_tool,
    versions,
)
from kb.tagging.prognostic.settings import Usual, marked_setting, settings_of, usual_setting
from kb.tagging.prognostic.tool_figures import AGREEMENT, tools_of
from kb.tagging.prognostic.tool_names import Word, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kb.tagging.article import Article, Sentence

# A sentence that goes on about the tool of the one before: "The AUC was 0.74", "Its sensitivity was 80%".
_GOES_ON = re.compile(
    r"(?:(?:the|its|their|an?|overall|corresponding(?:ly)?|similarly,?|moreover,?|furthermore,?|in addition,?|for [^,]{3,60},)\s)*"
    r"(?:[\w-]+\s){0,3}(?:AU|area|[cC]-|concordance|accura|sensitiv|specific|kappa|κ|Brier|calibration|PPV|NPV|positive pred|negative pred|discriminat|ICC|intra)",
    re.IGNORECASE,
)
_OWN_SIZE = re.compile(
    r"\b(?:analys[ie]s|cohort|set|sample|imputation|group|patients|population)\s?[\[(]\s?[nN]\s?=\s?(?P<n>\d[\d,]*)\s?[\])]"
)


@dataclass(frozen=True, slots=True)
class _Paper:
    """What the whole paper says that a sentence takes for granted."""

    patients: int | None
    own: str | None
    asked: bool  # whether title or aim name the own tool, so that figures without a name are its figures
    nameless: str | None  # what "the model" is where the paper names no tool at all
    full: Mapping[str, str]
    horizon: float | None
    setting: Usual
    letters: re.Pattern[str] | None  # short names of a tool that the vocabulary does not know


# Questionnaires are judged where title or aim say so.
_JUDGES = re.compile(
    r"\b(?:validat\w+|validity|reliab\w+|agreement|psychometric\w*|translat\w+|cross-cultural\w*)",
    re.IGNORECASE,
)


def read_tool_performance(
    article: Article, design: Design, patients: int | None, under_test: frozenset[str]
) -> tuple[ToolPerformance, ...]:
    """Return the reported performance rows of prognostic tools in printed order, a restatement left out."""
    rows: list[ToolPerformance] = []
    paper: _Paper | None = None
    judged = under_test
    before: Setting | None = None  # where the figures of the sentence before come from
    spoken_of: str | None = None  # the tool that the sentence before was about
    for sentence in article.in_zones("methods", "results", "conclusion"):
        if sentence.zone == "methods" and not _may_be_a_result(article, sentence):
            continue
        text = plain(sentence.text)
        figures = find_metrics(text)
        if figures and paper is None:
            paper = _read_paper(article, design, patients)
            judged = under_test | _judged_instruments(article)
        if paper is not None and figures:
            words = words_of(sentence, text, paper.own or paper.nameless, judged, paper.full)
            words = _with_lettered(words, text, paper)
            here = list(_rows(paper, sentence, text, figures, words, spoken_of, before))
            rows += [row for row in here if not _told(row, rows)]
            before = marked_setting(text, paper.setting) or before
        scored = [n.concept.id for n in sentence.of_kind("tool") if n.concept.type not in NOT_SCORED]
        spoken_of = scored[-1] if scored else spoken_of
    return tuple(rows)


# What methods say of figures they would be content with.
_SET_BAR = re.compile(
    r"\b(?:consider\w*|adequate|deem\w*|defin\w+|threshold|acceptable|regard\w*|held to|interpret\w*|indicat\w+|criteri\w+)\b",
    re.IGNORECASE,
)


def _may_be_a_result(article: Article, sentence: Sentence) -> bool:
    """Whether a sentence that only its place makes one of methods may report: the abstract has no headings."""
    heading = article.record.abstract[sentence.section - 1].label if sentence.section else "title"
    return not heading and not _SET_BAR.search(sentence.text)


def _read_paper(article: Article, design: Design, patients: int | None) -> _Paper:
    makes = makes_a_tool(article, design)
    own = own_tool(article, makes=makes)
    setting = usual_setting(article, design, makes=makes)
    scored = any(
        named.concept.type in ("score", "model", "classification") and named.concept.id != "prediction_model"
        for sentence in article.sentences
        if sentence.zone not in ("background", "other")
        for named in sentence.of_kind("tool")
    )
    nameless = None if scored else "prediction_model"
    asked = makes or design == "external_validation" or own in GENERIC or own in asked_about(article)
    letters = lettered_tools(article)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, letters))})\b") if letters else None
    return _Paper(
        patients,
        own or ("prediction_model" if letters else None),
        asked or bool(letters),
        nameless,
        versions(article),
        usual_horizon(article),
        setting,
        pattern,
    )


def _with_lettered(words: list[Word], text: str, paper: _Paper) -> list[Word]:
    """The words of a sentence with the letters by which it names the paper's own tool."""
    if paper.letters is None:
        return words
    free = [
        Word(match.start(), match.end(), paper.own, named=False)
        for match in paper.letters.finditer(text)
        if not any(match.start() < word.end and word.start < match.end() for word in words)
    ]
    return sorted([*words, *free], key=lambda word: word.start)


def _judged_instruments(article: Article) -> frozenset[str]:
    return frozenset(
        named.concept.id
        for sentence in article.in_zones("title", "aim")
        if _JUDGES.search(sentence.text)
        for named in sentence.of_kind("tool")
        if named.concept.type in NOT_SCORED
    )


def _told(row: ToolPerformance, rows: Sequence[ToolPerformance]) -> bool:
    """Whether an earlier sentence reports the same figure, for the same time or for one that is not said again."""
    return any(
        (one.tool, one.metric, one.value) == (row.tool, row.metric, row.value)
        and row.horizon_months in (None, one.horizon_months)
        for one in rows
    )


def _rows(
    paper: _Paper,
    sentence: Sentence,
    text: str,
    figures: Sequence[Reported],
    words: Sequence[Word],
    spoken_of: str | None,
    before: Setting | None,
) -> Iterator[ToolPerformance]:
    default = _default_tool(paper, text, words, spoken_of)
    tools = tools_of(text, figures, words, default)
    horizons = horizons_of(text, figures, paper.horizon)
    made_here = [
        not paper.setting.makes or tool is None or tool == paper.own or tool in GENERIC for tool in tools
    ]
    settings = settings_of(text, figures, paper.setting, made_here, before)
    sizes = _OWN_SIZE.findall(text)
    patients = int(sizes[0].replace(",", "")) if len(sizes) == 1 else paper.patients
    for figure, tool, horizon, setting in zip(figures, tools, horizons, settings, strict=True):
        if tool is None:
            continue
        yield ToolPerformance(
            span=sentence.span(),
            tool=tool,
            metric=cast("Metric", figure.metric),
            value=figure.value,
            setting=setting,
            ci_low=figure.ci_low,
            ci_high=figure.ci_high,
            horizon_months=None if figure.metric in AGREEMENT else horizon,
            n=patients,
        )


def _default_tool(paper: _Paper, text: str, words: Sequence[Word], spoken_of: str | None) -> str | None:
    """The tool of a sentence that names none: the paper's own, or the last one where the sentence goes on about it."""
    if paper.own is not None and paper.asked:
        goes_on = (
            spoken_of in GENERIC and spoken_of not in VAGUE and paper.own in GENERIC and _GOES_ON.match(text)
        )
        return (
            spoken_of if goes_on and GENERIC.index(spoken_of or "") < GENERIC.index(paper.own) else paper.own
        )
    stands_in = any(not word.named for word in words)
    return spoken_of if stands_in and _GOES_ON.match(text) else None
