"""P values as printed: "p=0.03", "P<.001", "p = 2 x 10-4", "NS"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from kb.evidence import PRelation

_P = re.compile(
    r"\b[Pp]\s?-?\s?(?:values?)?\s?(?:for (?P<of>[\w-]+) )?(?:(?:of|was|is)\s)?(?P<relation>[=<>≤≥:]|<=|>=|less than|of|was)\s?(?P<value>\d(?:\.\d+)?\s?[x×]\s?10-\d+|0?\.\d+|[01](?:\.\d+)?)"
    r"|\b[Pp]\s?=?\s?(?P<ns>NS\b|n\.s\.|not significant\b)|[(,;]\s?(?P<ns2>NS|n\.s\.)\s?(?:[),;.]|$)"
)
# The long pattern is tried only where one of these stands.
_HAS_P = re.compile(r"[Pp] ?-?(?:value| ?[=<>≤≥:]| (?:of|was|less))|NS|n\.s\.|not significant|\b[Pp]\s")
_RELATIONS = {"≤": "<=", "≥": ">=", "less than": "<", "of": "=", ":": "=", "was": "="}
_OTHER_TESTS = re.compile(
    r"^\s?(?:for|of)?\s?(?:one-sided\s)?(?:for\s)?(?:the\s)?(?:non-?inferiority|heterogeneity|interaction|trend|equivalence)",
    re.IGNORECASE,
)
_TESTED_BEFORE = re.compile(
    r"\b(?:non-?inferiority|heterogeneity|interaction|equivalence|trend|I2|I²)\b[^.;)]{0,25}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PValue:
    """A printed p value (value None for "NS"). `of_difference`: it tests a difference, and nothing else."""

    start: int
    end: int
    value: float | None
    relation: PRelation
    of_difference: bool = True


@lru_cache(maxsize=64)  # the readers of one sentence each ask for them
def find_p_values(text: str) -> tuple[PValue, ...]:
    """Return the printed p values of a sentence (already `plain`), in order."""
    found: list[PValue] = []
    if not _HAS_P.search(text):
        return ()
    for match in _P.finditer(text):
        other = match["of"] is not None or _OTHER_TESTS.match(text[match.end() :])
        difference = not (other or _TESTED_BEFORE.search(text[: match.start()]))
        if match.group("ns") or match.group("ns2"):
            found.append(PValue(match.start(), match.end(), None, "ns", difference))
            continue
        relation = _RELATIONS.get(match["relation"], match["relation"])
        base, _, power = re.sub(r"\s", "", match["value"]).replace("×", "x").partition("x10-")
        value = float(base) * (10.0 ** -int(power) if power else 1.0)
        if value <= 1:
            found.append(PValue(match.start(), match.end(), value, cast("PRelation", relation), difference))
    return tuple(found)
