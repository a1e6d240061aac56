"""A paper's page: which spans are marked where, and what stands beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from datasette_plugins.highlights import Marked, highlight
from datasette_plugins.readings import Row
from datasette_plugins.wording import KINDS, ROLES


def show_paper(record: Row, link: Callable[..., str]) -> dict[str, Any]:
    """Return the template's values for a record read by `readings.paper`."""
    texts = [(0, "Title", record["title"])]
    texts += [(row["section"], row["label"], row["text"]) for row in record["sections"] if row["section"] > 0]
    quoted = [*record["findings"], *record["performance"]]
    shown = []
    for section, label, text in texts:
        sentences = _sentences([row for row in quoted if row["section"] == section])
        concepts = [_concept(row, link) for row in record["mentions"] if row["section"] == section]
        shown.append({"label": label, "html": highlight(text, sentences, concepts)})
    return {
        "paper": record,
        "title_html": shown[0]["html"],
        "sections": shown[1:],
        "reasons": json.loads(record["relevance_reasons"]),
        "registrations": json.loads(record["registrations"]),
        "notices": [row for row in record["corrections"] if row["kind"] in NOTICES],
        "legend": sorted({row["kind"] for row in record["mentions"]}),
    }


# Which links to other citations a reader must know of, and how the page says it.
NOTICES = {
    "RetractionIn": "Retracted",
    "ErratumIn": "Corrected",
    "ExpressionOfConcernIn": "Expression of concern",
    "CorrectedandRepublishedIn": "Corrected and republished",
    "RetractedandRepublishedIn": "Retracted and republished",
    "UpdateIn": "Updated",
}


def _sentences(rows: list[Row]) -> list[Marked]:
    """One marked sentence for all the findings that quote it."""
    anchors: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        anchors.setdefault((row["start"], row["end"]), []).append(row["key"])
    return [Marked(start, end, anchors=tuple(keys)) for (start, end), keys in anchors.items()]


def _concept(row: Row, link: Callable[..., str]) -> Marked:
    return Marked(
        row["start"],
        row["end"],
        kind=row["kind"],
        title=f"{row['kind']}: {row['label']} ({ROLES.get(row['role'], row['role'])})",
        link=link(KINDS[row["kind"]], row["concept"]),
        negated=bool(row["negated"]),
        hypothetical=bool(row["hypothetical"]),
        anchors=(row["key"],),
    )
