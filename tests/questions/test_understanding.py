"""How clinicians type their questions, and the understanding that each must reach."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import UnknownConcept
from graph.questions import understand
from graph.questions.amounts import doses_in
from graph.questions.lexicon import load_lexicon
from graph.questions.phrasing import load_phrasing, unknown_concepts
from graph.questions.reading import MOST_CHARACTERS
from graph.questions.understanding import ROLES
from kb.vocabulary.concept import load_vocabulary

HERE = Path(__file__).parent
COMMITTEE = tomllib.loads((HERE / "committee.toml").read_text(encoding="utf-8"))["question"]
PARAPHRASES = tomllib.loads((HERE / "paraphrases.toml").read_text(encoding="utf-8"))["paraphrase"]
INSTRUMENTS = {c.id for c in load_vocabulary().concepts.values() if c.type == "instrument"}


def wanted_roles(entry: dict[str, Any]) -> dict[str, set[str]]:
    wanted = {role: set(entry.get(role, ())) for role in ROLES}
    return wanted | {"tool": INSTRUMENTS} if entry.get("tool") == "instruments" else wanted


@pytest.mark.parametrize("entry", COMMITTEE, ids=lambda entry: entry["id"])
def test_the_committee_questions_are_understood(entry: dict[str, Any]) -> None:
    read = understand(entry["text"])
    assert read.kind == entry["kind"]
    wanted = wanted_roles(entry["roles"])
    if entry["kind"] == "instruments":
        wanted["tool"] = INSTRUMENTS
    assert {role: set(read.role(role)) for role in ROLES} == wanted
    assert read.unknown == ()


@pytest.mark.parametrize("entry", PARAPHRASES, ids=lambda entry: entry["text"])
def test_paraphrases_reach_their_understanding(entry: dict[str, Any]) -> None:
    read = understand(entry["text"])
    assert {role: set(read.role(role)) for role in ROLES} == wanted_roles(entry)
    assert read.unknown == ()


def test_there_are_paraphrases_of_every_committee_question() -> None:
    assert len(COMMITTEE) == 20
    assert len(PARAPHRASES) >= 30
    assert {entry["as"] for entry in PARAPHRASES} == {entry["id"] for entry in COMMITTEE}


@pytest.mark.parametrize("entry", COMMITTEE, ids=lambda entry: entry["id"])
def test_case_and_punctuation_do_not_matter(entry: dict[str, Any]) -> None:
    read = understand(entry["text"])
    loud = understand(entry["text"].upper().rstrip("?") + " ??")
    assert [loud.role(role) for role in ROLES] == [read.role(role) for role in ROLES]


def test_turning_a_comparison_round_turns_its_sides_round() -> None:
    one = understand("SBRT versus conventional radiotherapy for pain")
    other = understand("conventional radiotherapy versus SBRT for pain")
    assert (one.intervention, one.comparator) == (other.comparator, other.intervention)


def test_a_misspelt_word_is_told_of_and_an_unknown_one_listed() -> None:
    read = understand("kyphopalsty and zebrafish")
    assert read.intervention == ("kyphoplasty",)
    assert any("kyphopalsty" in note and "Kyphoplasty" in note for note in read.notes)
    assert read.unknown == ("zebrafish",)


@pytest.mark.parametrize(
    "word", ["plan", "paid", "train", "hand", "spain", "grading of beer", "spring", "it", "fact"]
)
def test_other_words_are_not_bent_into_concepts(word: str) -> None:
    assert understand(word).concepts == ()


def test_corrections_replace_what_was_read_and_empty_ones_clear_it() -> None:
    read = understand("sbrt for pain", {"outcome": "local control", "comparator": "cEBRT"})
    assert read.outcome == ("local_control",)
    assert read.comparator == ("conventional_external_beam_radiotherapy",)
    assert read.intervention == ("stereotactic_body_radiotherapy",)
    assert read.kind == "versus"
    assert set(read.corrected) == {"outcome", "comparator"}
    assert understand("sbrt for pain", {"outcome": ""}).outcome == ()


def test_what_is_asked_about_may_be_a_tool_or_a_condition() -> None:
    assert understand("reliability", {"intervention": "SINS"}).tool == (
        "spinal_instability_neoplastic_score",
    )
    assert understand("complications", {"intervention": "frailty"}).condition == ("frailty",)
    several = understand("pain", {"intervention": "SBRT; vertebroplasty"})
    assert several.intervention == ("stereotactic_body_radiotherapy", "vertebroplasty")


def test_a_correction_that_names_nothing_says_what_is_nearest() -> None:
    with pytest.raises(
        UnknownConcept, match=r"no intervention is called 'vertebroplasties of the moon'.*Vertebroplasty"
    ):
        understand(
            "pain",
            {"intervention": "vertebroplasties of the moon"}
            | {"intervention": "vertebroplasties of the moon"},
        )


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Should early surgery be done within 48 hours?", "timing"),
        ("how long do patients with spinal metastases from lung cancer live", "survival"),
        ("how long can patients survive after SBRT", "survival"),
        ("how long to wait between surgery and radiotherapy", "timing"),
        ("which score best predicts 1-year survival before surgery", "prediction"),
        ("SBRT vs cEBRT: how long do patients live", "versus"),
    ],
)
def test_the_kind_of_question_is_read(question: str, kind: str) -> None:
    read = understand(question)
    assert (read.kind, read.unknown) == (kind, ())


def test_a_score_asked_for_without_a_name_stands_for_those_that_predict_it() -> None:
    read = understand("which score best predicts 1-year survival before surgery")
    assert {"revised_tokuhashi_score", "tokuhashi_score_revised"} & set(read.tool)
    assert "spinal_instability_neoplastic_score" not in read.tool
    assert read.intervention == ()
    assert understand("which score best predicts vertebral fracture").outcome == (
        "vertebral_compression_fracture",
    )


def test_times_and_doses_are_read_as_what_they_are() -> None:
    read = understand("early surgery within 48 hours or 2 days")
    assert (read.times, read.unknown) == (("48 hours", "2 days"), ())
    assert [dose.single for dose in doses_in("8 Gy x 1, 20 Gy in five fractions, 10 × 3 Gy, 8 Gy in a single dose")] == [
        True, False, False, True,
    ]  # fmt: skip
    assert doses_in("8 Gy or 48 hours") == ()


def test_the_words_of_questions_name_only_known_concepts() -> None:
    assert unknown_concepts(load_phrasing(), load_vocabulary()) == []


@given(st.text(max_size=300))
def test_any_text_is_read_without_fault(text: str) -> None:
    read = understand(text)
    assert len(read.question) <= MOST_CHARACTERS
    for term in read.terms:
        assert read.question[term.start : term.end] == term.text
    assert set(read.concepts) <= set(load_vocabulary().concepts)


# Forms that a question means otherwise than a paper does.
ASKED_OTHERWISE = {
    "metastases", "predicted survival", "predicting survival", "freedom-from-local-progression", "gross-total removal", "walk again",
    "improvement in Frankel grade", "adjacent segment failure", "untoward event", "postoperative hematomas", "time to radiation therapy",
    "community discharges", "frequency of bone metastases", "rate of bone metastases", "long-term survivor",
}  # fmt: skip


def test_whatever_papers_write_is_understood_in_small_letters_too() -> None:
    lexicon = load_lexicon()
    missed = [
        (form, concept.id)
        for concept in load_vocabulary().concepts.values()
        for form in concept.forms
        if concept.id not in lexicon.named(form.lower())
    ]
    capitals = [form for form, _ in missed if form.lower() in load_phrasing().fillers]
    assert {form for form, _ in missed} - set(capitals) <= ASKED_OTHERWISE


LABELS = sorted(c.label for c in load_vocabulary().concepts.values() if len(c.label) > 6)


@given(st.sampled_from(LABELS), st.data())
def test_labels_are_found_in_any_case_and_with_letters_swapped(label: str, data: st.DataObject) -> None:
    lexicon = load_lexicon()
    named = lexicon.named(label)
    assert named
    assert lexicon.named(label.lower()) == named
    words = label.split()
    place = data.draw(st.sampled_from([n for n, w in enumerate(words) if len(w) > 7] or [None]))
    if place is not None and words[place].isalpha():
        at = data.draw(st.integers(1, len(words[place]) - 3))
        word = words[place]
        words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        # "recation" may be "reaction" or "creation": either is a fair guess.
        same_letters = [known for known in lexicon.words if sorted(known) == sorted(words[place].lower())]
        assert len(same_letters) > 1 or set(lexicon.named(" ".join(words))) & set(named)
