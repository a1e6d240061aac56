"""Contrasts: which two treatments a sentence or a ratio holds against each other, the one spoken of first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.tagging.findings.scene import RISK_FACTORS
from kb.tagging.salience import INCIDENTAL

if TYPE_CHECKING:
    from kb.tagging.article import Named
    from kb.tagging.findings.scene import Scene
    from kb.tagging.numbers.estimate import Estimate
    from kb.tagging.roles import Comparison

_BETWEEN_ARMS = re.compile(
    r"\b(?:groups?|arms?|versus|vs\.?|compared|than|between|both treatments|pooled)\b", re.IGNORECASE
)
# Marks the arm that did without a treatment: "the no embolisation group".
WITHOUT = "without "
# Groups of patients set apart by something other than the treatment.
OTHER_GROUPS = re.compile(
    r"\b(?:in|for|among|of|with|than) (?:the )?(?:\w+ )?(?:patients|those|men|women|lesions|group|cases|subgroup) (?:with|who|whose|aged|in whom)\b|"
    r"\b(?:patients|those) (?:who (?:were|had|could)|in whom)\b|"
    r"\b(?:before|baseline|pre-?operative\w*|pre-?treatment)\b",
    re.IGNORECASE,
)


def counterpart(side: str, comparison: Comparison) -> str | None:
    """The other arm of the study's own pair; None where `side` is no arm of it or the pair is not known."""
    pair = {comparison.main: comparison.comparator, comparison.comparator: comparison.main}
    return pair.get(side) if comparison.main and comparison.comparator else None


# "Compared with the 30 patients who had A, ...": the other side is spoken of first.
_LEADS = re.compile(
    r"(?:^|[,;:]\s|\b(?:that|and|when|if)\s)(?:as |when )?(?:compared|in comparison|relative|in contrast|opposed|in relation) (?:with|to)\s[^,;]{0,60}$|(?:^|[,;]\s)(?:unlike|versus)\s[^,;]{0,30}$",
    re.IGNORECASE,
)


def leads(text: str, place: int, other: int | None = None) -> bool:
    """Whether the treatment at `place` opens a sentence as what another one, at `other`, is held against."""
    both = other is not None and leads(text, other)
    return not both and bool(_LEADS.search(text[max(0, place - 120) : place]))


CONTRAST = re.compile(
    r"\b(?:than|compared (?:with|to)|versus|vs\.?|over|superior to|inferior to|outperform\w*|similar to|equivalent to|comparable (?:with|to)|differ\w* from|from)(?=\W)",
    re.IGNORECASE,
)
_COMPARATIVE_ARM = re.compile(
    r"\b(?:more|higher|greater|longer|better|fewer|less|lower|shorter|worse|improved|reduced)\b(?:\s(?!than\b)\w+){0,2}"
    r"\s(?:after|with|in|for|following|under)\s(?:the\s)?$",
    re.IGNORECASE,
)
# "The SBRT group had significantly better local control".
_SUBJECT_ARM = re.compile(
    r"^(?:\s(?:groups?|arms?|cohorts?|patients))?\s(?:also )?(?:had|has|showed|achieved|experienced|demonstrated|exhibited|provided|yielded|resulted in|led to|was associated with)"
    r"\s(?:an? |the )?(?:(?:significantly|statistically|markedly) )*"
    r"(?:more|higher|greater|longer|better|fewer|less|lower|shorter|worse|improved|reduced|superior|inferior)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"^\W*(?:the |patients (?:in|with|receiving|undergoing|treated with) (?:the )?)?$", re.IGNORECASE
)


def opens_as_subject(scene: Scene, named: Named) -> bool:
    """Whether a sentence opens with an arm of which it says that it had more or less of something."""
    ahead, behind = scene.text[: named.start], scene.text[named.end :]
    return bool(_OPENS.match(ahead) and _SUBJECT_ARM.match(behind))


def _is_comparative(scene: Scene, named: Named) -> bool:
    """Whether a sentence tells more or less of something in one arm: "more frequent after A", "A had less pain"."""
    ahead = scene.text[: named.start]
    return bool(_COMPARATIVE_ARM.search(ahead)) or opens_as_subject(scene, named)


