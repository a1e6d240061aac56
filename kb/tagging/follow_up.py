"""Follow-up: how long patients were followed, in months."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.lengths import in_months

if TYPE_CHECKING:
    from kb.evidence import Design
    from kb.tagging.article import Article

_FOLLOW = r"follow(?:ed)?[- ]?up"
_LENGTH = (
    r"(?P<value>\d+(?:[.·]\d+)?)(?:\s?(?:±|\+/-)\s?\d+(?:[.·]\d+)?(?:\s?\([^)]{0,30}\))?)?\s*[- ]?"
    r"(?P<unit>months?|mos?|years?|yrs?|weeks?|days?)\b"
)
_AVERAGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:median|mean|average)(?: [\w-]+){{0,2}} {_FOLLOW}(?: \w+){{0,6}}?[ (,:=]+{_LENGTH}",
        rf"\b{_FOLLOW}(?: \w+){{0,5}}? (?:of|was|were|:)\s*(?:a )?(?:median|mean|average)?(?: of)?\s*{_LENGTH}",
        # "follow-up was 15-50 months, with an average of 32.2 months"
        rf"\b{_FOLLOW}\b[^.;]{{0,80}}?\b(?:median|mean|average)(?: of| was|,|:| =)?\s{_LENGTH}",
        rf"\bfollowed (?:up )?for (?:(?:a |an )?(?:median|mean|average) (?:of )?)?{_LENGTH}",
    )
)
# The fixed length of a trial.
_FIXED = re.compile(
    rf"\bover {_LENGTH} of (?:\w+ )?follow[- ]?up|\bfollowed up for {_LENGTH.replace('value', 'value2').replace('unit', 'unit2')}",
    re.IGNORECASE,
)
# "54.4 months (surgery) and 26.1 months (radiotherapy)": each arm's own, and none of the whole study.
_ANOTHER = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?(?:,?\s?(?:and|or|vs\.?|versus|to)|[-–])\s*(?:a )?\d", re.IGNORECASE
)
_BOUND = re.compile(r"\b(?:at least|minimum|up to|maximum|more than|less than|range)\b", re.IGNORECASE)


def read_follow_up(article: Article, design: Design) -> float | None:
    """Return the stated median or mean follow-up in months, else a trial's fixed one; None for ranges and bounds."""
    sentences = [
        s.text for s in article.in_zones("methods", "results", "mixed", "aim", "title") if "ollow" in s.text
    ]
    patterns = (*_AVERAGES, _FIXED) if design in ("rct", "prospective_cohort") else _AVERAGES
    for pattern in patterns:
        for text in sentences:
            match = pattern.search(text)
            if match is None or _BOUND.search(match.group()) or _ANOTHER.match(text[match.end() :]):
                continue
            groups = match.groupdict()
            value = groups["value"] or groups["value2"]
            return in_months(float(value.replace("·", ".")), groups["unit"] or groups["unit2"])
    return None
