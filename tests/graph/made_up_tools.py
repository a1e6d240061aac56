"""A small knowledge base of invented papers on tools: two put side by side, once each way."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from harvest.record import Batch
from kb.evidence import ToolPerformance
from kb.grading.claim_rows import update_claims
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from tests.made_up import extraction, finding, mention, record, span, study
from tests.made_up_vocabulary import VOCABULARY

NEW, OLD, SINS = "sorg_survival_model", "revised_tokuhashi_score", "spinal_instability_neoplastic_score"


def tool_database(path: Path) -> Database:
    """Four papers: AUCs side by side twice for the new tool and once for the old, and one comparison in words."""
    db = open_database(path, create=True)
    write_vocabulary(db, VOCABULARY)
    pairs = []
    for number, (new, old) in enumerate(((0.8, 0.6), (0.75, 0.7), (0.6, 0.65))):
        of = record(
            f"9000080{number}", "Overall survival by two scores", (None, "Figures."), year=2018 + number
        )
        rows = tuple(
            ToolPerformance(
                span(of, "Figures."),
                tool,
                "auc",
                value,
                "external_validation",
                value - 0.125,
                value + 0.125,
                3.0,
                100,
            )
            for tool, value in ((NEW, new), (OLD, old))
        )
        measured = mention(of, "Overall survival", "overall_survival", "measured")
        kind = study(of, "external_validation", "II", 100 + number)
        pairs.append((of, extraction(of, tool_performance=rows, mentions=(measured,), kind=kind)))
    of = record("90000803", "SINS against Tokuhashi", (None, "SINS did better."), year=2015)
    words = finding(
        of, "SINS did better.", direction="favours_intervention", intervention=SINS, comparator=OLD,
        outcome="overall_survival",
    )  # fmt: skip
    pairs.append((of, extraction(of, findings=(words,), kind=study(of, "external_validation", "II", 40))))
    batch = Batch("x", tuple(of for of, _ in pairs), len(pairs))
    store_batch(db, batch, [found for _, found in pairs], source_digest="x")
    update_claims(db)
    return db
