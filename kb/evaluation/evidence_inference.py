"""Evidence Inference: does an outcome rise, fall or stay with one treatment against another, by a given sentence?

Each document carries prompts (intervention, comparator, outcome) with the evidence sentence and one of three
labels. Scored: the share of prompts answered right, and F1 of each label.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import BadLabels
from kb.evaluation.scores import Figure, Tally, f1, interval, share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

INCREASED, DECREASED, NO_DIFFERENCE = "increased", "decreased", "no_difference"
ANSWERS = (INCREASED, DECREASED, NO_DIFFERENCE)
# As printed; the corpus spells one of them in two ways.
_LABELS = {
    "significantly increased": INCREASED,
    "significantly increase": INCREASED,
    "significantly decreased": DECREASED,
    "significantly decrease": DECREASED,
    "no significant difference": NO_DIFFERENCE,
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question to a sentence, with its answer; `document` is the paper's PMID or PMCID."""

    document: str
    intervention: str
    comparator: str
    outcome: str
    evidence: str
    answer: str


def read_prompts(path: Path) -> list[Prompt]:
    """Return the prompts of a JSON Lines file, document by document.

    Raises
    ------
    BadLabels
        A line is not of this form, or a label is none of the three.
    """
    prompts: list[Prompt] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            content = json.loads(line)
            document = str(content.get("pmid") or content.get("pmcid") or number)
            prompts += [_prompt(document, row) for row in content["prompts"]]
        except (ValueError, TypeError, KeyError) as error:
            raise BadLabels(path, number, str(error) or type(error).__name__) from error
    return prompts


def _prompt(document: str, row: dict[str, Any]) -> Prompt:
    answer = _LABELS.get(row["label"].strip().lower())
    if answer is None:
        raise ValueError(f"unknown label {row['label']!r}")
    return Prompt(document, row["intervention"], row["comparator"], row["outcome"], row["evidence"], answer)


def score(prompts: Sequence[Prompt], answer: Callable[[Prompt], str | None], who: str) -> list[Figure]:
    """Return accuracy, F1 of each label, and how much was answered at all; `who` names the reader."""
    documents: dict[str, list[tuple[str | None, str]]] = {}
    for prompt in prompts:
        documents.setdefault(prompt.document, []).append((answer(prompt), prompt.answer))
    groups = list(documents.values())
    right = [Tally(sum(a == b for a, b in pairs), len(pairs), len(pairs)) for pairs in groups]
    answered = [Tally(sum(a is not None for a, _ in pairs), len(pairs), len(pairs)) for pairs in groups]
    figures = [
        share(f"direction, {who}", "accuracy", right),
        share(f"direction, {who}", "answered", answered),
    ]
    for label in ANSWERS:
        marks = [
            Tally(
                sum(a == b == label for a, b in pairs),
                sum(a == label for a, _ in pairs),
                sum(b == label for _, b in pairs),
            )
            for pairs in groups
        ]
        low, high = interval(marks, f1)
        counted = f"{sum(m.wanted for m in marks):g} labels"
        figures.append(Figure(f"{label.replace('_', ' ')}, {who}", "F1", f1(marks), low, high, counted))
    return figures
