"""Numbers that are no results: who the patients were, how they were before treatment, how large an arm is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.findings.scene import CONTRASTS

if TYPE_CHECKING:
    from kb.tagging.findings.scene import Scene
    from kb.tagging.numbers.estimate import Estimate

_BASELINE = re.compile(
    r"\b(?:baseline|before (?:treatment|surgery|radiotherapy|SBRT|the procedure)|pre-?operative(?:ly)?|pre-?treatment|pre-?procedur\w+|at presentation|(?:at|on) admission|at diagnosis|at enrol?ment|initially|pre-?existing|at (?:the )?(?:time of )?consultation|prior to (?:RT|SBRT|SRS|radiotherapy|radiation|surgery|treatment|the procedure))\b(?!\s(?:emboli|radio|c?EBRT|RT\b|SBRT|chemo|biops|angio|imag|plan|MRI))",
    re.IGNORECASE,
)
# "The average initial pain score was 5.7".
_INITIAL = re.compile(r"\binitial\s(?:[\w-]+\s){0,4}(?:was|were|of)\s(?:an?\s)?$", re.IGNORECASE)
_DEMOGRAPHIC = re.compile(
    r"^\s?(?:of (?:the |all )?(?:patients|participants|cases|lesions) (?:were|was) )?(?:were |was )?(?:women|men|female|male|aged|younger|older|smokers|white|followed|evaluable|presented with|available|assessable|analy[sz]ed|enrolled|included|randomi[sz]ed|eligible|lost to|excluded|screened|classified|had (?:a )?(?:primary|breast|lung|prostate|renal|visceral|brain|ECOG|KPS|epidural|multiple|single|previous|prior|received))\b",
    re.IGNORECASE,
)
_CHARACTERISTICS = re.compile(r"\b(?:mean|median|average) (?:patient )?ages?\b|\byears old\b", re.IGNORECASE)


def is_no_result(scene: Scene, estimate: Estimate) -> bool:
    """Whether a number describes the patients at the start rather than what became of them."""
    if estimate.measure in CONTRASTS:
        return False
    before, after = scene.text[: estimate.start].replace("vs. ", "vs  "), scene.text[estimate.end :]
    clause = before[max(before.rfind(";"), before.rfind(". ")) + 1 :]
    if estimate.measure == "percent" and (
        _DEMOGRAPHIC.match(after.lstrip(" )"))
        or _NO_OUTCOME.search(clause)
        or _of_studies(clause, after)
        or _had_treatment(scene, estimate)
    ):
        return True
    if estimate.changed_from is None and _start_behind(scene, estimate, after):
        return True
    near = clause[-60:]
    if estimate.measure in ("mean", "median") and _CHARACTERISTICS.search(scene.text):
        # "The mean ages were 70 and 66, the mean scores 7.2 and 5.8": who the patients were
        return not re.search(r"\b(?:survival|surviv\w+|time|stay|loss)\b", clause[-80:], re.IGNORECASE)
    if estimate.measure in ("mean", "median") and _INITIAL.search(near):
        return True
    if estimate.changed_from is None and _AT_START.search(clause):
        return True
    of_start = estimate.changed_from is None and _BASELINE.search(near) and not _OF_THOSE_WHO.search(clause)
    if of_start and not re.search(
        r"\b(?:after|post|improv|increas|decreas|reduc|from)\w*", clause + after[:60], re.IGNORECASE
    ):
        return True
    tumours = [n for n in scene.sentence.of_kind("condition") if n.concept.type == "primary_tumour"]
    held = re.search(r"^[^()]{0,60}\bv(?:s|ersus)\b", after)
    return not held and any(
        n.end <= estimate.start and re.fullmatch(r"\W{0,3}(?:n\s?=\s?)?\d*\W{0,4}", before[n.end :])
        for n in tumours
    )


# "Indications for surgery included pain (70%)".
_NO_OUTCOME = re.compile(
    r"\b(?:indications?|reasons?) for (?:surgery|operation|referral|treatment|radiotherapy|SBRT|intervention)\b",
    re.IGNORECASE,
)
_OF_STUDIES = re.compile(
    r"\b(?:studies|articles|trials|papers|publications|reports)\b(?:[^.;]|\.\d){0,90}$", re.IGNORECASE
)
_STUDIES_DID = re.compile(
    r"\s?%?\)?\s(?:of (?:them|(?:the |these |all )?(?:included )?(?:studies|articles|papers|trials)) )?(?:used|reported|defined|described|assessed|provided|included|were (?:retrospective|prospective|randomi[sz]ed)|had (?:a )?(?:low|high|moderate))\b",
    re.IGNORECASE,
)


def _of_studies(clause: str, after: str) -> bool:
    """ "Of the studies, 74% used a retrospective design": a share of papers."""
    return bool(_OF_STUDIES.search(clause) and _STUDIES_DID.match(after))


_HAD_TREATMENT = re.compile(
    r"\W{0,3}(?:of (?:the |all )?(?:patients|cases) )?(?:had|received|underwent|were (?:treated|managed) (?:with|by)|were given)\s(?:[\w-]+\s){0,3}?"
)


def _had_treatment(scene: Scene, estimate: Estimate) -> bool:
    """ "24 patients (4%) had chemotherapy": how large an arm is."""
    near = [n for n in scene.treatments if 0 <= n.start - estimate.end < 60]
    if not near or any(estimate.end <= n.start < near[0].end for n in scene.outcomes):
        return False  # "8% underwent revision surgery", "28% had complications after surgery"
    return bool(_HAD_TREATMENT.fullmatch(scene.text[estimate.end : near[0].start]))


# "Of 76 patients who were ambulatory preoperatively, 98% remained so": whom the share is of.
_OF_THOSE_WHO = re.compile(
    r"\b(?:of|among|in|for)\s(?:the\s|all\s|those\s)?(?:\w+\s){0,2}?(?:patients|cases|those|\d+)\b[^.;,]{0,60},\s(?:only\s|about\s)?(?:\d+\s)?\(?$|\bwho (?:were|was|had|could)\b[^.;,]{0,50},\s[^.;,\d]{0,30}$",
    re.IGNORECASE,
)
# "Preoperatively, 40% were ambulatory; postoperatively, 75%": said of the start, whatever follows.
_AT_START = re.compile(
    r"(?:^|[,;]\s|\band\s)\W*(?:pre-?operatively|at baseline|(?:at|on) (?:admission|presentation)|before (?:surgery|treatment|radiotherapy|the (?:operation|procedure))),?\s(?:only\s|about\s|approximately\s)?$",
    re.IGNORECASE,
)


# "194.8 HU at baseline", "25% were ambulatory preoperatively".
_START_BEHIND = re.compile(
    r"^(?:\s?(?:points?|HU|mm))?\W{0,3}(?:(?:±|SD)[\s\d.]+\W{0,2})?(?P<between>[^,;.()]{0,60}?)\b(?:at baseline|pre-?operatively|(?:before|prior to) (?:the )?(?:surgery|operation|treatment|procedure|radiotherapy|radiation|RT|SBRT))\b",
    re.IGNORECASE,
)


def _start_behind(scene: Scene, estimate: Estimate, after: str) -> bool:
    """Whether the words behind a number say that it was so before treatment."""
    match = _START_BEHIND.match(after)
    if match is None or estimate.measure not in ("percent", "mean", "median"):
        return False
    between = match["between"].strip()
    first, last = (estimate.end + place for place in match.span("between"))
    named = any(first <= n.start and n.end <= last for n in scene.outcomes)
    return not between or (named and estimate.measure == "percent")
