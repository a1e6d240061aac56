"""Directions: which side a result favours, from p or interval together with the outcome's benefit direction.

Non-inferiority is not superiority; without a test of significance a difference is only described.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.tagging.numbers.estimate import Estimate

if TYPE_CHECKING:
    from kb.evidence import Direction
    from kb.tagging.numbers.estimate import Change
    from kb.vocabulary.concept import Concept

SIGNIFICANCE = 0.05
# Outcomes reported as time to an event: a hazard ratio counts the bad event although the outcome's name is the good one.
# A bad event measured in these is the time until it came: later is better. Stays and operations last days and hours.
_EVENT_UNITS = frozenset({"months", "years"})
_EVENT_DOMAINS = frozenset({"survival", "tumour_control"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """A direction and the reason in words."""

    direction: Direction
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a text says of a difference without printing its test: the words, and whether it calls it significant."""

    words: str
    significant: bool


_NO_DIFFERENCE_CLAIMED = re.compile(
    r"\b(?:no|not|without|nor|neither)\b[^.;,]{0,40}\b(?:differ\w*|significan\w+)\b|\b(?:similar|comparable|equivalent)\b",
    re.IGNORECASE,
)
_DIFFERENCE_CLAIMED = re.compile(r"\bsignifican(?:t|tly)\b", re.IGNORECASE)


def claim_of(words: str) -> Claim | None:
    """Return what the words of a clause say of a difference, None where they say nothing, or both things.

    Examples
    --------
    >>> claim_of("was significantly lower (12 vs 30)")
    Claim(words='significantly', significant=True)
    >>> claim_of("did not differ significantly").significant
    False
    """
    denied, said = _NO_DIFFERENCE_CLAIMED.search(words), _DIFFERENCE_CLAIMED.search(words)
    if denied:
        rest = words[: denied.start()] + words[denied.end() :]
        return None if _DIFFERENCE_CLAIMED.search(rest) else Claim(denied.group(), False)
    return Claim(said.group(), True) if said else None


def significance(estimate: Estimate) -> tuple[bool | None, str]:
    """Return whether a difference is significant (None: not tested) with the reason."""
    if estimate.p_relation == "ns":
        return False, "reported as not significant"
    if estimate.p is not None:
        printed = f"p{estimate.p_relation}{estimate.p:g}"
        if estimate.p_relation in ("<", "<=") and estimate.p <= SIGNIFICANCE:
            return True, printed
        if estimate.p_relation == "=":
            below = estimate.p < SIGNIFICANCE
            return below, printed if below else f"{printed}, not below {SIGNIFICANCE}"
        if estimate.p_relation in (">", ">=") and estimate.p >= SIGNIFICANCE:
            return False, f"{printed}, not below {SIGNIFICANCE}"
        return None, f"{printed} does not tell on which side of {SIGNIFICANCE} it lies"
    null = {"hr": 1.0, "or": 1.0, "rr": 1.0, "md": 0.0, "smd": 0.0}.get(estimate.measure)
    if null is not None and estimate.ci_low is not None and estimate.ci_high is not None:
        interval = f"interval {estimate.ci_low:g} to {estimate.ci_high:g}"
        if estimate.ci_low <= null <= estimate.ci_high:
            return False, f"{interval} holds {null:g}"
        return True, f"{interval} excludes {null:g}"
    return None, "no test of significance is given"


def of_pair(
    value: float, other: float, estimate: Estimate, outcome: Concept | None, claim: Claim | None = None
) -> Verdict:
    """Direction of one arm's value against the other arm's, in the view of the first.

    `claim`: what the text itself says of the difference; it counts where no test is printed.
    """
    significant, reason = significance(estimate)
    if significant is None and claim is not None:
        significant, reason = claim.significant, f'the text says "{claim.words}"'
    if significant is None:
        return Verdict("descriptive", f"two arms, but {reason}")
    if not significant:
        return Verdict("no_difference", reason)
    if outcome is None or outcome.polarity == "neutral" or value == other:
        return Verdict("descriptive", f"{reason}, but the outcome has no good or bad direction")
    to_event = estimate.measure in ("median", "mean") and estimate.unit in _EVENT_UNITS
    good_is_more = outcome.polarity == "higher_is_better" or to_event
    if estimate.change:  # of two falls in pain the greater is the better
        good_is_more = {"less": not good_is_more, "more": good_is_more, "better": True, "worse": False}[
            estimate.change
        ]
    better = (value > other) == good_is_more
    relation = "higher" if value > other else "lower"
    goodness = "better" if better else "worse"
    return Verdict(
        "favours_intervention" if better else "favours_comparator",
        f"{value:g} against {other:g}, {reason}; {relation} {_what_changed(estimate)}{outcome.label.lower()} is {goodness}",
    )


