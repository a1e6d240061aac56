"""Sentences that can't be without their evidence: every number in one is quoted or says how it was derived.

Parts of a sentence: plain text (without digits), `Name` (a label or title, digits and all), `Quoted` (words
that stand in a cited passage), `Derived` (a number with how it was found) and `Cite` (where citations are
printed).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.errors import UncitedSentence
from kb.evidence import Span


@dataclass(frozen=True, slots=True)
class Citation:
    """A paper, and the passage of it that is meant (with its evidence key), if one is."""

    pmid: str
    passage: Span | None = None
    evidence_key: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """The label of a concept, a study design or a title, printed as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words exactly as they stand in the cited passage."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Derived:
    """A number that no paper prints, and how it was found ("counted from 5 records")."""

    text: str
    method: str


@dataclass(frozen=True, slots=True)
class Cite:
    """Where in the sentence the citations are printed."""

    citations: tuple[Citation, ...]


Part = str | Name | Quoted | Derived | Cite


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a summary with its citations.

    Raises
    ------
    UncitedSentence
        It cites nothing, quotes what the cited passage does not say, does not cite what it quotes, or holds
        a number of unknown origin.
    """

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if not self.citations:
            raise UncitedSentence(self.text, "a summary sentence cites nothing")
        for part in self.parts:
            if isinstance(part, str) and re.search(r"\d", part):
                raise UncitedSentence(self.text, "a number is neither quoted nor derived")
            if isinstance(part, Quoted):
                passage = part.citation.passage
                if passage is None or part.text not in passage.text:
                    raise UncitedSentence(
                        self.text, f"PMID {part.citation.pmid} does not say {part.text!r} there"
                    )
                if part.citation not in self.citations:
                    raise UncitedSentence(
                        self.text, f"the quotation from PMID {part.citation.pmid} is not cited"
                    )

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations, each once, in the order of the sentence."""
        found = [citation for part in self.parts if isinstance(part, Cite) for citation in part.citations]
        return tuple(dict.fromkeys(found))

    @property
    def text(self) -> str:
        """The words alone, without citations."""
        words = (
            part if isinstance(part, str) else part.text for part in self.parts if not isinstance(part, Cite)
        )
        return "".join(words)

    @property
    def basis(self) -> tuple[str, ...]:
        """How the derived numbers were found, each way once."""
        return tuple(dict.fromkeys(part.method for part in self.parts if isinstance(part, Derived)))
