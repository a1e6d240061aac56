"""Figures of tools: which tool each figure of a sentence belongs to, by the names and stand-ins around it."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from kb.tagging.prognostic.own_tools import GENERIC
from kb.tagging.prognostic.tool_names import LEARNED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.tagging.prognostic.metrics import Reported
    from kb.tagging.prognostic.tool_names import Word

# How raters agree on a tool; they are not its rivals, and what they look at is none either.
AGREEMENT = frozenset({"kappa", "icc"})
_ITEM_BREAK = re.compile(
    r"\s*(?:,\s*(?:and|or)\s|,|;|/|\band\b|\bor\b|\bvs\.?\s|\bversus\b|&)\s*", re.IGNORECASE
)
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_VERB = re.compile(
    r"[.;]|,?\s(?:respectively|with|while|whereas)\b|\b(?:was|were|had|has|have|is|are|show\w*|yield\w*|reach\w*|achiev\w*|demonstrat\w*|reveal\w*)\b|[:(]",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"(?:\s?%?\s?[\[(][^()\[\]]*(?:[\[(][^()\[\]]*[\])])?[^()\[\]]*[\])])?,?\s(?:for|by|with|using|of|in|from)\s(?:the\s|our\s|this\s|an?\s)?"
)
# What a value may be "for" without being another predictor's: an outcome, a time, a group of patients.
_TARGETS = re.compile(
    r"(?:predict|surviv|mortal|death|each|both|all|intern|extern|train|test|valid|develop|deriv|one|two|three|six|nine|twelve|"
    r"eighteen|complicat|fracture|local|non|inter|intra|patients?|short|long|overall|outcome|discriminat|calibrat|identif|"
    r"model|scor|prognos|risk|entire|whole|total|combin|nomogram|algorithm|system|index|categor|classifier|tool|this|these|those|its|post|pre|early|late|\d|detect|diagnos|differen|classif|distinguish|ambulat|walk|the same|"
    r"cohort|set|group|dataset|primary|second|grad|stag|any|major|minor|OS|CSS|PFS|readmission|reoperation|discharge|in-hospital)",
    re.IGNORECASE,
)
# "better than age (AUC 0.59)": what stands alone in front of the parenthesis is another predictor.
_RIVAL = re.compile(
    r"\b(?:than|compared (?:with|to)|relative to|that of)\s(?:that of\s)?(?:the\s)?(?P<what>[\w-]+(?:\s[\w-]+){0,3})\s?[\[(][^()\[\]]{0,40}$",
    re.IGNORECASE,
)
# "PNI (0.74), TPA (0.64)": a name right in front of the parenthesis that holds the value and nothing else.
_LABELLED = re.compile(r"(?P<what>[\w./-]+(?:\s[\w./-]+){0,4})\s?[\[(](?P<in>[^()\[\]]{0,24})$")


# "the specificity of SFR was": an abbreviation that no word of the vocabulary stands for.
_STRANGER = re.compile(r"\b(?:of|for)\s(?:the\s)?(?P<what>[A-Z][A-Z0-9-]{1,7})\s(?:was|were|is|reached)\b")
# Read backwards: "(0.59), and body weight (" — the item of a list of names with their values in parentheses.
_CLOSED = re.compile(r"[\[(]\s?(?:[a-z][\w-]*\s){1,4}(?:dna\s)?,[\])]")


def tools_of(
    text: str, figures: Sequence[Reported], words: Sequence[Word], default: str | None
) -> list[str | None]:
    """Return the tool of each figure, None where the sentence gives it to no tool or does not say to which."""
    result: list[str | None] = [None] * len(figures)
    if figures and all(figure.metric in AGREEMENT for figure in figures) and default not in LEARNED:
        words = [
            w for w in words if w.tool is not None and (w.tool not in GENERIC or default in (None, *GENERIC))
        ]
    for run in dict.fromkeys(figure.run for figure in figures):
        places = [place for place, figure in enumerate(figures) if figure.run == run]
        members = [figures[place] for place in places]
        listed = _listed(text, members, words, figures)
        for order, place in enumerate(places):
            result[place] = (
                listed[order] if listed is not None else _single(text, figures, place, words, default)
            )
    return result


def _listed(
    text: str, run: Sequence[Reported], words: Sequence[Word], figures: Sequence[Reported]
) -> list[str | None] | None:
    """Tools that a list names in the order of a list of values of one metric; items that are no tool count as places."""
    if len(run) < 2 or len({one.metric for one in run}) > 1:
        return None
    since = max((f.end for f in figures if f.end <= run[0].start and f.run != run[0].run), default=0)
    until = min((f.start for f in figures if f.start >= run[-1].end), default=len(text))
    sides = [
        [w for w in words if since <= w.start and w.end <= run[0].start],
        [w for w in words if run[-1].end <= w.start and w.end <= until],
        [w for w in words if w.end <= since],
    ]
    for side in sides:
        if items := _items(
            text, side, len(run), run[0].start if side and side[0].start < run[0].start else until
        ):
            return items
    before = [w for w in words if w.end <= run[0].start]
    ahead = list(dict.fromkeys(w.tool for w in before if w.tool))
    beside = before and re.fullmatch(r"\s?[\[(]?\s?", text[before[-1].end : run[0].start])
    if (
        len(ahead) == len(run)
        and not beside
        and re.match(r"[^.;]{0,12}\brespectively\b", _bare(text[run[-1].end :]))
    ):
        return list(ahead)
    return None


def _bare(text: str) -> str:
    return _ASIDE.sub("", text)


def _items(text: str, words: Sequence[Word], count: int, limit: int) -> list[str | None] | None:
    """The items of the list of names among `words`, if it has `count` of them and at least two are tools."""
    if len({word.tool for word in words if word.tool}) < 2:
        return None
    last = words[-1]
    tail = text[last.end : limit] if limit > last.end else ""
    verb = _VERB.search(tail)
    ends = [last.end]
    if tail and verb and re.search(r",|\band\b", tail[: verb.start()]):
        ends.append(last.end + verb.start())
    for end in ends:
        for first in range(len(words) - 1):
            start = words[first].start
            segment = _ASIDE.sub(lambda aside: " " * len(aside.group()), text[start:end])
            breaks = list(_ITEM_BREAK.finditer(segment))
            if len(breaks) + 1 != count or re.search(
                r"\b(?:was|were|had|than|which|while)\b|\d\.\d", segment
            ):
                continue
            edges = [0, *(b.end() for b in breaks), len(segment) + 1]
            items = [
                next((w.tool for w in words[first:] if start + a <= w.start < start + b), None)
                for a, b in itertools.pairwise(edges)
            ]
            if len({item for item in items if item}) > 1:
                return items
    return None


def _single(
    text: str, figures: Sequence[Reported], place: int, words: Sequence[Word], default: str | None
) -> str | None:
    figure = figures[place]
    until = figures[place + 1].start if place + 1 < len(figures) else len(text)
    if (shared := _shared(text, figures, place, words)) is not None:
        return shared.tool
    if (behind := _behind(text, figure, words, until)) is not None:
        return behind.tool
    if pair := _paired(text, figures, place, words):
        return pair.tool
    if figure.metric not in AGREEMENT and (
        _for_something_else(text, figure, words) or _rival(text, figure, words)
    ):
        return None
    ahead = [word for word in words if word.end <= figure.start]
    if ahead:
        stranger = _STRANGER.search(text, ahead[-1].end, figure.start)
        return None if stranger and not _TARGETS.match(stranger["what"]) else ahead[-1].tool
    tools = {word.tool for word in words if word.named}
    if len(tools) == 1 and _given_later(text, figure, words, until):
        return tools.pop()
    return None if tools - {default} or _of_a_factor(text, figure) else default


def _behind(text: str, figure: Reported, words: Sequence[Word], until: int) -> Word | None:
    """ "0.72 for A", "0.72 with the A", "0.72 (A)"."""
    direct = re.compile(r"\s?[\[(]\s?(?:the\s)?")
    for word in words:
        if not figure.end <= word.start < until:
            continue
        gap = text[figure.end : word.start]
        if direct.fullmatch(gap):
            return word
        lead = _FOR.match(text, figure.end)
        if (
            lead
            and -1 <= word.start - lead.end() <= 24
            and not re.search(r"[,;(]|\d", text[lead.end() : word.start])
        ):
            return word
        return None
    return None


def _shared(text: str, figures: Sequence[Reported], place: int, words: Sequence[Word]) -> Word | None:
    """ "0.82, 0.77 and 0.75 for A", "0.59 to 0.72 for A": the tool behind a list is that of all its values."""
    run = [
        figure
        for figure in figures
        if figure.run == figures[place].run and figure.metric == figures[place].metric
    ]
    if (
        len(run) < 2
        or figures[place] is run[-1]
        or re.search(r"\b(?:vs|versus|compared)\b", text[run[0].end : run[-1].start])
    ):
        return None
    until = min((figure.start for figure in figures if figure.start > run[-1].end), default=len(text))
    alone = not any(run[0].end <= word.start < run[-1].start for word in words)
    return _behind(text, run[-1], words, until) if alone else None


def _given_later(text: str, figure: Reported, words: Sequence[Word], until: int) -> bool:
    """ "An AUC of 0.74 was found for the A": one tool in the sentence, behind the values, in the same clause."""
    later = [word for word in words if word.named and word.start >= figure.end]
    return (
        bool(later)
        and later[0].start < until
        and _GIVEN_TO.fullmatch(text[figure.end : later[0].start]) is not None
    )


# Between a value and the tool it is said of: no new clause and no other subject.
_GIVEN_TO = re.compile(
    r"(?:[^,;:()]|\([^()]*\))*\b(?:for|by|with|using|from|when|of)\s(?:[\w-]+\s){0,3}", re.IGNORECASE
)


def _for_something_else(text: str, figure: Reported, words: Sequence[Word]) -> bool:
    """ "0.74 for the score and 0.59 for age": the second is no figure of the score."""
    lead = _FOR.match(text, figure.end)
    if lead is None or " for " not in text[figure.end : lead.end()]:
        return False
    if any(lead.end() - 4 <= word.start <= lead.end() + 24 for word in words):
        return False
    return not _TARGETS.match(text, lead.end())


# "the AUC of the psoas area", "ROC analysis of albumin": a factor that is no tool.
_OF_A_FACTOR = re.compile(
    r"\b(?:AUR?O?CS?|ROC analysis|curves?|c-(?:index|statistic)s?|sensitivit(?:y|ies)|specificit(?:y|ies)|accurac(?:y|ies))"
    r"(?:\s\([A-Z]+\))?\s(?:values?\s)?(?:of|for|using)\s(?:the\s|an?\s)?(?P<what>[A-Za-z][\w-]*)",
    re.IGNORECASE,
)


def _of_a_factor(text: str, figure: Reported) -> bool:
    """Whether the metric in front of a figure is said to be that of something, and this is neither tool nor target."""
    said = list(_OF_A_FACTOR.finditer(text, 0, figure.start))
    return bool(said) and not _TARGETS.match(said[-1]["what"])


def _rival(text: str, figure: Reported, words: Sequence[Word]) -> bool:
    """Whether the parenthesis of a value stands behind the name of something that is no tool."""
    for pattern in (_RIVAL, _LABELLED):
        match = pattern.search(text, max(0, figure.start - 110), figure.start)
        if match is None:
            continue
        if any(word.start < match.end("what") and match.start("what") < word.end for word in words):
            return False
        if pattern is _RIVAL:
            return not _TARGETS.match(match["what"])
        if re.search(r"[A-Za-zκ]", match["in"]):
            return False  # "survival (AUC 0.74)": the parenthesis says what it holds
        label = match["what"].split()[-1]
        listed = _CLOSED.match(text[: figure.start][::-1])
        told = re.search(r"\b(?:was|were|had|is|are)\b", match["what"])
        return bool(re.fullmatch(r"[A-Z][A-Z0-9-]{1,7}", label)) or (listed is not None and not told)
    return False


def _paired(text: str, figures: Sequence[Reported], place: int, words: Sequence[Word]) -> Word | None:
    """ "A did better than B (AUC 0.72 vs 0.65)": two tools ahead of a list of two values."""
    run = [figure for figure in figures if figure.run == figures[place].run]
    if len(run) != 2 or run[0].metric != run[1].metric:
        return None
    ahead = [word for word in words if word.end <= run[0].start and word.tool]
    distinct = list(dict.fromkeys(word.tool for word in ahead))
    if len(distinct) != 2:
        return None
    second = next(word for word in ahead if word.tool == distinct[1])
    joined, held = (
        text[ahead[0].end : second.start],
        re.search(r"\b(?:vs|versus|compared)\b", text[run[0].end : run[1].start]),
    )
    if held and re.search(r"\bthan\b", joined):
        return ahead[0] if figures[place] is run[0] else second
    if any(f.end <= run[0].start and f.start > ahead[0].start for f in figures):
        return None
    between = text[ahead[-1].end : run[0].start]
    if (
        not re.search(r"\b(?:than|outperform\w*|versus|vs\.?|compared|superior|inferior|and|over)\b", joined)
        or len(between) > 60
    ):
        return None
    return ahead[0] if figures[place] is run[0] else ahead[-1]
