"""Verdicts: the direction of one value, by its test, its change, or the other arm's value beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.findings import directions
from kb.tagging.findings.contrasts import pair_told
from kb.tagging.findings.directions import Verdict
from kb.tagging.findings.scene import CONTRASTS, RISK_FACTORS
from kb.tagging.numbers.attachments import clause_of
from kb.tagging.numbers.changes import way_of
from kb.tagging.numbers.estimates import find_estimates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.tagging.findings.arms import Arms
    from kb.tagging.findings.scene import Scene
    from kb.tagging.numbers.estimate import Estimate
    from kb.tagging.roles import Comparison
    from kb.vocabulary.concept import Concept


def verdict_of(
    scene: Scene,
    group: list[Estimate],
    index: int,
    arms: Arms,
    outcome: Concept | None,
    comparison: Comparison,
) -> Verdict:
    intervention, comparator = arms[index]
    estimate = group[index]
    if intervention is None:
        significant, reason = directions.significance(estimate)
        compared = comparison.compares or (estimate.measure in CONTRASTS and bool(scene.treatments))
        if significant is False and compared and not RISK_FACTORS.search(scene.text):
            return Verdict("no_difference", reason)
        return Verdict("descriptive", "the text does not tell which treatment the value belongs to")
    if estimate.measure in CONTRASTS:
        if comparator is None and not comparison.contrasts:
            return Verdict("descriptive", "no comparator is named")
        if _sign_disagrees(scene, estimate, outcome):
            return Verdict("descriptive", "the figure and the words about it do not agree")
        return directions.of_ratio(estimate, outcome)
    changed = estimate.changed_from is not None or estimate.change is not None
    if comparator is None and changed and not comparison.compares:
        return directions.of_change(estimate, outcome, claimed=bool(_CLAIMED.search(scene.text)))
    follows = comparator is None and not comparison.compares and estimate.measure in ("mean", "median")
    if follows and (moved := _moved(scene, group, estimate, outcome)) is not None:
        return moved
    if comparator is None:
        tested = estimate.p is not None or estimate.p_relation is not None
        return Verdict(
            "descriptive",
            "a test is printed, but what it compares was not read"
            if tested
            else "one arm, nothing to compare with",
        )
    others = [g.value for g, arm in zip(group, arms, strict=True) if arm[0] == comparator]
    if len(others) != 1:
        return Verdict("descriptive", "no single value of the comparator stands beside it")
    claim = directions.claim_of(_own_words(scene, group))
    verdict = directions.of_pair(estimate.value, others[0], estimate, outcome, claim)
    if _told_otherwise(scene, verdict, (intervention, comparator), comparison):
        return Verdict("descriptive", "the figures and the words about them do not agree")
    return verdict


def _told_otherwise(scene: Scene, verdict: Verdict, arms: tuple[str, str], comparison: Comparison) -> bool:
    """Whether the words of a sentence on one outcome say that the other arm was the better one."""
    if not verdict.direction.startswith("favours") or len({n.concept.id for n in scene.outcomes}) != 1:
        return False
    told = pair_told(scene, comparison, directed=True)
    worded = directions.of_words(scene.text, scene.outcomes[0].concept, significant_only=False)
    if worded is None or not worded.direction.startswith("favours") or set(told) != set(arms):
        return False
    return (worded.direction == verdict.direction) != (told == arms)


def _moved(
    scene: Scene, group: Sequence[Estimate], estimate: Estimate, outcome: Concept | None
) -> Verdict | None:
    """ "The score fell significantly at four weeks (3.5, p<0.01)": a tested change whose start is not printed."""
    words = _own_words(scene, group)
    way = way_of(words)
    if way is None or re.search(r"\b(?:than|compared|versus|vs|whereas)\b", words, re.IGNORECASE):
        return None
    significant, reason = directions.significance(estimate)
    if significant is None and directions.claim_of(words) is not None:
        significant, reason = True, 'the text says "significant"'
    if not significant:
        return None
    told = directions.of_way(way, outcome, reason)
    if told.direction == "descriptive":
        return None
    return Verdict(told.direction, f"{told.reason}; than at baseline, not than another treatment")


def _own_words(scene: Scene, group: Sequence[Estimate]) -> str:
    """The words around a group of values, as far as the next value on either side or the end of their clause."""
    first, last = clause_of(scene.text, group[0].start, group[-1].end)
    others = [e for e in find_estimates(scene.text) if e not in group]
    first = max([first, *(e.end for e in others if e.end <= group[0].start)])
    last = min([last, *(e.start for e in others if e.start >= group[-1].end)])
    return scene.text[first:last]


# The text's own claim of a change where no test is printed beside the value.
_CLAIMED = re.compile(
    r"\bimprov\w+|\bsignifican\w+ (?:\w+ )?(?:decreas|reduc|declin|lower|increas|reliev|higher)\w*|"
    r"\b(?:decreas|reduc|declin|lower|increas|reliev)\w* significan\w+",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:fell|fall\w*|decreas\w+|reduc\w+|lower\w*|less|shorter|fewer|dropped|declin\w+)\b", re.IGNORECASE
)
_UP = re.compile(r"\b(?:rose|increas\w+|higher|greater|longer|more|gain\w*)\b", re.IGNORECASE)


def _sign_disagrees(scene: Scene, estimate: Estimate, outcome: Concept | None) -> bool:
    """ "Pain fell (standardised mean difference 2.24)", "more frequent with A (RR 0.5)": what was held against what is not told."""
    clause = scene.text[max(scene.text.rfind(";", 0, estimate.start), 0) : estimate.start]
    down, up = _DOWN.search(clause), _UP.search(clause)
    null = 0.0 if estimate.measure in ("md", "smd") else 1.0
    more = estimate.value > null
    if estimate.measure == "hr" and outcome and outcome.polarity == "higher_is_better":
        more = not more  # a hazard ratio of survival counts deaths
    return bool((down and not up and more) or (up and not down and not more))
