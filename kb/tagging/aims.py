"""Aims: what a study itself set out to do, apart from the reasons that lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.tagging.zones import is_aim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.tagging.article import Article, Sentence


def own_sentences(article: Article) -> Iterator[Sentence]:
    """Yield the sentences of a study's own: a section on its aim often opens with why it was done."""
    opening: set[int] = set()  # sections whose aim is still to come
    for sentence in article.in_zones("aim"):
        if is_aim(sentence.text):
            opening.add(sentence.section)
    for sentence in article.sentences:
        if sentence.zone == "aim" and sentence.section in opening:
            if not is_aim(sentence.text):
                continue
            opening.discard(sentence.section)
        yield sentence


def stated_aims(article: Article) -> Iterator[Sentence]:
    """Return the title and the sentences that state the aim."""
    return (s for s in own_sentences(article) if s.zone in ("title", "aim"))
