"""Settings: on which patients a tool was judged, those it was made from, some held back, or others."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kb.tagging.numbers.printed_numbers import plain
from kb.tagging.prognostic.metric_intervals import without_asides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.evidence import Design, Setting
    from kb.tagging.article import Article
    from kb.tagging.prognostic.metrics import Reported

_GROUP = r"(?:sets?|cohorts?|groups?|samples?|data(?:sets?)?|populations?)"
_MARKS: tuple[tuple[Setting, re.Pattern[str]], ...] = (
    (
        "external_validation",
        re.compile(
            rf"\bexternal(?:ly)?[- ]+(?:validat\w+|test\w*|{_GROUP})(?: (?:test |validation )?{_GROUP})?|\bindependent (?:external )?(?:validation|test)\w*(?: {_GROUP})?|\bexternal\b(?=,? (?:and|test|\())",
            re.IGNORECASE,
        ),
    ),
    (
        "internal_validation",
        re.compile(
            rf"\binternal(?:ly)?[- ]+(?:validat\w+|test\w*)(?: {_GROUP})?|\bbootstrap\w*(?: (?:internal )?(?:validation|resampling))*|\b(?:\w+-?fold )?cross-?validat\w+|\boptimism[- ](?:corrected|adjusted)"
            rf"|\b(?:test(?:ing)?|validation|hold-?out|holdout)(?: {_GROUP})|\binternal\b(?=,? (?:and|\())|\bvalidation\b(?= (?:\([^()]*\) )?(?:and|or) (?:external|test))|^validation\b(?= (?:\w+ ){{0,3}}(?:show|yield|reveal|result|gave|demonstrat))",
            re.IGNORECASE,
        ),
    ),
    (
        "development",
        re.compile(
            rf"\b(?:training|development(?:al)?|derivation|primary|modell?ing|construction|model establishment)(?: {_GROUP})|\b(?:training|derivation|development)\b(?=,? (?:and|,|validation|testing|test|internal))",
            re.IGNORECASE,
        ),
    ),
)
_LITERAL = re.compile(r"internal|external|bootstrap|cross|optimism", re.IGNORECASE)
_VALIDATES = re.compile(r"\bvalidat\w+|\bvalidity\b", re.IGNORECASE)
_INTERNAL = re.compile(r"\binternal(?:ly)?[- ]+validat\w+|\bcross-?validat\w+", re.IGNORECASE)
_EXTERNAL = re.compile(r"\bexternal(?:ly)?\b", re.IGNORECASE)
_REVIEWS = frozenset({"meta_analysis", "systematic_review", "narrative_review"})
_GOES_ON = re.compile(r"(?:its|their|it|they|corresponding(?:ly)?)\b", re.IGNORECASE)
# Patients held back from the making of the model, and the making repeated on parts of them.
_HELD_BACK = re.compile(
    r"\bcross-?validat\w+|\bhold-?out\b|\btest(?:ing)? (?:set|cohort|data)s?\b|\btrain-?(?:ing)?[/-]test split|\binternal validation \(|"
    r"\bbootstrap\w*\b[^.;]{0,40}\binternal(?:ly)? validat|\binternal(?:ly)? validat\w+[^.;]{0,40}\bbootstrap",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Usual:
    """What a paper says of its settings for all sentences: `setting` where one says nothing, `validation` where it says
    only "validation"; `makes`: whether the paper makes a tool."""

    setting: Setting
    validation: Setting
    makes: bool


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    setting: Setting


def settings_of(
    text: str, figures: Sequence[Reported], usual: Usual, made_here: Sequence[bool], before: Setting | None
) -> list[Setting]:
    """Return the setting of each figure of a sentence; `made_here`: whether its tool is one that the paper makes.

    `before` is the setting of the sentence before, which "its sensitivity" goes on with. For a tool that others made,
    "the validation cohort" is an external one; only what is called internal is not.
    """
    marks = _marks(text, usual)
    if not marks and before is not None and _GOES_ON.match(text):
        usual = replace(usual, setting=before)
    result: list[Setting] = []
    for place, figure in enumerate(figures):
        if figure.metric in ("kappa", "icc"):
            result.append("reliability")
        elif not made_here[place]:
            result.append("external_validation")  # another's tool, tried on the patients of a new one
        else:
            result.append(_marked(text, figures, place, marks) or usual.setting)
    return result


def marked_setting(text: str, usual: Usual) -> Setting | None:
    """Return the one setting that a sentence names, None where it names none or several."""
    settings = {mark.setting for mark in _marks(text, usual)}
    return settings.pop() if len(settings) == 1 else None


def _marks(text: str, usual: Usual) -> list[_Mark]:
    found: list[_Mark] = []
    for setting, pattern in _MARKS:
        for match in pattern.finditer(text):
            if any(match.start() < mark.end and mark.start < match.end() for mark in found):
                continue
            literal = _LITERAL.match(match.group()) is not None
            if literal or usual.makes:
                plain = setting == "internal_validation" and not literal and "valid" in match.group().lower()
                found.append(_Mark(match.start(), match.end(), usual.validation if plain else setting))
    return sorted(found, key=lambda mark: mark.start)


def _lists(text: str, marks: Sequence[_Mark]) -> list[list[_Mark]]:
    """Marks that only commas and "and" part, p values in parentheses left out."""
    lists: list[list[_Mark]] = []
    for mark in marks:
        gap = without_asides(text[lists[-1][-1].end : mark.start]) if lists else ""
        if lists and re.fullmatch(r"\s*(?:,|/|and|, and)\s*(?:(?:the|an|a|in|on|independent)\s)*", gap):
            lists[-1].append(mark)
        else:
            lists.append([mark])
    return [listed for listed in lists if len(listed) > 1]


def _marked(text: str, figures: Sequence[Reported], place: int, marks: Sequence[_Mark]) -> Setting | None:
    """The mark of a value: one of a list in the values' order, else the one behind its list, else the last in front."""
    if not marks:
        return None
    figure = figures[place]
    run = [one for one in figures if one.run == figure.run]
    holding = [mark for mark in marks if re.fullmatch(r"\s?[\[(][^()]{0,90}", text[mark.end : figure.start])]
    if holding:
        return holding[-1].setting  # "in the internal (AUC 0.90) and the external cohort (AUC 0.88)"
    for listed in _lists(text, marks):
        fits = len(listed) == len(run) > 1 and len({mark.setting for mark in listed}) == len(listed)
        if fits and not (run[0].start < listed[0].start < run[-1].end):
            return listed[run.index(figure)].setting
    until = min(
        (one.start for one in figures if one.start > figure.end and one.run != figure.run), default=len(text)
    )
    following = next((one.start for one in figures if one.start > figure.start), until)
    for limit in (following, until):
        behind = [mark for mark in marks if figure.end <= mark.start < limit]
        if behind and not re.search(r"\b(?:while|whereas|but)\b|;", text[figure.end : behind[0].start]):
            lead = text[max(0, behind[0].start - 24) : behind[0].start]
            if limit == until or re.search(
                r"\b(?:in|on|at|for|by|after|with|during|upon|of|via)\b|\($", lead
            ):
                return behind[0].setting
    ahead = [mark for mark in marks if mark.end <= figure.start]
    return ahead[-1].setting if ahead else None


def usual_setting(article: Article, design: Design, *, makes: bool) -> Usual:
    """Return where a paper judges its tool unless a sentence says otherwise.

    A paper that makes a tool judges it on its own patients; one that validates a tool does so on others, even where
    the design is read as that of an agreement study or a series.
    """
    asked = [sentence.text for sentence in article.in_zones("title", "aim")]
    inside, outside = (any(pattern.search(t) for t in asked) for pattern in (_INTERNAL, _EXTERNAL))
    validation: Setting = "external_validation" if outside and not inside else "internal_validation"
    if makes:
        held_back = any(_HELD_BACK.search(plain(sentence.text)) for sentence in article.in_zones("methods"))
        own: Setting = "internal_validation" if inside or held_back else "development"
        return Usual(own, validation, makes)
    if design == "external_validation":
        return Usual("internal_validation" if inside else "external_validation", validation, makes)
    tried = design not in (*_REVIEWS, "diagnostic_accuracy") and any(_VALIDATES.search(t) for t in asked)
    return Usual("external_validation" if tried else "unclear", validation, makes)
