"""Arm sizes: how many patients each compared group had.

A sentence's counts of people are read with what each is called: "the SBRT group (n = 114)", "31 who received
multiple fractions", "surgery in 58 patients". They are arms only together: counts that make up a number of patients
printed elsewhere, or that stand beside words for groups. Without such support nothing is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kb.evidence import Arm
from kb.tagging.number_words import FIGURES_PATTERN, WHOLE_NUMBER, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from kb.evidence import Design
    from kb.tagging.article import Article, Sentence

MOST_ARMS = 4
_COMPARATIVE: frozenset[Design] = frozenset(
    {"rct", "prospective_cohort", "retrospective_comparative", "meta_analysis", "economic_evaluation", "protocol"}
)
_PEOPLE = r"(?:patients?|participants?|subjects?|cases?|women|men|individuals|adults|people)"
_SHARE = r"(?:\s*\(\s?\d+(?:[.·]\d+)?\s?%\s?\))?"
_MENTION = re.compile(
    rf"\b[Nn](?:o\.?)?\s?=\s?(?P<equals>{FIGURES_PATTERN})(?![\d.])(?:\s{_PEOPLE})?"
    rf"|(?<![\w.,%$=<>≥≤/±+–−-])(?P<count>{WHOLE_NUMBER})(?!\s?%|[-–/.:·]\d|[-–]){_SHARE}"
    rf"(?:\s+(?:of\s(?:the|these|those|them)\s)?(?P<kind>(?:(?!(?:of|with|in|and|or|to|from|at|were|was|had|for|who|than|by|versus|years?|months?|weeks?|days?)\b)"
    rf"(?:[A-Za-z][\w/+–-]*|\([^()]{{1,25}}\))\s+){{0,4}}?){_PEOPLE}\b(?!-)(?!\s(?:sub)?groups?\b)"
    rf"|(?=\s+(?:who|received|receiving|underwent|undergoing|had|treated|were\streated|with|(?:in|to)(?!\s\d)|did\snot)\b))",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:groups?|arms?|cohorts?|controls?|placebo|training|validation|derivation|development|testing|(?:test|training|validation) set)\b",
    re.IGNORECASE,
)
_DIVIDED = re.compile(
    r"\b(?:divided|stratified|categori[sz]ed|classified|separated|split|allocated|assigned|randomi[sz]ed|grouped)\b[^.;]{0,80}?"
    r"\b(?:(?:two|three|four|2|3|4)\s(?:\w+\s){0,2}?(?:groups|arms|cohorts|categories)|into\s(?:an?\s)?(?:\w+\s){0,3}?(?:groups?|cohorts?))\b|\bgroup (?:1|A|I)\b"
    r"|\b(?:two|both|three|four) (?:\w+ )?groups\b",
    re.IGNORECASE,
)
# What follows a count and names its group: "31 patients who received multiple fractions".
_HAD = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?,?\s*(?:who\s+|that\s+)?(?:were\s+|was\s+|had\s+been\s+)?(?:then\s+|\w+ly\s+)?"
    r"(?:received|receiving|receive|underwent|undergoing|treated\s+(?:with|by|using)|assigned\s+to|allocated\s+to|randomi[sz]ed\s+to|"
    r"given|with|had|having|in(?:to|cluded\sin)?\b|of|to|matched\sto|(?=did\snot|aged|survived|died))\s*(?:the\s+|an?\s+|either\s+)?"
    r"(?P<label>[^;()]{2,90})",
    re.IGNORECASE,
)
_GROUP_BRACKET = re.compile(
    r"^\s*[^;(),\d]{0,60}?\((?P<label>(?:the\s)?[^()]{0,40}?\b(?:groups?|arms?|cohorts?)\b[^()\d]{0,12}|(?:group|arm)\s\w+|[A-Z][A-Za-z/+-]{0,11})\)"
)
# What stands before a count and names its group: "surgery in 58", "group A included 35", "a validation cohort of 63".
_BEFORE = re.compile(
    r"(?P<label>[A-Za-z][^;()]{1,90}?)\s*(?:\([^()]*\)\s*)?(?:(?:\s(?:was|were)\s(?:\w+ly\s)?(?:performed|used|carried\sout|done|applied|given|administered|undertaken))?\sin"
    r"|:|\s(?:included|includes|consisted\sof|consisting\sof|comprised|comprising|contained|of|with|had))\s(?:the\s)?(?:other\s|remaining\s|total\sof\s)?$",
    re.IGNORECASE,
)
_IN_BRACKETS = (
    re.compile(
        rf"\(\s?(?P<one>{WHOLE_NUMBER})\s(?:(?:patients|cases)\s(?:of|with|in|received|underwent)\s)?(?P<first>[A-Za-z][^()\d,;]{{1,60}}?)\s?(?:,|;|,?\sand|,?\svs\.?|,?\sversus)\s?"
        rf"(?P<other>{WHOLE_NUMBER})\s(?:(?:patients|cases)\s(?:of|with|in|received|underwent)\s)?(?P<second>[A-Za-z][^()\d,;]{{1,60}}?)\s?\)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\(\s?(?P<first>[A-Za-z][^()\d,;:]{{0,60}}?)\s?[,:]\s?(?:n\s?=\s?)?(?P<one>{FIGURES_PATTERN})(?:\s(?:patients|cases))?\s?(?:,|;|,?\sand|,?\svs\.?|,?\sversus)\s?"
        rf"(?P<second>[A-Za-z][^()\d,;:]{{0,60}}?)\s?[,:]\s?(?:n\s?=\s?)?(?P<other>{FIGURES_PATTERN})(?:\s(?:patients|cases))?\s?\)",
        re.IGNORECASE,
    ),
)
_RESPECTIVELY = re.compile(
    rf"(?<![\w.,%$=-])(?P<one>{WHOLE_NUMBER})\s(?:and|versus|vs\.?)\s(?P<other>{WHOLE_NUMBER})\s(?:\w+\s){{0,2}}?{_PEOPLE}\b[^.;]{{0,60}}?\b(?:for|in|to|received|underwent|with|were)\s"
    rf"(?:the\s)?(?P<first>[A-Za-z][^,;()]{{1,60}}?)(?:\sgroup)?\s(?:and|or|versus|vs\.?)\s(?:the\s)?(?P<second>[A-Za-z][^,;()]{{1,60}}?)(?:\s(?:groups?|arms?))?,?\srespectively",
    re.IGNORECASE,
)
_EACH = re.compile(
    rf"(?<![\w.,%$=-])(?P<number>{WHOLE_NUMBER})\s(?:\w+\s){{0,2}}?{_PEOPLE}?\s?(?:were\s)?(?:\w+\s)?(?:in|to|per)\s(?:each|both|either)\s(?:of\sthe\stwo\s)?(?:groups?|arms?|treatment)",
    re.IGNORECASE,
)
_STUDIES = re.compile(
    rf"(?P<label>[A-Za-z-]+)\s(?:articles|studies|trials|series|papers)\s?\(\s?(?:n\s?=\s?)?(?P<number>{FIGURES_PATTERN})\s(?:patients|participants)\s?\)",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"\b(?:arm|group)\s(?:[A-Z]|[12I]{1,2})\b|\b[A-Z]{1,4}\s(?:arm|group)\b")
_HURRIED = re.compile(
    rf"\b[Nn]\s?=|{_PEOPLE}|\b(?:groups?|arms?|cohorts?)\b|\((?:\d+\s[A-Za-z]|[A-Za-z]+[,:]\s\d)", re.IGNORECASE
)
_LEADING = re.compile(
    r"^.*?\b(?:to|either|receive|received|receiving|of|into|between|underwent|undergo|undergoing|using|treated with)\s+(?=\S)|^(?:\W*(?:and|or|vs\.?|versus|the|an?|in|with|by|were|was)\b\W*)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"\s*(?:,.*|\b(?:from|between|during|at|after|before|within|since|for|were|was|who|than|achieved|showed|had|have|experienced|developed|in\s(?:the|our|this)\s(?:study|hospital|department))\b.*|\b(?:and|or|vs\.?|versus|while|whereas|the)\W*)$",
    re.IGNORECASE | re.DOTALL,
)
_GROUP_NAME = re.compile(
    r"(?:\b(?!(?:the|an?|of|in|into|to|and|or|with|were|was|two|three|each|divided|assigned|either|versus|them)\b)[\w+/-]+\s){0,3}\b(?:groups?|arms?|cohorts?|set)\b(?:\s(?:[A-Z]|\d|I{1,3})\b)?|\b(?:placebo|controls?)\b",
    re.IGNORECASE,
)
_BARE_GROUP = re.compile(
    r"(?:\b(?:first|second|third|study|treatment|intervention|experimental|other)\s(?:groups?|arms?|cohorts?)|\b(?:groups?|arms?|cohorts?)\s\w{1,3})$",
    re.IGNORECASE,
)
_JOINED_TO = re.compile(
    r"(?:.*\b(?:for|after|with|in|of|to|receiving|received|underwent|by|and|or|versus|vs\.?)\s|.*[);]\s?|.*,\s|^)(?P<label>[A-Za-z][^;()]*)$", re.IGNORECASE | re.DOTALL
)
_RECEIVED = re.compile(
    r"^\)?\s*,?\s*(?:who\s)?(?:were\s)?(?:received?|receives|underwent|treated with|will receive)\s", re.IGNORECASE
)
# Words before a treatment's name that belong to it.
_OWN_WORDS = re.compile(
    r"(?:(?:no|non|without|preoperative|postoperative|pre-?|post-?|prophylactic|upfront|standard|conventional|palliative|additional|added|single|immediate|delayed|early|adjuvant)[\s–-])+$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"^\s(?:alone|only|group|arm|cohort)\b", re.IGNORECASE)
_NO_NAME = re.compile(r"^(?:(?:fe)?males?|(?:wo)?men|boys|girls|both|one|two|three|more|all|other|each)\b|^(?:patients?|cases?|groups?)$|^\d", re.IGNORECASE)
_NO_GROUP = re.compile(r"^(?:(?:both|all|two|three|one|each|other|the|same|\d)\s?)*(?:groups?|arms?|cohorts?|set)?$", re.IGNORECASE)
_REST = re.compile(r"\b(?:remaining|the rest|the others?)\b", re.IGNORECASE)
_MATCHED = re.compile(r"\bmatched (?:to|with|for|by|against)\b|\bmatch(?:ed|ing)\b", re.IGNORECASE)


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
    shared: bool = False
    treatment: str | None = None


def read_arm_sets(article: Article, design: Design, totals: Set[int]) -> tuple[ArmSet, ...]:
    """Return the sets of counts that can be a study's arms, in order.

    `totals`: the numbers of patients that the text prints for the whole study or a part of it.
    """
    divided = bool(_DIVIDED.search(article.body))
    found: list[ArmSet] = []
    alone: list[tuple[int, Sentence, _Count]] = []
    for index, sentence in enumerate(article.sentences):
        if sentence.zone not in ("title", "aim", "methods", "results", "mixed") or not _HURRIED.search(sentence.text):
            continue
        found += _pairs(sentence, totals, named=divided or design in _COMPARATIVE)
        counts = list(_counts(sentence))
        sets = list(_together(sentence, counts, design, totals, divided=divided))
        found += sets
        if not sets:
            alone += [(index, sentence, count) for count in counts if count.weight == 2]
    return (*found, *_over_sentences(alone, totals))


def _counts(sentence: Sentence) -> Iterator[_Count]:
    text = sentence.text
    matches = list(_MENTION.finditer(text))
    for place, match in enumerate(matches):
        number = whole_number(match["equals"] or match["count"])
        if not number:
            continue
        begin = matches[place - 1].end() if place else 0
        stop = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        name = _label(sentence, match, begin, stop)
        shared = "%" in match.group()
        yield _Count(
            number, name.label, name.weight, match.start(), match.end(), bool(match["equals"]), shared, name.treatment
        )


@dataclass(frozen=True, slots=True)
class _Name:
    """What a group is called, how surely (see `_Count`), and the id of the treatment in the name."""

    label: str
    weight: int
    treatment: str | None = None


_NAMELESS = _Name("", 0)


def _label(sentence: Sentence, match: re.Match[str], begin: int, stop: int) -> _Name:
    """What a count is called: of the places where its name may stand the first and surest."""
    names = [_name(sentence, start, end) for start, end in _places(sentence.text, match, begin, stop)]
    best = max(names, key=lambda name: name.weight, default=_NAMELESS)
    return best if best.weight else _NAMELESS


def _name(sentence: Sentence, start: int, end: int) -> _Name:
    """The name in a stretch of text: its treatment, else its group, else all of it."""
    text = sentence.text
    treatments = [n for n in sentence.of_kind("intervention") if start <= n.start and n.end <= end + 1]
    group = next(iter(list(_GROUP_NAME.finditer(text, start, end))[-1:]), None)
    if treatments:
        first, last = treatments[0].start, max(n.end for n in treatments)
        if last - first > 60:
            first, last = treatments[-1].start, treatments[-1].end
        own = _OWN_WORDS.search(text[start:first])
        if own:
            first = start + own.start()
        if more := _ALONE.match(text[last:end]):
            last += more.end()
        label = text[first:last].strip(" -–")
        denied = "not " if own and re.match(r"no", own.group(), re.IGNORECASE) else ""
        return _Name(label, 2, denied + treatments[0].concept.id)
    if group and not _NO_GROUP.match(group.group().strip()):
        return _Name(group.group().strip(), 2)
    label = _trimmed(text[start:end])
    without = "not treated" if re.match(r"non?[ -–]|without\b", label, re.IGNORECASE) else None
    return _Name(label, 1 if label and not _NO_NAME.match(label) else 0, without)


def _places(text: str, match: re.Match[str], begin: int, stop: int) -> Iterator[tuple[int, int]]:
    """Where the name of a count may stand, the likeliest first."""
    start, end = match.span()
    bracket = _open_bracket(text, begin, start)
    inside = bracket >= 0
    if match["equals"] and not inside:
        yield begin, start
        return
    named_before = match["equals"] or re.search(r"[A-Za-z]", text[bracket:start]) or text[end : end + 1] in ")]"
    if inside and named_before:
        yield from _around_bracket(text, begin, bracket, match, stop)
        return
    clause = re.search(r";|\.\s", text[end:stop])
    stop = end + clause.start() if clause else stop
    if bracketed := _GROUP_BRACKET.match(text[end:stop]):
        yield end + bracketed.start("label"), end + bracketed.end("label")
    if re.match(r"\s?=|\s?\(?\s?n\s?=", text[stop : stop + 6], re.IGNORECASE) and " and " in text[end:stop]:
        stop = text.rindex(" and ", end, stop)  # what follows is the next group's name
    if had := _HAD.match(text[end:stop]):
        yield end + had.start("label"), end + had.end("label")
    if match["kind"] and match["kind"].strip():
        yield match.start("kind"), match.end("kind")
    if before := _BEFORE.search(text[begin:start]):
        yield begin + before.start("label"), begin + before.end("label")


def _open_bracket(text: str, begin: int, start: int) -> int:
    """Where the bracket stands that is still open before `start`; -1 where none is."""
    places = [text.rfind(opening, begin, start) for opening, closing in ("()", "[]") if text.rfind(opening, begin, start) > text.rfind(closing, begin, start)]
    return max(places, default=-1)


def _around_bracket(
    text: str, begin: int, bracket: int, match: re.Match[str], stop: int
) -> Iterator[tuple[int, int]]:
    """The name of a count in brackets, "SBRT (n = 55)", "(SBRT: 55 patients)", "the first group (n = 55) received SBRT"."""
    start, end = match.span()
    outer = text[begin:bracket].rstrip()
    received = _RECEIVED.match(text[end:stop])
    if received and _BARE_GROUP.search(outer):
        yield end + received.end(), stop
    if re.search(r"\b(?:groups?|arms?|cohorts?|set)(?:\s\w{1,3})?$", outer, re.IGNORECASE):
        named = text.rfind(" into ", begin, bracket)
        yield max(begin, bracket - 45, named), bracket
    if outer.endswith(")"):  # "E (embolisation) (n = 18)": the long form stands in the bracket before
        yield max(begin, text.rfind("(", begin, bracket) + 1), begin + len(outer) - 1
        return
    inner = text[bracket + 1 : start]
    if re.search(r"[A-Za-z]{2}", inner) and not re.search(r"\d\s?(?:[×x]|Gy|mg|%)|CI\b", inner):
        yield bracket + 1, start
    before = _JOINED_TO.search(text, max(begin, bracket - 90), bracket)
    yield (before.start("label") if before else bracket), bracket
    if received:
        yield end + received.end(), stop


def _trimmed(label: str) -> str:
    label = label.strip(" ,;:()[]-–.")
    for _ in range(3):
        shorter = _TRAILING.sub("", _LEADING.sub("", label)).strip(" ,;:()[]-–.")
        if shorter == label or not shorter:
            break
        label = shorter
    return " ".join(label.split()[-8:]) if re.search(r"[A-Za-z]", label) else ""


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
            if made_up and (rest or _named(group, design, divided=divided)):
                yield _set(sentence, group, made_up=True)
            elif size == 2 and len(counts) == 2 and _evident(sentence, group, design):
                yield _set(sentence, group, made_up=False)
            elif size == len(counts) > 2 and all(c.equals and c.weight == 2 for c in group) and _GROUP.search(sentence.text):
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


def _evident(sentence: Sentence, group: list[_Count], design: Design) -> bool:
    """Whether two counts are arms though their sum is printed nowhere."""
    if _MATCHED.search(sentence.text):
        return design in _COMPARATIVE
    if not all(count.weight == 2 for count in group):
        return False
    if all(count.equals for count in group):
        return True
    if all(_GROUP.search(count.label) for count in group) and not any(count.shared for count in group):
        return True
    tested = sentence.of_kind("outcome") or any(count.shared for count in group)
    return design in _COMPARATIVE and not tested


def _set(sentence: Sentence, group: list[_Count], *, made_up: bool) -> ArmSet:
    arms = tuple(Arm(count.label, count.number) for count in group)
    treatments = [count.treatment for count in group]
    apart = _apart(*treatments) or (any(treatments) and bool(_REST.search(sentence.text)))
    return ArmSet(sentence, arms, group[0].start, group[-1].end, made_up, apart)


def _apart(*treatments: str | None) -> bool:
    """Whether each arm has its own treatment."""
    return None not in treatments and len(set(treatments)) == len(treatments)


def _pairs(sentence: Sentence, totals: Set[int], *, named: bool) -> Iterator[ArmSet]:
    """ "(19 TES, 19 SABR)", "96 and 213 patients ... SBRT and EB groups, respectively", "30 patients in each group"."""
    text = sentence.text
    patterns = (*(_IN_BRACKETS if "(" in text else ()), *((_RESPECTIVELY,) if "espectively" in text else ()))
    for pattern in patterns:
        for match in pattern.finditer(text):
            one, other = whole_number(match["one"]), whole_number(match["other"])
            if one and other and one + other in totals:
                first, second = (_name(sentence, *match.span(part)) for part in ("first", "second"))
                arms = (Arm(first.label, one), Arm(second.label, other))
                surely = min(first.weight, second.weight)
                if surely == 2 or (named and surely):
                    apart = _apart(first.treatment, second.treatment)
                    yield ArmSet(sentence, arms, match.start(), match.end(), made_up=True, treated_apart=apart)
    pooled = _STUDIES.finditer(text) if " patients)" in text or " participants)" in text else ()
    studies = [(whole_number(m["number"]) or 0, m) for m in pooled]
    if 2 <= len(studies) <= MOST_ARMS:
        arms_of_studies = tuple(Arm(match["label"], number) for number, match in studies)
        yield ArmSet(sentence, arms_of_studies, studies[0][1].start(), studies[-1][1].end(), made_up=False)
    for match in _EACH.finditer(text) if "each" in text or "both" in text or "either" in text else ():
        number = whole_number(match["number"])
        if number and 2 * number in totals:
            first, second = _two_names(sentence, match.start())
            arms = (Arm(first, number), Arm(second, number))
            yield ArmSet(sentence, arms, match.start(), match.end(), made_up=True)


def _two_names(sentence: Sentence, before: int) -> tuple[str, str]:
    """What the two groups of "30 patients in each group" are called: by the two treatments named before, or by letters."""
    treated = {n.concept.id: sentence.text[n.start : n.end] for n in sentence.of_kind("intervention") if n.end <= before}
    labels = list(treated.values())[-2:]
    if len(labels) < 2:
        labels = [label.group() for label in _LABELLED.finditer(sentence.text)]
    return (labels[0], labels[1]) if len(set(labels)) == len(labels) == 2 else ("first group", "second group")


def _over_sentences(alone: list[tuple[int, Sentence, _Count]], totals: Set[int]) -> Iterator[ArmSet]:
    """Two arms told in two sentences near each other, "Group A included 35 ... Group B consisted of 52"."""
    for (one, sentence, first), (other, _, second) in pairwise(alone):
        near = 0 < other - one <= 2 and first.label.lower() != second.label.lower()
        shared = first.shared or second.shared
        if near and not shared and first.number + second.number in totals:
            arms = (Arm(first.label, first.number), Arm(second.label, second.number))
            apart = _apart(first.treatment, second.treatment)
            yield ArmSet(sentence, arms, first.start, first.end, made_up=True, treated_apart=apart)
