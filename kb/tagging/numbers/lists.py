"""Lists: values and names that a sentence pairs by their order alone.

"Local control and overall survival at 1 year were 84% and 64%", "62, 45 and 33% at 1, 2 and 3 years".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.tagging.numbers.estimate import Estimate


class Placed(Protocol):
    """Anything with offsets in the sentence."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


P = TypeVar("P", bound=Placed)

_LINK = re.compile(
    r"\s*(?:,|/|and|or|vs\.?|versus|, and|, or|as well as|&|to|compared (?:with|to))?\s*(?:(?:the|a|an|of)\s)?",
    re.IGNORECASE,
)
_WORDED_LINK = re.compile(
    r"\W*(?:(?:of|in) (?:(?!and\b|or\b|was\b|were\b)[\w-]+\s?){1,6})?(?:,|/|and|or|vs\.?|versus|as well as|&)?\W*(?:(?:the|a|an|of|rates?|mean|median|overall|for|in)\s)*(?:[\w-]+\s){0,2}\W*",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_BREAK = re.compile(r"[;:]|\.\s|\b(?:while|whereas|but|which|that|was|were|had|is|are)\b", re.IGNORECASE)


def bare(text: str) -> str:
    """Return `text` without what stands in parentheses."""
    return _ASIDE.sub(" ", text)


def value_lists(text: str, estimates: Sequence[Estimate]) -> list[list[Estimate]]:
    """Return the runs of two or more values of one measure and unit that only commas and "and" part."""
    runs: list[list[Estimate]] = []
    for estimate in estimates:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and last.measure == estimate.measure
            and last.unit == estimate.unit
            and _LINK.fullmatch(_without_unit(bare(text[last.end : estimate.start])))
        ):
            runs[-1].append(estimate)
        else:
            runs.append([estimate])
    return [run for run in runs if len(run) > 1]


def _without_unit(gap: str) -> str:
    return re.sub(r"^\s?(?:%|percent|per cent|months?|years?|days|mL)", "", gap)


def listed_names(text: str, names: Sequence[P]) -> list[list[P]]:
    """Return the runs of two or more names that only commas, "and" and a word or two part."""
    runs: list[list[P]] = []
    for name in names:
        last = runs[-1][-1] if runs else None
        gap = bare(text[last.end : name.start]) if last is not None else ""
        if (
            last is not None
            and _WORDED_LINK.fullmatch(gap)
            and not _BREAK.search(gap)
            and not re.search(r"\d\s?%|\d\.\d", text[last.end : name.start])
            and re.search(r",|/|\b(?:and|or|vs|versus|as)\b|&", gap)
        ):
            runs[-1].append(name)
        else:
            runs.append([name])
    return [run for run in runs if len(run) > 1]


def in_step(text: str, values: Sequence[Estimate], names: Sequence[P]) -> list[P] | None:
    """Return the names that go with a list of values, one each, or None where no list of names fits.

    The list in front of the values goes before one behind them; nothing with a number of its own may stand between.
    """
    fitting = [run for run in listed_names(text, names) if len(run) == len(values)]
    ahead = [run for run in fitting if run[-1].end <= values[0].start]
    if ahead and ";" not in text[ahead[-1][-1].end : values[0].start]:
        return ahead[-1]
    behind = [run for run in fitting if values[-1].end <= run[0].start]
    if behind and not re.search(r"[;\d]", bare(text[values[-1].end : behind[0][0].start])):
        return behind[0]
    return None
