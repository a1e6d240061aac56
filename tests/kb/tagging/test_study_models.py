"""The trained readings of design and question: they turn the rules only where they are sure, and never an indexer's word."""

from __future__ import annotations

import pytest

from kb.evaluation.labels import Labels
from kb.evidence import Design, Question
from kb.models.study_training import examples, questions_right_by_fold, train_studies
from kb.tagging.extract import extract
from kb.tagging.pipeline import read_articles
from kb.tagging.proposing.linear import LinearModel, load_linear
from kb.tagging.roles import read_comparison
from kb.tagging.study import study_models
from kb.tagging.study.readings import StudyReading, read_by_rules, read_study
from kb.tagging.study.study_design import DesignReading
from kb.tagging.study.study_models import (
    DESIGN_MODEL,
    DESIGNS,
    QUESTION_MODEL,
    QUESTIONS,
    settle_design,
    settle_question,
    words_of,
)
from tests.made_up import record

PAPER = record(
    "90000001",
    "Predictors of survival after surgery and radiotherapy for spinal metastases",
    ("OBJECTIVE", "To find what foretells survival."),
    ("METHODS", "We reviewed 48 patients who underwent surgery or radiotherapy."),
    ("RESULTS", "Age was associated with survival (hazard ratio 1.4)."),
)


def weighed(answers: tuple[str, ...], feature: str, answer: str, weight: float) -> LinearModel:
    row = tuple(weight if name == answer else 0.0 for name in answers)
    return LinearModel(answers, (0.0,) * len(answers), {feature: row})


def use(monkeypatch: pytest.MonkeyPatch, design: float, question: float, fewest: int = 1) -> None:
    """Let the models prefer a comparison, and therapy, by these weights."""
    models = {
        DESIGN_MODEL: weighed(DESIGNS, "t:predict", "retrospective_comparative", design),
        QUESTION_MODEL: weighed(QUESTIONS, "t:predict", "therapeutic", question),
    }
    monkeypatch.setattr(study_models, "load_linear", models.get)
    monkeypatch.setattr(study_models, "FEWEST", fewest)


def reading() -> StudyReading:
    article = next(iter(read_articles([PAPER])))
    return read_study(article, read_comparison(article))


def test_the_features_are_beginnings_of_words_and_what_title_and_aim_name() -> None:
    article = next(iter(read_articles([PAPER])))
    features = words_of(article, read_comparison(article))
    assert {
        "t:predict",
        "x:foretel",
        "x:#",
        "title:intervention",
        "aim:outcome",
        "compares:True",
    } <= features
    assert all(len(f) <= len("x:") + 7 for f in features if f[:2] in ("t:", "x:"))


def test_a_sure_model_turns_design_and_question_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, design=9.0, question=9.0)
    read = reading()
    assert (read.design.design, read.question) == ("retrospective_comparative", "therapeutic")
    assert "learnt from labelled abstracts" in read.design.reason
    assert "99% sure" in read.design.reason
    assert "by the rules it would be case series" in read.design.reason
    assert read.design.span is not None
    assert read.size.patients == 48
    assert read.question_note is None  # of two treatments compared the question is settled


def test_a_turned_question_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, design=0.0, question=9.0)
    [article] = read_articles([PAPER])
    assert read_by_rules(article, read_comparison(article)).question == "prognostic"
    study = extract(PAPER).study
    assert study.question == "therapeutic"
    assert "99% sure; by the rules it would be prognostic" in study.level_reason


@pytest.mark.parametrize("found", ["rct", "meta_analysis", "laboratory", "protocol", "prospective_cohort"])
def test_what_a_text_would_have_to_name_is_taken_from_no_model(
    monkeypatch: pytest.MonkeyPatch, found: Design
) -> None:
    monkeypatch.setattr(study_models, "load_linear", lambda _: weighed(DESIGNS, "t:x", found, 9.0))
    monkeypatch.setattr(study_models, "FEWEST", 1)
    read = DesignReading("case_series", "a series", None)
    assert settle_design({"t:x", "compares:True"}, read) is read
    followed = settle_design({"t:x", "compares:True", "x:prospec"}, read)
    assert followed.design == ("prospective_cohort" if found == "prospective_cohort" else "case_series")


@pytest.mark.parametrize(
    ("by_rules", "found", "words", "turned"),
    [
        ("case_series", "retrospective_comparative", {"salient:1"}, False),
        ("case_series", "retrospective_comparative", {"salient:2"}, True),
        ("retrospective_comparative", "case_series", {"compares:True"}, False),
        ("retrospective_comparative", "case_series", {"compares:False"}, True),
    ],
)
def test_comparisons_turn_only_where_the_text_bears_it_out(
    monkeypatch: pytest.MonkeyPatch, by_rules: Design, found: str, words: set[str], turned: bool
) -> None:
    monkeypatch.setattr(study_models, "load_linear", lambda _: weighed(DESIGNS, "t:x", found, 9.0))
    monkeypatch.setattr(study_models, "FEWEST", 1)
    settled = settle_design({"t:x", *words}, DesignReading(by_rules, "so the rules", None))
    assert settled.design == (found if turned else by_rules)


