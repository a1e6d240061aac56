"""The news as text for a person, JSON for a program, and an Atom feed for a reader; pure."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from xml.etree import ElementTree

from kb.news import CHANGES, Item, News

_ATOM = "http://www.w3.org/2005/Atom"
_SYNOPSES = "Entries marked (synopsis) are read from a synopsis in our own words, not from PubMed's abstract."
_NEVER = "1970-01-01T00:00:00+00:00"


def to_text(news: News, at_most: int = 50) -> str:
    """Return the news as lines, the grave ones first, `at_most` papers of each kind by name."""
    if not news.runs:
        return "Nothing has run since then." if news.since else "Nothing has run yet."
    counts = ", ".join(
        f"{len(news.of(change))} {name[0].lower()}{name[1:]}" for change, name in CHANGES.items()
    )
    lines = [f"{counts}; {news.off_topic} change{'' if news.off_topic == 1 else 's'} in papers off topic."]
    for change, name in CHANGES.items():
        if of := sorted(news.of(change), key=lambda item: not item.retracted):
            lines += ["", f"{name} ({len(of)})", *(_lines(item) for item in of[:at_most])]
            if len(of) > at_most:
                lines.append(f"  and {len(of) - at_most:,} more: --format json has all")
    if any(item.is_synopsis for item in news.items):
        lines += ["", _SYNOPSES]
    return "\n".join(lines)


def _lines(item: Item) -> str:
    lines = [f"  PMID {item.pmid}  {item.headline}", f"    {item.source} {item.study}."]
    if item.topics:
        lines.append(f"    Topics: {', '.join(item.topics)}")
    if item.retracted:
        lines.append(f"    Retraction notice: PMID {item.notice_pmid or 'not given'}")
    return "\n".join(lines)


def to_json(news: News) -> str:
    """Return the news as JSON, one object an item."""
    counts = {change: len(news.of(change)) for change in CHANGES}
    content = {
        "since": news.since,
        "runs": news.runs,
        "counts": counts | {"off_topic": news.off_topic},
        "items": [asdict(item) | {"headline": item.headline} for item in news.items],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def to_atom(news: News, feed_url: str, paper_url: Callable[[str], str]) -> str:
    """Return the news as an Atom feed (RFC 4287): one entry a paper and run, under stable ids."""
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", feed_url)
    _add(feed, "title", "SpineMets KB: what is new")
    if any(item.is_synopsis for item in news.items):
        _add(feed, "subtitle", _SYNOPSES)
    _add(feed, "updated", max((item.at for item in news.items), default=_NEVER))
    _add(feed, "link", rel="self", href=feed_url)
    _add(_add(feed, "author"), "name", "SpineMets KB")
    for item in news.items:
        _add_entry(feed, item, paper_url(item.pmid))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode")


def _add_entry(feed: ElementTree.Element, item: Item, url: str) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", f"{url}#run-{item.run}")
    opening = "" if item.change == "retracted" else f"{CHANGES[item.change]}: "
    _add(entry, "title", opening + item.headline)
    _add(entry, "updated", item.at)
    _add(entry, "link", rel="alternate", href=url)
    if item.retracted and item.notice_pmid:
        _add(
            entry,
            "link",
            rel="related",
            href=f"https://pubmed.ncbi.nlm.nih.gov/{item.notice_pmid}/",
            title="Retraction notice",
        )
    synopsis = " A synopsis in our own words, not PubMed's abstract." if item.is_synopsis else ""
    _add(entry, "summary", f"{item.source} {item.study}.{synopsis}")
    marks = {item.change: True, "retracted": item.retracted, "synopsis": item.is_synopsis}
    for mark in (mark for mark, holds in marks.items() if holds):
        _add(entry, "category", term=mark)
    for topic in item.topics:
        _add(entry, "category", term=topic)


def _add(
    parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)
    child.text = _printable(text) if text is not None else None
    return child


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or c >= " ")
