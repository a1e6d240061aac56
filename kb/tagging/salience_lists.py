"""The lists behind salience (salience.toml): what gives way to what, and whose names tell what patients came with."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files("kb.tagging").joinpath("salience.toml").read_text(encoding="utf-8"))


@cache
def characteristics() -> frozenset[str]:
    """Return the outcomes whose names mostly stand for what patients came with."""
    return frozenset(_table()["characteristics"]["outcomes"])


@cache
def gives_way() -> Mapping[str, frozenset[str]]:
    """Return for each outcome that says less than others which those are; narrower ones count as they do."""
    return {entry["broad"]: frozenset(entry["to"]) for entry in _table()["gives_way"]}


@cache
def made_of() -> Mapping[str, frozenset[str]]:
    """Return for each treatment that is made of others which those are."""
    return {entry["whole"]: frozenset(entry["parts"]) for entry in _table()["made_of"]}


def listed_concepts() -> frozenset[str]:
    """Return every concept id that the lists name, for checking them against the vocabulary."""
    return characteristics().union(gives_way(), made_of(), *gives_way().values(), *made_of().values())
