"""Questions to the graph: right rows in the right order, and on how many records they rest."""

from __future__ import annotations

from pathlib import Path

import networkx
import pytest

from graph.build import build_graph
from graph.gaps import gaps
from graph.queries import (
    best_evidence,
    changed_since,
    compared_with,
    path,
    versus,
    with_narrower,
)
from graph.tool_queries import NOT_RANKED, beats, predictors
from tests.graph.made_up_tools import tool_database
from tests.made_up import made_up_database

SBRT = "intervention:stereotactic_body_radiotherapy"
CEBRT = "intervention:conventional_external_beam_radiotherapy"
RADIOTHERAPY = "intervention:radiotherapy"
PAIN = "outcome:pain_response"
NEW, OLD = "SORG survival model", "Revised Tokuhashi score"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> networkx.MultiDiGraph[str]:
    return build_graph(made_up_database(tmp_path_factory.mktemp("queries") / "kb.db"))


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> networkx.MultiDiGraph[str]:
    return build_graph(tool_database(tmp_path_factory.mktemp("tools") / "kb.db"))


def test_a_concept_includes_what_is_narrower(graph: networkx.MultiDiGraph[str]) -> None:
    assert with_narrower(graph, RADIOTHERAPY) >= {RADIOTHERAPY, SBRT, CEBRT}
    assert with_narrower(graph, SBRT) == {SBRT}
    assert with_narrower(graph, "intervention:not_here") == set()


def test_the_best_evidence_comes_first_with_grade_and_conflict(graph: networkx.MultiDiGraph[str]) -> None:
    found = best_evidence(graph, SBRT, PAIN)
    first = found.rows[0]
    assert (first["what"], first["level"], first["grade"], first["consistency"]) == (
        "claim",
        "I",
        "I",
        "conflicting",
    )
    # Seen from the treatment that was asked for, whichever side of the claim it stands on.
    assert (first["subject"], first["favours_subject"], first["no_difference"]) == (
        "Stereotactic body radiotherapy",
        1,
        1,
    )
    assert {"90000001", "90000002", "90000016"} <= set(first["pmids"])
    kinds = [row["what"] for row in found.rows]
    assert kinds == sorted(kinds)
    levels = [
        row["level"] for row in found.rows if row["what"] == "finding" and row["direction"] != "descriptive"
    ]
    assert levels == sorted(levels)
    assert (
        found.rests_on
        == f"Rests on {len(found.pmids)} of the 13 records that count as evidence here (16 held)."
    )
    assert set(found.pmids) == {pmid for row in found.rows for pmid in row["pmids"]}


def test_a_broader_treatment_finds_the_evidence_of_the_narrower(graph: networkx.MultiDiGraph[str]) -> None:
    assert set(best_evidence(graph, RADIOTHERAPY, PAIN).pmids) >= set(best_evidence(graph, SBRT, PAIN).pmids)
    assert best_evidence(graph, PAIN, PAIN).rows == ()


def test_versus_gives_the_same_from_both_sides(graph: networkx.MultiDiGraph[str]) -> None:
    one, other = versus(graph, SBRT, CEBRT), versus(graph, CEBRT, SBRT)
    assert one.pmids == other.pmids
    assert len(one.rows) == len(other.rows) > 3
    (mine,) = [row for row in one.rows if row["what"] == "claim" and row["outcome"] == "Local control"]
    (theirs,) = [row for row in other.rows if row["what"] == "claim" and row["outcome"] == "Local control"]
    assert (mine["favours_subject"], mine["favours_comparator"]) == (1, 0)
    assert (theirs["favours_subject"], theirs["favours_comparator"]) == (0, 1)
    narrowed = versus(graph, SBRT, CEBRT, "outcome:local_control")
    assert {row["outcome"] for row in narrowed.rows} == {"Local control"}
    assert narrowed.pmids == ("90000003",)


def test_a_finding_turned_round_says_whose_value_it_gives(graph: networkx.MultiDiGraph[str]) -> None:
    rows = versus(graph, SBRT, CEBRT, "outcome:local_control").rows
    (finding,) = [row for row in rows if row["what"] == "finding"]
    assert (finding["subject"], finding["direction"]) == ("Stereotactic body radiotherapy", "favours_subject")
    assert finding["value_of"] == "Conventional external beam radiotherapy"


def test_what_is_compared_with_a_treatment(graph: networkx.MultiDiGraph[str]) -> None:
    found = compared_with(graph, SBRT)
    (row,) = [row for row in found.rows if row["comparator"] == "Conventional external beam radiotherapy"]
    assert (row["papers"], row["level"], row["year"]) == (4, "I", 2023)
    assert "Local control" in row["outcomes"]
    assert "Complete pain response" in row["outcomes"]
    assert row["pmids"] == ["90000001", "90000002", "90000003", "90000016"]


def test_what_changed_since_a_year(graph: networkx.MultiDiGraph[str]) -> None:
    rows = {(row["outcome"], row["comparator"]): row for row in changed_since(graph, 2022).rows}
    conflict = rows[("Complete pain response", "Stereotactic body radiotherapy")]
    assert (conflict["change"], conflict["before"], conflict["since"]) == ("conflict", 1, 2)
    assert conflict["pmids"] == ["90000002", "90000016"]
    assert next(iter(rows.values()))["change"] == "conflict"
    assert changed_since(graph, 2100).rows == ()
    everything = changed_since(graph, 1900).rows
    assert {row["change"] for row in everything} == {"new"}


