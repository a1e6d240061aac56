"""Text of XML elements: inline markup (i, sub, MathML) taken out, no character lost, layout evened."""

from __future__ import annotations

from lxml import etree

from harvest.byte_stream import DamagedStreamError
from harvest.white_space import even


def text_of(element: etree._Element | None) -> str:
    """Return all text inside an element, "" if there is none.

    Raises
    ------
    DamagedStreamError
        It holds a character entity that nothing defines: its character would be lost.
    """
    if element is None:
        return ""
    for entity in element.iter(etree.Entity):
        raise DamagedStreamError(f"the character entity {entity.text} is defined nowhere")
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
    return next((value for value in values if value), None)
