"""Points: how much one mention speaks for the treatment that it names being under study.

The title weighs most, then the aim, then what patients are said to have had; earlier treatment, what imaging served
and what others did weigh next to nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.zones import is_aim

if TYPE_CHECKING:
    from kb.tagging.article import Named, Sentence

IMAGING = frozenset(
    {
        "magnetic_resonance_imaging",
        "positron_emission_tomography",
        "bone_scintigraphy",
        "computed_tomography",
        "radiography",
    }
)
# "CT-guided biopsy", "MRI-based radiomics": what imaging served, not what is studied.
_SERVES = re.compile(
    r"(?:\)|\s?\(\w+\))?[-‐‑– ]?(?:guid(?:ed|ance)|based|derived|assisted|navigat\w+)\b|(?: \w+){0,2} (?:radiomic|features?)",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:underwent|undergoing|undergo|received|receiving|receive|given|treated (?:with|by|using)|treatment with|"
    r"(?:assigned|allocated|randomi[sz]ed|divided) (?:in)?to|managed (?:with|by)|was performed|were performed|administered|"
    r"operated|having|had|who had|followed by|treated)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:previous(?:ly)?|prior|history of|earlier)\b[^.;,]{0,30}$|\bhaving (?:been|had|received)\b[^.;,]{0,45}$",
    re.IGNORECASE,
)
# "Steroids before radiotherapy or surgery": when the treatment under study was given.
_TIMING = re.compile(r"\b(?:before|prior to|during|under)\b[^.;,]{0,40}$", re.IGNORECASE)
_LISTED_FACTOR = re.compile(
    r"\b(?:age|sex|gender|smoking|histolog\w+|variables?|covariates?|factors?|history|recorded)\b",
    re.IGNORECASE,
)
_OTHERS_WORK = re.compile(
    r"\b(?:alternative to|usually|traditionally|commonly|generally|however|although|often|remains?|is an?|are an?)\b",
    re.IGNORECASE,
)
_TAKEN_FROM = re.compile(
    r"\b(?:(?:extracted|derived|obtained|features|radiomics) (?:\w+ )?(?:from|on|of)|planning)\W+(?:\w+\W+){0,3}$|\b(?:PET|SPECT|tomography)[/-]$|"
    r"\b(?:disease|lesions?|metastas[ei]s|seen|visible|evident|abnormal\w*|uptake|findings?) on (?:an? |the )?$",
    re.IGNORECASE,
)
# "Seven trials examined A": what the studies of an overview are about.
_STUDIES_OF = re.compile(
    r"\b(?:trials?|studies|articles?|papers|publications|reports|remaining \w+)\b[^.;]{0,40}\b(?:incorporat|investigat|evaluat|examin|assess|compar|address|focus)\w*\b[^.;,]{0,60}(?:,[^.;,]{0,30}){0,2}$",
    re.IGNORECASE,
)
# "With the advent of A": how the field changed.
_CHANGED_FIELD = re.compile(
    r"\b(?:advent|evolution|integration|introduction|emergence|advances?|advancements?|improvements?|progress) (?:and \w+ )?(?:of|in)\b[^.;]{0,90}$",
    re.IGNORECASE,
)
# "Salvage after conventional radiotherapy", "poor responders to it": what had failed before.
_FAILED = re.compile(
    r"\b(?:(?:non-?|poor )?respon(?:ders?|ding|d) (?:poorly )?to|refractory to|resistant to|fail(?:ed|ing)(?: to respond to)?|(?:after|following) (?:the )?failure of|not amenable to|unsuitable for|"
    r"ineligible for|contraindicat\w+ (?:for|to)|salvage(?: \w+){0,2}? (?:after|following))\W+(?:the |initial |standard |first )?$",
    re.IGNORECASE,
)
# "Who may be candidates for supportive care": what a score may lead to.
_CANDIDATES = re.compile(r"\bcandidates? for\W+(?:\w+\W+){0,6}$", re.IGNORECASE)
# "Who had A did better than who had B": both are under study.
_COMPARES = re.compile(r"\b(?:than|compared|versus|vs|either)\b", re.IGNORECASE)
# "62% after surgery": a value of its own.
_VALUE_OF = re.compile(r"\d\s?%\)? (?:for|in|after|with|following)(?: the)? $", re.IGNORECASE)
# "Surgery (decompression, fusion)": kinds of it, told as examples.
_KINDS_OF_SURGERY = re.compile(
    r"\b(?:surgery|operations?|surgical (?:treatment|procedures?))\s?\([^()]*$", re.IGNORECASE
)
GIVEN_POINTS = 3.0  # what patients are said to have had
# "laminectomy (n = 31)", "surgery: 27 patients": an arm with its size.
WITH_SIZE = re.compile(
    r"[^.;()]{0,25}[(,:]\s?(?:[nN]\s?=\s?\d|\d+ (?:patients|cases|lesions)\b)|\s?\(groups? \w\b"
)
_SET_AGAINST = re.compile(
    r"\b(?:compared (?:with|to|against)|versus|vs\.?|superior to|in contrast to|as effective as) (?:\w+ ){0,3}$",
    re.IGNORECASE,
)
# "Managed nonoperatively with radiation": the radiation is the treatment.
_WITH_ANOTHER = re.compile(r"\s*(?:with|by) (?:radi|RT\b|chemo|SBRT|irradi)", re.IGNORECASE)
_GIVEN_AS = re.compile(r"\b(?:irradiat\w+|after|following) (?:\w+ ){0,2}$", re.IGNORECASE)
_IN_PARENTHESES = re.compile(r"[(\[][^()\[\]]{0,60}$")
# "preoperative radiotherapy (RR 0.41, ...)": a treatment tested as a factor.
_TESTED_AS_FACTOR = re.compile(
    r"\s?[(\[][^()\[\]]{0,30}\b(?:RR|OR|HR|hazard ratio|odds ratio|relative risk)\b", re.IGNORECASE
)
_STANDARD = re.compile(r"\b(?:has|have) been (?:the|a) (?:standard|mainstay|cornerstone)\b", re.IGNORECASE)
# How care is organised: in a title it tells the setting.
_ORGANISATION = frozenset({"multidisciplinary_tumour_board", "referral_pathway"})
_AGAIN = frozenset({"reirradiation", "reirradiation_stereotactic_body_radiotherapy", "previous_radiotherapy"})


def points_of(sentence: Sentence, named: Named) -> float:
    """Return the points of one mention; what reaches none of the cues gets 0.1."""
    before = sentence.text[max(0, named.start - 70) : named.start]
    if _EARLIER.search(before) and named.concept.id not in _AGAIN:
        return 0.1
    if sentence.text[named.start].isdigit() and (
        _IN_PARENTHESES.search(sentence.text[: named.start]) or _GIVEN_AS.search(before)
    ):
        return 0.1  # "short-course radiotherapy (1 x 8 Gy)", "irradiated to 30 Gy in 10 fractions": how it was given
    if named.concept.id in IMAGING and (
        _SERVES.match(sentence.text[named.end :]) or _TAKEN_FROM.search(before)
    ):
        return 0.1
    if named.concept.id == "non_surgical_management" and _WITH_ANOTHER.match(sentence.text[named.end :]):
        return 0.1
    if _CANDIDATES.search(before) or _FAILED.search(before):
        return 0.1
    if sentence.zone == "title":
        return 1.9 if named.concept.id in _ORGANISATION else 6.0
    if sentence.zone != "background" and _SET_AGAINST.search(before):
        return 2.2
    if sentence.zone in ("methods", "results") and WITH_SIZE.match(sentence.text[named.end :]):
        return GIVEN_POINTS
    if sentence.zone in ("aim", "methods") and _TIMING.search(before) and _follows_another(sentence, named):
        return 0.8
    if sentence.zone == "aim":
        others = sentence.text if not is_aim(sentence.text) else sentence.text[: named.start]
        return 1.0 if _OTHERS_WORK.search(others) else 3.5
    if _CHANGED_FIELD.search(sentence.text[: named.start]):
        return 0.5
    if sentence.zone == "results" and _STUDIES_OF.search(sentence.text[: named.start]):
        return 2.2
    if sentence.zone in ("methods", "results") and not named.hypothetical:
        if sentence.zone == "results" and _TESTED_AS_FACTOR.match(sentence.text[named.end :]):
            return 2.2
        if _LISTED_FACTOR.search(sentence.text[: named.start]):
            return 0.5
        if _KINDS_OF_SURGERY.search(before):
            return 0.5
        if sentence.zone == "results" and _VALUE_OF.search(before):
            return 2.0
        if _GIVEN.search(before):
            told = sentence.zone == "methods" or _COMPARES.search(sentence.text)
            return GIVEN_POINTS if told else 1.6
        return 0.8
    if sentence.zone == "conclusion":
        return (
            0.5 if named.hypothetical or _STANDARD.search(sentence.text) else 1.9
        )  # with a word elsewhere it counts, alone it is advice
    return 0.1


def _follows_another(sentence: Sentence, named: Named) -> bool:
    return any(
        o.end <= named.start and o.concept.id != named.concept.id for o in sentence.of_kind("intervention")
    )
