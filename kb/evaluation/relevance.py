"""The on-topic decision held against labels made by readers: precision and recall, for tuning and held out apart."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kb.errors import BadLabels
from kb.evaluation.scores import Figure, Tally, interval, precision, recall
from kb.tagging.on_topic import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from harvest.record import Record

Split = Literal["tune", "heldout"]
SPLITS: tuple[Split, ...] = ("tune", "heldout")
TARGETS = {"recall": 0.97, "precision": 0.95}
_IDENTIFIERS = ("pmid", "pmcid", "doi")
_KEYS = {"on_topic", "why", "split"}


@dataclass(frozen=True, slots=True)
class Label:
    """A paper, whether it is on topic, and why. `id` is its PMID, or its PMCID or DOI where no PMID was seen."""

    id: str
    on_topic: bool
    why: str
    split: Split


@dataclass(frozen=True, slots=True)
class Miss:
    """A paper that was judged otherwise than labelled, with the judgement's score and leading reason."""

    label: Label
    score: float
    reason: str


def read_labels(path: Path) -> list[Label]:
    """Read a label file: [[paper]] tables with pmid (or pmcid, or doi), on_topic, why and split.

    Raises
    ------
    BadLabels
        The file breaks this form; the entry is named.
    """
    try:
        papers = tomllib.loads(path.read_text(encoding="utf-8"))["paper"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise BadLabels(path, 0, f"is no TOML file with [[paper]] tables ({error})") from error
    labels = [_label(path, number, paper) for number, paper in enumerate(papers, 1)]
    twice = [name for name, times in Counter(label.id for label in labels).items() if times > 1]
    if twice:
        raise BadLabels(path, 0, f"{twice[0]} is labelled twice")
    return labels


def _label(path: Path, number: int, paper: Any) -> Label:
    if not isinstance(paper, dict):
        raise BadLabels(path, number, "should be a table")
    names = [key for key in _IDENTIFIERS if key in paper]
    if len(names) != 1:
        raise BadLabels(path, number, "needs one of pmid, pmcid and doi")
    if set(paper) - {names[0]} != _KEYS:
        raise BadLabels(path, number, f"{paper[names[0]]}: needs exactly on_topic, why and split besides")
    if not isinstance(paper["on_topic"], bool) or paper["split"] not in SPLITS or not paper["why"]:
        raise BadLabels(path, number, f"{paper[names[0]]}: on_topic is true or false, split tune or heldout")
    return Label(str(paper[names[0]]), paper["on_topic"], paper["why"], paper["split"])


def score(labels: Sequence[Label], records: Mapping[str, Record]) -> tuple[list[Figure], list[Miss]]:
    """Return precision and recall for each split, and what was judged wrongly.

    `records` holds them by the labels' ids; labels without a record are left out.
    """
    figures: list[Figure] = []
    misses: list[Miss] = []
    for split in SPLITS:
        tallies = []
        for label in labels:
            if label.split != split or label.id not in records:
                continue
            judged = judge(records[label.id])
            if judged.on_topic != label.on_topic:
                misses.append(Miss(label, judged.score, judged.reasons[0] if judged.reasons else ""))
            hit = float(judged.on_topic and label.on_topic)
            tallies.append(Tally(hit, float(judged.on_topic), float(label.on_topic)))
        figures += _figures(split, tallies)
    return figures, misses


def _figures(split: str, tallies: Sequence[Tally]) -> Iterable[Figure]:
    hits = sum(tally.hits for tally in tallies)
    for measure, statistic, of in (
        ("precision", precision, sum(tally.predicted for tally in tallies)),
        ("recall", recall, sum(tally.wanted for tally in tallies)),
    ):
        low, high = interval(tallies, statistic)
        yield Figure(split, measure, statistic(tallies), low, high, f"{hits:g} of {of:g}", TARGETS[measure])
