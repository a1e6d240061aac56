"""Names that share a word which is printed once: "30- and 90-day mortality" names both mortalities.

The last name of such a list is printed whole; the ones before it lack its end, and each is tried with that end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Match = tuple[int, int, str]

# The long pattern is tried only where one of these stands.
_LINKS = ("and ", "and/or ", "or ", "vs ", "vs. ", "versus ", "well as ", "to ", "the ")
# What stands right in front of the whole name: up to three words, then "and".
_WORDS = r"(?P<words>(?:[A-Za-z0-9][\w’'/-]*[ ]){0,2}?[A-Za-z0-9][\w’'/-]*)"
_AHEAD = re.compile(rf"(?<![\w-]){_WORDS},?[ ](?:and(?:/or)?|or|vs\.?|versus|as well as|to)[ ](?:the[ ])?$")
# An item of the same list further ahead: "overall, cancer-specific and progression-free survival".
_BEFORE_COMMA = re.compile(rf"(?<![\w-]){_WORDS},[ ]$")
_WORD = re.compile(r"(?:^|(?<= ))\S")
_PIECE = re.compile(r"[^\W_]+")
_REACH = 70
_MOST_ITEMS = 4
_SHORTEST_END = 4


def shared_word_matches(
    text: str, matches: Sequence[Match], whole: Callable[[str], str | None]
) -> Iterator[Match]:
    """Yield (start, end, concept id) of the names that lack the end of the name behind them.

    `whole` gives the concept of which a text is a complete name, or None.

    Examples
    --------
    >>> known = {"30 day mortality": "thirty_day_mortality"}.get
    >>> list(shared_word_matches("30- and 90-day mortality", [(8, 24, "ninety_day_mortality")], known))
    [(0, 3, 'thirty_day_mortality')]
    """
    for start, end, concept in matches:
        name = text[start:end]
        begin, pattern = start, _AHEAD
        if not text[max(0, start - 12) : start].endswith(_LINKS):
            continue
        for _ in range(_MOST_ITEMS):
            ahead = pattern.search(text, max(0, begin - _REACH), begin)
            found = _completed(ahead, name, whole) if ahead else None
            if found is None:
                break
            if found[2] != concept:
                yield found
            begin, pattern = found[0], _BEFORE_COMMA


def _completed(ahead: re.Match[str], name: str, whole: Callable[[str], str | None]) -> Match | None:
    """The longest wording in front that is a name once it is given the end of `name`."""
    words, last = ahead["words"], ahead.end("words")
    for first in (match.start() for match in _WORD.finditer(words)):
        for said in _wordings(words[first:], name):
            concept = whole(said)
            if concept is not None:
                return ahead.start("words") + first, last, concept
    return None


def _wordings(words: str, name: str) -> Iterator[str]:
    """`words` with each end of `name`: its later words, and behind a hyphen also the end of its first word."""
    said = words.rstrip("-")
    for piece in list(_PIECE.finditer(name))[1:]:
        yield f"{said} {name[piece.start() :]}"
    first = _PIECE.match(name)
    if words.endswith("-") and first:
        for place in range(2, first.end() - _SHORTEST_END + 1):
            yield said + name[place:]