def test_an_abstract_that_says_it_was_not_randomised_is_no_trial_by_chance() -> None:
    paper = record(
        "90000001",
        "Single versus multiple fractions for spinal metastases: a non-randomized prospective trial",
        (
            "ABSTRACT",
            "In this prospective non-randomized trial, patients were allocated by preference to two groups: 40 patients received"
            " 8 Gy and 40 patients 20 Gy. The primary endpoint was pain response. There was no difference in pain response"
            " between the two groups (60% vs 62%, p = 0.8) at 3 months. As there was no randomization, a larger randomized"
            " trial is needed. Adverse events after radiotherapy were mild and the incidence of fracture was 5% in every"
            " group. Patients in one group had fewer visits. Patients were followed prospectively for 6 months.",
        ),
    )
    assert extract(paper).study.design != "rct"


def test_an_unsure_model_leaves_the_rules_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, design=1.0, question=0.5)
    article = next(iter(read_articles([PAPER])))
    assert reading() == read_by_rules(article, read_comparison(article))


@pytest.mark.parametrize(("weight", "design"), [(3.3, "case_series"), (3.7, "retrospective_comparative")])
def test_the_design_turns_from_seven_in_ten_on(
    monkeypatch: pytest.MonkeyPatch, weight: float, design: str
) -> None:
    use(monkeypatch, design=weight, question=0.0)  # of 18 designs: exp(3.7) / (exp(3.7) + 17) = 0.70
    assert reading().design.design == design


def test_where_little_is_known_or_nothing_learnt_the_rules_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    article = next(iter(read_articles([PAPER])))
    by_rules = read_by_rules(article, read_comparison(article))
    use(monkeypatch, design=9.0, question=9.0, fewest=60)
    assert reading() == by_rules
    monkeypatch.setattr(study_models, "load_linear", lambda _: None)
    assert reading() == by_rules


@pytest.mark.parametrize(
    ("read", "why", "turned"),
    [
        ("survey", "doctors were asked what they do", True),
        ("laboratory", "animals, specimens, models or cells, and no patients", False),
        ("prediction_model_development", "a score or prediction model is developed", False),
    ],
)
def test_what_was_named_by_indexers_or_in_the_text_is_not_turned(
    monkeypatch: pytest.MonkeyPatch, read: Design, why: str, turned: bool
) -> None:
    use(monkeypatch, design=9.0, question=9.0)
    words = {"t:predict", "compares:True"}
    settled = settle_design(words, DesignReading(read, why, None))
    assert settle_design(words, DesignReading(read, why, None, indexed=True)).design == read
    assert settled.design == ("retrospective_comparative" if turned else read)


@pytest.mark.parametrize(
    ("asked", "other", "weight", "expected"),
    [
        ("therapeutic", "prognostic", 3.0, "therapeutic"),  # 0.83: too unsure for what raises a level
        ("therapeutic", "prognostic", 3.7, "prognostic"),
        ("prognostic", "therapeutic", 2.0, "therapeutic"),
    ],
)
def test_what_raises_the_level_of_a_series_must_be_surer(
    monkeypatch: pytest.MonkeyPatch, asked: Question, other: Question, weight: float, expected: Question
) -> None:
    monkeypatch.setattr(study_models, "load_linear", lambda _: weighed(QUESTIONS, "t:x", other, weight))
    monkeypatch.setattr(study_models, "FEWEST", 1)
    question, note = settle_question({"t:x"}, DesignReading("case_series", "a series", None), asked)
    assert question == expected
    assert (note is None) == (question == asked)


def test_a_question_that_a_rule_or_the_design_settles_is_not_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study_models, "load_linear", lambda _: weighed(QUESTIONS, "t:x", "prognostic", 9.0))
    monkeypatch.setattr(study_models, "FEWEST", 1)
    for read in (DesignReading("rct", "", None), DesignReading("case_series", "", None, "therapeutic")):
        assert settle_question({"t:x"}, read, "therapeutic") == ("therapeutic", None)


def test_the_shipped_models_know_every_answer() -> None:
    for name, answers in ((DESIGN_MODEL, DESIGNS), (QUESTION_MODEL, QUESTIONS)):
        model = load_linear(name)
        assert model is not None
        assert model.answers == answers
        assert len(model.weights) > 1000


def test_training_learns_what_tells_questions_apart_and_is_the_same_each_time() -> None:
    records = [
        record(str(90000001 + number), f"{kind} of spinal metastases, part {number}", ("RESULTS", "We saw."))
        for number, kind in enumerate(["Treatment results", "Predictors"] * 15)
    ]
    labels = [
        Labels(
            r.pmid,
            "case_series",
            "prognostic" if "Predictors" in r.title else "therapeutic",
            "IV",
            split="tune" if int(r.pmid) % 2 else "general",
        )
        for r in records
    ]
    known = examples(records, labels)
    assert questions_right_by_fold(known)[::2] == (30, 30)
    assert {e.of_our_field for e in known} == {True, False}
    assert train_studies(known) == train_studies(examples(records[::-1], labels))
    assert examples([*records, *records], labels) == known  # a text that stands in two files is learnt once
