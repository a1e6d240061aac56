"""Which concepts the words of a question name: in any case, order and spelling that a hurried person types.

Text and forms are reduced to the same canonical words as in tagging (`kb.vocabulary.spelling`), but all in
lower case: a question holds too few words to hold its writer to capitals.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from graph.errors import BadQuestionWords
from graph.questions.phrasing import Phrasing, load_phrasing, unknown_concepts
from graph.questions.understanding import How
from kb.vocabulary.concept import Vocabulary, load_vocabulary
from kb.vocabulary.spelling import Spelling, load_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:\d+[^\W\d_]*)*(?:[’'](?=s\b))?")
_MOST_WORDS = 9
# A word order other than the written one is looked for among this many neighbouring words.
_MOST_MIXED = 4
_LEAST_CORRECTED = 4

Named = tuple[tuple[str, ...], How]


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the question; `word` is its canonical form, `corrected` whether its spelling was mended."""

    start: int
    end: int
    text: str
    word: str
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """Tokens `first` up to `last` (exclusive) name these concepts."""

    first: int
    last: int
    concepts: tuple[str, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Forms by their canonical words, and by the same words sorted; all words that occur in them."""

    spelling: Spelling
    fillers: frozenset[str]
    shorthand: Mapping[str, str]
    forms: Mapping[tuple[str, ...], Named]
    mixed: Mapping[tuple[str, ...], tuple[str, ...]]
    words: frozenset[str]

    def tokens(self, text: str) -> list[Token]:
        """Split a question into canonical words, mending what was glued, parted or misspelt."""
        found: list[Token] = []
        for match in _WORD.finditer(text):
            start, end = match.span()
            word = match.group()
            if found and self._one_word(found[-1], word, text[found[-1].end : start]):
                before = found.pop()
                start, word = before.start, before.text + word
            found.append(self._token(start, end, text[start:end], word))
        return found

    def _one_word(self, before: Token, word: str, between: str) -> bool:
        """Whether two pieces are one word: "re-irradiation", "radio therapy"."""
        if between.strip(" -‐‑‒–") or before.text.isdigit():
            return False
        if self.spelling.joins(before.text, word):
            return True
        joined = self.spelling.canonical(before.text + word)
        return joined in self.words and not {before.word, self.spelling.canonical(word)} <= self.words

    def _token(self, start: int, end: int, text: str, word: str) -> Token:
        canonical = self.spelling.canonical(self.shorthand.get(word.lower(), word))
        if canonical in self.words or self._filler(word) or word.isdigit():
            return Token(start, end, text, canonical)
        mended = self._mended(word.lower())
        return Token(start, end, text, mended or canonical, mended is not None)

    def _filler(self, word: str) -> bool:
        return word.lower() in self.fillers or self.spelling.canonical(word) in self.fillers

    def _mended(self, word: str) -> str | None:
        """Return the vocabulary's word that a misspelt one stands for: near enough, and nearer than others."""
        if len(word) < _LEAST_CORRECTED or any(character.isdigit() for character in word):
            return None
        near = self._near(word)
        # A plural is looked for as typed and as its singular, an American spelling in British as well.
        tried = (word, self.spelling.canonical(word), word.replace("z", "s"))
        same_letters = [known for known in near if any(sorted(known) == sorted(one) for one in tried)]
        if same_letters:
            return self.spelling.canonical(max(same_letters, key=lambda known: likeness(known, word)))
        if len(word) == _LEAST_CORRECTED:
            return None
        cutoff = 0.8 if len(word) < 7 else 0.84
        close = [found for one in tried for found in get_close_matches(one, near, n=1, cutoff=cutoff)]
        if not close or (len(word) < 7 and close[0][0] != word[0]):
            return None
        return self.spelling.canonical(close[0])

    def _near(self, word: str) -> list[str]:
        """Words of about the same length, in a stable order (difflib is slow on all of them)."""
        reduced = {**self.spelling.singulars, **self.spelling.words}
        known = sorted({*self.words, *(typed for typed, one in reduced.items() if one in self.words)})
        return [one for one in known if abs(len(one) - len(word)) <= 2 and len(one) >= _LEAST_CORRECTED]

    def hits(self, tokens: list[Token]) -> list[Hit]:
        """Return what the tokens name: phrases first, then phrases in another order, then single words."""
        taken = [False] * len(tokens)
        found: list[Hit] = []
        for search in (self._phrases, self._mixed_phrases, self._single_words):
            for hit in search(tokens, taken):
                taken[hit.first : hit.last] = [True] * (hit.last - hit.first)
                found.append(hit)
        return sorted([*found, *self._elided(tokens, taken, found)], key=lambda hit: hit.first)

    def _elided(self, tokens: list[Token], taken: list[bool], found: list[Hit]) -> Iterator[Hit]:
        """ "single versus multi fraction": the first side lends its last words from the second."""
        for hit in found:
            place = hit.first - 2
            if place < 0 or taken[place] or taken[place + 1]:
                continue
            tail = tuple(self._pieces(tokens[hit.first : hit.last]))
            for cut in range(1, len(tail)):
                named = self.forms.get((tokens[place].word, *tail[cut:]))
                if named is not None and named[0] != hit.concepts:
                    yield Hit(place, place + 1, named[0], "word order")
                    break

    def _phrases(self, tokens: list[Token], taken: list[bool]) -> Iterator[Hit]:
        for size in range(min(_MOST_WORDS, len(tokens)), 1, -1):
            for first in range(len(tokens) - size + 1):
                if not any(taken[first : first + size]):
                    words = tuple(token.word for token in tokens[first : first + size])
                    if words in self.forms:
                        yield self._hit(tokens, first, first + size, *self.forms[words])

    def _mixed_phrases(self, tokens: list[Token], taken: list[bool]) -> Iterator[Hit]:
        """ "control of the tumour locally", "loss of blood": fillers between, words in any order."""
        for size in range(_MOST_MIXED, 1, -1):
            content = [
                place
                for place, token in enumerate(tokens)
                if not taken[place] and not self._filler(token.text)
            ]
            for number in range(len(content) - size + 1):
                chosen = content[number : number + size]
                first, last = chosen[0], chosen[-1] + 1
                if last - first > size + 2 or any(taken[first:last]):
                    continue
                words = tuple(sorted(tokens[place].word for place in chosen))
                if words in self.mixed:
                    yield Hit(first, last, self.mixed[words], "word order")

    def _single_words(self, tokens: list[Token], taken: list[bool]) -> Iterator[Hit]:
        for place, token in enumerate(tokens):
            named = self.forms.get((token.word,))
            if taken[place] or named is None:
                continue
            if token.text.lower() in self.fillers and not (token.text.isupper() and len(token.text) > 1):
                continue
            yield self._hit(tokens, place, place + 1, *named)

    def _hit(self, tokens: list[Token], first: int, last: int, concepts: tuple[str, ...], how: How) -> Hit:
        mended = any(token.corrected for token in tokens[first:last])
        return Hit(first, last, concepts, "spelling" if mended else how)

    def _pieces(self, tokens: list[Token]) -> Iterator[str]:
        """The canonical words of tokens, with what was joined to one word taken apart again."""
        for token in tokens:
            pieces = _WORD.findall(token.text)
            yield from map(self.spelling.canonical, pieces) if len(pieces) > 1 else (token.word,)

    def named(self, text: str) -> tuple[str, ...]:
        """Return the concepts that a text names, or none where some word of it stays unknown."""
        tokens = self.tokens(text)
        exact = self.forms.get(tuple(token.word for token in tokens))
        if exact:
            return exact[0]
        hits = self.hits(tokens)
        covered = {place for hit in hits for place in range(hit.first, hit.last)}
        if any(place not in covered and not self._filler(token.text) for place, token in enumerate(tokens)):
            return ()
        return tuple(dict.fromkeys(concept for hit in hits for concept in hit.concepts))


@cache
def load_lexicon() -> Lexicon:
    """Return the lexicon of the program's vocabulary.

    Raises
    ------
    BadQuestionWords
        question_words.toml names a concept that the vocabulary does not have.
    """
    return make_lexicon(load_vocabulary(), load_spelling(), load_phrasing())


def make_lexicon(vocabulary: Vocabulary, spelling: Spelling, phrasing: Phrasing) -> Lexicon:
    """Build the lexicon: what the vocabulary writes, its ambiguous short forms, and how people ask."""
    if unknown := unknown_concepts(phrasing, vocabulary):
        raise BadQuestionWords("question_words.toml", f"there is no concept '{unknown[0]}'")
    forms: dict[tuple[str, ...], Named] = {}
    mixed: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for text, concepts, how in _all_forms(vocabulary, phrasing):
        for words in _spellings(text, spelling, phrasing.words):
            forms.setdefault(words, (concepts, how))
            if 2 <= len(words) <= _MOST_MIXED and len(concepts) == 1:
                mixed[tuple(sorted(words))].add(concepts[0])
    known = frozenset(word for phrase in forms for word in phrase)
    # A word order that could mean two concepts means none.
    clear = {key: tuple(found) for key, found in mixed.items() if len(found) == 1}
    return Lexicon(spelling, phrasing.fillers, phrasing.words, forms, clear, known)


def _all_forms(vocabulary: Vocabulary, phrasing: Phrasing) -> Iterator[tuple[str, tuple[str, ...], How]]:
    """How people ask goes before what papers write, and a short form with several meanings comes last."""
    for texts, concepts in phrasing.forms:
        yield from ((text, concepts, "question word") for text in texts)
    for concept in vocabulary.concepts.values():
        yield from ((form, (concept.id,), "as written") for form in concept.forms)
        yield from ((name, (concept.id,), "as written") for name in concept.bare_names)
    for short in vocabulary.short_forms.values():
        meant = next((sense.concept for sense in short.senses if sense.concept is not None), None)
        if meant is not None:
            yield short.form, (meant,), "short form"


def _spellings(text: str, spelling: Spelling, shorthand: Mapping[str, str]) -> Iterable[tuple[str, ...]]:
    for variant in spelling.equivalents(text):
        words: list[str] = []
        for match in _WORD.finditer(variant):
            word = match.group()
            if words and spelling.joins(words[-1], word):
                word = words.pop() + word
            # "PT" is proton therapy where papers write it; "pt" is a patient.
            words.append(spelling.canonical(word if word.isupper() else shorthand.get(word.lower(), word)))
        if words:
            yield tuple(words)


def likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: what is nearest to a word that names nothing."""
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()
