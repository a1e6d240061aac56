"""Arm sizes: how many patients each compared group had.

A sentence's counts of people are read with what each is called: "the SBRT group (n = 114)", "31 who received
multiple fractions", "surgery in 58 patients". They are arms only together: counts that make up a number of patients
printed elsewhere, or that stand beside words for groups. Without such support nothing is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kb.evidence import Arm
from kb.tagging.numbers.number_words import FIGURES_PATTERN, WHOLE_NUMBER, names_number, whole_number
from kb.tagging.study.arm_names import name_in, name_of_count, plain_label
from kb.tagging.study.group_sums import PAIRS, both_groups
from kb.tagging.study.lettered_groups import lettered_groups
from kb.tagging.study.two_arms import (
    DONE_IN,
    EACH,
    ELLIPTIC,
    GROUP_AND_GROUP,
    IN_BRACKETS,
    LABELLED,
    ONE_NOUN,
    PEOPLE,
    RESPECTIVELY,
    SHARED_NOUN,
    STUDIES,
    WITH_WITHOUT,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from kb.evidence import Design
    from kb.tagging.article import Article, Sentence

MOST_ARMS = 4
_COMPARATIVE: frozenset[Design] = frozenset(
    {
        "rct",
        "prospective_cohort",
        "retrospective_comparative",
        "meta_analysis",
        "economic_evaluation",
        "protocol",
    }
)
# Here two kinds of patients counted in brackets are set against each other.
_OF_KINDS: frozenset[Design] = frozenset({*_COMPARATIVE, "case_series"})
_SHARE = r"(?:\s*\(\s?(?P<share>\d+(?:[.·]\d+)?)\s?%\s?\))?"
_MENTION = re.compile(
    rf"\b[Nn](?:o\.?)?\s?=\s?(?P<equals>{FIGURES_PATTERN})(?![\d.])(?:\s{PEOPLE})?"
    rf"|(?<![\w.,%$=<>≥≤/±+–−-])(?P<count>{WHOLE_NUMBER})(?!\s?%|[-–/.:·]\d|[-–]){_SHARE}"
    rf"(?:\s+(?:of\s(?:the|these|those|them)\s)?(?P<kind>(?:(?!(?:of|with|in|and|or|to|from|at|were|was|had|for|who|than|by|versus|years?|months?|weeks?|days?)\b)"
    rf"(?:[A-Za-z][\w/+–-]*|\([^()]{{1,25}}\))\s+){{0,4}}?){PEOPLE}\b(?!-)(?!\s(?:sub)?groups?\b)"
    rf"|(?=\s+(?:who|received|receiving|underwent|undergoing|had|treated|were\s(?:treated|managed)|surgically|conservatively|non-?operatively|non-?surgically|medically|with|(?:in|to)(?!\s\d)|did\snot)\b))",
    re.IGNORECASE,
)
_SHARE_BEHIND = re.compile(r"\s?[(,;]\s?(?P<share>\d+(?:[.·]\d+)?)\s?%\s?\)")
_GROUP = re.compile(
    r"\b(?:groups?|arms?|cohorts?|controls?|placebo|training|validation|derivation|development|testing|(?:test|training|validation) set)\b",
    re.IGNORECASE,
)
_DIVIDED = re.compile(
    r"\b(?:divided|stratified|categori[sz]ed|classified|separated|split|allocated|assigned|randomi[sz]ed|grouped)\b[^.;]{0,80}?"
    r"\b(?:(?:two|three|four|2|3|4)\s(?:\w+\s){0,2}?(?:groups|arms|cohorts|categories)|into\s(?:an?\s)?(?:\w+\s){0,3}?(?:groups?|cohorts?)|into\s[^.;]{3,80}\b(?:groups|cohorts))\b|\bgrouped\s(?:by|according)\b|\bgroup (?:1|A|I)\b"
    r"|\b(?:two|both|three|four) (?:\w+ )?groups\b|\bbetween (?:the |these |study |treatment )?groups\b",
    re.IGNORECASE,
)
# One of these, or a list in brackets, stands in every sentence that tells arms' sizes.
_HURRIED = (
    "patient", "men", "participant", "subject", "case", "individual", "adult", "people", "surger", "operations", "pair", "group", "arm", "cohort",
    "n=", "n =", "persons", "survivor", "respondent", "veteran", "hospitali", "admissions", "consecutive series",
)  # fmt: skip
_LISTED_ASIDE = re.compile(r"\((?:\d+\s[A-Za-z]|[A-Za-z]+[,:]\s\d)")
_DONE = re.compile(
    r"\bw(?:as|ere) (?:performed|done|used|given|carried|applied|administered|undertaken|chosen)\b"
)
_REST = re.compile(r"\b(?:remaining|the rest|the others?)\b", re.IGNORECASE)
_MATCHED = re.compile(r"\bmatched (?:to|with|for|by|against)\b|\bmatch(?:ed|ing)\b", re.IGNORECASE)


# "in the 28 Gy cohort": doses are what the arms of such a paper are called by.
_DOSE_GROUP = re.compile(r"\b\d+(?:[.·]\d+)?\sGy(?=\s(?:cohorts?|groups?|arms?)\b)")
# "from July 2015 to December 2016": no counts.
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH = re.compile(
    r"\b(?:Jan\w*|Feb\w*|Mar(?:ch)?|Apr\w*|May|June?|July?|Aug\w*|Sep\w*|Oct\w*|Nov\w*|Dec\w*|in|since|from|until|between|during|and|to)\.?,?\s(?:\d{1,2},?\s)?$"
)
_PAIRS_TITLE = re.compile(r"\bmatch(?:ed|ing)\b|\bpair(?:ed|s)?\b|\bcase[- ]control\b", re.IGNORECASE)
_VAGUE = re.compile(r"(?:we|patients?|cases?|groups?|the|total|all|surgery|disease)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ArmSet:
    """Counts that stand together as the arms of a comparison.

    `made_up`: they add up to a number printed elsewhere. `treated_apart`: the arms are called by different treatments,
    or by having and not having one.
    """

    sentence: Sentence
    arms: tuple[Arm, ...]
    start: int
    end: int
    made_up: bool
    treated_apart: bool = False

    @property
    def patients(self) -> int:
        """All patients of the arms."""
        return sum(arm.patients for arm in self.arms)


@dataclass(frozen=True, slots=True)
class _Count:
    """A number of people with what it is called; `weight` 2: by a treatment or a word for groups, 1: otherwise."""

    number: int
    label: str
    weight: int
    start: int
    end: int
    equals: bool
    share: float | None = None
    treatment: str | None = None

    @property
    def shared(self) -> bool:
        """Whether a percentage stands beside the number."""
        return self.share is not None


def read_arm_sets(article: Article, design: Design, totals: Set[int]) -> tuple[ArmSet, ...]:
    """Return the sets of counts that can be a study's arms, in order.

    `totals`: the numbers of patients that the text prints for the whole study or a part of it.
    """
    body = article.body
    dividing = " ".join(s.text for s in article.sentences if _divides(s.text))
    divided = bool(dividing)
    dividing = " ".join((dividing, *(match.group() for match in _DOSE_GROUP.finditer(body))))
    matched = "match" in body or "propensity" in body
    found: list[ArmSet] = []
    alone: list[tuple[int, Sentence, _Count]] = []
    for index, sentence in enumerate(article.sentences):
        if sentence.zone not in ("title", "aim", "methods", "results", "mixed"):
            continue
        if not names_number(sentence.text):
            continue
        lowered = sentence.text.lower()
        if not any(word in lowered for word in _HURRIED) and not _LISTED_ASIDE.search(sentence.text):
            continue
        found += _pairs(
            sentence, article.sentences[0], totals, named=divided or design in _COMPARATIVE, matched=matched
        )
        if matched and design in _COMPARATIVE:
            found += _matched_pairs(sentence, article.sentences[0])
        counts = [_by_name(count, dividing) for count in _counts(sentence)]
        sets = list(_together(sentence, counts, design, totals, divided=divided))
        found += sets
        if not sets:
            alone += [(index, sentence, count) for count in counts if count.weight == 2]
    found += _lettered(article, totals)
    return (*found, *_over_sentences(alone, totals, matched=bool(_PAIRS_TITLE.search(article.title))))


def _divides(text: str) -> bool:
    """Whether a sentence divides the patients; the long pattern is tried only where a word for their parts stands."""
    lowered = text.lower()
    return any(part in lowered for part in ("group", "arms", "cohort", "categories")) and bool(
        _DIVIDED.search(text)
    )


def _by_name(count: _Count, dividing: str) -> _Count:
    """A count called by a name that the sentence which divides the patients gives to one of their groups."""
    label = count.label
    named = (
        count.weight == 1
        and len(label) > 2
        and label in dividing
        and re.search(rf"\b{re.escape(label)}\b", dividing)
    )
    if not named or _VAGUE.fullmatch(count.label):
        return count
    return replace(count, weight=2, treatment=count.label if count.label.endswith("Gy") else None)


def _lettered(article: Article, totals: Set[int]) -> Iterator[ArmSet]:
    sentences = article.in_zones("aim", "methods", "results", "mixed")
    for sentence, groups in lettered_groups(list(sentences)):
        arms = tuple(Arm(name, number) for number, name, _, _ in groups)
        made_up = sum(arm.patients for arm in arms) in totals
        start, end = groups[0][2], groups[0][3]
        yield ArmSet(sentence, arms, start, end, made_up, treated_apart=True)


def _counts(sentence: Sentence) -> Iterator[_Count]:
    text = sentence.text
    matches = list(_MENTION.finditer(text))
    for place, match in enumerate(matches):
        number = whole_number(match["equals"] or match["count"])
        if not number or (_YEAR.fullmatch(match["count"] or "") and _MONTH.search(text, 0, match.start())):
            continue
        begin = matches[place - 1].end() if place else 0
        stop = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        name = name_of_count(sentence, match, begin, stop)
        behind = _SHARE_BEHIND.match(text, match.end())
        share = match["share"] or (behind["share"] if behind else None)
        yield _Count(
            number,
            name.label,
            name.weight,
            match.start(),
            match.end(),
            bool(match["equals"]),
            float(share.replace("·", ".")) if share else None,
            name.treatment,
        )


def _together(
    sentence: Sentence, counts: list[_Count], design: Design, totals: Set[int], *, divided: bool
) -> Iterator[ArmSet]:
    """Sets of neighbouring counts: those that make up a printed total first, else those called by groups."""
    for size in range(2, min(MOST_ARMS, len(counts)) + 1):
        for first in range(len(counts) - size + 1):
            group = counts[first : first + size]
            if not _distinct(group):
                continue
            made_up = sum(count.number for count in group) in totals
            rest = len(group) == len(counts) and _REST.search(sentence.text)
            told = (
                design in _OF_KINDS
                and sentence.zone != "results"
                and _all_told(group, counts)
                and _kinds(group)
            )
            if made_up and (rest or told or _named(group, design, divided=divided)):
                yield _set(sentence, group, made_up=True)
            elif size == len(counts) and _evident(sentence, group, design):
                yield _set(sentence, group, made_up=False)


def _distinct(group: list[_Count]) -> bool:
    labels = {count.label.lower() for count in group}
    return all(labels) and len(labels) == len(group) and "" not in labels


def _named(group: list[_Count], design: Design, *, divided: bool) -> bool:
    """Whether the names are those of arms: treatments and groups, or any where the text divides its patients."""
    if all(count.weight == 2 for count in group):
        return design in _COMPARATIVE or divided or any(_GROUP.search(count.label) for count in group)
    compared = design in _COMPARATIVE and any(count.weight == 2 for count in group)
    return (divided or compared) and not any(count.shared for count in group)


# Where in the body, of which sex and at which grade patients are is no group of theirs.
_NO_KIND = re.compile(
    r"\b(?:thoracic|lumbar|cervical|sacral|thoracolumbar|(?:fe)?males?|(?:wo)?men|alive|dead|died|grade|class|stage|type|level|training|test\w*|score|points|solitary|single|multiple|one|two|complete|partial|stable|unstable|improved|unchanged|lost|missing|excluded)\b",
    re.IGNORECASE,
)


def _all_told(group: list[_Count], counts: list[_Count]) -> bool:
    """Whether a sentence counts two groups, their sum and nobody else."""
    total = sum(count.number for count in group)
    return len(group) == 2 and all(count in group or count.number == total for count in counts)


def _kinds(group: list[_Count]) -> bool:
    """Whether counts in brackets name two kinds of patients that make up all, "primary (n = 33) or metastatic (n = 164)"."""
    return all(count.equals and count.weight and not _NO_KIND.search(count.label) for count in group)


def _evident(sentence: Sentence, group: list[_Count], design: Design) -> bool:
    """Whether all counts of a sentence are arms though their sum is printed nowhere."""
    if len(group) > 2:
        surely = all(count.equals and count.weight == 2 for count in group)
        return surely and _GROUP.search(sentence.text) is not None
    if _MATCHED.search(sentence.text):
        return design in _COMPARATIVE
    if not all(count.weight == 2 for count in group):
        return False
    if all(count.equals for count in group):
        return not any(count.shared for count in group) or _whole(group)
    if _whole(group) and design in _COMPARATIVE and _apart(*(count.treatment for count in group)):
        return True
    if sentence.of_kind("outcome") or any(count.shared for count in group):
        return False  # they may be those who had the outcome
    return design in _COMPARATIVE or all(_GROUP.search(count.label) for count in group)


def _whole(group: list[_Count]) -> bool:
    """Whether the printed shares of the counts are those of one whole that they make up."""
    total = sum(count.number for count in group)
    return all(
        count.share is not None and abs(count.share - 100 * count.number / total) < 1.0 for count in group
    )


def _set(sentence: Sentence, group: list[_Count], *, made_up: bool) -> ArmSet:
    arms = tuple(Arm(plain_label(count.label), count.number) for count in group)
    treatments = [count.treatment for count in group]
    apart = _apart(*treatments) or (any(treatments) and bool(_REST.search(sentence.text)))
    return ArmSet(sentence, arms, group[0].start, group[-1].end, made_up, apart)


def _apart(*treatments: str | None) -> bool:
    """Whether each arm has its own treatment."""
    return None not in treatments and len(set(treatments)) == len(treatments)


def _pairs(
    sentence: Sentence, title: Sentence, totals: Set[int], *, named: bool, matched: bool
) -> Iterator[ArmSet]:
    """Two or more arms that one pattern tells at once; the long patterns are tried only where their words are."""
    text = sentence.text
    yield from _two_counts(sentence, totals, named=named, matched=matched)
    for one, first, other, second, start, end in both_groups(text):
        if first.lower() != second.lower():
            arms = (Arm(plain_label(first), one), Arm(plain_label(second), other))
            yield ArmSet(sentence, arms, start, end, made_up=one + other in totals)
    if " without " in text:
        yield from _with_and_without(sentence, totals)
    if " patients)" in text or " participants)" in text:
        yield from _arms_of_studies(sentence)
    if "each" in text or "both" in text or "either" in text:
        yield from _so_many_in_each(sentence, totals, title if named else None)


def _two_counts(sentence: Sentence, totals: Set[int], *, named: bool, matched: bool) -> Iterator[ArmSet]:
    """ "(19 TES, 19 SABR)", "96 and 213 patients ... SBRT and EB groups, respectively"."""
    text = sentence.text
    patterns = (
        ONE_NOUN,
        *((SHARED_NOUN,) if " and " in text else ()),
        *((ELLIPTIC,) if named and not sentence.of_kind("outcome") else ()),
        *((DONE_IN,) if _DONE.search(text) and named and not sentence.of_kind("outcome") else ()),
        *((GROUP_AND_GROUP,) if "group" in text or " arm" in text or "cohort" in text else ()),
        *(IN_BRACKETS if "(" in text else ()),
        *((RESPECTIVELY,) if "espectively" in text else ()),
    )
    for pattern in patterns:
        trusted = pattern is SHARED_NOUN or (pattern is RESPECTIVELY and named)
        trusted = trusted and not matched and not sentence.of_kind("outcome")
        trusted = trusted or pattern is GROUP_AND_GROUP
        for match in pattern.finditer(text):
            one, other = whole_number(match["one"]), whole_number(match["other"])
            if not one or not other:
                continue
            made_up = one + other in totals
            if not made_up and not trusted:
                continue
            first, second = (name_in(sentence, *match.span(part)) for part in ("first", "second"))
            arms = (Arm(plain_label(first.label), one), Arm(plain_label(second.label), other))
            surely = min(first.weight, second.weight)
            apart = _apart(first.treatment, second.treatment)
            if surely == 2 or (surely and (named or apart)):
                yield ArmSet(sentence, arms, match.start(), match.end(), made_up, apart)


def _with_and_without(sentence: Sentence, totals: Set[int]) -> Iterator[ArmSet]:
    """ "30 with and 68 without embolisation"."""
    for match in WITH_WITHOUT.finditer(sentence.text):
        with_it = name_in(sentence, *match.span("what"))
        arms = (
            Arm(f"with {with_it.label}", whole_number(match["one"]) or 0),
            Arm(f"without {with_it.label}", whole_number(match["other"]) or 0),
        )
        made_up = sum(arm.patients for arm in arms) in totals
        if with_it.treatment and all(arm.patients for arm in arms):
            yield ArmSet(sentence, arms, match.start(), match.end(), made_up, treated_apart=True)


def _arms_of_studies(sentence: Sentence) -> Iterator[ArmSet]:
    """The studies of a review, each with its patients in parentheses."""
    studies = [(whole_number(m["number"]) or 0, m) for m in STUDIES.finditer(sentence.text)]
    if 2 <= len(studies) <= MOST_ARMS:
        arms = tuple(Arm(match["label"], number) for number, match in studies)
        yield ArmSet(sentence, arms, studies[0][1].start(), studies[-1][1].end(), made_up=False)


def _so_many_in_each(sentence: Sentence, totals: Set[int], title: Sentence | None) -> Iterator[ArmSet]:
    """ "30 patients in each group"; where the sentence names none, the groups are those that the title compares."""
    for match in EACH.finditer(sentence.text):
        number = whole_number(match["number"])
        labels = _two_labels(sentence, match.start()) or (title and _two_labels(title, len(title.text)))
        if number and labels and 2 * number in totals:
            arms = (Arm(labels[0], number), Arm(labels[1], number))
            yield ArmSet(sentence, arms, match.start(), match.end(), made_up=True)


def _matched_pairs(sentence: Sentence, title: Sentence) -> Iterator[ArmSet]:
    """ "Matching yielded 40 pairs": 40 of each of the two treatments that the title names."""
    labels = _two_labels(title, len(title.text))
    for match in PAIRS.finditer(sentence.text) if labels and "pairs" in sentence.text else ():
        if labels and (number := whole_number(match["number"])):
            arms = (Arm(labels[0], number), Arm(labels[1], number))
            yield ArmSet(sentence, arms, match.start(), match.end(), made_up=False, treated_apart=True)


def _two_labels(sentence: Sentence, before: int) -> tuple[str, str] | None:
    """What the two groups of "30 patients in each group" are called: by the two treatments named before, or by letters."""
    treated = {
        n.concept.id: sentence.text[n.start : n.end]
        for n in sentence.of_kind("intervention")
        if n.end <= before
    }
    labels = list(treated.values())[-2:]
    if len(labels) < 2:
        labels = [label.group() for label in LABELLED.finditer(sentence.text)]
    return (labels[0], labels[1]) if len(set(labels)) == len(labels) == 2 else None


def _over_sentences(
    alone: list[tuple[int, Sentence, _Count]], totals: Set[int], *, matched: bool
) -> Iterator[ArmSet]:
    """Two arms told in two sentences near each other, "Group A included 35 ... Group B consisted of 52".

    `matched`: patients of two treatments are paired, so that two equal counts make up the study.
    """
    for (one, sentence, first), (other, _, second) in pairwise(alone):
        near = 0 < other - one <= 2 and first.label.lower() != second.label.lower()
        shared = first.shared or second.shared
        paired = matched and first.number == second.number and _apart(first.treatment, second.treatment)
        if near and not shared and (paired or first.number + second.number in totals):
            arms = (
                Arm(plain_label(first.label), first.number),
                Arm(plain_label(second.label), second.number),
            )
            apart = _apart(first.treatment, second.treatment)
            yield ArmSet(sentence, arms, first.start, first.end, made_up=not paired, treated_apart=apart)
