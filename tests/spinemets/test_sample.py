"""The bundled sample as a user gets it: every topic filled, conflicts kept, retracted papers never evidence."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvest.sample import curated_topics, read_sample
from kb.vocabulary.concept import load_vocabulary
from spinemets.cli import cli

RETRACTED = "37118927"
# Fewest papers a topic must have; of immunotherapy little is published that is about the spine itself.
FEWEST = dict.fromkeys(load_vocabulary().topics, 4) | {"immunotherapy": 1}
SBRT, CONVENTIONAL = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("sample") / "sample.db"
    result = CliRunner().invoke(cli, ["build", "--sample", "--db", str(database)])
    assert result.exit_code == 0, result.output
    return database


@pytest.fixture
def rows(sample: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(sample)
    yield connection
    connection.close()


def test_at_least_140_studies_and_every_topic_has_papers(rows: sqlite3.Connection) -> None:
    assert len(list(read_sample())) >= 140
    counted = dict(
        rows.execute(
            "SELECT topic, count(*) FROM record_topics JOIN studies USING (pmid) WHERE on_topic GROUP BY topic"
        )
    )
    assert {topic for topic, least in FEWEST.items() if counted.get(topic, 0) < least} == set()


def test_all_are_marked_as_synopses_and_most_are_on_topic(rows: sqlite3.Connection) -> None:
    assert rows.execute("SELECT DISTINCT origin FROM records").fetchall() == [("sample",)]
    [(on_topic, total)] = rows.execute("SELECT sum(on_topic), count(*) FROM studies")
    assert on_topic / total >= 0.85


def test_topics_agree_with_a_persons_view(rows: sqlite3.Connection) -> None:
    found: dict[str, set[str]] = {}
    for pmid, topic in rows.execute("SELECT pmid, topic FROM record_topics"):
        found.setdefault(pmid, set()).add(topic)
    pairs = [(set(topics), found.get(pmid, set())) for pmid, topics in curated_topics().items()]
    agreed = sum(len(a & b) for a, b in pairs)
    assert agreed / sum(len(a) for a, _ in pairs) >= 0.75  # recall
    assert agreed / sum(len(b) for _, b in pairs) >= 0.75  # precision


def directions(rows: sqlite3.Connection, pmid: str) -> set[tuple[str, str]]:
    """(the side a result favours, or the direction itself) of each tested result of a paper."""
    sql = "SELECT intervention, comparator, direction FROM findings WHERE pmid = ? AND direction <> 'descriptive'"
    sides = set()
    for intervention, comparator, direction in rows.execute(sql, (pmid,)):
        side = {"favours_intervention": intervention, "favours_comparator": comparator}.get(
            direction, direction
        )
        sides.add((side, direction) if side == direction else (side, "favoured"))
    return sides


def test_the_two_trials_of_radiosurgery_for_pain_point_in_opposite_directions(
    rows: sqlite3.Connection,
) -> None:
    assert directions(rows, "34126044") == {(SBRT, "favoured")}
    assert directions(rows, "37079324") == {(CONVENTIONAL, "favoured")}


@pytest.mark.parametrize(
    ("pmid", "outcome", "value", "n"),
    [("16112300", "ambulation_regained", 62.0, 16), ("34126044", "complete_pain_response", 35.0, None)],
)
def test_reported_numbers_are_found(
    rows: sqlite3.Connection, pmid: str, outcome: str, value: float, n: int | None
) -> None:
    sql = "SELECT n FROM findings WHERE pmid = ? AND outcome = ? AND value = ?"
    assert rows.execute(sql, (pmid, outcome, value)).fetchall() == [(n,)]


@pytest.mark.parametrize(
    ("pmid", "design", "patients"),
    [
        ("16112300", "rct", 101),
        ("34126044", "rct", 229),
        ("37079324", "rct", 339),
        ("20606090", "retrospective_comparative", 324),
        ("26829933", "protocol", None),  # the 386 are planned
        ("31005225", "meta_analysis", None),
    ],
)
def test_design_and_size_of_landmark_studies(
    rows: sqlite3.Connection, pmid: str, design: str, patients: int | None
) -> None:
    [(found, size)] = rows.execute("SELECT design, patients FROM studies WHERE pmid = ?", (pmid,))
    assert found == design
    assert patients is None or size == patients


def test_the_retracted_paper_is_kept_marked_and_counts_for_nothing(
    sample: Path, rows: sqlite3.Connection
) -> None:
    assert rows.execute("SELECT retracted FROM records WHERE pmid = ?", (RETRACTED,)).fetchone() == (1,)
    assert rows.execute("SELECT count(*) FROM claim_evidence WHERE pmid = ?", (RETRACTED,)).fetchone() == (0,)
    summary = CliRunner().invoke(cli, ["summary", "open_surgery", "--db", str(sample)]).output
    evidence, _, rest = summary.partition("etracted")
    assert f"| {RETRACTED} |" not in evidence
    assert RETRACTED in rest
    news = CliRunner().invoke(cli, ["news", "--db", str(sample)]).output
    assert f"PMID {RETRACTED}  RETRACTED: " in news
    assert "not from PubMed's abstract" in news


def test_every_quotation_stands_in_the_stored_text(rows: sqlite3.Connection) -> None:
    texts = {(pmid, 0): title for pmid, title in rows.execute("SELECT pmid, title FROM records")}
    texts |= {(p, s): text for p, s, text in rows.execute("SELECT pmid, section, text FROM sections")}
    quoted = 0
    for table in ("mentions", "findings", "tool_performance"):
        for pmid, section, start, end, text in rows.execute(
            f"SELECT pmid, section, start, end, text FROM {table}"
        ):
            assert texts[pmid, section][start:end] == text
            quoted += 1
    assert quoted > 1500


@pytest.mark.parametrize("topic", sorted(load_vocabulary().topics))
def test_every_topic_has_a_summary_in_which_each_reference_has_its_pmid(sample: Path, topic: str) -> None:
    text = CliRunner().invoke(cli, ["summary", topic, "--db", str(sample)]).output
    assert "synops" in text
    references = text.rpartition("## References")[2].strip().splitlines()
    numbered = [line for line in references if "PMID" in line]
    assert len(numbered) >= FEWEST[topic]


def test_status_tells_counts_versions_and_digest(sample: Path) -> None:
    state = json.loads(CliRunner().invoke(cli, ["status", "--json", "--db", str(sample)]).output)
    assert state["counts"]["records"] == len(list(read_sample()))
    assert state["counts"]["sample_synopses"] == state["counts"]["records"]
    assert state["last_harvest"] is None
    assert len(state["content_digest"]) == 64
    assert state["versions"]["extractor"].startswith("0.1.0+")
