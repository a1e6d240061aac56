"""Arms: which treatment each value belongs to, by order, by nearness, or from the whole study.

Where order and nearness do not settle it, a value belongs to nobody.
"""

from __future__ import annotations

import itertools
import re

from kb.tagging.article import Named
from kb.tagging.findings.contrasts import OTHER_GROUPS, WITHOUT, contrast_arms, counterpart, leads
from kb.tagging.findings.scene import CONTRASTS, RISK_FACTORS, Scene
from kb.tagging.numbers.attachments import clause_of
from kb.tagging.numbers.changes import way_of
from kb.tagging.numbers.estimate import Estimate
from kb.tagging.roles import Comparison
from kb.tagging.salience import INCIDENTAL
from kb.vocabulary.concept import Vocabulary

Arms = list[tuple[str | None, str | None]]


def arms_of(
    scene: Scene,
    group: list[Estimate],
    comparison: Comparison,
    vocabulary: Vocabulary,
    order: tuple[str, str] | None = None,
) -> Arms:
    """(intervention, comparator) of each value, by order, by nearness, or from the whole study.

    `order`: in which order the text gave two arms' values last; two tested values side by side that name no arm
    follow it.
    """
    sides = _distinct(scene, group, comparison, vocabulary)
    if group[0].measure in CONTRASTS:
        return [contrast_arms(scene, group[0], comparison)]
    if len(group) >= 2 and len(sides) == len(group):
        places = _places(scene, sides, comparison, vocabulary)
        if len(sides) == 2 and places[1] < group[0].start and leads(scene.text, *places):
            sides, places = sides[::-1], places[::-1]  # "compared with A, B had less pain (b vs a)"
        if _in_step(scene, group, places):
            return [(side, _other(sides, side)) for side in sides]
    if len(group) == 2 and len(sides) == 1 and comparison.compares and _two_sided(scene, group):
        other = counterpart(sides[0], comparison)
        if other is None and _as_group(scene, sides[0], comparison):
            other = WITHOUT + sides[0]  # a study of going with and without it
        nearer = _nearer(scene, group, sides[0])
        if other and nearer is not None:
            pair: Arms = [(sides[0], other), (other, sides[0])]
            return pair if nearer == 0 else pair[::-1]
    if len(group) == 2 and len(sides) == 1 and _acts_alone(scene, group, sides[0]):
        return [(sides[0], WITHOUT + sides[0]), (WITHOUT + sides[0], sides[0])]
    if order and not sides and _unnamed_pair(scene, group):
        return [order, order[::-1]]
    if len(group) == 1 and sides:
        side = sides[0] if len(sides) == 1 else None
        return [(side, None)]
    if len(sides) == 1 and any(t.of == len(group) for t in scene.times) and not _parted(scene, group):
        return [(sides[0], None)] * len(group)  # one arm at several times
    tested = any(estimate.p is not None for estimate in group)
    from_start = all(estimate.changed_from is not None for estimate in group)
    changed = from_start or (way_of(scene.text) is not None and not OTHER_GROUPS.search(scene.text))
    followed = changed and not comparison.compares
    if len(group) > 1 and ((tested and not followed) or _parted(scene, group)):
        return [(None, None)] * len(group)
    if comparison.compares or len(sides) > 1 or RISK_FACTORS.search(scene.text):
        return [(None, None)] * len(group)
    whole = (
        comparison.attributes and not _coequal(comparison, vocabulary) and not _BY_SCORE.search(scene.text)
    )
    only = sides[0] if sides else comparison.main if whole else None
    return [(only, None)] * len(group)


