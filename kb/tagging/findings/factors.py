"""What the factors of a sentence bear on: "survival was associated with age (p=0.01) and sex (p=0.2)"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.salience_lists import characteristics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.tagging.article import Named
    from kb.tagging.findings.scene import Scene

# What stands in front of the outcome that a factor or treatment acts on.
_ACTED_ON = re.compile(
    r"\b(?:predict\w*|risk (?:of|for)|factors? (?:for|of|affecting|influencing)|(?:associated|related|correlated) (?:with|to)|likelihood of|odds (?:of|for)|"
    r"probability of|prognostic (?:for|of)|prognosticators? of|(?:impact|effect|influence) on|determinants? of|influenc(?:ed|ing)|affect(?:ed|ing)|"
    r"(?:show|showed|had|have|experienced|demonstrated)(?=\s(?:significantly )?(?:longer|shorter|better|worse|poorer|improved|inferior|superior)\b)|avoidance of|chances? of|"
    r"hazard (?:of|for)|rates? of)\W+(?:[\w-]+\W+){0,4}$",
    re.IGNORECASE,
)
_RISK_NAME = re.compile(r"(?:risk|hazard|odds|likelihood|rate) of\b", re.IGNORECASE)
# What stands behind the outcome that factors are said to act on: "survival was significantly associated with".
_LINK = re.compile(
    r"(?:\s(?:rates?|times?|status|outcomes?|probability|duration))?(?:\s\([^()]{1,20}\))?(?:\s(?:after|following|in|of|at|from)(?:\s[\w-]+){1,4}?)?"
    r"\s(?:(?:was|were|is|are|has been|have been)\s(?:\w+\s){0,3}?(?:(?:associated|correlated|related|linked)\s(?:with|to)"
    r"|(?:influenced|affected|predicted|determined|impacted)\sby|dependent\s(?:on|upon))|(?:\w+ly\s)?(?:correlated\swith|depended\s(?:on|upon)))\b",
    re.IGNORECASE,
)


def acted_on(scene: Scene) -> list[Named]:
    """Return the outcomes that factors of a sentence are said to bear on: "associated with mortality"."""
    return [
        n
        for n in scene.outcomes
        if _RISK_NAME.match(scene.text[n.start : n.end])
        or _ACTED_ON.search(scene.text, max(0, n.start - 80), n.start)
    ]


def borne_on(scene: Scene, position: int, since: int = 0) -> Named | None:
    """The outcome that the factor at `position` is said to bear on; `since`: where the value before it ends.

    An outcome in front of the link speaks for all factors behind it; else it is the next one behind the factor,
    else the last in front ("predictors of death were age (p=0.01) and sex (p=0.2)").
    """
    if (subject := subject_of(scene, position)) is not None:
        return subject
    on = acted_on(scene)
    right_ahead = [
        n for n in on if n.end <= position and _RIGHT_AHEAD.fullmatch(scene.text[n.end : position])
    ]
    if right_ahead:
        return right_ahead[-1]
    behind = [n for n in on if n.start >= position]
    if (listed := _listed(scene, on, position, since)) and (listed[0] or not behind):
        return listed[0]
    before = [n for n in on if n.end <= position]
    return next(iter(behind or before[-1:]), None)


def _listed(scene: Scene, on: list[Named], position: int, since: int) -> list[Named | None]:
    """The name that a value of a list stands right behind: "predicts mortality (p<0.01), complications (p=0.02)".

    One name or none (a name that is not known); nothing where the first name of the list has no value of its own.
    """
    first = next((n for n in on if n.end <= position), None)
    if first is None or not _VALUE_BEHIND.match(scene.text, first.end) or not since:
        return []
    own = [n for n in scene.outcomes if since <= n.start and n.end <= position]
    return [own[-1] if own and _VALUE_BEHIND.match(scene.text, own[-1].end) else None]


def subject_of(scene: Scene, position: int) -> Named | None:
    """The outcome in front of the link ("survival was associated with") that the factor at `position` bears on.

    "Blood loss was associated with complications" bears on complications: of two outcomes the one that patients
    come with, and the one that is no survival, is the factor.
    """
    for named, start, end in reversed(list(_subjects(scene))):
        if end > position:
            continue
        passive = not _MUTUAL.search(scene.text, start, end)
        told = next((n for n in acted_on(scene) if 0 <= n.start - end < _NEAR), None)
        if passive or told is None or told.concept.id in characteristics() or _brought(scene, told):
            return named
        final = named.concept.domain in _FINAL and told.concept.domain != "survival"
        return named if final else None
    return None


def _brought(scene: Scene, named: Named) -> bool:
    """Whether a name stands for what patients came with: "preoperative ambulation", "motor function before surgery"."""
    ahead, behind = scene.text[: named.start], scene.text[named.end :]
    return bool(_AHEAD_OF_TREATMENT.search(ahead) or _BEFORE_BEHIND.match(behind))


_AHEAD_OF_TREATMENT = re.compile(
    r"\b(?:pre-?operative|pre-?treatment|pre-?radiotherapy|baseline|initial|prior|previous)\s(?:[\w-]+\s)?$",
    re.IGNORECASE,
)
_BEFORE_BEHIND = re.compile(
    r"(?:\sstatus)?\s(?:prior\sto|before|at\s(?:baseline|presentation|diagnosis|admission))\b", re.IGNORECASE
)
_MUTUAL = re.compile(r"(?:associat|correlat|relat|link)\w+\s(?:with|to)$", re.IGNORECASE)
_FINAL = frozenset({"survival", "tumour_control"})
_NEAR = 60
_RIGHT_AHEAD = re.compile(r"(?:\s\([A-Za-z-]{2,8}\))?\s?\([^()\d]{0,25}")
_VALUE_BEHIND = re.compile(r"(?:\s\([A-Za-z-]{2,8}\))?\s?\(\D{0,25}\d")


_IN_WHOM = re.compile(r"\b(?:patients|those|cases) (?:with|without|who had) (?:[\w-]+ ){0,2}$", re.IGNORECASE)
# "Survival was worse in patients with visceral metastases (p<0.01) and in men (p=0.02)".
_COMPARED = re.compile(
    r"(?:\s(?:rates?|times?))?(?:\s\([^()]{1,20}\))?\s(?:was|were)\s(?:\w+\s){0,2}?(?:longer|shorter|better|worse|poorer|higher|lower|improved|prolonged|reduced|superior|inferior)"
    r"\s(?:in|with|for|among|if|when)\b",
    re.IGNORECASE,
)


def _subjects(scene: Scene) -> Iterator[tuple[Named, int, int]]:
    """The outcomes that stand in front of a link, with where the link begins and ends.

    Where a sentence names a treatment, "was longer with" holds arms against each other.
    """
    for named in scene.outcomes:
        if _IN_WHOM.search(scene.text, max(0, named.start - 40), named.start):
            continue
        link = _LINK.match(scene.text, named.end)
        if link is None and not scene.treatments:
            link = _COMPARED.match(scene.text, named.end)
        if link:
            yield named, link.start(), link.end()
