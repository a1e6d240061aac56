"""A cited summary of one topic: what there is, what was found, what agrees and what conflicts.

`summarise` makes the document; `kb.summary.markdown` and `kb.summary.html` print it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from kb.summary.citations import Reference
from kb.summary.composing import (
    agreement,
    outcome_sections,
    retractions,
    scope,
    signed_grades,
    tool_section,
    volume,
)
from kb.summary.evidence_table import EvidenceRow, evidence_rows
from kb.summary.material import Material, read_material
from kb.summary.section import Section

MOST_TABLE_ROWS = 200


@dataclass(frozen=True, slots=True)
class Document:
    """A summary. `notes` are about the document itself; everything said about the evidence is in sentences.

    `table_total` counts the rows there are, of which `table` holds the first.
    """

    topic: str
    title: str
    description: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    table: tuple[EvidenceRow, ...]
    table_total: int
    references: tuple[Reference, ...]


def summarise(db: Database, topic: str) -> Document:
    """Summarise what the knowledge base holds about `topic` (its id).

    Papers are those tagged with the topic, about spinal metastases and neither retracted nor withdrawn;
    claims are counted over these papers alone. The same database gives the same document.

    Raises
    ------
    UnknownTopic
        There is no such topic; the message lists those there are.
    """
    material = read_material(db, topic)
    rows = evidence_rows(material)
    return Document(
        topic=material.topic.id,
        title=f"{material.topic.label}: summary of the evidence on spinal metastases",
        description=material.topic.description,
        notes=_notes(material),
        sections=_sections(material),
        table=rows[:MOST_TABLE_ROWS],
        table_total=len(rows),
        references=tuple(material.references.values()),
    )


def _sections(material: Material) -> tuple[Section, ...]:
    if not material.papers:
        return (scope(material), *retractions(material))
    return (
        scope(material),
        volume(material),
        *outcome_sections(material),
        *tool_section(material),
        agreement(material),
        *signed_grades(material),
        *retractions(material),
    )


def _signed_words(material: Material) -> str:
    if not material.signatures:
        return "no reviewer has signed them"
    return "where a reviewer signed a grade, it is told beside the pre-filled one"


def _notes(material: Material) -> tuple[str, ...]:
    counted = len(material.papers)
    notes = [
        f"This summary rests on {counted} of the {material.records} records in the knowledge base:"
        " those tagged with this topic and about spinal metastases. Not counted:"
        f" {material.retracted_count} retracted, {material.withdrawn_count} withdrawn."
    ]
    if synopses := sum(paper.origin == "sample" for paper in material.papers.values()):
        notes.append(
            f"Of these {counted}, {synopses} {'is a synopsis' if synopses == 1 else 'are synopses'} in the"
            " words of the SpineMets KB authors, not PubMed's abstract; quotations are from the synopsis."
        )
    notes += [
        "Levels of evidence and grades of recommendation (A, B, C, I; North American Spine Society) are"
        f" pre-filled by rule; {_signed_words(material)}.",
        "Evidence was read by program from titles and abstracts: read the papers before acting on it."
        " This is no medical advice.",
        f"Last finished build: {material.last_run}." if material.last_run else "No build has finished yet.",
    ]
    return tuple(notes)
