"""Comparisons told in words or by a p value alone: which outcome, between which treatments, in whose favour."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.evidence import Finding
from kb.tagging import directions
from kb.tagging.article import Named
from kb.tagging.directions import Verdict
from kb.tagging.estimates import Estimate, PValue
from kb.tagging.outcomes import outcome_of
from kb.tagging.roles import Comparison
from kb.tagging.scene import RISK_FACTORS, Scene, nested
from kb.vocabulary.concept import Vocabulary


def from_p_value(scene: Scene, p: PValue, comparison: Comparison) -> Finding | None:
    """A p value whose difference is told in words: which outcome, between the study's two arms."""
    probe = Estimate(p.start, p.end, "p_only", 0.0, p=p.value, p_relation=p.relation)
    named = outcome_of(scene, probe)
    if named is None or not comparison.compares or RISK_FACTORS.search(scene.text):
        return None
    clause_start = max(scene.text.rfind("; ", 0, p.start), scene.text.rfind("), ", 0, p.start)) + 1
    clause = scene.text[clause_start : p.start]
    intervention, comparator = _pair_told(scene, comparison)
    if intervention is None or comparator is None:
        return None
    significant, reason = directions.significance(probe)
    verdict = Verdict("descriptive", f"{reason}, direction not told")
    if significant is False:
        verdict = Verdict("no_difference", reason)
    elif significant:
        told = directions.of_words(clause + " than", named.concept, significant_only=False)
        if told and told.direction != "no_difference":
            verdict = Verdict(told.direction, f"{told.reason}, {reason}")
    return _worded(scene, named, intervention, comparator, "p_only", verdict, p)


def _pair_told(scene: Scene, comparison: Comparison) -> tuple[str | None, str | None]:
    """The two treatments of a comparison in words: as ordered in the sentence, else the study's own."""
    known = {*comparison.studied[:3], *comparison.comparators}
    ids = list(dict.fromkeys(n.concept.id for n in scene.treatments if n.concept.id in known))
    if len(ids) == 2:
        return ids[0], ids[1]
    if len(ids) == 1:
        other = comparison.comparator if ids[0] == comparison.main else comparison.main
        return (ids[0], other) if ids[0] in (comparison.main, comparison.comparator) else (None, None)
    if not ids and re.search(
        r"\b(?:between|both|two|either|the) (?:\w+ )?(?:groups|arms|treatments|cohorts|techniques)\b",
        scene.text,
        re.IGNORECASE,
    ):
        return comparison.main, comparison.comparator
    return None, None


def from_words(scene: Scene, comparison: Comparison, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Superiority, or its absence, told without a number."""
    if not comparison.compares or not scene.outcomes or RISK_FACTORS.search(scene.text):
        return
    intervention, comparator = _pair_told(scene, comparison)
    if intervention is None or comparator is None:
        return
    if nested(intervention, comparator, vocabulary):  # "single-fraction SBRT ... SBRT" is one side, not two
        return
    outcomes = list({n.concept.id: n for n in scene.outcomes if not n.hypothetical}.values())
    for named in outcomes[:4]:
        verdict = directions.of_words(
            scene.text, named.concept, significant_only=scene.sentence.zone == "results"
        )
        if verdict and (verdict.direction == "no_difference" or len(outcomes) == 1):
            yield _worded(scene, named, intervention, comparator, "text_only", verdict, None)


def _worded(
    scene: Scene,
    named: Named,
    intervention: str,
    comparator: str,
    measure: str,
    verdict: Verdict,
    p: PValue | None,
) -> Finding:
    return Finding(
        span=scene.sentence.span(),
        intervention=intervention,
        comparator=comparator,
        outcome=named.concept.id,
        measure="p_only" if measure == "p_only" else "text_only",
        value=None,
        p=p.value if p else None,
        p_relation=p.relation if p else None,
        direction=verdict.direction,
        direction_reason=verdict.reason,
    )
