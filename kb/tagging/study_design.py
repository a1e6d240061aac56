"""Study design and question type: ordered rules over publication types, title and text (design_rules.toml).

The rule that fired is kept in words, with the quotation it fired on.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.evidence import Design, Question, Span
    from kb.tagging.article import Article, Sentence


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of design_rules.toml, compiled; all conditions given must hold."""

    design: Design
    why: str
    publication_types: frozenset[str]
    title: re.Pattern[str] | None
    methods: re.Pattern[str] | None
    text: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    needs_question: re.Pattern[str] | None
    needs_tool: bool
    needs_comparison: bool
    needs_abstract: bool


@dataclass(frozen=True, slots=True)
class DesignReading:
    """The design, why, and where it was read (None: from the publication type alone)."""

    design: Design
    reason: str
    span: Span | None


@cache
def _rules() -> tuple[Rule, ...]:
    def compiled(entry: dict[str, Any], key: str) -> re.Pattern[str] | None:
        return re.compile(entry[key], re.IGNORECASE) if key in entry else None

    table = tomllib.loads(files("kb.tagging").joinpath("design_rules.toml").read_text(encoding="utf-8"))
    return tuple(
        Rule(
            entry["design"],
            entry["why"],
            frozenset(entry.get("publication_type", ())),
            compiled(entry, "title"),
            compiled(entry, "methods"),
            compiled(entry, "text"),
            compiled(entry, "unless"),
            compiled(entry, "needs_question"),
            bool(entry.get("needs_tool")),
            bool(entry.get("needs_comparison")),
            bool(entry.get("needs_abstract")),
        )
        for entry in table["rule"]
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """What the rules look at, laid out once for all of them."""

    whole: str
    question: str
    title: tuple[Sentence, ...]
    methods: tuple[Sentence, ...]
    all: tuple[Sentence, ...]
    publication_types: frozenset[str]
    names_tool: bool
    has_abstract: bool
    compares: bool


def read_design(article: Article, *, compares: bool) -> DesignReading:
    """Return the design of the study. `compares`: whether treatments are compared (see `roles`)."""
    text = _Text(
        whole=f"{article.title}\n{article.body}",
        question=_question_words(article),
        title=tuple(article.in_zones("title")),
        methods=tuple(article.in_zones("aim", "methods", "results")),
        all=article.sentences,
        publication_types=frozenset(kind.name for kind in article.record.publication_types),
        names_tool=any(s.of_kind("tool") for s in article.sentences),
        has_abstract=bool(article.record.abstract),
        compares=compares,
    )
    for rule in _rules():
        if (reading := _apply(rule, text)) is not None:
            return reading
    return DesignReading("other", "no rule fits the text", None)


def _apply(rule: Rule, text: _Text) -> DesignReading | None:
    """The reading of one rule, or None where a condition fails; the costly conditions come last."""
    if (
        (rule.needs_comparison and not text.compares)
        or (rule.needs_abstract and not text.has_abstract)
        or (rule.needs_tool and not text.names_tool)
        or (rule.publication_types and not rule.publication_types & text.publication_types)
        or (rule.needs_question and not rule.needs_question.search(text.question))
    ):
        return None
    span = None
    places = ((rule.title, text.title), (rule.methods, text.methods), (rule.text, text.all))
    for pattern, sentences in places:
        if pattern is not None:
            span = _first_match(pattern, sentences)
            if span is None:
                return None
    if rule.unless and rule.unless.search(text.whole):
        return None
    reason = f'{rule.why}: "{span.text}"' if span else rule.why
    return DesignReading(rule.design, reason, span)


def _question_words(article: Article) -> str:
    """Title and aim: where a study says what it asks."""
    return " ".join(sentence.text for sentence in article.in_zones("title", "aim"))


def _first_match(pattern: re.Pattern[str], sentences: Sequence[Sentence]) -> Span | None:
    for sentence in sentences:
        if match := pattern.search(sentence.text):
            return sentence.span(match.start(), match.end())
    return None


_PROGNOSTIC = re.compile(
    r"\b(?:prognos\w+|predict\w*|risk factors?|factors? (?:affecting|associated|influencing|for)|survival after|"
    r"outcome predict\w+|nomogram|correlation of|biomarkers?)\b|\bassociated with (?:\w+ ){0,2}(?:survival|mortality|outcomes?)\b",
    re.IGNORECASE,
)
# An aim that asks which features go with an outcome, whatever was done to the patients.
_FACTORS = re.compile(
    r"\b(?:predictors? of|predictive factors?|prognostic (?:factors?|variables?|indicators?)|risk factors?|"
    r"factors? (?:associated|affecting|influencing|predict\w+|that|related)|to predict|associations? with|identify (?:\w+ ){0,3}factors|"
    r"(?:influence|impact) of (?:\w+ )?(?:age|frailty|sarcopenia|nutrition)|whether (?:\w+ )?age)\b",
    re.IGNORECASE,
)
_FREQUENCY = re.compile(
    r"\b(?:incidence|prevalence|epidemiolog\w+|trends?|patterns?|burden)\b", re.IGNORECASE
)
_DIAGNOSTIC = re.compile(
    r"\b(?:diagnos\w+|reliab\w+|agreement|sensitivity|imaging|MRI|PET|detection)\b", re.IGNORECASE
)
_NO_PATIENT_QUESTION: frozenset[Design] = frozenset({"laboratory", "survey", "guideline", "other"})
_TREATMENTS_COMPARED: frozenset[Design] = frozenset(
    {"rct", "protocol", "prospective_cohort", "retrospective_comparative"}
)
_TOLD: frozenset[Design] = frozenset({"case_report", "narrative_review", "case_series", "systematic_review"})


def read_question(article: Article, design: Design, *, treats: bool, compares: bool) -> Question:
    """Return the type of question, which settles the column of the level table.

    `treats`: an intervention stands in title or aim; `compares`: treatments are compared.
    """
    if design == "economic_evaluation":
        return "economic"
    if design == "diagnostic_accuracy":
        return "diagnostic"
    if design in ("prediction_model_development", "external_validation"):
        return "prognostic"
    if design in _NO_PATIENT_QUESTION:
        return "other"
    if design in _TREATMENTS_COMPARED:
        return "therapeutic"
    if design == "cross_sectional" and _FREQUENCY.search(article.title):
        return "other"
    treated = any(
        not n.hypothetical and not n.negated for s in article.sentences for n in s.of_kind("intervention")
    )
    if design == "case_report":
        return "therapeutic" if treated else "other"
    if _PROGNOSTIC.search(article.title) or (not compares and _FACTORS.search(_question_words(article))):
        return "prognostic"
    if _DIAGNOSTIC.search(article.title) and not treats:
        return "diagnostic"
    if compares:
        return "therapeutic"
    if _FREQUENCY.search(article.title) and not treats:
        return "prognostic"
    return "therapeutic" if treats or (treated and design in _TOLD) else "prognostic"
