"""Asking the graph from the command line: words to nodes, the question, and the answer as text or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from graph import measures, queries, tool_queries
from graph.answers import name_node
from graph.build import build_graph
from graph.gaps import gaps
from kb.errors import UnknownRecord
from kb.grading.certainty import grade_words
from kb.schema import open_database
from kb.vocabulary.concept import load_vocabulary
from kb.vocabulary.lookup import find_concept

if TYPE_CHECKING:
    from pathlib import Path

    from graph.answers import Answer
    from kb.evidence import Kind

_QUESTIONS: Mapping[str, Callable[..., Answer]] = {
    "best": queries.best_evidence,
    "versus": queries.versus,
    "compared-with": queries.compared_with,
    "predictors": tool_queries.predictors,
    "beats": tool_queries.beats,
    "changed": queries.changed_since,
    "gaps": gaps,
    "path": queries.path,
    "growth": measures.growth,
    "central": measures.centrality,
    "communities": measures.communities,
}
# Which parameters of questions are concepts, and of which kinds.
_CONCEPTS: Mapping[str, tuple[Kind, ...]] = {
    "subject": ("intervention", "tool"),
    "one": ("intervention", "tool"),
    "other": ("intervention", "tool"),
    "node": ("intervention", "tool"),
    "outcome": ("outcome",),
    "tool": ("tool",),
    "start": (),
    "end": (),
}
_MOST_PMIDS = 12
_NODES = ("subject_node", "outcome_node", "comparator_node")
_ONLY_IF_ANY = ("better_than_before", "worse_than_before")
_SIGNED = ("signed_grade", "signed_by", "signed_on", "signature_state")


def ask_graph(database: Path, name: str, *, as_json: bool, **values: Any) -> str:
    """Return the answer to a question as text or JSON; concepts among `values` are given in words.

    Raises
    ------
    UnknownConcept
        The vocabulary does not know a concept's words; the message names the nearest.
    """
    nodes = {
        key: node_of(value, _CONCEPTS[key]) if key in _CONCEPTS and value is not None else value
        for key, value in values.items()
    }
    db = open_database(database)
    try:
        graph = build_graph(db)
    finally:
        db.close()
    concepts = load_vocabulary().concepts
    for key in _CONCEPTS.keys() & nodes.keys():
        kind, _, identifier = str(nodes[key]).partition(":")
        if kind == "paper" and nodes[key] not in graph:
            raise UnknownRecord(identifier)
        if identifier in concepts:
            name_node(graph, nodes[key], kind, concepts[identifier].label)
    answered = _QUESTIONS[name](graph, **nodes)
    if as_json:
        return json.dumps(answered.as_json(), indent=2, ensure_ascii=False)
    return as_text(answered)


def node_of(words: str, kinds: tuple[Kind, ...]) -> str:
    """Return the node that words name: a PMID where any kind will do, or a concept of the vocabulary."""
    pmid = re.fullmatch(r"(?:PMID:?\s*)?(\d{1,8})", words.strip(), re.IGNORECASE)
    if pmid and not kinds:
        return f"paper:{pmid[1]}"
    concept = find_concept(words, load_vocabulary(), kinds)
    return f"{concept.kind}:{concept.id}"


def as_text(answered: Answer) -> str:
    """Return an answer for a person: what was asked, row by row, and what it rests on."""
    lines = [answered.asked[:1].upper() + answered.asked[1:]]
    lines += [f"  {_line(row)}" for row in answered.rows] or ["  Nothing was found."]
    lines += [f"Note: {note}" for note in answered.notes]
    return "\n".join([*lines, answered.rests_on])


def _line(row: Mapping[str, Any]) -> str:
    """One row: level or grade first, then what is known, then the PMIDs."""
    skipped = {"what", "pmids", "claim", "evidence_key", "level", "grade", "by_year", *_SIGNED, *_NODES}
    head = [f"level {row['level']}"] if row.get("level") else []
    head += [f"grade {row['grade']}: {grade_words(row['grade'])} (pre-filled)"] if row.get("grade") else []
    head += [_signed(row)] if row.get("signed_grade") else []
    said = [
        f"{key.replace('_', ' ')}: {_value(value)}"
        for key, value in row.items()
        if key not in skipped and value not in (None, [], "") and not (value == 0 and key in _ONLY_IF_ANY)
    ]
    if row.get("by_year"):
        said.append("by year: " + ", ".join(f"{year} {count}" for year, count in row["by_year"].items()))
    pmids = row.get("pmids") or ()
    more = f" and {len(pmids) - _MOST_PMIDS} more" if len(pmids) > _MOST_PMIDS else ""
    cited = f" [PMID {', '.join(pmids[:_MOST_PMIDS])}{more}]" if pmids else ""
    opening = f"{row['what']} ({', '.join(head)})" if head else str(row["what"])
    return f"{opening}: {'; '.join(said)}{cited}"


def _signed(row: Mapping[str, Any]) -> str:
    stale = "" if row["signature_state"] == "in force" else ", OUT OF DATE"
    return f"signed as {row['signed_grade']} by {row['signed_by']} on {row['signed_on']}{stale}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)
