"""Findings: every reported result with its outcome, treatment, comparator, time and direction.

Only results and conclusions hold findings; thresholds, inclusion criteria, doses and baseline values do not.
Where it is not clear what a number is about, there is no finding: a wrong number is worse than a missing one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.evidence import Finding, Measure, ToolPerformance
from kb.tagging.article import Article, Named
from kb.tagging.findings import directions
from kb.tagging.findings.arm_counts import find_arm_counts
from kb.tagging.findings.arms import arm_of, arms_of
from kb.tagging.findings.comparisons import from_p_value, from_words
from kb.tagging.findings.contrasts import WITHOUT
from kb.tagging.findings.counts import find_counts
from kb.tagging.findings.directions import Verdict
from kb.tagging.findings.examinations import tests_of
from kb.tagging.findings.groups import named_groups
from kb.tagging.findings.no_results import is_no_result
from kb.tagging.findings.outcomes import outcomes_of
from kb.tagging.findings.quantities import event_of, in_time, is_time
from kb.tagging.findings.repetitions import numbered, once, repeats
from kb.tagging.findings.scene import CONTRASTS, Scene, scene_of
from kb.tagging.findings.timing import months_of
from kb.tagging.findings.told_as import as_told
from kb.tagging.findings.verdicts import verdict_of
from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.estimates import as_measure, find_estimates
from kb.tagging.numbers.p_values import find_p_values
from kb.tagging.roles import Comparison
from kb.tagging.salience import NOTHING_DONE
from kb.vocabulary.concept import Concept, Vocabulary

# What belongs to a tool under test rather than to a treatment.
TOOL_METRICS = frozenset({"accuracy", "auc", "c_index", "sensitivity", "specificity", "kappa", "icc"})
_LITERATURE = re.compile(
    r"\b(?:previous(?:ly)? (?:studies|reports|reported)|in the literature|historical(?:ly)?|other series|stud(?:y|ies) by|compares? favou?rably)\b",
    re.IGNORECASE,
)


def read_findings(
    article: Article,
    comparison: Comparison,
    performance: Sequence[ToolPerformance],
    labels: Mapping[str, Named],
) -> tuple[Finding, ...]:
    """Return the findings of an article in printed order, each result once.

    `performance`: what was read as a prognostic tool's figures; those are no findings. `labels`: what the text calls
    its groups.
    """
    taken = {(row.span.section, row.span.start) for row in performance}
    found: list[Finding] = []
    spoken_of: Named | None = None  # the outcome that the sentence before was about
    order: tuple[str, str] | None = None  # in which order two arms' values were told last
    for sentence in article.sentences:
        if sentence.zone not in ("results", "conclusion") or _LITERATURE.search(sentence.text):
            continue
        scene = scene_of(sentence, named_groups(sentence, labels, comparison, article.vocabulary))
        numbers = list(
            _numeric(
                scene,
                comparison,
                article.vocabulary,
                Told(spoken_of, order),
                tools=(sentence.section, sentence.start) in taken,
            )
        )
        order = _order_of(numbers) or order
        spoken_of = scene.outcomes[-1] if scene.outcomes else spoken_of
        if sentence.zone == "conclusion":
            found += [number for number in numbers if not repeats(number, found)]
        else:
            found += numbers
        if not numbers:
            found += from_words(scene, comparison, article.vocabulary)
    found = [f for f in found if f.measure != "text_only" or not numbered(f, found, article.vocabulary)]
    return once([_as_median(f, article) for f in found])


_MEDIAN_SURVIVAL = re.compile(r"\bmedian (?:[\w-]+ ){0,3}surviv", re.IGNORECASE)
_NAMES_CENTRE = re.compile(r"\b(?:mean|average|median)s?\b", re.IGNORECASE)


def _as_median(finding: Finding, article: Article) -> Finding:
    """A survival time whose sentence names no statistic is a median where the abstract speaks of medians elsewhere."""
    if finding.measure != "mean" or finding.outcome is None or not is_time(finding.unit):
        return finding
    survival = article.vocabulary.concepts[finding.outcome].domain == "survival"
    if survival and _MEDIAN_SURVIVAL.search(article.body) and not _NAMES_CENTRE.search(finding.span.text):
        return replace(finding, measure="median")
    return finding


@dataclass(frozen=True, slots=True)
class Told:
    """What earlier sentences told: the outcome last spoken of, and the order of two arms' values."""

    outcome: Named | None = None
    order: tuple[str, str] | None = None


