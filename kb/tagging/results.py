"""Findings: every reported result with its outcome, treatment, comparator, time and direction.

Only results and conclusions hold findings; thresholds, inclusion criteria, doses and baseline values do not.
Where it is not clear what a number is about, there is no finding: a wrong number is worse than a missing one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.evidence import Finding
from kb.tagging import directions
from kb.tagging.article import Article, Named, Sentence
from kb.tagging.directions import Verdict
from kb.tagging.estimates import Estimate, PValue, as_measure, find_estimates, find_p_values, plain
from kb.tagging.roles import INCIDENTAL, Comparison
from kb.tagging.times import TimePoint, find_times
from kb.vocabulary.concept import Concept, Vocabulary

_CONTRASTS = frozenset({"hr", "or", "rr", "md", "smd"})
_ARM_WORD = re.compile(
    r"\b(?:in|with|after|for|following|by|to|receiving|treated|undergoing|underwent|received|versus|vs\.?|than|and|of)\b[^.;,]{0,40}$|^$|[,(]\s?$",
    re.IGNORECASE,
)
_BASELINE = re.compile(
    r"\b(?:baseline|before (?:treatment|surgery|radiotherapy|SBRT|the procedure)|pre-?operative(?:ly)?|pre-?treatment|at presentation|at diagnosis|at enrol?ment|initially)\b",
    re.IGNORECASE,
)
_DEMOGRAPHIC = re.compile(
    r"^\s?(?:of (?:the |all )?(?:patients|participants|cases|lesions) (?:were|was) )?(?:were |was )?(?:women|men|female|male|aged|younger|older|smokers|white|had (?:a )?(?:primary|breast|lung|prostate|renal|visceral|brain|ECOG|KPS|epidural|multiple|single|previous|prior|received))\b",
    re.IGNORECASE,
)
_RISK = re.compile(
    r"\b(?:risk factors?|predict\w*|prognostic|independent\w*|associated with|multivaria\w+|univaria\w+|per (?:unit|year|point)|correlat\w+|age|sex|gender|KPS|ECOG|albumin|histology|subgroup)\b",
    re.IGNORECASE,
)
_BETWEEN_ARMS = re.compile(r"\b(?:groups?|arms?|versus|vs\.?|compared|than|between|both treatments)\b", re.IGNORECASE)
_LITERATURE = re.compile(r"\b(?:previous(?:ly)? (?:studies|reports|reported)|in the literature|historical(?:ly)?|other series)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Scene:
    """A results sentence made ready: plain text, outcomes and treatments in order, times."""

    sentence: Sentence
    text: str
    outcomes: tuple[Named, ...]
    treatments: tuple[Named, ...]
    times: tuple[TimePoint, ...]


def read_findings(article: Article, comparison: Comparison, *, tools: bool) -> tuple[Finding, ...]:
    """Return the findings of an article in printed order, each result once.

    `tools`: the study tests prognostic tools; its discrimination figures then belong to the tools.
    """
    found: list[Finding] = []
    for sentence in article.sentences:
        if sentence.zone not in ("results", "conclusion") or _LITERATURE.search(sentence.text):
            continue
        scene = _scene(sentence)
        numbers = list(_numeric(scene, comparison, article.vocabulary, tools=tools))
        found += numbers
        if not numbers:
            found += _in_words(scene, comparison, article.vocabulary)
    return _once([f for f in found if f.measure != "text_only" or not _numbered(f, found, article.vocabulary)])


def _numbered(told: Finding, findings: Sequence[Finding], vocabulary: Vocabulary) -> bool:
    """Whether a comparison told in words is reported in numbers as well: then the numbers speak."""
    pair = {told.intervention, told.comparator}
    domain = vocabulary.concepts[told.outcome].domain if told.outcome else None
    return any(
        f.measure != "text_only"
        and f.direction != "descriptive"
        and {f.intervention, f.comparator} == pair
        and f.outcome is not None
        and vocabulary.concepts[f.outcome].domain == domain
        for f in findings
    )


def _scene(sentence: Sentence) -> _Scene:
    text = plain(sentence.text)
    treatments = tuple(n for n in sentence.of_kind("intervention") if not n.hypothetical)
    return _Scene(sentence, text, sentence.of_kind("outcome"), treatments, tuple(find_times(text)))


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Drop a conclusion's repetition of a result: same measure, value, outcome and direction."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for finding in findings:
        key = (finding.measure, finding.value, finding.outcome, finding.intervention, finding.comparator)
        if finding.measure in ("text_only", "p_only"):
            key = (finding.outcome, finding.intervention, finding.comparator, finding.direction)
            said = any((f.outcome, f.intervention, f.comparator, f.direction) == key for f in kept)
            if said:
                continue
        elif (*key, finding.timepoint_months) in seen:
            continue
        seen.add((*key, finding.timepoint_months))
        kept.append(finding)
    return tuple(kept)


def _numeric(
    scene: _Scene, comparison: Comparison, vocabulary: Vocabulary, *, tools: bool
) -> Iterator[Finding]:
    estimates = [e for e in find_estimates(scene.text) if as_measure(e.measure) and not _aside(scene, e)]
    if tools:
        estimates = [e for e in estimates if e.measure not in ("auc", "c_index", "sensitivity", "specificity", "kappa", "icc")]
    outcomes = {e.start: _ratio_outcome(scene, e, _outcome_of(scene, e)) for e in estimates}
    for group in _groups(scene, estimates, outcomes):
        yield from _group_findings(scene, group, outcomes, comparison, vocabulary)
    used = {e.p for e in estimates}
    for p in find_p_values(scene.text):
        if p.value not in used and (finding := _p_only(scene, p, comparison)):
            yield finding


def _aside(scene: _Scene, estimate: Estimate) -> bool:
    """Whether a number describes the patients at the start rather than what became of them."""
    before, after = scene.text[: estimate.start], scene.text[estimate.end :]
    clause = before[max(before.rfind(";"), before.rfind(". ")) + 1 :]
    if estimate.measure == "percent" and _DEMOGRAPHIC.match(after.lstrip(" )")):
        return True
    near = clause[-60:]
    if _BASELINE.search(near) and not re.search(r"\b(?:after|post|improv|increas|decreas|reduc|from)\w*", clause + after[:60], re.IGNORECASE):
        return True
    tumours = [n for n in scene.sentence.of_kind("condition") if n.concept.type == "primary_tumour"]
    return any(0 <= estimate.start - n.end <= 12 for n in tumours)


def _outcome_of(scene: _Scene, estimate: Estimate) -> Named | None:
    """The outcome a number is about: the nearest in front, or one right behind ("35% complete response")."""
    best: tuple[float, Named] | None = None
    for named in scene.outcomes:
        if named.end <= estimate.start:
            between = scene.text[named.end : estimate.start]
            distance = float(len(between)) + 60 * between.count(";") + 15 * len(re.findall(r"\b(?:while|whereas|but)\b", between))
        elif named.start >= estimate.end:
            between = scene.text[estimate.end : named.start]
            adjacent = bool(re.fullmatch(r"\)?\s?(?:\(?\d+(?:/\d+)?\)?\s?)?(?:(?!and|or|in|vs|versus|compared)[\w-]+\s){0,2}", between))
            of_patients = re.match(r"\s?(?:of (?:the |all )?)?(?:\w+ ){0,2}(?:patients|cases|lesions|participants|procedures|levels)?\s?(?:\([^)]*\)\s?)?(?:had|experienced|developed|achieved|reported|showed|underwent|required|with|maintained|regained|reached|suffered)\b", between)
            distance = len(between) * (0.3 if adjacent else 0.6 if of_patients else 2.5) + 60 * between.count(";")
            if re.search(r"\d", between):
                distance += 40
        else:
            continue
        if best is None or distance < best[0]:
            best = (distance, named)
    return best[1] if best and best[0] < 220 else None


def _groups(scene: _Scene, estimates: Sequence[Estimate], outcomes: dict[int, Named | None]) -> list[list[Estimate]]:
    """Split a sentence's estimates into runs of one measure, outcome and unit: the values held side by side."""
    groups: list[list[Estimate]] = []
    for estimate in estimates:
        last = groups[-1][-1] if groups else None
        if (
            last
            and last.measure == estimate.measure
            and last.unit == estimate.unit
            and estimate.measure not in _CONTRASTS
            and _same(outcomes[last.start], outcomes[estimate.start])
            and ";" not in scene.text[last.end : estimate.start]
        ):
            groups[-1].append(estimate)
        else:
            groups.append([estimate])
    return groups


