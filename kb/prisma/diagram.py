"""The flow as a PRISMA 2020 style diagram in SVG: plain shapes, no script, readable without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from kb.prisma.flow import Count, Flow

_WIDTH, _MARGIN, _GAP = 940, 24, 34
_BAND, _LEFT, _RIGHT = 34, 420, 380
_LINE, _PADDING, _TITLE_GAP = 19, 14, 6
# Letters that fit a line of the left and right boxes, number and padding taken off.
_LEFT_LETTERS, _RIGHT_LETTERS = 44, 39
_SHOWN_REASONS = 9
_STYLE = """
text{font:14px system-ui,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;fill:#1c2733}
.title{font-weight:600}.number{text-anchor:end;font-variant-numeric:tabular-nums}
.box{fill:#fff;stroke:#5b6b7b;stroke-width:1.2}.end{fill:#eef5ee;stroke:#3d6b4f;stroke-width:1.6}
.band{fill:#dfe7ef}.phase{font-weight:600;font-size:13px;text-anchor:middle;fill:#2c4257}
.arrow{stroke:#5b6b7b;stroke-width:1.4;fill:none}.head{fill:#5b6b7b}
""".strip().replace("\n", "")


@dataclass(frozen=True, slots=True)
class _Box:
    """A titled box with its lines: text and, where there is one, a number."""

    title: str
    number: int
    lines: tuple[tuple[str, int | None], ...]

    @property
    def height(self) -> int:
        gap = _TITLE_GAP if self.lines else 0
        return 2 * _PADDING + _LINE * (1 + len(self.lines)) + gap - 5


def flow_diagram(flow: Flow) -> str:
    """Return the diagram as an SVG document."""
    rows = [
        (
            "Identification",
            _identified(flow),
            _Box("Removed before screening", flow.duplicates, (("found more than once", flow.duplicates),)),
        ),
        ("", _Box("Different papers", flow.papers, ()), _Box("Not retrieved yet", flow.not_retrieved, ())),
        ("Screening", _Box("Papers screened", flow.screened, ()), _left_out(flow)),
        ("Included", _included(flow), None),
    ]
    body: list[str] = []
    tops: list[int] = []
    y = _MARGIN
    left_x = _MARGIN + _BAND + 16
    for _, left, right in rows:
        tops.append(y)
        y += max(left.height, right.height if right else 0) + _GAP
    bottom = y - _GAP
    for (_, left, right), top in zip(rows, tops, strict=True):
        last = right is None
        body += _drawn(left, left_x, top, _LEFT, "end" if last else "box")
        if right is not None:
            right_x = _WIDTH - _MARGIN - _RIGHT
            body += _drawn(right, right_x, top, _RIGHT, "box")
            body += _arrow(left_x + _LEFT, top + 24, right_x, top + 24)
    for (_, left, _), top, below in zip(rows, tops, tops[1:], strict=False):
        x = left_x + _LEFT // 2
        body += _arrow(x, top + left.height, x, below)
    body += _bands([row[0] for row in rows], tops, bottom)
    height = bottom + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
        f' role="img" aria-label="{_spoken(flow)}">\n<style>{_STYLE}</style>\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


def _identified(flow: Flow) -> _Box:
    entries: list[tuple[str, int | None]] = [
        (f"PubMed: {search.strategy.replace('_', ' ')} {search.version}", search.found)
        for search in flow.searches
    ]
    entries += [(other.label, other.number) for other in flow.others]
    return _Box("Records identified", flow.identified, tuple(_wrapped(entries, _LEFT_LETTERS)))


def _included(flow: Flow) -> _Box:
    return _Box("Papers included", flow.included, (("on topic, neither retracted nor withdrawn", None),))


def _left_out(flow: Flow) -> _Box:
    reasons = list(flow.off_topic)
    if len(reasons) > _SHOWN_REASONS + 1:
        rest = sum(count.number for count in reasons[_SHOWN_REASONS:])
        reasons = [*reasons[:_SHOWN_REASONS], Count("other reasons", rest)]
    entries: list[tuple[str, int | None]] = [(f"off topic: {count.label}", count.number) for count in reasons]
    entries += [("withdrawn by PubMed", flow.withdrawn), ("retracted", flow.retracted)]
    return _Box("Papers left out", flow.excluded, tuple(_wrapped(entries, _RIGHT_LETTERS)))


def _wrapped(entries: Sequence[tuple[str, int | None]], letters: int) -> Iterator[tuple[str, int | None]]:
    """Break long labels; the number stands beside the first line."""
    for label, number in entries:
        first, *more = wrap(label, letters) or [""]
        yield first, number
        yield from (("   " + line, None) for line in more)


def _drawn(box: _Box, x: int, y: int, width: int, kind: str) -> Iterator[str]:
    yield f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{box.height}" rx="6"/>'
    line = y + _PADDING + 13
    yield from _texts(box.title, box.number, x, line, width, "title")
    line += _TITLE_GAP
    for text, number in box.lines:
        line += _LINE
        yield from _texts(text, number, x, line, width, "")


def _texts(text: str, number: int | None, x: int, y: int, width: int, kind: str) -> Iterator[str]:
    indent = 12 if text.startswith("   ") else 0
    yield f'<text class="{kind}" x="{x + _PADDING + indent}" y="{y}">{escape(text.strip())}</text>'
    if number is not None:
        yield f'<text class="number {kind}" x="{x + width - _PADDING}" y="{y}">{number:,}</text>'


def _arrow(x1: int, y1: int, x2: int, y2: int) -> Iterator[str]:
    down = x1 == x2
    end_x, end_y = (x2, y2 - 7) if down else (x2 - 7, y2)
    yield f'<path class="arrow" d="M{x1} {y1}L{end_x} {end_y}"/>'
    wings = f"{x2 - 5} {y2 - 8}L{x2 + 5} {y2 - 8}" if down else f"{x2 - 8} {y2 - 5}L{x2 - 8} {y2 + 5}"
    yield f'<path class="head" d="M{x2} {y2}L{wings}Z"/>'


def _bands(phases: Sequence[str], tops: Sequence[int], bottom: int) -> Iterator[str]:
    """The phases down the left side; a row without a name belongs to the one above."""
    starts = [n for n, phase in enumerate(phases) if phase]
    for place, n in enumerate(starts):
        top = tops[n]
        end = tops[starts[place + 1]] - _GAP if place + 1 < len(starts) else bottom
        middle_x, middle_y = _MARGIN + _BAND // 2, (top + end) // 2
        yield f'<rect class="band" x="{_MARGIN}" y="{top}" width="{_BAND}" height="{end - top}" rx="6"/>'
        yield (
            f'<text class="phase" x="{middle_x}" y="{middle_y}" dy="4"'
            f' transform="rotate(-90 {middle_x} {middle_y})">{phases[n]}</text>'
        )


def _spoken(flow: Flow) -> str:
    return escape(
        f"Flow of records: {flow.identified:,} identified, {flow.duplicates:,} duplicates,"
        f" {flow.screened:,} screened, {flow.excluded:,} left out, {flow.included:,} included",
        quote=True,
    )
