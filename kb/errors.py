"""What can go wrong with what is known, each with a sentence that says what to do.

KnowledgeError
 +-- BadVocabulary      a vocabulary file breaks its rules
 +-- BadDatabase        a file that is no knowledge base, or one of a newer version
 +-- UnknownTopic       a topic id that does not exist
 +-- UnknownRecord      a PMID that the knowledge base does not hold
 +-- BadEvidence        evidence that does not fit its record: a wrong quotation, an unknown concept
 +-- BadLabels          a line of a label or corpus file that breaks its form
 +-- UncitedSentence    a summary sentence without a citation, or with a number its citation does not hold
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class KnowledgeError(Exception):
    """Base of all errors of this package."""


class BadVocabulary(KnowledgeError):
    """A vocabulary file breaks the rules of kb/vocabulary/README.md."""

    def __init__(self, file: Path | str, entry: str, cause: str) -> None:
        super().__init__(f"{file}: {entry}: {cause}")


class BadDatabase(KnowledgeError):
    """A database file that can't be used as a knowledge base."""

    def __init__(self, path: Path | str, cause: str) -> None:
        super().__init__(f"{path}: {cause}")


class UnknownTopic(KnowledgeError):
    """A topic that the vocabulary does not have."""

    def __init__(self, topic: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no topic '{topic}'; the topics are: {', '.join(known)}")


class UnknownRecord(KnowledgeError):
    """A PMID that the knowledge base does not hold."""

    def __init__(self, pmid: str) -> None:
        super().__init__(f"there is no record with PMID {pmid} in this knowledge base")


class BadEvidence(KnowledgeError):
    """Evidence that does not fit its record; nothing of its batch is stored."""

    def __init__(self, pmid: str, cause: str) -> None:
        super().__init__(f"PMID {pmid}: {cause}")


class BadLabels(KnowledgeError):
    """A line of a label or corpus file that breaks its form."""

    def __init__(self, path: Path | str, line: int, cause: str) -> None:
        super().__init__(f"{path}: line {line}: {cause}")


class UncitedSentence(KnowledgeError):
    """A summary sentence without a citation, or with a number that no cited passage holds."""

    def __init__(self, sentence: str, cause: str) -> None:
        super().__init__(f"{cause}: {sentence!r}")
