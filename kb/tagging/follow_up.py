"""Follow-up: how long patients were followed, in months."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.lengths import in_months

if TYPE_CHECKING:
    from kb.tagging.article import Article

_FOLLOW_UP = re.compile(
    r"\b(?:median|mean|average)(?: \w+){0,2} follow[- ]?up(?: \w+){0,6}?[ (,:=]+(?P<value>\d+(?:[.·]\d+)?)\s*[- ]?(?P<unit>months?|mos?|years?|yrs?|weeks?|days?)\b"
    r"|\bfollow[- ]?up(?: \w+){0,5}? (?:of|was|were|:)\s*(?:a )?(?:median|mean|average)?(?: of)?\s*(?P<value2>\d+(?:[.·]\d+)?)\s*[- ]?(?P<unit2>months?|mos?|years?|yrs?|weeks?|days?)\b",
    re.IGNORECASE,
)


def read_follow_up(article: Article) -> float | None:
    """Return the stated median or mean follow-up in months, or None."""
    for sentence in article.in_zones("methods", "results", "mixed", "aim", "title"):
        if match := _FOLLOW_UP.search(sentence.text):
            value = match.group("value") or match.group("value2")
            unit = match.group("unit") or match.group("unit2")
            return in_months(float(value.replace("·", ".")), unit)
    return None
