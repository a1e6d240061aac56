"""What can go wrong while records come in, each with a sentence that says what to do.

HarvestError
 +-- UnreadableFile      the file as a whole (missing, empty, wrong root, not text)
 +-- BrokenRecord        from this record on the file can't be read; records before it are good
 +-- BadSampleFile       a file of the bundled sample breaks its format
 +-- BadStrategy         a search strategy's file breaks its format or its query PubMed's syntax
 +-- BadQuery            a PubMed query that can't be read
 +-- NotDecidable        a part of a query that a stored record can't answer
 +-- ServerTrouble       PubMed (or a mirror) gave no usable answer after the last try
 +-- CountsDisagree      a search's parts do not add up to what the search promised
 +-- DamagedArchive      an archived batch or plan is not what was written
 +-- ArchiveInUse        another harvest is writing to the archive
 +-- UnknownStrategy     a search strategy that does not exist
 +-- NothingFound        a strategy that finds no paper at all
 +-- NothingToUpdate     no complete harvest to start from
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class HarvestError(Exception):
    """Base of all errors of this package."""


class UnreadableFile(HarvestError):
    """A file from which no record can be read."""

    def __init__(self, path: Path | str, cause: str) -> None:
        self.path = str(path)
        self.cause = cause
        super().__init__(f"{path}: {cause}")


class BrokenRecord(HarvestError):
    """A file is damaged after some good records.

    `number` counts records from 1 in file order; `last_pmid` is the last good record's, if any.
    """

    def __init__(self, path: Path | str, number: int, cause: str, last_pmid: str | None = None) -> None:
        self.path = str(path)
        self.number = number
        self.cause = cause
        self.last_pmid = last_pmid
        after = f" (after PMID {last_pmid})" if last_pmid else ""
        super().__init__(f"{path}: record {number}{after}: {cause}; the records before it are kept")


class BadSampleFile(HarvestError):
    """A file of the bundled sample breaks the format described in harvest/sample/README.md."""

    def __init__(self, path: Path | str, cause: str) -> None:
        self.path = str(path)
        self.cause = cause
        super().__init__(f"{path}: {cause}")


class BadStrategy(HarvestError):
    """A file of a search strategy breaks the format described in harvest/strategies/README.md."""

    def __init__(self, file: Path | str, cause: str) -> None:
        self.file = str(file)
        self.cause = cause
        super().__init__(f"{file}: {cause}")


class BadQuery(HarvestError):
    """A PubMed query that can't be read; `start` is the place of the fault, counted from 0."""

    def __init__(self, query: str, start: int, cause: str) -> None:
        self.start = start
        self.cause = cause
        super().__init__(f"{cause}, at character {start + 1}: ...{query[max(0, start - 20) : start + 30]}...")


class NotDecidable(HarvestError):
    """A part of a query that only PubMed can answer."""

    def __init__(self, text: str, tag: str | None) -> None:
        where = f"[{tag}]" if tag else "without a field tag"
        super().__init__(f"'{text}' {where} can't be decided from a stored record; only PubMed can search it")


class ServerTrouble(HarvestError):
    """No usable answer after the last try. What was fetched before is kept in the archive."""

    def __init__(self, url: str, what: str, cause: str, tries: int, wish: float | None = None) -> None:
        self.cause = cause
        times = "once" if tries == 1 else f"{tries} times"
        later = f" in {wish / 60:.0f} minutes" if wish and wish > 60 else ""
        super().__init__(
            f"{url}: asked {times} to {what}: {cause}; what is fetched is kept, "
            f"run the same command again{later} to go on"
        )


class CountsDisagree(HarvestError):
    """The parts of a search list more or fewer papers than the search promised, however often we ask."""

    def __init__(self, query: str, promised: int, listed: int) -> None:
        super().__init__(
            f"PubMed promised {promised:,} papers for {query!r}, but its parts list {listed:,}; "
            "nothing was taken in, try again later"
        )


class DamagedArchive(HarvestError):
    """An archived file is not what was written."""

    def __init__(self, path: Path | str, cause: str) -> None:
        self.path = str(path)
        self.cause = cause
        super().__init__(f"{path}: {cause}")


class ArchiveInUse(HarvestError):
    """Another harvest is writing to the archive."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(f"{path}: another harvest or update is at work here; wait until it ends")


class NothingToUpdate(HarvestError):
    """There is no complete harvest from which an update could start."""

    def __init__(self, strategy: str, version: str, archive: Path | str) -> None:
        super().__init__(
            f"{archive}: no complete harvest with strategy '{strategy}' version {version}; "
            f"run 'spinemets harvest --strategy {strategy}' first"
        )


class UnknownStrategy(HarvestError):
    """A search strategy that does not exist."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no strategy '{name}'; there are: {', '.join(sorted(known))}")


class NothingFound(HarvestError):
    """A strategy that finds no paper at all: more likely a fault than the truth."""

    def __init__(self, strategy: str, warnings: tuple[str, ...]) -> None:
        said = f"; PubMed says: {'; '.join(warnings)}" if warnings else ""
        super().__init__(f"PubMed finds no paper at all with strategy '{strategy}'{said}; check its query")
