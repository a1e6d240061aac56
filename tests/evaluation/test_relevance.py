"""Labels of what is on topic: read, checked, and held against the decision."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvest.record import Record, Section
from kb.errors import BadLabels
from kb.evaluation.relevance import Label, read_labels, score
from spinemets.cli import cli

GOLD = Path(__file__).parent.parent / "gold" / "relevance.toml"
GOOD = '[[paper]]\npmid = "90000801"\non_topic = true\nwhy = "made up"\nsplit = "tune"\n'


def labels_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "labels.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_list_is_large_and_a_third_of_it_off_topic() -> None:
    labels = read_labels(GOLD)
    assert sum(label.id.isdigit() for label in labels) >= 150
    held_out = Counter(label.on_topic for label in labels if label.split == "heldout")
    assert held_out[True] >= 30
    assert held_out[False] >= sum(held_out.values()) / 3


def test_precision_and_recall_are_counted_for_each_split() -> None:
    labels = [
        Label("1", True, "named", "tune"),
        Label("2", False, "named by mistake", "tune"),
        Label("3", True, "not named", "heldout"),
        Label("4", True, "named", "heldout"),
        Label("5", True, "no text at hand", "heldout"),
    ]
    records = {i: Record(i, "Spinal metastases") for i in "124"}
    records["3"] = Record("3", "Statins", (Section("Nothing here."),))
    figures, misses = score(labels, records)
    values = {(figure.task, figure.measure): figure.value for figure in figures}
    assert values["tune", "precision"] == 0.5
    assert values["tune", "recall"] == 1
    assert values["heldout", "precision"] == 1
    assert values["heldout", "recall"] == 0.5
    assert [miss.label.id for miss in misses] == ["2", "3"]


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("[[paper]]", "[paper]", "table"),
        ('pmid = "90000801"\n', "", "one of pmid"),
        ('pmid = "90000801"', 'pmid = "90000801"\ndoi = "10.1/x"', "one of pmid"),
        ("on_topic = true", 'on_topic = "yes"', "true or false"),
        ('split = "tune"', 'split = "other"', "tune or heldout"),
        ('why = "made up"\n', "", "exactly on_topic"),
        ("[[paper]]", "[[paper", "no TOML"),
    ],
)
def test_a_broken_label_file_is_refused(tmp_path: Path, old: str, new: str, cause: str) -> None:
    with pytest.raises(BadLabels, match=cause):
        read_labels(labels_file(tmp_path, GOOD.replace(old, new)))


def test_a_paper_labelled_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadLabels, match="labelled twice"):
        read_labels(labels_file(tmp_path, GOOD + GOOD))


def test_the_command_prints_figures_and_faults_but_no_text(tmp_path: Path) -> None:
    other = GOOD.replace("90000801", "90000802").replace('"tune"', '"heldout"')
    labels = labels_file(tmp_path, GOOD + other + GOOD.replace("90000801", "90000803"))
    texts = tmp_path / "texts.json"
    content = [
        {"pmid": "90000801", "title": "Spinal metastases"},
        {"pmid": "90000802", "title": "Unrelated secret words"},
    ]
    texts.write_text(json.dumps(content), encoding="utf-8")
    command = ["eval", "relevance", str(labels), "--texts", str(texts)]
    printed = CliRunner().invoke(cli, command)
    assert printed.exit_code == 0, printed.output
    assert "2 of 3 labelled papers" in printed.output
    assert "tune" in printed.output
    faults = CliRunner().invoke(cli, [*command, "--errors"]).output
    assert "90000802\tmissed" in faults
    assert "secret" not in faults + printed.output


def test_no_text_at_all_is_an_error(tmp_path: Path) -> None:
    labels = labels_file(tmp_path, GOOD)
    texts = tmp_path / "texts.json"
    texts.write_text("[]", encoding="utf-8")
    result = CliRunner().invoke(cli, ["eval", "relevance", str(labels), "--texts", str(texts)])
    assert result.exit_code == 1
    assert "no labelled paper" in result.output
    assert CliRunner().invoke(cli, ["eval", "relevance", str(labels)]).exit_code == 2
