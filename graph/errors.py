"""What can go wrong with graphs, each with a sentence that says what to do.

GraphError
 +-- UnknownFormat      an export format that does not exist
 +-- CannotWrite        the place to write to can't be written
 +-- BadQuestionWords   the data on how people ask breaks its rules
 +-- UnknownConcept     a correction of a question names nothing that is known
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


class BadQuestionWords(GraphError):
    """graph/questions/question_words.toml breaks its rules."""

    def __init__(self, file: str, cause: str) -> None:
        super().__init__(f"{file}: {cause}")


class UnknownConcept(GraphError):
    """A correction that names nothing of the vocabulary in its role."""

    def __init__(self, role: str, text: str, nearest: tuple[str, ...]) -> None:
        near = f"; nearest: {', '.join(nearest)}" if nearest else ""
        super().__init__(f"no {role} is called '{text}' here{near}")
