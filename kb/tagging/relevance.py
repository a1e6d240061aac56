"""Relevance: is a record about spinal metastases, how surely, and to which topics it belongs; each with reasons."""

from __future__ import annotations

from collections import Counter

from kb.evidence import Relevance
from kb.tagging.article import Article, Sentence
from kb.tagging.roles import INCIDENTAL

# Ids of conditions that make a record ours, and of those that count where the spine is part of the text.
_SPINAL = frozenset(
    {"spinal_metastases", "metastatic_spinal_cord_compression", "metastatic_epidural_spinal_cord_compression", "vertebral_metastases"}
)
_SKELETAL = frozenset({"bone_metastases", "skeletal_metastases"})
_MESH_SPINE = frozenset({"Spinal Neoplasms", "Spinal Cord Compression", "Epidural Neoplasms"})
_ON_TOPIC = 0.5


def read_relevance(article: Article) -> Relevance:
    """Score a record from 0 to 1; at 0.5 and above it is on topic."""
    points: list[tuple[float, str]] = []
    named = Counter(n.concept.id for s in article.sentences for n in s.named if not n.negated)
    title = {n.concept.id for s in article.in_zones("title") for n in s.named}
    if found := sorted(title & _spinal(article)):
        points.append((0.8, f"title names {_label(article, found[0])}"))
    spinal = sum(named[c] for c in _spinal(article))
    if spinal:
        points.append((min(0.3 + 0.15 * spinal, 0.7), f"text names spinal metastases {spinal} times"))
    headings = {h.descriptor: h for h in article.record.mesh}
    if _mesh_metastatic(headings.keys(), article):
        points.append((0.6, "MeSH headings: spinal neoplasms, secondary"))
    skeletal = {"bone_metastases", *_SKELETAL}
    spine_words = any(_names_spine(s) for s in article.sentences)
    if title & skeletal and (spine_words or named["skeletal_related_events"] or named["skeletal_related_event"]):
        points.append((0.55, "title names bone metastases and the text includes the spine or skeletal events"))
    elif any(named[c] for c in skeletal) and spine_words:
        points.append((0.5 if sum(named[c] for c in skeletal) > 1 else 0.35, "bone metastases with the spine in the text"))
    if not points:
        return Relevance(on_topic=False, score=0.0, reasons=("names no spinal metastases",))
    score = min(1.0, round(max(p for p, _ in points) + 0.1 * (len(points) - 1), 2))
    return Relevance(score >= _ON_TOPIC, score, tuple(reason for _, reason in points))


def _spinal(article: Article) -> frozenset[str]:
    """The spinal conditions and everything narrower than them."""
    concepts = article.vocabulary.concepts
    return frozenset(
        c for c in concepts if c in _SPINAL or any(a in _SPINAL for a in article.vocabulary.ancestors(c))
    )


def _label(article: Article, concept: str) -> str:
    return article.vocabulary.concepts[concept].label.lower()


def _names_spine(sentence: Sentence) -> bool:
    lowered = sentence.text.lower()
    return any(word in lowered for word in ("spine", "spinal", "vertebra"))


def _mesh_metastatic(descriptors: object, article: Article) -> bool:
    for heading in article.record.mesh:
        if heading.descriptor in _MESH_SPINE and any(q.name == "secondary" for q in heading.qualifiers):
            return True
    names = {h.descriptor for h in article.record.mesh}
    return "Spinal Cord Compression" in names and bool(names & {"Neoplasm Metastasis", "Bone Neoplasms", "Spinal Neoplasms"})


def read_topics(article: Article, studied: tuple[str, ...], under_test: frozenset[str]) -> tuple[str, ...]:
    """Return the topics of a record in the vocabulary's order.

    A concept brings its topics when the title names it, or when it is under study and named in aim or conclusion.
    """
    title = {n.concept.id for s in article.in_zones("title") for n in s.named if not n.negated}
    core = {n.concept.id for s in article.in_zones("aim", "conclusion") for n in s.named if not n.negated and not n.hypothetical}
    counts = Counter(n.concept.id for s in article.sentences for n in s.named if s.zone not in ("background", "other"))
    chosen = title | {c for c in studied[:3] if c in core and counts[c] >= 2 and c not in INCIDENTAL} | under_test
    found: set[str] = set()
    for identifier in chosen:
        concept = article.vocabulary.concepts[identifier]
        found |= set(concept.topics)
        if concept.kind == "intervention":
            for ancestor in article.vocabulary.ancestors(identifier):
                found |= set(article.vocabulary.concepts[ancestor].topics)
        if concept.domain == "epidemiology":
            found.add("burden")
    return tuple(topic for topic in article.vocabulary.topics if topic in found)