def test_gaps_are_pairs_at_low_levels_or_never_studied(graph: networkx.MultiDiGraph[str]) -> None:
    found = gaps(graph, papers=2)
    low = [row for row in found.rows if row["gap"] == "only Level IV or V"]
    never = [row for row in found.rows if row["gap"] == "not studied"]
    assert low
    assert all(row["level"] in ("IV", "V", None) and row["pmids"] for row in low)
    assert all(row["pmids"] == [] and row["expected"] > 0 for row in never)
    studied = {(row["subject"], row["outcome"]) for row in best_evidence(graph, SBRT, PAIN).rows}
    assert not studied & {(row["subject"], row["outcome"]) for row in never}
    assert "may only mean that titles and abstracts do not tell" in found.notes[0]
    assert len([row for row in gaps(graph, papers=1, limit=3).rows if row["gap"] == "not studied"]) == 3


def test_a_path_goes_through_papers_and_prefers_better_levels(graph: networkx.MultiDiGraph[str]) -> None:
    found = path(graph, SBRT, "outcome:overall_survival")
    (step,) = found.rows
    assert (step["predicate"], step["level"], step["pmids"]) == ("affects", "I", ["90000001"])
    cited = path(graph, "paper:90000002", "paper:90000001")
    assert [row["predicate"] for row in cited.rows] == ["cites"]
    backwards = path(graph, "paper:90000001", "paper:90000002")
    assert backwards.rows[0]["predicate"] == "cites (from right to left)"
    for row in path(graph, CEBRT, "tool:spinal_instability_neoplastic_score").rows:
        assert row["predicate"].split(" ")[0] not in ("has_level", "in_topic", "is_a", "claimed")


def test_no_path_is_said_so(graph: networkx.MultiDiGraph[str]) -> None:
    found = path(graph, SBRT, "intervention:not_here")
    assert found.rows == ()
    assert found.notes == ("No chain of evidence joins them.",)
    assert found.rests_on.startswith("Rests on 0 of the 13 records")


def test_synopses_are_marked_in_the_answer(graph: networkx.MultiDiGraph[str]) -> None:
    sample = next(node for node, origin in graph.nodes(data="origin") if origin == "sample")
    concept = next(
        target for _, target, edge in graph.out_edges(sample, data=True) if edge["predicate"] == "studies"
    )
    found = path(graph, sample, concept)
    assert any("synopses" in note for note in found.notes)


def test_claims_that_are_behind_the_records_are_said_to_be(tmp_path: Path) -> None:
    db = made_up_database(tmp_path / "kb.db")
    assert not any("changed since" in note for note in best_evidence(build_graph(db), SBRT, PAIN).notes)
    db.execute("UPDATE records SET retracted = 1 WHERE pmid = '90000001'")
    notes = best_evidence(build_graph(db), SBRT, PAIN).notes
    assert any(note.startswith("Records changed since claims were counted: 1.") for note in notes)


def test_tools_that_predict_an_outcome_are_not_ranked(tools: networkx.MultiDiGraph[str]) -> None:
    found = predictors(tools, "outcome:overall_survival")
    assert NOT_RANKED in found.notes
    external = [row for row in found.rows if row["setting"] == "external_validation"]
    assert {row["tool"] for row in external} == {NEW, OLD}
    (new,) = [row for row in external if row["tool"] == NEW]
    assert new["papers"] == 3
    assert new["figures"][0] == "auc 0.8 (0.675 to 0.925) at 3 months, n 100, PMID 90000800"
    (words,) = [row for row in found.rows if row["basis"] == "finding on the outcome"]
    assert words["tool"] == "Spinal Instability Neoplastic Score"
    assert words["figures"] == ["text_only, no number, PMID 90000803"]


def test_which_tools_beat_which_with_papers_for_and_against(tools: networkx.MultiDiGraph[str]) -> None:
    rows = {(row["tool"], row["did_better_than"]): row for row in beats(tools).rows}
    assert (rows[(NEW, OLD)]["papers"], rows[(NEW, OLD)]["against"]) == (2, 1)
    assert (rows[(OLD, NEW)]["papers"], rows[(OLD, NEW)]["against"]) == (1, 2)
    assert rows[(NEW, OLD)]["margins"] == [0.2, 0.05]
    assert rows[(NEW, OLD)]["overlapping_intervals"] == 2
    assert rows[("Spinal Instability Neoplastic Score", OLD)]["basis"] == ["stated"]
    of_one = beats(tools, "tool:spinal_instability_neoplastic_score")
    assert [(row["tool"], row["did_better_than"]) for row in of_one.rows] == [
        ("Spinal Instability Neoplastic Score", OLD)
    ]


def test_an_answer_as_json(graph: networkx.MultiDiGraph[str]) -> None:
    content = versus(graph, SBRT, CEBRT).as_json()
    assert content["rests_on"] == {"records": 4, "of": 13, "held": 16}
    assert content["pmids"] == ["90000001", "90000002", "90000003", "90000016"]
    assert (
        content["asked"] == "Stereotactic body radiotherapy against Conventional external beam radiotherapy"
    )


def test_a_classification_beats_nothing_by_its_discrimination(tmp_path: Path) -> None:
    db = tool_database(tmp_path / "kb.db")
    db.execute("UPDATE concepts SET type = 'classification' WHERE id = 'revised_tokuhashi_score'")
    assert {basis for row in beats(build_graph(db)).rows for basis in row["basis"]} == {"stated"}