def _ratio_outcome(scene: _Scene, estimate: Estimate, nearest: Named | None) -> Named | None:
    """The outcome of a ratio: beside risk factors the nearest outcome word is often the factor itself."""
    if estimate.measure in _CONTRASTS and _RISK.search(scene.text) and not scene.treatments:
        distinct = {n.concept.id for n in scene.outcomes}
        return nearest if len(distinct) == 1 else None
    if estimate.measure in _CONTRASTS and re.search(r"\brisk of\b.{0,40}\bwith\b", scene.text, re.IGNORECASE):
        return None
    return nearest


def _same(one: Named | None, other: Named | None) -> bool:
    return (one.concept.id if one else None) == (other.concept.id if other else None)


def _group_findings(
    scene: _Scene,
    group: list[Estimate],
    outcomes: dict[int, Named | None],
    comparison: Comparison,
    vocabulary: Vocabulary,
) -> Iterator[Finding]:
    named = outcomes[group[0].start]
    outcome = _as_told(scene, group, named, vocabulary) if named else None
    if outcome is None and group[0].measure not in _CONTRASTS:
        return
    if named and named.negated:
        return
    months = _months(scene, group, named)
    arms = _arms(scene, group, comparison, vocabulary)
    for index, estimate in enumerate(group):
        measure = as_measure(estimate.measure)
        if measure is None:
            continue
        intervention, comparator = arms[index]
        verdict = _verdict(scene, group, index, arms, outcome, comparison)
        yield Finding(
            span=scene.sentence.span(),
            intervention=intervention,
            comparator=comparator,
            outcome=outcome.id if outcome else None,
            measure=measure,
            value=estimate.value,
            unit=estimate.unit,
            ci_low=estimate.ci_low,
            ci_high=estimate.ci_high,
            p=estimate.p,
            p_relation=estimate.p_relation,
            n=estimate.n,
            timepoint_months=months[index],
            direction=verdict.direction,
            direction_reason=verdict.reason,
        )


