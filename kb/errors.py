"""What can go wrong with what is known, each with a sentence that says what to do.

KnowledgeError
 +-- BadVocabulary      a vocabulary file breaks its rules
 +-- BadDatabase        a file that is no knowledge base, or one of a newer version
 +-- UnknownTopic       a topic id that does not exist
 +-- UnknownConcept     words that name no concept of the vocabulary, or more than one
 +-- UnknownRecord      a PMID that the knowledge base does not hold
 +-- BadEvidence        evidence that does not fit its record: a wrong quotation, an unknown concept
 +-- BadLabels          a line of a label or corpus file that breaks its form
 +-- BadRule            a prognostic rule file breaks its rules
 +-- UnknownTool        a tool for which there is no rule file
 +-- NotComputable      a tool whose rules are not verified: it is described, never computed
 +-- BadAnswers         answers to a tool's questions that are missing, unknown or out of range
 +-- UnknownClaim       a key that names no claim, or more than one
 +-- BadSignature       a signed grade without a name, a reason or a grade
 +-- UncitedSentence    a summary sentence without a citation, or with a number its citation does not hold
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
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


class UnknownConcept(KnowledgeError):
    """Words that name no concept of the vocabulary, or more than one."""

    def __init__(self, words: str, near: tuple[str, ...], *, several: bool = False) -> None:
        self.words, self.near = words, near
        if several:
            super().__init__(f"'{words}' may mean: {'; '.join(near)}. Write the one you mean in full")
        elif near:
            super().__init__(f"the vocabulary does not know '{words}'; the nearest are: {'; '.join(near)}")
        else:
            super().__init__(f"the vocabulary does not know '{words}', nor anything like it")


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


class UnknownClaim(KnowledgeError):
    """A key that names no claim, or more than one."""

    def __init__(self, named: str, what: str, *, several: bool = False) -> None:
        how = (
            f"more than one {what} has a key like '{named}'"
            if several
            else f"no {what} has the key '{named}'"
        )
        super().__init__(
            f"{how}; pages show a claim's key beside its grade, 'spinemets grade claims' lists them"
        )


class BadSignature(KnowledgeError):
    """A signature that lacks what makes it one; nothing is stored."""


class UncitedSentence(KnowledgeError):
    """A summary sentence without a citation, or with a number that no cited passage holds."""

    def __init__(self, sentence: str, cause: str) -> None:
        super().__init__(f"{cause}: {sentence!r}")


class BadRule(KnowledgeError):
    """A rule file breaks the rules of kb/prognosis/README.md."""

    def __init__(self, file: str, cause: str) -> None:
        super().__init__(f"{file}: {cause}")


class UnknownTool(KnowledgeError):
    """A tool that no rule file describes."""

    def __init__(self, tool: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there are no rules for '{tool}'; the tools are: {', '.join(known)}")


class NotComputable(KnowledgeError):
    """A tool that is described only, because its rules were not seen whole in two sources that agree."""

    def __init__(self, name: str, missing: tuple[str, ...]) -> None:
        super().__init__(f"there is no calculator for the {name}; missing: {'; '.join(missing)}")


class BadAnswers(KnowledgeError):
    """Answers that can't be scored. `problems` tells for each question, by its name, what is wrong."""

    def __init__(self, name: str, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        told = "; ".join(f"{item}: {problem}" for item, problem in self.problems.items())
        super().__init__(f"{name}: {told}")
