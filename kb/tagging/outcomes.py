"""Outcomes: what a number of a sentence is about, and what is counted once the words turn it round."""

from __future__ import annotations

import re
from dataclasses import replace

from kb.tagging.article import Named
from kb.tagging.estimates import Estimate
from kb.tagging.scene import CONTRASTS, RISK_FACTORS, Scene
from kb.vocabulary.concept import Concept, Vocabulary


def outcome_of(scene: Scene, estimate: Estimate) -> Named | None:
    """The outcome a number is about: the nearest in front, or one right behind ("35% complete response")."""
    best: tuple[float, Named] | None = None
    for named in scene.outcomes:
        if named.end <= estimate.start:
            between = scene.text[named.end : estimate.start]
            distance = (
                float(len(between))
                + 60 * between.count(";")
                + 15 * len(re.findall(r"\b(?:while|whereas|but)\b", between))
            )
        elif named.start >= estimate.end:
            between = scene.text[estimate.end : named.start]
            adjacent = bool(
                re.fullmatch(
                    r"\)?\s?(?:\(?\d+(?:/\d+)?\)?\s?)?(?:(?!and|or|in|vs|versus|compared)[\w-]+\s){0,2}",
                    between,
                )
            )
            of_patients = re.match(
                r"\s?(?:of (?:the |all )?)?(?:\w+ ){0,2}(?:patients|cases|lesions|participants|procedures|levels)?\s?(?:\([^)]*\)\s?)?(?:had|experienced|developed|achieved|reported|showed|underwent|required|with|maintained|regained|reached|suffered)\b",
                between,
            )
            distance = len(between) * (0.3 if adjacent else 0.6 if of_patients else 2.5) + 60 * between.count(
                ";"
            )
            if re.search(r"\d", between):
                distance += 40
        else:
            continue
        if best is None or distance < best[0]:
            best = (distance, named)
    return best[1] if best and best[0] < 220 else None


def ratio_outcome(scene: Scene, estimate: Estimate, nearest: Named | None) -> Named | None:
    """The outcome of a ratio: beside risk factors the nearest outcome word is often the factor itself."""
    if estimate.measure in CONTRASTS and RISK_FACTORS.search(scene.text) and not scene.treatments:
        distinct = {n.concept.id for n in scene.outcomes}
        return nearest if len(distinct) == 1 else None
    if estimate.measure in CONTRASTS and re.search(r"\brisk of\b.{0,40}\bwith\b", scene.text, re.IGNORECASE):
        return None
    return nearest


_IMPROVES = re.compile(
    r"\b(?:relie\w+|improv\w+|resol\w+|allevia\w+|reduc\w+|decreas\w+|fell|fall\w*|declin\w+|lower|less|drop\w*|lessen\w*|free)\b",
    re.IGNORECASE,
)
_WORSENS = re.compile(
    r"\b(?:worse\w*|deteriorat\w+|los[st]\w*|declin\w+|failed|failure|absence)\b", re.IGNORECASE
)
# What is counted once the words turn an outcome round.
_TURNED = {
    "pain": "pain_relief",
    "back_pain": "pain_relief",
    "bone_pain": "pain_relief",
    "pain_intensity": "pain_relief",
    "local_control": "local_failure",
    "overall_survival": "mortality",
    "ambulation": "loss_of_ambulation",
    "neurological_function": "neurological_deterioration",
    "motor_function": "motor_deterioration",
}


def as_told(scene: Scene, group: list[Estimate], named: Named, vocabulary: Vocabulary) -> Concept | None:
    """The outcome whose share is counted: "pain was relieved in 88%" counts relief, not pain.

    Where the words turn a good outcome round and no concept says so, there is no telling (None); a bad outcome
    that improved keeps its name, but its polarity no longer holds and is taken away.
    """
    outcome = named.concept
    if group[0].measure in ("median", "mean", "md", "smd"):
        return outcome
    clause = scene.text[max(0, named.start - 30) : max(group[-1].end, named.end) + 40]
    clause = clause.replace(scene.text[named.start : named.end], " ")
    if outcome.domain == "pain" and outcome.polarity == "lower_is_better" and not _IMPROVES.search(clause):
        return replace(outcome, polarity="neutral")  # "pain in 69%" may count sufferers or responders
    turn = {"lower_is_better": _IMPROVES, "higher_is_better": _WORSENS}.get(outcome.polarity or "")
    if turn is None or not turn.search(clause):
        return outcome
    if outcome.id in _TURNED:
        return vocabulary.concepts[_TURNED[outcome.id]]
    return replace(outcome, polarity="neutral") if outcome.polarity == "lower_is_better" else None