# "Targeted therapy had a significant impact on survival (10.5 vs 3.0 months)", "patients on A showed a greater gain, 194 vs 61".
_HAD_EFFECT = re.compile(
    r"^(?:\s(?:use|groups?|patients))?\s(?:had|has|showed|have|experienced)\s(?:an? |the )?(?:[\w-]+ly |independent |significant |strong ){0,3}(?:impact|effect|influence)\son\b"
    r"|^(?:\s(?:use|groups?|patients))?\s(?:showed|had|experienced|achieved)\s(?:an? )?(?:significantly |markedly )?(?:greater|longer|better|higher|lower|shorter|less|fewer|more)\b",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(r"\s?\w{0,8}\s(?:vs\.?|versus)\s")


def _acts_alone(scene: Scene, group: list[Estimate], side: str) -> bool:
    """Whether a pair of values tells what one treatment did against going without it."""
    if side.startswith(WITHOUT) or not _AT_ONCE.fullmatch(scene.text[group[0].end : group[1].start]):
        return False
    named = next((n for n in scene.treatments if n.concept.id == side), None)
    if named is None or named.end > group[0].start or OTHER_GROUPS.search(scene.text):
        return False
    return bool(_HAD_EFFECT.match(scene.text[named.end :]))


# "With a score of 7 or more survival was 27%": some of the patients.
_BY_SCORE = re.compile(
    r"\b(?:with|for|in|at) (?:an? |the )?(?:[\w-]+ ){0,2}scores? (?:of|above|below|over|under|between)? ?[<>≤≥]? ?\d",
    re.IGNORECASE,
)


def _coequal(comparison: Comparison, vocabulary: Vocabulary) -> bool:
    """Whether a study is about three or more treatments side by side, so that a pooled result is of none of them."""
    apart = [c for c in comparison.salient if c not in comparison.comparators]
    alone = [c for c in apart if not any(c != other and vocabulary.nested(c, other) for other in apart)]
    return len(alone) > 2


def _unnamed_pair(scene: Scene, group: list[Estimate]) -> bool:
    """Whether two values stand side by side with one test: "local control was 81% and 91% (p=0.44)"."""
    if len(group) != 2 or scene.treatments or group[0].measure in CONTRASTS:
        return False
    one, two = group
    tested = one.p_relation is not None and (one.p, one.p_relation) == (two.p, two.p_relation)
    between = scene.text[one.end : two.start]
    timed = any(one.start < t.start < two.start for t in scene.times) or any(t.of > 1 for t in scene.times)
    return (
        tested
        and not timed
        and bool(_SIDE_BY_SIDE.match(_bare_gap(between)))
        and not RISK_FACTORS.search(scene.text)
        and not OTHER_GROUPS.search(scene.text)
    )


_GROUP_BEHIND = re.compile(r"^\W{0,2}(?:[A-Z]{2,5}\W{1,2})?(?:groups?|arms?|cohorts?)\b", re.IGNORECASE)


def _as_group(scene: Scene, side: str, comparison: Comparison) -> bool:
    """Whether a sentence speaks of those who had the treatment under study as a group held against the others.

    "Better in patients who were ambulatory after radiotherapy (63% vs 4%)" holds other groups against each other.
    """
    if side != comparison.main or comparison.comparator or OTHER_GROUPS.search(scene.text):
        return False
    return any(
        _GROUP_BEHIND.match(scene.text[n.end :])
        or re.search(r"(?:group|arm|cohort)s?$", scene.text[n.start : n.end])
        for n in scene.treatments
        if n.concept.id == side and not n.negated
    )


_THAN_AT_FIRST = re.compile(
    r"\b(?:vs\.?|versus|compared (?:with|to)|than|against|over) (?:the )?(?:at )?(?:baseline|pre-?treatment|pre-?operative)\b",
    re.IGNORECASE,
)


def _parted(scene: Scene, group: list[Estimate]) -> bool:
    """Whether words between the values set one group of patients against another."""
    between = _THAN_AT_FIRST.sub(" ", scene.text[group[0].end : group[-1].start])
    against = r"\b(?:versus|vs\.?|against|compared|than|without|na[iï]ve|whereas|while|control)\b"
    return bool(
        re.search(against, between, re.IGNORECASE) or re.search(r"\bwithout\b", scene.text, re.IGNORECASE)
    )


def _side(treatment: str, comparison: Comparison, vocabulary: Vocabulary) -> str:
    """The study's own arm that a broader or narrower name stands for: "the RT arm" of prophylactic radiotherapy."""
    arms = [arm for arm in (comparison.main, comparison.comparator) if arm]
    if treatment in arms or not comparison.compares:
        return treatment
    related = [arm for arm in arms if vocabulary.nested(treatment, arm)]
    return related[0] if len(related) == 1 else treatment


def arm_of(named: Named, comparison: Comparison, vocabulary: Vocabulary) -> str:
    """Return the arm that a name stands for; a treatment that is denied names those who did without it."""
    side = _side(named.concept.id, comparison, vocabulary)
    return WITHOUT + side if named.negated else side


def _distinct(
    scene: Scene, group: list[Estimate], comparison: Comparison, vocabulary: Vocabulary
) -> list[str]:
    """The study's treatments named around a group of values, each once, in order."""
    first, last = group[0].start, group[-1].end
    clause_start, clause_end = clause_of(scene.text, first, last)
    here = [
        arm_of(n, comparison, vocabulary)
        for n in scene.treatments
        if clause_start <= n.start < clause_end and (comparison.compares or not n.negated)
    ]
    named = dict.fromkeys(c for c in here if c not in INCIDENTAL or c in comparison.salient)
    return [c for c in named if _is_known(c.removeprefix(WITHOUT), comparison, vocabulary)]


def _is_known(treatment: str, comparison: Comparison, vocabulary: Vocabulary) -> bool:
    """Whether a study is about this treatment, a broader or narrower name of it, or one half of a combination."""
    about = comparison.salient or {*comparison.studied[:4], *comparison.comparators}
    return any(
        treatment == one or vocabulary.nested(treatment, one) or treatment in one.split("_plus_")
        for one in about
    )


_CONTROL_ARM = re.compile(
    r"\)?\s?(?:\([^)]*\)\s?)?(?:in|with|for|of|after|under) (?:the |those in the )?(?:control|standard|other|comparat\w+|comparison|usual|placebo|sham|conventional|untreated)\b[^.;]{0,20}\b(?:arms?|groups?|care|cohorts?|patients|treatment)\b",
    re.IGNORECASE,
)
_SIDE_BY_SIDE = re.compile(
    r"^[^;.]{0,12}\b(?:and|vs\.?|versus|against|or|compared (?:with|to)|to)\b[^;.]{0,12}$|^\s?[/,]\s?$",
    re.IGNORECASE,
)


def _bare_gap(text: str) -> str:
    """What stands between two values, without asides, intervals and spreads."""
    return re.sub(r"\([^)]*\)|95% CI[^,;]*|(?:±|\+/-)\s?[\d.]+", " ", text).replace("vs.", "vs")


def _places(scene: Scene, sides: list[str], comparison: Comparison, vocabulary: Vocabulary) -> list[int]:
    """Where each side is named first."""
    return [
        next(n.start for n in scene.treatments if arm_of(n, comparison, vocabulary) == side) for side in sides
    ]


def _in_step(scene: Scene, group: list[Estimate], places: list[int]) -> bool:
    """Whether values and treatments go in pairs: "35% after A and 14% after B", "A 35%, B 14%", "35% and 14% with A and B".

    Two values of one treatment at two times do not.
    """
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
    gaps = [scene.text[one.end : two.start] for one, two in itertools.pairwise(group)]
    gaps = [_bare_gap(gap) for gap in gaps]
    together = all(_SIDE_BY_SIDE.match(gap) for gap in gaps)
    return together or (
        around and not any(t.of == 1 and values[0] < t.start < values[1] for t in scene.times)
    )


def _other(sides: list[str], side: str) -> str | None:
    others = [s for s in sides if s != side]
    return others[0] if len(others) == 1 else None


def _two_sided(scene: Scene, group: list[Estimate]) -> bool:
    """Whether two values are two arms' ("20% vs 12%", "20% and 12%") and not one arm's at two times."""
    between = scene.text[group[0].end : group[1].start]
    if any(group[0].start < t.start < group[1].start or t.of > 1 for t in scene.times):
        return False  # "at 3 and 6 months by 24.8% and 33.8%"
    between = _bare_gap(between)
    against = re.search(
        r"\b(?:vs\.?|versus|compared|against|than|control\w*|other|without|whereas|while)\b",
        between,
        re.IGNORECASE,
    )
    control = _CONTROL_ARM.match(scene.text[group[1].end : group[1].end + 60])
    return bool(against or control or re.fullmatch(r"\s?(?:\([^)]*\)\s?)?and\s", between))


_THAN = re.compile(
    r"\b(?:than|compared (?:with|to)|versus|vs\.?)(?: that)?(?: (?:in|with|for|after|of|among))?(?: (?:the|those|patients))*(?: (?:in|with|treated with|receiving))?(?: the)?\s$",
    re.IGNORECASE,
)


def _nearer(scene: Scene, group: list[Estimate], side: str) -> int | None:
    """Which of two values a treatment stands nearer to (0 or 1), counting only "after A" and "in the A group"."""
    position = next((n for n in scene.treatments if n.concept.id == side.removeprefix(WITHOUT)), None)
    if position is None:
        return None
    held_against = _THAN.search(scene.text[: position.start]) or leads(scene.text, position.start)
    if position.end <= group[0].start and held_against:
        return 1  # "lower in ... than in A (a vs. b)": b is A's
    if position.end <= group[0].start:
        return 0
    if position.start >= group[1].end:
        return 1
    return 0 if position.start - group[0].end < group[1].start - position.end else 1
