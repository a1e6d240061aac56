"""Values as rows: which table and column each part of a record or an extraction is kept in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from harvest.record import Author, MeshHeading, Record
from kb.evidence import Extraction, Finding, Mention, Span, Study, ToolPerformance, evidence_keys

Cell = str | int | float | None
Row = tuple[Cell, ...]
Rows = dict[str, list[Row]]

_SPAN = ("section", "start", "end", "text")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "records": (
        *("pmid", "title", "abstract", "vernacular_title", "authors_text", "authors_complete"),
        *("journal", "journal_abbreviation", "issn", "volume", "issue", "pages"),
        *(
            "year",
            "month",
            "day",
            "date_text",
            "entered",
            "revised",
            "status",
            "doi",
            "pmcid",
            "pmid_version",
        ),
        *(
            "languages",
            "keywords",
            "registrations",
            "origin",
            "retracted",
            "deleted",
            "digest",
            "retrieved_at",
        ),
    ),
    "sections": ("pmid", "section", "label", "category", "text"),
    "other_abstracts": ("pmid", "position", "kind", "language", "text"),
    "authors": (
        *("pmid", "position", "last_name", "fore_name", "initials", "suffix", "collective", "orcid"),
        "affiliations",
    ),
    "publication_types": ("pmid", "position", "name", "ui"),
    "mesh_headings": ("pmid", "position", "descriptor", "ui", "major", "qualifiers"),
    "chemicals": ("pmid", "position", "name", "ui", "registry_number"),
    "reference_list": ("pmid", "position", "cited_pmid", "doi", "citation"),
    "corrections": ("pmid", "position", "kind", "notice_pmid", "citation", "note"),
    "studies": (
        *("pmid", "on_topic", "relevance", "relevance_reasons", "design", "design_reason", "question"),
        *("level_nass", "level_ocebm", "level_reason", "patients", "lesions", "follow_up_months"),
        *("arms", "primary_tumours"),
        *(f"design_{part}" for part in _SPAN),
        *(f"patients_{part}" for part in _SPAN),
        *("extractor_version", "vocabulary", "model"),
    ),
    "record_topics": ("pmid", "topic"),
    "mentions": (
        *("key", "pmid", "position", "concept", "kind", "role", "negated", "hypothetical"),
        *(*_SPAN, "sentence_start", "sentence_end", "sentence"),
    ),
    "findings": (
        *("key", "pmid", "position", "intervention", "comparator", "outcome", "measure", "value", "unit"),
        *("ci_low", "ci_high", "p", "p_relation", "n", "timepoint_months", "direction", "direction_reason"),
        *_SPAN,
    ),
    "tool_performance": (
        *("key", "pmid", "position", "tool", "metric", "value", "setting", "ci_low", "ci_high"),
        *("horizon_months", "n", *_SPAN),
    ),
}
# What hangs on a record, apart from its evidence; all of it is replaced with the record.
RECORD_PARTS = tuple(COLUMNS)[1 : tuple(COLUMNS).index("studies")]


def list_text(values: Iterable[object]) -> str:
    """A list as the JSON text kept in one column."""
    return json.dumps(list(values), ensure_ascii=False)


def record_rows(record: Record) -> Rows:
    """Return the rows of a record by table; `load_record` is the inverse."""
    pmid = record.pmid
    return {
        "records": [_record_row(record)],
        "sections": [
            (pmid, 0, None, None, record.title),
            *((pmid, n, s.label, s.category, s.text) for n, s in enumerate(record.abstract, 1)),
        ],
        "other_abstracts": [
            (pmid, n, a.kind, a.language, a.text) for n, a in enumerate(record.other_abstracts)
        ],
        "authors": [(pmid, n, *_author_cells(author)) for n, author in enumerate(record.authors)],
        "publication_types": [(pmid, n, t.name, t.ui) for n, t in enumerate(record.publication_types)],
        "mesh_headings": [(pmid, n, *_mesh_cells(heading)) for n, heading in enumerate(record.mesh)],
        "chemicals": [(pmid, n, c.name, c.ui, c.registry_number) for n, c in enumerate(record.chemicals)],
        "reference_list": [(pmid, n, r.pmid, r.doi, r.citation) for n, r in enumerate(record.references)],
        "corrections": [
            (pmid, n, c.kind, c.pmid, c.citation, c.note) for n, c in enumerate(record.corrections)
        ],
    }


def _record_row(record: Record) -> Row:
    abstract = "\n".join(f"{s.label}: {s.text}" if s.label else s.text for s in record.abstract)
    date = record.date
    return (
        *(record.pmid, record.title, abstract, record.vernacular_title),
        *("; ".join(author.display for author in record.authors), int(record.authors_complete)),
        *(
            record.journal,
            record.journal_abbreviation,
            record.issn,
            record.volume,
            record.issue,
            record.pages,
        ),
        *(date.year, date.month, date.day, date.text, record.entered, record.revised, record.status),
        *(record.doi, record.pmcid, record.pmid_version),
        *(list_text(record.languages), list_text(record.keywords), list_text(record.registrations)),
        *(record.origin, int(record.retracted), 0, record.digest, record.retrieved_at),
    )


def _author_cells(author: Author) -> Row:
    names = (
        author.last_name,
        author.fore_name,
        author.initials,
        author.suffix,
        author.collective,
        author.orcid,
    )
    return (*names, list_text(author.affiliations))


def _mesh_cells(heading: MeshHeading) -> Row:
    qualifiers = list_text((q.name, q.ui, q.major) for q in heading.qualifiers)
    return (heading.descriptor, heading.ui, int(heading.major), qualifiers)


def extraction_rows(extraction: Extraction) -> Rows:
    """Return the rows of an extraction by table, each piece of evidence under its key."""
    pmid = extraction.pmid
    return {
        "studies": [_study_row(extraction)],
        "record_topics": [(pmid, topic) for topic in sorted(set(extraction.topics))],
        "mentions": [
            (key, pmid, n, *_mention_cells(row))
            for n, (key, row) in enumerate(
                zip(evidence_keys(pmid, extraction.mentions), extraction.mentions, strict=True)
            )
        ],
        "findings": [
            (key, pmid, n, *_finding_cells(row))
            for n, (key, row) in enumerate(
                zip(evidence_keys(pmid, extraction.findings), extraction.findings, strict=True)
            )
        ],
        "tool_performance": [
            (key, pmid, n, *_tool_cells(row))
            for n, (key, row) in enumerate(
                zip(
                    evidence_keys(pmid, extraction.tool_performance), extraction.tool_performance, strict=True
                )
            )
        ],
    }


def _study_row(extraction: Extraction) -> Row:
    study, relevance, extractor = extraction.study, extraction.relevance, extraction.extractor
    return (
        *(extraction.pmid, int(relevance.on_topic), relevance.score, list_text(relevance.reasons)),
        *_study_cells(study),
        *_span_cells(study.design_span),
        *_span_cells(study.patients_span),
        *(extractor.version, extractor.vocabulary, extractor.model),
    )


def _study_cells(study: Study) -> Row:
    arms = json.dumps(
        [{"label": arm.label, "patients": arm.patients} for arm in study.arms], ensure_ascii=False
    )
    return (
        *(study.design, study.design_reason, study.question, study.level_nass, study.level_ocebm),
        *(study.level_reason, study.patients, study.lesions, study.follow_up_months),
        *(arms, list_text(study.primary_tumours)),
    )


def _span_cells(span: Span | None) -> Row:
    return (span.section, span.start, span.end, span.text) if span else (None, None, None, None)


def _mention_cells(row: Mention) -> Row:
    sentence = row.sentence
    flags = (int(row.negated), int(row.hypothetical))
    where = (*_span_cells(row.span), sentence.start, sentence.end, sentence.text)
    return (row.concept, row.kind, row.role, *flags, *where)


def _finding_cells(row: Finding) -> Row:
    said = (row.intervention, row.comparator, row.outcome, row.measure, row.value, row.unit)
    size = (row.ci_low, row.ci_high, row.p, row.p_relation, row.n, row.timepoint_months)
    return (*said, *size, row.direction, row.direction_reason, *_span_cells(row.span))


def _tool_cells(row: ToolPerformance) -> Row:
    said = (row.tool, row.metric, row.value, row.setting, row.ci_low, row.ci_high, row.horizon_months, row.n)
    return (*said, *_span_cells(row.span))
