"""Negation and speculation: which concepts a clause denies or only supposes, and how far a cue reaches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tagging.negation import marked


def reached(sentence: str, *words: str, hypothetical: bool = False) -> set[str]:
    """Which of `words` the sentence denies (or only supposes)."""
    spans = []
    for word in words:
        start = sentence.index(word)
        spans.append((start, start + len(word)))
    return {words[place] for place in marked(sentence, spans, hypothetical=hypothetical)}


DENIED = [
    ("No myelopathy was seen.", "myelopathy"),
    ("Patients without fracture were followed.", "fracture"),
    ("All lesions stayed free of recurrence.", "recurrence"),
    ("All remained free from progression.", "progression"),
    ("None of the patients developed infection.", "infection"),
    ("There was no evidence of leakage.", "leakage"),
    ("In the absence of instability we gave radiotherapy.", "instability"),
    ("Patients who did not receive dexamethasone fared alike.", "dexamethasone"),
    ("They were never offered surgery.", "surgery"),
    ("Myelopathy was not observed.", "Myelopathy"),
    ("Embolisation was not performed.", "Embolisation"),
    ("They had radiotherapy rather than surgery.", "surgery"),
    ("NO FRACTURE OCCURRED.", "FRACTURE"),
]


@pytest.mark.parametrize(("sentence", "concept"), DENIED)
def test_denied(sentence: str, concept: str) -> None:
    assert reached(sentence, concept) == {concept}


NOT_DENIED = [
    ("No significant difference in pain was found.", "pain"),
    ("There was no difference in survival between the groups.", "survival"),
    ("There was no statistically significant benefit in survival.", "survival"),
    ("Surgery brought no improvement in ambulation.", "ambulation"),
    ("There was no increase in toxicity.", "toxicity"),
    ("Patients without higher toxicity continued.", "toxicity"),
    ("Pain fell in all.", "Pain"),
    ("Notably, fracture was frequent.", "fracture"),
    ("Another fracture followed.", "fracture"),
    ("Surgery with and without embolisation was compared.", "embolisation"),
    ("Patients with or without myelopathy were included.", "myelopathy"),
]


@pytest.mark.parametrize(("sentence", "concept"), NOT_DENIED)
def test_no_difference_is_a_result_and_no_negation(sentence: str, concept: str) -> None:
    assert reached(sentence, concept) == set()


SCOPES = [
    ("No myelopathy was seen, but fracture was frequent.", ("myelopathy", "fracture"), {"myelopathy"}),
    ("No myelopathy; fracture in two.", ("myelopathy", "fracture"), {"myelopathy"}),
    ("No infection occurred, although leakage was usual.", ("infection", "leakage"), {"infection"}),
    ("There was no death after surgery.", ("death", "surgery"), {"death"}),
    ("No complication except leakage was seen.", ("complication", "leakage"), {"complication"}),
    ("No infection, haematoma or leakage occurred.", ("infection", "haematoma", "leakage"),
     {"infection", "haematoma", "leakage"}),
    ("Fracture was seen in two, while myelopathy was not observed.", ("Fracture", "myelopathy"), {"myelopathy"}),
    ("Fracture occurred without myelopathy.", ("Fracture", "myelopathy"), {"myelopathy"}),
    # The name of a group, and who went without a treatment.
    ("In the no-corset group fracture was seen.", ("corset", "fracture"), {"corset"}),
    ("In neither group did leakage occur.", ("leakage",), {"leakage"}),
    ("It was 16 months without SBRT and 62 months with surgery.", ("SBRT", "surgery"), {"SBRT"}),
    ("In those who did not receive chemotherapy, survival was short.", ("chemotherapy", "survival"), {"chemotherapy"}),
    ("Patients who received no treatment lived 3 months and pain grew.", ("treatment", "pain"), {"treatment"}),
    ("It was 4% in those who did not undergo embolisation (leakage in 2).", ("embolisation", "leakage"), {"embolisation"}),
    ("We compared no blood transfusion (NBT), salvage and surgery.", ("transfusion", "salvage"), {"transfusion"}),
    ("The timing (before, after, no irradiation), laminectomy and age.", ("irradiation", "laminectomy"), {"irradiation"}),
    # Another statement begins.
    ("No infection occurred and leakage was usual.", ("infection", "leakage"), {"infection"}),
    ("There were no infections, and 5 leakages were seen.", ("infections", "leakages"), {"infections"}),
    # The rest of a list is denied as well.
    ("No deaths and leakages were observed.", ("deaths", "leakages"), {"deaths", "leakages"}),
    ("There was no infection, haematoma, and leakage.", ("infection", "haematoma", "leakage"),
     {"infection", "haematoma", "leakage"}),
    ("They healed without infection, haematoma and leakage.", ("infection", "haematoma", "leakage"),
     {"infection", "haematoma", "leakage"}),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "words", "expected"), SCOPES)
def test_how_far_a_denial_reaches(sentence: str, words: tuple[str, ...], expected: set[str]) -> None:
    assert reached(sentence, *words) == expected


SUPPOSED = [
    ("Surgery may ease pain.", ("Surgery", "pain"), {"pain"}),
    ("Earlier referral might prevent fracture.", ("fracture",), {"fracture"}),
    ("Further studies of vertebroplasty are planned.", ("vertebroplasty",), {"vertebroplasty"}),
    ("Whether embolisation helps is open.", ("embolisation",), {"embolisation"}),
    ("Future trials of kyphoplasty should follow.", ("kyphoplasty",), {"kyphoplasty"}),
    ("The role of ablation remains unclear.", ("ablation",), {"ablation"}),
    ("Dose escalation is warranted.", ("Dose escalation",), {"Dose escalation"}),
    ("It could help survival, but fracture rose.", ("survival", "fracture"), {"survival"}),
    ("Surgery eased pain.", ("Surgery", "pain"), set()),
    ("The mayor had surgery.", ("surgery",), set()),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "words", "expected"), SUPPOSED)
def test_speculation_and_future_work(sentence: str, words: tuple[str, ...], expected: set[str]) -> None:
    assert reached(sentence, *words, hypothetical=True) == expected


def test_denying_and_supposing_are_told_apart() -> None:
    sentence = "Surgery may ease pain without infection."
    assert reached(sentence, "pain", "infection") == {"infection"}
    assert reached(sentence, "pain", hypothetical=True) == {"pain"}


@given(
    st.text(max_size=80),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=5),
    st.booleans(),
)
def test_only_given_spans_are_marked(sentence: str, spans: list[tuple[int, int]], hypothetical: bool) -> None:
    assert marked(sentence, spans, hypothetical=hypothetical) <= set(range(len(spans)))
