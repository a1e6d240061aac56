"""Outcomes: what each number of a sentence is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.tagging.article import Named
from kb.tagging.findings.factors import acted_on, subject_of
from kb.tagging.findings.quantities import can_hold
from kb.tagging.findings.scene import CONTRASTS, RISK_FACTORS, Scene
from kb.tagging.numbers.estimate import Estimate
from kb.tagging.numbers.lists import bare, in_step, value_lists


def outcomes_of(
    scene: Scene, estimates: Sequence[Estimate], spoken_of: Named | None = None
) -> dict[int, Named | None]:
    """The outcome of each estimate, by where the estimate starts: lists in step first, else the nearest name.

    `spoken_of` is what the sentence before was about: a ratio of a sentence that names no outcome is about that.
    """
    found: dict[int, Named | None] = {}
    for values in value_lists(scene.text, estimates):
        names = in_step(scene.text, values, scene.outcomes)
        if names and len({name.concept.id for name in names}) > 1:
            found |= {value.start: name for value, name in zip(values, names, strict=True)}
    for estimate in estimates:
        if estimate.start not in found:
            nearest = outcome_of(scene, estimate)
            if estimate.measure in ("hr", "or", "rr"):
                nearest = _ratio_outcome(scene, estimate, nearest)
            if estimate.measure in ("hr", "or", "rr", "correlation") and not scene.outcomes:
                nearest = spoken_of
            found[estimate.start] = nearest or _carried_on(scene, estimate, estimates, found)
    return found


def _carried_on(
    scene: Scene, estimate: Estimate, estimates: Sequence[Estimate], found: dict[int, Named | None]
) -> Named | None:
    """The outcome of the value before in a long list of one measure and unit, where no other name stands between."""
    before = [e for e in estimates if e.end <= estimate.start]
    if not before:
        return None
    last = before[-1]
    if estimate.measure in CONTRASTS:
        opened = _opened(scene.text, estimate.start)
        shared = opened is not None and _opened(scene.text, last.start) == opened
        return found.get(last.start) if shared and last.measure == estimate.measure else None
    alike = (last.measure, last.unit) == (estimate.measure, estimate.unit)
    between = any(last.end <= n.start < estimate.start for n in scene.outcomes)
    named = found.get(last.start) if alike and not between else None
    if last.end <= _behind_another_pair(scene, estimate):
        return None
    return None if named and _is_of_another(scene, estimate, named) else named


# "31% had cord compression and 11% could not walk", not "84% of one group and 57% of the other could walk".
_ANOTHER_SHARE = re.compile(
    r"\b(?:had|were|was|have|has|developed|showed|experienced|underwent|received|reported)\b[^%]*\d\s?%"
)
_ADJACENT = re.compile(
    r"\)?\s?(?:(?:(?!and|or|in|vs|versus|compared|with|an?\b|the|at|for|of)[\w-]+)\s){0,2}"
)
_OF_PATIENTS = re.compile(
    r"\s?(?:of (?:the |all )?)?(?:\w+ ){0,2}(?:patients|cases|lesions|participants|procedures|levels|segments)?\s?"
    r"(?:had|experienced|developed|achieved|reported|showed|underwent|required|with|maintained|regained|reached|suffered|sustained|incurred|were|was)\b",
)
_HAS_ITS_OWN = re.compile(
    r"^(?:\s?\([A-Za-z]{2,8}\))?(?:\s(?:rates?|incidences?|risk))?\s(?:of|was|were|in|at|occurred in|=)\s(?:only |approximately |about )?[\d.]+(?![\d.]*[- ]?(?:days?|weeks?|months?|years?|yr|mo)\b)"
    r"|^(?:\s(?:rates?|incidences?))?\s\d[\d.]*\s?%"
)
_IS_CAUSE = re.compile(
    r"\b(?:due to|because of|caused by|attributable to|secondary to) (?:[\w-]+ ){0,2}$", re.IGNORECASE
)
_CAUSE = re.compile(
    r"\b(?:due to|because of|caused by|attribut\w+ to|secondary to|resulting from)\b", re.IGNORECASE
)
_SHARE_OF = re.compile(
    r"\s?(?:[a-z]+ )?(?:reduction|decrease|increase|improvement|decline|drop|fall|rate|rates|risk|chance|probability|likelihood|incidence|prevalence|cumulative incidence)"
    r"s? (?:in|of|for) (?:the |their |all )?(?:[\w-]+ ){0,2}",
    re.IGNORECASE,
)
_CLAUSE_WORDS = re.compile(r"\b(?:while|whereas|but)\b")
_FARTHEST = 220.0


def outcome_of(scene: Scene, estimate: Estimate) -> Named | None:
    """The outcome a number is about: the nearest in front, or one right behind ("35% complete response")."""
    if own := _before_parenthesis(scene, estimate):
        named = own[-1]
        return named if can_hold(scene.text, named, estimate) else None
    behind_pair = _behind_another_pair(scene, estimate)
    distances = [
        (distance + (_OF_SOME if _of_some(scene.text, named) else 0.0), place)
        for place, named in enumerate(scene.outcomes)
        if can_hold(scene.text, named, estimate)
        and (distance := _distance(scene.text, estimate, named)) is not None
    ]
    nearest = min(distances, default=None)
    if nearest and _is_of_another(scene, estimate, scene.outcomes[nearest[1]]):
        return None
    if nearest and scene.outcomes[nearest[1]].end <= behind_pair:
        return None  # "went home more often (44% vs 36%), needed services less often (15% vs 19%)"
    return scene.outcomes[nearest[1]] if nearest and nearest[0] < _FARTHEST else None


# "Breakage in 2.4% and loosening in 1.7%", "weakness (20%), sensory deficit (17%) and hypotension (13%)".
_OWN_NOUN_IN = re.compile(
    r"%\)?(?:\s\([^()]*\))?(?:\sof\s(?:patients|cases|lesions))?,?\s(?:and|or)?\s?(?P<noun>(?:(?!and\b|or\b)[a-z][a-z/-]+\s){1,4})(?:(?:was\s(?:seen|observed|noted)\s|occurred\s|were\s(?:seen|observed|noted)\s)?in)\s(?:only\s|another\s)?(?:\d+\s(?:patients\s)?\()?$"
)
_OWN_NOUN_BRACKETS = re.compile(
    r"%\)?,?\s(?:and|or)?\s?(?P<noun>(?:(?!and\b|or\b)[a-z][a-z/-]+\s){1,4})[\[(](?:n\s?=\s?)?(?:\d+(?:/\d+)?[,;]?\s)?$"
)
# "... 84% and the overall completion rate 72%".
_OWN_RATE = re.compile(
    r"(?:%\)?(?:\s\([^()]*\))?,?\s(?:and\s)?|;\s(?:and\s)?|,\sand\s)(?:the\s|an?\s)?(?:overall\s)?(?P<noun>(?!overall\b|and\b)[a-z-]+\s)rates?\s(?:was\s|of\s|were\s)?$"
)
_NO_NOUN = re.compile(
    r"\b(?:arose|de novo|new|actuarial|year|month|local|survival|progress\w*|improv\w*|worse\w*|stable|unchanged|deteriorat\w*|remain\w*|decreas\w*|increas\w*|better|complete|partial|none|no|not|same|had|was|were|is|are|"
    r"groups?|arms?|patients?|those|with|without|after|before|at|for|to|of|than|cohorts?|women|men|respectively|months?|years?|weeks?|days?|alone|only|grade|"
    r"overall|rates?|both|one|two|three|first|second|other|major|minor|moderate|mild|severe|good|poor|excellent|fair|responders?|"
    r"lesions?|levels?|cases|ambulatory|surgery|surgical|radiotherapy|radiation|lumbar|thoracic|cervical|sacral)\b",
    re.IGNORECASE,
)


# Tools that sort patients; a scale that measures an outcome names it.
_SORTING = frozenset({"score", "model", "classification", "framework"})


def _is_of_another(scene: Scene, estimate: Estimate, named: Named) -> bool:
    """Whether a number is of something else than an outcome named further ahead: of a tool, or of a noun of its own."""
    if named.end > estimate.start:
        return False
    if estimate.measure in ("mean", "median") and estimate.unit is None:
        scores = [t for t in scene.sentence.of_kind("tool") if t.concept.type in _SORTING]
        return any(named.end <= score.start < estimate.start for score in scores)
    if estimate.measure != "percent":
        return False
    ahead = scene.text[max(named.end, estimate.start - 120) : estimate.start]
    own = _OWN_NOUN_IN.search(ahead) or _OWN_NOUN_BRACKETS.search(ahead) or _OWN_RATE.search(ahead)
    return own is not None and not _NO_NOUN.search(own["noun"])


def _before_parenthesis(scene: Scene, estimate: Estimate) -> list[Named]:
    """The names that a parenthesis of two values belongs to: "shorter stay (5.4 vs. 7.5 days), earlier walking (34 vs. 57 h)"."""
    text = scene.text
    opened = _opened(text, estimate.start)
    if opened is None or not re.search(
        r"\bv(?:s\.?|ersus|\.)?\s", text[opened : estimate.end + 40].partition(";")[0]
    ):
        return []
    since = text.rfind(")", 0, opened) + 1
    return [
        n for n in scene.outcomes if since <= n.start and n.end <= estimate.start and not _of_some(text, n)
    ]


_PAIR_CLOSED = re.compile(r"\d[^()]*\bv(?:s\.?|ersus|\.)?\s[^()]*\d[^()]*\)")
_MORE_OR_LESS = re.compile(
    r"\b(?:more|less|fewer|higher|lower|longer|shorter|better|worse|greater|earlier|later|improved|reduced|increased|decreased)\b",
    re.IGNORECASE,
)


def _behind_another_pair(scene: Scene, estimate: Estimate) -> int:
    """Where the last parenthesis with two values closes, if words of comparison lead from there to another one; else 0."""
    opened = _opened(scene.text, estimate.start)
    if opened is None:
        return 0
    closed = max((m.end() for m in _PAIR_CLOSED.finditer(scene.text, 0, opened)), default=0)
    return closed if closed and _MORE_OR_LESS.search(scene.text, closed, opened) else 0


def _opened(text: str, position: int) -> int | None:
    """Where the outermost parenthesis around `position` opens."""
    depth, opened = 0, None
    for index, mark in enumerate(text[:position]):
        if mark == "(":
            opened = index if depth == 0 else opened
            depth += 1
        elif mark == ")":
            depth = max(0, depth - 1)
    return opened if depth else None


# "Median survival of patients who regained ambulation was 16 months": ambulation tells whose survival it is.
_OF_SOME = 120.0
_WHOSE = re.compile(
    r"\b(?:in|of|for|among|between|from|than|the) (?:(?:the|all|those|other|most|these) )?(?:\w+ )?(?:patients|those|cases|lesions|groups?|individuals|subjects)"
    r"\W(?:who|in whom|whose|that|which|with|without|having|developing|experiencing)\s+(?:[\w-]+[^\w,;.]+)?(?:(?!(?:had|were|was|have|has|achieved|experienced|showed)\b)[\w-]+[^\w,;.]+){0,3}$",
    re.IGNORECASE,
)


def _of_some(text: str, named: Named) -> bool:
    """Whether an outcome's name only tells in which patients another one was counted."""
    return bool(_WHOSE.search(text, max(0, named.start - 80), named.start))


