"""Arms: which treatment each value belongs to, by order, by nearness, or from the whole study.

Where order and nearness do not settle it, a value belongs to nobody.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from kb.tagging.article import Named
from kb.tagging.findings.scene import CONTRASTS, RISK_FACTORS, Scene, nested
from kb.tagging.numbers.attachments import clause_of
from kb.tagging.numbers.changes import way_of
from kb.tagging.numbers.estimate import Estimate
from kb.tagging.roles import Comparison
from kb.tagging.salience import INCIDENTAL
from kb.vocabulary.concept import Vocabulary

_BETWEEN_ARMS = re.compile(
    r"\b(?:groups?|arms?|versus|vs\.?|compared|than|between|both treatments|pooled)\b", re.IGNORECASE
)

Arms = list[tuple[str | None, str | None]]
# Marks the arm that did without a treatment: "the no embolisation group".
WITHOUT = "without "


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
        return [_contrast_arms(scene, group[0], comparison)]
    if len(group) >= 2 and len(sides) == len(group):
        places = _places(scene, sides, comparison, vocabulary)
        if len(sides) == 2 and places[1] < group[0].start and _leads(scene.text, *places):
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
    if order and not sides and _unnamed_pair(scene, group):
        return [order, order[::-1]]
    if len(group) == 1 and sides:
        side = sides[0] if len(sides) == 1 else None
        return [(side, None)]
    if len(sides) == 1 and any(t.of == len(group) for t in scene.times) and not _parted(scene, group):
        return [(sides[0], None)] * len(group)  # one arm at several times
    tested = any(estimate.p is not None for estimate in group)
    from_start = all(estimate.changed_from is not None for estimate in group)
    changed = from_start or (way_of(scene.text) is not None and not _OTHER_GROUPS.search(scene.text))
    followed = changed and not comparison.compares
    if len(group) > 1 and ((tested and not followed) or _parted(scene, group)):
        return [(None, None)] * len(group)
    if comparison.compares or len(sides) > 1 or RISK_FACTORS.search(scene.text):
        return [(None, None)] * len(group)
    whole = comparison.attributes and not _coequal(comparison, vocabulary)
    only = sides[0] if sides else comparison.main if whole else None
    return [(only, None)] * len(group)


def _coequal(comparison: Comparison, vocabulary: Vocabulary) -> bool:
    """Whether a study is about three or more treatments side by side, so that a pooled result is of none of them."""
    apart = [c for c in comparison.salient if c not in comparison.comparators]
    alone = [c for c in apart if not any(c != other and nested(c, other, vocabulary) for other in apart)]
    return len(alone) > 2


_OTHER_GROUPS = re.compile(
    r"\b(?:in|for|among|of|with|than) (?:the )?(?:\w+ )?(?:patients|those|men|women|lesions|group|cases|subgroup) (?:with|who|whose|aged|in whom)\b|"
    r"\b(?:patients|those) (?:who (?:were|had|could)|in whom)\b|"
    r"\b(?:before|baseline|pre-?operative\w*|pre-?treatment)\b",
    re.IGNORECASE,
)


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
        and not _OTHER_GROUPS.search(scene.text)
    )


_GROUP_BEHIND = re.compile(r"^\W{0,2}(?:[A-Z]{2,5}\W{1,2})?(?:groups?|arms?|cohorts?)\b", re.IGNORECASE)


def _as_group(scene: Scene, side: str, comparison: Comparison) -> bool:
    """Whether a sentence speaks of those who had the treatment under study as a group held against the others.

    "Better in patients who were ambulatory after radiotherapy (63% vs 4%)" holds other groups against each other.
    """
    if side != comparison.main or comparison.comparator or _OTHER_GROUPS.search(scene.text):
        return False
    return any(
        _GROUP_BEHIND.match(scene.text[n.end :])
        or re.search(r"(?:group|arm|cohort)s?$", scene.text[n.start : n.end])
        for n in scene.treatments
        if n.concept.id == side and not n.negated
    )


def _parted(scene: Scene, group: list[Estimate]) -> bool:
    """Whether words between the values set one group of patients against another."""
    between = scene.text[group[0].end : group[-1].start]
    against = r"\b(?:versus|vs\.?|against|compared|than|without|na[iï]ve|whereas|while|control)\b"
    return bool(
        re.search(against, between, re.IGNORECASE) or re.search(r"\bwithout\b", scene.text, re.IGNORECASE)
    )


def counterpart(side: str, comparison: Comparison) -> str | None:
    """The other arm of the study's own pair; None where `side` is no arm of it or the pair is not known."""
    pair = {comparison.main: comparison.comparator, comparison.comparator: comparison.main}
    return pair.get(side) if comparison.main and comparison.comparator else None


