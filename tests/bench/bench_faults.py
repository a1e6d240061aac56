"""The whole fault matrix: every fault at every single step of a harvest of 2,000 papers; each ends as a clean one.

Also the server's death for good at every step, followed by a run that goes on. Run: python -m tests.bench.bench_faults
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from harvest.errors import ServerTrouble
from harvest.record import Entry, Record
from kb.evidence import Extraction
from kb.tagging.extract import extract_all
from spinemets.harvesting import Settings, harvest
from tests.bench.bench_harvest import digest
from tests.eutils_server import FAULTS, Faults, Library, Loopback, none, papers
from tests.harvest.loopback_client import client_of, from_then_on, only
from tests.spinemets.test_harvesting import STRATEGY

PAPERS = int(os.environ.get("SPINEMETS_BENCH_PAPERS", "2000"))
CAP, BATCH = 750, 200
_known: dict[str, Extraction] = {}


def tag(entries: Sequence[Entry]) -> list[Extraction]:
    """Tag each paper once in all harvests: here it is not the tagger that is measured."""
    records = [entry for entry in entries if isinstance(entry, Record)]
    unknown = [record for record in records if record.digest not in _known]
    _known.update(zip((record.digest for record in unknown), extract_all(unknown), strict=True))
    return [_known[record.digest] for record in records]


def run(folder: Path, server: Loopback, faults: Faults, tries: int = 4, timeout: float = 10.0) -> None:
    """Harvest once under faults."""
    settings = Settings(
        folder / "kb.db", folder / "archive", jobs=1, batch_size=BATCH, listed_at_most=CAP, tag=tag
    )
    with server.going_wrong(faults):
        harvest(settings, client_of(server, tries=tries, timeout=timeout), [STRATEGY])


def main() -> None:
    """Go through the matrix and print how many of how many ended like the clean harvest."""
    expected, steps = "", 0
    good: Counter[str] = Counter()
    rows = ["nothing", *FAULTS, "dies for good"]
    for fault in rows:
        for step in range(1, (steps if fault != "nothing" else 1) + 1):
            with (
                tempfile.TemporaryDirectory() as name,
                Loopback(Library(papers(PAPERS)), cap=CAP, hang=0.4) as server,
            ):
                folder = Path(name)
                if fault == "nothing":
                    run(folder, server, none)
                    expected, steps = digest(folder / "kb.db"), len(server.log)
                elif fault == "dies for good":
                    try:
                        run(folder, server, from_then_on(step, "500"), tries=1)
                    except ServerTrouble:
                        run(folder, server, none)
                else:
                    run(folder, server, only(step, fault), timeout=0.2 if fault == "hang" else 10.0)
                good[fault] += digest(folder / "kb.db") == expected
        if fault == "nothing":
            print(f"a clean harvest of {PAPERS:,} papers: {steps} requests")
        else:
            print(f"{fault:18} at each of {steps} steps: {good[fault]} of {steps} end like the clean harvest")
    if any(good[fault] != steps for fault in rows[1:]):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
