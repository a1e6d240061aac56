"""`Concept` and the loader that refuses a vocabulary file with file and entry named."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast, get_args

from kb.errors import BadVocabulary
from kb.evidence import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CONCEPT_FILES: Mapping[str, Kind] = {
    "interventions.toml": "intervention",
    "outcomes.toml": "outcome",
    "conditions.toml": "condition",
    "tools.toml": "tool",
}
POLARITIES = ("higher_is_better", "lower_is_better", "neutral")
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that papers study, measure, treat or score.

    `polarity` (outcomes) tells which direction is good for the patient; `bare_names` (tools) count only
    beside a word such as "score" in the same sentence.
    """

    id: str
    kind: Kind
    label: str
    definition: str = ""
    parent: str | None = None
    synonyms: tuple[str, ...] = ()
    bare_names: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    polarity: str | None = None
    domain: str | None = None
    type: str | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        """How texts write it: the label, then the synonyms."""
        return (self.label, *self.synonyms)


@dataclass(frozen=True, slots=True)
class Topic:
    """One of the 13 topics of the committee's review; `position` is their order on the home page."""

    id: str
    label: str
    description: str
    position: int


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of an ambiguous short form; `concept` is None where it lies outside the vocabulary."""

    concept: str | None
    meaning: str | None
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShortForm:
    """A short form with several meanings, never matched without support from its text."""

    form: str
    senses: tuple[Sense, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that the tagger knows by name. `digest` identifies the content of all vocabulary files."""

    concepts: Mapping[str, Concept]
    topics: Mapping[str, Topic]
    short_forms: Mapping[str, ShortForm]
    digest: str
    _narrower: dict[frozenset[str], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def with_narrower(self, concepts: frozenset[str]) -> frozenset[str]:
        """Return the concepts and everything narrower than them."""
        found = self._narrower.get(concepts)
        if found is None:
            found = frozenset(
                c for c in self.concepts if c in concepts or any(a in concepts for a in self.ancestors(c))
            )
            self._narrower[concepts] = found
        return found

    def nested(self, one: str, other: str) -> bool:
        """Whether one of two concepts is a kind of the other."""
        return one in self.ancestors(other) or other in self.ancestors(one)

    def ancestors(self, concept: str) -> Iterator[str]:
        """Yield the broader concepts of `concept`, nearest first."""
        parent = self.concepts[concept].parent
        while parent is not None:
            yield parent
            parent = self.concepts[parent].parent


@cache
def load_vocabulary() -> Vocabulary:
    """Read and check the vocabulary files.

    Raises
    ------
    BadVocabulary
        An entry breaks the rules of kb/vocabulary/README.md; the message names the file and the entry.
    """
    names = (*CONCEPT_FILES, "topics.toml", "ambiguous.toml", "variants.toml")
    texts = {name: files("kb.vocabulary").joinpath(name).read_text(encoding="utf-8") for name in names}
    return read_vocabulary(texts)


def read_vocabulary(texts: Mapping[str, str]) -> Vocabulary:
    """Build a vocabulary from the files' texts by name (see `load_vocabulary`)."""
    tables = {name: _parse(name, text) for name, text in texts.items()}
    topics = {
        entry["id"]: Topic(entry["id"], entry["label"], entry["description"], entry["order"])
        for entry in sorted(tables["topics.toml"].get("topic", []), key=lambda entry: entry["order"])
    }
    concepts: dict[str, Concept] = {}
    for name, kind in CONCEPT_FILES.items():
        for entry in tables[name].get("concept", []):
            concept = _concept(name, kind, entry)
            if concept.id in concepts:
                raise BadVocabulary(name, concept.id, "this id is used twice")
            concepts[concept.id] = concept
    short_forms = {
        form.form: form for form in map(_short_form, tables["ambiguous.toml"].get("short_form", []))
    }
    digest = hashlib.sha256("\0".join(texts[name] for name in sorted(texts)).encode()).hexdigest()[:16]
    vocabulary = Vocabulary(concepts, topics, short_forms, digest)
    _check(vocabulary)
    return vocabulary


def _parse(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadVocabulary(name, "the file", str(error)) from error


def _concept(name: str, kind: Kind, entry: Mapping[str, Any]) -> Concept:
    identifier = str(entry.get("id", "an entry without id"))
    known = {part.name for part in fields(Concept)} - {"kind"}
    if unknown := sorted(set(entry) - known):
        raise BadVocabulary(name, identifier, f"unknown key '{unknown[0]}'")
    if not _ID.fullmatch(identifier):
        raise BadVocabulary(name, identifier, "an id is lower-case words joined by '_'")
    if not entry.get("label"):
        raise BadVocabulary(name, identifier, "has no label")
    if kind == "outcome" and entry.get("polarity") not in POLARITIES:
        raise BadVocabulary(name, identifier, f"polarity must be one of {', '.join(POLARITIES)}")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    return Concept(kind=kind, **values)


def _short_form(entry: Mapping[str, Any]) -> ShortForm:
    senses = tuple(
        Sense(sense.get("concept"), sense.get("meaning"), tuple(sense.get("cues", ())))
        for sense in entry.get("sense", [])
    )
    form = str(entry.get("form", "an entry without form"))
    if not senses or any((sense.concept is None) == (sense.meaning is None) for sense in senses):
        raise BadVocabulary("ambiguous.toml", form, "each sense needs either a concept or a meaning")
    return ShortForm(form, senses)


def _check(vocabulary: Vocabulary) -> None:
    """Hold the entries against each other: parents, topics, forms and senses."""
    owners: dict[str, str] = {}
    for concept in vocabulary.concepts.values():
        name = next(file for file, kind in CONCEPT_FILES.items() if kind == concept.kind)
        _check_parent(vocabulary, name, concept)
        for topic in concept.topics:
            if topic not in vocabulary.topics:
                raise BadVocabulary(name, concept.id, f"there is no topic '{topic}'")
        for form in concept.forms:
            if form in vocabulary.short_forms:
                raise BadVocabulary(name, concept.id, f"'{form}' is ambiguous and stands in ambiguous.toml")
            other = owners.setdefault(form if form.isupper() else form.lower(), concept.id)
            if other != concept.id:
                raise BadVocabulary(name, concept.id, f"'{form}' belongs to {other} already")
    for short in vocabulary.short_forms.values():
        for sense in short.senses:
            if sense.concept is not None and sense.concept not in vocabulary.concepts:
                raise BadVocabulary("ambiguous.toml", short.form, f"there is no concept '{sense.concept}'")


def _check_parent(vocabulary: Vocabulary, name: str, concept: Concept) -> None:
    seen = {concept.id}
    current = concept
    while current.parent is not None:
        parent = vocabulary.concepts.get(current.parent)
        if parent is None or parent.kind != concept.kind:
            raise BadVocabulary(name, current.id, f"its parent '{current.parent}' is no {concept.kind} here")
        if parent.id in seen:
            raise BadVocabulary(name, concept.id, "is its own ancestor")
        seen.add(parent.id)
        current = parent


def kinds() -> tuple[Kind, ...]:
    """The four kinds of concept."""
    return cast("tuple[Kind, ...]", get_args(Kind))
