"""Measured outcomes: what a study measures or reports, beside the outcomes that it names in passing."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.tagging.aims import own_sentences, stated_aims
from kb.tagging.salience_lists import characteristics, gives_way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.tagging.article import Article, Named, Sentence

_MEASURING = re.compile(
    r"\b(?:outcomes?|end-?points?|evaluat\w+|assess\w*|measur\w+|record\w+|compar\w+|analy[sz]\w+|determin\w+|calculated|"
    r"estimated|rates?|investigat\w+|examin\w+|collected|extracted|reviewed|documented|graded|scored|quantified|"
    r"considered|monitored|discuss\w*|costs included|validat\w+|reported|of interest)\b",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|all|most|majority|half|none|"
    r"significan\w+|improv\w+|differ\w*|better|worse\w*|higher|lower|no|increas\w+|decreas\w+|reduc\w+|similar|"
    r"observed|occurred|reliev\w+|alleviat\w+|associated|predict\w+|limited|reported|achiev\w+|common|rare|rates?|low|"
    r"neither|nor|without|absence|free|prolonged|restored|preserved|regained|suffered|alive|resulted|required|minimal|mild|unchanged|comparable|"
    r"longer|shorter|greater|fewer|less|more|showed|revealed|excellent|good|poor|remained|stable|maintained|experienced|developed|assessed|evaluated|declin\w+)\b",
    re.IGNORECASE,
)
# "patients with ...", "because of ...", "baseline ...": what the patients came with.
_STATE_OF_PATIENTS = re.compile(
    r"\b(?:with(?! (?:respect|regards?|focus|emphasis|a focus|special) (?:to|on)\b)|for|having|history of|due to|caused by|because of|"
    r"contributing to|secondary to|baseline|pre-?operative|pre-?treatment|pre-?therap\w+|pre-?radi\w+|"
    r"present(?:ed|ing|ation)(?: was| with)?|suffer\w+ from|complain\w* of|treatment of|indications?)\W+(?:\w+\W+){0,2}$|"
    r"\bpatients (?:with|who had) [^.;,()\d]{0,60}\band\W+$",
    re.IGNORECASE,
)
# "Ambulatory status before radiotherapy": what patients came with, unless the sentence goes on to how they fared.
_BASELINE_BEHIND = re.compile(
    r"[\s,]*(?:scores? |grades? |status |function )?(?:before|prior to|(?:at|on) (?:presentation|admission|baseline|diagnosis))\b",
    re.IGNORECASE,
)
_FARED = re.compile(
    r"\b(?:after\w*|thereafter|during|daily|post\w*|follow\w*|improv\w+|decreas\w+|reduc\w+|increas\w+|chang\w+|later|last|final)\b",
    re.IGNORECASE,
)
# "The commonest presenting symptom was back pain".
_PRESENTING = re.compile(
    r"\b(?:presenting|initial|chief|main|first|commonest|most (?:common|frequent)) (?:presenting )?"
    r"(?:symptoms?|complaints?|features?|signs?|presentations?)\b[^.;]*$",
    re.IGNORECASE,
)
# "Visual analogue score for pain": what is scored, not what patients came with.
_SCORED_FOR = re.compile(
    r"\b(?:scor\w+|scales?|analog\w*|assess\w*|evaluat\w+|measur\w+|searched|risks?|factors?|predictors?|predictive|"
    r"values? of [\w\s-]{1,40}) for\W+$",
    re.IGNORECASE,
)
# "Patients who lost the ability to walk": who they were, not what became of them.
_SUBGROUP = re.compile(
    r"\b(?:patients|those|individuals|cases|subjects) (?:who(?:se)?|in whom|that)\b[^.;,\d]{0,40}$",
    re.IGNORECASE,
)
# What a treatment is for, what others found, and what would be.
_NOT_FOUND_HERE = re.compile(
    r"^(?:if|because)\b|\b(?:goals?|aims?) of (?:surgery|surgical|treatment|therapy|radiotherapy|these|all)\b|"
    r"\b(?:previous|prior|earlier|recent) (?:studies|reports|series|papers|literature) (?:have|had|has|reported)\b|"
    r"\bet al\b|\b(?:has|have) been (?:extensively|widely|previously)\b|\b(?:reasons?|indications?) for\b",
    re.IGNORECASE,
)
_OTHERS_WORDS = (
    "if ",
    "because",
    "goal",
    "aim",
    "previous",
    "prior",
    "earlier",
    "recent",
    "et al",
    " been ",
    "reason",
    "indication",
)


@lru_cache(maxsize=64)  # asked for every outcome of a sentence
def _told_of_others(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _OTHERS_WORDS) and _NOT_FOUND_HERE.search(text) is not None


_INTENDED = re.compile(
    r"\b(?:intended|designed|necessary|crucial|important) (?:to|for)\b[^.;]{0,70}$", re.IGNORECASE
)
_LINK = re.compile(
    r"\b(?:associated with|predict(?:ed|s)|predict(?:ors?|ive) (?:of|for)|prognostic (?:factors?|for)|risk factors? (?:of|for)|affect(?:s|ed|ing)?|"
    r"influenc(?:es?|ed|ing)|correlated with|related to)\b",
    re.IGNORECASE,
)
# "Target dose as a predictor of local failure", "transfusion does not decrease survival".
_AS_PREDICTOR = re.compile(
    r"[^.;,]{0,60}\b(?:as an? (?:\w+ )?(?:predictor|risk factor|prognostic factor)|does not|do not|predicts?|associated with|affects?|influences?|"
    r"(?:effects?|impact|influence) (?:of|on))\b",
    re.IGNORECASE,
)
_FACTORS = re.compile(
    r"\b(?:predict\w*|prognostic|factors?|independent\w*|associated with|multivaria\w+|univaria\w+|covariates?|parameters?|"
    r"subgroups?|matched|stratif\w+|criteria)\b",
    re.IGNORECASE,
)
_LISTED_FACTOR = re.compile(
    r"\b(?:age|sex|gender|smoking|body mass index|histolog\w+|covariates?|"
    r"(?:factors?|variables?)(?:\s?[:(]| (?:were|was|include\w*|including|such as|for|affecting)))",
    re.IGNORECASE,
)
# "Was analysed in relation to local control": the outcome, whatever factors the sentence lists.
_ACTED_ON = re.compile(
    r"\b(?:relation to|(?:effects?|impact|influence) on|associated with|predict(?:ors?|ive|ing)?(?: of| for)?)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
# "Significant factors were performance status and ambulation".
_FACTORS_WERE = re.compile(r"\b(?:factors?|predictors?),? (?:were|was|includ\w*)\b[^.;]*$", re.IGNORECASE)
# "Blood loss >= 500 ml": a threshold of a factor.
_THRESHOLD = re.compile(r"\s?(?:>=|<=|[<>≥≤])\s?\d|[\w\s,-]{0,30}\bsub-?cohorts?\b")
# "Defined as fracture or surgery", "to calculate the score", "for the fields of pain": what another thing is made of.
_MADE_OF = re.compile(
    r"\b(?:defined as|consist(?:ed|s|ing) of|composed of|such as)\b[^.;]*$",
    re.IGNORECASE,
)
_FIELDS = re.compile(r"\b(?:fields?|components?|items?) (?:of|were|are|was)\b[^.;]*$", re.IGNORECASE)
# "The prognostic value of a mutation": of a factor, and of no score.
_OF_A_FACTOR = re.compile(
    r"(?:prognostic|predictive) (?:predictive )?(?:value|significance|ability|capacity|power|role|importance)s?\b(?![^.;]{0,60}\b(?:scor|scales?|model|systems?|nomogram|ind(?:ex|ices)|tools?|classif|algorithm|grad))",
    re.IGNORECASE,
)
_TO_CALCULATE = re.compile(r"[^.;]{0,60}\bto calculate\b", re.IGNORECASE)
# "According to the extent of resection": what patients were grouped by.
_GROUPED_BY = re.compile(
    r"\b(?:according to|stratified by|depending on|based on)\W+(?:\w+\W+){0,3}$", re.IGNORECASE
)
# Said of a tool's figures or of why a study was done, and an outcome only where the title names it.
_PASSING = frozenset({"life_expectancy"})
# "Agreement of the two reviewers on the risk of bias": how a review was made.
_AGREEMENTS = frozenset({"reliability", "interobserver_reliability", "intraobserver_reliability"})
_OF_REVIEWERS = re.compile(
    r"\b(?:risk of bias|quality (?:assessment|appraisal)|study selection|data extraction|full[- ]texts?|title and abstract)\b",
    re.IGNORECASE,
)
# Harm as a whole, of whichever kind.
_WHOLE_HARM = frozenset(
    {"complication", "major_complication", "minor_complication", "adverse_event", "wound_complication"}
)
# "This complication", "a major cause of morbidity": no outcome of its own.
_POINTS_BACK = re.compile(
    r"\b(?:this|these|such|which|that|(?:causes?|sources?) of(?: (?:significant|considerable|severe))?)\W+$",
    re.IGNORECASE,
)
# Said of nearly every treatment: an outcome where the study set out to judge it, or where nothing more precise is.
_UMBRELLAS = frozenset({"safety", "feasibility"})
_VALUE = re.compile(r"\d(?:\.\d+)?\s?(?:%|m[Ll]\b|cc\b|months?|days|patients)|\b[Pp]\s?[=<]")


def measured_outcomes(article: Article) -> frozenset[str]:
    """Return the ids of the outcomes that the study measures or reports, beside those named in passing."""
    zones: dict[str, set[str]] = defaultdict(set)
    for sentence in own_sentences(article):
        for named in sentence.of_kind("outcome"):
            if _is_measured(sentence, named):
                told = sentence.zone == "conclusion" and bool(_VALUE.search(sentence.text))
                zones[named.concept.id].add("results" if told else sentence.zone)
    reported = any("results" in found for found in zones.values())
    found = {c for c, where in zones.items() if not (reported and where == {"conclusion"})}
    titled = {n.concept.id for s in article.in_zones("title") for n in s.of_kind("outcome")}
    lesser = {
        broad
        for broad, precise in gives_way().items()
        if broad in found - _declared_use(zones)
        and (article.vocabulary.with_narrower(precise) - {broad}) & found
    }
    aimed = {n.concept.id for s in stated_aims(article) for n in s.of_kind("outcome")}
    found -= (_PASSING - titled) | (lesser - (aimed & _UMBRELLAS))
    return frozenset(found - (_UMBRELLAS - aimed) or found)


def _declared_use(zones: Mapping[str, set[str]]) -> frozenset[str]:
    """Clinical utility where methods or results tell of it: a measure beside discrimination, no word for it."""
    return (
        frozenset({"clinical_utility"}) if zones["clinical_utility"] & {"methods", "results"} else frozenset()
    )


def _is_measured(sentence: Sentence, named: Named) -> bool:
    before = sentence.text[: named.start]
    aside = bool(_STATE_OF_PATIENTS.search(before)) and not _SCORED_FOR.search(before)
    if _stands_for_else(sentence, named):
        return False
    if sentence.zone in ("title", "aim"):
        return not aside and not _SUBGROUP.search(before) and not _foretells(sentence, named)
    if _is_brought_along(sentence, named):
        return False
    if sentence.zone == "methods":
        if _MADE_OF.search(before) and any(o.end <= named.start for o in sentence.of_kind("outcome")):
            return False
        listed = _LISTED_FACTOR.search(before) and not _ACTED_ON.search(before)
        return not aside and not listed and bool(_MEASURING.search(sentence.text))
    if sentence.zone == "results":
        if _is_example(sentence, named) or _FACTORS_WERE.search(before):
            return False
        return bool(_REPORTING.search(sentence.text)) and not (aside and _LISTED_FACTOR.search(before))
    return sentence.zone == "conclusion" and not aside


def _stands_for_else(sentence: Sentence, named: Named) -> bool:
    """Whether an outcome's name tells of other studies, a threshold, a grouping, a factor or the making of a review."""
    concept, before = named.concept.id, sentence.text[: named.start]
    return bool(
        _told_of_others(sentence.text)
        or _THRESHOLD.match(sentence.text[named.end :])
        or (concept in characteristics() and _GROUPED_BY.search(before))
        or (concept == "survival_prediction_accuracy" and _OF_A_FACTOR.match(sentence.text[named.start :]))
        or (concept in _AGREEMENTS and _OF_REVIEWERS.search(sentence.text))
        or (concept in _WHOLE_HARM and _POINTS_BACK.search(before))
    )


