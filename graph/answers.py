"""An answer of the graph: rows, the papers behind them, and on how many of how many records it rests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx

from kb.evidence import LEVELS

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, what was found, and what it rests on.

    Rows of one sort (`what`) have the same names; `pmids` are all papers behind them; `counted` is how many records
    of the knowledge base count as evidence, of `records` held.
    """

    asked: str
    rows: tuple[Row, ...]
    pmids: tuple[str, ...]
    counted: int
    records: int
    notes: tuple[str, ...] = ()

    @property
    def rests_on(self) -> str:
        """ "Rests on 3 of the 102 records that count as evidence here (115 held)." """
        return (
            f"Rests on {len(self.pmids)} of the {self.counted} records that count as evidence here"
            f" ({self.records} held)."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the answer as `--json` prints it."""
        return {
            "asked": self.asked,
            "rests_on": {"records": len(self.pmids), "of": self.counted, "held": self.records},
            "notes": list(self.notes),
            "rows": list(self.rows),
            "pmids": list(self.pmids),
        }


def answer(
    graph: networkx.MultiDiGraph[str], asked: str, rows: Iterable[Row], notes: Iterable[str] = ()
) -> Answer:
    """Make an answer; the papers are those of the rows' `pmids`."""
    rows = tuple(rows)
    pmids = {pmid for row in rows for pmid in row.get("pmids", ())}
    scope = graph.graph
    more = [scope["sample_note"]] if any(_is_synopsis(graph, pmid) for pmid in pmids) else []
    if behind := scope.get("records_changed_since_claims"):
        more.append(
            f"Records changed since claims were counted: {behind}. 'spinemets build' counts them anew."
        )
    return Answer(
        asked,
        rows,
        tuple(sorted(pmids, key=lambda pmid: (len(pmid), pmid))),
        scope["records_counted"],
        scope["records"],
        (*notes, *more),
    )


def _is_synopsis(graph: networkx.MultiDiGraph[str], pmid: str) -> bool:
    return bool(graph.nodes.get(f"paper:{pmid}", {}).get("origin") == "sample")


def place(level: str | None) -> int:
    """A level's place, best first; no level comes last."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def best(levels: Iterable[str | None]) -> str | None:
    """The best of some levels, None where there is none."""
    return min((level for level in levels if level is not None), key=place, default=None)


def label(graph: networkx.MultiDiGraph[str], node: str) -> str:
    """A node's label, or its id where the graph does not hold it."""
    return str(graph.nodes.get(node, {}).get("label", node.partition(":")[2]))


def name_node(graph: networkx.MultiDiGraph[str], node: str, kind: str, name: str) -> None:
    """Put a concept that no record names into the graph, so that an answer can still name it."""
    if node not in graph:
        graph.add_node(node, kind=kind, label=name)


def sorted_pmids(edges: Iterable[Mapping[str, Any]]) -> list[str]:
    """The PMIDs of edges, each once."""
    return sorted({edge["pmid"] for edge in edges}, key=lambda pmid: (len(pmid), pmid))
