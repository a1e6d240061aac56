"""Relevance: is a record about spinal metastases, how surely, and to which topics it belongs; each with reasons."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from kb.tagging.on_topic import judge
from kb.tagging.salience import INCIDENTAL

if TYPE_CHECKING:
    from kb.evidence import Relevance
    from kb.tagging.article import Article, Sentence


def read_relevance(article: Article) -> Relevance:
    """Score a record from 0 to 1; at 0.5 and above it is on topic."""
    return judge(article.record)


_BURDEN_OUTCOMES = frozenset(
    {
        "incidence_of_spinal_metastases",
        "prevalence_of_spinal_metastases",
        "health_care_utilisation",
        "health_care_disparity",
    }
)
_BURDEN_TITLE = re.compile(
    r"\b(?:incidence|prevalence|epidemiolog\w+|burden|trends?|population-based|nationwide|registry)\b",
    re.IGNORECASE,
)


def read_topics(article: Article, studied: tuple[str, ...], under_test: frozenset[str]) -> tuple[str, ...]:
    """Return the topics of a record in the vocabulary's order.

    A concept brings its topics when the title names it, or when it is under study and named in aim or conclusion.
    """
    title = {n.concept.id for s in article.in_zones("title") for n in s.named if not n.negated}
    core = {n.concept.id for s in article.in_zones("aim", "conclusion") for n in s.named if not n.negated}
    counts = Counter(
        n.concept.id for s in article.sentences for n in s.named if s.zone not in ("background", "other")
    )
    leading = {c for c in studied[:3] if c in core and counts[c] >= 1 and c not in INCIDENTAL}
    found: set[str] = set()
    for identifier in title | leading | under_test:
        concept = article.vocabulary.concepts[identifier]
        found |= set(concept.topics)
        if concept.kind == "intervention":
            for ancestor in article.vocabulary.ancestors(identifier):
                found |= set(article.vocabulary.concepts[ancestor].topics)
    if title & _BURDEN_OUTCOMES or _about_burden(article):
        found.add("burden")
    return tuple(topic for topic in article.vocabulary.topics if topic in found)


def _about_burden(article: Article) -> bool:
    titles: list[Sentence] = list(article.in_zones("title"))
    return any(_BURDEN_TITLE.search(s.text) and not s.of_kind("intervention") for s in titles)