_IMPROVES = re.compile(r"\b(?:relie\w+|improv\w+|resol\w+|allevia\w+|reduc\w+|decreas\w+|fell|drop\w*|lessen\w*|free)\b", re.IGNORECASE)
_WORSENS = re.compile(r"\b(?:worse\w*|deteriorat\w+|los[st]\w*|declin\w+|failed|failure|absence)\b", re.IGNORECASE)
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


def _as_told(scene: _Scene, group: list[Estimate], named: Named, vocabulary: Vocabulary) -> Concept | None:
    """The outcome whose share is counted: "pain was relieved in 88%" counts relief, not pain.

    Where the words turn a good outcome round and no concept says so, there is no telling (None); a bad outcome
    that improved keeps its name, but its polarity no longer holds and is taken away.
    """
    outcome = named.concept
    if group[0].measure in ("median", "mean", "md", "smd"):
        return outcome
    clause = scene.text[max(0, named.start - 30) : max(group[-1].end, named.end) + 40]
    clause = clause.replace(scene.text[named.start : named.end], " ")
    turn = {"lower_is_better": _IMPROVES, "higher_is_better": _WORSENS}.get(outcome.polarity or "")
    if turn is None or not turn.search(clause):
        return outcome
    if outcome.id in _TURNED:
        return vocabulary.concepts[_TURNED[outcome.id]]
    return replace(outcome, polarity="neutral") if outcome.polarity == "lower_is_better" else None


