"""Text of XML elements: inline markup (i, sub, sup, MathML) taken out, no character lost, layout white space evened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from harvest.byte_stream import Damage

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAYOUT = " \t\r\n"
_LAYOUT_RUN = re.compile(f"[{_LAYOUT}]+")


def even(text: str) -> str:
    """Make each run of layout white space one space and strip the ends; other spaces (no-break, thin) stay."""
    return _LAYOUT_RUN.sub(" ", text).strip(_LAYOUT)


def text_of(element: etree._Element | None) -> str:
    """Return all text inside an element, "" if there is none.

    Raises
    ------
    Damage
        It holds a character entity that nothing defines: its character would be lost.
    """
    if element is None:
        return ""
    for entity in element.iter(etree.Entity):
        raise Damage(f"the character entity {entity.text} is not defined; PubMed writes the character itself")
    return even("".join(map(str, element.itertext())))


def text_at(parent: etree._Element | None, path: str) -> str | None:
    """Return the text of the first element at `path`, None if it is absent or empty."""
    return (text_of(parent.find(path)) or None) if parent is not None else None


def texts_at(parent: etree._Element, path: str) -> tuple[str, ...]:
    """Return the texts of all elements at `path` that have any, in document order."""
    return tuple(text for element in parent.iterfind(path) if (text := text_of(element)))


def attribute(element: etree._Element | None, name: str) -> str | None:
    """Return an attribute's text, None if it is absent or empty."""
    return (even(element.get(name, "")) or None) if element is not None else None


def is_yes(element: etree._Element | None, name: str) -> bool:
    """Whether an attribute such as MajorTopicYN says Y."""
    return attribute(element, name) == "Y"


def first(*values: str | None) -> str | None:
    """Return the first value that is there."""
    return next(_present(values), None)


def _present(values: tuple[str | None, ...]) -> Iterator[str]:
    return (value for value in values if value)
