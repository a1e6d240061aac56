"""Tested factors: treatments whose effect a study's results tell, though its patients had them besides something else.

"Age, postoperative radiotherapy and targeted therapy were associated with survival": both treatments were asked about.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.tagging.article import Article, Named, Sentence

# What a list of factors is said to be or to do.
_VERDICT = re.compile(
    r"[^.;:]{0,160}?\b(?:(?:was|were|is|are|remained|proved|to be)(?: \w+){0,3}? (?:associated|correlated|related|prognos\w+|predict\w+|"
    r"(?:risk|protective|favou?rable|adverse|independent|significant)\b)|"
    r"(?:had|showed?|exert\w*|did not have|without)(?: \w+){0,4}? (?:significan\w+|effect|impact|influence|association|correlation)|"
    r"(?<!has )(?<!have )(?:significantly|independently) (?:and \w+ )?(?:influenced?|affect\w*|improv\w+|prolong\w*|predict\w*|correlat\w+|reduc\w+|increas\w+|decreas\w+|extend\w*|associated)|"
    r"(?:did not|failed to) (?:\w+ )?(?:influence|affect|improve|prolong|predict|correlate|reduce|increase))\b",
    re.IGNORECASE,
)
# What opens such a list: "independent predictors were A, B and C", "survival was influenced by A".
_OPENING = re.compile(
    r"\b(?:following\b[^.;]{0,40}\b(?:significan|associat|predict)[^.;:]{0,60}:|(?:factors?|predictors?|variables?|parameters?|covariates?|determinants?)\b[^.;]{0,110}(?:\bwere\b|\bwas\b|:|\binclud\w+\b|\bidentified\b|\bas\b|\()|"
    r"(?:associated|correlated) with[^.;:]{0,70}(?:\bwere\b|\bwas\b|:|\binclud\w+\b)|(?:influenced|affected|predicted|determined) by\b)[^.;]{0,150}$",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\b(?:associat|correlat|predict|prognos|factor|influenc|affect|significan|impact|effect|independent|prolong|improv)",
    re.IGNORECASE,
)
# "(p = 0.01)", "(HR 0.4": the treatment's own test.
_OWN_TEST = re.compile(
    r"\s?[(\[](?:[^()\[\]]{0,30}\b(?:RR|[as]?HR|[as]?OR|(?:hazard|odds|risk) ratio)\b|[pP]\s?[=<>≤])"
)
# "Patients using it showed a greater increase".
_GROUP = re.compile(
    r"\b(?:patients|those|groups?|cases) (?:using|on|taking|receiving|given|(?:who|that) (?:received|took|used|had)|treated with|with)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_FARED = re.compile(
    r"[^.;:]{0,40}\b(?:showed|had|experienced|demonstrated|survived|lived|exhibited)\b[^.;]{0,50}\b(?:greater|higher|longer|better|lower|shorter|worse|fewer|less|improved|superior)\b",
    re.IGNORECASE,
)
# "Time to surgery", "blood loss during surgery", "response to chemotherapy": the treatment is no factor itself.
_PART_OF_ANOTHER = re.compile(
    r"\b(?:of|after|following|before|during|to|in|from|between|until|for|by|under|at|since|undergoing|underwent|with|on|than|indicated|via|candidates?|about|prior|previous|previously|earlier|past|history|pre-?|no|without|first|only)[- ]+(?:the |their |an? )?(?:(?!and\b|or\b)\w+[- ])?$",
    re.IGNORECASE,
)
_USE = re.compile(
    r"\b(?:us(?:e|age)|administration|receipt|addition|application|effects?|influence|impact|presence|provision|delivery|completion|treat(?:ment|ed)|associated|administering|"
    r"performance|role|concomitant|concurrent|influenced|affected|predicted|determined|adding|correlated) (?:of|with|by)[- ]+(?:the |either |both |an? )?(?:(?!and\b|or\b)\w+[- ])?$",
    re.IGNORECASE,
)
# "Surgery type", "radiotherapy dose", "surgical site": a detail of it.
_DETAIL = re.compile(
    r"[- ](?:dose|doses|dosage|schedules?|regimens?|type|types|time|times|timing|site|level|levels|duration|blood|complications?|history|techniques?|related|induced|naive|"
    r"resistan\w+|response|failures?|date|cycles?|courses?|field|fields|volume|planning|score|centers?|centres?|year)\b",
    re.IGNORECASE,
)


_MORE_OR_LESS = (
    "greater",
    "higher",
    "longer",
    "better",
    "lower",
    "shorter",
    "worse",
    "fewer",
    "less",
    "improved",
    "superior",
)


def _fared(text: str) -> bool:
    return any(word in text for word in _MORE_OR_LESS) and _FARED.search(text) is not None


def tested_treatments(article: Article) -> Iterator[frozenset[str]]:
    """Yield, sentence by sentence, the ids of the treatments that are told to have, or not to have, an effect."""
    for sentence in article.in_zones("results", "conclusion"):
        treatments = sentence.of_kind("intervention")
        if not treatments or not (_MEASURED.search(sentence.text) or _fared(sentence.text)):
            continue
        yield frozenset(
            named.concept.id
            for named in treatments
            if not named.negated and not named.hypothetical and _is_tested(sentence, named)
        )


def _is_tested(sentence: Sentence, named: Named) -> bool:
    before, behind = sentence.text[: named.start], sentence.text[named.end :]
    if _GROUP.search(before) and _FARED.match(behind):
        return True
    if _DETAIL.match(behind) or (_PART_OF_ANOTHER.search(before) and not _USE.search(before)):
        return False
    return bool(
        (sentence.zone == "results" and _OWN_TEST.match(behind))
        or _VERDICT.match(behind)
        or _OPENING.search(before)
    )
