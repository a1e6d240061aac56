"""Comparisons told in words or by a p value alone: which outcome, between which treatments, in whose favour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.evidence import Finding
from kb.tagging.article import Named
from kb.tagging.findings import directions
from kb.tagging.findings.contrasts import CONTRAST, against_none, opens_as_subject, pair_told
from kb.tagging.findings.directions import Verdict
from kb.tagging.findings.factors import borne_on, subject_of
from kb.tagging.findings.outcomes import outcome_of
from kb.tagging.findings.scene import RISK_FACTORS, Scene
from kb.tagging.numbers.changes import way_of
from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.lists import listed_names
from kb.tagging.numbers.p_values import PValue, find_p_values
from kb.tagging.roles import Comparison
from kb.vocabulary.concept import Vocabulary

if TYPE_CHECKING:
    from kb.tagging.numbers.estimate import Change


def from_p_value(scene: Scene, p: PValue, comparison: Comparison) -> Iterator[Finding]:
    """Findings of a p value whose difference is told in words: which outcomes, between the study's two arms.

    Of a risk factor the outcome that it bears on is all there is to tell.
    """
    if AT_THE_START.search(scene.text):
        return
    if RISK_FACTORS.search(scene.text) or (not comparison.compares and subject_of(scene, p.start)):
        on = borne_on(scene, p.start, max(_p_values_before(scene, p), default=0))
        if on is not None:
            _, reason = directions.significance(_probe(p))
            told = Verdict("descriptive", f"{reason}; a factor, not a treatment, is tested")
            yield _worded(scene, on, (None, None), told, p)
        return
    if (in_turn := _in_turn(scene, p)) is not None:
        for one in in_turn:
            if (finding := _of_outcome(scene, p, one, comparison)) is not None:
                yield finding
        return
    scene = _clause_of(scene, p)
    named = outcome_of(scene, _probe(p))
    if named is not None:
        for one in _listed_with(scene, named):
            if (finding := _of_outcome(scene, p, one, comparison)) is not None:
                yield finding


_RESPECTIVELY = re.compile(r"[(\[][^()\[\]]*\brespectively\s?[)\]]", re.IGNORECASE)


def _in_turn(scene: Scene, p: PValue) -> list[Named] | None:
    """The outcome of one of several p values told in turn: "survival and control were better (p=0.03 and p=0.01, respectively)".

    Empty where the outcomes in front are not as many as the p values; None where nothing is told in turn.
    """
    for told in _RESPECTIVELY.finditer(scene.text):
        tests = [q.start for q in find_p_values(scene.text) if told.start() < q.start < told.end()]
        if len(tests) > 1 and p.start in tests:
            ahead = [n for n in scene.outcomes if n.end <= told.start()]
            return [ahead[tests.index(p.start)]] if len(ahead) == len(tests) else []
    return None


def _p_values_before(scene: Scene, p: PValue) -> list[int]:
    """Where the p values in front of one end."""
    return [other.end for other in find_p_values(scene.text) if other.end <= p.start]


def _probe(p: PValue) -> Estimate:
    return Estimate(p.start, p.end, "p_only", 0.0, p=p.value, p_relation=p.relation)


def _listed_with(scene: Scene, named: Named) -> list[Named]:
    """The outcomes of the list that `named` ends: "in operative time and complications (p=0.4)"."""
    for run in listed_names(scene.text, scene.outcomes):
        if run[-1] is named:
            return list({one.concept.id: one for one in run}.values())
    return [named]


def _of_outcome(scene: Scene, p: PValue, named: Named, comparison: Comparison) -> Finding | None:
    verdict = _verdict_of_p(scene, p, _probe(p), named)
    if not comparison.compares:
        if comparison.main is None or not comparison.attributes or not _FROM_BASELINE.search(scene.text):
            return None
        if named.concept.domain == "diagnostic":
            return None  # a model that got better is no effect of the treatment
        way = _way_told(_own_words(scene, p), scene.text, named)
        if way is None and not _TURNS.search(scene.text):
            way = _way_told(scene.text, scene.text, named)  # "a significant (p<0.01) improvement"
        if verdict.direction == "descriptive" and way:
            verdict = directions.of_way(way, named.concept, verdict.reason)
        against_itself = Verdict(
            verdict.direction, f"{verdict.reason}; against before treatment, not another one"
        )
        return _worded(scene, named, (comparison.main, None), against_itself, p)
    if (alone := against_none(scene, comparison)) is not None:
        if _those_without_first(scene, alone):
            verdict = directions.turned(verdict)
        return _worded(scene, named, (alone, None), verdict, p)
    directed = verdict.direction.startswith("favours")
    intervention, comparator = pair_told(scene, comparison, directed=directed, words=_own_words(scene, p))
    if intervention is None or (comparator is None and comparison.comparator):
        return None
    return _worded(scene, named, (intervention, comparator), verdict, p)


# What patients were like before treatment is no effect of it.
AT_THE_START = re.compile(
    r"\b(?:at|on) (?:baseline|admission|presentation|diagnosis|(?:study )?(?:entry|enrol\w+))\b(?! to\b)|^\W*(?:pre-?operatively|baseline)\b|"
    r"\bbaseline (?:characteristics|differences|demographics|data|values)\b",
    re.IGNORECASE,
)
_SAYS_MORE = re.compile(
    r"\b(?:was|were|is|are|had|has|have|did|increas\w+|decreas\w+|improv\w+)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r";|,?\s\b(?:whereas|while|but|although|however)\b", re.IGNORECASE)


def _clause_of(scene: Scene, p: PValue) -> Scene:
    """The scene cut to what a p value can speak for: from the p value or turn of the sentence before it."""
    before = _p_values_before(scene, p)
    turns = list(_CLAUSE.finditer(scene.text, 0, p.start))
    start = max([0, *before, *(turn.end() for turn in turns)])
    more_follow = any(other.start > p.start for other in find_p_values(scene.text))
    end = p.start if more_follow else len(scene.text)
    outcomes = tuple(n for n in scene.outcomes if start <= n.start < end)
    treatments = tuple(n for n in scene.treatments if start <= n.start < end)
    goes_on = all(turn.group().lower().endswith("but") for turn in turns)
    if not treatments and goes_on and scene.treatments and opens_as_subject(scene, scene.treatments[0]):
        treatments = scene.treatments[:1]  # "A had better control (p=0.02) but more pain (p=0.03)"
    if not outcomes and before and _SAYS_MORE.search(scene.text, start, p.start):
        return replace(scene, outcomes=(), treatments=treatments)  # of something that is not known
    return replace(scene, outcomes=outcomes or scene.outcomes, treatments=treatments)


def _verdict_of_p(scene: Scene, p: PValue, probe: Estimate, named: Named) -> Verdict:
    significant, reason = directions.significance(probe)
    if significant is False:
        return Verdict("no_difference", reason)
    if significant:
        clause_start = max(scene.text.rfind("; ", 0, p.start), scene.text.rfind("), ", 0, p.start)) + 1
        read = [_own_words(scene, p), scene.text[clause_start : p.start]]
        if not _TURNS.search(scene.text):
            # One word may stand for all: "blood loss (p<0.01) and stay (p=0.02) were lower with A".
            read.append(scene.text)
        for words in read:
            told = directions.of_words(words + " than", named.concept, significant_only=False)
            if told and told.direction != "no_difference":
                return Verdict(told.direction, f"{told.reason}, {reason}")
    return Verdict("descriptive", f"{reason}, direction not told")


# One group held against itself: before and after treatment.
_FROM_BASELINE = re.compile(
    r"\b(?:than|compared (?:with|to)|from|versus|vs\.?)\b[^.;]{0,30}\b(?:before|baseline|pre-?operative\w*|pre-?treatment|initial)\b|"
    r"\b(?:improv\w+|decreas\w+|reduc\w+|reliev\w+|increas\w+|worsen\w+)\b[^.;]{0,60}\b(?:after|following|at|post)",
    re.IGNORECASE,
)


def _own_words(scene: Scene, p: PValue) -> str:
    """The words that a p value speaks for: those since the last p value, semicolon or turn in front of it."""
    marks = _p_values_before(scene, p)
    marks += [turn.end() for turn in _CLAUSE.finditer(scene.text, 0, p.start)]
    return scene.text[max([0, *marks]) : p.start]


_IS_RELIEF = re.compile(r"\b(?:relie|reduc|decreas|improv|allevia)", re.IGNORECASE)


def _way_told(words: str, text: str, named: Named) -> Change | None:
    """Which way an outcome changed. "Pain reduction" is the outcome's own name: that it came is better, not less."""
    name = text[named.start : named.end]
    way = way_of(words.replace(name, " "))
    if (
        way is None
        and named.concept.polarity == "higher_is_better"
        and name in words
        and _IS_RELIEF.search(name)
    ):
        return "better"
    return way


