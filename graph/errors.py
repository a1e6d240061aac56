"""What can go wrong with graphs, each with a sentence that says what to do.

GraphError
 +-- UnknownFormat      an export format that does not exist
 +-- CannotWrite        the place to write to can't be written
"""

from __future__ import annotations


class GraphError(Exception):
    """Base of all errors of this package."""


class UnknownFormat(GraphError):
    """An export format that does not exist."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no graph format '{name}'; the formats are: {', '.join(known)}")


class CannotWrite(GraphError):
    """A file that can't be written."""

    def __init__(self, path: object, cause: str) -> None:
        super().__init__(f"{path}: {cause}")