def _is_brought_along(sentence: Sentence, named: Named) -> bool:
    """Whether an outcome's name tells what patients came with, who they were, or what another thing is made of."""
    before, behind = sentence.text[: named.start], sentence.text[named.end :]
    baseline = _BASELINE_BEHIND.match(behind) and (
        _FACTORS.search(sentence.text) or not _FARED.search(sentence.text)
    )
    return bool(
        (named.concept.id == "incidence" and _is_of_another(sentence, named))
        or _PRESENTING.search(before)
        or baseline
        or _FIELDS.search(before)
        or _TO_CALCULATE.match(behind)
        or _SUBGROUP.search(before)
        or _INTENDED.search(before)
        or _is_factor(sentence, named)
    )


def _is_of_another(sentence: Sentence, named: Named) -> bool:
    """Whether an incidence is that of an outcome named behind it: "incidence of skeletal events"."""
    return bool(re.match(r"(?: rates?)? of\b", sentence.text[named.end :])) and any(
        0 < other.start - named.end < 40 for other in sentence.of_kind("outcome")
    )


def _is_example(sentence: Sentence, named: Named) -> bool:
    """Whether a complication without a number of its own tells of which kind the complications were."""
    if named.concept.domain != "complications" or named.concept.id in _WHOLE_HARM:
        return False
    ahead = any(o.end <= named.start and o.concept.id in _WHOLE_HARM for o in sentence.of_kind("outcome"))
    return ahead and not re.search(r"\d", sentence.text[named.end : named.end + 25])


def _foretells(sentence: Sentence, named: Named) -> bool:
    """Whether title or aim ask what an outcome's name does to another outcome: "target dose as a predictor of failure"."""
    role = _AS_PREDICTOR.match(sentence.text, named.end)
    return role is not None and any(
        o.start >= role.end() and o.concept.id != named.concept.id for o in sentence.of_kind("outcome")
    )


def _is_factor(sentence: Sentence, named: Named) -> bool:
    """Whether an outcome's name stands for what foretells another: "complications were associated with survival"."""
    if named.concept.id in characteristics():
        return bool(_FACTORS.search(sentence.text))
    link = _LINK.search(sentence.text, named.end)
    return link is not None and any(
        other.start >= link.end()
        and other.concept.id != named.concept.id
        and other.concept.id not in characteristics()
        and not _BASELINE_BEHIND.match(sentence.text[other.end :])
        for other in sentence.of_kind("outcome")
    )
