"""Horizons: the time ahead that each figure of a prognostic tool foretells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kb.tagging.numbers.lengths import in_months
from kb.tagging.numbers.lists import Placed
from kb.tagging.numbers.printed_numbers import plain
from kb.tagging.numbers.timed_lists import in_order
from kb.tagging.numbers.times import TimePoint, find_times
from kb.tagging.prognostic.metric_intervals import without_asides

if TYPE_CHECKING:
    from kb.tagging.article import Article, Sentence
    from kb.tagging.prognostic.metrics import Reported

_NO_HORIZON = re.compile(
    r"\b(?:follow(?:ed)?[- ]?up|years? of age|years? old|interval|every|over|period|resampl\w+)\b",
    re.IGNORECASE,
)
_PRIMARY = re.compile(r"\bprimary\b", re.IGNORECASE)


def horizons_of(text: str, figures: Sequence[Reported], usual: float | None) -> list[float | None]:
    """Return the time that each figure of a tool foretells; `usual` where its sentence names none.

    A list of times goes with a list of values in order, each list of values by itself; else a value has the time
    right behind it, or the last one in front, or the only one behind.
    """
    bare = _DECIMAL.sub(
        lambda match: " " * len(match.group()), text
    )  # "0.68, and 2-year" is no list of times
    times = [
        t for t in (*find_times(bare), *_in_front_of_figures(text)) if not _NO_HORIZON.match(text, t.end + 1)
    ]
    times.sort(key=lambda time: time.start)
    result: list[float | None] = []
    for number in dict.fromkeys(figure.run for figure in figures):
        run = [figure for figure in figures if figure.run == number]
        listed = _listed(text, times, run, figures)
        if listed:
            result += [time.months for time in listed]
        else:
            result += [_of_one(text, times, figure, figures, usual) for figure in run]
    return result


_DECIMAL = re.compile(r"\d*\.\d+")
# "at 180 days (AUC 0.76) and 1 year (AUC 0.75)": a bare time in front of its own parenthesis.
_BARE_TIME = re.compile(
    r"(?:,|\b(?:and|or|for|at|predicting))\s(?P<n>\d+)\s(?P<unit>months?|years?|days?|weeks?)\s(?=[\[(]\s?(?:AU|C[- ]|ROC|area|0?\.\d))",
    re.IGNORECASE,
)


def _in_front_of_figures(text: str) -> list[TimePoint]:
    known = {time.start for time in find_times(text)}
    return [
        TimePoint(m.start("n"), m.end("unit"), in_months(float(m["n"]), m["unit"]), 0, 1)
        for m in _BARE_TIME.finditer(text)
        if m.start("n") not in known
    ]


def _listed(
    text: str, times: Sequence[TimePoint], run: Sequence[Reported], figures: Sequence[Reported]
) -> list[TimePoint]:
    """The list of times for one list of values: in front of it or behind it, not behind the next list."""
    until = min((f.start for f in figures if f.start > run[-1].end), default=len(text))
    ahead = [t for t in times if t.end <= run[0].start]
    behind = [t for t in times if run[-1].end <= t.start < until]
    own_behind = in_order(text, behind, run) if len(run) > 1 else []
    last_ahead = _last_list(text, ahead)
    if len(last_ahead) == len(run) > 1 and not (own_behind and len({t.months for t in last_ahead}) == 1):
        return last_ahead
    return own_behind or in_order(text, [t for t in times if run[0].start <= t.start < until], run)


def _last_list(text: str, times: Sequence[TimePoint]) -> list[TimePoint]:
    """The times that stand in one list with the last one, "for the 90-day and the 1-year mortality" included."""
    listed: list[TimePoint] = []
    for time in reversed(times):
        gap = text[time.end : listed[0].start] if listed else ""
        same = listed and time.start == listed[0].start
        if (
            listed
            and not same
            and not re.fullmatch(r"\s?(?:[\w-]+\s)?(?:,|/|and|, and|&)\s?(?:the\s|at\s|for\s)*", gap)
        ):
            break
        listed.insert(0, time)
    return listed


def _of_one(
    text: str, times: Sequence[TimePoint], figure: Reported, figures: Sequence[Reported], usual: float | None
) -> float | None:
    single = [t for t in times if t.of == 1]
    last = [one for one in figures if one.run == figure.run][-1]
    for one in (
        figure,
        last,
    ):  # "0.75, 0.71 and 0.70 at 3 months": the time behind a list is that of all its values
        if (near := _right_behind(text, single, one, figures)) is not None:
            return near
    ahead = [t for t in single if t.end <= figure.start]
    if ahead and not _other_numbers(text, ahead[-1].end, figure.start, times, figures):
        return ahead[-1].months
    several = {t.months for t in times if t.of > 1 and t.end <= figure.start}
    final = max(f.start for f in figures)
    behind = [
        t
        for t in single
        if t.start >= figure.end and t.start > final and ";" not in text[figure.end : t.start]
    ]
    months = {t.months for t in behind}
    if len(months) == 1 and not several:
        return months.pop()
    return None if several or months else usual


def _right_behind(
    text: str, single: Sequence[TimePoint], figure: Reported, figures: Sequence[Reported]
) -> float | None:
    until = min((f.start for f in figures if f.start >= figure.end), default=len(text))
    for time in single:
        lead = re.sub(r"[\[(][^\[\]()]*[\])]", "", text[figure.end : time.start])
        near = re.fullmatch(
            r"\s?%?\)?,?\s?(?:at|for|in|by|after|within|of)\s(?:predicting\s|the\s|both\s)*", lead
        )
        if figure.end <= time.start < until and near:
            return time.months
    return None


def _other_numbers(
    text: str, start: int, end: int, times: Sequence[TimePoint], figures: Sequence[Reported]
) -> bool:
    """Whether another result stands between a time and a figure: "1-year survival was 41%, and the AUC was 0.66"."""
    between = list(text[start:end])
    places: list[Placed] = [*times, *figures]
    for placed in places:
        for position in range(max(start, placed.start), min(end, placed.end)):
            between[position - start] = " "
    plainly = without_asides("".join(between))
    return bool(re.search(r"\d\s?%|\d\.\d|\d (?:months|days|years|patients)", plainly))


def usual_horizon(article: Article) -> float | None:
    """Return the one time that a paper foretells, by its title or aim or as its primary outcome; None where it names more."""
    for sentences in (article.in_zones("title"), article.in_zones("aim")):
        found = _foretold(sentences)
        if found:
            return found.pop() if len(found) == 1 else None
    primary = [s for s in article.in_zones("aim", "methods") if _PRIMARY.search(s.text)]
    for sentence in primary:
        text = plain(sentence.text)
        said = _PRIMARY.search(text)
        if said is None:
            continue
        near = []
        for time in find_times(text):
            ahead = time.end <= said.start()
            gap = text[time.end : said.start()] if ahead else text[said.end() : time.start]
            if ";" not in gap and not re.search(r"\.\s", gap):
                near.append((len(gap), time.months))
        if near:
            return min(near)[1]
    return None


def _foretold(sentences: Iterable[Sentence]) -> set[float]:
    found: set[float] = set()
    for sentence in sentences:
        text = plain(sentence.text)
        for time in find_times(text):
            around = text[time.start : time.end + 30]
            if re.search(
                r"surviv|mortal|death|dying|outcome|fracture|complication|status|predict",
                around,
                re.IGNORECASE,
            ):
                found.add(time.months)
    return found
