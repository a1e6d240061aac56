"""Text with its evidence marked: every piece is escaped, and the text that is left is the stored text exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Marked:
    """A span of one section: a concept (`kind` set) or a quoted sentence of a finding (`anchor` set)."""

    start: int
    end: int
    kind: str = ""
    title: str = ""
    link: str = ""
    negated: bool = False
    hypothetical: bool = False
    anchors: tuple[str, ...] = ()


def highlight(text: str, sentences: Sequence[Marked], concepts: Sequence[Marked]) -> Markup:
    """Return `text` as HTML with quoted sentences as <span class="quoted"> and concepts as <mark>.

    Spans that reach outside the text or overlap an earlier one of their kind are left unmarked, never cut.
    """
    out = Markup()
    position = 0
    for sentence in _apart(sentences, len(text)):
        out += _concepts(text, position, sentence.start, concepts)
        anchors = Markup("").join(Markup('<a id="e-{}"></a>').format(anchor) for anchor in sentence.anchors)
        inner = _concepts(text, sentence.start, sentence.end, concepts)
        out += Markup('<span class="quoted" id="s-{}">{}{}</span>').format(
            sentence.anchors[0], anchors, inner
        )
        position = sentence.end
    return out + _concepts(text, position, len(text), concepts)


def _concepts(text: str, start: int, end: int, concepts: Sequence[Marked]) -> Markup:
    out = Markup()
    position = start
    inside = [mark for mark in concepts if start <= mark.start and mark.end <= end]
    for mark in _apart(inside, end):
        out += escape(text[position : mark.start]) + _mark(text, mark)
        position = mark.end
    return out + escape(text[position:end])


def _mark(text: str, mark: Marked) -> Markup:
    classes = (
        f"m m-{mark.kind}" + (" negated" if mark.negated else "") + (" supposed" if mark.hypothetical else "")
    )
    said = (
        mark.title
        + (" (denied here)" if mark.negated else "")
        + (" (only supposed)" if mark.hypothetical else "")
    )
    anchors = Markup("").join(Markup('<a id="e-{}"></a>').format(anchor) for anchor in mark.anchors)
    body = Markup('<mark class="{}" title="{}">{}</mark>').format(classes, said, text[mark.start : mark.end])
    linked = Markup('<a class="plain" href="{}">{}</a>').format(mark.link, body) if mark.link else body
    return anchors + linked


def _apart(marks: Sequence[Marked], end: int) -> list[Marked]:
    """The marks in order, without those that overlap an earlier one or leave the text."""
    kept: list[Marked] = []
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        if mark.start < mark.end <= end and (not kept or mark.start >= kept[-1].end):
            kept.append(mark)
    return kept
