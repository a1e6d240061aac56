"""Raw answers of PubMed on disk, as they came: the base can be built again from them, with no network.

An archive is a folder with one folder a run, in order: `0001-harvest-broad-1/plan.json.gz` says what was searched,
what it found and what is to be fetched; `00001-20261124T090000Z-<digest>.xml.gz` is a batch. A file's name holds
the digest of its content, and it gets that name when all of it is on disk: a kill leaves it whole or not at all.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from harvest.errors import ArchiveInUse, DamagedArchive, UnreadableFile
from harvest.file_lock import locked

_RUN = re.compile(r"(\d{4,})-[\w.-]+")
_BATCH = re.compile(r"(\d{5,})-(\d{8}T\d{6}Z)-([0-9a-f]{64})\.xml\.gz")
_PLAN = "plan.json.gz"
_FORMAT = 1
_REMEDY = "take the file away, and 'spinemets harvest' fetches it again"
Kind = Literal["harvest", "update", "list"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run set out to do: the search, what it found, and what of it is to be fetched in which order.

    `suspects` are held papers that PubMed no longer lists as good: those that it does not deliver are withdrawn.
    """

    kind: Kind
    started: str
    strategy: str
    version: str
    query: str
    fetch: tuple[str, ...]
    batch_size: int
    found: tuple[str, ...] = ()
    promised: int | None = None
    translation: str = ""
    parts: tuple[str, ...] = ()
    since: str | None = None
    suspects: tuple[str, ...] = ()

    @property
    def batches(self) -> int:
        """How many batches the run consists of."""
        return -(-len(self.fetch) // self.batch_size)

    def wanted(self, number: int) -> tuple[str, ...]:
        """Return the papers of a batch, counted from 1."""
        return self.fetch[(number - 1) * self.batch_size : number * self.batch_size]


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A batch on disk; its name says when it came and what its digest is."""

    path: Path
    number: int
    retrieved_at: str
    digest: str

    def check(self) -> None:
        """Hold the content against its digest.

        Raises
        ------
        DamagedArchive
            It is cut off, changed or unreadable.
        """
        try:
            with gzip.open(self.path, "rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, EOFError, ValueError) as error:
            raise DamagedArchive(self.path, f"can't be read ({error}); {_REMEDY}") from error
        if found != self.digest:
            raise DamagedArchive(self.path, f"is not what was archived, its digest differs; {_REMEDY}")


@dataclass(frozen=True, slots=True)
class Run:
    """A run in the archive."""

    folder: Path
    plan: Plan
    digest: str
    batch_files: dict[int, BatchFile] = field(compare=False)

    @property
    def name(self) -> str:
        """The run's folder name, unique in the archive."""
        return self.folder.name

    @property
    def complete(self) -> bool:
        """Whether all that was planned is here."""
        return len(self.batch_files) >= self.plan.batches

    def write(self, number: int, body: bytes) -> BatchFile:
        """Put a batch into the archive and return it; it is on disk when this returns."""
        digest = hashlib.sha256(body).hexdigest()
        time = datetime.now(UTC)
        path = self.folder / f"{number:05}-{time:%Y%m%dT%H%M%SZ}-{digest}.xml.gz"
        _write_whole(path, body)
        batch = BatchFile(path, number, _iso(time), digest)
        self.batch_files[number] = batch
        return batch

    def discard(self, number: int) -> None:
        """Take a damaged batch out, so that it is fetched again."""
        self.batch_files.pop(number).path.unlink()


class Archive:
    """A folder of runs. It is made with the first run."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other harvests out meanwhile.

        Raises
        ------
        ArchiveInUse
            Another one is at work.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("a+b") as file:
            try:
                with locked(file, wait=False):
                    for left in self.folder.glob("*/.*.part"):  # of a run that was killed while writing
                        left.unlink()
                    yield
            except BlockingIOError as error:
                raise ArchiveInUse(self.folder) from error

    def runs(self) -> list[Run]:
        """Return the runs in order.

        Raises
        ------
        DamagedArchive
            A plan can't be read.
        UnreadableFile
            The folder is missing.
        """
        if not self.folder.is_dir():
            raise UnreadableFile(self.folder, "there is no such archive; 'spinemets harvest' makes one")
        folders = [path for path in self.folder.iterdir() if _RUN.fullmatch(path.name)]
        folders.sort(key=lambda path: int(path.name.split("-")[0]))
        return [_open_run(path) for path in folders]

    def start(self, plan: Plan) -> Run:
        """Begin a run: its folder appears with its plan inside, or not at all."""
        number = 1 + max(
            (int(p.name.split("-")[0]) for p in self.folder.iterdir() if _RUN.fullmatch(p.name)), default=0
        )
        label = re.sub(r"[^\w.-]", "_", f"{plan.kind}-{plan.strategy}-{plan.version}").rstrip("-.")
        folder = self.folder / f"{number:04}-{label}"
        draft = self.folder / f".{folder.name}.draft"
        draft.mkdir(exist_ok=True)
        text = json.dumps({"format": _FORMAT} | asdict(plan), ensure_ascii=False, indent=0)
        _write_whole(draft / _PLAN, text.encode())
        draft.rename(folder)
        _sync_folder(self.folder)
        return _open_run(folder)


def _open_run(folder: Path) -> Run:
    path = folder / _PLAN
    try:
        text = gzip.decompress(path.read_bytes())
        values = json.loads(text)
        if values.pop("format") != _FORMAT:
            raise DamagedArchive(path, "is of a newer format; use a newer version of SpineMets KB")
        values = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        plan = Plan(**values)
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedArchive(
            path, f"is no plan of a harvest ({error}); move the folder away to harvest anew"
        ) from error
    batches = {}
    for entry in sorted(folder.iterdir()):
        if match := _BATCH.fullmatch(entry.name):
            number, time, digest = match.groups()
            retrieved = datetime.strptime(time, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            batches[int(number)] = BatchFile(entry, int(number), _iso(retrieved), digest)
    return Run(folder, plan, hashlib.sha256(text).hexdigest(), batches)


def _write_whole(path: Path, content: bytes) -> None:
    """Write a compressed file that is there whole or not at all, also after a power cut."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(gzip.compress(content, 6, mtime=0))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # pragma: no cover - Windows can't open a folder
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds")
