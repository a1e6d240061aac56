"""`Scene`: a results sentence made ready for reading its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kb.tagging.article import Named, Sentence
from kb.tagging.numbers.printed_numbers import plain
from kb.tagging.numbers.times import TimePoint, find_times

# Measures that hold one arm against another by themselves.
CONTRASTS = frozenset({"hr", "or", "rr", "md", "smd"})
# Words by which a number belongs to a risk factor rather than to a treatment.
RISK_FACTORS = re.compile(
    r"\b(?:risk factors?|predict\w*|prognostic|independent\w*|(?:associated|related|correlated) (?:with|to)|multivaria\w+|univaria\w+|per (?:unit|year|point)|correlat\w+|patients? age|older age|age (?:of|>|<|≥|≤|was)|sex|gender|KPS|albumin|histology)\b",
    re.IGNORECASE,
)


# Too wide for a number to be about.
_NO_NUMBER = frozenset({"safety", "feasibility"})
# "With death as a competing event": what was reckoned with, not what was measured.
_COMPETING = re.compile(r"^\W{0,2}as an? competing\b", re.IGNORECASE)
# "In the 5 years before death": until when something was counted.
_UNTIL = re.compile(
    r"\b(?:before|until|till|prior to|up to|preceding) (?:the |their |a )?(?:time of )?$", re.IGNORECASE
)
# "treatment for daily pain": the number is about the treatment.
_TREATED_FOR = re.compile(
    r"\b(?:treatments?|management|therap(?:y|ies)|medications?) (?:for|of)\W+(?:\w+\W+){0,2}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A results sentence made ready: plain text, outcomes and treatments in order, times."""

    sentence: Sentence
    text: str
    outcomes: tuple[Named, ...]
    treatments: tuple[Named, ...]
    times: tuple[TimePoint, ...]


def scene_of(sentence: Sentence, groups: Iterable[Named] = ()) -> Scene:
    """Make a sentence ready. `groups`: treatments that it names by a group's label alone."""
    text = plain(sentence.text)
    named = [*(n for n in sentence.of_kind("intervention") if not n.hypothetical), *groups]
    named = sorted({(n.start, n.end): n for n in reversed(named)}.values(), key=lambda n: n.start)
    # "the SBRT group": the treatment's own name speaks for the label around it; "non-TXA" speaks for itself.
    denied = [n for n in named if n.negated]
    named = [n for n in named if n.negated or not any(_within(n, o) for o in denied)]
    treatments = tuple(n for n in named if n.negated or not any(_within(o, n) for o in named))
    outcomes = tuple(
        n
        for n in sentence.of_kind("outcome")
        if n.concept.id not in _NO_NUMBER
        and not _only_kind(sentence, text, n)
        and not _TREATED_FOR.search(text, max(0, n.start - 40), n.start)
        and not _COMPETING.match(text[n.end :])
        and not (n.concept.domain == "survival" and _UNTIL.search(text, max(0, n.start - 30), n.start))
        and not re.search(r"\bcompeting (?:risks?|events?) of $", text[max(0, n.start - 30) : n.start])
    )
    return Scene(sentence, text, outcomes, treatments, tuple(find_times(text)))


# "Myelopathy is a rare complication": what it is called, and not what was counted.
_CALLED = re.compile(r"\b(?:is|was|are|were|remains?|as) (?:an?|the) (?:[\w-]+ ){0,3}$", re.IGNORECASE)
_KINDS = frozenset({"complication", "adverse_event", "toxicity", "major_complication", "event"})


def _only_kind(sentence: Sentence, text: str, named: Named) -> bool:
    if named.concept.id not in _KINDS or not _CALLED.search(text, max(0, named.start - 50), named.start):
        return False
    return any(o.end <= named.start for o in sentence.of_kind("outcome"))


def _within(inner: Named, outer: Named) -> bool:
    return inner is not outer and outer.start <= inner.start and inner.end <= outer.end
