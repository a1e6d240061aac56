"""What there is evidence on near a question that has none."""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database

from graph.questions import evidence
from graph.questions.answers import Nearest
from graph.questions.asked import Asked
from graph.questions.claims import nearness
from graph.questions.composing import sides
from graph.questions.evidence import Row
from graph.questions.understanding import Role, Understanding

MOST_NEAREST = 8


def nearest_to(
    db: Database, understanding: Understanding, asked: Asked, labels: Mapping[str, str]
) -> tuple[Nearest, ...]:
    """What there is evidence on when less is asked: the same without outcome, without comparison, one part alone."""
    found: dict[tuple[tuple[Role, str], ...], Nearest] = {}
    if asked.empty:
        return ()
    for dropped in (
        (),
        ("outcomes",),
        ("comparators",),
        ("outcomes", "comparators"),
        ("subjects", "comparators"),
    ):
        less = asked.without(dropped)
        if (dropped and less == asked) or not (less.subjects or less.outcomes):
            continue
        rows = evidence.claims(db, less.subjects_all, less.comparators_all, less.outcomes_all)
        rows = [row for row in rows if row.get("population") is None]
        for row in sorted(rows, key=lambda r: nearness(r, less))[:4]:
            near = _near_claim(db, row, less, labels)
            if near is not None:
                found.setdefault(near.roles, near)
    return tuple(found.values())[:MOST_NEAREST]


def _near_claim(db: Database, row: Row, asked: Asked, labels: Mapping[str, str]) -> Nearest | None:
    pmids = tuple(dict.fromkeys(result["pmid"] for result in evidence.claim_results(db, row["key"])))
    if not pmids:
        return None
    subject, comparator = sides(row, asked)
    roles: list[tuple[Role, str]] = [("tool" if row["subject_kind"] == "tool" else "intervention", subject)]
    words = labels[subject]
    if comparator:
        roles.append(("comparator", comparator))
        words += f" against {labels[comparator]}"
    if row["outcome"]:
        roles.append(("outcome", row["outcome"]))
        words += f": {labels[row['outcome']]}"
    return Nearest(words, tuple(roles), pmids)