def _what_changed(estimate: Estimate) -> str:
    return (
        {"less": "decrease of ", "more": "increase of "}.get(estimate.change or "", "change of ")
        if estimate.change
        else ""
    )


def of_change(estimate: Estimate, outcome: Concept | None, *, claimed: bool = False) -> Verdict:
    """Direction of a change from baseline in one arm: the treatment against nothing.

    `claimed`: the text itself says that it improved, or changed significantly, where no test is printed.
    """
    before = estimate.changed_from
    significant, reason = significance(estimate)
    if significant is None and claimed:
        significant, reason = True, "the text says so, no test is printed"
    if (before is None and estimate.change is None) or significant is None:
        return Verdict("descriptive", f"one arm, and {reason}")
    if not significant:
        return Verdict("no_difference", reason)
    better = _changed_for_better(estimate, outcome)
    if better is None:
        return Verdict("descriptive", f"{reason}, but the outcome has no good or bad direction")
    told = (
        f"{before:g} before and {estimate.value:g} after treatment"
        if before is not None
        else f"a change of {estimate.value:g} from before treatment"
    )
    return Verdict(
        "favours_intervention" if better else "favours_comparator",
        f"{told}, {reason}; {'better' if better else 'worse'} than at baseline, not than another treatment",
    )


def of_way(way: Change, outcome: Concept | None, reason: str) -> Verdict:
    """Direction of a tested change from baseline whose way the words tell, without a value."""
    better = _changed_for_better(Estimate(0, 0, "p_only", 0.0, change=way), outcome)
    if better is None:
        return Verdict("descriptive", f"{reason}, but the outcome has no good or bad direction")
    return Verdict(
        "favours_intervention" if better else "favours_comparator",
        f'the text tells a change ("{way}"), {reason}',
    )


def turned(verdict: Verdict) -> Verdict:
    """The same verdict from the other side."""
    other: dict[Direction, Direction] = {
        "favours_intervention": "favours_comparator",
        "favours_comparator": "favours_intervention",
    }
    return Verdict(other.get(verdict.direction, verdict.direction), verdict.reason)


def _changed_for_better(estimate: Estimate, outcome: Concept | None) -> bool | None:
    if estimate.change in ("better", "worse"):
        return estimate.change == "better"
    if outcome is None or outcome.polarity == "neutral":
        return None
    if estimate.changed_from is not None:
        if estimate.value == estimate.changed_from:
            return None
        more = estimate.value > estimate.changed_from
    else:
        more = estimate.change == "more"
    return more == (outcome.polarity == "higher_is_better")


def of_ratio(estimate: Estimate, outcome: Concept | None) -> Verdict:
    """Direction of a ratio or difference of the intervention to its comparator."""
    significant, reason = significance(estimate)
    if significant is None:
        return Verdict("descriptive", reason)
    if not significant:
        return Verdict("no_difference", reason)
    if outcome is None or outcome.polarity == "neutral":
        return Verdict("descriptive", f"{reason}, but the outcome has no good or bad direction")
    null = 0.0 if estimate.measure in ("md", "smd") else 1.0
    if estimate.value == null:
        return Verdict("no_difference", f"the estimate is {null:g}")
    more = estimate.value > null
    counts_bad_event = estimate.measure == "hr" and outcome.domain in _EVENT_DOMAINS
    good_is_more = outcome.polarity == "higher_is_better" and not counts_bad_event
    better = more == good_is_more
    event = "hazard of the bad event" if counts_bad_event else outcome.label.lower()
    return Verdict(
        "favours_intervention" if better else "favours_comparator",
        f"{estimate.measure.upper()} {estimate.value:g} ({reason}): {'more' if more else 'less'} {event}",
    )


