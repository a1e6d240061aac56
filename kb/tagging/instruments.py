"""Instruments: the scores of a scale or questionnaire are results on what it measures (instruments.toml)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# A scale in a results sentence that says how its scores were, not that it is one factor among others.
_SCORED = re.compile(
    r"\b(?:scores?|levels?|status|points?|improv\w+|decreas\w+|increas\w+|reduc\w+|declin\w+|chang\w+|worsen\w+|recorded|observed|measured|evaluated|assessed|obtained|compared|from \d)\b",
    re.IGNORECASE,
)
_FACTOR = re.compile(
    r"\b(?:predict\w*|prognostic|risk factors?|multivaria\w+|univaria\w+|associated with|independent\w*|model|scoring system|"
    r"eligib\w+|inclusion|matched|classified)\b",
    re.IGNORECASE,
)


@cache
def measured_by() -> Mapping[str, str]:
    """Return for each instrument's concept id the id of the outcome that it measures."""
    table = tomllib.loads(files("kb.tagging").joinpath("instruments.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = table["measures"]
    return found


def outcome_scored(tool: str, sentence: str) -> str | None:
    """Return the outcome that `tool` measures where its sentence reports or plans its scores, else None.

    Examples
    --------
    >>> outcome_scored("visual_analogue_scale", "The VAS score fell from 7.5 to 2.1.")
    'pain_intensity'
    >>> outcome_scored("karnofsky_performance_status_scale", "KPS predicted survival.")
    """
    outcome = measured_by().get(tool)
    return outcome if outcome and _SCORED.search(sentence) and not _FACTOR.search(sentence) else None