def _those_without_first(scene: Scene, treatment: str) -> bool:
    """Whether "more in those without A than with A" speaks from the side of those without."""
    places = [n for n in scene.treatments if n.concept.id == treatment]
    return bool(places) and min(places, key=lambda n: n.start).negated


_TURNS = re.compile(
    r";|\b(?:but|whereas|while|although|however|did not|was not|were not|no)\b", re.IGNORECASE
)


def from_words(scene: Scene, comparison: Comparison, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Superiority, or its absence, told without a number."""
    if RISK_FACTORS.search(scene.text) or AT_THE_START.search(scene.text):
        return
    if not comparison.compares:
        yield from _against_before(scene, comparison)
        return
    outcomes = list({n.concept.id: n for n in scene.outcomes if not n.hypothetical}.values())
    for named in outcomes[:4]:
        stated_only = scene.sentence.zone == "results"
        verdict = directions.of_words(scene.text, named.concept, significant_only=stated_only)
        if verdict is None or (verdict.direction != "no_difference" and len(outcomes) > 1):
            verdict = _told_of_each(scene, named, significant_only=stated_only)
        if verdict is None:
            continue
        directed = verdict.direction != "no_difference"
        intervention, comparator = pair_told(scene, comparison, directed=directed)
        if intervention is None or (comparator is None and (directed or comparison.comparator)):
            continue
        # "single-fraction SBRT ... SBRT" is one side, not two.
        if comparator is None or not vocabulary.nested(intervention, comparator):
            yield _worded(scene, named, (intervention, comparator), verdict, None)


# What is said of one outcome of a list: "less blood loss, shorter stay and fewer infections than B".
_OF_EACH = re.compile(
    r"\b(?:less|lower|reduced|decreased|fewer|shorter|smaller|more|higher|greater|longer|better|improved|increased|superior|worse|inferior|poorer)\s(?:[\w-]+\s){0,2}$",
    re.IGNORECASE,
)
_SAID_OF_ONE = re.compile(
    r"\b(?:associated with|result\w* in|led to|had|has|have|showed|provid\w+|offer\w*|achiev\w+|demonstrat\w+)\b",
    re.IGNORECASE,
)


def _told_of_each(scene: Scene, named: Named, *, significant_only: bool) -> Verdict | None:
    """What the word right in front of one outcome of a list says of it, where each has a word of its own."""
    text = scene.text
    each = [n for n in scene.outcomes if _OF_EACH.search(text, max(0, n.start - 50), n.start)]
    first = each[0].start if each else 0
    if named not in each or len(each) < 2 or not _SAID_OF_ONE.search(text, 0, first):
        return None
    told = _OF_EACH.search(text, max(0, named.start - 50), named.start)
    if told is None or not CONTRAST.search(text) or _TURNS.search(text):
        return None
    if significant_only and not _SIGNIFICANT.search(text):
        return None
    words = told.group() + text[named.start : named.end] + " than"
    return directions.of_words(words, named.concept, significant_only=False)


_SIGNIFICANT = re.compile(r"\bsignifican\w+", re.IGNORECASE)
_NOT_TOLD = re.compile(
    r"\b(?:no|not|nor|neither|without|may|might|could|can|whether|should|trend|but|however|although|than|compared|versus|vs)\b",
    re.IGNORECASE,
)


def _against_before(scene: Scene, comparison: Comparison) -> Iterator[Finding]:
    """ "Surgery significantly improved quality of life": one arm against its own start, told in words."""
    named = {n.concept.id for n in scene.treatments}
    one = len({n.concept.id for n in scene.outcomes}) == 1
    if comparison.main is None or not comparison.attributes or not one or named - {comparison.main}:
        return
    way = _way_told(scene.text, scene.text, scene.outcomes[0])
    if way is None or not _SIGNIFICANT.search(scene.text) or _NOT_TOLD.search(scene.text):
        return
    verdict = directions.of_way(way, scene.outcomes[0].concept, 'the text says "significant"')
    if verdict.direction != "descriptive":
        reason = f"{verdict.reason}; against before treatment, not another one"
        yield _worded(
            scene, scene.outcomes[0], (comparison.main, None), Verdict(verdict.direction, reason), None
        )


def _worded(
    scene: Scene, named: Named, arms: tuple[str | None, str | None], verdict: Verdict, p: PValue | None
) -> Finding:
    return Finding(
        span=scene.sentence.span(),
        intervention=arms[0],
        comparator=arms[1],
        outcome=named.concept.id,
        measure="p_only" if p else "text_only",
        value=None,
        p=p.value if p else None,
        p_relation=p.relation if p else None,
        direction=verdict.direction,
        direction_reason=verdict.reason,
    )
