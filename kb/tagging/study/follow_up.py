"""Follow-up: how long patients were followed, in months."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.numbers.lengths import in_months

if TYPE_CHECKING:
    from kb.evidence import Design
    from kb.tagging.article import Article

_FOLLOW = r"follow(?:ed)?[- ]?up(?!\s(?:scans?|imag\w+|CT|MRI?|PET\S*|computed|magnetic)\b)"
_LENGTH = (
    r"(?P<value>\d+(?:[.·]\d+)?)(?:\s\((?:95|range|IQR|SD|interquartile)[^()]{1,40}\)(?=\s?(?:months|years|weeks|days)\b))?(?:\s?(?:±|\+/-)\s?\d+(?:[.·]\d+)?(?:\s?\([^)]{0,30}\))?)?\s*[- ]?"
    r"(?P<unit>months?|mos?|years?|yrs?|weeks?|days?)\b"
)
_AVERAGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:median|mean|average)(?: [\w-]+){{0,2}} {_FOLLOW}(?: \w+){{0,8}}?[ (,:=]+{_LENGTH}",
        rf"\b(?:median|mean|average)(?: \w+)? (?:(?-i:F/?U)|(?:observation|surveillance|observational))(?: (?:time|period|duration|interval))? (?:was|of|were|=)?\s?{_LENGTH}",
        rf"\b(?:median|mean|average) (?:of )?{_LENGTH}['’]?\s(?:of\s)?(?:\w+\s)?follow[- ]?up\b",
        rf"\b{_FOLLOW}(?: \w+){{0,5}}? (?:of|was|were|amounted to|reached|lasted|averaged|:)\s*(?:a )?(?:median|mean|average)?(?: of)?\s*{_LENGTH}",
        # "follow-up was 15-50 months, with an average of 32.2 months"
        rf"\b{_FOLLOW}\b[^.;]{{0,80}}?\b(?:median|mean|average)(?: of| was|,|:| =)?\s{_LENGTH}",
        rf"\bfollow[- ]?up(?: (?:period|time|duration))? \({_LENGTH}\)",
        rf"\b(?:followed|observed|monitored) (?:up )?(?:for|over) (?:(?:a |an )?(?:median|mean|average) (?:of )?)?{_LENGTH}",
    )
)
# The fixed length of a trial.
_FIXED = re.compile(
    rf"\bover {_LENGTH} of (?:\w+ )?follow[- ]?up|\bfollowed up for {_LENGTH.replace('value', 'value2').replace('unit', 'unit2')}",
    re.IGNORECASE,
)
# "median follow-up and median time to imaging were 11 and 6 months, respectively": the first is the follow-up.
_FIRST_OF_TWO = re.compile(
    rf"\b(?:median|mean|average) follow[- ]?up(?: \w+)? and [^.;\d]{{3,80}}? (?:was|were) {_LENGTH}[^.;]{{0,90}}\brespectively\b",
    re.IGNORECASE,
)
# "at the 6-month follow-up" of a trial, "every 3 weeks for 9 months"
_TRIAL_ENDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:at|after) (?:the |a )?{_LENGTH}['’]? (?:of )?follow[- ]?up\b",
        rf"\bevery (?:\d+|\w+) (?:weeks|months) for (?:a total of )?{_LENGTH}",
    )
)
# "54.4 months (surgery) and 26.1 months (radiotherapy)": each arm's own, and none of the whole study.
_ANOTHER = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?(?:,?\s?(?:and|or|vs\.?|versus|to)|[-–])\s*(?:a )?\d", re.IGNORECASE
)
# "assessed at baseline and at 1, 3 and 6 months": the plan of a study that looks forward, its last visit.
_VISITS = re.compile(
    r"\b(?:assessed|measured|evaluated|collected|recorded|completed|obtained|administered|observed|interviewed|reassessed|re-?evaluated|performed|monitored|questionnaires?|follow(?:ed)?[- ]?ups?)\b[^.;]{0,110}?"
    r"\b(?:\d+|one|two|three|six|nine|twelve)(?:\s(?:days?|weeks?|months?))?(?:,|\sand|,\sand)\s(?:at\s)?[^.;()%=]{0,60}?(?<![\d.])(?P<value>\d{1,2})[\s-](?P<unit>weeks?|months?|years?)\b(?!,?\s(?:and|\d))",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"\bprospective(?:ly)?\b", re.IGNORECASE)
_RUNS_FORWARD = ("rct", "prospective_cohort", "economic_evaluation")
_BOUND = re.compile(r"\b(?:at least|minimum|up to|maximum|more than|less than|range)\b", re.IGNORECASE)


def read_follow_up(article: Article, design: Design) -> float | None:
    """Return the stated median or mean follow-up in months, else a fixed one laid down; None for ranges and bounds."""
    sentences = [
        s.text
        for s in article.in_zones("methods", "results", "mixed", "aim", "title")
        if any(word in s.text for word in ("ollow", "FU", "F/U", "observ", "surveillance", "onitored"))
    ]
    patterns = (*_AVERAGES, _FIXED) if design in ("rct", "prospective_cohort") else _AVERAGES
    for pattern in patterns:
        for text in sentences:
            match = pattern.search(text)
            if (
                match is None
                or _BOUND.search(text[max(0, match.start() - 12) : match.end()])
                or _ANOTHER.match(text[match.end() :])
            ):
                continue
            groups = match.groupdict()
            value = groups["value"] or groups["value2"]
            return _in_months(value, groups["unit"] or groups["unit2"])
    return _of_two(sentences) or _last_visit(article, design) or _trial_end(article, design)


def _months(match: re.Match[str]) -> float:
    return _in_months(match["value"], match["unit"])


def _in_months(value: str, unit: str) -> float:
    """The length in months; weeks and days to one decimal."""
    months = in_months(float(value.replace("·", ".")), unit)
    return round(months, 1) if unit.lower().startswith(("week", "day")) else months


def _of_two(sentences: list[str]) -> float | None:
    """The first of two lengths told together."""
    return next((_months(match) for text in sentences if (match := _FIRST_OF_TWO.search(text))), None)


def _trial_end(article: Article, design: Design) -> float | None:
    """The last visit that the results of a trial speak of."""
    if design not in _RUNS_FORWARD:
        return None
    texts = [s.text for s in article.in_zones("methods", "results", "mixed")]
    for pattern in _TRIAL_ENDS:
        ends = [_months(match) for text in texts for match in pattern.finditer(text)]
        if ends:
            return max(ends)
    return None


def _last_visit(article: Article, design: Design) -> float | None:
    """The last of the visits that a study looking forward lays down, where it states no average."""
    looks_forward = design in _RUNS_FORWARD or (
        design == "case_series"
        and any(_FORWARD.search(s.text) for s in article.in_zones("title", "aim", "methods"))
    )
    if not looks_forward:
        return None
    for sentence in article.in_zones("methods", "mixed"):
        if match := _VISITS.search(sentence.text):
            return _months(match)
    return None
