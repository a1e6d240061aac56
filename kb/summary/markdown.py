"""A summary as Markdown: citations link to the list of references, and texts of papers stay text."""

from __future__ import annotations

import re

from kb.summary.citations import Reference, reference_text
from kb.summary.document import Document
from kb.summary.evidence_table import EvidenceRow
from kb.summary.section import Section
from kb.summary.sentences import Cite, Sentence

TABLE_HEAD = (
    "Study",
    "Design",
    "Level",
    "Patients",
    "Comparison",
    "Outcome",
    "Time",
    "Result",
    "Direction",
    "PMID",
)
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])|&(?=#?\w+;)")


def to_markdown(document: Document) -> str:
    """Return the document as CommonMark with a pipe table."""
    numbers = {reference.pmid: reference.number for reference in document.references}
    parts = [f"# {escape(document.title)}", escape(document.description)]
    parts.append("\n".join(f"> {escape(note)}  " for note in document.notes))
    before = [section for section in document.sections if section.title in ("Scope", "Volume")]
    after = [section for section in document.sections if section not in before]
    parts += [_section(section, numbers) for section in before]
    parts.append(_table(document) if document.references else "")
    parts += [_section(section, numbers) for section in after]
    parts.append(_references(document.references))
    return "\n\n".join(part for part in parts if part) + "\n"


def escape(text: str) -> str:
    """Make `text` stay text in Markdown: no markup, links, tags or new lines come of it."""
    flat = " ".join(text.split())
    return _SPECIAL.sub(lambda match: "\\" + match.group(), flat)


def _section(section: Section, numbers: dict[str, int]) -> str:
    lines = [f"## {escape(section.title)}", ""]
    lines += [f"- {_sentence(sentence, numbers)}" for sentence in section.sentences]
    lines += ["", "\n\n".join(f"*{escape(note)}*" for note in section.notes)] if section.notes else []
    return "\n".join(lines).rstrip().replace("\n\n\n", "\n\n")


def _sentence(sentence: Sentence, numbers: dict[str, int]) -> str:
    words = []
    for part in sentence.parts:
        if isinstance(part, Cite):
            words.append(" " + _citation(sorted({numbers[citation.pmid] for citation in part.citations})))
        else:
            words.append(escape_part(part if isinstance(part, str) else part.text))
    basis = f" *({escape('; '.join(sentence.basis))})*" if sentence.basis else ""
    return "".join(words) + basis


def escape_part(text: str) -> str:
    """Escape a part of a sentence, keeping the spaces at its ends."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{escape(text)}{after}" if text.strip() else text


def runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Join neighbouring numbers: [1, 2, 3, 5] gives [(1, 3), (5, 5)]."""
    joined: list[tuple[int, int]] = []
    for number in numbers:
        if joined and number == joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], number)
        else:
            joined.append((number, number))
    return joined


def _citation(numbers: list[int]) -> str:
    shown = []
    for first, last in runs(numbers):
        ends = [first] if first == last else [first, last]
        joint = ", " if last == first + 1 else "–"
        shown.append(joint.join(f"[{number}](#ref-{number})" for number in ends))
    return f"\\[{', '.join(shown)}\\]"


def _table(document: Document) -> str:
    lines = ["## Evidence table", ""]
    if not document.table:
        return "\n".join(
            [*lines, "*No reported result was found in the titles and abstracts of this topic.*"]
        )
    lines += ["| " + " | ".join(TABLE_HEAD) + " |", "|" + " --- |" * len(TABLE_HEAD)]
    lines += [_row(row) for row in document.table]
    if len(document.table) < document.table_total:
        lines += ["", f"*The first {len(document.table)} of {document.table_total} results are shown.*"]
    return "\n".join(lines)


def _row(row: EvidenceRow) -> str:
    cells = (
        row.study,
        row.design,
        row.level,
        row.patients,
        row.comparison,
        row.outcome,
        row.time,
        row.result,
        row.direction,
    )
    shown = [escape(cell) or "–" for cell in cells]
    shown[0] += f" \\[[{row.number}](#ref-{row.number})\\]"
    return "| " + " | ".join([*shown, escape(row.citation.pmid)]) + " |"


def _references(references: tuple[Reference, ...]) -> str:
    if not references:
        return ""
    lines = ["## References", ""]
    for reference in references:
        marks = " **Retracted.**" if reference.retraction is not None else ""
        marks += " *Synopsis in our own words, not PubMed's abstract.*" if reference.synopsis else ""
        doi = f" doi:[{escape(reference.doi or '')}]({reference.doi_link})" if reference.doi_link else ""
        pmid = f"PMID: [{escape(reference.pmid)}]({reference.pubmed_link})."
        anchor = f'<a id="ref-{reference.number}"></a>'
        lines.append(f"{reference.number}. {anchor}{escape(reference_text(reference))} {pmid}{doi}{marks}")
    return "\n".join(lines)
