"""Whose accuracy it is: the test that each sensitivity, specificity or accuracy of a sentence belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.salience_points import IMAGING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.tagging.article import Named
    from kb.tagging.findings.scene import Scene
    from kb.tagging.numbers.estimate import Estimate

# What shows a disease and treats none.
EXAMINATIONS = IMAGING | {"surveillance_imaging", "spinal_biopsy"}
# What such a test is measured by.
ACCURACIES = frozenset(
    {"sensitivity", "specificity", "diagnostic_accuracy", "predictive_value", "biopsy_yield"}
)
_BEHIND = re.compile(
    r"[)%\s]*(?:\([^()]*\)\s?)?(?:for|with|in|by|using|on|of)\s(?:the\s)?(?:[\w-]+\s){0,2}", re.IGNORECASE
)


def tests_of(
    scene: Scene, estimates: Sequence[Estimate], outcomes: dict[int, Named | None]
) -> dict[int, tuple[str, str | None]]:
    """The test and the one it is held against (where there are two) of each accuracy, by where the value starts.

    Values run together belong to the test named in front of them, else to the one right behind; where a run has
    neither, nothing is told of any.
    """
    tests = [n for n in scene.treatments if n.concept.id in EXAMINATIONS and not n.negated]
    values = [e for e in estimates if (n := outcomes[e.start]) is not None and n.concept.id in ACCURACIES]
    if not tests or not values:
        return {}
    owners: dict[int, str] = {}
    since = 0
    for run in _runs(scene.text, values, tests):
        if len({(v.measure, _name(outcomes, v)) for v in run}) < len(run):
            return {}  # two values of one metric in a run: of lesions and patients, or of a test that is not known
        ahead = [t for t in tests if since <= t.start and t.end <= run[0].start]
        behind = next((t for t in tests if t.start >= run[-1].end), None)
        right_behind = behind and _BEHIND.fullmatch(scene.text[run[-1].end : behind.start])
        test = (
            ahead[-1]
            if ahead and len({t.concept.id for t in ahead}) == 1
            else behind
            if right_behind
            else None
        )
        if test is None:
            return {}
        owners |= {value.start: test.concept.id for value in run}
        since = max(run[-1].end, test.end)
    distinct = list(dict.fromkeys(owners.values()))
    return {
        start: (test, next(t for t in distinct if t != test) if len(distinct) == 2 else None)
        for start, test in owners.items()
    }


def _name(outcomes: dict[int, Named | None], value: Estimate) -> str | None:
    named = outcomes[value.start]
    return named.concept.id if named else None


_NEXT_TEST = re.compile(
    r"\b(?:compared|versus|vs|than|against|while|whereas|for|of|in|by|with)\b|;", re.IGNORECASE
)


def _runs(text: str, values: Sequence[Estimate], tests: Sequence[Named]) -> list[list[Estimate]]:
    """The values in order, parted where a test is named, or words lead to another one, between two of them."""
    runs: list[list[Estimate]] = []
    for value in values:
        last = runs[-1][-1] if runs else None
        named_between = last and any(last.end <= t.start < value.start for t in tests)
        if last and not named_between and not _NEXT_TEST.search(text, last.end, value.start):
            runs[-1].append(value)
        else:
            runs.append([value])
    return runs
