"""RCT-ART: result sentences with spans (INTV, OC, MEAS) and relations from arm or outcome to measured value.

Entities count where label and place are exact, and in a second figure where they overlap. A relation counts where
label and both its spans do. Table rows are made as the published system makes them: one row names the arms, one a
distinct outcome holds its value in each arm. Strict rows are equal in all cells; relaxed ones where each cell holds
the other's text or is held by it. Rows are paired one to one within a sentence, whatever their order.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import BadLabels
from kb.evaluation.reading import TextSpan
from kb.evaluation.scores import Figure, Tally, three_figures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LABELS = ("INTV", "OC", "MEAS")
RELATIONS = ("A1_RES", "A2_RES", "OC_RES")
Relation = tuple[int, int, str]
Row = tuple[str, str, str]
_ARMS_ROW = "intervention"
_NO_OUTCOME = "outcome unspecified"


@dataclass(frozen=True, slots=True)
class ResultSentence:
    """A sentence with its spans in order, and relations as (head, child, label) by index into the spans."""

    pmid: str
    text: str
    spans: tuple[TextSpan, ...]
    relations: tuple[Relation, ...]


def read_result_sentences(path: Path) -> list[ResultSentence]:
    """Return the sentences of a JSON Lines file.

    Raises
    ------
    BadLabels
        A line is not of this form, or a span lies outside its text.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_sentence(json.loads(line)))
        except (ValueError, TypeError, KeyError) as error:
            raise BadLabels(path, number, str(error) or type(error).__name__) from error
    return found


def _sentence(content: dict[str, Any]) -> ResultSentence:
    text = content["text"]
    spans = tuple(TextSpan(s["start"], s["end"], s["label"], 1.0) for s in content["spans"])
    for span in spans:
        if not 0 <= span.start < span.end <= len(text) or span.label not in LABELS:
            raise ValueError(f"bad span {span.start}-{span.end} {span.label}")
    relations = tuple((r["head"], r["child"], r["label"]) for r in content["relations"])
    for head, child, label in relations:
        if not (0 <= head < len(spans) and 0 <= child < len(spans)) or label not in RELATIONS:
            raise ValueError(f"bad relation {head}-{child} {label}")
    return ResultSentence(str(content.get("pmid", "")), text, spans, relations)


Reading = tuple["Sequence[TextSpan]", "Sequence[Relation]"]


def score(sentences: Sequence[ResultSentence], readings: Sequence[Reading], who: str) -> list[Figure]:
    """Return the figures of entities, relations and table rows; `who` names the reader."""
    tallies: dict[str, list[Tally]] = {}
    for sentence, (spans, relations) in zip(sentences, readings, strict=True):
        for task, tally in _tallies(sentence, spans, relations).items():
            tallies.setdefault(task, []).append(tally)
    return [figure for task, marks in tallies.items() for figure in three_figures(f"{task}, {who}", marks)]


def _tallies(
    sentence: ResultSentence, spans: Sequence[TextSpan], relations: Sequence[Relation]
) -> dict[str, Tally]:
    found = {
        "entities": [(s.start, s.end, s.label) for s in spans],
        "relations": _related(spans, relations),
    }
    wanted = {
        "entities": [(s.start, s.end, s.label) for s in sentence.spans],
        "relations": _related(sentence.spans, sentence.relations),
    }
    tallies = {"entities": _matched(found["entities"], wanted["entities"], _equal)}
    for label in LABELS:
        found_ones, wanted_ones = ([e for e in side["entities"] if e[2] == label] for side in (found, wanted))
        tallies[f"entities {label}"] = _matched(found_ones, wanted_ones, _equal)
    tallies["entities, overlapping"] = _matched(found["entities"], wanted["entities"], _spans_touch)
    tallies["relations"] = _matched(found["relations"], wanted["relations"], _equal)
    tallies["relations, overlapping"] = _matched(found["relations"], wanted["relations"], _relations_touch)
    printed = tabulate(sentence.text, spans, relations)
    labelled = tabulate(sentence.text, sentence.spans, sentence.relations)
    tallies["table rows, strict"] = _matched(printed, labelled, _equal)
    tallies["table rows, relaxed"] = _matched(printed, labelled, _cells_touch)
    return tallies


def _related(spans: Sequence[TextSpan], relations: Sequence[Relation]) -> list[tuple[Any, Any, str]]:
    return [
        ((spans[h].start, spans[h].end), (spans[c].start, spans[c].end), label) for h, c, label in relations
    ]


def _matched(found: Sequence[Any], wanted: Sequence[Any], alike: Callable[[Any, Any], bool]) -> Tally:
    """Pair one to one, equal ones first."""
    left = list(found)
    open_ones = []
    hits = 0
    for item in wanted:
        if item in left:
            left.remove(item)
            hits += 1
        else:
            open_ones.append(item)
    for item in open_ones:
        other = next((one for one in left if alike(one, item)), None)
        if other is not None:
            left.remove(other)
            hits += 1
    return Tally(hits, len(found), len(wanted))


def _equal(one: Any, other: Any) -> bool:
    return bool(one == other)


def _touch(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _spans_touch(one: Any, other: Any) -> bool:
    return one[2] == other[2] and _touch(one, other)


def _relations_touch(one: Any, other: Any) -> bool:
    return one[2] == other[2] and _touch(one[0], other[0]) and _touch(one[1], other[1])


def _cells_touch(one: Row, other: Row) -> bool:
    return all(a in b or b in a if a and b else a == b for a, b in zip(one, other, strict=True))


def tabulate(text: str, spans: Sequence[TextSpan], relations: Sequence[Relation]) -> list[Row]:
    """Return the table of a sentence: (intervention, arm 1, arm 2), then (outcome, value 1, value 2) in order.

    A value without an arm, or without an outcome where some outcome is told, makes no row.
    """
    said = {index: text[span.start : span.end] for index, span in enumerate(spans)}
    arms = {label: [(h, c) for h, c, kind in relations if kind == label] for label in ("A1_RES", "A2_RES")}
    outcomes = [(h, c) for h, c, kind in relations if kind == "OC_RES"]
    rows: dict[str, list[str]] = {}
    for column, label in enumerate(("A1_RES", "A2_RES")):
        for arm, value in arms[label]:
            told = [said[h] for h, c in outcomes if c == value] if outcomes else [_NO_OUTCOME]
            for outcome in told:
                rows.setdefault(_ARMS_ROW, ["", ""])[column] = said[arm]
                rows.setdefault(outcome, ["", ""])[column] = said[value]
    return [(name, cells[0], cells[1]) for name, cells in rows.items()]
