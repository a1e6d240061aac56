"""Short forms of one text: which concept each stands for, decided by its long form.

"Minimally invasive fusion ± decompression (MIS)" is named by its head, not by what may be added. Two short forms of
one text are two things: where the vocabulary knows both long forms only in part and by the same concept, it knows neither.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kb.tagging.abbreviations import Definition

Match = tuple[int, int, str]

_MAY_BE_ADDED = re.compile(r"\s*(?:±|\+/[-−–]|\bwith or without\b|\bwith/without\b)")
_KIND = re.compile(r"\bconventional(?:ly)?(?:[- ]\w+){0,2}[- ]$", re.IGNORECASE)
_GOES_ON = re.compile(r"[)\]] (?=[a-z])")
# "Progression before radiotherapy": when something was, not what was done.
_TIMED_BY = re.compile(r"\b(?:before|after|prior to|following|during|without)\W+(?:the\W+)?$", re.IGNORECASE)


def stem(short: str) -> str:
    """Return a short form without its plural "s".

    Examples
    --------
    >>> stem("VCFs"), stem("OS")
    ('VCF', 'OS')
    """
    return short[:-1] if short.endswith("s") and short[-2:-1].isupper() else short


def concepts_of_short_forms(
    text: str,
    definitions: Sequence[Definition],
    matches_in: Callable[[str], list[Match]],
    treatments: frozenset[str],
) -> Mapping[str, str | None]:
    """Return for each short form that `text` defines the concept it stands for, or None; the first definition counts.

    `matches_in` finds the vocabulary's names in a text; `treatments` are the ids of the treatments.
    """
    found: dict[str, str | None] = {}
    whole: set[str] = set()  # short forms whose long form the vocabulary knows as it stands
    for definition in definitions:
        short = stem(definition.short)
        if short in found:
            continue
        head = definition.long[: _head_end(definition.long)]
        best = min((m for m in matches_in(head) if m[1] == len(head)), default=None)
        if best is None or best[0] > 0:
            around = _around_parenthesis(text, definition, matches_in, treatments)
            best = (0, len(head), around[2]) if around else best
        best = _of_its_kind(text, definition, best, matches_in) or best
        if best and best[2] in treatments and _TIMED_BY.search(head[: best[0]]):
            best = None
        found[short] = best[2] if best else None
        if best and best[0] == 0:
            whole.add(short)
    return {
        short: None if short not in whole and _is_shared(short, found, treatments) else concept
        for short, concept in found.items()
    }


def _of_its_kind(
    text: str, definition: Definition, best: Match | None, matches_in: Callable[[str], list[Match]]
) -> Match | None:
    """Return the kind that a word in front of the long form tells: "conventional external beam radiotherapy (EBRT)"."""
    kind = _KIND.search(text, max(0, definition.long_start - 40), definition.long_start)
    if kind is None or best is None or best[0] > 0:
        return None
    longer = text[kind.start() : definition.long_end]
    return next(((0, m[1], m[2]) for m in matches_in(longer) if m[0] == 0 and m[1] == len(longer)), None)


def _head_end(long: str) -> int:
    added = _MAY_BE_ADDED.search(long)
    return added.start() if added and added.start() else len(long)


def _is_shared(short: str, found: Mapping[str, str | None], treatments: frozenset[str]) -> bool:
    """Whether another short form stands for the same treatment; "sSBRT" beside "SBRT" is a spelling of it."""
    concept = found[short]
    return concept in treatments and any(
        other != short and found[other] == concept and not (other.endswith(short) or short.endswith(other))
        for other in found
    )


def _around_parenthesis(
    text: str,
    definition: Definition,
    matches_in: Callable[[str], list[Match]],
    treatments: frozenset[str],
) -> Match | None:
    """Return the treatment's name that goes on behind the short form, in the text's offsets.

    "External beam (EB) radiation" names what EB stands for.
    """
    behind = _GOES_ON.search(text, definition.short_start, definition.short_start + 14)
    if behind is None or definition.long_end > definition.short_start:
        return None
    joined = definition.long + " "
    for start, end, concept in matches_in(joined + text[behind.end() : behind.end() + 30]):
        if start == 0 and end > len(joined) and concept in treatments:
            return definition.long_start, behind.end() + end - len(joined), concept
    return None


def names_around_parentheses(
    text: str,
    definitions: Sequence[Definition],
    matches_in: Callable[[str], list[Match]],
    treatments: frozenset[str],
) -> list[Match]:
    """Return the treatments' names that hold a short form in parentheses, where nothing shorter is known."""
    found = []
    for definition in definitions:
        if not any(m[0] == 0 and m[1] == len(definition.long) for m in matches_in(definition.long)):
            around = _around_parenthesis(text, definition, matches_in, treatments)
            found += [around] if around else []
    return found