Arms = list[tuple[str | None, str | None]]


def _arms(scene: _Scene, group: list[Estimate], comparison: Comparison, vocabulary: Vocabulary) -> Arms:
    """(intervention, comparator) of each value, by order, by nearness, or from the whole study."""
    sides = _distinct(scene, group, comparison, vocabulary)
    if group[0].measure in _CONTRASTS:
        return [_contrast_arms(scene, group[0], comparison)]
    if len(group) >= 2 and len(sides) == len(group) and _in_step(scene, group, sides, comparison, vocabulary):
        return [(side, _other(sides, side)) for side in sides]
    if len(group) == 2 and len(sides) == 1 and comparison.compares and _two_sided(scene, group):
        other = comparison.comparator if sides[0] == comparison.main else comparison.main
        nearer = _nearer(scene, group, sides[0])
        if other and nearer is not None:
            pair: Arms = [(sides[0], other), (other, sides[0])]
            return pair if nearer == 0 else pair[::-1]
    if len(group) == 1 and sides:
        side = sides[0] if len(sides) == 1 else None
        return [(side, None)]
    listed = any(time.of == len(group) for time in scene.times)
    if not sides and not comparison.compares and (len(group) == 1 or listed):
        return [(comparison.main, None)] * len(group)
    if len(sides) == 1 and not comparison.compares and (len(group) == 1 or listed):
        return [(sides[0], None)] * len(group)
    return [(None, None)] * len(group)


def _side(treatment: str, comparison: Comparison, vocabulary: Vocabulary) -> str:
    """The study's own arm that a broader or narrower name stands for: "the RT arm" of prophylactic radiotherapy."""
    arms = [arm for arm in (comparison.main, comparison.comparator) if arm]
    if treatment in arms or not comparison.compares:
        return treatment
    related = [arm for arm in arms if _nested(treatment, arm, vocabulary)]
    return related[0] if len(related) == 1 else treatment


def _distinct(
    scene: _Scene, group: list[Estimate], comparison: Comparison, vocabulary: Vocabulary
) -> list[str]:
    """The study's treatments named around a group of values, each once, in order."""
    known = {*comparison.studied[:4], *comparison.comparators}
    first, last = group[0].start, group[-1].end
    clause_start = scene.text.rfind("; ", 0, first) + 1
    clause_end = scene.text.find("; ", last)
    clause_end = len(scene.text) if clause_end < 0 else clause_end
    here = [
        _side(n.concept.id, comparison, vocabulary)
        for n in scene.treatments
        if clause_start <= n.start < clause_end and not n.negated
    ]
    named = list(dict.fromkeys(identifier for identifier in here if identifier not in INCIDENTAL))
    main = [identifier for identifier in named if identifier in known]
    return named if len(named) == len(group) > len(main) else main


_SIDE_BY_SIDE = re.compile(r"^[^;.]{0,12}\b(?:and|vs\.?|versus|against|or|compared (?:with|to)|to)\b[^;.]{0,12}$|^\s?[/,]\s?$", re.IGNORECASE)


