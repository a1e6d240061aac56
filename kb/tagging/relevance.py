"""Relevance: is a record about spinal metastases, how surely, and to which topics it belongs; each with reasons."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from kb.evidence import Relevance
from kb.tagging.salience import INCIDENTAL

if TYPE_CHECKING:
    from kb.tagging.article import Article, Sentence

# The conditions (with everything narrower) that make a record ours.
_SPINAL = frozenset({"spinal_metastases", "metastatic_spinal_cord_compression"})
_SKELETAL = frozenset({"bone_metastases"})
_SPINE = re.compile(
    r"\b(?:spin(?:e|al)\w*|vertebra\w*|spondyl\w+|corpectom\w+|kyphoplast\w+|epidural (?:spin\w+|cord|metasta\w+|disease|tumou?r\w*|compression|spread)|cauda equina)",
    re.IGNORECASE,
)
_CANCER = re.compile(
    r"\b(?:metasta\w+|malignan\w+|cancer\w*|tumou?r\w*|neoplas\w+|onco\w+|carcinoma\w*|myeloma|ESCC)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:primary (?:spin\w+|bone|vertebral|malignant)|osteopor\w+|degenerat\w+|disc hern\w+|scoliosis|intradural|"
    r"intramedullary|glioma\w*|meningioma\w*|schwannoma\w*|ependymoma\w*|brain metasta\w+|trauma\w*|benign|"
    r"chordoma\w*|osteosarcoma\w*|giant[- ]cell)\b",
    re.IGNORECASE,
)
_SPINE_RADIOSURGERY = frozenset(
    {"stereotactic_body_radiotherapy", "postoperative_stereotactic_body_radiotherapy"}
)
_ON_TOPIC = 0.5


def read_relevance(article: Article) -> Relevance:
    """Score a record from 0 to 1; at 0.5 and above it is on topic."""
    points = [*_named_points(article), *_worded_points(article)]
    if not points:
        return Relevance(on_topic=False, score=0.0, reasons=("names no metastases of the spine",))
    score = max(value for value, _ in points) + 0.1 * (len(points) - 1)
    reasons = [reason for _, reason in points]
    if (match := _ELSEWHERE.search(article.title)) and not re.search(
        r"metasta", article.title, re.IGNORECASE
    ):
        score -= 0.5
        reasons.append(f'title is about something else: "{match.group()}"')
    score = round(min(1.0, max(0.0, score)), 2)
    return Relevance(score >= _ON_TOPIC, score, tuple(reasons))


def _named_points(article: Article) -> list[tuple[float, str]]:
    """Points for conditions of the vocabulary and for MeSH headings."""
    points = []
    spinal = article.vocabulary.with_narrower(_SPINAL)
    named = Counter(n.concept.id for s in article.sentences for n in s.named if not n.negated)
    title = {n.concept.id for s in article.in_zones("title") for n in s.named}
    if found := sorted(title & spinal):
        points.append((0.8, f"title names {_label(article, found[0])}"))
    if count := sum(named[c] for c in spinal):
        points.append((min(0.3 + 0.15 * count, 0.7), f"names spinal metastases {count} times"))
    if _mesh_metastatic(article):
        points.append((0.6, "MeSH headings: metastases of the spine"))
    skeletal = article.vocabulary.with_narrower(_SKELETAL)
    if sum(named[c] for c in skeletal) and any(_SPINE.search(s.text) for s in article.sentences):
        weight = 0.55 if title & skeletal else 0.35
        points.append((weight, "bone metastases, with the spine in the text"))
    return points


def _worded_points(article: Article) -> list[tuple[float, str]]:
    """Points for words of the spine and of cancer that stand together."""
    title = article.title
    if _SPINE.search(title) and _CANCER.search(title):
        return [(0.6, "title holds words of the spine and of cancer")]
    radiosurgery = any(
        n.concept.id in _SPINE_RADIOSURGERY for s in article.in_zones("title") for n in s.named
    )
    if radiosurgery and _SPINE.search(title):
        return [(0.6, "title names stereotactic radiotherapy of the spine")]
    together = sum(bool(_SPINE.search(s.text) and _CANCER.search(s.text)) for s in article.sentences)
    if together >= 2 and (_SPINE.search(title) or _CANCER.search(title)):
        return [(0.5, f"{together} sentences hold words of the spine and of cancer")]
    return []


def _label(article: Article, concept: str) -> str:
    return article.vocabulary.concepts[concept].label.lower()


def _mesh_metastatic(article: Article) -> bool:
    names = {heading.descriptor for heading in article.record.mesh}
    secondary = {
        h.descriptor for h in article.record.mesh if any(q.name == "secondary" for q in h.qualifiers)
    }
    if "Spinal Neoplasms" in secondary:
        return True
    return "Spinal Cord Compression" in names and bool(
        names & {"Neoplasm Metastasis", "Bone Neoplasms", "Spinal Neoplasms"}
    )


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
