"""Groups: the letters and words by which a text calls its arms, "arm A", "the DZ group", "controls".

A label counts only where the text itself ties it to a treatment, "resistance training (arm A)", "group 1: kyphoplasty".
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kb.tagging.article import Named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.tagging.article import Article, Sentence
    from kb.tagging.roles import Comparison
    from kb.vocabulary.concept import Vocabulary

_KIND = r"(?:groups?|arms?|cohorts?)"
_KIND_BEHIND = re.compile(
    rf"^\W{{0,3}}[(\[,]\s?(?:(?:{_KIND})\s(?P<one>[A-Za-z]{{1,4}}\d?|\d)|(?P<two>[A-Z]{{1,4}}\d?)\s{_KIND})\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    rf"\b{_KIND}\s(?P<label>[A-Z]{{1,2}}\d?|\d|I{{1,3}})\b\s?(?:\([^)]*\)\s?)?[:(,=-]?\s?(?:\w+\s){{0,4}}$",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"\b(?:control|comparison|comparator|reference) (?:groups?|arms?|cohorts?|patients)\b|\b(?:the|in|than|of) controls\b",
    re.IGNORECASE,
)
_EXPERIMENTAL = re.compile(
    r"\b(?:intervention|experimental|treatment|study|treated|active) (?:groups?|arms?|cohorts?)\b",
    re.IGNORECASE,
)


@cache
def _aliases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = tomllib.loads(files("kb.tagging").joinpath("groups.toml").read_text(encoding="utf-8"))
    return tuple(
        (entry["concept"], re.compile(rf"\b(?:{entry['words']})", re.IGNORECASE)) for entry in table["alias"]
    )


def group_labels(article: Article) -> Mapping[str, Named]:
    """Return the labels that a text gives its arms, in upper case, with the treatment each stands for."""
    found: dict[str, Named] = {}
    for sentence in article.in_zones("title", "aim", "methods", "results"):
        for named in sentence.of_kind("intervention"):
            behind = _KIND_BEHIND.match(sentence.text[named.end :])
            ahead = _AHEAD.search(sentence.text[: named.start])
            label = (behind["one"] or behind["two"]) if behind else ahead["label"] if ahead else None
            if label:
                found.setdefault(label.upper(), named)
    return found


def named_groups(
    sentence: Sentence, labels: Mapping[str, Named], comparison: Comparison, vocabulary: Vocabulary
) -> Iterator[Named]:
    """Yield the treatments that a sentence names by its groups' labels, with where the label stands."""
    for label, named in labels.items():
        pattern = rf"\b{_KIND}\s{re.escape(label)}\b|(?<!\w){re.escape(label)}\s{_KIND}\b"
        for match in re.finditer(pattern, sentence.text, re.IGNORECASE):
            yield Named(named.concept, match.start(), match.end(), named.negated, hypothetical=False)
    compared = {comparison.main, comparison.comparator} if comparison.compares else set()
    for concept_id, alias in _aliases():
        if concept_id in compared:
            for match in alias.finditer(sentence.text):
                concept = vocabulary.concepts[concept_id]
                yield Named(concept, match.start(), match.end(), negated=False, hypothetical=False)
    for words, side in ((_CONTROL, comparison.comparator), (_EXPERIMENTAL, comparison.main)):
        if side and comparison.compares:
            for match in words.finditer(sentence.text):
                concept = vocabulary.concepts[side]
                yield Named(concept, match.start(), match.end(), negated=False, hypothetical=False)