def _in_step(
    scene: _Scene, group: list[Estimate], sides: list[str], comparison: Comparison, vocabulary: Vocabulary
) -> bool:
    """Whether values and treatments go in pairs: "35% after A and 14% after B", "A 35%, B 14%", "35% and 14% with A and B".

    Two values of one treatment at two times do not.
    """
    places = [
        next(n.start for n in scene.treatments if _side(n.concept.id, comparison, vocabulary) == side) for side in sides
    ]
    values = [estimate.start for estimate in group]
    behind = all(v < a for v, a in zip(values, places, strict=True)) and all(
        a < v for a, v in zip(places, values[1:], strict=False)
    )
    ahead = all(a < v for a, v in zip(places, values, strict=True)) and all(
        v < a for v, a in zip(values, places[1:], strict=False)
    )
    around = len(group) == 2 and places[0] < values[0] and values[1] < places[1]
    if behind or ahead:
        return True
    gaps = [scene.text[one.end : two.start] for one, two in zip(group, group[1:], strict=False)]
    gaps = [re.sub(r"\([^)]*\)|95% CI[^,;]*", " ", gap) for gap in gaps]
    together = all(_SIDE_BY_SIDE.match(gap) for gap in gaps)
    return together or (around and not any(t.of == 1 and values[0] < t.start < values[1] for t in scene.times))


def _other(sides: list[str], side: str) -> str | None:
    others = [s for s in sides if s != side]
    return others[0] if len(others) == 1 else None


def _two_sided(scene: _Scene, group: list[Estimate]) -> bool:
    """Whether two values are two arms' ("20% vs 12%", "20% and 12%") and not one arm's at two times."""
    between = scene.text[group[0].end : group[1].start]
    if any(group[0].start < t.start < group[1].start for t in scene.times):
        return False
    against = re.search(r"\b(?:vs\.?|versus|compared|against|than|control\w*|other|without|whereas|while)\b", between, re.IGNORECASE)
    return bool(against or re.fullmatch(r"\s?(?:\([^)]*\)\s?)?and\s", between))


def _nearer(scene: _Scene, group: list[Estimate], side: str) -> int | None:
    """Which of two values a treatment stands nearer to (0 or 1), counting only "after A" and "in the A group"."""
    position = next((n for n in scene.treatments if n.concept.id == side), None)
    if position is None:
        return None
    if position.end <= group[0].start:
        return 0
    if position.start >= group[1].end:
        return 1
    return 0 if position.start - group[0].end < group[1].start - position.end else 1


def _contrast_arms(scene: _Scene, estimate: Estimate, comparison: Comparison) -> tuple[str | None, str | None]:
    """The arms of a ratio: named in its sentence, or the study's own pair where no risk factor stands between."""
    before = [n for n in scene.treatments if n.end <= estimate.start]
    ids = list(dict.fromkeys(n.concept.id for n in before))
    if comparison.main and comparison.comparator:
        if set(ids) >= {comparison.main, comparison.comparator}:
            order = [i for i in ids if i in (comparison.main, comparison.comparator)]
            return order[0], order[1]
        if ids == [comparison.main] and not _RISK.search(scene.text):
            return comparison.main, comparison.comparator
        if not ids and not _RISK.search(scene.text) and _BETWEEN_ARMS.search(scene.text):
            return comparison.main, comparison.comparator
    if len(ids) == 1 and len(before) and estimate.start - before[-1].end < 60:
        return ids[0], None
    return None, None


def _months(scene: _Scene, group: list[Estimate], named: Named | None) -> list[float | None]:
    """The time of each value: a list of times as long as the values, or the nearest single time."""
    for time in scene.times:
        if time.of == len(group) > 1:
            return [t.months for t in scene.times if (t.start, t.end) == (time.start, time.end)]
    result: list[float | None] = []
    for estimate in group:
        if estimate.measure in ("median", "mean") and estimate.unit in ("months", "years", "days", "weeks"):
            result.append(None)
            continue
        near = [
            (distance, t.months)
            for t in scene.times
            if t.of == 1 and (distance := _time_distance(scene.text, estimate, t)) is not None
        ]
        result.append(min(near)[1] if near and min(near)[0] < 130 else None)
    return result


