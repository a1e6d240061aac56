"""Sentences: where they end in text as abstracts print it, and what no splitting may lose."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tagging.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


UNBROKEN = [
    "Surgery was better than bracing (62% vs. 41%) in this group.",
    "SBRT vs. Conventional radiotherapy was the question.",
    "Frail patients, i.e. Those with a low KPS, were left out.",
    "Some drugs, e.g. Denosumab, were allowed.",
    "The difference (p = 0.05) was borderline.",
    "Control fell to .05 of its first value.",
    "The lesion is shown in Fig. 3 beside its plan.",
    "Rivera et al. Described the same approach.",
    "As Okafor et al. found, pain returned.",
    "Dr. Lindqvist and Prof. Abara read all scans.",
    "J. Rivera rated the scans, K. B. Okafor the films.",
    "Approx. 40 patients came from St. Agnes hospital.",
    "Patients with a score of approx. 7.5 were frail.",
    "The dose was 24 Gy in v. 3 of the plan.",
]


@pytest.mark.parametrize("text", UNBROKEN)
def test_abbreviations_and_decimals_end_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


BROKEN = [
    ("Pain fell. Function rose.", ["Pain fell.", "Function rose."]),
    # The blank behind the full stop was lost.
    ("We tested SBRT.A prospective trial followed.", ["We tested SBRT.", "A prospective trial followed."]),
    ("Pain fell (p=0.03).The rest was stable.", ["Pain fell (p=0.03).", "The rest was stable."]),
    ("Fractures were seen in 12%.Median time was 3 months.",
     ["Fractures were seen in 12%.", "Median time was 3 months."]),
    ("Follow-up ended in 2019.Patients were then seen yearly.",
     ["Follow-up ended in 2019.", "Patients were then seen yearly."]),
    # An abbreviation ends a sentence where the next word starts one.
    ("This was shown by Rivera et al. However, pain returned.",
     ["This was shown by Rivera et al.", "However, pain returned."]),
    ("Survival was 14 mo. The median age was 60.", ["Survival was 14 mo.", "The median age was 60."]),
    ("All were given vitamin D. The bone healed.", ["All were given vitamin D.", "The bone healed."]),
    # Other marks, quotation marks, numbers and small prefixes at the start.
    ("Does it help? It does! We saw it.", ["Does it help?", "It does!", "We saw it."]),
    ('They call it "separation." (It is one.)', ['They call it "separation."', "(It is one.)"]),
    ("Pain fell. 12 patients died.", ["Pain fell.", "12 patients died."]),
    ("Markers rose. sVEGF did not.", ["Markers rose.", "sVEGF did not."]),
    ("Doses were high. ≥24 Gy was usual.", ["Doses were high.", "≥24 Gy was usual."]),
    ("Pain fell.\n  Function rose. ", ["Pain fell.", "Function rose."]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_sentences_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_blank_text_has_no_sentence(text: str) -> None:
    assert split_sentences(text) == []


def test_text_without_a_full_stop_is_one_sentence() -> None:
    assert sentences(" Separation surgery for spinal metastases ") == [
        "Separation surgery for spinal metastases"
    ]


# Pieces that abstracts are made of, so that the property is tried where it could break.
PIECES = st.sampled_from(
    [
        "Pain fell", "SBRT", "et al.", "vs.", "i.e.", "p=0.05", "(Fig. 2)", ".", ". ", "?", "!", '."', ".)", " ",
        "\n", "A prospective", "12%", "The", "J.", "U.S.", "0·26", "…", "β", "\u00a0", "3 mo.",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=60))


@given(TEXTS)
def test_sentences_are_in_order_and_lose_nothing(text: str) -> None:
    spans = split_sentences(text)
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    inside = {place for start, end in spans for place in range(start, end)}
    assert all(text[place].isspace() for place in set(range(len(text))) - inside)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
