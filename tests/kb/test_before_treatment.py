"""Better than before treatment is never told as better than another treatment: in claims, summaries, answers and on pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from datasette_plugins.wording import claim_counts, direction
from graph.build import build_graph
from graph.queries import best_evidence
from graph.questions import answer, understand
from graph.questions.printing import to_text
from harvest.record import Batch
from kb.grading.before_treatment import BETTER, WORSE, against_before
from kb.grading.claim_rows import update_claims
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from kb.summary.document import summarise
from kb.summary.markdown import to_markdown
from kb.tagging.extract import extract
from kb.vocabulary.concept import load_vocabulary
from tests.datasette_plugins.test_pages import get
from tests.made_up import EXTRACTOR, extraction, finding, mention, record, study

SURGERY = "separation_surgery"
REASON = 'the text says "lower", p<0.0001; against before treatment, not another one'
UNNAMED = "520 against 1128, p<0.05; lower blood loss is better"


@pytest.mark.parametrize(
    "text",
    [
        "Mean pain intensity fell from 7.4 to 3.1 after vertebroplasty (p<0.001).",
        "Pain intensity was significantly lower than before treatment after vertebroplasty (p<0.001).",
    ],
)
def test_the_tagger_says_so_in_the_words_that_are_looked_for(text: str) -> None:
    of = record("90000800", "Vertebroplasty of spinal metastases: a case series", ("RESULTS", text))
    sided = [row for row in extract(of).findings if row.direction.startswith("favours_")]
    assert sided
    assert all(row.comparator is None and against_before(row.direction_reason) for row in sided)


def paper(
    pmid: str, reason: str, *, side: str = "favours_intervention", outcome: str = "pain_intensity"
) -> Any:
    text = f"Pain intensity after separation surgery was another one in {pmid}."
    of = record(pmid, "Separation surgery of spinal metastases", ("RESULTS", text), authors=(f"A{pmid} B",))
    result = finding(of, text, direction=side, intervention=SURGERY, outcome=outcome)
    return of, extraction(
        of,
        topics=("separation_surgery",),
        mentions=(mention(of, "Separation surgery", SURGERY, "studied"),),
        findings=(replace(result, direction_reason=reason),),
        kind=study(of, "case_series", "IV", 40),
        extractor=replace(EXTRACTOR, vocabulary=load_vocabulary().digest),
    )


def database(path: Path, *pairs: Any) -> Database:
    db = open_database(path, create=True)
    write_vocabulary(db, load_vocabulary())
    store_batch(
        db, Batch("x", tuple(of for of, _ in pairs), 1), [found for _, found in pairs], source_digest="x"
    )
    update_claims(db)
    return db


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Better than before, better than a group that is not named, and worse than before."""
    made = database(
        tmp_path / "kb.db",
        paper("90000801", REASON),
        paper("90000802", UNNAMED),
        paper("90000803", REASON, side="favours_comparator", outcome="quality_of_life"),
    )
    yield made
    made.close()


def claim(db: Database, outcome: str) -> dict[str, Any]:
    (row,) = db.query("SELECT k.*, 'Separation surgery' AS subject_label, NULL AS comparator_label FROM claims k"
                      " WHERE population IS NULL AND outcome = ?", [outcome])  # fmt: skip
    return row


def test_claims_count_such_studies_apart(db: Database) -> None:
    pain = claim(db, "pain_intensity")
    assert (pain["favours_intervention"], pain["better_than_before"], pain["worse_than_before"]) == (2, 1, 0)
    assert claim_counts(pain) == (
        f"1 favours Separation surgery over a group that is not named, 1 reports results {BETTER}"
    )
    unknown = pain | {"better_than_before": None, "worse_than_before": None}
    assert claim_counts(unknown) == "2 favour Separation surgery"  # as stored by an earlier version
    quality = claim(db, "quality_of_life")
    assert claim_counts(quality) == f"1 reports results {WORSE}"


def test_a_result_on_a_page_says_against_what() -> None:
    row = {"direction": "favours_intervention", "intervention_label": "A", "comparator_label": None}
    assert direction(row | {"direction_reason": REASON}) == BETTER
    assert direction(row | {"direction_reason": UNNAMED}) == "favours A over a group that is not named"
    assert direction(row | {"direction_reason": REASON, "comparator_label": "B"}) == "favours A"


def test_a_summary_says_so_in_table_sentences_and_claims(db: Database) -> None:
    text = to_markdown(summarise(db, "separation_surgery"))
    assert f"reports on separation surgery, {BETTER}: “Pain intensity" in text
    assert f"reports on separation surgery, {WORSE}" in text
    assert "favours separation surgery over a group that is not named" in text
    assert f"| {BETTER} | 90000801 |" in text
    assert (
        f"1 in favour of separation surgery over a group that is not named \\[[2](#ref-2)\\]; 1 {BETTER}"
        in text
    )


def test_an_answer_says_so(db: Database) -> None:
    found = answer(db, understand("separation surgery pain intensity"))
    points = {study.pmid: study.points for one in found.claims for study in one.studies}
    assert points == {"90000801": "better_than_before", "90000802": "intervention"}
    text = " ".join(to_text(found).split())
    assert f"1 reports results {BETTER} [90000801]" in text
    assert "1 favours separation surgery over a group that is not named [90000802]" in text
    assert "favours the other side" not in text


def test_the_graph_says_so(db: Database) -> None:
    rows = best_evidence(build_graph(db), f"intervention:{SURGERY}", "outcome:pain_intensity").rows
    directions = {row["pmids"][0]: row["direction"] for row in rows if row["what"] == "finding"}
    assert directions == {"90000801": "better_than_before", "90000802": "favours_subject"}


@pytest.mark.parametrize(
    "page", [f"/interventions/{SURGERY}", "/topics/separation_surgery", "/papers/90000801"]
)
def test_pages_say_so(db: Database, tmp_path: Path, page: str) -> None:
    text = get(tmp_path / "kb.db", page).text
    assert BETTER in text
    assert "favours Separation surgery<" not in text
