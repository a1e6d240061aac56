"""EBM-NLP: abstracts of trials with one label a token, in both forms in which they are handed round.

In `.conll` a document starts with `-DOCSTART- (PMID)` and the last column is I-INT, I-OUT, I-PAR or O; in `.iob` it
starts with `-DOCSTART- -X- O O` and the last column is B- or I- with INTV, OC or POPU. Participants are left out.
Scored by token: a token is right where label and prediction cover it alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import BadLabels
from kb.evaluation.scores import Figure, Tally, three_figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kb.evaluation.reading import TextSpan

LABELS = {"INT": "INTV", "INTV": "INTV", "OUT": "OC", "OC": "OC"}
NAMES = {"INTV": "interventions", "OC": "outcomes"}
_OTHERS = frozenset({"PAR", "POPU"})
_START = "-DOCSTART-"


@dataclass(frozen=True, slots=True)
class TokenDocument:
    """An abstract as tokens with their labels (INTV, OC or None) and where a new span begins."""

    name: str
    tokens: tuple[str, ...]
    labels: tuple[str | None, ...]
    begins: tuple[bool, ...]

    @property
    def text(self) -> str:
        """The tokens with blanks between them."""
        return " ".join(self.tokens)

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """Where each token stands in `text`."""
        found, position = [], 0
        for token in self.tokens:
            found.append((position, position + len(token)))
            position += len(token) + 1
        return found


def read_token_documents(path: Path) -> list[TokenDocument]:
    """Return the documents of a file in either form.

    Raises
    ------
    BadLabels
        A line has no token and label, or a label that is not known.
    """
    documents: list[TokenDocument] = []
    name, rows = "", list[tuple[str, str | None, bool]]()
    started = False
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.startswith(_START):
                documents += _document(name, rows)
                name, rows, started = _name(line, path, number), [], True
            elif line.strip():
                if not started:
                    raise BadLabels(path, number, f"stands before the first {_START}")
                rows.append(_row(line, path, number))
    return documents + list(_document(name, rows))


def _name(line: str, path: Path, number: int) -> str:
    inside = line.strip().removeprefix(_START).strip()
    return inside.strip("()") if inside.startswith("(") else f"{path.name}:{number}"


def _row(line: str, path: Path, number: int) -> tuple[str, str | None, bool]:
    parts = line.split()
    label = parts[-1]
    if len(parts) < 2 or (label != "O" and label[:2] not in ("B-", "I-")):
        raise BadLabels(path, number, "expected a token and a label such as I-INT, B-OC or O")
    kind = label[2:]
    if label != "O" and kind not in LABELS and kind not in _OTHERS:
        raise BadLabels(path, number, f"unknown label {label}")
    return parts[0], LABELS.get(kind), label.startswith("B-")


def _document(name: str, rows: list[tuple[str, str | None, bool]]) -> Iterator[TokenDocument]:
    if rows:
        tokens, labels, begins = zip(*rows, strict=True)
        yield TokenDocument(name, tokens, labels, begins)


def score(
    documents: Sequence[TokenDocument], predicted: Sequence[Sequence[TextSpan]], who: str
) -> list[Figure]:
    """Return token-level figures for interventions, outcomes and both; `who` names the predictor."""
    tallies: dict[str, list[Tally]] = {"INTV": [], "OC": []}
    for document, spans in zip(documents, predicted, strict=True):
        for label, marks in tallies.items():
            found = covered(document.offsets, [s for s in spans if s.label == label])
            wanted = {i for i, value in enumerate(document.labels) if value == label}
            marks.append(Tally(len(found & wanted), len(found), len(wanted)))
    figures = [
        figure
        for label, marks in tallies.items()
        for figure in three_figures(f"{NAMES[label]}, {who}", marks)
    ]
    both = [
        Tally(a.hits + b.hits, a.predicted + b.predicted, a.wanted + b.wanted)
        for a, b in zip(*tallies.values(), strict=True)
    ]
    return figures + three_figures(f"both, {who}", both)


def covered(offsets: Sequence[tuple[int, int]], spans: Sequence[TextSpan]) -> set[int]:
    """Return the indexes of the tokens that some span touches."""
    ordered = sorted(spans, key=lambda span: span.start)
    found: set[int] = set()
    first = 0
    for span in ordered:
        while first < len(offsets) and offsets[first][1] <= span.start:
            first += 1
        index = first
        while index < len(offsets) and offsets[index][0] < span.end:
            found.add(index)
            index += 1
    return found