def _time_distance(text: str, estimate: Estimate, time: TimePoint) -> float | None:
    """How far a time stands from a value, or None where it belongs to another one."""
    if time.end <= estimate.start:
        between = text[time.end : estimate.start]
        return None if ";" in between else float(len(between))
    between = re.sub(r"\([^)]*\)", "", text[estimate.end : time.start])
    if re.fullmatch(r"\s*(?:at|by|after|within)\s*(?:the )?", between):
        return 0.0
    if time.start < estimate.end or ";" in between or re.search(r"\d\s?%|, and\b", between):
        return None
    return 1.2 * len(between)


def _verdict(
    scene: _Scene, group: list[Estimate], index: int, arms: Arms, outcome: Concept | None, comparison: Comparison
) -> Verdict:
    intervention, comparator = arms[index]
    estimate = group[index]
    if intervention is None:
        return Verdict("descriptive", "the text does not tell which treatment the value belongs to")
    if estimate.measure in _CONTRASTS:
        if comparator is None and not comparison.compares:
            return Verdict("descriptive", "no comparator is named")
        return directions.of_ratio(estimate, outcome)
    if comparator is None:
        return Verdict("descriptive", "one arm, nothing to compare with")
    others = [g.value for g, arm in zip(group, arms, strict=True) if arm[0] == comparator]
    if len(others) != 1:
        return Verdict("descriptive", "no single value of the comparator stands beside it")
    return directions.of_pair(estimate.value, others[0], estimate, outcome)


def _p_only(scene: _Scene, p: PValue, comparison: Comparison) -> Finding | None:
    """A p value whose difference is told in words: which outcome, between the study's two arms."""
    probe = Estimate(p.start, p.end, "p_only", 0.0, p=p.value, p_relation=p.relation)
    named = _outcome_of(scene, probe)
    if named is None or not comparison.compares or _RISK.search(scene.text):
        return None
    clause_start = max(scene.text.rfind("; ", 0, p.start), scene.text.rfind("), ", 0, p.start)) + 1
    clause = scene.text[clause_start : p.start]
    intervention, comparator = _pair_in_words(scene, comparison)
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


def _pair_in_words(scene: _Scene, comparison: Comparison) -> tuple[str | None, str | None]:
    """The two treatments of a comparison in words: as ordered in the sentence, else the study's own."""
    known = {*comparison.studied[:3], *comparison.comparators}
    ids = list(dict.fromkeys(n.concept.id for n in scene.treatments if n.concept.id in known))
    if len(ids) == 2:
        return ids[0], ids[1]
    if len(ids) == 1:
        other = comparison.comparator if ids[0] == comparison.main else comparison.main
        return (ids[0], other) if ids[0] in (comparison.main, comparison.comparator) else (None, None)
    if not ids and re.search(r"\b(?:between|both|two|either|the) (?:\w+ )?(?:groups|arms|treatments|cohorts|techniques)\b", scene.text, re.IGNORECASE):
        return comparison.main, comparison.comparator
    return None, None


def _in_words(scene: _Scene, comparison: Comparison, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Superiority, or its absence, told without a number."""
    if not comparison.compares or not scene.outcomes or _RISK.search(scene.text):
        return
    intervention, comparator = _pair_in_words(scene, comparison)
    if intervention is None or comparator is None:
        return
    if _nested(intervention, comparator, vocabulary):  # "single-fraction SBRT ... SBRT" is one side, not two
        return
    outcomes = list({n.concept.id: n for n in scene.outcomes if not n.hypothetical}.values())
    for named in outcomes[:4]:
        verdict = directions.of_words(scene.text, named.concept, significant_only=scene.sentence.zone == "results")
        if verdict and (verdict.direction == "no_difference" or len(outcomes) == 1):
            yield _worded(scene, named, intervention, comparator, "text_only", verdict, None)


def _nested(one: str, other: str, vocabulary: Vocabulary) -> bool:
    return one in vocabulary.ancestors(other) or other in vocabulary.ancestors(one)


def _worded(
    scene: _Scene, named: Named, intervention: str, comparator: str, measure: str, verdict: Verdict, p: PValue | None
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
