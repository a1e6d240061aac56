"""Roles: what part a concept plays in its study, and which treatments are held against each other."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.tagging.combinations import combined_parts
from kb.tagging.measured import measured_outcomes
from kb.tagging.salience import (
    EVENTS,
    INCIDENTAL,
    NOTHING_DONE,
    kinds_told,
    salient_treatments,
    tested_as_factors,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.evidence import Role
    from kb.tagging.article import Article, Named, Sentence

_AGAINST = re.compile(
    r"\b(?:versus|vs\.?|v\.?(?=\s)|compared (?:with|to|against)|in comparison (?:with|to)|relative to|over|rather than|instead of|than|or)(?=\W)",
    re.IGNORECASE,
)
_STRONG_AGAINST = re.compile(
    r"\b(?:versus|vs\.?|compar(?:ed?|ing|ison|ative)|head[- ]to[- ]head|than|matched|superior|inferior(?:ity)?|randomi[sz]ed to|assigned to|either)(?=\W)",
    re.IGNORECASE,
)
_WITH_WITHOUT = re.compile(
    r"\bwith (?:and|or|versus|vs\.?) without\b|\b(?:versus|vs\.?|or|than) (?:no|none|without|not)\b|\bwho did (?:and|or) did not\b|\bnon-?\w+ groups?\b|\bcontrol group\b|\b(?:based on|according to|depending on) whether\b|\bwhether or not\b|\bpatients (?:with and without|who (?:did|had) not)\b",
    re.IGNORECASE,
)
# "between A and B", "comparing A with B": the word stands shortly in front of A.
_HELD_AGAINST = re.compile(
    r"\b(?:between|compar\w+|either|randomi[sz]ed to|assigned to|allocated to)\b[^.;]{0,70}$", re.IGNORECASE
)
# "improved control compared with conventional B", the other side standing elsewhere.
_ONE_SIDED = re.compile(
    r"\b(?:compared (?:with|to|against)|compar\w+ (?:it|them|this|these) (?:with|to|against)|in comparison (?:with|to)|versus|vs\.?)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
# "Compared with B, A was ...": what comes first is held against.
_OPENS_WITH = re.compile(
    r"\b(?:compared|in comparison|relative|in contrast) (?:to|with)\W+(?:\w+\W+){0,2}$", re.IGNORECASE
)
# "docetaxel alone": what another treatment was added to.
_ALONE = re.compile(r"\s?(?:\([^()]{1,20}\)\s?)?[-]?(?:alone|only|monotherapy)\b", re.IGNORECASE)
# "better than the 87 patients who received B".
_GIVEN_THE_OTHER = re.compile(
    r"\b(?:who|that) (?:received|underwent|had)|\b(?:treated|managed) (?:with|by)\b", re.IGNORECASE
)
_ADDED = re.compile(
    r"(?: \([^()]{1,20}\))? ?(?:plus|\+|(?:in )?combin(?:ed|ation) with|together with|with|and|in addition to|added to) (?:\w+ )?",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\W*(?:\([^)]*\)\W*|\w+\W+)?(?:and|or|,|with|to)\W+(?:\w+ )?")
_EXCLUSION = re.compile(r"\b(?:exclu\w+|eligib\w+|inclusion criteria)\b", re.IGNORECASE)
_GROUPS = re.compile(r"\b(?:groups?|arms?|cohorts?|both|two)\b", re.IGNORECASE)
# Concepts that are what a treatment is held against rather than the treatment under study.
CONTROLS = frozenset(
    {
        "placebo",
        "sham_procedure",
        "observation_without_treatment",
        "best_supportive_care",
        "non_surgical_management",
        "standard_of_care",
        "conventional_external_beam_radiotherapy",
    }
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a study holds against what, as concept ids in order of weight; `compares` is false for one-armed work.

    `compares` can hold without a known comparator ("with or without embolisation"). `salient` are the treatments
    that the study is about, on either side, and `measured` its outcomes; others are named in passing.
    `attributes`: results that name no treatment are results of the one under study. `contrasts`: ratios and
    differences are of the treatment under study, as in trials and meta-analyses. `tested`: further treatments
    that were tested as factors; results that name none are not theirs.
    """

    studied: tuple[str, ...]
    comparators: tuple[str, ...]
    compares: bool
    salient: frozenset[str] = frozenset()
    measured: frozenset[str] = frozenset()
    attributes: bool = True
    contrasts: bool = False
    tested: frozenset[str] = frozenset()

    @property
    def main(self) -> str | None:
        """The treatment under study, if one stands out."""
        return self.studied[0] if self.studied else None

    @property
    def comparator(self) -> str | None:
        """What it is compared with, if that is one concept."""
        return self.comparators[0] if self.comparators else None


