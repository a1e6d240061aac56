"""The forms of the public corpora, on made-up files: what is read, what is refused, what counts as right."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import BadLabels
from kb.evaluation import ebm_nlp, evidence_inference, rct_art
from kb.evaluation.reading import TextSpan, by_model, by_vocabulary, union
from kb.evaluation.result_readers import direction_by_rules
from kb.models.train import held_out, token_documents
from spinemets.cli import cli

CORPORA = Path(os.environ.get("SPINEMETS_CORPORA", "../shared/corpora"))

CONLL = """-DOCSTART- (90000001)

Laser NN O I-INT
eased NN O O
night NN O I-OUT
pain NN O I-OUT
. NN O I-PAR

-DOCSTART- (90000002)

Nothing NN O O
"""
IOB = """-DOCSTART- -X- O O

Laser NN B-INTV
light NN I-INTV
lamps NN B-INTV
in IN O
adults NNS B-POPU
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_both_forms_of_token_labels_are_read(tmp_path: Path) -> None:
    first, second = ebm_nlp.read_token_documents(write(tmp_path / "a.conll", CONLL))
    assert first.name == "90000001"
    assert first.labels == ("INTV", None, "OC", "OC", None)
    assert second.labels == (None,)
    (third,) = ebm_nlp.read_token_documents(write(tmp_path / "b.iob", IOB))
    assert third.labels == ("INTV", "INTV", "INTV", None, None)
    assert [i for i, begins in enumerate(third.begins) if begins] == [0, 2, 4]
    assert [third.text[start:end] for start, end in third.offsets] == list(third.tokens)


@pytest.mark.parametrize("line", ["Laser", "Laser NN O X-INT", "Laser NN O I-DRUG"])
def test_an_unknown_token_label_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadLabels, match="line 3"):
        ebm_nlp.read_token_documents(write(tmp_path / "a.conll", f"-DOCSTART- (1)\n\n{line}\n"))


def test_tokens_before_any_document_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadLabels, match="line 1"):
        ebm_nlp.read_token_documents(write(tmp_path / "a.conll", "Laser NN O I-INT\n"))


def test_a_token_counts_once_however_many_spans_cover_it(tmp_path: Path) -> None:
    documents = ebm_nlp.read_token_documents(write(tmp_path / "a.conll", CONLL))
    spans = [TextSpan(0, 11, "INTV", 1.0), TextSpan(0, 5, "INTV", 1.0)]
    figures = {(f.task, f.measure): f.value for f in ebm_nlp.score(documents, [spans, []], "made up")}
    assert figures["interventions, made up", "precision"] == 0.5
    assert figures["interventions, made up", "recall"] == 1
    assert figures["outcomes, made up", "recall"] == 0


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=6))
def test_covered_tokens_are_those_that_some_span_touches(places: list[tuple[int, int]]) -> None:
    offsets = [(start, start + 3) for start in range(0, 40, 4)]
    spans = [TextSpan(start, start + length, "OC", 1.0) for start, length in places]
    touched = {i for i, (s, e) in enumerate(offsets) if any(s < x.end and x.start < e for x in spans)}
    assert ebm_nlp.covered(offsets, spans) == touched


SENTENCE = {
    "pmid": "90000003",
    "text": "Pain fell in 40 % with laser and 20 % with lamps .",
    "spans": [
        {"start": 0, "end": 4, "label": "OC"},
        {"start": 13, "end": 17, "label": "MEAS"},
        {"start": 23, "end": 28, "label": "INTV"},
        {"start": 33, "end": 37, "label": "MEAS"},
        {"start": 43, "end": 48, "label": "INTV"},
    ],
    "relations": [
        {"head": 2, "child": 1, "label": "A1_RES"},
        {"head": 4, "child": 3, "label": "A2_RES"},
        {"head": 0, "child": 1, "label": "OC_RES"},
        {"head": 0, "child": 3, "label": "OC_RES"},
    ],
}


@pytest.fixture
def sentence(tmp_path: Path) -> rct_art.ResultSentence:
    return rct_art.read_result_sentences(write(tmp_path / "a.jsonl", json.dumps(SENTENCE)))[0]


def test_a_sentence_becomes_one_row_of_arms_and_one_an_outcome(sentence: rct_art.ResultSentence) -> None:
    assert rct_art.tabulate(sentence.text, sentence.spans, sentence.relations) == [
        ("intervention", "laser", "lamps"),
        ("Pain", "40 %", "20 %"),
    ]