_ASIDE = 60.0


def _in_aside(text: str, named: Named, estimate: Estimate) -> bool:
    """Whether a name stands in a parenthesis that is closed before the number: "5.7% (60% for implant failure) and 4.8%"."""
    opened = _opened(text, named.start)
    if opened is None or _opened(text, estimate.start) == opened:
        return False
    closed = text.find(")", named.end)
    return closed != -1 and closed - opened > named.end - named.start + 3


def _distance(text: str, estimate: Estimate, named: Named) -> float | None:
    """How far an outcome's name stands from a number, in characters weighted by what stands between."""
    if named.end <= estimate.start:
        between = bare(text[named.end : estimate.start])
        others = len(re.findall(r"\d\s?%", between))  # each share in between has a name of its own
        return (
            (_ASIDE if _in_aside(text, named, estimate) or _IS_CAUSE.search(text, 0, named.start) else 0.0)
            + len(between)
            + 60.0 * between.count(";")
            + 15.0 * len(_CLAUSE_WORDS.findall(between))
            + 15.0 * others
        )
    if named.start < estimate.end:
        return None
    between = bare(text[estimate.end : named.start])
    if between.strip().startswith("%"):
        between = between.replace("%", "", 1)
    if _CAUSE.search(between):
        return None  # "23% were due to complications"
    if ":" in between:
        return None  # "six (5%) were local: haematoma in two and pain in four"
    if _HAS_ITS_OWN.match(text[named.end :]):
        return None  # "90% with a complication rate of 14.6%": the name behind has a value
    if _SHARE_OF.fullmatch(between):
        return 0.0  # "a 77% reduction in analgesic use"
    if _ANOTHER_SHARE.search(between):
        return None  # another share stands nearer to that name
    if re.match(r"\s?(?:for|among)\s", between):
        return None  # "73% for uncomplicated metastases": whom it was counted in
    weight = 0.3 if _ADJACENT.fullmatch(between) else 0.6 if _OF_PATIENTS.match(between) else 2.5
    apart = 30.0 if re.match(r"\s*(?:,|and\b)", between) else 0.0
    return (
        apart
        + len(between) * weight
        + 60.0 * between.count(";")
        + (40.0 if re.search(r"\d", between) else 0.0)
    )


