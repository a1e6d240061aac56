"""What is counted once the words turn an outcome round: "pain was relieved in 88%" counts relief."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.tagging.article import Named
from kb.tagging.findings.scene import CONTRASTS, Scene
from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.estimates import find_estimates
from kb.vocabulary.concept import Concept, Vocabulary

_FREE_OF = re.compile(r"\b(?:freedom|free) (?:from|of)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)
_IMPROVES = re.compile(
    r"\b(?:relie\w+|improv\w+|resol\w+|allevia\w+|reduc\w+|decreas\w+|fell|fall\w*|declin\w+|lower|less|drop\w*|lessen\w*|free)\b",
    re.IGNORECASE,
)
_FAILED = re.compile(r"lost|loss|failed|failure|absence", re.IGNORECASE)
_COMPARES = re.compile(r"\b(?:than|compared|versus|vs)\b", re.IGNORECASE)
_COMPARATIVES = re.compile(r"\b(?:less|lower|reduc\w+|decreas\w+|improv\w+|worse\w*)\b", re.IGNORECASE)
_WORSENS = re.compile(
    r"\b(?:worse\w*|deteriorat\w+|los[st]\w*|declin\w+|failed|failure|absence)\b", re.IGNORECASE
)
# What is counted once the words turn an outcome round.
TURNED = {
    "pain": "pain_relief",
    "back_pain": "pain_relief",
    "bone_pain": "pain_relief",
    "pain_intensity": "pain_relief",
    "local_control": "local_failure",
    "ambulation": "loss_of_ambulation",
    "neurological_function": "neurological_deterioration",
    "motor_function": "motor_deterioration",
    "motor_improvement": "motor_deterioration",
    "neurological_improvement": "neurological_deterioration",
    "pain_relief": "pain_progression",
}


# What is counted where a function got better.
BETTERED = {
    "neurological_function": "neurological_improvement",
    "motor_function": "motor_improvement",
}
_UNCHANGED = re.compile(r"\b(?:no change|unchanged|stable|stabili[sz]\w+|same)\b", re.IGNORECASE)


def as_told(
    scene: Scene, group: Sequence[Estimate], place: int, named: Named, vocabulary: Vocabulary
) -> Concept | None:
    """The outcome that value `place` of a group counts: "pain was relieved in 88%" counts relief, not pain.

    Where the words turn a good outcome round and no concept says so, there is no telling (None); a bad outcome
    that improved keeps its name, but its polarity no longer holds and is taken away.
    """
    outcome = named.concept
    if (in_turn := _told_in_turn(scene, group, place, named)) is not None:
        return vocabulary.concepts.get(in_turn)
    if outcome.id == "complication" and _MAJOR_BEHIND.match(scene.text[group[place].end :]):
        return vocabulary.concepts.get("major_complication", outcome)
    if outcome.id in BETTERED.values() and _KEPT_OR_BETTER.search(scene.text):
        return vocabulary.concepts.get(outcome.parent or "", outcome)
    if outcome.id in _PARTS:
        return vocabulary.concepts.get(_part_of_response(scene, group, place, named), outcome)
    if outcome.id == "pain_relief" and _is_score(group[place]):
        return vocabulary.concepts.get(
            "pain_intensity", outcome
        )  # "pain improved from 7.2 to 2.0": a score, no relief
    if group[0].measure in ("median", "mean") or group[0].measure in CONTRASTS:
        return outcome
    if group[place].changed_from is not None:
        return outcome  # "fell from 84% to 24%": both are shares of the outcome itself
    if outcome.polarity != "higher_is_better" and _FREE_OF.search(
        scene.text, max(0, named.start - 25), named.start
    ):
        return None  # "freedom from narcotic use in 24%" counts those without
    clause = _clause(scene, group, place, named)
    if outcome.domain == "pain" and outcome.polarity == "lower_is_better" and not _IMPROVES.search(clause):
        return replace(outcome, polarity="neutral")  # "pain in 69%" may count sufferers or responders
    if _COMPARES.search(scene.text):  # "less frequent after A than after B" holds two arms apart
        clause = _COMPARATIVES.sub(" ", clause)
    worse, better = _WORSENS.search(clause), _IMPROVES.search(clause)
    if outcome.id in BETTERED.values() and _is_of_no_change(scene.text, group[place]):
        return vocabulary.concepts.get(
            outcome.parent or "", outcome
        )  # "no change in 55%": not the better ones
    if outcome.id in _GAINS and worse and (better or not _PLAINLY_WORSE.fullmatch(worse.group())):
        return None  # "pain relief failed in 12%": no gain is no harm
    if outcome.domain in ("survival", "tumour_control") and not (worse and _FAILED.search(worse.group())):
        return outcome  # "worse survival (40%)" is survival still
    if outcome.id in BETTERED and better and not worse and "improv" in better.group().lower():
        return vocabulary.concepts.get(BETTERED[outcome.id], outcome)
    turn = {"lower_is_better": better, "higher_is_better": worse}.get(outcome.polarity or "")
    if turn is None:
        return outcome
    if outcome.id in TURNED:
        return vocabulary.concepts[TURNED[outcome.id]]
    return replace(outcome, polarity="neutral") if outcome.polarity == "lower_is_better" else None


def _is_score(estimate: Estimate) -> bool:
    return estimate.measure in ("median", "mean") and estimate.changed_from is not None


_WAY = re.compile(
    r"\b(?P<better>improved|improvement|better|relieved)\b|\b(?P<same>unchanged|stable|stabili[sz]ed|the same|no change)\b|\b(?P<worse>worsened|worse|worsening|deteriorated|deterioration|declined)\b",
    re.IGNORECASE,
)
_TWO_KINDS = re.compile(
    r"\b(complete|partial|major|minor)(?: pain)?(?: responses?| relief| complications?)? and (complete|partial|major|minor)\b",
    re.IGNORECASE,
)
_KINDS = {
    "complete": "complete_pain_response",
    "partial": "partial_pain_response",
    "major": "major_complication",
    "minor": "minor_complication",
}
_OF_KINDS = frozenset({*_KINDS.values(), "pain_response", "complication"})


def _told_in_turn(scene: Scene, group: Sequence[Estimate], place: int, named: Named) -> str | None:
    """The outcome of one value of "improved, was stable and worsened in 60%, 28% and 12%", "complete and partial ... 35% and 42%".

    An empty name where no concept says what the value counts; None where nothing is told in turn.
    """
    if len(group) < 2 or group[0].measure != "percent":
        return None
    words = scene.text[named.start : group[0].start]
    kinds = _TWO_KINDS.search(scene.text, max(0, named.start - 30), group[0].start)
    if kinds and len(group) == 2 and named.concept.id in _OF_KINDS:
        return _KINDS[kinds[place + 1].lower()]
    ways = [match.lastgroup for match in _WAY.finditer(words)]
    if len(ways) != len(group) or len(set(ways)) != len(ways):
        return None
    base = named.concept.parent if named.concept.id in BETTERED.values() else named.concept.id
    if named.concept.domain == "pain":
        return {"better": "pain_relief", "worse": "pain_progression"}.get(ways[place] or "", "")
    if base not in BETTERED:
        return None
    return {"better": BETTERED[base], "worse": TURNED[base], "same": base}[ways[place] or ""]


# A gain that did not come is not its opposite.
_GAINS = frozenset({"motor_improvement", "neurological_improvement", "pain_relief"})
_PLAINLY_WORSE = re.compile(r"worse\w*|deteriorat\w+|declin\w+", re.IGNORECASE)
_NO_CHANGE_IN = re.compile(
    r"\b(?:no change|unchanged|(?:remained|was|were|stayed) (?:the same|stable|unchanged))\b[^,;.\d%]{0,30}$",
    re.IGNORECASE,
)
_HAD_NO_CHANGE = re.compile(
    r"\s?%?\)?\s(?:of (?:the )?(?:\w+ )?(?:patients|cases)\s)?(?:had no change|were unchanged|(?:remained|were) (?:the same|stable|unchanged))\b",
    re.IGNORECASE,
)


def _is_of_no_change(text: str, estimate: Estimate) -> bool:
    """Whether the words right beside a value say that it counts those in whom nothing changed."""
    ahead = text[max(0, estimate.start - 60) : estimate.start]
    return bool(_NO_CHANGE_IN.search(ahead) or _HAD_NO_CHANGE.match(text, estimate.end))


# "Stable or improved neurological function in 93%" counts those who kept it, too.
_KEPT = r"(?:stable|unchanged|maintained|preserved|(?:remained )?the same|stabili[sz]ed)"
_KEPT_OR_BETTER = re.compile(
    rf"\b{_KEPT} (?:or|and/or|and) (?:\w+ )?improv\w+|\bimprov\w+ (?:\w+ )?(?:or|and/or) (?:\w+ )?{_KEPT}\b",
    re.IGNORECASE,
)
# "Complete or partial pain response in 79%" counts either.
_PARTS = frozenset({"complete_pain_response", "partial_pain_response"})
_EITHER_PART = re.compile(
    r"\bcomplete (?:or|and|and/or|plus|\+|/) ?partial\b|\bpartial (?:or|and/or|plus|\+|/) ?complete\b",
    re.IGNORECASE,
)


def _part_of_response(scene: Scene, group: Sequence[Estimate], place: int, named: Named) -> str:
    """Which part of a response a value counts: "complete relief in 46%, partial relief in 19%"."""
    if _EITHER_PART.search(scene.text):
        return "pain_response"
    before = [e.end for e in find_estimates(scene.text) if named.end < e.end <= group[place].start]
    own = scene.text[before[-1] : group[place].start] if before else ""
    if re.search(r"\bpartial\b", own, re.IGNORECASE):
        return "partial_pain_response"
    if re.search(r"\bcomplete\b", own, re.IGNORECASE):
        return "complete_pain_response"
    return "pain_response" if re.search(r"\boverall\b", own, re.IGNORECASE) else named.concept.id


# "Complications in 31%, with 21% considered major".
_MAJOR_BEHIND = re.compile(
    r"^\)?\s?(?:\([^()]*\)\s?)?(?:(?:were|was|being|considered|classified|graded|deemed|as)\s){0,3}(?:major|severe|life-threatening|serious)\b",
    re.IGNORECASE,
)


def _clause(scene: Scene, group: Sequence[Estimate], place: int, named: Named) -> str:
    """The words that say what became of an outcome for one value of a group, without the outcome's own name.

    "The grade improved in 35%, worsened in 8%": each value's own words go before those of the first.
    """
    text, estimate = scene.text, group[place]
    behind = re.split(r"[,;]", text[max(estimate.end, named.end) :][:40])[0]
    before = [e.end for e in group[:place] if e.end > named.end]
    if before:
        own = text[before[-1] : estimate.end] + re.split(r"\band\b", behind)[0]
        if _IMPROVES.search(own) or _WORSENS.search(own) or _UNCHANGED.search(own):
            return own
    first = max(group[0].end, named.end)
    if place == 0 and len(group) > 1 and not before:
        first = max(estimate.end, named.end)
    clause = text[max(0, named.start - 30) : first] + (behind if not before else "")
    return clause.replace(text[named.start : named.end], " ")
