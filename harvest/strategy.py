"""Search strategies: TOML files of harvest/strategies -> `Strategy` values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Strategy:
    """One search strategy with its version and why it is as it is."""

    name: str
    version: str
    date: date
    query: str
    topic: str
    rationale: str
    modelled_on: tuple[str, ...]


def load_strategies() -> tuple[Strategy, ...]:
    """Return all strategies by name."""
    folder = files("harvest").joinpath("strategies")
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            values = tomllib.loads(entry.read_text(encoding="utf-8"))
            values["query"] = " ".join(values["query"].split())
            values["modelled_on"] = tuple(values["modelled_on"])
            found.append(Strategy(**values))
    return tuple(found)
