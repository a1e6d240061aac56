"""Gaps: what is narrower fills what is broader, comparators are studied too, and every study there is is cited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx
import pytest

from graph.build import build_graph
from graph.gaps import COMPARED_LOW, LOW, NEVER, NOT_COMPARED, PREDICATES, gaps
from harvest.record import Batch
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from tests.made_up import extraction, finding, made_up_database, mention, record, study
from tests.made_up_vocabulary import VOCABULARY

SBRT, CEBRT = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
RFA, PLASTY = "radiofrequency_ablation", "vertebroplasty"


def graph_of(
    tmp_path: Path, *papers: tuple[str, str, dict[str, Any], dict[str, str]]
) -> networkx.MultiDiGraph[str]:
    """Papers as (PMID, level, finding, mentions: concept -> role)."""
    db = open_database(tmp_path / "kb.db", create=True)
    write_vocabulary(db, VOCABULARY)
    pairs = []
    for pmid, level, said, named in papers:
        of = record(pmid, "A study of the spine", (None, "The result."))
        findings = (finding(of, "The result.", **said),) if said else ()
        mentions = tuple(mention(of, "result", concept, role) for concept, role in named.items())
        kind = study(of, "case_series" if level in ("IV", "V") else "rct", level)
        pairs.append((of, extraction(of, findings=findings, mentions=mentions, kind=kind)))
    store_batch(
        db, Batch("x", tuple(of for of, _ in pairs), 1), [found for _, found in pairs], source_digest="x"
    )
    graph = build_graph(db, PREDICATES)
    db.close()
    return graph


def rows(
    graph: networkx.MultiDiGraph[str], gap: str, **options: Any
) -> dict[tuple[str, str], dict[str, Any]]:
    """The gaps of a sort, by the ids of both sides."""
    found = gaps(graph, **({"papers": 1} | options)).rows
    names = ("outcome_node", "comparator_node")
    return {
        (
            row["subject_node"].partition(":")[2],
            next(row[n] for n in names if n in row).partition(":")[2],
        ): row
        for row in found
        if row["gap"] == gap
    }


def test_a_pair_studied_at_level_iv_alone_is_a_gap_and_cites_each_study(tmp_path: Path) -> None:
    pain = {"intervention": SBRT, "outcome": "local_control"}
    graph = graph_of(tmp_path, ("90000001", "IV", pain, {}), ("90000002", "V", pain, {}))
    low = rows(graph, LOW)[(SBRT, "local_control")]
    assert (low["level"], low["papers"], low["pmids"]) == ("IV", 2, ["90000001", "90000002"])


def test_a_trial_on_a_narrower_outcome_closes_the_gap_on_the_broader(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        ("90000001", "IV", {"intervention": SBRT, "outcome": "pain_response"}, {}),
        ("90000002", "I", {"intervention": SBRT, "outcome": "complete_pain_response"}, {}),
    )
    assert rows(graph, LOW) == {}


def test_a_pair_without_a_paper_is_a_gap_only_where_both_are_studied(tmp_path: Path) -> None:
    papers = (
        ("90000001", "I", {}, {RFA: "studied"}),
        ("90000002", "I", {}, {"complete_pain_response": "measured"}),
    )
    graph = graph_of(tmp_path, *papers)
    never = rows(graph, NEVER)[(RFA, "complete_pain_response")]
    assert (never["papers_on_treatment"], never["papers_on_outcome"], never["pmids"]) == (1, 1, [])
    assert (RFA, "pain_response") in rows(graph, NEVER)  # measured by its narrower one
    assert rows(graph, NEVER, papers=2) == {}


@pytest.mark.parametrize("role", ["studied", "comparator"])
def test_a_paper_that_names_the_treatment_as_comparator_studies_it_too(tmp_path: Path, role: str) -> None:
    graph = graph_of(
        tmp_path, ("90000001", "I", {}, {RFA: role, SBRT: "studied", "complete_pain_response": "measured"})
    )
    assert (RFA, "complete_pain_response") not in rows(graph, NEVER)
    assert (RFA, "pain_response") not in rows(graph, NEVER)


def test_outcomes_of_tests_are_no_gap_of_a_treatment(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        ("90000001", "I", {}, {RFA: "studied"}),
        ("90000002", "I", {}, {"local_control": "measured"}),
    )
    assert (RFA, "local_control") in rows(graph, NEVER)
    graph.nodes["outcome:local_control"]["domain"] = "diagnostic"
    assert (RFA, "local_control") not in rows(graph, NEVER)


def test_treatments_compared_with_the_same_third_one_but_not_with_each_other(tmp_path: Path) -> None:
    one = {"intervention": SBRT, "comparator": CEBRT, "outcome": "local_control"}
    other = {"intervention": RFA, "comparator": CEBRT, "outcome": "local_control"}
    graph = graph_of(tmp_path, ("90000001", "I", one, {}), ("90000002", "IV", other, {}))
    apart = rows(graph, NOT_COMPARED)
    assert set(apart) == {(RFA, SBRT)}
    row = apart[(RFA, SBRT)]
    assert row["both_compared_with"] == ["Conventional external beam radiotherapy"]
    assert row["pmids"] == ["90000001", "90000002"]
    low = rows(graph, COMPARED_LOW)
    assert {pair: row["pmids"] for pair, row in low.items()} == {(CEBRT, RFA): ["90000002"]}


def test_a_paper_that_names_two_treatments_as_compared_closes_that_gap(tmp_path: Path) -> None:
    one = {"intervention": SBRT, "comparator": CEBRT, "outcome": "local_control"}
    other = {"intervention": RFA, "comparator": CEBRT, "outcome": "local_control"}
    graph = graph_of(
        tmp_path,
        ("90000001", "I", one, {}),
        ("90000002", "IV", other, {}),
        ("90000003", "I", {}, {RFA: "studied", SBRT: "comparator"}),
    )
    assert rows(graph, NOT_COMPARED) == {}


def test_a_part_of_the_graph_is_enough(tmp_path: Path) -> None:
    db = made_up_database(tmp_path / "kb.db")
    whole, part = build_graph(db), build_graph(db, PREDICATES)
    assert gaps(whole, papers=1) == gaps(part, papers=1)
    assert {edge["predicate"] for _, _, edge in part.edges(data=True)} <= PREDICATES
    assert part.number_of_edges() < whole.number_of_edges()
    db.close()
