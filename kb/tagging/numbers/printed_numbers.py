"""Printed numbers: typography made plain without moving a character, what a number looks like, and its unit."""

from __future__ import annotations

import re

# One character for one, so that offsets stay those of the stored text.
_PLAIN = str.maketrans(
    {
        "·": ".",
        "−": "-",
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "\u2009": " ",
        "\u00a0": " ",
        "\u202f": " ",
        "⩽": "≤",
        "⩾": "≥",
    }
)
# "4 months—as compared to 10": a dash between two clauses is no minus.
_BETWEEN_CLAUSES = re.compile(r"(?<=[A-Za-z%)])—(?=[a-z])")
NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+"
# What joins the values of a list.
LINK = r"(?:\s?/\s?|,\s?(?:and\s)?|\s(?:and|versus|vs\.?|or)\s)"
UNITS = (
    r"months?|mos?\b|years?|yrs?\b|weeks?|wks?\b|days?|hours?|hrs?\b|h\b|minutes?|mins?\b|mL|ml|cc\b|l\b|L\b|points?|units?"
    r"|cm3|cm\b|mm\b|%|°|degrees?|grams?\b|g\b|HU\b"
)
_UNIT_NAMES = (
    ("mo", "months"),
    ("y", "years"),
    ("w", "weeks"),
    ("deg", "degrees"),
    ("g", "g"),
    ("d", "days"),
    ("min", "minutes"),
    ("hu", "HU"),
    ("h", "hours"),
    ("ml", "mL"),
    ("cc", "mL"),
    ("point", "points"),
)


def plain(text: str) -> str:
    """Return `text` with typographic dashes, decimal points and blanks made plain, offsets unchanged."""
    return _BETWEEN_CLAUSES.sub(",", text).translate(_PLAIN)


def number(text: str) -> float:
    """Return the value of a printed number ("1,469", ".05", "-0.3")."""
    return float(text.replace(",", ""))


def unit_name(text: str | None) -> str | None:
    """Return the plain name of a printed unit ("mo" -> "months"), the text itself where no name is known.

    Examples
    --------
    >>> unit_name("yrs"), unit_name("cc"), unit_name("mm"), unit_name(None)
    ('years', 'mL', 'mm', None)
    """
    if text is None:
        return None
    lowered = text.lower()
    return next((name for start, name in _UNIT_NAMES if lowered.startswith(start)), text)


def place(match: re.Match[str]) -> tuple[int, int, float]:
    """Return start, end and value of the number that a pattern calls "value"."""
    return match.start("value"), match.end(), number(match["value"])
