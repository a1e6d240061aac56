"""A PubMed query as a tree: what its words, phrases, field tags and operators say.

PubMed reads operators from left to right, without precedence, unless parentheses say otherwise; so does this.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal

from harvest.errors import BadQuery

OPERATORS = ("AND", "OR", "NOT")
_TOKEN = re.compile(
    r'\s+|(?P<open>\()|(?P<close>\))|"(?P<phrase>[^"]*)"|\[(?P<tag>[^\[\]]*)\]|(?P<word>[^\s()\[\]"]+)|(?P<stray>["\[\]])'
)
_STRAY = {
    '"': "a quotation mark that is never closed",
    "[": "a square bracket that is never closed",
    "]": "a square bracket that was never opened",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field tag of PubMed (see query_fields.toml)."""

    id: str
    names: tuple[str, ...]
    matched: bool
    proximity: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """Words or a quoted phrase with its tag as written ("tiab:~2"), and where it starts in the query."""

    text: str
    quoted: bool
    tag: str | None
    start: int

    @property
    def field_name(self) -> str:
        """The tag without its modifier, in small letters ("tiab")."""
        return (self.tag or "").partition(":")[0].strip().lower()

    @property
    def modifier(self) -> str:
        """What follows the colon of the tag ("~2", "noexp"), in small letters."""
        return (self.tag or "").partition(":")[2].strip().lower()

    @property
    def distance(self) -> int | None:
        """How many words may stand between those of a proximity search, or None."""
        number = self.modifier.removeprefix("~")
        return int(number) if self.modifier.startswith("~") and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class Combined:
    """Two parts of a query under an operator."""

    operator: Literal["AND", "OR", "NOT"]
    left: Query
    right: Query


Query = Term | Combined


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place of a query, in words."""

    start: int
    cause: str


@dataclass(frozen=True, slots=True)
class Token:
    """A mark, an operator or a term, where it starts, and its depth in parentheses."""

    kind: Literal["open", "close", "operator", "term"]
    start: int
    text: str
    term: Term | None = None


@cache
def fields() -> dict[str, Field]:
    """Return the known fields by each of their names."""
    table = tomllib.loads(files("harvest").joinpath("query_fields.toml").read_text(encoding="utf-8"))
    known = [Field(**{**entry, "names": tuple(entry["names"])}) for entry in table["field"]]
    return {name: entry for entry in known for name in entry.names}


def parse(query: str) -> Query:
    """Read a query into a tree.

    Raises
    ------
    BadQuery
        Brackets, quotation marks, operators or tags do not fit together; the first fault is named.
    """
    tokens, faults = read_tokens(query)
    faults = [*faults, *structure_faults(tokens)]
    if faults:
        first = min(faults, key=lambda fault: fault.start)
        raise BadQuery(query, first.start, first.cause)
    return _fold(iter(tokens))


def _fold(tokens: Iterator[Token]) -> Query:
    """Combine from left to right up to the end or the closing parenthesis; the tokens are known to fit."""
    result: Query | None = None
    operator: Literal["AND", "OR", "NOT"] = "AND"
    for token in tokens:
        if token.kind == "close":
            break
        if token.kind == "operator":
            operator = token.text  # type: ignore[assignment]
            continue
        part: Query = token.term if token.term is not None else _fold(tokens)
        result = part if result is None else Combined(operator, result, part)
    assert result is not None
    return result


def read_tokens(query: str) -> tuple[list[Token], list[Fault]]:
    """Split a query; consecutive bare words are one term. Faults are stray marks and tags without a term."""
    tokens: list[Token] = []
    faults: list[Fault] = []
    joins = False  # whether a further bare word belongs to the term before
    for match in _TOKEN.finditer(query):
        kind, text, start = match.lastgroup, match.group(match.lastgroup or 0), match.start()
        if kind is None:
            continue
        if kind == "word" and text.upper() not in OPERATORS and joins:
            last = tokens[-1].term
            assert last is not None
            tokens[-1] = replace(tokens[-1], term=replace(last, text=f"{last.text} {text}"))
            continue
        joins = kind == "word" and text.upper() not in OPERATORS
        if kind in ("word", "phrase"):
            if text.upper() in OPERATORS and kind == "word":
                if text not in OPERATORS:
                    faults.append(Fault(start, f"the operator '{text}' must be in capitals"))
                tokens.append(Token("operator", start, text.upper()))
            else:
                tokens.append(Token("term", start, text, Term(text, kind == "phrase", None, start)))
        elif kind in ("open", "close"):
            tokens.append(Token(kind, start, text))  # type: ignore[arg-type]
        elif kind == "stray":
            faults.append(Fault(start, _STRAY[text]))
        elif tokens and tokens[-1].term is not None and tokens[-1].term.tag is None:
            tokens[-1] = replace(tokens[-1], term=replace(tokens[-1].term, tag=text.strip()))
        else:
            faults.append(Fault(start, f"the tag [{text}] follows no word or phrase"))
    return tokens, faults


def structure_faults(tokens: Sequence[Token]) -> Iterator[Fault]:
    """Yield where parentheses do not balance or operators and parts do not alternate."""
    open_at: list[int] = []
    before: Token | None = None
    for token in tokens:
        wants_part = before is None or before.kind in ("open", "operator")
        if token.kind in ("term", "open") and not wants_part:
            yield Fault(token.start, "no operator stands before this part")
        if token.kind == "operator" and wants_part:
            yield Fault(token.start, f"nothing stands before the operator {token.text}")
        if token.kind == "open":
            open_at.append(token.start)
        elif token.kind == "close":
            if before is not None and before.kind == "open":
                yield Fault(token.start, "the parentheses hold nothing")
            if before is not None and before.kind == "operator":
                yield Fault(before.start, f"nothing follows the operator {before.text}")
            if open_at:
                open_at.pop()
            else:
                yield Fault(token.start, "a parenthesis that was never opened")
        before = token
    if before is None:
        yield Fault(0, "the query is empty")
    elif before.kind == "operator":
        yield Fault(before.start, f"nothing follows the operator {before.text}")
    for start in open_at:
        yield Fault(start, "a parenthesis that is never closed")


def terms(query: Query) -> Iterator[Term]:
    """Yield the terms of a query in order."""
    if isinstance(query, Term):
        yield query
        return
    yield from terms(query.left)
    yield from terms(query.right)