def _side(treatment: str, comparison: Comparison, vocabulary: Vocabulary) -> str:
    """The study's own arm that a broader or narrower name stands for: "the RT arm" of prophylactic radiotherapy."""
    arms = [arm for arm in (comparison.main, comparison.comparator) if arm]
    if treatment in arms or not comparison.compares:
        return treatment
    related = [arm for arm in arms if nested(treatment, arm, vocabulary)]
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
        treatment == one or nested(treatment, one, vocabulary) or treatment in one.split("_plus_")
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


# "Compared with the 30 patients who had A, ...": the other side is spoken of first.
_LEADS = re.compile(
    r"(?:^|[,;:]\s|\b(?:that|and|when|if)\s)(?:as |when )?(?:compared|in comparison|relative|in contrast|opposed|in relation) (?:with|to)\s[^,;]{0,60}$|(?:^|[,;]\s)(?:unlike|versus)\s[^,;]{0,30}$",
    re.IGNORECASE,
)


def _leads(text: str, place: int, other: int | None = None) -> bool:
    """Whether the treatment at `place` opens a sentence as what another one, at `other`, is held against."""
    both = other is not None and _leads(text, other)
    return not both and bool(_LEADS.search(text[max(0, place - 120) : place]))


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
    held_against = _THAN.search(scene.text[: position.start]) or _leads(scene.text, position.start)
    if position.end <= group[0].start and held_against:
        return 1  # "lower in ... than in A (a vs. b)": b is A's
    if position.end <= group[0].start:
        return 0
    if position.start >= group[1].end:
        return 1
    return 0 if position.start - group[0].end < group[1].start - position.end else 1


CONTRAST = re.compile(
    r"\b(?:than|compared (?:with|to)|versus|vs\.?|over|superior to|inferior to|outperform\w*|similar to|equivalent to|comparable (?:with|to)|differ\w* from|from)(?=\W)",
    re.IGNORECASE,
)
_COMPARATIVE_ARM = re.compile(
    r"\b(?:more|higher|greater|longer|better|fewer|less|lower|shorter|worse|improved|reduced)\b(?:\s(?!than\b)\w+){0,2}"
    r"\s(?:after|with|in|for|following|under)\s(?:the\s)?$",
    re.IGNORECASE,
)
# "The SBRT group had significantly better local control".
_SUBJECT_ARM = re.compile(
    r"^(?:\s(?:groups?|arms?|cohorts?|patients))?\s(?:also )?(?:had|has|showed|achieved|experienced|demonstrated|exhibited|provided|yielded|resulted in|led to|was associated with)"
    r"\s(?:an? |the )?(?:(?:significantly|statistically|markedly) )*"
    r"(?:more|higher|greater|longer|better|fewer|less|lower|shorter|worse|improved|reduced|superior|inferior)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"^\W*(?:the |patients (?:in|with|receiving|undergoing|treated with) (?:the )?)?$", re.IGNORECASE
)


def opens_as_subject(scene: Scene, named: Named) -> bool:
    """Whether a sentence opens with an arm of which it says that it had more or less of something."""
    ahead, behind = scene.text[: named.start], scene.text[named.end :]
    return bool(_OPENS.match(ahead) and _SUBJECT_ARM.match(behind))


def _is_comparative(scene: Scene, named: Named) -> bool:
    """Whether a sentence tells more or less of something in one arm: "more frequent after A", "A had less pain"."""
    ahead = scene.text[: named.start]
    return bool(_COMPARATIVE_ARM.search(ahead)) or opens_as_subject(scene, named)


_BOTH_ARMS = re.compile(
    r"\b(?:between|both|two|either|the) (?:\w+ )?(?:groups|arms|treatments|cohorts|techniques)\b",
    re.IGNORECASE,
)
_TOLD_APART = re.compile(r"\bdiffer|\bin the (?:[\w-]+ ){1,3}(?:group|arm|cohort)\b", re.IGNORECASE)
NO_PAIR = (None, None)


def pair_told(
    scene: Scene, comparison: Comparison, *, directed: bool, words: str | None = None
) -> tuple[str | None, str | None]:
    """Return the two treatments that a sentence holds against each other, the one spoken of first.

    `directed`: the sentence says that one is better. Then it must say which, in so many words: "better with A
    than with B", "more frequent after A". Without a direction the study's own pair will do.
    """
    known = {*comparison.studied[:3], *comparison.comparators}
    first: dict[str, Named] = {}
    for named in scene.treatments:
        if named.concept.id in known and not named.negated:
            first.setdefault(named.concept.id, named)
    ids = list(first)
    if len(ids) == 2:
        between = scene.text[first[ids[0]].end : first[ids[1]].start] + " "
        if _leads(scene.text, first[ids[0]].start, first[ids[1]].start):
            return ids[1], ids[0]
        if CONTRAST.search(between) or (not directed and re.search(r"\b(?:and|or)\b", between)):
            return ids[0], ids[1]
        return NO_PAIR
    if len(ids) == 1:
        other = counterpart(ids[0], comparison)
        # "Height was stable after A (p=0.28)" is A against its own start, not against B.
        own = scene.text if words is None else words
        held = CONTRAST.search(own) or _BOTH_ARMS.search(own) or _TOLD_APART.search(own)
        clear = held if not directed else _is_comparative(scene, first[ids[0]])
        return (ids[0], other) if other and clear else NO_PAIR
    if not ids and not directed and _BOTH_ARMS.search(scene.text):
        return comparison.main, comparison.comparator
    return NO_PAIR


