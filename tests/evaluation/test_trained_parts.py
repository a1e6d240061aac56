"""The trained parts: what they need not know, how they read made-up sentences, and that all runs without them."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.record import Record, Section
from kb.models.linear_training import save_linear, train_linear
from kb.models.span_training import LabelledText, Schedule, train_recogniser, train_tagger
from kb.tagging.proposing import proposals, trained
from kb.tagging.proposing.direction_model import direction_features, read_direction
from kb.tagging.proposing.direction_text import mark_text
from kb.tagging.proposing.linear import load_linear, softmax
from kb.tagging.proposing.result_relations import relate, relate_by_order
from kb.tagging.proposing.span_models import TextSpan, recognised_spans, tagged_spans

ASKED = ("laser", "placebo", "night pain")


@pytest.mark.parametrize(
    ("evidence", "answer"),
    [
        ("Night pain was significantly lower with laser than with placebo (p = 0.01).", "decreased"),
        (
            "Night pain was significantly higher in the laser group than in the placebo group (p < 0.001).",
            "increased",
        ),
        ("Night pain did not differ significantly between laser and placebo (p = 0.62).", "no_difference"),
        (
            "There was a greater reduction in night pain with laser compared with placebo (P<0.05).",
            "decreased",
        ),
    ],
)
def test_plain_sentences_are_read_as_they_tell(evidence: str, answer: str) -> None:
    read = read_direction(*ASKED, evidence)
    assert read is not None
    assert read[0] == answer
    assert 0 < read[1] <= 1


def test_arms_outcome_and_p_values_become_marks() -> None:
    text = mark_text(*ASKED, "Night pain was lower with laser than in controls (P = .005; 95% CI 0.2-0.7).")
    assert [w for w in text.words if w.isupper() or "_" in w] == ["OUT", "INT", "CMP", "P_SIG", "CI_BELOW"]


@given(st.text(max_size=120), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_text_has_features_and_the_same_each_time(
    evidence: str, intervention: str, comparator: str, outcome: str
) -> None:
    first = direction_features(intervention, comparator, outcome, evidence)
    assert first == direction_features(intervention, comparator, outcome, evidence)
    assert len(first) == len(set(first))


def test_swapping_the_arms_turns_the_cue_round() -> None:
    evidence = "Night pain was lower with laser than with placebo."
    assert "cue -1" in direction_features("laser", "placebo", "night pain", evidence)
    assert "cue 1" in direction_features("placebo", "laser", "night pain", evidence)


SENTENCE = "Pain fell in 40 % with laser and in 20 % with lamps ."
SPANS = tuple(
    TextSpan(SENTENCE.index(text), SENTENCE.index(text) + len(text), label, 1.0)
    for text, label in (
        ("Pain", "OC"),
        ("40 %", "MEAS"),
        ("laser", "INTV"),
        ("20 %", "MEAS"),
        ("lamps", "INTV"),
    )
)
RELATIONS = {(2, 1, "A1_RES"), (4, 3, "A2_RES"), (0, 1, "OC_RES"), (0, 3, "OC_RES")}


def test_values_and_arms_in_step_are_related_with_and_without_weights() -> None:
    assert set(relate(SENTENCE, SPANS)) == RELATIONS
    assert set(relate_by_order(SENTENCE, SPANS)) == RELATIONS


@given(st.lists(st.sampled_from(["INTV", "OC", "MEAS"]), max_size=7))
def test_relations_lead_from_arms_and_outcomes_to_values(labels: list[str]) -> None:
    text = " ".join("w" for _ in labels)
    spans = [TextSpan(2 * i, 2 * i + 1, label, 1.0) for i, label in enumerate(labels)]
    arms: list[int] = []
    for head, value, kind in relate(text, spans):
        assert labels[value] == "MEAS"
        assert labels[head] == ("OC" if kind == "OC_RES" else "INTV")
        arms += [value] * (kind != "OC_RES")
    assert len(arms) == len(set(arms)), "a value has one arm at most"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200))
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    for read in (trained.spans, trained.result_spans):
        (found,) = read([text])
        assert all(0 <= a.start < a.end <= b.start for a, b in itertools.pairwise(found))
        assert all(span.end <= len(text) and 0 < span.score <= 1 for span in found)


def test_without_weights_everything_answers_with_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trained, "_pipeline", lambda name: None)
    monkeypatch.setattr("kb.tagging.proposing.direction_model.load_linear", lambda name: None)
    monkeypatch.setattr("kb.tagging.proposing.result_relations.load_linear", lambda name: None)
    assert trained.spans(["Laser eased pain."]) == [[]]
    assert trained.result_spans([SENTENCE, ""]) == [[], []]
    assert read_direction(*ASKED, "Pain fell.") is None
    assert set(relate(SENTENCE, SPANS)) == RELATIONS
    assert proposals.propose([Record("90000001", "Laser", (Section("Laser eased pain."),))], 1) == []


def test_a_model_that_is_not_there_is_none() -> None:
    assert load_linear("no_such_model") is None


def test_a_linear_model_learns_what_tells_its_answers_apart(tmp_path: Path) -> None:
    examples = [(["red", "round"], "apple"), (["yellow", "long"], "banana")] * 4
    model = train_linear(examples, ("apple", "banana"), ridge=0.1)
    chances = softmax(model.scores(["red"]))
    assert chances[0] > 0.8
    assert sum(chances) == pytest.approx(1)
    assert model.scores(["never seen"]) == list(model.bias)
    assert model == train_linear(examples, ("apple", "banana"), ridge=0.1)
    save_linear(model, tmp_path / "fruit.json")
    assert '"answers":["apple","banana"]' in (tmp_path / "fruit.json").read_text(encoding="utf-8")


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=5))
def test_softmax_gives_probabilities(scores: list[float]) -> None:
    chances = softmax(scores)
    assert sum(chances) == pytest.approx(1)
    assert max(range(len(scores)), key=lambda i: scores[i]) in [
        i for i, chance in enumerate(chances) if chance == max(chances)
    ]


def test_training_again_gives_the_same_spans() -> None:
    texts = [LabelledText(SENTENCE, SPANS)] * 4
    schedule = Schedule(epochs=4, dropout=0.1, rate=0.01)
    taggers = [train_tagger(texts, schedule, lambda _: None) for _ in range(2)]
    found = [list(tagged_spans(nlp, [SENTENCE], 0.3)) for nlp in taggers]
    assert found[0] == found[1] != [[]]
    recogniser = train_recogniser(texts, Schedule(12, 0.0, 0.01), taggers[0], lambda _: None)
    assert {(s.start, s.end) for s in next(recognised_spans(recogniser, [SENTENCE]))} >= {(13, 17)}


def test_proposals_are_forms_of_several_papers_that_the_vocabulary_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def found(texts: list[str]) -> list[list[TextSpan]]:
        return [
            [
                TextSpan(t.index(form), t.index(form) + len(form), "INTV", 0.9)
                for form in ("the moon lamp", "vertebroplasty")
            ]
            for t in texts
        ]

    monkeypatch.setattr(proposals, "spans", found)
    text = "We held the moon lamp against vertebroplasty."
    records = [Record(pmid, "A title", (Section(text),)) for pmid in ("90000001", "90000002")]
    assert proposals.propose(records) == [
        proposals.Proposal("moon lamp", "intervention", 2, ("90000001", "90000002"))
    ]
    assert proposals.propose(records[:1]) == []
    assert "moon lamp  (90000001, 90000002)" in proposals.as_table(proposals.propose(records))


@pytest.mark.parametrize(
    ("printed", "form"),
    [("the Moon Lamp group", "moon lamp"), ("of SBRT,", "SBRT"), ("rates of", ""), ("; with", "")],
)
def test_a_form_loses_the_words_at_its_edges(printed: str, form: str) -> None:
    assert proposals.trimmed(printed) == form
