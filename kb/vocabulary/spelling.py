"""Spelling rules: British and American, plural and singular, as data (variants.toml) applied to single words.

Text and vocabulary pass through the same `canonical`, so a rule that is wrong for some word is wrong on both
sides and still matches.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kb.errors import BadVocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Spelling:
    """Rules that reduce a word to one canonical form, and groups of phrases that may replace each other.

    `prefixes` joins what a hyphen or blank parts: "post-operative" is the word "postoperative".
    """

    stems: tuple[tuple[re.Pattern[str], str], ...]
    singulars: Mapping[str, str]
    words: Mapping[str, str]
    phrases: tuple[tuple[str, ...], ...]
    prefixes: frozenset[tuple[str, str]]
    _known: dict[str, str] = field(default_factory=dict)

    def canonical(self, word: str) -> str:
        """Return the lower-case, British, singular form of a word.

        Examples
        --------
        >>> load_spelling().canonical("Tumors"), load_spelling().canonical("vertebrae")
        ('tumour', 'vertebra')
        """
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._reduce(word)
        return known

    def _reduce(self, word: str) -> str:
        lowered = word.lower()
        for stem, replacement in self.stems:
            lowered = stem.sub(replacement, lowered)
        singular = self.singulars.get(lowered) or _singular(lowered)
        return self.words.get(singular, singular)

    def joins(self, prefix: str, word: str) -> bool:
        """Whether a prefix and the word behind it are one word ("post" and "operative")."""
        lowered, rest = prefix.lower(), word.lower()
        return any(lowered == first and rest.startswith(stem) for first, stem in self.prefixes)

    def equivalents(self, form: str) -> list[str]:
        """Return the form and its rewrites, each group's phrases put in each other's place."""
        found = [form]
        for group in self.phrases:
            for text in list(found):
                for phrase in group:
                    pattern = re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE)
                    if pattern.search(text):
                        found += [pattern.sub(other, text) for other in group if other != phrase]
                        break
        return list(dict.fromkeys(found))


def _singular(word: str) -> str:
    """Return the regular singular: fractures, biopsies, masses, boxes."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    return word[:-1]


@cache
def load_spelling() -> Spelling:
    """Read variants.toml.

    Raises
    ------
    BadVocabulary
        A rule lacks one of its parts; the message names it.
    """
    text = files("kb.vocabulary").joinpath("variants.toml").read_text(encoding="utf-8")
    try:
        return _read(tomllib.loads(text))
    except (KeyError, tomllib.TOMLDecodeError) as error:
        raise BadVocabulary("variants.toml", "the file", f"a rule lacks or breaks {error}") from error


def _read(table: Mapping[str, Any]) -> Spelling:
    rules = table.get("spelling", ())
    hyphenated = [rule for rule in rules if "-" in rule["british"]]
    singulars = {rule["plural"]: rule["singular"] for rule in table.get("plural", ())}
    groups = [tuple(rule["forms"]) for rule in table.get("equivalent", ())]
    return Spelling(
        stems=tuple((_stem(rule), rule["british"]) for rule in rules if rule not in hyphenated),
        singulars=singulars,
        words={word: group[0] for group in groups if _single(group) for word in group},
        phrases=tuple(group for group in groups if not _single(group)),
        prefixes=frozenset(
            (first, stem) for first, _, stem in (r["british"].partition("-") for r in hyphenated)
        ),
    )


def _single(group: tuple[str, ...]) -> bool:
    return all(" " not in phrase for phrase in group)


def _stem(rule: Mapping[str, str]) -> re.Pattern[str]:
    """The American stem, where it does not already stand inside the British one ("edema" in "oedema")."""
    american, british = rule["american"], rule["british"]
    ahead = rf"(?<!{re.escape(british.removesuffix(american))})" if british.endswith(american) else ""
    pattern = ahead + re.escape(american)
    place = rule.get("at")
    if place == "start":
        pattern = rf"^{pattern}"
    elif place == "end":
        pattern = rf"{pattern}(?=s?$)"
    elif british.startswith(american):
        pattern += rf"(?!{re.escape(british.removeprefix(american))})"
    return re.compile(pattern)
