"""Reported performance: read from the database, sorted by where it was obtained, compared only on the same patients."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.prognosis.head_to_head import Comparison, answer_newer_against_classic, compare_tools
from kb.prognosis.newer_models import read_newer_against_classic
from kb.prognosis.performance import Figure, read_figures, tool_tables
from kb.prognosis.remarks import (
    Remark,
    read_calibration_remarks,
    read_comparing_remarks,
    read_tested_tools,
)
from kb.prognosis.rule import Generation
from kb.prognosis.rule_files import load_rules
from tests.made_up import made_up_database

GENERATIONS: dict[str, Generation] = {
    "old": "classic",
    "older": "classic",
    "new": "newer",
    "stability": "other",
}


def figure(pmid: str, tool: str, value: float, **more: Any) -> Figure:
    defaults: dict[str, Any] = {
        "metric": "auc",
        "setting": "external_validation",
        "horizon_months": 12.0,
        "n": 100,
        "year": 2020,
    }
    key = f"{pmid}-{tool}-{value}-{sorted(more.items())}"
    return Figure(key=key, pmid=pmid, tool=tool, label=tool.capitalize(), value=value, **(defaults | more))


def answer(*figures: Figure) -> Any:
    return answer_newer_against_classic(compare_tools(figures), GENERATIONS)


def test_figures_are_read_with_their_papers_and_leave_out_what_does_not_count(tmp_path: Path) -> None:
    db = made_up_database(tmp_path / "kb.db")
    figures = read_figures(db.conn)
    found = {(row.pmid, row.tool, row.metric, row.value) for row in figures}
    assert ("90000007", "sorg_survival_model", "auc", 0.78) in found
    assert {row.year for row in figures if row.pmid == "90000007"} == {2021}
    db.execute("UPDATE records SET retracted = 1 WHERE pmid = '90000007'")
    assert not [row for row in read_figures(db.conn) if row.pmid == "90000007"]
    db.close()


def test_percentages_become_proportions_but_slopes_stay(tmp_path: Path) -> None:
    db = made_up_database(tmp_path / "kb.db")
    db.execute("UPDATE tool_performance SET value = 78, ci_low = 74, ci_high = 82 WHERE ci_low IS NOT NULL")
    db.execute("UPDATE tool_performance SET metric = 'calibration_slope', value = 1.3 WHERE metric = 'kappa'")
    rows = {row.metric: row for row in read_figures(db.conn) if row.ci_low or row.kind == "calibration"}
    assert (rows["auc"].value, rows["auc"].ci_low, rows["auc"].ci_high) == (0.78, 0.74, 0.82)
    assert rows["calibration_slope"].value == 1.3
    db.close()


def test_development_stands_apart_from_validation_and_nothing_is_ranked_by_value() -> None:
    rows = [
        figure("1", "new", 0.9, setting="development"),
        figure("1", "new", 0.85, setting="internal_validation"),
        figure("2", "new", 0.6, horizon_months=3.0, year=2022),
        figure("3", "new", 0.8, horizon_months=12.0, year=2019),
        figure("4", "new", 0.7, horizon_months=12.0, year=2018),
        figure("5", "new", 0.75, setting="unclear", horizon_months=None),
        figure("3", "new", 0.9, metric="calibration_slope"),
        figure("4", "new", 0.2, metric="brier"),
        figure("6", "new", 0.7, metric="kappa", setting="reliability"),
    ]
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        table = tool_tables(rows)["new"]
        assert [row.pmid for row in table.external] == ["2", "4", "3"]
        assert {row.value for row in table.development} == {0.9, 0.85}
        assert [row.pmid for row in table.unclear] == ["5"]
        assert {row.metric for row in table.calibration} == {"calibration_slope", "brier"}
        assert [row.metric for row in table.other] == ["kappa"]
        assert set(table.discriminating_papers) == {"1", "2", "3", "4", "5"}
        assert table.calibrating_papers == ("3",)


@pytest.mark.parametrize(
    "other",
    [
        {"pmid": "2"},
        {"metric": "c_index"},
        {"horizon_months": 3.0},
        {"horizon_months": None},
        {"n": 50},
        {"tool": "old"},
        {"metric": "kappa", "setting": "reliability"},
    ],
)
def test_only_figures_of_the_same_patients_measure_and_horizon_are_compared(other: dict[str, Any]) -> None:
    same = {"pmid": "1", "tool": "new", "value": 0.7}
    assert len(compare_tools([figure("1", "old", 0.6), figure(**same)])) == 1
    assert compare_tools([figure("1", "old", 0.6), figure(**(same | other))]) == ()


def test_a_comparison_takes_the_figure_furthest_from_the_data_a_tool_was_made_from() -> None:
    [comparison] = compare_tools(
        [
            figure("1", "new", 0.9, setting="development"),
            figure("1", "new", 0.8, setting="internal_validation"),
            figure("1", "old", 0.6, setting="unclear"),
        ]
    )
    assert [(row.tool, row.value) for row in comparison.figures] == [("new", 0.8), ("old", 0.6)]


def test_without_a_comparison_there_is_no_answer_but_a_statement() -> None:
    found = answer(figure("1", "new", 0.9), figure("2", "old", 0.5))
    assert found.verdict == "no_comparison"
    assert "can't be counted" in found.text
    assert found.pmids == ()


def test_the_answer_counts_cites_and_shows_the_conflict() -> None:
    found = answer(
        figure("1", "new", 0.8, ci_low=0.75, ci_high=0.85),
        figure("1", "old", 0.6, ci_low=0.55, ci_high=0.65),
        figure("1", "older", 0.7, ci_low=0.65, ci_high=0.76),
        figure("2", "new", 0.65),
        figure("2", "old", 0.7),
        figure("2", "stability", 0.99),
    )
    assert found.verdict == "mixed"
    assert found.pmids == ("1", "2")
    assert found.sentences[0][0].startswith("Not settled")
    assert (
        "2 papers set newer against classic survival tools by AUC or C-index, in 100 and 100 patients"
        in found.text
    )
    assert "3 pairs of one tool against another at one horizon, 2 of them from one paper in 100" in found.text
    assert "In 1 paper the newer tools had the higher figure throughout. [PMID 1]" in found.text
    assert "In 1 paper the classic tools had the higher figure throughout. [PMID 2]" in found.text
    assert "could be read for 2 of 3 pairs; they lie apart in 1. [PMID 1]" in found.text
    assert "could be read for both tools in 0 of 3 pairs" in found.text
    assert "not averaged away" in found.text
    assert "not ranked" in found.text


def test_calibration_counts_only_where_both_tools_have_it() -> None:
    pair = (figure("1", "new", 0.8), figure("1", "old", 0.6))
    slope = figure("1", "new", 0.9, metric="calibration_slope")
    brier = (figure("1", "new", 0.2, metric="brier"), figure("1", "old", 0.2, metric="brier"))
    assert "both tools in 0 of 1 pair" in answer(*pair, slope, *brier).text
    assert (
        "both tools in 1 of 1 pair"
        in answer(*pair, slope, figure("1", "old", 0.5, metric="calibration_intercept")).text
    )


def test_a_tool_on_the_data_it_was_made_from_does_not_settle_the_question() -> None:
    home = (figure("1", "new", 0.9, setting="internal_validation"), figure("1", "old", 0.6))
    assert answer(*home).verdict == "own_data_only"
    assert "which favours it. [PMID 1]" in answer(*home).text
    made_there = {"setting": "unclear", "design": "prediction_model_development"}
    assert answer(figure("1", "new", 0.9, **made_there), figure("1", "old", 0.6)).verdict == "own_data_only"
    assert answer(*home, figure("2", "new", 0.6), figure("2", "old", 0.7)).verdict == "classic"
    assert answer(*home, figure("2", "new", 0.7), figure("2", "old", 0.6)).verdict == "newer"


def test_a_figure_below_chance_is_named_and_not_counted() -> None:
    found = answer(figure("1", "new", 0.7), figure("1", "old", 0.4))
    assert found.verdict == "no_comparison"
    assert len(found.left_out) == 1
    assert "1 pair with a figure below 0.5 was not counted" in found.text


def test_a_paper_that_tests_both_without_comparable_figures_is_named_before_the_tally() -> None:
    tested = {
        "1": frozenset({"new", "old"}),
        "7": frozenset({"new", "older", "stability"}),
        "8": frozenset({"new", "stability"}),
    }
    remarks = (
        Remark("7", 2, 0, 12, "None of the models was calibrated."),
        Remark("8", 2, 0, 12, "Calibration of another model was good."),
    )
    dissent = Remark("7", 3, 0, 40, "Newer models were not clearly better.", patients=953)
    found = answer_newer_against_classic(
        compare_tools([figure("1", "new", 0.8), figure("1", "old", 0.6)]),
        GENERATIONS, tested, remarks, (dissent, Remark("8", 3, 0, 9, "All were similar.")),
    )  # fmt: skip
    assert found.verdict == "newer"
    assert found.sentences[0][0].startswith("Not settled: ")
    assert "sort patients better" not in found.text
    assert "the largest of them in 953 patients" in found.sentences[0][0]
    assert found.uncounted == ("7",)
    said = "A paper that could not be counted (953 patients) says: “Newer models were not clearly better.”"
    assert found.sentences[1] == (said, ("7",))
    assert found.sentences[2][0].startswith("1 paper puts newer and classic tools to the test")
    assert found.sentences[2][1] == ("7",)
    assert [remark.pmid for remark in found.remarks] == ["7"]
    assert "1 paper of these tells of calibration in words. [PMID 7]" in found.text


def test_remarks_on_calibration_are_quoted_from_results_and_conclusions(tmp_path: Path) -> None:
    db = made_up_database(tmp_path / "kb.db")
    texts = (
        ("METHODS", "Calibration was assessed."),
        ("RESULTS", "The AUC was 0.7. No model was well calibrated (p=0.01). All were old."),
        (None, "Recalibration is needed."),
    )
    for number, (label, text) in enumerate(texts, 20):
        db.execute(
            "INSERT INTO sections (pmid, section, label, text) VALUES ('90000007', ?, ?, ?)",
            (number, label, text),
        )
    remarks = read_calibration_remarks(db.conn, ["90000008", "90000007"])
    assert [remark.text for remark in remarks] == [
        "No model was well calibrated (p=0.01).",
        "Recalibration is needed.",
    ]
    assert texts[1][1][remarks[0].start : remarks[0].end] == remarks[0].text
    tested = read_tested_tools(db.conn, ["sorg_survival_model", "revised_tokuhashi_score"])
    assert tested["90000007"] == {"sorg_survival_model", "revised_tokuhashi_score"}
    db.execute("UPDATE records SET retracted = 1 WHERE pmid = '90000007'")
    assert "90000007" not in read_tested_tools(db.conn, ["sorg_survival_model", "revised_tokuhashi_score"])
    db.close()


def test_one_paper_with_many_pairs_speaks_once() -> None:
    many = [figure("1", "new", 0.8, horizon_months=h) for h in (1.0, 3.0, 6.0, 12.0)]
    many += [figure("1", "old", 0.6, horizon_months=h) for h in (1.0, 3.0, 6.0, 12.0)]
    found = answer(*many, figure("2", "new", 0.6, n=641), figure("2", "old", 0.7, n=641))
    assert "In 1 paper the newer tools had the higher figure throughout. [PMID 1]" in found.text
    assert "In 1 paper the classic tools had the higher figure throughout. [PMID 2]" in found.text
    assert "5 pairs of one tool against another at one horizon, 4 of them from one paper in 100" in found.text


def test_what_papers_say_of_how_tools_compare_is_read_largest_paper_first(tmp_path: Path) -> None:
    db = made_up_database(tmp_path / "kb.db")
    texts = (
        ("AIM", "To see whether newer models are better."),
        ("RESULTS", "The old score was best. Bleeding was higher than before."),
        ("CONCLUSION", "Use them with care. No model was clearly superior."),
    )
    for number, (label, text) in enumerate(texts, 20):
        for pmid, most in (("90000007", 3), ("90000003", 2)):
            if number - 20 < most:
                db.execute(
                    "INSERT INTO sections (pmid, section, label, text) VALUES (?, ?, ?, ?)",
                    (pmid, number, label, text),
                )
    remarks = read_comparing_remarks(db.conn, ["90000003", "90000007", "90000004"])
    assert [(one.pmid, one.text, one.patients) for one in remarks] == [
        ("90000007", "No model was clearly superior.", 512),
        ("90000003", "The old score was best.", 96),
    ]
    assert texts[2][1][remarks[0].start : remarks[0].end] == remarks[0].text
    db.close()


VALUES = st.sampled_from([0.45, 0.5, 0.6, 0.7, 0.8])
ROWS = st.lists(
    st.builds(
        figure,
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from(["old", "older", "new", "stability"]),
        VALUES,
        horizon_months=st.sampled_from([3.0, 12.0, None]),
        setting=st.sampled_from(["external_validation", "development", "unclear"]),
        metric=st.sampled_from(["auc", "c_index", "brier", "calibration_slope"]),
    ),
    max_size=25,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_order_and_every_pair_is_counted_once(
    rows: list[Figure], shuffler: random.Random
) -> None:
    rows = list({(r.pmid, r.tool, r.metric, r.horizon_months, r.setting): r for r in rows}.values())
    found = answer(*rows)
    shuffler.shuffle(rows)
    assert answer(*rows).text == found.text
    assert len(
        {
            (
                p.comparison.pmid,
                p.comparison.metric,
                p.comparison.horizon_months,
                p.newer.tool,
                p.classic.tool,
            )
            for p in (*found.pairs, *found.left_out)
        }
    ) == len(found.pairs) + len(found.left_out)
    for pair in found.pairs:
        assert pair.newer.pmid == pair.classic.pmid
        assert pair.newer.horizon_months == pair.classic.horizon_months
        assert pair.newer.metric == pair.classic.metric
        assert pair.newer.metric in ("auc", "c_index")


def test_the_question_put_to_a_knowledge_base(tmp_path: Path) -> None:
    db = made_up_database(tmp_path / "kb.db")
    for tool, value in (("sorg_nomogram", 0.6), ("tomita_score", 0.7)):
        db.execute(
            "INSERT INTO concepts (id, kind, label, forms, mesh) VALUES (?1, 'tool', ?1, '[]', '[]')", (tool,)
        )
        db.execute(
            "INSERT INTO tool_performance SELECT ?1, pmid, position + 10, ?1, metric, ?2, setting, NULL, NULL, 12.0, n,"
            " section, start, end, text, origin, retracted, deleted FROM tool_performance WHERE pmid = '90000007' AND value = 0.64",
            (tool, value),
        )
    found = read_newer_against_classic(db.conn)
    assert found.answer.verdict == "classic"
    assert found.papers == ("90000007",)
    told = json.loads(json.dumps(found.answer.as_json()))
    assert told["pairs"][0]["newer"] == {"tool": "sorg_nomogram", "value": 0.6, "key": "sorg_nomogram"}
    assert told["pairs"][0]["higher"] == "classic"
    assert told["sentences"][1]["pmids"] == ["90000007"]
    db.close()


def test_classic_and_newer_come_from_the_rule_files() -> None:
    generations = {rule.id: rule.generation for rule in load_rules().values()}
    assert generations["tomita_score"] == generations["tokuhashi_score_revised"] == "classic"
    assert generations["sorg_machine_learning_algorithm"] == generations["pathfx"] == "newer"
    assert generations["spinal_instability_neoplastic_score"] == "other"
    comparison = compare_tools(
        [figure("1", "sorg_nomogram", 0.74), figure("1", "tomita_score", 0.6), figure("1", "pathfx", 0.7)]
    )
    assert len(answer_newer_against_classic(comparison, generations).pairs) == 2
    assert isinstance(comparison[0], Comparison)
