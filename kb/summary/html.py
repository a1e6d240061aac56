"""A summary as one self-contained HTML page that prints well. All text of papers is escaped."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from kb.summary.citations import Reference, reference_text
from kb.summary.document import Document
from kb.summary.evidence_table import EvidenceRow
from kb.summary.markdown import TABLE_HEAD, runs
from kb.summary.section import Section
from kb.summary.sentences import Cite, Quoted, Sentence

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def to_html(document: Document) -> str:
    """Return the document as a page without scripts or anything loaded from elsewhere."""
    numbers = {reference.pmid: reference.number for reference in document.references}
    before = [section for section in document.sections if section.title in ("Scope", "Volume")]
    after = [section for section in document.sections if section not in before]
    notes = "".join(f"<li>{escape(note)}</li>" for note in document.notes)
    parts = [f'<p class="lead">{escape(document.description)}</p>', f'<ul class="notes">{notes}</ul>']
    parts += [_section(section, numbers) for section in before]
    parts.append(_table(document) if document.references else "")
    parts += [_section(section, numbers) for section in after]
    parts.append(_references(document.references))
    style = files("kb.summary").joinpath("summary.css").read_text(encoding="utf-8")
    return _PAGE.format(title=escape(document.title), style=style, body="\n".join(parts))


def _section(section: Section, numbers: dict[str, int]) -> str:
    sentences = "".join(f"<li>{_sentence(sentence, numbers)}</li>\n" for sentence in section.sentences)
    body = f"<ul>\n{sentences}</ul>" if sentences else ""
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in section.notes)
    return f"<section>\n<h2>{escape(section.title)}</h2>\n{body}{notes}\n</section>"


def _sentence(sentence: Sentence, numbers: dict[str, int]) -> str:
    words = []
    for part in sentence.parts:
        if isinstance(part, Cite):
            words.append(_citation(sorted({numbers[citation.pmid] for citation in part.citations})))
        elif isinstance(part, Quoted):
            words.append(_quotation(part))
        else:
            words.append(escape(part if isinstance(part, str) else part.text))
    basis = f' <small class="basis">({escape("; ".join(sentence.basis))})</small>' if sentence.basis else ""
    return "".join(words) + basis


def _quotation(part: Quoted) -> str:
    """The quoted words, with where they stand: PMID, section and character positions."""
    span = part.citation.passage
    where = f"{span.section}:{span.start}-{span.end}" if span else ""
    attributes = f'data-pmid="{escape(part.citation.pmid)}" data-span="{where}"'
    return f'<span class="quoted" {attributes}>{escape(part.text)}</span>'


def _citation(numbers: list[int]) -> str:
    shown = []
    for first, last in runs(numbers):
        ends = [first] if first == last else [first, last]
        joint = ", " if last == first + 1 else "–"
        shown.append(joint.join(f'<a href="#ref-{number}">{number}</a>' for number in ends))
    return f'<span class="cite"> [{", ".join(shown)}]</span>'


def _table(document: Document) -> str:
    if not document.table:
        note = "No reported result was found in the titles and abstracts of this topic."
        return f'<section>\n<h2>Evidence table</h2>\n<p class="note">{note}</p>\n</section>'
    head = "".join(f'<th scope="col">{name}</th>' for name in TABLE_HEAD)
    rows = "\n".join(_row(row) for row in document.table)
    note = ""
    if len(document.table) < document.table_total:
        shown = f"The first {len(document.table)} of {document.table_total} results are shown."
        note = f'<p class="note">{shown}</p>'
    table = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    box = f'<div class="table" role="region" aria-label="Evidence table" tabindex="0">\n{table}\n</div>'
    return f"<section>\n<h2>Evidence table</h2>\n{box}\n{note}</section>"


def _row(row: EvidenceRow) -> str:
    cells = (
        row.design,
        row.level,
        row.patients,
        row.comparison,
        row.outcome,
        row.time,
        row.result,
        row.direction,
    )
    study = f'<th scope="row">{escape(row.study)} <a href="#ref-{row.number}">[{row.number}]</a></th>'
    shown = "".join(f"<td>{escape(cell) or '–'}</td>" for cell in cells)
    return f"<tr>{study}{shown}<td>{escape(row.citation.pmid)}</td></tr>"


def _references(references: tuple[Reference, ...]) -> str:
    if not references:
        return ""
    items = "\n".join(_reference(reference) for reference in references)
    return f"<section>\n<h2>References</h2>\n<ol>\n{items}\n</ol>\n</section>"


def _reference(reference: Reference) -> str:
    text = escape(reference_text(reference))
    pmid = f'PMID: <a href="{escape(reference.pubmed_link)}">{escape(reference.pmid)}</a>.'
    link = reference.doi_link
    doi = f' doi:<a href="{escape(link)}">{escape(reference.doi or "")}</a>' if link else ""
    marks = ' <strong class="retracted">Retracted</strong>' if reference.retraction is not None else ""
    marks += " <em>Synopsis in our own words, not PubMed’s abstract.</em>" if reference.synopsis else ""
    return f'<li id="ref-{reference.number}">{text} {pmid}{doi}{marks}</li>'
