"""Cohorts of a prediction model: the patients it was made on and the others it was tried on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.numbers.number_words import whole_number
from kb.tagging.study.people_words import NUMBER, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHERS = r"(?:another|independent|separate|external|validation|further|additional|test|second|different|prospective)"
_VALIDATED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bvalidat\w+\b[^.;]{{0,70}}\b(?:in|with|using|on|of)\s(?:an?\s)?{_OTHERS}\s(?:[\w-]+\s){{0,3}}?(?:of\s)?{NUMBER}\s(?:[\w-]+\s){{0,2}}?{PEOPLE}",
        rf"\bvalidated\s(?:\w+\s)?(?:in|with|using|on)\s(?:the\s)?(?:(?:data|an?\s(?:\w+\s)?(?:registry|cohort|series|database))\s(?:of|from|with)\s)?{NUMBER}\s(?:[\w-]+\s){{0,2}}?{PEOPLE}",
        rf"\b(?:and|while|whereas)\s{NUMBER}\s(?:[\w-]+\s){{0,2}}?{PEOPLE}[^.;\d]{{0,60}}\b(?:for|as)\s(?:an?\s)?(?:external|independent)\svalidation",
        rf"\b(?:[Aa]nother|[Aa]n?\s(?:additional|further|separate|independent))\s{NUMBER}\s(?:[\w-]+\s){{0,2}}?{PEOPLE}\b[^.;\d]{{0,60}}\bvalidat",
        rf"\b(?:external|independent|another|separate)\s(?:[\w-]+\s){{0,3}}?(?:cohort|set|group|dataset|registry|population)\s(?:of|with|comprising|including)\s(?:another\s)?{NUMBER}\s(?:[\w-]+\s){{0,2}}?{PEOPLE}",
    )
)
_DEVELOPED = re.compile(
    rf"\b(?:developed|derived|trained|built|created|constructed|generated)\s(?:\w+\s)?(?:in|from|on|using|with)\s(?:an?\s|the\s)?(?:(?:data|records|results|cohort|series|registry)\s(?:of|from)\s)?(?:[\w-]+\s){{0,2}}?{NUMBER}\s(?:[\w-]+\s){{0,3}}?{PEOPLE}"
    rf"|\b(?:development|derivation|training|primary)\s(?:cohort|set|group|dataset)\s(?:of|with|comprising|including|included|comprised|consisted of)\s{NUMBER.replace('number', 'other')}\s(?:[\w-]+\s){{0,2}}?{PEOPLE}",
    re.IGNORECASE,
)


def validation_cohorts(text: str) -> Iterator[tuple[int, int]]:
    """Yield (patients, start) of the cohorts of a sentence on which a model was validated."""
    if "alidat" not in text and "external" not in text:
        return
    for pattern in _VALIDATED:
        for match in pattern.finditer(text):
            if number := whole_number(match["number"]):
                yield number, match.start()


def development_cohorts(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (patients, start, end) of the cohorts of a sentence on which a model was made."""
    for match in _DEVELOPED.finditer(text):
        if number := whole_number(match["number"] or match["other"]):
            yield number, match.start(), match.end()
