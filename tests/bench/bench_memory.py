"""Memory and speed of streaming a whole baseline file: 30,000 made-up records, only the relevant ones kept.

Prints the resident peak of the largest process and of all together (Linux). Run: python -m tests.bench.bench_memory
"""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

RECORDS = int(os.environ.get("SPINEMETS_BENCH_RECORDS", "30000"))
_SPINAL = "Local control after stereotactic body radiotherapy of spinal metastases was {n}% at 12 months."


def _made_up_words() -> list[str]:
    chance = random.Random(1)
    return ["".join(chance.choices("aeioubcdfglmnprst", k=chance.randint(3, 11))) for _ in range(40_000)]


WORDS = _made_up_words()


def record(number: int) -> str:
    """A record of a baseline file's usual size: 240 words of abstract, every hundredth on topic."""
    words = random.Random(number).choices(WORDS, k=250)
    title, text = " ".join(words[:12]).capitalize(), " ".join(words[12:])
    if number % 100 == 0:
        title, text = f"Spinal metastases: {title}", f"{text}. {_SPINAL.format(n=60 + number % 40)}"
    authors = "".join(
        f"<Author><LastName>{w.capitalize()}</LastName><ForeName>{w[0]}</ForeName><Initials>{w[0].upper()}</Initials>"
        f"<AffiliationInfo><Affiliation>Department of {w}.</Affiliation></AffiliationInfo></Author>"
        for w in words[:6]
    )
    references = "".join(
        f"<Reference><Citation>{' '.join(words[n : n + 12])}</Citation></Reference>" for n in range(30)
    )
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{90_000_001 + number}</PMID>'
        "<Article><Journal><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue><Title>Invented</Title>"
        f"</Journal><ArticleTitle>{title}.</ArticleTitle><Abstract><AbstractText>{text}.</AbstractText></Abstract>"
        f"<AuthorList>{authors}</AuthorList></Article></MedlineCitation>"
        f"<PubmedData><ReferenceList>{references}</ReferenceList></PubmedData></PubmedArticle>\n"
    )


def resident(root: int) -> list[int]:
    """Resident kilobytes of a process and of its children."""
    found: list[int] = []
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
            found += [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")]
            waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split())
        except OSError:
            continue
    return found


def measured(command: list[str]) -> tuple[float, int, int]:
    """Run a command; return seconds, the largest process' peak and the peak of all together, in MB."""
    largest = together = 0
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
        ended = threading.Event()
        threading.Thread(target=lambda: (child.wait(), ended.set()), daemon=True).start()
        while not ended.wait(0.05):
            sizes = resident(child.pid)
            largest, together = max([largest, *sizes]), max(together, sum(sizes))
    if child.returncode:
        raise SystemExit(f"{command} failed")
    return time.monotonic() - began, largest // 1024, together // 1024


def main() -> None:
    """Measure with one process and with two."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "pubmed25n0001.xml.gz"
        with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
            file.write("<PubmedArticleSet>\n")
            file.writelines(map(record, range(RECORDS)))
            file.write("</PubmedArticleSet>\n")
        print(f"{RECORDS:,} records, {path.stat().st_size / 1e6:.0f} MB compressed")
        for jobs in ("1", "2"):
            command = [sys.executable, "-m", "spinemets.cli", "build", "--only-relevant", "--jobs", jobs]
            seconds, largest, together = measured([*command, "--db", f"{name}/{jobs}.db", str(path)])
            print(
                f"jobs {jobs}: {seconds:.0f} s, {RECORDS / seconds:,.0f} records/s, "
                f"resident peak {largest} MB in one process, {together} MB in all"
            )


if __name__ == "__main__":
    main()