# "Prognostic for survival (HR 0.77), not for progression (HR 0.90)".
_FOR_ITSELF = re.compile(r"\b(?:for|on|nor|of) (?:the )?$", re.IGNORECASE)
_FACTOR_LINK = re.compile(r"\b(?:with|in|for|among|if|when|after)\b", re.IGNORECASE)


def _ratio_outcome(scene: Scene, estimate: Estimate, nearest: Named | None) -> Named | None:
    """The outcome of a ratio: what a factor predicts, not the factor itself, which often is an outcome's name too."""
    between = scene.text[nearest.end : estimate.start] if nearest and nearest.end <= estimate.start else "far"
    if (subject := subject_of(scene, estimate.start)) is not None:
        return subject  # "survival was associated with ambulation (HR 1.8) and motor deficits (HR 1.6)"
    on = acted_on(scene)
    link = scene.text[on[0].end : nearest.start] if nearest and on else ""
    if _FACTOR_LINK.search(link) and not (nearest and _FOR_ITSELF.search(scene.text[: nearest.start])):
        return on[0]  # "the risk of death was higher with fatigue (HR 1.4)"
    if nearest and re.fullmatch(r"\s?\(\D{0,20}", between):
        if on and on[0].start <= nearest.start:
            return nearest  # "associated with mortality (OR 2.1), complications (OR 1.6)"
        if not (on and RISK_FACTORS.search(scene.text)):
            return nearest
    if nearest and not on and nearest.end <= estimate.start and re.search(r"\d[^()]*\)", between):
        # "for fractures (0.69), surgery (0.70)": the second ratio is not of fractures
        opened = _opened(scene.text, estimate.start)
        alone = opened is None or re.search(r"\)\W*$", scene.text[:opened])
        return nearest if alone else None
    if nearest and on and re.search(r"\d", scene.text[on[-1].end : nearest.start]):
        return nearest  # "less blood loss (MD -690), and lower transfusion rate (OR 0.27)"
    if on:
        ahead = [n for n in on if n.end <= estimate.start]
        return ahead[-1] if ahead else on[0]
    if RISK_FACTORS.search(scene.text) and not scene.treatments:
        distinct = {n.concept.id for n in scene.outcomes}
        return nearest if len(distinct) == 1 else None
    return nearest
