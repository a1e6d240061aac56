"""Words around a count of people: the people themselves, the number, and what may stand between the two."""

from __future__ import annotations

import re

from kb.tagging.numbers.number_words import WHOLE_NUMBER

PEOPLE = (
    r"(?:patients?|inpatients|outpatients|participants?|subjects?|individuals|persons|people|adults|women|men|cases|survivors|respondents|veterans|"
    r"hospitali[sz]ations|admissions|consecutive series)"
)
NUMBER = rf"(?P<number>{WHOLE_NUMBER})"
# Up to five words may stand between a number and its noun, none of them a number, preposition or verb.
BETWEEN = (
    r"(?:\s+(?!(?:of|with|in|and|or|to|from|at|were|was|had|for|who|than|years?|months?|weeks?|days?|fractions?|gy|percent|points?|"
    r"hours?|minutes?|studies|trials|articles|papers|publications|cohorts|centers|centres|hospitals|reports)\b)(?:[A-Za-z][\w/-]*|\([a-z ]+\)|\([^()]{2,30}\b(?:(?:fe)?males?|(?:wo)?men)\b[^()]{0,25}\))){0,5}?\s+"
)
# What no background and no conclusion says of others' work.
OWN_WORK = re.compile(
    r"\b(?:we|the authors|this study|in an?) (?:[\w,-]+ ){0,2}(?:conducted|performed|reviewed|analy[sz]ed|included|enrolled|evaluated|treated|examined|(?:prospective|retrospective) (?:\w+ )?(?:study|review|analysis|series))\b"
    r"|\b(?:is|are|was|were) (?:\w+ly )?(?:assessed|reported|described|reviewed|analy[sz]ed|presented|evaluated|examined|discussed|investigated)\b[^.;]{0,80}\bin (?:a series of )?\d+ (?:[\w-]+ ){0,2}(?:cases|patients)\b"
    r"|\b(?:series|experience|cohort|review|group) (?:of|with) \d+ (?:[\w-]+ ){0,3}(?:cases|patients)\b[^.;]{0,70}\b(?:is|are|was|were) (?:\w+ )?(?:presented|reported|reviewed|described|analy[sz]ed|studied|evaluated)\b"
    r"|\bthe authors (?:\w+ly )?(?:conducted|performed|reviewed|analy[sz]ed|evaluated|treated|examined|studied|report)\b"
    r"|\b(?:were|was) (?:retrospectively|prospectively) (?:reviewed|analy[sz]ed|evaluated|studied|collected)\b",
    re.IGNORECASE,
)