def test_the_labels_themselves_are_fully_right(sentence: rct_art.ResultSentence) -> None:
    figures = rct_art.score([sentence], [(sentence.spans, sentence.relations)], "labels")
    assert {figure.value for figure in figures} == {1.0}


def test_a_span_with_other_borders_is_right_only_in_the_overlapping_and_relaxed_figures(
    sentence: rct_art.ResultSentence,
) -> None:
    longer = (TextSpan(0, 9, "OC", 1.0), *sentence.spans[1:])
    reached = rct_art.score([sentence], [(longer, sentence.relations)], "x")
    figures = {(f.task, f.measure): f.value for f in reached}
    assert figures["entities OC, x", "F1"] == 0
    assert figures["entities, overlapping, x", "F1"] == 1
    assert figures["relations, x", "F1"] == 0.5
    assert figures["relations, overlapping, x", "F1"] == 1
    assert figures["table rows, strict, x", "F1"] == 0.5
    assert figures["table rows, relaxed, x", "F1"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"spans": [{"start": 3, "end": 99, "label": "OC"}]},
        {"relations": [{"head": 0, "child": 9, "label": "OC_RES"}]},
    ],
)
def test_a_span_or_relation_that_leads_nowhere_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(BadLabels, match="line 1"):
        rct_art.read_result_sentences(write(tmp_path / "a.jsonl", json.dumps(SENTENCE | change)))


def test_union_keeps_the_first_of_overlapping_spans_of_a_label() -> None:
    one, longer, other = TextSpan(0, 4, "OC", 1.0), TextSpan(2, 9, "OC", 0.5), TextSpan(2, 9, "INTV", 0.5)
    assert union([one], [longer, other]) == [one, other]


def prompt_line(label: str) -> str:
    prompt = {"intervention": "laser", "comparator": "placebo", "outcome": "night pain", "label": label}
    evidence = "Night pain was significantly lower with laser than with placebo (p = 0.01)."
    return json.dumps({"pmid": "90000004", "sections": [], "prompts": [prompt | {"evidence": evidence}]})


@pytest.mark.parametrize("label", ["significantly decreased", "significantly decrease"])
def test_both_spellings_of_a_direction_are_one(tmp_path: Path, label: str) -> None:
    (prompt,) = evidence_inference.read_prompts(write(tmp_path / "a.jsonl", prompt_line(label)))
    assert prompt.answer == evidence_inference.DECREASED
    assert direction_by_rules(prompt) == evidence_inference.DECREASED


def test_an_unknown_direction_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadLabels, match=r"line 1.*sideways"):
        evidence_inference.read_prompts(write(tmp_path / "a.jsonl", prompt_line("sideways")))


def test_a_reader_that_does_not_answer_is_wrong_and_counted_as_silent(tmp_path: Path) -> None:
    prompts = evidence_inference.read_prompts(
        write(tmp_path / "a.jsonl", prompt_line("significantly decreased"))
    )
    figures = {f.measure: f.value for f in evidence_inference.score(prompts, lambda _: None, "silent")[:2]}
    assert figures == {"accuracy": 0, "answered": 0}


@pytest.mark.corpus
@pytest.mark.skipif(not CORPORA.exists(), reason="the public corpora are not here")
@pytest.mark.parametrize(
    ("command", "file", "task", "least"),
    [
        ("rct-art", "rct_art/blood_cancer.jsonl", "relations, spans given", 0.7),
        ("evidence-inference", "evidence_inference/validation.jsonl", "direction, model", 0.75),
    ],
)
def test_the_commands_read_the_real_corpora(command: str, file: str, task: str, least: float) -> None:
    result = CliRunner().invoke(cli, ["eval", command, str(CORPORA / file), "--json"])
    assert result.exit_code == 0, result.output
    figures = {
        f["task"]: f["value"]
        for f in json.loads(result.output)["figures"]
        if f["measure"] in ("F1", "accuracy")
    }
    assert figures[task] >= least


@pytest.mark.corpus
@pytest.mark.skipif(not CORPORA.exists(), reason="the public corpora are not here")
def test_the_model_finds_more_than_the_vocabulary_on_documents_it_has_not_seen() -> None:
    documents = [document for document in token_documents(CORPORA) if held_out(document)][:40]
    texts = [document.text for document in documents]
    figures = {
        who: {
            f.task.split(",")[0]: f.value
            for f in ebm_nlp.score(documents, read(texts), who)
            if f.measure == "F1"
        }
        for who, read in (("vocabulary", by_vocabulary), ("model", by_model))
    }
    assert figures["model"]["both"] > 2 * figures["vocabulary"]["both"]  # type: ignore[operator]