def _order_of(numbers: Sequence[Finding]) -> tuple[str, str] | None:
    """The arms of a sentence's last two values that were held against each other, in the order told."""
    for one, two in reversed(list(itertools.pairwise(numbers))):
        arms = (one.intervention, two.intervention)
        if one.intervention and two.intervention and (one.comparator, two.comparator) == arms[::-1]:
            return one.intervention, two.intervention
    return None


def _numeric(
    scene: Scene, comparison: Comparison, vocabulary: Vocabulary, before: Told, *, tools: bool
) -> Iterator[Finding]:
    estimates = [
        e
        for e in find_estimates(scene.text)
        if (as_measure(e.measure) or (e.measure == "accuracy" and e.unit == "%"))
        and not is_no_result(scene, e)
    ]
    if tools:
        estimates = [e for e in estimates if e.measure not in TOOL_METRICS]
    outcomes = outcomes_of(scene, estimates, before.outcome)
    estimates = [_as_share(_as_accuracy(e, outcomes[e.start])) for e in estimates]
    tests = tests_of(scene, estimates, outcomes)
    for group in _groups(scene, estimates, outcomes):
        for found, estimate in _group_findings(scene, group, outcomes, comparison, vocabulary, before.order):
            yield _of_test(found, estimate, estimates, outcomes, tests) if estimate.start in tests else found
    by_arm = list(_counted_by_arm(scene, comparison, vocabulary))
    yield from by_arm or _counted(scene, comparison, vocabulary)
    used = {e.p for e in estimates} | {finding.p for finding in by_arm}
    for p in find_p_values(scene.text):
        if p.of_difference and p.value not in used:
            yield from from_p_value(scene, p, comparison)