@dataclass(slots=True)
class _Weights:
    """What the sentences of an article say of its treatments, summed by id."""

    named: Counter[str] = field(default_factory=Counter)
    against: Counter[str] = field(default_factory=Counter)  # stood behind a "versus"
    arms: Counter[str] = field(default_factory=Counter)  # stood in front of one
    titled: set[str] = field(default_factory=set)
    told: set[str] = field(
        default_factory=set
    )  # named elsewhere than in a conclusion alone, which may advise
    added_to: set[str] = field(default_factory=set)  # what others were added to
    compares: bool = False


_ZONE_WEIGHTS = {"title": 60, "aim": 30, "conclusion": 20, "methods": 15, "results": 10}


def read_comparison(article: Article) -> Comparison:
    """Find the treatments under study and those they are compared with."""
    weights = _Weights()
    for sentence in article.sentences:
        _weigh(article, sentence, weights)
    weight, against, arms = weights.named, weights.against, weights.arms
    controls = {identifier for identifier in weights.told if identifier in CONTROLS and len(weight) > 1}
    compares = weights.compares or bool(controls and _is_controlled(article))
    _prefer_specific(article, weight)
    comparators = {
        identifier
        for identifier, points in against.items()
        if (points > 0 and identifier not in weights.titled - weights.added_to)
        or (compares and identifier in CONTROLS)
    }
    if compares:
        comparators |= controls
    comparators |= {identifier for identifier in weight if identifier in NOTHING_DONE}
    # What stands in front of a "versus" is an arm; the radiotherapy that both arms had is not.
    sides = {identifier for identifier, points in arms.items() if points > 0} | comparators
    salient = salient_treatments(article, sides)

    def heard(identifier: str) -> int:
        """A precise kind under study weighs what the broad name that it stands for weighs."""
        broader = (b for b in article.vocabulary.ancestors(identifier) if b not in salient)
        return max([weight[identifier], *(weight[b] for b in broader)]) if identifier in salient else 0

    ranked = sorted(weight, key=lambda c: (c not in salient, -arms[c], -heard(c), -weight[c], c))
    studied = [identifier for identifier in ranked if identifier not in comparators]
    vague = {broad for c in comparators & salient for broad in article.vocabulary.ancestors(c)} - salient
    order = sorted(comparators - vague, key=lambda c: (-against[c], -weight[c], c))
    if (
        not studied and order and order[0] not in NOTHING_DONE
    ):  # both sides stand in the controls: the heavier one is under study
        studied, order = [order[0]], order[1:]
    return Comparison(
        tuple(studied),
        tuple(order),
        compares,
        salient,
        measured_outcomes(article),
        tested=tested_as_factors(article, salient)
        | (frozenset() if compares else kinds_told(article, salient)),
    )


