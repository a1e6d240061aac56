"""Findings: every reported result with its outcome, treatment, comparator, time and direction.

Only results and conclusions hold findings; thresholds, inclusion criteria, doses and baseline values do not.
Where it is not clear what a number is about, there is no finding: a wrong number is worse than a missing one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.evidence import Finding, Span, ToolPerformance
from kb.tagging.article import Article, Named
from kb.tagging.findings import directions
from kb.tagging.findings.arm_counts import find_arm_counts
from kb.tagging.findings.arms import WITHOUT, Arms, arm_of, arms_of, pair_told
from kb.tagging.findings.comparisons import from_p_value, from_words
from kb.tagging.findings.counts import find_counts
from kb.tagging.findings.directions import Verdict
from kb.tagging.findings.groups import named_groups
from kb.tagging.findings.outcomes import as_told, outcomes_of
from kb.tagging.findings.quantities import event_of, in_time, is_time
from kb.tagging.findings.scene import CONTRASTS, RISK_FACTORS, Scene, scene_of
from kb.tagging.findings.timing import months_of
from kb.tagging.numbers.attachments import clause_of
from kb.tagging.numbers.changes import way_of
from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.estimates import as_measure, find_estimates
from kb.tagging.numbers.p_values import find_p_values
from kb.tagging.roles import Comparison
from kb.tagging.salience import NOTHING_DONE
from kb.vocabulary.concept import Concept, Vocabulary

# What belongs to a tool under test rather than to a treatment.
TOOL_METRICS = frozenset({"accuracy", "auc", "c_index", "sensitivity", "specificity", "kappa", "icc"})
_BASELINE = re.compile(
    r"\b(?:baseline|before (?:treatment|surgery|radiotherapy|SBRT|the procedure)|pre-?operative(?:ly)?|pre-?treatment|pre-?procedur\w+|at presentation|(?:at|on) admission|at diagnosis|at enrol?ment|initially|pre-?existing|at (?:the )?(?:time of )?consultation|prior to (?:RT|SBRT|SRS|radiotherapy|radiation|surgery|treatment|the procedure))\b(?!\s(?:emboli|radio|c?EBRT|RT\b|SBRT|chemo|biops|angio|imag|plan|MRI))",
    re.IGNORECASE,
)
_DEMOGRAPHIC = re.compile(
    r"^\s?(?:of (?:the |all )?(?:patients|participants|cases|lesions) (?:were|was) )?(?:were |was )?(?:women|men|female|male|aged|younger|older|smokers|white|followed|evaluable|presented with|available|assessable|analy[sz]ed|enrolled|included|randomi[sz]ed|eligible|lost to|excluded|screened|classified|had (?:a )?(?:primary|breast|lung|prostate|renal|visceral|brain|ECOG|KPS|epidural|multiple|single|previous|prior|received))\b",
    re.IGNORECASE,
)
_CHARACTERISTICS = re.compile(r"\b(?:mean|median|average) (?:patient )?ages?\b|\byears old\b", re.IGNORECASE)
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
        found += numbers
        if not numbers:
            found += from_words(scene, comparison, article.vocabulary)
    found = [f for f in found if f.measure != "text_only" or not _numbered(f, found, article.vocabulary)]
    return _once([_as_median(f, article) for f in found])


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


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Drop a conclusion's repetition of a result: same measure, value, outcome, treatments and time."""
    seen: dict[tuple[object, ...], Span] = {}
    kept: list[Finding] = []
    for finding in findings:
        said = (finding.outcome, finding.intervention, finding.comparator)
        printed = (finding.value, finding.ci_low, finding.ci_high, finding.timepoint_months)
        key: tuple[object, ...] = (*said, finding.measure, *printed)
        if finding.measure in ("text_only", "p_only"):
            key = (*said, finding.direction)
        worded = finding.measure in ("text_only", "p_only")
        if key in seen and (worded or seen[key] != finding.span):
            continue  # within one sentence two equal values are two results
        seen.setdefault(key, finding.span)
        seen.setdefault((*said, finding.direction), finding.span)
        kept.append(finding)
    return tuple(kept)


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
        if (as_measure(e.measure) or (e.measure == "accuracy" and e.unit == "%")) and not _aside(scene, e)
    ]
    if tools:
        estimates = [e for e in estimates if e.measure not in TOOL_METRICS]
    outcomes = outcomes_of(scene, estimates, before.outcome)
    estimates = [_as_share(_as_accuracy(e, outcomes[e.start])) for e in estimates]
    for group in _groups(scene, estimates, outcomes):
        yield from _group_findings(scene, group, outcomes, comparison, vocabulary, before.order)
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
        yield Finding(
            span=scene.sentence.span(),
            intervention=_treatment(side),
            comparator=_treatment(other),
            outcome=count.outcome.concept.id,
            measure="count",
            value=estimate.value,
            p=estimate.p,
            p_relation=estimate.p_relation,
            n=count.total,
            direction=verdict.direction,
            direction_reason=verdict.reason,
        )


