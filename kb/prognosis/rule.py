"""A prognostic tool's rule: what it asks, how it adds up, what its groups mean, and where that was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Status = Literal["calculator", "described"]
Generation = Literal["classic", "newer", "other"]
Better = Literal["higher", "lower"]
Role = Literal["development", "validation", "review"]
Extent = Literal["whole table", "part"]


@dataclass(frozen=True, slots=True)
class Source:
    """A paper about the tool. `pmid` is None where it was not seen in print; then `doi` or the citation identifies it."""

    cite: str
    role: Role
    pmid: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Where the rule was seen: `extent` tells whether all points stood there, `says` what was read."""

    where: str
    extent: Extent
    says: str
    pmid: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose. `points` is None where they were not seen, or where `open` tells how sources differ on them.

    An open answer may stand in a calculator: it is refused with its reason, and all other answers are computed.
    """

    value: str
    label: str
    points: int | None = None
    open: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A range of a number, both ends included, with its points."""

    low: float
    high: float
    points: int


@dataclass(frozen=True, slots=True)
class Item:
    """One question. It has choices, or it asks for a number in `unit` between `minimum` and `maximum` by `step`."""

    name: str
    question: str
    help: str = ""
    choices: tuple[Choice, ...] = ()
    bands: tuple[Band, ...] = ()
    unit: str | None = None
    unit_one: str | None = None
    unit_signs: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None

    @property
    def is_number(self) -> bool:
        """Whether a number is asked for."""
        return bool(self.bands)

    @property
    def points(self) -> tuple[int | None, ...]:
        """The points that the item can give, in printed order; an open answer gives none."""
        return tuple(part.points for part in (self.bands or self.closed_choices))

    @property
    def closed_choices(self) -> tuple[Choice, ...]:
        """The answers on whose points the sources agree."""
        return tuple(choice for choice in self.choices if not choice.open)

    def with_unit(self, number: float) -> str:
        """A number with the name of its unit: "1 vertebra", "2 vertebrae"."""
        return f"{number:g} {self.unit_one if number == 1 and self.unit_one else self.unit}"

    def choice(self, value: str) -> Choice | None:
        """Return the choice with this value, or None."""
        return next((choice for choice in self.choices if choice.value == value), None)

    def band(self, number: float) -> Band | None:
        """Return the band that holds the number, or None."""
        return next((band for band in self.bands if band.low <= number <= band.high), None)

    def numbers(self) -> Iterator[float]:
        """Yield every number that may be answered, from the smallest."""
        if self.minimum is None or self.maximum is None or self.step is None:
            return
        count = round((self.maximum - self.minimum) / self.step)
        for place in range(count + 1):
            yield self.minimum + place * self.step


@dataclass(frozen=True, slots=True)
class Category:
    """A group of scores (`low` to `high`) or of grades (`values`), with what it means.

    `survival` and `advice` are what `pmid` reports or suggests for it; they are not advice of ours.
    """

    label: str
    meaning: str
    low: int | None = None
    high: int | None = None
    values: tuple[str, ...] = ()
    survival: str = ""
    advice: str = ""
    pmid: str | None = None

    def holds(self, score: int | str) -> bool:
        """Whether a score or grade lies in this group."""
        if isinstance(score, str):
            return score in self.values
        return self.low is not None and self.high is not None and self.low <= score <= self.high


@dataclass(frozen=True, slots=True)
class Rule:
    """A tool. Only a rule whose `status` is 'calculator' may be computed; the others are told as far as they are known.

    `better` tells which end of the score goes with the better outlook. `graded` rules have no points: the
    one answer is the grade. `generation` sorts survival tools into classic (before 2010) and newer;
    `year` is None where it was not seen in print.
    """

    id: str
    name: str
    year: int | None
    status: Status
    generation: Generation
    purpose: str
    population: str
    sources: tuple[Source, ...]
    checks: tuple[Check, ...]
    items: tuple[Item, ...] = ()
    categories: tuple[Category, ...] = ()
    patients: int | None = None
    era: str = ""
    better: Better | None = None
    low: int | None = None
    high: int | None = None
    graded: bool = False
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def is_calculator(self) -> bool:
        """Whether the rule may be computed."""
        return self.status == "calculator"

    @property
    def pmids(self) -> tuple[str, ...]:
        """The PMIDs of its sources, the paper that made it first."""
        first = [s.pmid for s in self.sources if s.role == "development" and s.pmid]
        return tuple(dict.fromkeys([*first, *(s.pmid for s in self.sources if s.pmid)]))

    def category(self, score: int | str) -> Category:
        """Return the group of a score; the rule files are checked to have exactly one for each."""
        return next(category for category in self.categories if category.holds(score))
