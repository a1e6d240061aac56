"""Finished elements of a large XML file one by one, in bounded memory, with nothing fetched or expanded."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from lxml import etree

from harvest.byte_stream import ByteStream, DamagedStreamError, read_head
from harvest.errors import UnreadableFile
from harvest.xml_text import text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_HTML = ("html", "head", "body")
_ERROR_EVENTS = 1000


def read_elements(path: Path, roots: Collection[str]) -> Iterator[etree._Element]:
    """Yield each child of the root when it is complete, and free it when the next one is asked for.

    Comments and processing instructions are left out. In memory are the element in
    hand, the emptied one before it, and what the piece of file just read holds beyond it.

    Raises
    ------
    UnreadableFile
        The file is missing, empty, no XML, declares entities, or its root is none of `roots`.
    DamagedStreamError
        The file breaks off or is malformed; all elements before have been yielded.
    """
    check_start(path, roots)
    with closing(ByteStream(path)) as stream:
        context = _parse(stream, ("start", "end"))
        depth = 0
        try:
            for event, element in context:
                depth += 1 if event == "start" else -1
                if depth == 1 and event == "end":
                    yield element
                    _free(element)
        except etree.XMLSyntaxError as error:
            raise DamagedStreamError(_cause(error, context)) from error
        _refuse_lost_entities(context)


def check_start(path: Path, roots: Collection[str]) -> None:
    """Refuse a file that is no XML, declares entities, or has another root, saying what it is instead.

    Raises
    ------
    UnreadableFile
        See above.
    """
    head = read_head(path)
    if head.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise UnreadableFile(path, "is a web page (HTML), not PubMed XML")
    with closing(ByteStream(path)) as stream:
        context = _parse(stream, ("start", "end"))
        try:
            _, root = next(context)
        except (etree.XMLSyntaxError, StopIteration, DamagedStreamError) as error:
            raise UnreadableFile(path, f"is not XML ({_cause(error, context)})") from error
        declared = root.getroottree().docinfo.internalDTD
        names = [str(entity.name) for entity in declared.iterentities()] if declared is not None else []
        if names:
            raise UnreadableFile(path, f"declares entities ({', '.join(names[:3])}), as PubMed never does")
        if root.tag not in roots:
            raise UnreadableFile(path, _wrong_root(root, context))


def _parse(stream: ByteStream, events: tuple[str, ...]) -> etree.iterparse[tuple[str, etree._Element]]:
    return etree.iterparse(
        stream,
        events=events,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _free(element: etree._Element) -> None:
    """Empty a finished element and delete those before it: cleared ones alone would pile up as shells."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _wrong_root(root: etree._Element, context: etree.iterparse[tuple[str, etree._Element]]) -> str:
    """Say what a file with another root is, with the server's own message where there is one."""
    if etree.QName(root).localname.lower() in _HTML:
        return "is a web page (HTML), not PubMed XML"
    said = f"holds <{root.tag}>, not a PubmedArticleSet"
    try:
        for _ in range(_ERROR_EVENTS):
            event, element = next(context)
            if event == "end" and "ERROR" in element.tag.upper() and (message := text_of(element)):
                return f"{said}; the server said: {message}"
    except (etree.XMLSyntaxError, StopIteration, DamagedStreamError):
        pass
    return said


def _refuse_lost_entities(context: etree.iterparse[tuple[str, etree._Element]]) -> None:
    """Report an undefined entity in an attribute, which the parser drops with a mere note in its log."""
    for entry in context.error_log:
        if entry.type == etree.ErrorTypes.WAR_UNDECLARED_ENTITY:
            raise DamagedStreamError(f"line {entry.line}: {entry.message}; its character is lost")


def _cause(error: BaseException, context: etree.iterparse[tuple[str, etree._Element]]) -> str:
    """Say what is wrong with the XML; for lxml's "no element found" its log knows more."""
    if isinstance(error, DamagedStreamError):
        return error.cause
    if isinstance(error, etree.XMLSyntaxError) and "no element found" not in str(error):
        said = str(error).removesuffix(f" (<string>, line {error.lineno})")
        wrong_bytes = any(entry.type == etree.ErrorTypes.ERR_INVALID_ENCODING for entry in context.error_log)
        return f"some bytes are not in the file's encoding, UTF-8 as a rule ({said})" if wrong_bytes else said
    entries = list(context.error_log)
    return f"{entries[-1].message}, line {entries[-1].line}" if entries else "no element found"
