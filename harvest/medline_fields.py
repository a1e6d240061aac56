"""The fields of one MEDLINE text record, as Bio.Medline gives them, with the order they came in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvest.white_space import even

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Fields:
    """`values` by tag (one text, or one a line), `tags` in file order, one for each line of the record."""

    values: Mapping[str, str | list[str]]
    tags: tuple[str, ...]

    def many(self, *tags: str) -> tuple[str, ...]:
        """Return all values of some tags, empty ones left out."""
        return tuple(even(value) for tag in tags for value in self._listed(tag) if even(value))

    def one(self, tag: str) -> str | None:
        """Return the first value of a tag, None if there is none."""
        return next(iter(self.many(tag)), None)

    def in_order(self, *wanted: str) -> Iterator[tuple[str, str]]:
        """Yield tag and value of the wanted tags in file order."""
        seen: Counter[str] = Counter()
        for tag in self.tags:
            if tag in wanted:
                yield tag, even(self._listed(tag)[seen[tag]])
                seen[tag] += 1

    def _listed(self, tag: str) -> list[str]:
        value = self.values.get(tag, [])
        return [value] if isinstance(value, str) else value
