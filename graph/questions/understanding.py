"""How a question was understood: its concepts with their roles, its kind, and what was not understood."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Role = Literal["intervention", "comparator", "outcome", "condition", "tool"]
How = Literal["as written", "short form", "spelling", "word order", "question word", "corrected by you"]
ROLES: tuple[Role, ...] = ("intervention", "comparator", "outcome", "condition", "tool")


@dataclass(frozen=True, slots=True)
class Term:
    """Words of the question (`start` to `end`) read as concepts in a role; `how` says why they could be."""

    start: int
    end: int
    text: str
    concepts: tuple[str, ...]
    role: Role
    how: How


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question as it was understood. Several concepts in one role are alternatives.

    `times` are spans of time that the question names ("48 hours"). `corrected` names the roles that the asker set; `unknown` are words that were not understood;
    `notes` say what was decided on the way ("'MIS' can also mean melanoma in situ").
    """

    question: str
    kind: str
    kind_words: str
    intervention: tuple[str, ...] = ()
    comparator: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    tool: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    unknown: tuple[str, ...] = ()
    corrected: tuple[Role, ...] = ()
    notes: tuple[str, ...] = ()

    def role(self, name: Role) -> tuple[str, ...]:
        """Return the concepts in a role."""
        found: tuple[str, ...] = getattr(self, name)
        return found

    @property
    def concepts(self) -> tuple[str, ...]:
        """All concepts of all roles."""
        return tuple(concept for role in ROLES for concept in self.role(role))

    def as_json(self) -> dict[str, Any]:
        """Return it for `spinemets ask --json`."""
        return asdict(self)