_BOTH_ARMS = re.compile(
    r"\b(?:between|both|two|either|the) (?:\w+ )?(?:groups|arms|treatments|cohorts|techniques)\b",
    re.IGNORECASE,
)
_TOLD_APART = re.compile(r"\bdiffer|\bin the (?:[\w-]+ ){1,3}(?:group|arm|cohort)\b", re.IGNORECASE)
# "There were no significant differences in survival": between the study's own arms, where no others are named.
_PLAINLY_ALIKE = re.compile(
    r"\W*(?:overall, |however, |moreover, |similarly, )?(?:the )?differences? (?:in|of) (?:(?!\b(?:between|among|across|according|by|based|depending|after|before|from|over)\b)[^.;()])+ (?:was|were|did) not (?:statistically )?(?:significant|reach significance)\.?$|"
    r"\W*(?:overall, |however, |moreover, |similarly, )?(?:there (?:was|were) )?no (?:statistically )?(?:significant )?differences? (?:(?:was|were) )?(?:found |seen |observed |noted |detected )?"
    r"(?:in|for|of|regarding|with regard to) (?:(?!\b(?:between|among|across|according|by|based|depending|after|before|from|over)\b)[^.;()])+\.?$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s?\([^()]*\)")
NO_PAIR = (None, None)


def pair_told(
    scene: Scene, comparison: Comparison, *, directed: bool, words: str | None = None
) -> tuple[str | None, str | None]:
    """Return the two treatments that a sentence holds against each other, the one spoken of first.

    `directed`: the sentence says that one is better. Then it must say which, in so many words: "better with A
    than with B", "more frequent after A". Without a direction the study's own pair will do.
    """
    known = {*comparison.studied[:3], *comparison.comparators}
    first: dict[str, Named] = {}
    for named in scene.treatments:
        if named.concept.id in known and not named.negated:
            first.setdefault(named.concept.id, named)
    ids = list(first)
    if len(ids) == 2:
        between = scene.text[first[ids[0]].end : first[ids[1]].start] + " "
        if leads(scene.text, first[ids[0]].start, first[ids[1]].start):
            return ids[1], ids[0]
        if CONTRAST.search(between) or (not directed and re.search(r"\b(?:and|or)\b", between)):
            return ids[0], ids[1]
        return NO_PAIR
    if len(ids) == 1:
        other = counterpart(ids[0], comparison)
        # "Height was stable after A (p=0.28)" is A against its own start, not against B.
        own = scene.text if words is None else words
        held = CONTRAST.search(own) or _BOTH_ARMS.search(own) or _TOLD_APART.search(own)
        clear = held if not directed else _is_comparative(scene, first[ids[0]])
        return (ids[0], other) if other and clear else NO_PAIR
    alike = not ids and not directed
    if alike and (_BOTH_ARMS.search(scene.text) or _PLAINLY_ALIKE.match(_ASIDE.sub("", scene.text))):
        return comparison.main, comparison.comparator
    return NO_PAIR


