"""What kind of study a text reports: design, question and sizes, by the rules and then by the trained readings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.tagging.study.sample_size import SampleSize, read_sample_size
from kb.tagging.study.study_design import DesignReading, read_design, read_question
from kb.tagging.study.study_models import settle_design, settle_question, words_of

if TYPE_CHECKING:
    from kb.evidence import Question
    from kb.tagging.article import Article
    from kb.tagging.roles import Comparison


@dataclass(frozen=True, slots=True)
class StudyReading:
    """A study's design with its reason, what it asks, and what was counted in it.

    `question_note` tells where a trained reading turned the question.
    """

    design: DesignReading
    question: Question
    size: SampleSize
    question_note: str | None = None


def read_by_rules(article: Article, comparison: Comparison) -> StudyReading:
    """Return what the rules alone read."""
    design = read_design(article, compares=comparison.compares)
    size = read_sample_size(article, design.design)
    if design.design == "case_series" and size.treated_apart and not comparison.compares:
        design = read_design(article, compares=True)  # its patients are counted by treatment
    return StudyReading(design, _asked(article, design, comparison), size)


def read_study(article: Article, comparison: Comparison) -> StudyReading:
    """Return what rules and trained readings together make of a study."""
    by_rules = read_by_rules(article, comparison)
    words = words_of(article, comparison)
    design = settle_design(words, by_rules.design)
    turned = design is not by_rules.design
    asked = _asked(article, design, comparison) if turned else by_rules.question
    size = read_sample_size(article, design.design) if turned else by_rules.size
    question, note = settle_question(words, design, asked)
    return StudyReading(design, question, size, note)


def _asked(article: Article, design: DesignReading, comparison: Comparison) -> Question:
    treats = any(s.of_kind("intervention") for s in article.in_zones("title", "aim"))
    return read_question(article, design, treats=treats, compares=comparison.compares)
