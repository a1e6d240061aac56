"""Made-up records, evidence and knowledge bases for everybody's tests.

All studies, numbers and sentences are invented. Their PMIDs start at 90000001, where PubMed has none yet.
`made_up_database(path)` makes all; `record`, `finding`, `mention` and `extraction` build single values.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlite_utils import Database

from harvest.record import Author, Batch, Deletion, PublicationDate, PublicationType, Record, Section, Skipped
from kb.evidence import Extraction, Extractor, Finding, Mention, Relevance, Span, Study, ToolPerformance
from kb.grading.claim_rows import rebuild_claims
from kb.schema import open_database
from kb.store import finish_run, finish_source, start_run, store_batch, write_vocabulary
from tests.made_up_studies import STUDIES
from tests.made_up_vocabulary import VOCABULARY

EXTRACTOR = Extractor("1.0.0", VOCABULARY.digest)
SOURCE = "made_up.xml"
SAMPLE_SOURCE = "bundled sample"
SOURCE_DIGEST = "made-up-digest"


def record(pmid: str, title: str, *sections: tuple[str | None, str], **more: Any) -> Record:
    """Build a record; sections are pairs of label and text. `authors` may be plain names ("Sahgal A")."""
    authors = tuple(map(_author, more.pop("authors", ("Rivera A", "Okafor B"))))
    types = tuple(PublicationType(name) for name in more.pop("publication_types", ("Journal Article",)))
    values: dict[str, Any] = {
        "journal": "Journal of Invented Spine Studies",
        "journal_abbreviation": "J Invent Spine",
        "volume": "12",
        "issue": "3",
        "pages": "101-9",
        "languages": ("eng",),
        "date": PublicationDate(more.pop("year", 2020), 5, None, None),
    } | more
    abstract = tuple(Section(text, label) for label, text in sections)
    return Record(pmid, title, abstract, authors=authors, publication_types=types, **values)


def _author(name: str | Author) -> Author:
    if isinstance(name, Author):
        return name
    last, _, initials = name.rpartition(" ")
    return Author(last_name=last, initials=initials)


def span(of: Record, quoted: str, section: int | None = None) -> Span:
    """Find `quoted` in the record (in `section`, or in the first section that has it)."""
    for number, text in enumerate(of.sections):
        if section in (None, number) and (start := text.find(quoted)) >= 0:
            return Span(number, start, start + len(quoted), quoted)
    raise AssertionError(f"PMID {of.pmid} does not say {quoted!r}")


def sentence_around(of: Record, inner: Span) -> Span:
    """The sentence that holds `inner`, cut at ". " (made-up sentences are simple)."""
    text = of.sections[inner.section]
    start = text.rfind(". ", 0, inner.start) + 2 if ". " in text[: inner.start] else 0
    stop = text.find(". ", inner.end)
    end = stop + 1 if stop >= 0 else len(text)
    return Span(inner.section, start, end, text[start:end])


def mention(of: Record, quoted: str, concept: str, role: str, section: int | None = None) -> Mention:
    """A concept where the record names it; its kind comes from the made-up vocabulary."""
    where = span(of, quoted, section)
    kind = VOCABULARY.concepts[concept].kind
    return Mention(where, sentence_around(of, where), concept, kind, role)  # type: ignore[arg-type]


def finding(of: Record, quoted: str, *, direction: str = "descriptive", **values: Any) -> Finding:
    """A result quoted from the record; what is not given is absent."""
    absent = {
        "intervention": None,
        "comparator": None,
        "outcome": None,
        "measure": "text_only",
        "value": None,
    }
    reasons = {"descriptive": "a single number without a comparison", "no_difference": "the text says so"}
    reason = reasons.get(direction, "the better value is on this side and p is below 0.05")
    return Finding(span(of, quoted), direction=direction, direction_reason=reason, **(absent | values))  # type: ignore[arg-type]


def study(of: Record, design: str = "other", level: str | None = None, patients: int | None = None) -> Study:
    """What kind of study the record reports; the reasons are made up alike."""
    why = f"the abstract says it is a {design.replace('_', ' ')}"
    level_why = (
        f"Level {level}: therapeutic question, {design.replace('_', ' ')}" if level else "no level applies"
    )
    ocebm = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}.get(level or "")
    return Study(design, why, "therapeutic", level, level_why, ocebm, patients)  # type: ignore[arg-type]


def extraction(
    of: Record,
    *,
    topics: tuple[str, ...] = ("sbrt",),
    mentions: tuple[Mention, ...] = (),
    findings: tuple[Finding, ...] = (),
    tool_performance: tuple[ToolPerformance, ...] = (),
    kind: Study | None = None,
    on_topic: bool = True,
    extractor: Extractor = EXTRACTOR,
) -> Extraction:
    """Evidence of one record."""
    relevance = Relevance(on_topic, 0.9 if on_topic else 0.1, ("the title names spinal metastases",))
    kind = kind or study(of)
    return Extraction(
        of.pmid, of.origin, relevance, topics, kind, mentions, findings, tool_performance, extractor
    )


def built(entry: dict[str, Any]) -> tuple[Record, Extraction]:
    """Build a record and its evidence from an entry of `made_up_studies`."""
    of = record(entry["pmid"], entry["title"], *entry["sections"], **entry.get("record", {}))
    kind = study(of, *entry["study"])
    mentions = tuple(mention(of, *arguments) for arguments in entry.get("mentions", ()))
    findings = tuple(finding(of, quoted, **values) for quoted, values in entry.get("findings", ()))
    performance = tuple(
        ToolPerformance(span(of, quoted), **values) for quoted, values in entry.get("tool_performance", ())
    )
    found = extraction(
        of,
        topics=entry["topics"],
        mentions=mentions,
        findings=findings,
        tool_performance=performance,
        kind=kind,
        on_topic=entry.get("on_topic", True),
    )
    return of, found


def made_up_pairs() -> list[tuple[Record, Extraction]]:
    """All made-up records with their evidence, in PMID order."""
    return [built(entry) for entry in STUDIES]


def made_up_database(path: Path | str) -> Database:
    """Make a small, rich knowledge base at `path` and return it open: two sources, one run, claims built."""
    db = open_database(path, create=True)
    write_vocabulary(db, VOCABULARY)
    run = start_run(
        db,
        "build",
        program_version="0.1.0",
        extractor_version=EXTRACTOR.version,
        vocabulary=VOCABULARY.digest,
    )
    pairs = made_up_pairs()
    for source, is_sample in ((SAMPLE_SOURCE, True), (SOURCE, False)):
        chosen = [pair for pair in pairs if (pair[0].origin == "sample") is is_sample]
        entries: list[Record | Deletion | Skipped] = [of for of, _ in chosen]
        if not is_sample:
            entries += [
                Deletion("90000013"),
                Skipped(len(entries) + 2, None, "a book chapter, no journal article"),
            ]
        batch = Batch(source, tuple(entries), len(entries))
        store_batch(db, batch, [found for _, found in chosen], source_digest=SOURCE_DIGEST, run=run)
        finish_source(db, source, SOURCE_DIGEST)
    rebuild_claims(db)
    finish_run(db, run)
    return db
