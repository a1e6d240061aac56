"""Abbreviations defined in the text itself, after Schwartz and Hearst (PMID 12603049).

"stereotactic body radiotherapy (SBRT)" defines SBRT for the whole record; so does "SBRT (stereotactic body
radiotherapy)". The local definition beats the vocabulary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PARENTHESIS = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]")
# "(AUC, 0.85; F1-score, 0.90)": a value, not a definition; "(CRT, 30 Gy)" is one.
_VALUED = re.compile(r"[,:=]\s*[-−]?\d[\d.·]*\s*(?:[;,%]|$)")
_WORD = re.compile(r"[\w'’+/-]+")


@dataclass(frozen=True, slots=True)
class Definition:
    """`short` stands for `long`; both with their offsets in the text."""

    short: str
    long: str
    short_start: int
    long_start: int

    @property
    def long_end(self) -> int:
        """Where the long form ends."""
        return self.long_start + len(self.long)


def find_definitions(text: str) -> list[Definition]:
    """Return the abbreviations that `text` defines, in order of appearance.

    Examples
    --------
    >>> [(d.short, d.long) for d in find_definitions("after stereotactic body radiotherapy (SBRT) of the spine")]
    [('SBRT', 'stereotactic body radiotherapy')]
    """
    found = []
    for match in _PARENTHESIS.finditer(text):
        definition = _before(text, match) or _inside(text, match)
        if definition:
            found.append(definition)
    return found


def _before(text: str, match: re.Match[str]) -> Definition | None:
    """The usual order: long form, then the short form in parentheses (perhaps with more after a comma)."""
    short = re.split(r"[,;:=]|\s(?:and|or)\s", match.group(1))[0].strip()
    if not _is_short_form(short) or _VALUED.match(match.group(1)[len(short) :].lstrip()):
        return None
    words = min(len(short) + 5, len(short) * 2)
    window_start = max(text.rfind("\n", 0, match.start()) + 1, match.start() - 160)
    starts = [m.start() for m in _WORD.finditer(text, window_start, match.start())]
    if not starts:
        return None
    first = starts[max(0, len(starts) - words)]
    candidate = text[first : match.start()].rstrip()
    for stop in re.finditer(r"[.;:]\s", candidate):  # a long form does not cross a sentence
        first += stop.end() if stop.end() <= len(candidate) else 0
        candidate = text[first : match.start()].rstrip()
        break
    long = best_long_form(short, candidate)
    if long is None:
        return None
    return Definition(short, long, match.start(1), first + len(candidate) - len(long))


def _inside(text: str, match: re.Match[str]) -> Definition | None:
    """The reversed order: "SBRT (stereotactic body radiotherapy)"."""
    head = re.search(r"([A-Z][\w-]{1,9})\s$", text[: match.start()])
    if not head or not _is_short_form(head.group(1)) or " " not in match.group(1):
        return None
    inner = match.group(1).strip()
    if best_long_form(head.group(1), inner) != inner:
        return None
    return Definition(head.group(1), inner, head.start(1), match.start(1))


def _is_short_form(text: str) -> bool:
    """Two to ten characters, at most two words, a letter first, and some capital or digit inside."""
    if not 2 <= len(text) <= 10 or len(text.split()) > 2 or not text[0].isalnum():
        return False
    if not any(ch.isalpha() for ch in text) or re.fullmatch(r"[Nn]\s?=.*|p|vs\.?|n", text):
        return False
    return any(ch.isupper() for ch in text)


def best_long_form(short: str, candidate: str) -> str | None:
    """Return the shortest end of `candidate` whose letters spell `short` from right to left, or None.

    The first letter of `short` must start a word. A plural "s" of the short form need not be spelled.
    """
    letters = [ch.lower() for ch in short if ch.isalnum()]
    if len(letters) > 2 and short.endswith("s") and short[-2].isupper():
        letters.pop()
    position = len(candidate) - 1
    for index in range(len(letters) - 1, -1, -1):
        while position >= 0 and not (
            candidate[position].lower() == letters[index]
            and (index > 0 or position == 0 or not candidate[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
        position -= 1
    start = candidate.rfind(" ", 0, position + 1) + 1
    long = candidate[start:].strip()
    words = len(_WORD.findall(long))
    if len(long) <= len(short) or words > min(len(letters) + 5, len(letters) * 2) or short in long.split():
        return None
    return long
