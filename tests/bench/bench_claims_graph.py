"""How long claims and the graph take for 3,000 and 30,000 records, and what an update costs.

Records and evidence are those of the bundled sample, again and again under new PMIDs, with other authors, years,
sizes and references, and one concept in three exchanged for another of its kind, so that there are as many
different claims as a real literature has. Each size runs in a process of its own, so that its memory is its own.

Peers in the same run: for claims, SQLite counting findings by intervention, comparator and outcome with one
GROUP BY, which knows nothing of studies, reviews, populations or grades; for the graph, igraph building as many
edges with as many attributes from a list that lies ready.

    python tests/bench/bench_claims_graph.py [records ...]
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import igraph
from sqlite_utils import Database

sys.path.insert(0, str(Path(__file__).parents[2]))

from graph.build import build_graph
from harvest.record import Author, Batch, Record, Reference
from harvest.sample import read_sample
from kb.evidence import Extraction, Finding, Mention, Study
from kb.grading.claim_rows import rebuild_claims, update_claims
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from kb.tagging.extract import extract_all
from kb.vocabulary.concept import Vocabulary, load_vocabulary

SIZES = (3_000, 30_000)
NEW = (30, 300)
LIMIT_SECONDS = 60
_BATCH = 500


class Copies:
    """An endless supply of varied copies of records with their evidence."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.vocabulary: Vocabulary = load_vocabulary()
        records = [entry for entry in read_sample() if isinstance(entry, Record)]
        self.pairs = list(zip(records, extract_all(records), strict=True))
        self.made = 0
        by_kind: dict[str, list[str]] = {}
        for concept in self.vocabulary.concepts.values():
            by_kind.setdefault(concept.kind, []).append(concept.id)
        self.by_kind = by_kind

    def take(self, number: int) -> Iterator[tuple[Record, Extraction]]:
        """Yield so many copies."""
        for _ in range(number):
            self.made += 1
            yield self._copy(*self.random.choice(self.pairs))

    def _copy(self, record: Record, extraction: Extraction) -> tuple[Record, Extraction]:
        pmid = str(80_000_000 + self.made)
        people = tuple(
            Author(
                last_name=f"Author{self.random.randrange(20_000)}", initials="A", affiliations=self._place()
            )
            for _ in range(5)
        )
        cited = {str(80_000_000 + self.random.randrange(1, self.made + 1)) for _ in range(20)}
        copy = replace(
            record, pmid=pmid, authors=people, origin="file", registrations=(),
            date=replace(record.date, year=self.random.randrange(1995, 2026)),
            references=tuple(Reference(f"Reference {number}", number) for number in sorted(cited)),
        )  # fmt: skip
        exchange: dict[str, str] = {}
        found = replace(
            extraction, pmid=pmid, source="file", study=self._study(extraction.study),
            mentions=tuple(self._mention(m, exchange) for m in extraction.mentions),
            findings=tuple(self._finding(f, exchange) for f in extraction.findings),
        )  # fmt: skip
        return copy, found

    def _place(self) -> tuple[str, ...]:
        return (f"Department of Surgery, University Hospital {self.random.randrange(800)}, Somewhere",)

    def _study(self, study: Study) -> Study:
        return replace(study, patients=self.random.randrange(12, 600), patients_span=None)

    def _other(self, concept: str | None, exchange: dict[str, str]) -> str | None:
        """The concept, or (one in three) another of its kind, the same throughout a record."""
        if concept is None:
            return None
        if concept not in exchange:
            kind = self.vocabulary.concepts[concept].kind
            changed = self.random.random() < 1 / 3
            exchange[concept] = self.random.choice(self.by_kind[kind]) if changed else concept
        return exchange[concept]

    def _mention(self, mention: Mention, exchange: dict[str, str]) -> Mention:
        return replace(mention, concept=str(self._other(mention.concept, exchange)))

    def _finding(self, finding: Finding, exchange: dict[str, str]) -> Finding:
        # Half the findings of the sample lead to no treatment; here all do, which is harder.
        intervention = self._other(finding.intervention, exchange) or self.random.choice(
            self.by_kind["intervention"]
        )
        return replace(
            finding, intervention=intervention, comparator=self._other(finding.comparator, exchange),
            outcome=self._other(finding.outcome, exchange),
        )  # fmt: skip


