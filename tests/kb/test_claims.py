"""Claims: grouping, counting each study once, directions, what counts for nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from harvest.record import Batch, Deletion
from kb.evidence import Claim, claim_key
from kb.grading.claim_rows import rebuild_claims
from kb.grading.claims import build_claims, claims_from
from kb.grading.publications import Publication
from kb.grading.statements import Statement, broader_outcomes, outcome_families
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from kb.vocabulary.concept import load_vocabulary
from tests.made_up import SOURCE, extraction, finding, made_up_database, mention, record, study

SBRT, CEBRT = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
BASE = Statement("k", "1", "intervention", "b", "c", "o", "descriptive")
_OF_PAPERS = {"level", "patients", "review", "registrations", "synopsis", "treating"}
Said = tuple[Statement, Publication]


def said(direction: str = "descriptive", pmid: str = "1", **values: Any) -> Said:
    """A statement with a key of its own, and the paper that makes it."""
    paper = {"level": "III", "patients": 10} | {k: v for k, v in values.items() if k in _OF_PAPERS}
    about = {k: v for k, v in values.items() if k not in _OF_PAPERS}
    key = f"{pmid}-{direction}-{sorted(values.items())}"
    statement = replace(BASE, key=key, pmid=pmid, direction=direction, **about)  # type: ignore[arg-type]
    return statement, Publication(pmid, **paper)


def claims_of(*rows: Said) -> tuple[Claim, ...]:
    return claims_from([statement for statement, _ in rows], {paper.pmid: paper for _, paper in rows})


def one(*rows: Said) -> Claim:
    (claim,) = claims_of(*rows)
    return claim


def counts(claim: Claim) -> tuple[int, int, int, int]:
    return claim.favours_intervention, claim.favours_comparator, claim.no_difference, claim.descriptive


def test_a_prognostic_paper_counts_for_a_treatment_by_its_design() -> None:
    claim = one(said("favours_intervention", level="II", treating=("IV", 4)))
    assert claim.best_level == "IV"
    assert any("1 (Level IV)" in reason and "foretells" in reason for reason in claim.grade_reasons)
    tool = one(said("favours_intervention", level="II", treating=("IV", 4), subject_kind="tool"))
    assert tool.best_level == "II"


@pytest.mark.parametrize(
    ("directions", "expected", "consistency"),
    [
        ([["descriptive"]], (0, 0, 0, 1), "descriptive_only"),
        ([["descriptive", "descriptive"]], (0, 0, 0, 1), "descriptive_only"),
        ([["favours_intervention", "descriptive"]], (1, 0, 0, 0), "single_study"),
        ([["favours_intervention", "no_difference"]], (1, 0, 0, 0), "single_study"),
        ([["no_difference", "descriptive"]], (0, 0, 1, 0), "single_study"),
        ([["favours_intervention", "favours_comparator"]], (1, 1, 0, 0), "conflicting"),
        ([["favours_intervention"], ["favours_intervention"]], (2, 0, 0, 0), "consistent"),
        ([["no_difference"], ["no_difference"], ["descriptive"]], (0, 0, 2, 1), "consistent"),
        ([["favours_intervention"], ["no_difference"]], (1, 0, 1, 0), "conflicting"),
        ([["favours_intervention"], ["favours_comparator"]], (1, 1, 0, 0), "conflicting"),
        ([["favours_intervention"], ["descriptive"]], (1, 0, 0, 1), "single_study"),
    ],
)
def test_each_study_counts_once_in_its_direction(
    directions: list[list[str]], expected: tuple[int, ...], consistency: str
) -> None:
    rows = [
        said(direction, str(study), number=number > 0)
        for study, stated in enumerate(directions)
        for number, direction in enumerate(stated)
    ]
    claim = one(*rows)
    assert counts(claim) == expected
    assert claim.studies == len(directions)
    assert claim.consistency == consistency
    assert claim.evidence_keys == tuple(sorted(statement.key for statement, _ in rows))


def test_what_is_said_separates_claims() -> None:
    claims = claims_of(
        said(), said(outcome="p"), said(outcome=None), said(comparator=None), said(subject="a")
    )
    assert [(c.subject, c.comparator, c.outcome) for c in claims] == [
        ("a", "c", "o"),
        ("b", None, "o"),
        ("b", "c", None),
        ("b", "c", "o"),
        ("b", "c", "p"),
    ]
    assert len({claim.key for claim in claims}) == 5
    assert claims[3].key == claim_key("intervention", "b", "c", "o")


def test_levels_and_patients_count_each_study_once() -> None:
    claim = one(
        said(pmid="1", level="I", patients=100),
        said(pmid="1", level="I", patients=100, direction="no_difference"),
        said(pmid="2", level="IV", patients=None),
        said(pmid="3", level=None, patients=20),
        said(pmid="4", level="IV", patients=30),
    )
    assert claim.studies_by_level == (("I", 1), ("IV", 2))
    assert claim.best_level == "I"
    assert claim.patients == 150


def test_a_reviews_patients_are_not_added_to_those_of_its_studies() -> None:
    review = said(pmid="9", patients=1000, review=True)
    assert one(said(pmid="1", patients=40), review).patients == 40
    assert one(review, said(pmid="8", patients=600, review=True)).patients == 1000
    assert one(said(patients=None)).patients is None


def test_papers_of_one_trial_are_one_study() -> None:
    claim = one(
        said("favours_intervention", "1", registrations=("NCT1",), patients=100, level="I"),
        said("favours_intervention", "2", registrations=("NCT1",), patients=90, level="II"),
    )
    assert (claim.studies, claim.favours_intervention, claim.patients) == (1, 1, 100)
    assert claim.studies_by_level == (("I", 1),)


def test_synopses_are_marked_and_how_it_was_read_is_kept_apart_from_the_grade() -> None:
    read = said("favours_intervention", "1", synopsis=True, level="I", number=False)
    printed = said("favours_intervention", "2", level="I")
    claim = one(read, printed)
    assert (claim.synopses, claim.with_numbers, claim.grade) == (1, 1, "A")
    assert [paper.synopsis for paper in claim.papers] == [True, False]
    numbers = one(said("favours_intervention", "1", level="I"), printed)
    assert (numbers.with_numbers, numbers.grade) == (2, "A")
    # A trial of which one paper is no synopsis is read from that paper too.
    trial = {"registrations": ("NCT1",)}
    assert (
        one(said("no_difference", "1", synopsis=True, **trial), said("no_difference", "2", **trial)).synopses
        == 0
    )


def test_a_population_has_a_claim_of_its_own_beside_the_one_for_all() -> None:
    everyone, narrow = said("favours_intervention", "1"), said("favours_intervention", "2")
    restricted = (replace(narrow[0], population="lung_cancer"), narrow[1])
    overall, lung = claims_of(everyone, narrow, restricted)
    assert (overall.population, overall.studies) == (None, 2)
    assert (lung.population, lung.studies) == ("lung_cancer", 1)
    assert overall.key == claim_key("intervention", "b", "c", "o")
    assert lung.key == claim_key("intervention", "b", "c", "o", "lung_cancer") != overall.key


PAPERS = st.lists(
    st.builds(
        Publication,
        pmid=st.sampled_from("12345678"),
        level=st.sampled_from(["I", "II", "V", None]),
        ocebm=st.none() | st.integers(1, 5),
        patients=st.none() | st.integers(8, 12),
        review=st.booleans(),
        year=st.none() | st.integers(2018, 2020),
        registrations=st.sampled_from([(), ("NCT1",), ("NCT2",), ("NCT1", "NCT2")]),
        authors=st.frozensets(st.sampled_from("abcd"), max_size=3),
        centre=st.sampled_from([None, "here", "there"]),
        accrual=st.sampled_from([None, (2001, 2009), (2005, 2011)]),
        cites=st.frozensets(st.sampled_from("12345678x"), max_size=3),
        companion=st.booleans(),
        synopsis=st.booleans(),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda paper: paper.pmid,
)
DIRECTIONS = ["favours_intervention", "favours_comparator", "no_difference", "descriptive"]


@given(PAPERS, st.data())
def test_order_does_not_matter_and_every_paper_is_accounted_for(
    papers: list[Publication], data: st.DataObject
) -> None:
    publications = {paper.pmid: paper for paper in papers}
    statements = [
        replace(BASE, key=f"{paper.pmid}-{number}", pmid=paper.pmid, direction=direction)  # type: ignore[arg-type]
        for paper in papers
        for number, direction in enumerate(
            data.draw(st.lists(st.sampled_from(DIRECTIONS), min_size=1, max_size=3))
        )
    ]
    (claim,) = claims_from(statements, publications)
    assert claims_from(data.draw(st.permutations(statements)), publications) == (claim,)
    assert {paper.pmid for paper in claim.papers} == set(publications)
    counted = {paper.pmid for paper in claim.papers if paper.counted}
    assert claim.studies == len(counted) >= 1
    for paper in claim.papers:
        assert paper.counted == (paper.reason is None) == (paper.study == paper.pmid)
        assert paper.study is None or paper.study in counted
    assert sum(count for _, count in claim.studies_by_level) <= claim.studies
    assert claim.studies <= sum(counts(claim)) <= 2 * claim.studies
    stated = {direction for paper in claim.papers for direction in paper.directions} - {"descriptive"}
    assert (claim.consistency == "descriptive_only") == (not stated)
    if claim.consistency in ("single_study", "consistent"):
        assert sum(number > 0 for number in counts(claim)[:3]) <= 1
        assert not {"favours_intervention", "favours_comparator"} <= stated
    if claim.consistency == "conflicting":
        assert claim.grade != "A"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return made_up_database(tmp_path / "kb.db")


def stored(db: Database, subject: str, comparator: str | None, outcome: str | None) -> Claim | None:
    claims = [claim for claim in build_claims(db) if claim.population is None]
    said_there = {(claim.subject, claim.comparator, claim.outcome): claim for claim in claims}
    return said_there.get((subject, comparator, outcome))


def test_a_against_b_and_b_against_a_are_one_claim(db: Database) -> None:
    control = stored(db, CEBRT, SBRT, "local_control")
    assert control is not None
    assert counts(control) == (0, 1, 0, 0)
    pain = stored(db, CEBRT, SBRT, "complete_pain_response")
    assert pain is not None
    # Written the other way round in the papers: there the favoured side is the intervention.
    assert counts(pain) == (0, 1, 1, 0)
    assert pain.consistency == "conflicting"
    assert pain.studies_by_level == (("I", 2),)
    assert pain.patients == 390
    assert (pain.grade, pain.best_ocebm) == ("I", 1)
    assert "studies of equal strength with conflicting findings" in pain.grade_reasons[0]
    (aside,) = [paper for paper in pain.papers if not paper.counted]
    assert aside.pmid == "90000016"
    assert aside.reason == "a review that cites PMID 90000001, 90000002, counted here"
    assert stored(db, SBRT, CEBRT, "local_control") is None


def test_retracted_withdrawn_and_off_topic_papers_count_for_nothing(db: Database) -> None:
    claims = build_claims(db)
    assert all(claim.subject != "decompressive_surgery" for claim in claims)  # retracted
    assert stored(db, "stereotactic_body_radiotherapy", None, "pain_response") is None  # withdrawn
    assert stored(db, "stereotactic_body_radiotherapy", None, "overall_survival") is None  # off topic


def test_a_later_deletion_stops_counting(db: Database) -> None:
    assert stored(db, "denosumab", None, "skeletal_related_event") is not None
    store_batch(db, Batch(SOURCE, (Deletion("90000010"),), 99), [], source_digest="made-up-digest")
    rebuild_claims(db)
    assert stored(db, "denosumab", None, "skeletal_related_event") is None
    assert db.execute("SELECT count(*) FROM claims WHERE subject = 'denosumab'").fetchone() == (0,)


def test_tools_have_claims_with_and_without_an_outcome(db: Database) -> None:
    tools = {(c.subject, c.outcome): c for c in build_claims(db) if c.subject_kind == "tool"}
    assert set(tools) == {
        ("sorg_survival_model", "overall_survival"),
        ("sorg_survival_model", None),
        ("revised_tokuhashi_score", None),
        ("spinal_instability_neoplastic_score", None),
    }


def test_findings_without_an_intervention_make_no_claim(db: Database) -> None:
    db.execute("UPDATE findings SET intervention = NULL")
    assert {claim.subject_kind for claim in build_claims(db)} == {"tool"}


def test_stored_claims_are_those_built_and_lead_to_their_evidence(db: Database) -> None:
    rebuilt = {claim.key: claim for claim in build_claims(db)}
    assert rebuild_claims(db) == len(rebuilt)
    rows = {row["key"]: row for row in db.query("SELECT * FROM claims")}
    assert set(rows) == set(rebuilt)
    for key, claim in rebuilt.items():
        row = rows[key]
        levels = {level: row[f"level_{level.lower()}"] for level in ("I", "II", "III", "IV", "V")}
        assert tuple((level, n) for level, n in levels.items() if n) == claim.studies_by_level
        assert sum(levels.values()) + row["no_level"] == row["studies"] == claim.studies
        assert (row["patients"], row["consistency"]) == (claim.patients, claim.consistency)
        assert (row["grade"], tuple(json.loads(row["grade_reasons"]))) == (claim.grade, claim.grade_reasons)
        assert (row["population"], row["best_ocebm"]) == (claim.population, claim.best_ocebm)
        papers = db.execute(
            "SELECT pmid, counted, reason FROM claim_papers WHERE claim = ? ORDER BY 1", (key,)
        )
        assert papers.fetchall() == [(p.pmid, p.counted, p.reason) for p in claim.papers]
        keys = db.execute("SELECT evidence FROM claim_evidence WHERE claim = ? ORDER BY 1", (key,)).fetchall()
        assert tuple(k for (k,) in keys) == claim.evidence_keys
    lost = db.execute(
        "SELECT e.evidence FROM claim_evidence e"
        " LEFT JOIN findings f ON f.key = e.evidence AND f.pmid = e.pmid"
        " LEFT JOIN tool_performance t ON t.key = e.evidence AND t.pmid = e.pmid"
        " WHERE f.key IS NULL AND t.key IS NULL"
    ).fetchall()
    assert lost == []


def test_a_narrower_outcome_speaks_for_the_broader_one_of_its_polarity(tmp_path: Path) -> None:
    db = made_up_database(tmp_path / "kb.db")
    rebuild_claims(db)
    outcomes = {row[0] for row in db.execute("SELECT outcome FROM claims WHERE comparator IS NOT NULL")}
    assert {"complete_pain_response", "pain_response"} <= outcomes
    assert broader_outcomes(db)["complete_pain_response"] == ("pain_response",)
    assert broader_outcomes(db)["pain_intensity"] == ()


def test_a_conflict_on_one_outcome_of_a_family_is_told_beside_the_others() -> None:
    """The trials that wrote "response" conflict: that those which wrote "relief" agree is not the whole truth."""
    claims = claims_of(
        said("favours_intervention", "1", level="I", outcome="response", family="pain"),
        said("favours_comparator", "2", level="I", outcome="response", family="pain"),
        said("favours_intervention", "1", level="I", outcome="relief", family="pain"),
        said("favours_intervention", "3", level="I", outcome="relief", family="pain"),
        said("favours_intervention", "1", level="I", outcome="relief", family="pain", comparator="d"),
        said("favours_intervention", "1", level="I", outcome="fever", family=None),
    )
    by_key = {(claim.comparator, claim.outcome): claim for claim in claims}
    relief = by_key["c", "relief"]
    assert (relief.consistency, relief.conflicts_beside) == ("consistent", ("response",))
    assert "On response (2 studies, best level I)" in relief.grade_reasons[-1]
    assert "conflict" in relief.grade_reasons[-1]
    for other in (by_key["c", "response"], by_key["d", "relief"], by_key["c", "fever"]):
        assert other.conflicts_beside == ()


def test_pain_is_one_family_and_each_complication_stands_alone(tmp_path: Path) -> None:
    db = open_database(tmp_path / "kb.db", create=True)
    write_vocabulary(db, load_vocabulary())
    families = outcome_families(db)
    assert families["complete_pain_response"] == families["pain_intensity"] == families["pain"] == "pain"
    assert "wound_complication" not in families
    assert "pain_flare" not in families


WHOLE, ALONE = "surgery_plus_radiotherapy", "radiotherapy_alone"


def patchell_like(tmp_path: Path, *arms: str) -> Database:
    """A trial whose text names its arms in full once, and in its results as surgery and radiotherapy."""
    db = open_database(tmp_path / "kb.db", create=True)
    write_vocabulary(db, load_vocabulary())
    of = record(
        "7",
        "A trial",
        ("METHODS", "Full and alone, or another."),
        ("RESULTS", "Short beat plain. Full beat alone."),
    )
    words = ("Full", "alone", "another")
    named = tuple(
        replace(mention(of, word, SBRT, "studied", 1), concept=arm)
        for word, arm in zip(words, arms, strict=False)
    )
    better = {"outcome": "ambulation", "direction": "favours_intervention"}
    found = (
        finding(of, "Short beat plain.", intervention="surgery", comparator="radiotherapy", **better),
        finding(of, "Full beat alone.", intervention=WHOLE, comparator=ALONE, **better),
    )
    told = extraction(of, mentions=named, findings=found, kind=study(of, "rct", "I", 101))
    store_batch(db, Batch("x", (of,), 1), [told], source_digest="x")
    rebuild_claims(db)
    return db


def test_one_trial_that_names_its_arms_in_short_is_one_claim(tmp_path: Path) -> None:
    db = patchell_like(tmp_path, WHOLE, ALONE)
    (claim,) = build_claims(db)
    assert (claim.subject, claim.comparator) == (ALONE, WHOLE)
    assert (claim.studies, counts(claim), len(claim.evidence_keys)) == (1, (0, 1, 0, 0), 2)
    assert "PMID 7 names its arms in short" in claim.grade_reasons[-1]
    stored = db.execute("SELECT subject, comparator, favours_comparator FROM claims").fetchall()
    assert stored == [(ALONE, WHOLE, 1)]


@pytest.mark.parametrize("arms", [(WHOLE,), (ALONE,), (WHOLE, ALONE, "surgery_alone")])
def test_short_names_mean_what_they_say_where_the_arms_are_others(
    tmp_path: Path, arms: tuple[str, ...]
) -> None:
    claims = build_claims(patchell_like(tmp_path, *arms))
    assert {(claim.subject, claim.comparator) for claim in claims} == {
        (ALONE, WHOLE),
        ("radiotherapy", "surgery"),
    }
    assert not any("in short" in reason for claim in claims for reason in claim.grade_reasons)
