"""Finding a concept by the words a person types: an id, a label, a synonym, or a short form."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from difflib import get_close_matches

from kb.errors import UnknownConcept
from kb.evidence import Kind
from kb.vocabulary.concept import Concept, Vocabulary
from kb.vocabulary.spelling import load_spelling


def find_concept(words: str, vocabulary: Vocabulary, kinds: Collection[Kind] = ()) -> Concept:
    """Return the concept that `words` name, whatever their case, spelling or number.

    Parameters
    ----------
    kinds
        Only concepts of these kinds; all where empty.

    Raises
    ------
    UnknownConcept
        Nothing has this name, or a short form has several meanings; the message names the nearest.

    Examples
    --------
    >>> from kb.vocabulary.concept import load_vocabulary
    >>> find_concept("Stereotactic Body Radiotherapies", load_vocabulary()).id
    'stereotactic_body_radiotherapy'
    """
    chosen = [c for c in vocabulary.concepts.values() if not kinds or c.kind in kinds]
    if words in vocabulary.concepts and vocabulary.concepts[words] in chosen:
        return vocabulary.concepts[words]
    by_name: dict[str, list[Concept]] = defaultdict(list)
    for concept in chosen:
        for form in {
            _plain(form) for form in (*concept.forms, *concept.bare_names, concept.id.replace("_", " "))
        }:
            by_name[form].append(concept)
    for short in vocabulary.short_forms.values():
        for sense in short.senses:
            concept_of = vocabulary.concepts.get(sense.concept or "")
            if concept_of in chosen and concept_of is not None:
                by_name[_plain(short.form)].append(concept_of)
    asked = _plain(words)
    found = list(dict.fromkeys(by_name.get(asked, [])))
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownConcept(words, tuple(c.label for c in found), several=True)
    near = get_close_matches(asked, by_name, n=6, cutoff=0.6)
    near += [name for name in by_name if asked and asked in name and name not in near][:6]
    raise UnknownConcept(words, tuple(dict.fromkeys(by_name[name][0].label for name in near))[:5])


def _plain(words: str) -> str:
    spelling = load_spelling()
    return " ".join(spelling.canonical(word) for word in re.findall(r"[^\W_]+", words))