def _weigh(article: Article, sentence: Sentence, weights: _Weights) -> None:
    """Add what one sentence says: which treatments it names and which it holds against which."""
    points = _ZONE_WEIGHTS.get(sentence.zone, 2)
    named = [
        n
        for n in sentence.of_kind("intervention")
        if not n.negated and (n.concept.id not in EVENTS or sentence.zone in ("title", "aim"))
    ]
    for item in named:
        if item.concept.id not in INCIDENTAL or sentence.zone == "title":
            weights.named[item.concept.id] += points
            if sentence.zone != "conclusion":
                weights.told.add(item.concept.id)
    if sentence.zone in ("background", "other"):
        return
    pairs = _pairs(article, sentence, named)
    if sentence.zone == "title":
        weights.titled = {item.concept.id for item in named} - {right for _, right in pairs}
    for left, right in pairs:
        weights.against[right] += points
        weights.arms[left] += points
        weights.against[left] -= points // 2
    for item in named:
        itself = any(n.end <= item.start and n.concept.id == item.concept.id for n in named)
        if not pairs and not itself and _ONE_SIDED.search(sentence.text[: item.start]):
            weights.against[item.concept.id] += points
    for whole, part in _added_to(sentence, named) if sentence.zone != "results" else ():
        weights.added_to.add(part)
        weights.against[part] += points
        weights.arms[whole] += points
        weights.against[whole] -= points
    weights.compares = weights.compares or _tells_comparison(sentence, named, paired=bool(pairs))


def _added_to(sentence: Sentence, named: list[Named]) -> Iterator[tuple[str, str]]:
    """(what is tried, what it is added to): "B combined with A, compared with A alone", "A plus B or A only"."""
    alone = {n.concept.id for n in named if _ALONE.match(sentence.text[n.end :])}
    # "A plus B, A alone, B alone and neither": four groups, and nothing that only one was added to.
    if alone:
        alone |= {n.concept.id.removesuffix("_alone") for n in named if n.concept.id.endswith("_alone")}
    for one, other in itertools.pairwise(named):
        if _ADDED.fullmatch(sentence.text[one.end : other.start]):
            for whole, part in ((one, other), (other, one)):
                if part.concept.id in alone and whole.concept.id not in alone:
                    yield whole.concept.id, part.concept.id
    for item in named:
        for part_id in alone & combined_parts().get(item.concept.id, frozenset()):
            yield item.concept.id, part_id


def _tells_comparison(sentence: Sentence, named: list[Named], *, paired: bool) -> bool:
    """Whether a sentence says that the study compares treatments, or a treatment with none."""
    core = sentence.zone in ("title", "aim", "methods")
    if sentence.zone in ("methods", "results") and (_untreated_arm(sentence) or _went_without(sentence)):
        return True
    if not paired and not (named and core and _with_and_without(sentence, named)):
        return False
    return (
        core
        or sentence.zone == "conclusion"
        or _grouped(sentence)
        or _two_values(sentence)
        or bool(_TESTED.search(sentence.text))
    )


def _prefer_specific(article: Article, weight: Counter[str]) -> None:
    """Let "radiotherapy" stand behind the kind of radiotherapy that the study names as well."""
    for identifier in list(weight):
        for broader in article.vocabulary.ancestors(identifier):
            if broader in weight and weight[identifier] * 3 >= weight[broader]:
                weight[broader] = min(weight[broader], weight[identifier] - 1)


def _two_values(sentence: Sentence) -> bool:
    """ "21% after surgery plus radiotherapy and 24% after radiotherapy alone"."""
    return (
        sentence.zone == "results"
        and len(re.findall(r"\d\s?%|\d (?:months|days|years|mL|points)", sentence.text)) >= 2
    )


def _untreated_arm(sentence: Sentence) -> bool:
    """ "10 patients had no embolization", "blood loss was 4350 mL without embolization and 1800 mL after it"."""
    denied = [n for n in sentence.of_kind("intervention") if n.negated]
    if not denied:
        return False
    positive = {n.concept.id for n in sentence.of_kind("intervention") if not n.negated}
    related = any(n.concept.id in positive for n in denied) or bool(_STRONG_AGAINST.search(sentence.text))
    return related and bool(re.search(r"\d", sentence.text))


