"""Gold: what counts as right when an extraction is held against labels. All studies are made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kb.errors import BadLabels
from kb.evaluation.agreement import agree
from kb.evaluation.gold import score
from kb.evaluation.labels import Labels, as_labels, read_labels, unknown_concepts
from kb.evidence import Extraction, Extractor, Finding, Mention, Relevance, Span, Study, ToolPerformance
from kb.vocabulary.concept import load_vocabulary
from spinemets.cli import cli

SPAN = Span(1, 0, 4, "made")
SBRT, RADIOTHERAPY = "stereotactic_body_radiotherapy", "radiotherapy"


def finding(**values: Any) -> Finding:
    base: dict[str, Any] = {
        "span": SPAN,
        "intervention": SBRT,
        "comparator": None,
        "outcome": "local_control",
        "measure": "percent",
        "value": 80.0,
        "direction": "descriptive",
        "direction_reason": "",
    }
    return Finding(**base | values)


def mention(concept: str, kind: Any = "intervention", role: Any = "studied", **more: Any) -> Mention:
    return Mention(SPAN, SPAN, concept, kind, role, **more)


def extraction(**values: Any) -> Extraction:
    study = Study("rct", "", "therapeutic", "I", "", patients=40, follow_up_months=12.0)
    base: dict[str, Any] = {
        "pmid": "90000001",
        "source": "file",
        "relevance": Relevance(True, 1.0, ()),
        "topics": (),
        "study": study,
        "mentions": (),
        "findings": (),
        "tool_performance": (),
        "extractor": Extractor("0", "0"),
    }
    return Extraction(**base | values)


def labels(**values: Any) -> Labels:
    base = {"pmid": "90000001", "design": "rct", "question": "therapeutic", "level_nass": "I"}
    return as_labels(base | values)


def figures(found: Extraction, wanted: Labels) -> dict[tuple[str, str], float | None]:
    reached, _ = score([(found, wanted)], load_vocabulary())
    return {(figure.task, figure.measure): figure.value for figure in reached}


def test_interventions_count_by_concept_in_a_studied_role_and_not_where_denied() -> None:
    found = extraction(
        mentions=(
            mention(SBRT),
            mention(SBRT),
            mention("vertebroplasty", negated=True),
            mention("kyphoplasty", role="background"),
        )
    )
    wanted = labels(interventions=[{"concept": SBRT, "role": "studied"}])
    reached = figures(found, wanted)
    assert reached["interventions", "F1"] == 1
    assert reached["intervention roles", "accuracy"] == 1


def test_a_broader_concept_is_wrong_in_the_strict_count_and_half_right_in_the_lenient() -> None:
    found = extraction(mentions=(mention(RADIOTHERAPY),))
    wanted = labels(interventions=[{"concept": SBRT, "role": "studied"}])
    reached = figures(found, wanted)
    assert reached["interventions", "F1"] == 0
    assert reached["interventions, lenient", "F1"] == 0.5


def test_an_unlisted_concept_can_only_be_missed() -> None:
    wanted = labels(interventions=[{"concept": "unlisted:made-up laser", "role": "studied"}])
    assert figures(extraction(), wanted)["interventions", "recall"] == 0


def test_an_unlisted_name_that_the_vocabulary_took_up_since_counts_as_the_concept() -> None:
    found = extraction(findings=(finding(outcome="bone_survival", value=57.0),))
    row = {"intervention": SBRT, "outcome": "unlisted:bone survival", "measure": "percent", "value": 57}
    wanted = labels(findings=[row | {"direction": "descriptive"}])
    figures, faults = score([(found, wanted)], load_vocabulary())
    assert not [fault for fault in faults if fault.task == "finding outcome"]
    (right,) = [f for f in figures if f.task == "outcome of found values"]
    assert right.value == 1.0


@pytest.mark.parametrize(("patients", "precision", "recall"), [(40, 1, 1), (41, 0, 0), (None, 0, None)])
def test_a_number_of_patients_is_right_to_the_digit(
    patients: int | None, precision: float, recall: float | None
) -> None:
    reached = figures(extraction(), labels(patients=patients))
    assert (reached["patients", "precision"], reached["patients", "recall"]) == (precision, recall)


@pytest.mark.parametrize(("months", "right"), [(12.1, 1), (13, 0)])
def test_follow_up_is_right_within_rounding(months: float, right: float) -> None:
    assert figures(extraction(), labels(follow_up_months=months))["follow-up", "F1"] == right


def test_findings_match_by_measure_and_value_and_their_parts_are_judged_apart() -> None:
    found = extraction(
        findings=(finding(timepoint_months=12.0), finding(value=5.0, outcome="vertebral_fracture"))
    )
    wanted = labels(
        findings=[
            {
                "measure": "percent",
                "value": 80,
                "outcome": "overall_survival",
                "intervention": SBRT,
                "direction": "descriptive",
                "timepoint_months": 12,
            },
            {"measure": "hr", "value": 5.0, "outcome": "vertebral_fracture", "direction": "descriptive"},
        ]
    )
    reached = figures(found, wanted)
    assert reached["findings by measure and value", "precision"] == 0.5
    assert reached["findings by measure and value", "recall"] == 0.5
    assert reached["findings by value alone, lenient", "F1"] == 1
    assert reached["outcome of found values", "share right"] == 0
    assert reached["direction of found values", "share right"] == 1
    assert reached["outcome and direction of found values", "share right"] == 0
    assert reached["time of found values", "share right"] == 1
    assert ("p of found values", "share right") not in reached


def test_of_two_equal_values_each_goes_to_its_own_outcome() -> None:
    found = extraction(findings=(finding(), finding(outcome="pain_response")))
    row = {"measure": "percent", "value": 80, "direction": "descriptive", "intervention": SBRT}
    wanted = labels(findings=[row | {"outcome": "pain_response"}, row | {"outcome": "local_control"}])
    assert figures(found, wanted)["outcome and direction of found values", "share right"] == 1


def test_tool_performance_counts_a_percentage_as_a_share() -> None:
    tool = "spinal_instability_neoplastic_score"
    found = extraction(tool_performance=(ToolPerformance(SPAN, tool, "sensitivity", 95.7),))
    wanted = labels(tool_performance=[{"tool": tool, "metric": "sensitivity", "value": 0.957}])
    assert figures(found, wanted)["tool performance", "F1"] == 1


def test_errors_name_what_was_missed_and_what_was_spurious() -> None:
    _, faults = score(
        [(extraction(mentions=(mention("vertebroplasty"),)), labels(outcomes=["local_control"]))],
        load_vocabulary(),
    )
    said = {(fault.task, fault.kind, fault.what) for fault in faults}
    assert ("interventions", "spurious", "vertebroplasty") in said
    assert ("outcomes", "missed", "local_control") in said


def test_two_equal_labellings_agree_fully() -> None:
    one = labels(outcomes=["local_control"])
    other = labels(pmid="90000002", design="case_series", question="prognostic", level_nass="IV")
    reached = agree([(one, one), (other, other)])
    assert {figure.value for figure in reached if figure.value is not None} == {1.0}


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"design": "rct"}',
        '{"pmid": "12", "design": "trial"}',
        '{"pmid": "12", "findings": [{"measure": "percentage", "value": 1}]}',
    ],
)
def test_a_line_that_breaks_the_form_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(BadLabels, match=r"labels\.jsonl: line 2"):
        read_labels(file)


def test_a_concept_outside_the_vocabulary_must_say_so() -> None:
    wanted = labels(outcomes=["local_control", "no_such_outcome", "unlisted:gait speed"])
    assert unknown_concepts(wanted, load_vocabulary().concepts) == ["no_such_outcome"]


@pytest.fixture
def made_up_gold(tmp_path: Path) -> tuple[Path, Path]:
    """One made-up labelled abstract and its text in JSON."""
    texts = [
        {
            "pmid": "90000001",
            "title": "Stereotactic body radiotherapy for spinal metastases: a retrospective series",
            "abstract": [
                {
                    "label": "METHODS",
                    "text": "We reviewed 40 patients with spinal metastases treated with SBRT.",
                },
                {"label": "RESULTS", "text": "Local control was 88% at 12 months."},
            ],
        }
    ]
    (tmp_path / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    wanted = {
        "pmid": "90000001",
        "split": "tune",
        "design": "case_series",
        "question": "therapeutic",
        "level_nass": "IV",
        "patients": 40,
        "interventions": [{"concept": SBRT, "role": "studied"}],
        "outcomes": ["local_control"],
        "findings": [
            {"measure": "percent", "value": 88, "outcome": "local_control", "direction": "descriptive"}
        ],
    }
    (tmp_path / "labels.jsonl").write_text(json.dumps(wanted) + "\n", encoding="utf-8")
    return tmp_path / "labels.jsonl", tmp_path / "texts.json"


def test_the_command_reads_labels_and_texts_and_stores_figures(
    made_up_gold: tuple[Path, Path], tmp_path: Path
) -> None:
    labels_file, texts = made_up_gold
    stored = tmp_path / "figures.json"
    command = ["eval", "gold", str(labels_file), "--texts", str(texts), "--json", "--store", str(stored)]
    result = CliRunner().invoke(cli, command)
    assert result.exit_code == 0, result.output
    report = json.loads(result.output)
    values = {(f["task"], f["measure"]): f["value"] for f in report["figures"]}
    assert values["patients", "F1"] == 1
    assert values["findings by measure and value", "precision"] == 1
    assert json.loads(stored.read_text(encoding="utf-8"))[0]["figures"] == report["figures"]
    assert "reviewed" not in result.output


def test_the_command_lists_errors_without_a_word_of_the_text(made_up_gold: tuple[Path, Path]) -> None:
    labels_file, texts = made_up_gold
    changed = labels_file.read_text(encoding="utf-8").replace('"patients": 40', '"patients": 41')
    labels_file.write_text(changed, encoding="utf-8")
    result = CliRunner().invoke(cli, ["eval", "gold", str(labels_file), "--texts", str(texts), "--errors"])
    assert "90000001\tpatients\twrong\t40, not 41" in result.output.splitlines()
    assert "reviewed" not in result.output


def test_labels_without_their_texts_are_an_error_not_an_empty_report(
    made_up_gold: tuple[Path, Path], tmp_path: Path
) -> None:
    labels_file, _ = made_up_gold
    other = tmp_path / "other.json"
    other.write_text('[{"pmid": "90000009", "title": "Another", "abstract": "Text."}]', encoding="utf-8")
    result = CliRunner().invoke(cli, ["eval", "gold", str(labels_file), "--texts", str(other)])
    assert result.exit_code == 1
    assert "no labelled abstract" in result.output
