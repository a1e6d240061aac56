"""Lint of PubMed queries: what is wrong, and what PubMed would silently ignore or read otherwise than meant.

Rules of PubMed this rests on: only truncation at the end of a word, with at least four letters before the
asterisk; a truncated phrase ends with the truncated word; truncation turns off mapping to MeSH; proximity searches
take two or more words in quotation marks and no truncation; operators are in capitals and read from left to right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from harvest.query import Fault, Term, Token, fields, read_tokens, structure_faults

LETTERS_BEFORE_ASTERISK = 4
_OTHER_PLATFORMS = re.compile(
    r"\b(?:adj|near|pre|w|n)/?\d+\b|[?$#]|\bexp\b|(?<=\w)/$|:(?:ti|ab|kw)\b|\.(?:mp|tw|ti|ab)\.",
    re.IGNORECASE,
)
_CURLY = re.compile("[“”„«»‘’‚]")
_MODIFIERS = {"mh": ("noexp",), "majr": ("noexp",)}


def lint(query: str) -> tuple[Fault, ...]:
    """Return every fault of a query, in order of place; none means that PubMed reads it as it is written."""
    tokens, faults = read_tokens(query)
    faults += structure_faults(tokens)
    faults += (Fault(m.start(), f"{m.group()} is no plain quotation mark") for m in _CURLY.finditer(query))
    faults += _mixed(tokens)
    for token in tokens:
        if token.term is not None:
            faults += (Fault(token.start, cause) for cause in _term_causes(token.term))
    return tuple(sorted(set(faults), key=lambda fault: (fault.start, fault.cause)))


def _mixed(tokens: Sequence[Token]) -> Iterator[Fault]:
    """Yield where different operators meet without parentheses."""
    levels: list[str | None] = [None]
    for token in tokens:
        if token.kind == "open":
            levels.append(None)
        elif token.kind == "close" and len(levels) > 1:
            levels.pop()
        elif token.kind == "operator":
            if levels[-1] not in (None, token.text):
                yield Fault(
                    token.start,
                    f"{levels[-1]} and {token.text} stand side by side; PubMed reads from left to right, so use parentheses",
                )
            levels[-1] = token.text


def _term_causes(term: Term) -> Iterator[str]:
    shown = f'"{term.text}"' if term.quoted else term.text
    if not re.search(r"\w", term.text):
        yield f"{shown} holds no word"
        return
    yield from _tag_causes(term, shown)
    if not term.quoted and " " in term.text:
        yield f"{shown}: put several words into quotation marks, or PubMed may search them apart"
    if found := _OTHER_PLATFORMS.search(term.text):
        yield f"{shown}: '{found.group()}' belongs to another search platform; PubMed ignores it"
    yield from _truncation_causes(term, shown)


def _tag_causes(term: Term, shown: str) -> Iterator[str]:
    if term.tag is None:
        yield f"{shown} has no field tag, so PubMed maps it as it likes"
        return
    field = fields().get(term.field_name)
    if field is None:
        yield f"[{term.tag}] is no known field tag; PubMed would ignore it"
        return
    if term.distance is not None:
        if not field.proximity:
            yield f"[{term.tag}]: PubMed searches nearby words in title and abstract alone"
        if not term.quoted or len(term.text.split()) < 2:
            yield f"{shown}: a proximity search needs two or more words in quotation marks"
    elif term.modifier and term.modifier not in _MODIFIERS.get(field.id, ()):
        yield f"[{term.tag}]: '{term.modifier}' is no known modifier of this field"


def _truncation_causes(term: Term, shown: str) -> Iterator[str]:
    words = term.text.split()
    for number, word in enumerate(words, 1):
        if "*" not in word:
            continue
        root, _, rest = word.partition("*")
        if rest or not root:
            yield f"{shown}: PubMed truncates at the end of a word only"
        # Of a hyphenated word PubMed truncates the last part.
        elif len(re.sub(r"[\W_]", "", root.rpartition("-")[2])) < LETTERS_BEFORE_ASTERISK:
            yield f"{shown}: at least {LETTERS_BEFORE_ASTERISK} letters must stand before the asterisk"
        if number < len(words):
            yield f"{shown}: in a phrase only the last word can be truncated"
        if term.distance is not None:
            yield f"{shown}: a proximity search takes no asterisk"
        if term.field_name in fields() and fields()[term.field_name].id in ("mh", "majr"):
            yield f"{shown}: name the MeSH heading in full; an asterisk turns off its narrower headings"
