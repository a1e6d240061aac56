"""Speed of a harvest of 25,000 made-up papers in slices, against Bio.Entrez and Bio.Medline alone in the same run.

The peer fetches the same papers as MEDLINE text and parses them: no archive, no checks, no evidence, no database.
Run: python -m tests.bench.bench_harvest
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from Bio import Entrez, Medline

from kb.content_digest import content_digest
from kb.schema import open_database
from spinemets.harvesting import Settings, harvest, rebuild
from tests.bench.bench_memory import measured
from tests.eutils_server import FIRST_PMID
from tests.harvest.loopback_client import client_of
from tests.spinemets.test_harvesting import STRATEGY

PAPERS = int(os.environ.get("SPINEMETS_BENCH_PAPERS", "25000"))
BATCH = 500


class Server:
    """Where the loopback PubMed listens."""

    def __init__(self, url: str) -> None:
        self.url = url


def peer(url: str, read: Callable[[Any], int], **form: str) -> int:
    """Fetch all papers with Biopython alone, sent to the loopback, and parse them; return how many."""
    entrez: Any = Entrez

    def redirected(request: Request) -> Any:
        request.full_url = url + request.full_url.rsplit("/", 1)[1]
        return urlopen(request)

    entrez.urlopen, before = redirected, entrez.urlopen
    try:
        count = 0
        for start in range(0, PAPERS, BATCH):
            pmids = [str(FIRST_PMID + n) for n in range(start, min(start + BATCH, PAPERS))]
            entrez._open.previous = 0.0  # its pause is not what is measured
            count += read(Entrez.efetch(db="pubmed", id=",".join(pmids), email="bench@example.org", **form))
        return count
    finally:
        entrez.urlopen = before


def read_medline(handle: Any) -> int:
    """Parse MEDLINE text with Bio.Medline."""
    return sum(1 for _ in Medline.parse(handle))


def read_xml(handle: Any) -> int:
    """Parse PubMed XML with Bio.Entrez."""
    return len(Entrez.read(handle)["PubmedArticle"])


def timed(what: str, work: Callable[[], int]) -> float:
    """Print and return how long it took."""
    began = time.monotonic()
    count = work()
    seconds = time.monotonic() - began
    print(f"{what}: {count:,} papers in {seconds:.2f} s")
    return seconds


def digest(path: Path) -> str:
    """The content digest of a database."""
    db = open_database(path)
    try:
        return content_digest(db)
    finally:
        db.close()


def harvest_once(url: str, folder: Path) -> None:
    """Harvest all papers at full speed."""
    outcome = harvest(
        Settings(folder / "kb.db", folder / "archive", jobs=1, batch_size=BATCH),
        client_of(Server(url)),  # type: ignore[arg-type]
        [STRATEGY],
    )
    if outcome.counts.new != PAPERS or outcome.faults:
        raise SystemExit(f"only {outcome.counts.new} of {PAPERS} papers came: {outcome.faults[:3]}")


def main() -> None:
    """Measure the peer, the harvest and a rebuild."""
    command = [sys.executable, "-m", "tests.eutils_server", str(PAPERS)]
    with (
        tempfile.TemporaryDirectory() as name,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server,
    ):
        try:
            url = str(server.stdout and server.stdout.readline().strip())
            folder = Path(name)
            medline = timed(
                "Bio.Entrez and Bio.Medline alone",
                lambda: peer(url, read_medline, rettype="medline", retmode="text"),
            )
            xml = timed("Bio.Entrez alone, same XML", lambda: peer(url, read_xml, retmode="xml"))
            own = f"from pathlib import Path; from tests.bench.bench_harvest import harvest_once as h; h({url!r}, Path({name!r}))"
            seconds, largest, _ = measured([sys.executable, "-c", own])
            parts = len(list((folder / "archive").glob("*/0*.xml.gz")))
            print(
                f"harvest with checks, archive, evidence and database: {PAPERS:,} papers in {parts} batches, {seconds:.1f} s, "
                f"{PAPERS / seconds:,.0f} papers/s, resident peak {largest} MB; {seconds / medline:.0f} times Bio.Medline's time, {seconds / xml:.1f} times Bio.Entrez.read's"
            )
            began = time.monotonic()
            rebuild(Settings(folder / "again.db", folder / "archive", jobs=1))
            print(f"rebuild from the archive: {time.monotonic() - began:.1f} s")
            same = digest(folder / "kb.db") == digest(folder / "again.db")
            print(f"same content digest: {same}")
            if not same:
                raise SystemExit(1)
        finally:
            server.kill()


if __name__ == "__main__":
    main()
