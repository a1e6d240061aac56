"""Analysed patients: counts whose words say that they are the ones analysed, out of more or told without a noun.

"Of 129 enrolled patients, serum was available in 101", "183 were reviewed and 176 were analysed",
"876 (723 evaluable) participants", "seventy-four records were included in the final analysis".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.numbers.number_words import WHOLE_NUMBER, whole_number
from kb.tagging.study.people_words import NUMBER, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

_PART_OF = re.compile(
    r"\b(?:of|among|from)\s+(?:the\s+|all\s+|a total of\s+)?(?:\d|[a-z]+(?:teen|ty|hundred)\b)|\bonly \d|\bfocus|\bfinal|\band (?:\d+|[a-z]+(?:teen|ty)(?:-[a-z]+)?) (?:\w+ ){0,3}were"
    r"|\bof (?:which|whom|them|these)\b|\bevaluable|\b(?:assess|analy[sz])able|retained|\bleaving\b|\bremain|\bmatching\b|\b(?:dataset|database|cohort|sample|registry|series|population) (?:contained|comprised|consisted|had)|\(\s?[nN]\s?=\s?\d[\d,]*\s?\)\.?$|\bcomplete\b|\bscreened\b|\b(?:included|analy[sz]ed) in\b|\b(?:records|charts|files)\b|\b(?:\d|[a-z]+(?:teen|ty)) were\b",
    re.IGNORECASE,
)
_OF_THOSE = rf"\b(?<!total )(?:of|among|from)\s+(?:the\s+|all\s+|a total of\s+)?{WHOLE_NUMBER}\s+"
_USED = r"(?:available|analy[sz]ed|included|eligible|evaluable|suitable|enrol?led|met|fulfilled|assessable)"
# What a part of the patients had or did: then it is the whole that was included.
_NOT_FATE = (
    r"(?!\s*(?:\([^)]*\)\s*)?(?:(?:patients|of them|cases)\s)?(?:ha[ds]\b(?!\s(?:spin|vertebral|bone))|died|developed|received|underwent|experienced|survived|formed|"
    r"completed (?:the |all |both |a )?(?:[\w-]+ ){0,2}(?:questionnaires?|follow|surveys?)|made up|comprised|showed|reported|required|presented|suffered|achieved|improved|regained|responded|remained|served|"
    r"were (?:\w+ )?(?:alive|dead|lost|treated|operated|(?:fe)?male|women|men|assigned|allocated|randomi|ambulatory|able|unable|in the|used)))"
)
_INTO_A_GROUP = r"(?!\s(?:in|into)\s(?:the\s)?(?!(?:whom|which|who)\b|(?:\w+\s){0,3}?(?:analys|stud(?:y|ies)\b|final|review|cohort\b|trial\b)))"
# Each with its points, and words of which one must stand in the text: they spare the search for what cannot be found.
_PATTERNS: tuple[tuple[re.Pattern[str], float, tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), points, hints)
    for pattern, points, hints in (
        (
            rf"{_OF_THOSE}[^.;]{{0,60}}?\b{_USED}\b[^.;\d]{{0,40}}?\b(?:in|for)?\s*{NUMBER}(?![\w-])(?!\s*(?:%|years|months|days|weeks|lesions|metastases|vertebrae|segments)){_NOT_FATE}",
            7.5,
            (),
        ),
        (
            rf"{_OF_THOSE}(?:[\w-]+\s+){{0,3}}(?:patients|participants|subjects|cases|women|men)(?:[^.;\d]|\b(?:19|20)\d\d\b){{0,90}}?[, ]"
            rf"{NUMBER}\s+(?:\([^)]*\)\s+)?(?:\w+\s+){{0,2}}?(?:(?:were|was)?\s*{_USED}|had (?:spin\w+|vertebral|bone))\b{_INTO_A_GROUP}",
            7.5,
            (),
        ),
        (
            rf"{_OF_THOSE}(?:[\w-]+\s+){{0,3}}(?:patients|participants|subjects|cases|women|men)\s(?:\w+\s)?(?:screened|invited|approached|assessed|registered|referred)[^.;\d]{{0,40}}?,\s"
            rf"{NUMBER}\s+(?:\([^)]*\)\s+)?(?:were|was|consented|agreed|participated|completed)\b",
            8.5,
            ("screened", "invited", "approached", "assessed", "registered", "referred"),
        ),
        (
            rf"{NUMBER}\s+(?:of|out of)\s+(?:the\s+)?{WHOLE_NUMBER}\s+(?:\w+\s+){{0,3}}?{PEOPLE}\s+(?:\w+\s+){{0,3}}?(?:assessed|were (?:\w+ )?(?:assigned|randomi[sz]ed|included|enrolled|evaluated|analy[sz]ed)|could be evaluated|screened)",
            7.5,
            (),
        ),
        (
            rf"\b(?:enrolled|randomi[sz]ed|assigned|recruited|included|reviewed|screened|identified|treated)\b[^.]{{0,90}}?(?:\band|,|;|\bof (?:whom|which|these)) {NUMBER} "
            rf"(?:(?:eligible|evaluable|remaining|consecutive|\w+) )?(?:(?:patients|cases|participants) )?were (?:finally |eventually |ultimately |\w+ )?(?:analy[sz]ed|included in the (?:final |present )?analysis|evaluable)",
            9.5,
            (),
        ),
        (
            rf"(?<![\w.,%$-]){NUMBER}\s(?:evaluable|assessable|analy[sz]able)\s(?:\w+\s)?{PEOPLE}\b(?!\s(?:in|of|from)\s(?:the|each|both|this)\s\w+\s(?:group|arm))",
            9.0,
            ("valuable", "ssessable", "ysable", "yzable"),
        ),
        (
            rf"(?<![\w.,%$-]){NUMBER}\s(?:\w+\s)?{PEOPLE}\b(?:\s\([^()]*\))?[^;\d]{{0,110}}?\b(?:were|was)\s(?:\w+\s)?(?:included\sin|available\sfor|retained\s(?:in|for)|entered\sinto|eligible\sfor|kept\sfor|used\s(?:in|for))\s(?:the\s|our\s|this\s)?(?:final\s|statistical\s|primary\s|present\s|data\s)?analys[ei]s\b(?!\sof\b)",
            9.0,
            ("analys",),
        ),
        (
            rf"(?:\bwith|\band|,|;|\bleaving|\byielding|\bresulting\sin|\bof\swh(?:om|ich))\s{NUMBER}\s(?:\w+\s)?(?:{PEOPLE}\s)?(?:\([^()]*\)\s)?(?:were\s)?(?:retained|remaining|remained|left)\s(?:after|following|in|for|once)\b(?!\s(?:the\s)?(?:\w+\s)?(?:hospital|remission|treatment|surgery))",
            9.5,
            ("retained", "remain", "left"),
        ),
        (
            rf"\bleaving\s(?:a\stotal\sof\s)?{NUMBER}\s(?:\w+\s)?(?:{PEOPLE}\s)?(?:\([^()]*\)\s)?(?:for|in|available|eligible|to\sbe|who|with)\b",
            9.5,
            ("leaving",),
        ),
        (
            rf"\b[Aa]fter\s(?:\d:\d\s)?(?:propensity[- ](?:score[- ])?)?match\w+,?\s(?:a\stotal\sof\s|there\swere\s)?{NUMBER}\s(?:[\w-]+\s)?{PEOPLE}\b(?!\s(?:were\s\w+\s)?(?:in|per)\seach|\sper\b|[^.;]{{0,30}}\b(?:each|per)\b)(?!\s(?:in|who|with)\s(?:the\s)?[^.;]{{3,60}}\band\s\d)",
            9.5,
            ("match",),
        ),
        (
            rf"\b(?:dataset|database|cohort|sample|registry|series|population)\s(?:\w+ly\s)?(?:contained|comprised|consisted\sof|had)\s{NUMBER}\s(?:\w+\s){{0,2}}?(?:records|charts|files|{PEOPLE})\b",
            7.5,
            ("contained", "comprised", "consisted", "had"),
        ),
        (
            rf"\b{PEOPLE}\b[^.;\d]{{0,40}}\bscreened\b[^.]{{0,70}}?[;,]\s(?:of\swhom\s|and\s)?{NUMBER}\s(?:{PEOPLE}\s)?(?:were\s(?:\w+\s)?(?:eligible|enrolled|included|analy[sz]ed|recruited)|met)\b",
            8.5,
            ("screened",),
        ),
        (
            rf"\b(?:included|enrol?led|analy[sz]ed|reviewed|evaluated|studied|identified|recruited|comprised)\s(?:(?:all|consecutive|the|only|adult)\s){{0,3}}(?:\w+\s)?{PEOPLE}\b[^;()]{{0,120}}?\(\s?[nN]\s?=\s?{NUMBER}\s?\)\.?$",
            7.0,
            ("(n", "( n", "(N", "( N"),
        ),
        (
            rf"\b(?:{PEOPLE})\b[^;()]{{0,160}}?\b(?:included|enrol?led|analy[sz]ed|reviewed|evaluated|studied|identified|recruited|stud(?:y|ies)|cohort|series|population|analysis)(?:\s(?:in|for|from|into|at)\s[^;().]{{2,80}})?\s\(\s?[nN]\s?=\s?{NUMBER}\s?\)\.?$",
            7.0,
            ("(n", "( n", "(N", "( N"),
        ),
        (
            rf"\bonly {NUMBER} (?:patients|participants|subjects|cases)\b[^.;]{{0,90}}\b(?:available for|evaluable|analy[sz]ed)\b",
            7.5,
            ("nly ",),
        ),
        (
            rf"\b{PEOPLE}\b[^.;\d]{{0,60}}, (?:of (?:which|whom|these) )?{NUMBER} (?:of (?:which|whom|them|these) )?(?:(?:\w+ )?fit|met|fulfilled|satisfied|(?:were )?(?:\w+ )?(?:included|eligible|analy[sz]ed))\b{_INTO_A_GROUP}",
            7.5,
            (),
        ),
        (
            rf"\b(?:focus(?:ed|ing) on|final(?:ly)? (?:inclusion|analysis|cohort|sample) of) {NUMBER} {PEOPLE}",
            7.5,
            ("ocus", "inal"),
        ),
        (
            rf"\b{WHOLE_NUMBER}\s\({NUMBER}\s(?:were\s)?(?:evaluable|analy[sz]ed|eligible|assessable|included)\)\s(?:\w+\s){{0,2}}{PEOPLE}",
            9.5,
            (),
        ),
        (
            rf"(?<![\w.,%$-]){NUMBER}\s(?:\w+\s){{0,2}}?(?:records|charts|files|case notes)\s(?:were|was)\s(?:\w+\s)?(?:included|analy[sz]ed|reviewed|available|eligible|identified)",
            5.0,
            ("records", "charts", "files", "notes"),
        ),
        (
            rf"(?:^|[,:;]\s(?:and\s)?)(?:a total of\s|in total,?\s)?{NUMBER}\swere\s(?:\w+\s)?(?:enrolled|included|analy[sz]ed|recruited)\s(?:in|into|for)\s(?:the\s|this\s|our\s)?(?:\w+\s){{0,2}}?(?:study|analysis|cohort|population|series|trial)\b",
            7.0,
            (),
        ),
        (
            rf"(?<![\w.,%$-]){NUMBER}\s(?:\w+\s){{0,2}}?(?:patients|cases|participants|women|men)\s(?:\([^)]*\)\s)?(?:\w+\s)?(?:met|fulfilled|satisfied)\s(?:\w+\s){{0,3}}?criteria(?:\sand\swere\s(?:\w+\s)?(?:included|analy[sz]ed|enrolled))?",
            9.5,
            ("criteria",),
        ),
    )
)
_FEWEST = 5
# One of these stands in every sentence that a pattern can match: a cheap test before the long ones.
_WORDS = (
    "analy", "vailable", "included", "eligible", "valua", "suitable", "enrol", "met", "fulfilled", "satisfied", "criteria", "assess", "retained",
    "remain", "leaving", "left", "match", "screened", "invited", "approached", "registered", "referred", "randomi", "assigned", "focus", "final",
    "records", "charts", "files", "notes", "contained", "comprised", "consisted", "had", "identified", "recruited", "studied", "used",
)  # fmt: skip


_IN_TIME = re.compile(r"\b(?:between|from|since|in|until|through|during)\b[^.;]{0,25}$", re.IGNORECASE)


def _names_year(text: str, match: re.Match[str], number: int) -> bool:
    """ "Treated between 2006 and 2016 were analysed": a year, and nobody's number."""
    bare = match["number"].isdigit() and 1900 <= number <= 2099
    return bare and bool(_IN_TIME.search(text, 0, match.start("number")))


def analysed_counts(text: str) -> Iterator[tuple[int, int, int, float]]:
    """Yield (number, start, end, points) of the counts of a sentence that are called those analysed."""
    if not any(word in text for word in _WORDS):
        return
    if not _PART_OF.search(text) and "criteria" not in text and "analys" not in text:
        return
    for pattern, points, hints in _PATTERNS:
        if hints and not any(hint in text for hint in hints):
            continue
        for match in pattern.finditer(text):
            number = whole_number(match["number"])
            if number is not None and number >= _FEWEST and not _names_year(text, match, number):
                yield number, match.start(), match.end("number"), points
