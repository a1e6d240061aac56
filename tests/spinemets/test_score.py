"""`spinemets score`: lists, questions, results, and messages for wrong answers, as a person at a terminal sees them."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from spinemets.cli import cli

TOMITA = ("tomita_score", "--set", "growth=slow", "--set", "visceral=none", "--set", "bone=multiple")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["score", *arguments])


def test_without_a_tool_the_tools_are_listed_computed_and_described_apart() -> None:
    told = run()
    assert told.exit_code == 0
    computed, described = told.output.split("Described only")
    assert "tomita_score" in computed
    assert "oswestry_spinal_risk_index" in described
    tools = {tool["tool"]: tool for tool in json.loads(run("--json").output)}
    assert tools["tomita_score"]["status"] == "calculator"
    assert tools["pathfx"]["missing"]


def test_without_answers_the_questions_are_listed() -> None:
    assert "growth: How fast does the primary tumour grow?" in run("tomita_score").output
    listed = json.loads(run("tokuhashi_score_revised", "--json").output)
    by_name = {question["name"]: question for question in listed["questions"]}
    assert by_name["karnofsky"]["unit"] == "percent"
    assert (by_name["karnofsky"]["minimum"], by_name["karnofsky"]["maximum"]) == (10, 100)
    assert {"value": "breast", "label": "Breast", "points": 5} in by_name["primary"]["choices"]
    assert "Not a medical device" in listed["statement"]


def test_a_result_shows_score_group_points_and_sources() -> None:
    told = run(*TOMITA)
    assert told.exit_code == 0
    assert "Tomita score: 3 (of 2 to 10)" in told.output
    assert "Group 2-3: aim: local control for the long term" in told.output
    assert "PMID 11224867" in told.output
    assert "Not a medical device" in told.output
    result = json.loads(run(*TOMITA, "--json").output)
    assert [item["points"] for item in result["items"]] == [1, 0, 2]


def test_a_grade_is_told_without_points() -> None:
    told = run("epidural_spinal_cord_compression_scale", "--set", "grade=1c")
    assert told.exit_code == 0
    assert "(Bilsky): 1c\n" in told.output
    assert "disputed" in told.output


def test_wrong_answers_end_with_code_1_and_tell_each_question() -> None:
    told = run("tomita_score", "--set", "growth=slwo", "--set", "visceral=none")
    assert told.exit_code == 1
    assert "growth: 'slwo' is no answer here; did you mean slow?" in told.output
    assert "bone: not answered" in told.output


def test_a_described_or_unknown_tool_is_not_computed() -> None:
    told = run("van_der_linden_score", "--set", "visceral=no")
    assert told.exit_code == 1
    assert "there is no calculator for the Van der Linden score; missing: a second source" in told.output
    assert "There is no calculator. Missing: a second source" in run("van_der_linden_score").output
    assert "there are no rules for 'tomita'" in run("tomita").output


def test_a_wrong_command_line_ends_with_code_2() -> None:
    assert run("tomita_score", "--set", "growth").exit_code == 2
    assert run("tomita_score", "--set", "growth=slow", "--set", "growth=rapid").exit_code == 2
    assert run("--set", "growth=slow").exit_code == 2
