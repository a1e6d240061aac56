"""Sentences as abstracts write them: no break at "vs.", "Fig." or "0.05", a break in the glued "SBRT.A prospective"."""

from __future__ import annotations

import re

# Words that a full stop does not end.
_ABBREVIATIONS = frozenset(
    [
        "vs",
        "v",
        "i.e",
        "e.g",
        "ie",
        "eg",
        "fig",
        "figs",
        "et",
        "al",
        "cf",
        "approx",
        "ca",
        "resp",
        "no",
        "nos",
        "nr",
        "dr",
        "prof",
        "st",
        "mr",
        "mrs",
        "ms",
        "inc",
        "ltd",
        "ref",
        "refs",
        "eq",
        "eqs",
        "tab",
        "vol",
        "pp",
        "p",
        "ed",
        "eds",
        "dept",
        "univ",
        "corp",
        "co",
        "mo",
        "mos",
        "yr",
        "yrs",
        "wk",
        "wks",
        "min",
        "mins",
        "max",
        "hr",
        "hrs",
        "sec",
        "approx",
        "est",
        "avg",
        "dept",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
# These may end a sentence when the next word starts a new one as sentences do.
_MAY_END = frozenset(
    [
        "al",
        "mo",
        "mos",
        "yr",
        "yrs",
        "wk",
        "wks",
        "min",
        "mins",
        "hr",
        "hrs",
        "max",
        "inc",
        "ltd",
        "co",
        "no",
        "p",
    ]
)
_STARTERS = re.compile(
    r"(?:The|A|An|We|In|This|These|Those|At|Of|For|From|After|Before|There|All|Both|Our|Patients?|Median|Mean|"
    r"Overall|However|No|On|To|With|It|Results?|Methods?|Conclusions?|Among|Between|During|Local|Pain|Although)\b"
)
_STOP = re.compile(r"[.!?][\"'”’)\]]*")
_GLUED = re.compile(r"(?:[A-Z][a-z]+(?:[ ,'’-]|[A-Z])|(?:A|An|In|We|At|Of|To|It) [a-z0-9])")
_LAST_WORD = re.compile(r"[\w.'’-]*$")
_OPENER = re.compile(r"[\"'“‘(\[]*[A-Z0-9À-ÞΑ-Ω±≥≤<>~]|[\"'“‘(\[]*[a-zα-ω]{1,4}[A-Z0-9]")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of one section, without surrounding white space.

    The spans are in order, do not overlap, and hold every character that is not white space.
    """
    spans = []
    start = 0
    for stop in _STOP.finditer(text):
        end = stop.end()
        if end < len(text) and _ends(text, stop.start(), end):
            spans.append((start, end))
            start = end
    spans.append((start, len(text)))
    return [trimmed for first, last in spans if (trimmed := _trim(text, first, last))]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _ends(text: str, stop: int, end: int) -> bool:
    """Whether the punctuation at `stop` (its run ends at `end`) ends a sentence."""
    rest = text[end : end + 40]
    before = _LAST_WORD.search(text[max(0, stop - 30) : stop])
    word = before.group() if before else ""
    if not rest[0].isspace():
        return text[stop] == "." and _glued(word, text[stop - 1 : stop], rest)
    following = rest.lstrip()
    if not following:
        return True
    if text[stop] == "." and _abbreviated(word, following):
        return False
    return bool(_OPENER.match(following))


def _abbreviated(word: str, following: str) -> bool:
    lowered = word.lower().strip(".'’-")
    if lowered in _ABBREVIATIONS:
        return not (lowered in _MAY_END and _STARTERS.match(following))
    if (
        len(word) == 1 and word.isalpha() and word.isupper()
    ):  # an initial: "J. Smith", but not "vitamin D. The"
        return not _STARTERS.match(following)
    return bool(re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word)) and not _STARTERS.match(following)


def _glued(word: str, last: str, rest: str) -> bool:
    """ "SBRT.A prospective", "(p=0.03).The", "in 12%.Median": a full stop whose blank was lost."""
    if not last or not _GLUED.match(rest):
        return False
    if last in ")]%" or last.isdigit():
        return True
    lowered = word.lower().strip(".")
    if "." in word.strip(".") or lowered in _ABBREVIATIONS:
        return False
    return len(word) >= 3 or word.islower()
