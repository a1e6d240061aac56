"""What papers say of tools in words: which tools they test, and what they say of calibration and of who did better."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harvest.record import Section
from kb.tagging.sections import zone_of
from kb.tagging.sentences import split_sentences

# Sentences of these parts tell what was found; a method or an aim tells only what was looked for.
_TELLING = ("results", "conclusion", "mixed", "other")
_TESTED = """
    SELECT DISTINCT m.pmid, m.concept FROM mentions m JOIN records r USING (pmid) JOIN studies s USING (pmid)
    WHERE m.concept IN ({}) AND m.role = 'evaluated' AND NOT m.negated AND NOT r.retracted AND NOT r.deleted AND s.on_topic
    AND s.design NOT IN ('narrative_review', 'guideline', 'protocol', 'survey')
    ORDER BY m.pmid, m.concept
"""
# A sentence that sets tools side by side: words of comparison beside words for tools.
_COMPARES = re.compile(
    r"\b(?:better|best|worse|worst|superior|inferior|outperform\w*|winner|similar(?:ly)?|comparabl[ey]|equal(?:ly)?"
    r"|(?:more|most|less|least) accurate|highe(?:r|st)|lowe(?:r|st)|no (?:significant )?difference)\b",
    re.IGNORECASE,
)
_TOOLS = re.compile(
    r"\b(?:models?|scores?|tools?|systems?|nomograms?|algorithms?|ind(?:ex|ices))\b", re.IGNORECASE
)
_ALL_SECTIONS = """
    SELECT x.label, x.category, x.text, x.section, r.year, r.authors_text, r.origin, s.patients FROM sections x
    JOIN records r USING (pmid) JOIN studies s USING (pmid) WHERE x.pmid = ? AND x.section > 0 ORDER BY x.section
"""
_SECTIONS = """
    SELECT x.label, x.category, x.text, x.section, r.year, r.authors_text, r.origin FROM sections x
    JOIN records r USING (pmid) WHERE x.pmid = ? AND x.section > 0 AND x.text LIKE '%calibrat%' ORDER BY x.section
"""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a paper says in words: `text` is what stands in the paper's section between `start` and `end`."""

    pmid: str
    section: int
    start: int
    end: int
    text: str
    year: int | None = None
    authors_text: str = ""
    origin: str = "pubmed"
    patients: int | None = None


def read_tested_tools(connection: sqlite3.Connection, tools: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Return for each paper that counts those of `tools` that it puts to the test; opinion and plans test nothing."""
    tested: dict[str, set[str]] = {}
    for pmid, tool in connection.execute(_TESTED.format(", ".join("?" for _ in tools)), tools):
        tested.setdefault(pmid, set()).add(tool)
    return {pmid: frozenset(found) for pmid, found in tested.items()}


def read_calibration_remarks(connection: sqlite3.Connection, pmids: Iterable[str]) -> tuple[Remark, ...]:
    """Return the sentences of these papers that tell of calibration, in the order of the papers given."""
    return tuple(
        remark
        for pmid in pmids
        for label, category, text, section, *paper in connection.execute(_SECTIONS, (pmid,))
        if zone_of(Section(text, label, category)) in _TELLING
        for remark in _remarks(pmid, section, text, paper)
    )


def read_comparing_remarks(connection: sqlite3.Connection, pmids: Iterable[str]) -> tuple[Remark, ...]:
    """Return of each paper the sentence that says how tools compare, the largest paper first.

    A conclusion goes before a result; a paper without such a sentence says nothing here.
    """
    found = [remark for pmid in pmids if (remark := _comparing(connection, pmid)) is not None]
    return tuple(sorted(found, key=lambda remark: (-(remark.patients or 0), remark.pmid)))


def _comparing(connection: sqlite3.Connection, pmid: str) -> Remark | None:
    sentences: dict[str, Remark] = {}
    for label, category, text, section, year, authors_text, origin, patients in connection.execute(
        _ALL_SECTIONS, (pmid,)
    ):
        zone = zone_of(Section(text, label, category))
        for start, end in split_sentences(text) if zone in _TELLING else ():
            said = text[start:end]
            if _COMPARES.search(said) and _TOOLS.search(said):
                remark = Remark(
                    pmid, section, start, end, said, year, str(authors_text), str(origin), patients
                )
                sentences.setdefault(zone, remark)
    return next((sentences[zone] for zone in ("conclusion", *_TELLING) if zone in sentences), None)


def _remarks(pmid: str, section: int, text: str, paper: list[object]) -> Iterable[Remark]:
    year, authors_text, origin = paper
    for start, end in split_sentences(text):
        if "calibrat" in text[start:end].lower():
            yield Remark(
                pmid,
                section,
                start,
                end,
                text[start:end],
                year if isinstance(year, int) else None,
                str(authors_text),
                str(origin),
            )
