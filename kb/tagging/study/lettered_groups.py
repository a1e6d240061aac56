"""Lettered groups: counts of patients with the letter of their group behind them, over one or more sentences.

"25 patients (12 women) received A and B (group A). 13 patients received A alone (group B) and 11 patients B (group C)."
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.numbers.number_words import WHOLE_NUMBER, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.tagging.article import Sentence

_PEOPLE = r"(?:patients?|participants?|subjects?|cases|women|men|individuals)"
_LETTERED = re.compile(
    rf"(?<![\w.,%$=<>≥≤±+-])(?P<number>{WHOLE_NUMBER})\s(?:[a-z][\w-]*\s){{0,2}}?{_PEOPLE}\b"
    rf"(?P<told>(?:(?!\b(?:and|,)\s{WHOLE_NUMBER}\s(?:[a-z]+\s)?{_PEOPLE}\b)(?:[^.;()]|\.(?=\d)|\((?!\s?(?:group|arm)\b)[^()]*\))){{0,220}}?)"
    r"\((?:the\s)?(?P<name>(?:group|arm)\s(?P<letter>[A-D]|[1-4]|I{1,3}|IV))\b[^()]{0,30}\)",
    re.IGNORECASE,
)
_ORDERS = (("a", "b", "c", "d"), ("1", "2", "3", "4"), ("i", "ii", "iii", "iv"))


def lettered_groups(
    sentences: Sequence[Sentence],
) -> Iterator[tuple[Sentence, list[tuple[int, str, int, int]]]]:
    """Yield the groups of a text as (first sentence, [(patients, name, start, end of what they had)]), letters in order."""
    found: list[tuple[Sentence, str, tuple[int, str, int, int]]] = []
    for sentence in sentences:
        lowered = sentence.text.lower()
        if "(group " not in lowered and "(arm " not in lowered:
            continue
        for match in _LETTERED.finditer(sentence.text):
            number = whole_number(match["number"])
            if number:
                group = (number, match["name"], match.start("told"), match.end("told"))
                found.append((sentence, match["letter"].lower(), group))
    letters = tuple(letter for _, letter, _ in found)
    if len(found) > 1 and any(letters == order[: len(letters)] for order in _ORDERS):
        yield found[0][0], [group for _, _, group in found]
