"""Concepts: where a text names something of the vocabulary.

Text and vocabulary are both reduced to canonical words (`Spelling`), so hyphens, plurals and British or
American spelling need no listing; the words go through spaCy's PhraseMatcher; the longest match wins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kb.tagging.combinations import Combinations
from kb.tagging.refinements import refine_by_text
from kb.tagging.shared_words import shared_word_matches
from kb.tagging.short_forms import concepts_of_short_forms, names_around_parentheses, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kb.tagging.abbreviations import Definition
    from kb.vocabulary.concept import Vocabulary
    from kb.vocabulary.spelling import Spelling

_TOKEN = re.compile(r"[^\W_]+(?:[’'](?=s\b))?|[^\w\s]")
_HYPHENS = frozenset("-‐‑‒–­'’")
# What makes "Tomita" a score rather than an author.
_TOOL_WORDS = re.compile(
    r"\b(?:scor\w+|system\w*|scales?|index|indices|models?|classifications?|grad\w+|nomograms?|algorithms?|tools?|predict\w*)\b",
    re.IGNORECASE,
)
# "Received radiation", "surgery and radiation", where no word goes on with the name.
_IRRADIATED = re.compile(
    r"\b(?:underwent|undergo\w*|receiv\w+|given|(?:treated|managed|combined|treatment) (?:with|by)|"
    r"(?:surgery|chemotherapy|embolization|vertebroplasty|kyphoplasty|decompression|stabili[sz]ation|resection)(?: and| or|,| plus| with| versus| vs\.?)+|"
    r"than|versus|vs\.?|plus)(?: (?:and|or|either|initial|further|additional|subsequent|palliative|focal))? $",
    re.IGNORECASE,
)
_NOT_A_DOSE = re.compile(
    r"\s?(?:[,.;:()]|(?:and|or|plus|with|versus|vs|alone|only|was|were|for|to|in|at|after|before|groups?|arms?|cohorts?|patients|had|than|followed|as|given|delivered)\b|$)"
)
_BARE, _SHORT = "bare:", "short:"
_ELSE = "…"
# Abstracts repeat few of these; a long run must not keep them all.
_NAMES_KEPT = 4096

Match = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Words:
    """Canonical words of a text with their character offsets; hyphens are left out."""

    words: list[str]
    offsets: list[tuple[int, int]]


class ConceptMatcher:
    """Finds the vocabulary's concepts in a text. Built once, used for every record."""

    def __init__(self, vocabulary: Vocabulary, spelling: Spelling) -> None:
        self._vocabulary = vocabulary
        self._spelling = spelling
        self._kinds = {identifier: concept.kind for identifier, concept in vocabulary.concepts.items()}
        self._treatments = frozenset(c for c, kind in self._kinds.items() if kind == "intervention")
        self._ancestors = {c: frozenset(vocabulary.ancestors(c)) for c in vocabulary.concepts}
        self._combinations = Combinations(vocabulary)
        self._prefixes = frozenset(first for first, _ in spelling.prefixes)
        self._vocab = Vocab()
        self._matcher = PhraseMatcher(self._vocab)
        self._known: dict[str, tuple[str, bool]] = {}
        self._used: frozenset[str] = frozenset()
        self._whole = lru_cache(maxsize=_NAMES_KEPT)(self._complete_name)
        self._cues = {
            (form.form, number): re.compile(
                "|".join(rf"\b{re.escape(cue)}" for cue in sense.cues), re.IGNORECASE
            )
            for form in vocabulary.short_forms.values()
            for number, sense in enumerate(form.senses)
            if sense.cues
        }
        forms = _forms_by_label(vocabulary)
        self._acronyms = frozenset(
            word
            for texts in forms.values()
            for text in texts
            for word in _TOKEN.findall(text)
            if is_acronym(word)
        )
        used: set[str] = set()
        for label, texts in forms.items():
            patterns = {tuple(words) for text in texts for words in self._spellings(text)}
            used |= {word for words in patterns for word in words}
            self._matcher.add(
                label, [Doc(self._vocab, words=list(words)) for words in sorted(patterns) if words]
            )
        self._used = frozenset(used)
        self._known.clear()  # from now on a word of no pattern is learnt as the placeholder

    def _spellings(self, text: str) -> Iterable[list[str]]:
        for variant in self._spelling.equivalents(text):
            yield self.canonical(variant).words

    def canonical(self, text: str) -> Words:
        """Split a text into canonical words; a known all-capitals short form keeps its capitals.

        Once the patterns are known, a run of words that stands in none of them becomes one placeholder:
        the matcher needs no more, and its store of words stays as small as the vocabulary.
        """
        words: list[str] = []
        offsets: list[tuple[int, int]] = []
        pending: tuple[str, int] | None = None  # a prefix that may join the next word
        known = self._known
        for match in _TOKEN.finditer(text):
            word = match.group()
            if word in _HYPHENS:
                continue
            start, end = match.span()
            if pending and self._spelling.joins(pending[0], word):
                words.pop()
                start = offsets.pop()[0]
                word = pending[0] + word
            canonical, prefix = known.get(word) or self._learn(word)
            pending = (word, start) if prefix else None
            if canonical is _ELSE and words and words[-1] is _ELSE:
                continue
            words.append(canonical)
            offsets.append((start, end))
        return Words(words, offsets)

    def _learn(self, word: str) -> tuple[str, bool]:
        """The canonical form of a word and whether it is a prefix; kept, for a text repeats its words."""
        canonical, prefix = self._canonical_word(word), word.lower() in self._prefixes
        if self._used and canonical not in self._used and not prefix:
            canonical = _ELSE
        known = self._known[word] = (canonical, prefix)
        return known

    def _canonical_word(self, word: str) -> str:
        if word in self._acronyms:
            return word
        if word.endswith("s") and word[:-1] in self._acronyms:
            return word[:-1]
        return self._spelling.canonical(word)

    def raw_matches(self, text: str) -> list[Match]:
        """Return all (start, end, label) in a text; a label may ask for more support (see `resolve`)."""
        words = self.canonical(text)
        doc = Doc(self._vocab, words=words.words)
        return [
            (words.offsets[start][0], words.offsets[end - 1][1], self._vocab.strings[label])
            for label, start, end in self._matcher(doc)
        ]

    def find(
        self, text: str, definitions: Sequence[Definition], sentences: Sequence[tuple[int, int]]
    ) -> list[Match]:
        """Return (start, end, concept id) of every concept that the text names, in order, not overlapping."""
        local = concepts_of_short_forms(text, definitions, self._plain_matches, self._treatments)
        raw = self.raw_matches(text)
        shorts = {label.removeprefix(_SHORT) for _, _, label in raw if label.startswith(_SHORT)}
        chosen = {short: self._short_form_concept(short, text) for short in shorts}
        matches = []
        for start, end, label in raw:
            if any(first <= start and end <= last for first, last in sentences):
                concept = self._resolve(text, start, end, label, sentences, local, chosen)
                if concept is not None and not _excluded(text, start, end):
                    matches.append((start, end, concept))
        matches += _local_matches(text, local)
        matches += names_around_parentheses(text, definitions, self._plain_matches, self._treatments)
        matches += self._sharing_words(text, matches)
        matches = _made_precise(matches, text)
        taken = self._combinations.join(text, longest_first(self._without_broader(matches)))
        return self._with_inner_conditions(taken, matches)

    def _sharing_words(self, text: str, matches: list[Match]) -> list[Match]:
        """The names that lack the end of the name behind them, where no name was found in their place."""
        spans = longest_first(matches)
        return [
            found
            for found in shared_word_matches(text, spans, self._whole)
            if all(end <= found[0] or found[1] <= start for start, end, _ in spans)
        ]

    def _complete_name(self, text: str) -> str | None:
        """The concept of which a text is a complete name."""
        names = {c for start, end, c in self._plain_matches(text) if (start, end) == (0, len(text))}
        return min(names, default=None)

    def _without_broader(self, matches: list[Match]) -> list[Match]:
        """Drop a match that a narrower concept overlaps: "open surgery" beats "surgery for spinal metastases"."""
        ordered = sorted(set(matches))
        dropped: set[Match] = set()
        for place, match in enumerate(ordered):
            for other in ordered[place + 1 :]:
                if other[0] >= match[1]:
                    break
                if other[2] in self._ancestors[match[2]]:
                    dropped.add(other)
                elif match[2] in self._ancestors[other[2]] and not _holds(match, other):
                    dropped.add(match)
        return [match for match in ordered if match not in dropped]

    def _with_inner_conditions(self, taken: list[Match], matches: list[Match]) -> list[Match]:
        """Add the conditions inside a treatment's name: "surgery for spinal metastases" names both."""
        kinds = self._kinds
        inner = [
            match
            for match in longest_first([m for m in matches if kinds[m[2]] == "condition"])
            if any(o[0] <= match[0] and match[1] <= o[1] and kinds[o[2]] == "intervention" for o in taken)
        ]
        return sorted(taken + inner)

    def _plain_matches(self, text: str) -> list[Match]:
        """Return the matches that need no support from their text."""
        return [match for match in self.raw_matches(text) if not match[2].startswith((_BARE, _SHORT))]

    def _resolve(
        self,
        text: str,
        start: int,
        end: int,
        label: str,
        sentences: Sequence[tuple[int, int]],
        local: Mapping[str, str | None],
        chosen: Mapping[str, str | None],
    ) -> str | None:
        """Return the concept that a raw match stands for, or None where the text does not support it."""
        form = text[start:end]
        for short in (form, form.removesuffix("s")):
            if short in local:
                return None  # `_local_matches` speaks for it
        if label.startswith(_BARE):
            first, last = next((s for s in sentences if s[0] <= start < s[1]), (start, end))
            return label.removeprefix(_BARE) if _TOOL_WORDS.search(text, first, last) else None
        if label.startswith(_SHORT):
            return chosen.get(label.removeprefix(_SHORT))
        return label

    def _short_form_concept(self, short: str, text: str) -> str | None:
        """Decide an ambiguous short form for this text by the cues of exactly one of its senses."""
        supported = [
            sense
            for number, sense in enumerate(self._vocabulary.short_forms[short].senses)
            if (pattern := self._cues.get((short, number))) and pattern.search(text)
        ]
        return supported[0].concept if len(supported) == 1 else None


