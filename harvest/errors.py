"""What can go wrong while records come in, each with a sentence that says what to do.

HarvestError
 +-- UnreadableFile      the file as a whole (missing, empty, wrong root, not text)
 +-- BrokenRecord        from this record on the file can't be read; records before it are good
 +-- BadSampleFile       a file of the bundled sample breaks its format
 +-- BadStrategy         a search strategy's file breaks its format or its query PubMed's syntax
 +-- BadQuery            a PubMed query that can't be read
 +-- NotDecidable        a part of a query that a stored record can't answer
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