_TESTED = re.compile(r"\b[Pp]\s?[=<>≤≥]\s?0?\.\d|\bsignifican\w+")
_WENT_WITHOUT = re.compile(
    r"\bwithout it\b|\b(?:than|and|from|between|versus|vs\.?)\b[^.;]{0,40}\b(?:those|patients) (?:who did not|without)\b(?! (?:\w+ ){0,2}(?:metasta|deficit|pain|fracture|compression))",
    re.IGNORECASE,
)


def _with_and_without(sentence: Sentence, named: list[Named]) -> bool:
    """Whether some had a treatment and others not; "with or without neurological deficit" tells of the patients."""
    return any(
        not match.group().lower().startswith("with ")
        or any(
            n.end <= match.start() <= n.end + 2 or match.end() <= n.start <= match.end() + 25 for n in named
        )
        for match in _WITH_WITHOUT.finditer(sentence.text)
    )


def _went_without(sentence: Sentence) -> bool:
    """ "520 mL with embolization and 1128 mL without it", "longer with A than in those who did not (p=0.01)"."""
    return bool(
        sentence.of_kind("intervention")
        and _WENT_WITHOUT.search(sentence.text)
        and (_TESTED.search(sentence.text) or _two_values(sentence))
    )


def _is_controlled(article: Article) -> bool:
    """Whether title, aim or methods call the study randomised or placebo-controlled."""
    return any(
        re.search(r"\brandomi[sz]ed\b|\b(?:placebo|sham)[- ]controlled\b", s.text, re.IGNORECASE)
        for s in article.in_zones("title", "aim", "methods")
    )


def _grouped(sentence: Sentence) -> bool:
    return bool(_GROUPS.search(sentence.text)) and bool(_STRONG_AGAINST.search(sentence.text))


def _pairs(article: Article, sentence: Sentence, named: list[Named]) -> list[tuple[str, str]]:
    """(left, right) of each "A versus B" between two different treatments in one sentence."""
    found = []
    for left, right in itertools.pairwise(named):
        if left.concept.id == right.concept.id:
            continue
        between = sentence.text[left.end : right.start]
        if len(between) > 120 or "." in between.replace("vs.", "") or _EXCLUSION.search(sentence.text):
            continue
        if _OPENS_WITH.search(sentence.text[: left.start]) and "," in between:
            found.append((right.concept.id, left.concept.id))  # "compared with B, A was"
            continue
        match = _AGAINST.search(between + " ")
        held = _HELD_AGAINST.search(sentence.text[: left.start])
        word = match.group().lower() if match else ""
        if (
            word in ("than", "over", "or")
            and re.search(r"\d", between)
            and not (word == "or" and held)
            and not (match and word == "than" and _GIVEN_THE_OTHER.search(between, match.end()))
        ):
            match = None  # "more than 60 days after surgery"
        if word == "or" and sentence.zone not in ("title", "aim", "methods"):
            continue
        listed = _JOINED.fullmatch(between) and held
        if (match and not re.search(r"\b(?:followed by|plus|combined|with or)\b", between)) or listed:
            pair = (left.concept.id, right.concept.id)
            turned = (pair[0] in CONTROLS and pair[1] not in CONTROLS) or (
                pair[0] in combined_parts().get(pair[1], ())  # "A versus A plus B"
            )
            found.append(pair[::-1] if turned else pair)
    return found


def role_of(named: Named, sentence: Sentence, comparison: Comparison, tool_roles: Mapping[str, Role]) -> Role:
    """Return the role that one mention plays. `tool_roles`: those of the tools, from `read_tool_roles`."""
    kind, identifier = named.concept.kind, named.concept.id
    aside = sentence.zone in ("background", "other")
    if kind == "outcome":
        return "background" if aside or identifier not in comparison.measured else "measured"
    if kind == "condition":
        return "background" if aside else "studied"
    if kind == "tool":
        return "mentioned" if aside else tool_roles.get(identifier, "used")
    if aside or identifier not in comparison.salient | comparison.tested:
        return "background"
    return "comparator" if identifier in comparison.comparators else "studied"
