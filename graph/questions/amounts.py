"""Numbers of a question that mean something by themselves: spans of time, and doses with their fractions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.questions.understanding import Term
from kb.vocabulary.concept import Vocabulary

_NUMBER = r"(?:\d+(?:\.\d+)?|one|two|three|four|five|six|eight|ten|twelve|fifteen)"
_TIME = re.compile(
    rf"\b({_NUMBER})[ -]?(hours?|hrs?|h|days?|weeks?|months?|years?|yrs?)\b(?! ?gy\b)", re.IGNORECASE
)
_COUNT = r"(?:\d+|a single|single|one|two|three|four|five|six|eight|ten|twelve|fifteen)"
_DOSES = (
    re.compile(
        rf"\b\d+(?:\.\d+)? ?gy ?(?:in|/|over|as|x|×|\*) ?(?P<count>{_COUNT})\b"
        r"(?: ?(?:daily )?(?:fractions?|fr|fx|sessions?|doses?|#))?",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?P<count>{_COUNT}) ?(?:x|×|\*) ?\d+(?:\.\d+)? ?gy\b", re.IGNORECASE),
)
_PARTING = re.compile(r"\b(?:versus|vs|v|or|than|against|instead|compared)\b|[,;?]", re.IGNORECASE)
_ONE = ("1", "one", "single", "a single")
_BY_FRACTIONS = ("single_fraction_radiotherapy", "multifraction_radiotherapy")
_GENERAL = frozenset(("radiotherapy", "external_beam_radiotherapy", "radiotherapy_alone", *_BY_FRACTIONS))


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose with its fractions: "20 Gy in 5 fractions"."""

    start: int
    end: int
    single: bool

    @property
    def concept(self) -> str:
        """What it is called when no technique is named."""
        return _BY_FRACTIONS[0] if self.single else _BY_FRACTIONS[1]


def times_in(question: str) -> tuple[re.Match[str], ...]:
    """Return the spans of time that a question names.

    Examples
    --------
    >>> [match.group() for match in times_in("surgery within 48 hours and 1-year survival")]
    ['48 hours', '1-year']
    """
    return tuple(_TIME.finditer(question))


def doses_in(question: str) -> tuple[Dose, ...]:
    """Return the doses that a question names with their fractions, in order.

    Examples
    --------
    >>> [dose.concept for dose in doses_in("25 Gy/5 or 1 x 8 Gy?")]
    ['multifraction_radiotherapy', 'single_fraction_radiotherapy']
    """
    found: dict[int, Dose] = {}
    for pattern in _DOSES:
        for match in pattern.finditer(question):
            if not any(dose.start < match.end() and match.start() < dose.end for dose in found.values()):
                single = match.group("count").lower() in _ONE
                found[match.start()] = Dose(match.start(), match.end(), single)
    return tuple(found[start] for start in sorted(found))


def with_doses(
    question: str, terms: Sequence[Term], doses: Sequence[Dose], vocabulary: Vocabulary
) -> list[Term]:
    """Put one term for each dose in place of the words inside it; a dose of a named technique names nothing more."""
    radiotherapy = vocabulary.with_narrower(frozenset({"radiotherapy"})) - _GENERAL
    outside = [t for t in terms if not any(d.start < t.end and t.start < d.end for d in doses)]
    named = [term for term in outside if set(term.concepts) & radiotherapy]
    free = [dose for dose in doses if not any(_same_side(question, dose, term) for term in named)]
    of_doses = (
        Term(d.start, d.end, question[d.start : d.end], (d.concept,), "intervention", "question word")
        for d in free
    )
    return sorted([*outside, *of_doses], key=lambda term: term.start)


def _same_side(question: str, dose: Dose, term: Term) -> bool:
    """Whether nothing between a dose and a technique parts two sides."""
    between = question[min(dose.end, term.end) : max(dose.start, term.start)]
    return _PARTING.search(between) is None
