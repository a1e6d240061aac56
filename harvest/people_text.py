"""Authors of a MEDLINE text record: each author's lines follow their name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harvest.identifiers import orcid_in
from harvest.record import Author

if TYPE_CHECKING:
    from harvest.medline_fields import Fields

_OTHER_PEOPLE = ("FED", "ED", "FIR", "IR", "FPS", "PS")
_TAGS = ("FAU", "AU", "CN", "AUID", "AD", *_OTHER_PEOPLE)
_SUFFIXES = frozenset(["Jr", "Sr", "1st", "2nd", "3rd", "4th", "5th", "I", "II", "III", "IV", "V"])
_LONGEST_INITIALS = 4
_ET_AL = ("et al", "et al.")


def authors_of(fields: Fields) -> tuple[Author, ...]:
    """Read the authors in printed order, with their ORCID iDs and affiliations.

    An affiliation before all names is the first author's, as it was when PubMed kept one a record.
    """
    authors: list[Author] = []
    before_names: tuple[str, ...] = ()
    tag_before, listening = "", True
    for tag, value in fields.in_order(*_TAGS):
        if tag in _OTHER_PEOPLE:
            listening = False
        elif tag in ("FAU", "AU", "CN") and value.lower() not in _ET_AL:
            listening = True
            if tag == "AU" and tag_before == "FAU":
                authors[-1] = _with_short_name(authors[-1], value)
            else:
                authors.append(_named(tag, value))
        elif tag == "AUID" and listening and authors:
            authors[-1] = replace(authors[-1], orcid=authors[-1].orcid or orcid_in(value))
        elif tag == "AD" and listening and authors:
            authors[-1] = replace(authors[-1], affiliations=(*authors[-1].affiliations, value))
        elif tag == "AD" and not authors:
            before_names = (*before_names, value)
        tag_before = tag
    if before_names and authors:
        authors[0] = replace(authors[0], affiliations=before_names + authors[0].affiliations)
    return tuple(authors)


def authors_are_complete(fields: Fields) -> bool:
    """Whether the record lists all authors, that is, does not end them with "et al."."""
    return not any(name.lower() in _ET_AL for name in fields.many("FAU", "AU"))


def short_name(text: str) -> Author:
    """Read "van der Linden YM" or "Smith JA Jr": family name, initials, suffix."""
    words = text.split()
    suffixed = len(words) > 2 and words[-1] in _SUFFIXES and _are_initials(words[-2])
    suffix = words.pop() if suffixed else None
    if len(words) == 1:
        return Author(last_name=words[0], suffix=suffix)
    return Author(last_name=" ".join(words[:-1]), initials=words[-1], suffix=suffix)


def person_or_group(text: str) -> Author:
    """Read a citation's author: "Sahgal A" is a person, what does not end in initials a group."""
    person = short_name(text)
    return person if _are_initials(person.initials or "") else Author(collective=text)


def _are_initials(word: str) -> bool:
    letters = word.replace("-", "")
    return letters.isalpha() and letters.isupper() and len(letters) <= _LONGEST_INITIALS


def _named(tag: str, value: str) -> Author:
    if tag == "CN":
        return Author(collective=value)
    if tag == "AU":
        return short_name(value)
    last_name, _, fore_name = value.partition(", ")
    return Author(last_name=last_name, fore_name=fore_name or None)


def _with_short_name(author: Author, short: str) -> Author:
    """Add to "Smith, John A Jr" what "Smith JA Jr" tells: which are the initials and which the suffix."""
    last_name = author.last_name or ""
    if short.startswith(last_name + " "):
        initials, _, suffix = short.removeprefix(last_name).strip().partition(" ")
    else:
        read = short_name(short)
        initials, suffix = read.initials or "", read.suffix or ""
    fore_name = (author.fore_name or "").removesuffix(suffix).rstrip(" ,") if suffix else author.fore_name
    return replace(author, fore_name=fore_name or None, initials=initials or None, suffix=suffix or None)
