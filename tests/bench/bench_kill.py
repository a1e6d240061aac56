"""Kill -9 at 50 random moments of harvesting 12,000 papers, each time going on; then the base equals a clean one.

Run: python -m tests.bench.bench_kill
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harvest.archive import Archive
from spinemets.harvesting import Settings, harvest
from tests.bench.bench_harvest import Server, digest
from tests.eutils_server import Library, Loopback, papers
from tests.harvest.loopback_client import client_of
from tests.spinemets.test_harvesting import STRATEGY, ask

PAPERS, KILLS, BATCH, CAP = 12_000, int(os.environ.get("SPINEMETS_BENCH_KILLS", "50")), 20, 999


def run(url: str, folder: Path) -> None:
    """Harvest, or go on with it."""
    settings = Settings(folder / "kb.db", folder / "archive", jobs=1, batch_size=BATCH, listed_at_most=CAP)
    harvest(settings, client_of(Server(url)), [STRATEGY])  # type: ignore[arg-type]


def main() -> None:
    """Kill and go on; print what was killed where, and whether anything was lost or doubled."""
    chance = random.Random()
    seed = chance.randrange(1 << 30)
    chance.seed(seed)
    with tempfile.TemporaryDirectory() as name, Loopback(Library(papers(PAPERS)), cap=CAP) as server:
        clean, rough = Path(name, "clean"), Path(name, "rough")
        for folder in (clean, rough):
            folder.mkdir()
        run(server.url, clean)
        before = server.asked("efetch")
        code = "import sys; from pathlib import Path; from tests.bench.bench_kill import run; print('.', flush=True); run(sys.argv[1], Path(sys.argv[2]))"
        killed, batches = 0, []
        while killed < KILLS:
            command = [sys.executable, "-c", code, server.url, str(rough)]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
                if child.stdout:
                    child.stdout.read(1)  # from here on it works
                time.sleep(chance.uniform(0.0, 1.0))
                child.kill()
                child.wait()
            killed += child.returncode == -9
            runs = Archive(rough / "archive").runs() if (rough / "archive").is_dir() else []
            batches.append(sum(len(one.batch_files) for one in runs))
            if child.returncode == 0:
                break
        run(server.url, rough)
        asked = server.asked("efetch") - before
        [(records, different)] = ask(rough, "SELECT count(*), count(DISTINCT pmid) FROM records")
        same = digest(rough / "kb.db") == digest(clean / "kb.db")
        print(f"seed {seed}: killed {killed} times, with so many batches archived: {batches}")
        print(
            f"{records:,} records, {different:,} different, of {PAPERS:,}; {asked} batches asked for, "
            f"{PAPERS // BATCH} needed; same content digest as undisturbed: {same}"
        )
        if not same or records != PAPERS:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
