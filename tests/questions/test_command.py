"""`spinemets ask`: what it prints, how it is corrected, and what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from spinemets.cli import cli


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["ask", *arguments])


def test_it_prints_the_understanding_the_conflict_and_the_papers(sample_path: Path) -> None:
    shown = run("Is SBRT better than conventional radiotherapy for pain?", "--db", str(sample_path))
    assert shown.exit_code == 0
    for words in (
        "Treatment:  Stereotactic body radiotherapy",
        "Against:    Conventional external beam radiotherapy",
        "The studies conflict.",
        "Sahgal 2021 [PMID 34126044] (level I",
        "Ryu 2023 [PMID 37079324] (level I",
        "sample synopsis",
        "No medical advice.",
    ):
        assert " ".join(words.split()) in " ".join(shown.output.split())


def test_it_is_corrected_by_options(sample_path: Path) -> None:
    options = ("--intervention", "MIS", "--versus", "open surgery", "--outcome", "blood loss")
    shown = run("what about this?", *options, "--db", str(sample_path), "--json")
    content = json.loads(shown.output)
    assert content["understanding"]["intervention"] == ["minimally_invasive_surgery"]
    assert content["understanding"]["corrected"] == ["intervention", "comparator", "outcome", "tool"]
    assert "32988892" in content["cited"]


def test_a_correction_that_names_nothing_ends_with_one_and_what_is_nearest(sample_path: Path) -> None:
    shown = run("pain", "--versus", "vertebroplastyx of stars", "--db", str(sample_path))
    assert shown.exit_code == 1
    assert "no comparator is called 'vertebroplastyx of stars'" in shown.output


def test_a_missing_knowledge_base_says_how_to_make_one(tmp_path: Path) -> None:
    shown = run("pain", "--db", str(tmp_path / "none.db"))
    assert shown.exit_code == 1
    assert "spinemets build" in shown.output


def test_without_evidence_it_says_what_was_looked_for(sample_path: Path) -> None:
    shown = run("denosumab versus vertebroplasty for fatigue", "--db", str(sample_path))
    assert shown.exit_code == 0
    assert "No evidence here answers this." in shown.output
    assert "Looked for outcome: Fatigue" in shown.output