def contrast_arms(scene: Scene, estimate: Estimate, comparison: Comparison) -> tuple[str | None, str | None]:
    """The arms of a ratio: named in its sentence, or the study's own pair where no risk factor stands between."""
    known = comparison.salient | {*comparison.studied[:4], *comparison.comparators}
    before = [n for n in scene.treatments if n.end <= estimate.start and n.concept.id in known]
    ids = list(dict.fromkeys(n.concept.id for n in before))
    risk = RISK_FACTORS.search(scene.text)
    named = list(dict.fromkeys(n.concept.id for n in scene.treatments if n.concept.id in known))
    pair = (comparison.main, comparison.comparator)
    if factor := _factor(scene, estimate):
        # "Postoperative radiotherapy (RR 2.6)": having had it, against not having had it.
        return factor, counterpart(factor, comparison) or WITHOUT + factor
    if len(ids) == 2 and not risk:
        ahead = replace(scene, text=scene.text[: estimate.start], treatments=tuple(before))
        told = pair_told(ahead, comparison, directed=True)
        if told != NO_PAIR:
            return told
    if comparison.contrasts and not ids and not risk and len(named) == 1 and named[0] in pair:
        # "... odds of complications at 0.60 in the MIS group"
        return named[0], counterpart(named[0], comparison)
    # "More likely in patients with earlier radiotherapy (OR 5.1)" is a factor's ratio and not the study's treatment's.
    told_of_all = not OTHER_GROUPS.search(scene.text)
    against_nothing = comparison.contrasts and comparison.main and not comparison.comparator and told_of_all
    if against_nothing and ids in ([], [comparison.main]) and not risk:
        return comparison.main, None
    if comparison.main and comparison.comparator:
        if set(ids) >= {comparison.main, comparison.comparator}:
            order = [i for i in ids if i in (comparison.main, comparison.comparator)]
            return order[0], order[1]
        others = {n.concept.id for n in scene.treatments if n.end <= estimate.start} - known
        if ids == [comparison.main] and not risk and not others:
            return comparison.main, comparison.comparator
        if not ids and not risk and _BETWEEN_ARMS.search(scene.text):
            return comparison.main, comparison.comparator
    if alone := against_none(scene, comparison):
        return alone, WITHOUT + alone
    near = len(ids) == 1 and ids[0] in comparison.salient and estimate.start - before[-1].end < 60
    if near and not (risk and _DATES.search(scene.text[: before[-1].start])):
        return ids[0], None
    return None, None


_RATIO_BEHIND = re.compile(
    r"^\s?(?:alone )?[(\[](?:(?:adjusted|unadjusted|multivari\w+) )?(?:a|s|m)?(?:HR|OR|RR|SHR|hazard ratio|odds ratio|risk ratio|relative risk)\b[^\d()]{0,25}$",
    re.IGNORECASE,
)


# "Targeted therapy was associated with longer survival (HR 0.34)".
_ACTS = re.compile(
    r"^\s?(?:\([^()]*\)\s?)?(?:use |alone |(?:was|were|is|has been) )?(?:(?:also|significantly|independently|strongly) ){0,2}"
    r"(?:associated with|improved|prolonged|reduced|decreased|increased|lowered|led to|resulted in|predicted)\b[^;()]{0,90}[(\[][^()\d]{0,25}$",
    re.IGNORECASE,
)


def against_none(scene: Scene, comparison: Comparison) -> str | None:
    """Return the treatment that a sentence holds against going without it: "longer with A than in those who did not"."""
    positive = {n.concept.id for n in scene.treatments if not n.negated}
    denied = {n.concept.id for n in scene.treatments if n.negated}
    both = positive & denied & comparison.salient
    if len(both) == 1 and CONTRAST.search(scene.text):
        return both.pop()
    alone = positive & comparison.salient
    return alone.pop() if denied and len(alone) == 1 and CONTRAST.search(scene.text) else None


# "Ambulatory status before radiotherapy (RR 1.8)": the treatment only dates the factor.
_DATES = re.compile(
    r"\w\W+(?:before|prior to|after|following|at the time of|at|since|post|pre)\W+(?:the |their )?(?:start of |onset of )?$",
    re.IGNORECASE,
)


def _factor(scene: Scene, estimate: Estimate) -> str | None:
    """The treatment whose own ratio this is, printed in parentheses right behind its name."""
    if estimate.measure not in ("hr", "or", "rr"):
        return None
    ahead = [n for n in scene.treatments if n.end <= estimate.start and not n.negated]
    if not ahead or ahead[-1].concept.id in INCIDENTAL:
        return None
    clause = max(scene.text.rfind(mark, 0, ahead[-1].start) for mark in (")", ";")) + 1
    words = scene.text[clause : ahead[-1].start]
    if _DATES.search(words):
        return None
    if (
        any(n.start >= clause and not _DATES.search(scene.text[: n.start]) for n in ahead[:-1])
        or CONTRAST.search(words)
        or re.search(r"\bbetween\b", words)
    ):
        return None  # "lower with A than with B (HR 0.5)" is the ratio of both
    behind = scene.text[ahead[-1].end : estimate.start]
    acted_on = any(ahead[-1].end <= n.start < estimate.start for n in scene.outcomes)
    subject = acted_on and _ACTS.match(behind) and not RISK_FACTORS.search(words)
    return ahead[-1].concept.id if _RATIO_BEHIND.match(behind) or subject else None