def _counted_by_arm(scene: Scene, comparison: Comparison, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Counts of an event in two arms, with the direction that their p value gives them."""
    counts = find_arm_counts(scene)
    if not counts or not comparison.compares:
        return
    sides = [arm_of(count.arm, comparison, vocabulary) for count in counts]
    p = next((p for p in find_p_values(scene.text) if p.start > counts[-1].place and p.of_difference), None)
    values = [count.number / count.total if count.total else float(count.number) for count in counts]
    known = all(count.total for count in counts) or max(values) >= 2 * min(values)
    for count, side, other, value, against in zip(
        counts, sides, sides[::-1], values, values[::-1], strict=True
    ):
        estimate = Estimate(count.place, count.place, "count", float(count.number), n=count.total)
        if p is not None:
            estimate = replace(estimate, p=p.value, p_relation=p.relation)
        verdict = directions.of_pair(value, against, estimate, count.outcome.concept)
        if verdict.direction.startswith("favours") and not known:
            verdict = Verdict("descriptive", "counts of arms whose sizes are not printed beside them")
        yield _finding(scene, (side, other), count.outcome.concept, "count", estimate, verdict)


def _counted(scene: Scene, comparison: Comparison, vocabulary: Vocabulary) -> Iterator[Finding]:
    for count in find_counts(scene, vocabulary):
        counted = Estimate(count.place, count.place, "count", float(count.number), n=count.total)
        # A time beside other values is theirs: "88% at 1 year and 75% at 2 years, with progression in four patients".
        months = None if find_estimates(scene.text) else months_of(scene, [counted])[0]
        told = _told_by_number(count.outcome.concept, counted, months, vocabulary, "")
        (arms,) = arms_of(scene, [counted], comparison, vocabulary)
        verdict = Verdict("descriptive", "a count, nothing to compare with")
        yield _finding(scene, arms, told, "count", counted, verdict, months)


def _as_accuracy(estimate: Estimate, outcome: Named | None) -> Estimate:
    """ "A sensitivity of 99.7% at 3 T and 100% at 1.5 T": the second is a sensitivity as well; accuracy is a share."""
    if estimate.measure == "accuracy":
        return replace(estimate, measure="percent")
    if estimate.measure == "percent" and outcome and outcome.concept.id in ("sensitivity", "specificity"):
        return replace(estimate, measure=outcome.concept.id)
    return estimate


def _as_share(estimate: Estimate) -> Estimate:
    """A sensitivity or specificity printed as 0.79 is 79%, its interval too."""
    if estimate.measure not in ("sensitivity", "specificity") or estimate.unit or not 0 < estimate.value <= 1:
        return estimate

    def share(value: float | None) -> float | None:
        return None if value is None else round(100 * value, 6)

    low, high = share(estimate.ci_low), share(estimate.ci_high)
    return replace(estimate, value=round(100 * estimate.value, 6), unit="%", ci_low=low, ci_high=high)


def _of_test(
    finding: Finding,
    estimate: Estimate,
    estimates: Sequence[Estimate],
    outcomes: dict[int, Named | None],
    tests: Mapping[int, tuple[str, str | None]],
) -> Finding:
    """An accuracy as that of its test, against the other test of the sentence where there is one."""
    test, other = tests[estimate.start]
    named = outcomes[estimate.start]
    against = [
        e.value
        for e in estimates
        if e.measure == estimate.measure
        and tests.get(e.start, (None,))[0] == other
        and _same(outcomes[e.start], named)
    ]
    if other is None or len(against) != 1 or named is None:
        verdict = Verdict("descriptive", "the accuracy of one test; nothing beside it to compare with")
    else:
        verdict = directions.of_pair(estimate.value, against[0], estimate, named.concept)
    return replace(
        finding,
        intervention=test,
        comparator=other,
        direction=verdict.direction,
        direction_reason=verdict.reason,
    )


def _groups(
    scene: Scene, estimates: Sequence[Estimate], outcomes: dict[int, Named | None]
) -> list[list[Estimate]]:
    """Split a sentence's estimates into runs of one measure, outcome and unit: the values held side by side."""
    groups: list[list[Estimate]] = []
    for estimate in estimates:
        last = groups[-1][-1] if groups else None
        if (
            last
            and last.measure == estimate.measure
            and last.unit == estimate.unit
            and estimate.measure not in CONTRASTS
            and _same(outcomes[last.start], outcomes[estimate.start])
            and ";" not in scene.text[last.end : estimate.start]
            and not _opens_pair(scene.text, last, estimate)
            and (None in (last.p, estimate.p) or last.p == estimate.p or estimate.start - last.end < 12)
        ):
            groups[-1].append(estimate)
        else:
            groups.append([estimate])
    return groups


_OF_ALL = re.compile(
    r"\b(?:(?:all|total|whole|entire)\s(?:\w+\s)?(?:patients|cohort|group|population)|overall)\b",
    re.IGNORECASE,
)


def _opens_pair(text: str, last: Estimate, estimate: Estimate) -> bool:
    """ "The rate was 13.2%, with no difference between A and B (12.4% vs 13.8%)": the two stand apart from the first."""
    between = text[last.end : estimate.start]
    behind = text[estimate.end : estimate.end + 25]
    if "(" in between and _OF_ALL.search(between):
        return True  # "24.6% in all patients (control group: 37.5%, treatment group: 12.1%)"
    return "(" in between and bool(re.match(r"[^()]{0,12}\bv(?:s|ersus)\b", behind))


def _same(one: Named | None, other: Named | None) -> bool:
    return (one.concept.id if one else None) == (other.concept.id if other else None)


def _group_findings(
    scene: Scene,
    group: list[Estimate],
    outcomes: dict[int, Named | None],
    comparison: Comparison,
    vocabulary: Vocabulary,
    order: tuple[str, str] | None,
) -> Iterator[tuple[Finding, Estimate]]:
    named = outcomes[group[0].start]
    own = named is not None and 0 <= named.start - group[0].end <= 1  # "11.2% local failure"
    if named and named.negated and not own and group[0].measure in ("percent", "count"):
        return  # "no failure in 98%": the share is of those without it
    months = months_of(scene, group)
    arms = arms_of(scene, group, comparison, vocabulary, order)
    for index, estimate in enumerate(group):
        measure = as_measure(estimate.measure)
        outcome = as_told(scene, group, index, named, vocabulary) if named else None
        if outcome is None and (meant := _MEANT_BY.get(estimate.measure)):
            outcome = vocabulary.concepts.get(meant)
        if measure is None or (outcome is None and estimate.measure not in CONTRASTS):
            continue
        words = scene.text[max(0, named.start - 60) : named.end + 60] if named else ""
        told = _told_by_number(outcome, estimate, months[index], vocabulary, words)
        intervention, comparator = arms[index]
        if intervention in NOTHING_DONE and comparator is None:
            intervention = None
        verdict = verdict_of(scene, group, index, arms, told, comparison)
        found = _finding(scene, (intervention, comparator), told, measure, estimate, verdict, months[index])
        yield found, estimate


def _finding(
    scene: Scene,
    arms: tuple[str | None, str | None],
    outcome: Concept | None,
    measure: Measure,
    estimate: Estimate,
    verdict: Verdict,
    months: float | None = None,
) -> Finding:
    """A number of a sentence as the finding it is."""
    intervention, comparator = arms
    return Finding(
        span=scene.sentence.span(),
        intervention=_treatment(intervention),
        comparator=_treatment(comparator),
        outcome=outcome.id if outcome else None,
        measure=measure,
        value=estimate.value,
        unit=estimate.unit,
        ci_low=estimate.ci_low,
        ci_high=estimate.ci_high,
        p=estimate.p,
        p_relation=estimate.p_relation,
        n=estimate.n,
        timepoint_months=months,
        direction=verdict.direction,
        direction_reason=verdict.reason,
    )


# What a coefficient is about where its sentence names no outcome beside it.
_MEANT_BY = {
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "kappa": "interobserver_reliability",
    "icc": "interobserver_reliability",
}
# Mortality within so many months has a concept of its own; a month and a quarter are told in days as well.
_MORTALITY_AT = {
    1: "thirty_day_mortality",
    3: "ninety_day_mortality",
    6: "six_month_mortality",
    12: "one_year_mortality",
}


def _told_by_number(
    outcome: Concept | None, estimate: Estimate, months: float | None, vocabulary: Vocabulary, words: str
) -> Concept | None:
    """The outcome that measure, unit or time make precise: a cost per QALY, a sensitivity, mortality at 90 days.

    `words` are those around the outcome's name.
    """
    meant: str | None = None
    if estimate.measure in ("sensitivity", "specificity"):
        meant = estimate.measure
    elif estimate.unit and estimate.unit.endswith("per QALY"):
        meant = "incremental_cost_effectiveness_ratio"
    elif outcome and is_time(estimate.unit):
        meant = in_time(outcome.id, words)
    elif outcome and estimate.measure == "percent" and event_of(outcome.id):
        meant = event_of(outcome.id)
    elif outcome and outcome.id in ("mortality", *_MORTALITY_AT.values()):
        meant = _mortality_at(months)
    elif outcome and outcome.id == "readmission" and _mortality_at(months) == _MORTALITY_AT[1]:
        meant = "thirty_day_readmission"
    return vocabulary.concepts.get(meant, outcome) if meant else outcome


def _mortality_at(months: float | None) -> str | None:
    """The mortality with a time of its own: 30 and 90 days are 0.99 and 2.96 months."""
    if months is None or abs(months - round(months)) > 0.1:
        return None
    return _MORTALITY_AT.get(round(months))


def _treatment(arm: str | None) -> str | None:
    """The treatment of an arm; the arm that did without one has none."""
    return None if arm is None or arm.startswith(WITHOUT) else arm
