"""`Estimate`: a number of a sentence with its measure, as printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kb.evidence import PRelation

Change = Literal["more", "less", "better", "worse"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number in a sentence: `start`, `end` are its offsets there. Percent values run from 0 to 100.

    `changed_from` is the baseline that the same clause prints ("improved from 7.5 to 2.1"); `change` says which way
    a value that is itself a change went ("a mean decrease of 26.9").
    """

    start: int
    end: int
    measure: str
    value: float
    unit: str | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    p_relation: PRelation | None = None
    n: int | None = None
    changed_from: float | None = None
    change: Change | None = None
