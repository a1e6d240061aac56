"""The commands about searching, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from harvest.errors import UnreadableFile
from kb.searches import record_search
from kb.store import start_run
from spinemets.cli import cli
from spinemets.coverage import read_pmids
from tests.made_up import made_up_database


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("commands") / "kb.db"
    db = made_up_database(path)
    run = start_run(db, "harvest", program_version="1", extractor_version="1", vocabulary="v")
    record_search(db, run, "broad", "1.0", ["90000001", "555"], query="spine", promised=2)
    db.close()
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_strategies_are_listed_shown_and_clean() -> None:
    assert "all topics" in run("strategies", "list").output
    shown = run("strategies", "show", "sbrt")
    assert "Rationale" in shown.output
    assert run("strategies", "show", "sbrt", "--query").output.startswith("(")
    assert run("strategies", "lint").exit_code == 0


def test_an_unknown_strategy_is_a_usage_error_that_names_the_others() -> None:
    result = run("strategies", "show", "knees")
    assert result.exit_code == 2
    assert "broad" in result.output


def test_lint_names_strategy_and_fault(tmp_path: Path) -> None:
    text = 'version = "1.0"\ndate = 2026-01-31\nrationale = "x"\nmodelled_on = []\nquery = "met*[tiab] or x[tiab]"\n'
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    result = run("strategies", "lint", tmp_path)
    assert result.exit_code == 1
    assert "mine: met*: at least 4 letters" in result.output
    assert "mine: the operator 'or'" in result.output


def test_coverage_says_what_is_here_and_what_is_not(tmp_path: Path, database: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text(
        "# included studies\n90000001\nPMID: 555\n90000001\n\n556 # not here\n", encoding="utf-8"
    )
    result = run("coverage", listed, "--db", database)
    assert result.exit_code == 0
    assert "1 of 3 papers" in result.output
    assert "555  (found by broad, but not stored)" in result.output
    content = json.loads(run("coverage", listed, "--db", database, "--json").output)
    held = {paper["pmid"]: paper for paper in content["papers"]}
    assert (content["listed"], content["held"]) == (3, 1)
    assert held["556"]["would_find"] == []
    assert "broad" in held["90000001"]["would_find"]


def test_a_list_with_something_else_is_refused_with_its_line(tmp_path: Path, database: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("90000001\n10.1000/doi\n", encoding="utf-8")
    result = run("coverage", listed, "--db", database)
    assert result.exit_code == 1
    assert "line 2" in result.output
    listed.write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="no PMID"):
        read_pmids(listed)


def test_the_flow_prints_as_text_json_and_svg(tmp_path: Path, database: Path) -> None:
    assert "Included" in run("prisma", "--db", database).output
    flow = json.loads(run("prisma", "--db", database, "--format", "json").output)
    assert flow["not_retrieved"] == 1
    picture = tmp_path / "flow.svg"
    assert run("prisma", "--db", database, "--format", "svg", "--output", picture).exit_code == 0
    ElementTree.fromstring(picture.read_text(encoding="utf-8"))
