"""The flow as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from kb.prisma.flow import Flow, FoundBy


def flow_text(flow: Flow) -> str:
    """Return the flow as aligned lines, from what was identified to what is included."""
    return "\n".join(_lines(flow))


def _lines(flow: Flow) -> Iterator[str]:
    yield _line("Identified", flow.identified)
    for search in flow.searches:
        yield _line(f"  {search.strategy} {search.version}{_promise(search)}", search.found)
    for other in flow.others:
        yield _line(f"  {other.label}", other.number)
    yield _line("Duplicates (found more than once)", flow.duplicates)
    yield _line("Different papers", flow.papers)
    yield _line("Not retrieved yet", flow.not_retrieved)
    yield _line("Screened", flow.screened)
    yield _line("Left out", flow.excluded)
    for reason in flow.off_topic:
        yield _line(f"  off topic: {reason.label}", reason.number)
    yield _line("  withdrawn by PubMed", flow.withdrawn)
    yield _line("  retracted", flow.retracted)
    yield _line("Included", flow.included)


def _promise(search: FoundBy) -> str:
    return "" if search.promised is None else f" (PubMed's count: {search.promised:,})"


def _line(label: str, number: int) -> str:
    return f"{label:<68} {number:>9,}"
