"""Lesions: how many metastases, vertebrae or segments a study treated or examined; patients are counted apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.numbers.number_words import WHOLE_NUMBER, matches_at_numbers, names_number, whole_number
from kb.tagging.study.people_words import BETWEEN, NUMBER, OWN_WORK, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.tagging.article import Article, Sentence

_LESIONS = (
    r"(?:lesions?|metastases|tumou?rs|levels(?!\saccording|\sof\sevidence)|vertebrae|vertebras|vertebral (?:bodies|segments|levels|fractures|metastases)|segments|"
    r"(?:treatment|treated|spinal|metastatic) sites|(?:treated|spinal|irradiated) regions|regions(?=\sof\s(?:spin|vertebr|metasta))|spinal (?:segments|levels|metastases|lesions)|targets|sites(?=\s(?:were|was)\s(?:treated|irradiated))|sites(?=\sof\s(?:spin|bon|vertebr|metasta|SBM))|fractures)"
)
# The long patterns are tried only on a sentence that has one of these words.
_NAMES_LESIONS = (
    "lesion", "metasta", "tumors", "tumours", "levels", "vertebra", "segments", "sites", "regions", "targets", "fractures",
)  # fmt: skip
_COUNTED = re.compile(
    rf"(?<![\w.%$-]){NUMBER}{BETWEEN}(?P<noun>{_LESIONS})\b(?!\s(?:patients?|surger\w+|disease))",
    re.IGNORECASE,
)
_NUMBER_OF = re.compile(
    rf"\bnumber of (?:\w+ ){{0,3}}(?P<noun>{_LESIONS}) (?:was|were) {NUMBER}\b", re.IGNORECASE
)
# "350 malignant and 312 benign fractures", "55 segments with titanium and 28 with carbon implants"
_IN_PARTS = re.compile(
    rf"(?<![\w.%$-]){NUMBER}\s(?:(?!{PEOPLE}\b)[a-z]+\sand\s(?P<number2>{WHOLE_NUMBER})\s[a-z]+\s(?:[a-z]+\s)?{_LESIONS}\b"
    rf"|(?:[a-z]+\s){{0,2}}?{_LESIONS}\swith\s[^.;,\d]{{3,40}}?\sand\s(?P<number3>{WHOLE_NUMBER})\swith\s)",
    re.IGNORECASE,
)
# "15 patients with 17 lesions ... 20 patients with 24 lesions"
_OF_PATIENTS = re.compile(
    rf"\b{PEOPLE}\s(?:with\s|\(){NUMBER}\s(?:[a-z]+\s){{0,2}}?{_LESIONS}\b", re.IGNORECASE
)
# Fractures that came later are outcomes, and levels between screws no lesions.
_NO_LESION = re.compile(r"\b(?:new|subsequent|adjacent|instrumented|fused)\b", re.IGNORECASE)
_FEW_OR = re.compile(
    r"\b(?:one|two|three|[1-5])(?:\s+(?:or|to)\s+|-|–)$|[<>≤≥]\s*$|\b(?:than|least|most|(?<!up )to|(?<!totaling )(?<!totalling )up to)\s*$",
    re.IGNORECASE,
)
_OF_A_DATABASE = re.compile(r"\b(?:database|registry) (?:of|with|containing)\b[^.;]{0,40}$", re.IGNORECASE)
# "522 spine SBRT treatments", "52 injections into a vertebra", "410 biopsies of spinal lesions": where no lesions are counted
_TREATMENTS = re.compile(
    rf"(?<![\w.%$-]){NUMBER}\s(?P<between>(?:(?!(?:of|in|with|and|or|to|were|was|patients)\b)[A-Za-z][\w/-]*\s){{0,6}}?)(?:treatments|procedures|biopsies|injections|vertebroplasties|kyphoplasties|augmentations|ablations|courses)\b(?P<behind>[^.;\d]{{0,45}})",
    re.IGNORECASE,
)
_TREATED = (
    "treatments",
    "procedures",
    "biopsies",
    "injections",
    "plasties",
    "augmentations",
    "ablations",
    "courses",
)
_AT_THE_SPINE = re.compile(r"\b(?:spin\w+|vertebr\w+|metasta\w+|lesions?)\b", re.IGNORECASE)
_RUNS = re.compile(r"\b(?:or more|or fewer|consecutive|contiguous|adjacent)\b", re.IGNORECASE)
# (pattern before the count, pattern after it, points)
_SIGNS: tuple[tuple[re.Pattern[str] | None, re.Pattern[str] | None, float], ...] = (
    (re.compile(r"\b(?:with|total of|treated|for|and|of|at|totall?ing up to)\s*$", re.IGNORECASE), None, 2),
    (
        None,
        re.compile(r"^[^.;]{0,40}\b(?:were treated|were included|in \w+ patients|underwent)", re.IGNORECASE),
        2,
    ),
    (None, re.compile(r"^\s*\(\d+(?:\.\d+)?\s?%"), -3),
    (_FEW_OR, None, -3),
    (None, re.compile(r"^\s(?:each|per)\b", re.IGNORECASE), -4),
    # what a few of them were like
    (
        None,
        re.compile(
            r"^\s(?:were|was)\s(?:metastatic|benign|primary|malignant|located|found|in the|thoracic|lumbar|cervical|sacral|lytic|blastic)\b",
            re.IGNORECASE,
        ),
        -2,
    ),
    (re.compile(r"\b(?:patients?|cases)\b[^.;]{0,40}\bat\s*$", re.IGNORECASE), None, -3),
)
_FEW = 4
_FEWEST_TREATMENTS = 10
_ENOUGH = 1.5
_COUNTED_APART = 6.0


def read_lesions(article: Article) -> int | None:
    """Return the number of lesions, the surest and of equals the largest; None where none is counted."""
    counts = (
        count
        for sentence in article.sentences
        if sentence.zone not in ("background", "conclusion", "other") or OWN_WORK.search(sentence.text)
        for count in _counts(sentence)
    )
    best = max(counts, default=None)
    return best[1] if best else _treatments(article)


def _treatments(article: Article) -> int | None:
    """The number of treatments or biopsies, each of one lesion, that title, methods or results open with."""
    for sentence in article.in_zones("title", "methods", "results"):
        if not any(word in sentence.text for word in _TREATED):
            continue
        for match in _TREATMENTS.finditer(sentence.text):
            number = whole_number(match["number"])
            of_spine = _AT_THE_SPINE.search(match["between"]) or (
                re.match(r"\s(?:of|into|at|for|in)\b.{0,40}", match["behind"])
                and _AT_THE_SPINE.search(match["behind"])
            )
            if number and number >= _FEWEST_TREATMENTS and of_spine:
                return number
    return None


def _counts(sentence: Sentence) -> Iterator[tuple[float, int]]:
    """Yield (points, number of lesions)."""
    text = sentence.text
    lowered = text.lower()
    if not names_number(text) or not any(name in lowered for name in _NAMES_LESIONS):
        return
    for match in _IN_PARTS.finditer(text):
        other = whole_number(match["number2"] or match["number3"])
        yield _COUNTED_APART, (whole_number(match["number"]) or 0) + (other or 0)
    parts = list(_OF_PATIENTS.finditer(text))
    if len(parts) == 2:
        yield _COUNTED_APART, sum(whole_number(part["number"]) or 0 for part in parts)
    for match in _NUMBER_OF.finditer(text) if "number of" in text else ():
        yield 5.0, whole_number(match["number"]) or 0
    for match in matches_at_numbers(_COUNTED, text):
        number = whole_number(match["number"])
        if number is None or number < 2 or _NO_LESION.search(match.group()):
            continue
        points = _points(sentence, match)
        if points > _ENOUGH:
            yield points, number


def _points(sentence: Sentence, match: re.Match[str]) -> float:
    before, after = sentence.text[: match.start()], sentence.text[match.end() :]
    if _OF_A_DATABASE.search(before) and not before.endswith("("):
        return 0.0
    points = 1.0 + {"title": 1.0, "methods": 1.0}.get(sentence.zone, 0.0)
    for ahead, behind, value in _SIGNS:
        if (ahead is None or ahead.search(before)) and (behind is None or behind.search(after)):
            points += value
    if sentence.zone == "results" and (whole_number(match["number"]) or 0) <= _FEW:
        points -= 1.5  # two levels were fused, three lesions bled
    return points - 2 if _RUNS.search(match.group() + after[:20]) else points
