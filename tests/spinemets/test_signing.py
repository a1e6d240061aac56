"""`spinemets grade`: claims are found, signed, listed, withdrawn and taken over from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.grading.claim_rows import update_claims
from kb.schema import open_database
from spinemets.cli import cli
from tests.made_up import made_up_database

BY = ("--by", "Dr Rivera", "--reason", "consistent cohorts")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "kb.db"
    made_up_database(path).close()
    return path


def run(database: Path, *arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, ["grade", *arguments, "--db", str(database)])
    assert result.exit_code == code, result.output
    return result


def key(database: Path, outcome: str = "local control") -> str:
    told = run(database, "claims", "sbrt", "--outcome", outcome).output
    assert "(pre-filled); not signed" in told
    assert "[PMID 9000" in told
    return told.split()[0]


def test_from_a_claim_to_its_signature_and_back(database: Path) -> None:
    claim = key(database)
    told = run(database, "sign", claim[:8], "--grade", "B", *BY, "--on", "2026-11-02").output
    assert "Grade B (fair evidence), signed by Dr Rivera on 2026-11-02" in told
    assert "pre-filled now:" in told
    assert (
        "grade B signed by Dr Rivera on 2026-11-02"
        in run(database, "claims", "sbrt", "--outcome", "local control").output
    )
    assert "1 signed grade, 0 out of date" in run(database, "list").output
    assert (
        "pre-filled grade alone"
        in run(database, "withdraw", claim, "--by", "Dr Okafor", "--reason", "too early").output
    )
    assert "No grade is signed" in run(database, "list").output
    history = run(database, "list", "--all").output
    assert "Dr Rivera: grade B. consistent cohorts" in history
    assert "withdrawn by Dr Okafor: too early" in history


def test_a_signature_out_of_date_is_listed_first_as_text_and_json(database: Path) -> None:
    for outcome, grade in (("local control", "B"), ("complete pain response", "I")):
        run(database, "sign", key(database, outcome), "--grade", grade, *BY)
    db = open_database(database)
    db.execute("UPDATE studies SET level_nass = 'V' WHERE pmid = '90000003'")
    update_claims(db)
    db.close()
    told = run(database, "list").output
    assert told.startswith("2 signed grades, 1 out of date")
    assert "OUT OF DATE" in told.split("\n\n")[1]
    first, second = json.loads(run(database, "list", "--json").output)
    assert (first["state"], second["state"]) == ("out of date", "in force")
    assert first["doubt"].startswith("OUT OF DATE")
    status = CliRunner().invoke(cli, ["status", "--db", str(database), "--json"])
    counts = json.loads(status.output)["counts"]
    assert (counts["signed_grades"], counts["signed_out_of_date"]) == (2, 1)


def test_faults_say_what_to_do(database: Path) -> None:
    assert (
        "no claim has the key 'nothing'"
        in run(database, "sign", "nothing", "--grade", "B", *BY, code=1).output
    )
    assert (
        "the reason is missing"
        in run(database, "sign", key(database), "--grade", "B", "--by", "x", "--reason", " ", code=1).output
    )
    assert (
        "lies ahead"
        in run(database, "sign", key(database), "--grade", "B", *BY, "--on", "2999-01-01", code=1).output
    )
    run(database, "sign", key(database), "--grade", "E", *BY, code=2)
    run(database, "sign", key(database), "--grade", "B", "--by", "x", code=2)
    assert "does not know" in run(database, "claims", "xyzzyqq", code=1).output


def test_a_base_built_anew_takes_signatures_over(database: Path, tmp_path: Path) -> None:
    run(database, "sign", key(database), "--grade", "B", *BY)
    made_up_database(tmp_path / "anew.db").close()
    assert "1 signature taken over" in run(tmp_path / "anew.db", "take-over", str(database)).output
    assert "signed by Dr Rivera" in run(tmp_path / "anew.db", "list").output


def test_a_signature_is_told_in_answers_summaries_and_the_graph(database: Path) -> None:
    run(database, "sign", key(database, "complete pain response"), "--grade", "C", *BY, "--on", "2026-11-02")
    asked = ("ask", "is sbrt better than cebrt for complete pain response", "--db", str(database))
    answer = " ".join(CliRunner().invoke(cli, [*asked]).output.split())
    assert "pre-filled by rule. Grade C (poor evidence) was signed by Dr Rivera on 2026-11-02." in answer
    assert "Reason of the reviewer: consistent cohorts" in answer
    told = json.loads(CliRunner().invoke(cli, [*asked, "--json"]).output)
    assert {claim["signature"]["grade"] for claim in told["claims"] if claim["signature"]} == {"C"}
    summary = CliRunner().invoke(cli, ["summary", "sbrt", "--db", str(database)]).output
    assert "## Grades signed by reviewers" in summary
    assert (
        "grade C (poor evidence), signed by Dr Rivera on 2026-11-02, who writes: “consistent cohorts”. Pre-filled grade: I"
        in summary
    )
    assert "no reviewer has signed them" not in summary
    graph = CliRunner().invoke(
        cli, ["graph", "versus", "sbrt", "conventional external beam radiotherapy", "--db", str(database)]
    )
    assert (
        "grade I: insufficient or conflicting evidence (pre-filled), signed as C by Dr Rivera on 2026-11-02"
        in graph.output
    )
    exported = CliRunner().invoke(
        cli,
        [
            "graph",
            "export",
            "--format",
            "json",
            "--output",
            str(database.parent / "g.json"),
            "--db",
            str(database),
        ],
    )
    assert exported.exit_code == 0
    assert '"signed_by": "Dr Rivera"' in (database.parent / "g.json").read_text()
