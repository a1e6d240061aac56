"""Lengths of time in one unit."""

from __future__ import annotations


def in_months(value: float, unit: str) -> float:
    """Convert a length of time to months (a year 12, a week 7/30.44, a day 1/30.44), to two decimals."""
    unit = unit.lower()
    factor = (
        12.0
        if unit.startswith("y")
        else 1.0
        if unit.startswith("m")
        else 7 / 30.44
        if unit.startswith("w")
        else 1 / 30.44
    )
    return round(value * factor, 2)
