"""The trained reading of the question: turns the rules only where it is sure, and only where the design leaves it open."""

from __future__ import annotations

import pytest

from kb.evaluation.labels import Labels
from kb.models.question_training import examples, right_by_fold, train_question
from kb.tagging.pipeline import read_articles
from kb.tagging.proposing.linear import LinearModel
from kb.tagging.study import question_model
from kb.tagging.study.question_model import ANSWERS, question_features, settle_question
from tests.made_up import record

PAPER = record(
    "90000001",
    "Predictors of survival after surgery for spinal metastases",
    ("OBJECTIVE", "To find what foretells survival."),
    ("RESULTS", "Age was associated with survival (hazard ratio 1.4)."),
)


def model_of(weights: dict[str, tuple[float, float]]) -> LinearModel:
    return LinearModel(ANSWERS, (0.0, 0.0), weights)


def test_the_features_are_beginnings_of_words_and_what_the_sentences_name() -> None:
    features = question_features(next(iter(read_articles([PAPER]))))
    assert {"t:predict", "t:predict_of", "a:foretel", "r:factors", "r:ratio", "tk:intervention"} <= features
    assert not any(len(part) > 7 for f in features for part in f.split(":")[1].split("_") if f[1] == ":")


@pytest.mark.parametrize(
    ("weights", "design", "read", "expected"),
    [
        ({"t:predict": (-1.0, 1.0)}, "case_series", "therapeutic", "prognostic"),
        ({"t:predict": (1.0, -1.0)}, "case_series", "prognostic", "therapeutic"),
        # Not sure enough, another design, or a question of another kind: the rules stand.
        ({"t:predict": (-0.2, 0.2)}, "case_series", "therapeutic", "therapeutic"),
        ({"t:predict": (-1.0, 1.0)}, "rct", "therapeutic", "therapeutic"),
        ({"t:predict": (-1.0, 1.0)}, "case_series", "diagnostic", "diagnostic"),
    ],
)
def test_when_the_model_turns_the_rules(
    monkeypatch: pytest.MonkeyPatch,
    weights: dict[str, tuple[float, float]],
    design: str,
    read: str,
    expected: str,
) -> None:
    monkeypatch.setattr(question_model, "load_linear", lambda _: model_of(weights))
    monkeypatch.setattr(question_model, "FEWEST", 1)
    article = next(iter(read_articles([PAPER])))
    assert settle_question(article, design, read) == expected  # type: ignore[arg-type]


def test_where_little_is_known_the_rules_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_model, "load_linear", lambda _: model_of({"t:predict": (-9.0, 9.0)}))
    article = next(iter(read_articles([PAPER])))
    assert settle_question(article, "case_series", "therapeutic") == "therapeutic"


def test_without_weights_the_rules_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_model, "load_linear", lambda _: None)
    assert settle_question(next(iter(read_articles([PAPER]))), "case_series", "therapeutic") == "therapeutic"


def test_training_learns_what_tells_the_two_apart_and_is_the_same_each_time() -> None:
    records = [
        record(str(90000001 + number), f"{kind} of spinal metastases, part {number}", ("RESULTS", "We saw."))
        for number, kind in enumerate(["Treatment results", "Predictors"] * 15)
    ]
    labels = [
        Labels(r.pmid, "case_series", "prognostic" if "Predictors" in r.title else "therapeutic", "IV")
        for r in records
    ]
    known = examples(records, labels)
    assert right_by_fold(known) == (30, 30)
    assert train_question(known) == train_question(examples(records[::-1], labels))
