"""What can go wrong while records come in, each with a sentence that says what to do.

HarvestError
 +-- UnreadableFile      the file as a whole (missing, empty, wrong root, not text)
 +-- BrokenRecord        from this record on the file can't be read; records before it are good
 +-- BadSampleFile       a file of the bundled sample breaks its format
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