def _counted(scene: Scene, comparison: Comparison, vocabulary: Vocabulary) -> Iterator[Finding]:
    for count in find_counts(scene):
        counted = Estimate(count.place, count.place, "count", float(count.number))
        months = months_of(scene, [counted])[0]
        told = _told_by_number(count.outcome.concept, counted, months, vocabulary, "")
        intervention, comparator = arms_of(scene, [counted], comparison, vocabulary)[0]
        yield Finding(
            span=scene.sentence.span(),
            intervention=_treatment(intervention),
            comparator=_treatment(comparator),
            outcome=told.id if told else None,
            measure="count",
            value=counted.value,
            n=count.total,
            timepoint_months=months,
            direction="descriptive",
            direction_reason="a count, nothing to compare with",
        )


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


def _aside(scene: Scene, estimate: Estimate) -> bool:
    """Whether a number describes the patients at the start rather than what became of them."""
    if estimate.measure in CONTRASTS:
        return False
    before, after = scene.text[: estimate.start].replace("vs. ", "vs  "), scene.text[estimate.end :]
    clause = before[max(before.rfind(";"), before.rfind(". ")) + 1 :]
    if estimate.measure == "percent" and (
        _DEMOGRAPHIC.match(after.lstrip(" )"))
        or _NO_OUTCOME.search(clause)
        or _had_treatment(scene, estimate)
    ):
        return True
    if estimate.changed_from is None and _start_behind(scene, estimate, after):
        return True
    near = clause[-60:]
    if estimate.measure in ("mean", "median") and _CHARACTERISTICS.search(scene.text):
        # "The mean ages were 70 and 66, the mean scores 7.2 and 5.8": who the patients were
        return not re.search(r"\b(?:survival|surviv\w+|time|stay|loss)\b", clause[-80:], re.IGNORECASE)
    if _BASELINE.search(near) and not re.search(
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
_HAD_TREATMENT = re.compile(
    r"\W{0,3}(?:of (?:the |all )?(?:patients|cases) )?(?:had|received|underwent|were (?:treated|managed) (?:with|by)|were given)\s(?:[\w-]+\s){0,3}?"
)


def _had_treatment(scene: Scene, estimate: Estimate) -> bool:
    """ "24 patients (4%) had chemotherapy": how large an arm is."""
    near = [n for n in scene.treatments if 0 <= n.start - estimate.end < 60]
    if not near or any(estimate.end <= n.start < near[0].end for n in scene.outcomes):
        return False  # "8% underwent revision surgery", "28% had complications after surgery"
    return bool(_HAD_TREATMENT.fullmatch(scene.text[estimate.end : near[0].start]))


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


def _opens_pair(text: str, last: Estimate, estimate: Estimate) -> bool:
    """ "The rate was 13.2%, with no difference between A and B (12.4% vs 13.8%)": the two stand apart from the first."""
    between = text[last.end : estimate.start]
    behind = text[estimate.end : estimate.end + 25]
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
) -> Iterator[Finding]:
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
        verdict = _verdict(scene, group, index, arms, told, comparison)
        yield Finding(
            span=scene.sentence.span(),
            intervention=_treatment(intervention),
            comparator=_treatment(comparator),
            outcome=told.id if told else None,
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


def _verdict(
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
        compared = comparison.compares or estimate.measure in CONTRASTS
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


def _treatment(arm: str | None) -> str | None:
    """The treatment of an arm; the arm that did without one has none."""
    return None if arm is None or arm.startswith(WITHOUT) else arm
