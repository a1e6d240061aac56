"""Search strategies for PubMed: one broad and sensitive, one for each topic; see strategies/README.md."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from harvest.errors import BadStrategy
from harvest.query import Fault
from harvest.query_lint import lint
from harvest.sample.study_format import TOPICS

BROAD = "broad"
_KEYS: Mapping[str, type] = {
    **{"version": str, "date": date, "topic": str, "within": str},
    **{"rationale": str, "modelled_on": list, "query": str},
}
_OPTIONAL = ("topic", "within")
_VERSION = re.compile(r"\d+\.\d+")
_REVIEW = re.compile(r"[1-9]\d{0,8}|doi:10\.\d{4,9}/\S+")


@dataclass(frozen=True, slots=True)
class Strategy:
    """A search that can be reported exactly.

    `topic` is None for the broad strategy; `modelled_on` holds the published reviews whose search was seen in print and
    followed: their PMID, or "doi:" and the DOI where no PMID was printed beside it. The query is one line, as it is sent.
    """

    name: str
    version: str
    date: date
    query: str
    topic: str | None
    rationale: str
    modelled_on: tuple[str, ...]


def load_strategies(folder: Traversable | None = None) -> tuple[Strategy, ...]:
    """Return the strategies, the broad one first, the others in the topics' order.

    Raises
    ------
    BadStrategy
        A file breaks its format or a query has a fault; the file and the cause are named.
    """
    strategies = read_strategies(folder)
    for strategy in strategies:
        for fault in lint(strategy.query):
            raise BadStrategy(f"{strategy.name}.toml", described(strategy.query, fault))
    return strategies


def read_strategies(folder: Traversable | None = None) -> tuple[Strategy, ...]:
    """Return the strategies as `load_strategies` does, but leave their queries unchecked, for the linter."""
    folder = folder or files("harvest").joinpath("strategies")
    tables = {
        file.name.removesuffix(".toml"): _table(file)
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    }
    strategies = [_strategy(name, table, tables) for name, table in tables.items()]
    _check_topics(strategies)
    order = [None, *TOPICS]
    return tuple(sorted(strategies, key=lambda strategy: (order.index(strategy.topic), strategy.name)))


def described(query: str, fault: Fault) -> str:
    """A fault with its place, as a person reads it."""
    return f"{fault.cause} (character {fault.start + 1}: ...{query[max(0, fault.start - 10) : fault.start + 40]}...)"


def _table(file: Traversable) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_bytes().decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadStrategy(file.name, f"is not TOML ({error})") from error
    if fault := _fault_in(table):
        raise BadStrategy(file.name, fault)
    return table


def _fault_in(table: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the keys and values of a file, None if nothing is."""
    if unknown := sorted(set(table) - set(_KEYS)):
        return f"unknown key '{unknown[0]}'"
    for key, kind in _KEYS.items():
        if key not in table:
            if key not in _OPTIONAL:
                return f"'{key}' is missing"
        elif type(table[key]) is not kind:
            return f"'{key}' should be a {'date' if kind is date else kind.__name__}"
        elif kind is str and not table[key].strip():
            return f"'{key}' is empty"
    if not _VERSION.fullmatch(table["version"]):
        return f"version '{table['version']}' should be two numbers, such as 1.0"
    if "topic" in table and table["topic"] not in TOPICS:
        return f"there is no topic '{table['topic']}'"
    for review in table["modelled_on"]:
        if not isinstance(review, str) or not _REVIEW.fullmatch(review):
            return f'modelled_on: {review!r} is no PMID in quotation marks and no "doi:10...."'
    return None


def _strategy(name: str, table: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> Strategy:
    query = " ".join(table["query"].split())
    if "within" in table:
        outer, version = _outer(name, table["within"], tables)
        query = f"({outer}) AND ({query})"
        # The query changes with the one it narrows, so the version does too.
        return _built(name, table, f"{table['version']}+{version}", query)
    return _built(name, table, table["version"], query)


def _outer(name: str, within: str, tables: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    """The query and version of the strategy that another one narrows."""
    other = tables.get(within)
    if other is None:
        raise BadStrategy(f"{name}.toml", f"'within' names no strategy: '{within}'")
    if "within" in other:
        raise BadStrategy(f"{name}.toml", f"'within' names {within}, which itself stands within another one")
    return " ".join(other["query"].split()), other["version"]


def _built(name: str, table: Mapping[str, Any], version: str, query: str) -> Strategy:
    rationale = " ".join(table["rationale"].split())
    modelled_on = tuple(table["modelled_on"])
    return Strategy(name, version, table["date"], query, table.get("topic"), rationale, modelled_on)


def _check_topics(strategies: list[Strategy]) -> None:
    """One strategy without topic, and at most one a topic."""
    owners: dict[str | None, str] = {}
    for strategy in strategies:
        first = owners.setdefault(strategy.topic, strategy.name)
        if first != strategy.name:
            what = f"the topic '{strategy.topic}'" if strategy.topic else "no topic (the broad one)"
            raise BadStrategy(f"{strategy.name}.toml", f"has {what}, as {first} has already")