def _contrast_arms(scene: Scene, estimate: Estimate, comparison: Comparison) -> tuple[str | None, str | None]:
    """The arms of a ratio: named in its sentence, or the study's own pair where no risk factor stands between."""
    known = comparison.salient | {*comparison.studied[:4], *comparison.comparators}
    before = [n for n in scene.treatments if n.end <= estimate.start and n.concept.id in known]
    ids = list(dict.fromkeys(n.concept.id for n in before))
    risk = RISK_FACTORS.search(scene.text)
    named = list(dict.fromkeys(n.concept.id for n in scene.treatments if n.concept.id in known))
    pair = (comparison.main, comparison.comparator)
    if factor := _factor(scene, estimate):
        # "Postoperative radiotherapy (RR 2.6)": having had it, against not having had it.
        return factor, counterpart(factor, comparison) or WITHOUT + factor
    if len(ids) == 2 and not risk:
        ahead = replace(scene, text=scene.text[: estimate.start], treatments=tuple(before))
        told = pair_told(ahead, comparison, directed=True)
        if told != NO_PAIR:
            return told
    if comparison.contrasts and not ids and not risk and len(named) == 1 and named[0] in pair:
        # "... odds of complications at 0.60 in the MIS group"
        return named[0], counterpart(named[0], comparison)
    against_nothing = comparison.contrasts and comparison.main and not comparison.comparator
    if against_nothing and ids in ([], [comparison.main]) and not risk:
        return comparison.main, None
    if comparison.main and comparison.comparator:
        if set(ids) >= {comparison.main, comparison.comparator}:
            order = [i for i in ids if i in (comparison.main, comparison.comparator)]
            return order[0], order[1]
        if ids == [comparison.main] and not risk:
            return comparison.main, comparison.comparator
        if not ids and not risk and _BETWEEN_ARMS.search(scene.text):
            return comparison.main, comparison.comparator
    if len(ids) == 1 and ids[0] in comparison.salient and estimate.start - before[-1].end < 60:
        return ids[0], None
    return None, None


_RATIO_BEHIND = re.compile(
    r"^\s?(?:alone )?[(\[](?:(?:adjusted|unadjusted|multivari\w+) )?(?:a|s|m)?(?:HR|OR|RR|SHR|hazard ratio|odds ratio|risk ratio|relative risk)\b[^\d()]{0,25}$",
    re.IGNORECASE,
)


# "Targeted therapy was associated with longer survival (HR 0.34)".
_ACTS = re.compile(
    r"^\s?(?:\([^()]*\)\s?)?(?:use |alone |(?:was|were|is|has been) )?(?:(?:also|significantly|independently|strongly) ){0,2}"
    r"(?:associated with|improved|prolonged|reduced|decreased|increased|lowered|led to|resulted in|predicted)\b[^;()]{0,90}[(\[][^()\d]{0,25}$",
    re.IGNORECASE,
)


def _factor(scene: Scene, estimate: Estimate) -> str | None:
    """The treatment whose own ratio this is, printed in parentheses right behind its name."""
    if estimate.measure not in ("hr", "or", "rr"):
        return None
    ahead = [n for n in scene.treatments if n.end <= estimate.start and not n.negated]
    if not ahead or ahead[-1].concept.id in INCIDENTAL:
        return None
    clause = max(scene.text.rfind(mark, 0, ahead[-1].start) for mark in (")", ";")) + 1
    words = scene.text[clause : ahead[-1].start]
    if (
        any(n.start >= clause for n in ahead[:-1])
        or CONTRAST.search(words)
        or re.search(r"\bbetween\b", words)
    ):
        return None  # "lower with A than with B (HR 0.5)" is the ratio of both
    behind = scene.text[ahead[-1].end : estimate.start]
    acted_on = any(ahead[-1].end <= n.start < estimate.start for n in scene.outcomes)
    subject = acted_on and _ACTS.match(behind) and not RISK_FACTORS.search(words)
    return ahead[-1].concept.id if _RATIO_BEHIND.match(behind) or subject else None
