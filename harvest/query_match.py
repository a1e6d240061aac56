"""Would a query find this record? Decided from title, abstract, keywords and MeSH, with no network.

What differs from PubMed: narrower MeSH headings are not known here, so a strategy that relies on them may seem to
miss a paper that PubMed finds; and a phrase is found wherever its words stand together, also where PubMed's phrase
index lacks it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice, product

from harvest.errors import NotDecidable
from harvest.query import Query, Term, fields
from harvest.record import Record

_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Split as PubMed does, roughly: small letters without accents; hyphens and marks part words."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return _WORD.findall(plain)


class _Text:
    """One running text, indexed by word."""

    def __init__(self, text: str) -> None:
        self.positions: dict[str, list[int]] = defaultdict(list)
        for position, word in enumerate(words(text)):
            self.positions[word].append(position)
        self.vocabulary = sorted(self.positions)

    def holds(self, text: str) -> bool:
        """Whether the words of `text` stand there one after the other, the last one maybe truncated."""
        parts = words(text)
        if not parts:
            return False
        *firsts, last = parts
        ends = self._starting(last) if text.rstrip().endswith("*") else set(self.positions.get(last, ()))
        if not firsts:
            return bool(ends)
        starts = self.positions.get(firsts[0], ())
        return any(
            start + len(firsts) in ends
            and all(start + n in self.positions.get(word, ()) for n, word in enumerate(firsts))
            for start in starts
        )

    def _starting(self, root: str) -> set[int]:
        found: set[int] = set()
        for word in islice(self.vocabulary, bisect_left(self.vocabulary, root), None):
            if not word.startswith(root):
                break
            found.update(self.positions[word])
        return found

    def holds_near(self, text: str, distance: int) -> bool:
        """Whether the words stand together in any order with at most `distance` other words among them."""
        places = [self.positions.get(word, ()) for word in words(text)]
        if not places or not all(places):
            return False
        return any(
            max(chosen) - min(chosen) + 1 - len(set(chosen)) <= distance for chosen in product(*places)
        )


@dataclass(frozen=True, slots=True)
class Searchable:
    """A record made ready for queries; see `searchable`."""

    pmid: str
    texts: dict[str, tuple[_Text, ...]]
    names: dict[str, frozenset[str]]


def searchable(record: Record) -> Searchable:
    """Make a record ready for any number of queries."""
    title = _Text(record.title)
    abstracts = [" ".join(section.text for section in record.abstract)]
    abstracts += [other.text for other in record.other_abstracts]
    keywords = tuple(map(_Text, record.keywords))
    title_abstract = (title, *map(_Text, abstracts), *keywords)
    headings = frozenset(_heading_names(record, major=False))
    named = (*headings, *(c.name for c in record.chemicals), *(p.name for p in record.publication_types))
    return Searchable(
        record.pmid,
        {
            "ti": (title,),
            "tiab": title_abstract,
            "ot": keywords,
            "tw": (*title_abstract, *map(_Text, named)),
        },
        {
            "mh": headings,
            "majr": frozenset(_heading_names(record, major=True)),
            "pt": frozenset(kind.name.lower() for kind in record.publication_types),
            "nm": frozenset(chemical.name.lower() for chemical in record.chemicals),
            "la": frozenset(language.lower() for language in record.languages),
            "pmid": frozenset([record.pmid]),
        },
    )


def _heading_names(record: Record, *, major: bool) -> set[str]:
    """Headings alone and with each qualifier ("spinal neoplasms/secondary"), in small letters."""
    names = set()
    for heading in record.mesh:
        if heading.major or not major or any(q.major for q in heading.qualifiers):
            names.add(heading.descriptor.lower())
        names |= {
            f"{heading.descriptor}/{q.name}".lower() for q in heading.qualifiers if q.major or not major
        }
    return names


def matches(query: Query, record: Searchable) -> bool:
    """Whether the query would find the record.

    Raises
    ------
    NotDecidable
        The query asks for something that a stored record does not tell, such as a date or a filter.
    """
    if isinstance(query, Term):
        return _matches_term(query, record)
    left, right = matches(query.left, record), matches(query.right, record)
    if query.operator == "OR":
        return left or right
    return left and right if query.operator == "AND" else left and not right


def _matches_term(term: Term, record: Searchable) -> bool:
    field = fields().get(term.field_name)
    if field is None or not field.matched:
        raise NotDecidable(term.text, term.tag)
    if field.id in record.texts:
        texts = record.texts[field.id]
        if term.distance is not None:
            return any(text.holds_near(term.text, term.distance) for text in texts)
        return any(text.holds(term.text) for text in texts)
    return term.text.strip().lower() in record.names[field.id]
