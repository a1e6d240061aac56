"""Counts by arm: "complications occurred in 2 of 30 patients in the A group and 9 of 31 in the B group (p=0.01)"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.tagging.numbers.number_words import WHOLE_NUMBER, whole_number

if TYPE_CHECKING:
    from kb.tagging.article import Named
    from kb.tagging.findings.scene import Scene

_WHO = r"(?:patients?|cases?|participants?|women|men|lesions?|levels?|procedures?|segments?|subjects?)"
_AHEAD = re.compile(
    rf"(?<![\w.%/±<>≤≥=-])(?P<count>{WHOLE_NUMBER})(?:\s?/\s?(?P<of>\d+)|\s(?:of|out of)\s(?:the\s)?(?P<all>\d+))?(?:\s{_WHO})?"
    r"\s(?:in|of|with|after|from|receiving|treated with|who (?:received|underwent|had))\s(?:the\s)?(?:[a-z-]+\s){0,1}$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"^(?:\s(?:groups?|arms?|cohorts?|patients))?\s?\((?P<count>\d+)\s?/\s?(?P<of>\d+)\s?[),;]", re.IGNORECASE
)
_SHARE_NEAR = re.compile(r"^[^;]{0,25}?\d\s?%")
_BEFORE_TREATMENT = re.compile(
    r"\b(?:baseline|at presentation|pre-?operative(?:ly)?|before|prior|previous(?:ly)?|history|included|enrolled|assigned|randomi[sz]ed|allocated)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ArmCount:
    """How many of an arm had the outcome: `place` is the number's offset, `total` of how many, if printed."""

    outcome: Named
    arm: Named
    number: int
    place: int
    total: int | None = None


def find_arm_counts(scene: Scene) -> list[ArmCount]:
    """Return the counts of a bad event in two arms, in order; nothing where only one arm has a count."""
    text = scene.text
    if _BEFORE_TREATMENT.search(text):
        return []
    found: dict[int, ArmCount] = {}
    for arm in scene.treatments:
        match = _AHEAD.search(text, max(0, arm.start - 70), arm.start)
        offset = 0
        if match is None or _SHARE_NEAR.match(text[match.end("count") : arm.start]):
            match, offset = _BEHIND.match(text[arm.end :]), arm.end
        if match is None:
            continue
        place = match.start("count") + offset
        number = whole_number(match["count"])
        outcome = _counted(scene, place)
        if number is None or outcome is None or place in found:
            continue
        groups = match.groupdict()
        total = groups.get("of") or groups.get("all")
        found[place] = ArmCount(outcome, arm, number, place, int(total) if total else None)
    counts = [found[place] for place in sorted(found)]
    one = {count.outcome.concept.id for count in counts}
    arms = {(count.arm.concept.id, count.arm.negated) for count in counts}
    return counts if len(counts) == 2 and len(one) == 1 and len(arms) == 2 else []


def _counted(scene: Scene, place: int) -> Named | None:
    """The bad event that stands nearest in front of a number."""
    ahead = [n for n in scene.outcomes if n.end <= place and ";" not in scene.text[n.end : place]]
    bad = bool(ahead) and ahead[-1].concept.polarity == "lower_is_better" and not ahead[-1].negated
    return ahead[-1] if bad else None
