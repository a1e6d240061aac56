"""`spinemets graph`: questions in words, answers as text and JSON, errors that name the nearest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from spinemets.building import build_knowledge_base
from spinemets.cli import cli
from spinemets.graph_commands import graph


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("graph_commands") / "kb.db"
    build_knowledge_base(path, sample=True, files=(), jobs=1, progress=False)
    return str(path)


QUESTIONS = (
    ("best", "SBRT", "pain"),
    ("versus", "sbrt", "conventional external beam radiotherapy", "--outcome", "pain response"),
    ("compared-with", "stereotactic body radiotherapy"),
    ("predictors", "overall survival"),
    ("beats",),
    ("beats", "SINS"),
    ("changed", "--since", "2020"),
    ("gaps", "--limit", "3"),
    ("path", "sbrt", "SINS"),
    ("growth",),
    ("central", "--limit", "4"),
    ("communities",),
)


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_every_question_answers_and_says_what_it_rests_on(database: str, question: tuple[str, ...]) -> None:
    told = CliRunner().invoke(cli, ["graph", *question, "--db", database])
    assert told.exit_code == 0, told.output
    assert "Rests on " in told.output
    assert " records that count as evidence here" in told.output
    asked = CliRunner().invoke(cli, ["graph", *question, "--db", database, "--json"])
    content = json.loads(asked.output)
    assert content["rests_on"]["records"] == len(content["pmids"]) <= content["rests_on"]["of"]
    assert {pmid for row in content["rows"] for pmid in row["pmids"]} == set(content["pmids"])
    assert len({tuple(row) for row in content["rows"] if row["what"] == "claim"}) <= 1


def test_every_question_is_asked_here() -> None:
    assert set(graph.commands) - {"export"} == {question[0] for question in QUESTIONS}


def test_the_two_randomised_trials_on_pain_are_shown_as_a_conflict(database: str) -> None:
    asked = CliRunner().invoke(cli, ["graph", "best", "sbrt", "pain response", "--db", database, "--json"])
    first = json.loads(asked.output)["rows"][0]
    assert (first["consistency"], first["grade"]) == ("conflicting", "I")
    # SC.24 favours stereotactic radiotherapy, RTOG 0631 conventional radiotherapy.
    assert {"34126044", "37079324"} <= set(first["pmids"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("best", "sbtr", "pain"), "the vocabulary does not know 'sbtr'; the nearest are: "),
        (("best", "sbrt", "sbrt"), "the vocabulary does not know 'sbrt'"),
        (("path", "99999999", "sbrt"), "there is no record with PMID 99999999"),
    ],
)
def test_what_is_not_known_is_told(database: str, arguments: tuple[str, ...], told: str) -> None:
    found = CliRunner().invoke(cli, ["graph", *arguments, "--db", database])
    assert found.exit_code == 1
    assert told in found.output


def test_a_concept_that_no_record_names_has_an_answer_that_says_so(database: str) -> None:
    found = CliRunner().invoke(cli, ["graph", "best", "photodynamic therapy", "pain", "--db", database])
    assert found.exit_code == 0, found.output
    assert "Best evidence for Photodynamic therapy on Pain" in found.output
    assert "Nothing was found." in found.output
    assert "Rests on 0 of the" in found.output


def test_a_missing_database_is_an_error(tmp_path: Path) -> None:
    found = CliRunner().invoke(cli, ["graph", "beats", "--db", str(tmp_path / "none.db")])
    assert found.exit_code == 1
    assert "there is no such knowledge base" in found.output