def store(db: Database, pairs: Iterator[tuple[Record, Extraction]]) -> None:
    """Store copies batch by batch."""
    position = 0
    waiting = list(pairs)
    for start in range(0, len(waiting), _BATCH):
        part = waiting[start : start + _BATCH]
        position += len(part)
        batch = Batch(f"bench {part[0][0].pmid}", tuple(record for record, _ in part), position)
        store_batch(db, batch, [found for _, found in part], source_digest="bench")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and the result of some work."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def memory() -> float:
    """The most memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def plain_counts(db: Database) -> int:
    """The peer of claims: findings counted by what they say, one GROUP BY."""
    sql = (
        "SELECT f.intervention, f.comparator, f.outcome, count(DISTINCT f.pmid), sum(f.direction = 'no_difference'),"
        " min(s.level_nass) FROM findings f JOIN studies s USING (pmid) JOIN records r USING (pmid)"
        " WHERE s.on_topic AND NOT r.retracted AND NOT r.deleted GROUP BY 1, 2, 3"
    )
    return len(db.execute(sql).fetchall())


def igraph_edges(rows: list[dict[str, Any]]) -> int:
    """The peer of the graph: igraph from a list of edges with their attributes."""
    return int(igraph.Graph.DictList(vertices=None, edges=rows, directed=True).ecount())


def measure(size: int) -> dict[str, float]:
    """All figures for one size; run in a process of its own."""
    copies = Copies(seed=size)
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "bench.db", create=True)
        write_vocabulary(db, copies.vocabulary)
        for _ in range(0, size, _BATCH):
            store(db, copies.take(_BATCH))
        start = memory()
        found: dict[str, float] = {"records": size}
        found["peer of claims"], _ = timed(lambda: plain_counts(db))
        found["claims"], claims = timed(lambda: rebuild_claims(db))
        found["number of claims"] = claims
        found["memory of claims"] = memory() - start
        for number in NEW:
            store(db, copies.take(number))
            found[f"update {number}"], found[f"claims touched {number}"] = timed(lambda: update_claims(db))
        found["graph"], graph = timed(lambda: build_graph(db))
        found["edges"] = graph.number_of_edges()
        found["memory of all"] = memory()
        rows = [{"source": a, "target": b} | attributes for a, b, attributes in graph.edges(data=True)]
        found["peer of graph"], _ = timed(lambda: igraph_edges(rows))
        db.close()
    return found


def table(results: list[dict[str, float]]) -> str:
    """The figures side by side, with the last size over the first, and each over its peer."""
    first, last = results[0], results[-1]
    names = [name for name in first if name != "records"]
    lines = [
        f"{'':22}"
        + "".join(f"{row['records']:>14,.0f}" for row in results)
        + f"{'growth':>10}{'to peer':>10}"
    ]
    for name in names:
        growth = last[name] / first[name] if first[name] else float("nan")
        peer = last.get(f"peer of {name}")
        against = f"{last[name] / peer:10.1f}" if peer else " " * 10
        values = "".join(f"{row[name]:>14,.2f}" for row in results)
        lines.append(f"{name:22}{values}{growth:>9.1f}x{against}")
    for number in NEW:
        share = last[f"update {number}"] / last["claims"]
        lines.append(
            f"an update by {number} of {last['records']:,.0f} records costs {share:.1%} of counting all claims"
        )
    total = last["claims"] + last["graph"]
    verdict = "within" if total < LIMIT_SECONDS else "OVER"
    lines.append(
        f"claims and graph of {last['records']:,.0f} records: {total:.1f} s, {verdict} {LIMIT_SECONDS} s"
    )
    return "\n".join(lines)


def main() -> None:
    """Measure each size in a process of its own and print the table (seconds, MB, numbers)."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    results = []
    for size in sizes:
        run = subprocess.run(
            [sys.executable, __file__, "--one", str(size)], stdout=subprocess.PIPE, text=True, check=True
        )
        results.append(json.loads(run.stdout.splitlines()[-1]))
    print(table(results))


if __name__ == "__main__":
    main()