_NO_DIFFERENCE = re.compile(
    r"\b(?:(?:did|does|do|could|was|were|has|have) not|failed to|fails? to|never)\b[^.;]{0,20}\b(?:meet|met|show\w*|demonstrat\w*|reach\w*|achiev\w*|prove\w*|confirm\w*|establish\w*|support\w*|improve\w*|prolong\w*|reduce\w*|increase\w*|lower\w*|affect\w*|influence\w*)\b|"
    r"\b(?:no|not|without|nor|neither)\b[^.;]{0,40}\b(?:differ\w*|superior\w*|advantage|improve\w*|benefit|better|longer|higher|lower|shorter|reduc\w+|increas\w+|effect)\b"
    r"|\b(?:did|does|do|was|were) not (?:\w+ )?(?:differ|significant\w*)\b|\b(?:similar|comparable|equivalent|equal)\b|\bnon-?inferior\w*",
    re.IGNORECASE,
)
_BETTER = re.compile(
    r"\b(?:better|superior(?:ity)?|improved|favou?rable|safer|more effective|outperform\w*)\b", re.IGNORECASE
)
_WORSE = re.compile(r"\b(?:worse|inferior|poorer|less effective)\b", re.IGNORECASE)
_MORE = re.compile(r"\b(?:higher|greater|longer|more|increased|larger|prolonged)\b", re.IGNORECASE)
_LESS = re.compile(r"\b(?:lower|less|shorter|fewer|reduced|decreased|smaller)\b", re.IGNORECASE)


# "More beneficial in delaying fractures": more of a good thing, not more fractures.
_BETTER_SAID = re.compile(
    r"\b(more|less) (?:beneficial|effective|efficacious|favou?rable|successful|efficient)\b(?: in (?:delaying|preventing|reducing|lowering))?",
    re.IGNORECASE,
)


def of_words(text: str, outcome: Concept, *, significant_only: bool) -> Verdict | None:
    """Direction of a comparison told in words ("significantly longer survival with A than with B"), in A's view.

    `significant_only` asks for the word "significant" (results); conclusions may do without.
    Returns None where the words do not settle it.
    """
    text = _BETTER_SAID.sub(lambda said: "better" if said.group(1).lower() == "more" else "worse", text)
    denial = _NO_DIFFERENCE.search(text)
    if denial:
        rest = text[: denial.start()] + " " + text[denial.end() :]
        if any(pattern.search(rest) for pattern in (_BETTER, _WORSE, _MORE, _LESS)):
            return None  # one outcome the same, another better: which is which is not told apart
        return Verdict("no_difference", f'the text says "{denial.group()}"')
    if re.search(
        r"\b(?:may|might|could|whether|trend|tended|potential\w*|hypothes\w+)\b", text, re.IGNORECASE
    ):
        return None
    if significant_only and not re.search(r"\bsignifican\w+\b", text, re.IGNORECASE):
        return None
    if not re.search(
        r"\b(?:than|compared (?:with|to)|versus|vs\.?|over|superior to|inferior to|outperform\w*)",
        text,
        re.IGNORECASE,
    ):
        return None
    votes = []
    for pattern, sign in ((_BETTER, 1), (_WORSE, -1), (_MORE, 1), (_LESS, -1)):
        if match := pattern.search(text):
            by_polarity = pattern in (_MORE, _LESS)
            turned = by_polarity and outcome.polarity == "lower_is_better"
            votes.append((-sign if turned else sign, match.group(), by_polarity))
    if (
        not votes
        or len({sign for sign, _, _ in votes}) > 1
        or (votes[0][2] and outcome.polarity == "neutral")
    ):
        return None
    sign, word, _ = votes[0]
    direction: Direction = "favours_intervention" if sign > 0 else "favours_comparator"
    return Verdict(direction, f'the text says "{word}"')