def _holds(match: Match, other: Match) -> bool:
    """Whether a match ends as another does but says more: "complete or partial pain response"."""
    return match[1] == other[1] and match[0] < other[0]


def _made_precise(matches: list[Match], text: str) -> list[Match]:
    """Give the matches of a broad concept the precise one that the whole text speaks of."""
    precise = refine_by_text(frozenset(concept for _, _, concept in matches), text)
    return [(start, end, precise.get(concept, concept)) for start, end, concept in matches]


def _forms_by_label(vocabulary: Vocabulary) -> dict[str, list[str]]:
    """Matcher label -> forms. A label is a concept id, or one that asks for more support."""
    forms: dict[str, list[str]] = defaultdict(list)
    for concept in vocabulary.concepts.values():
        forms[concept.id] += concept.forms
        if concept.bare_names:
            forms[_BARE + concept.id] += concept.bare_names
    for short in vocabulary.short_forms:
        forms[_SHORT + short].append(short)
    return forms


def is_acronym(word: str) -> bool:
    """Whether a form counts as written: capitals (and digits) only, at most six characters."""
    return 2 <= len(word) <= 6 and word.isupper()


def _excluded(text: str, start: int, end: int) -> bool:
    """ "non-SBRT" is not SBRT, and a "steroid-naive" patient had no steroid."""
    before = re.search(r"\bnon[-‐‑–]$", text[max(0, start - 4) : start], re.IGNORECASE)
    if text[start:end].lower().startswith("surviv") and re.search(
        r"\bfree[-‐‑– ]$", text[max(0, start - 6) : start]
    ):
        return True  # an endpoint of its own, "SRE-free survival"
    if (
        text[start:end].lower() == "radiation"
    ):  # mostly a word of physics: radiation dose, radiation oncologist
        return not (_IRRADIATED.search(text, max(0, start - 40), start) and _NOT_A_DOSE.match(text, end))
    behind = re.match(r"[-‐‑– ](?:na[iï]ve|free|sparing)\b", text[end : end + 9], re.IGNORECASE)
    return bool(before or behind)


def _local_matches(text: str, local: Mapping[str, str | None]) -> list[Match]:
    """Every occurrence of a short form that the text itself defines as a known concept."""
    matches = []
    for short, concept in local.items():
        if concept is not None:
            for match in re.finditer(rf"(?<![\w-]){re.escape(stem(short))}s?(?!\w)", text):
                matches.append((match.start(), match.end(), concept))
    return matches


def longest_first(matches: Iterable[Match]) -> list[Match]:
    """Keep the longest of overlapping matches (the earlier one of equals) and return them in order."""
    taken: list[Match] = []
    for match in sorted(set(matches), key=lambda m: (m[0] - m[1], m[0], m[2])):
        if all(match[1] <= other[0] or match[0] >= other[1] for other in taken):
            taken.append(match)
    return sorted(taken)
