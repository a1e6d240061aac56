"""Is a record about spinal metastases? Decided from title, abstract, keywords and MeSH, with reasons in words.

The rules are data (on_topic.toml). Nothing here needs spaCy, so that a stream of millions of records can be judged
before any of them is tagged; `may_be_on_topic` is the cheap first look.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from harvest.record import Record
from kb.errors import BadVocabulary
from kb.evidence import Relevance

FILE = "on_topic.toml"
NO_CANCER = "no cancer"
NO_SPINE = "no spine"
NOT_NAMED = "no metastases of the spine"
_OPENING = 200  # characters of the abstract that stand in for a missing title

# One of each must be there, or the record can't be ours; kept loose, for they only save time.
_SPINE_LOOK = (
    *(
        "spin",
        "vertebr",
        "cord compress",
        "epidural",
        "extradural",
        "skelet",
        "bone",
        "bony",
        "osseous",
        "sacr",
    ),
    *("cauda", "corpectom", "kyphoplast", "mscc", "mescc", "katagiri", "tokuhashi", "oswestry", "pedicle"),
    *("cord dysfunc", "cord injur", "parapleg", "parapares", "lumbar"),
)
_CANCER_LOOK = (
    *("metasta", "cancer", "malignan", "neoplas", "tumor", "tumour", "oncolog", "carcinom", "mscc", "mescc"),
    *(
        "myeloma",
        "cord compress",
        "radiosurg",
        "stereotactic",
        "irradiat",
        "sbrt",
        "sabr",
        "srs",
        "pathologic",
    ),
    *("katagiri", "tokuhashi", "oswestry", "secondaries", "skeletal complication", "skeletal event"),
)


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that speaks for a record; `text` holds the points for one, two ... places in the abstract."""

    id: str
    pattern: re.Pattern[str]
    title: float
    text: tuple[float, ...]
    needs: re.Pattern[str] | None
    reason: str


@dataclass(frozen=True, slots=True)
class Headings:
    """MeSH headings that speak for a record where all of them are there."""

    names: frozenset[str]
    points: float


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Something else that a title may be about; its reason is how the flow of records counts it."""

    reason: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    points: float


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of the decision."""

    threshold: float
    further_sign: float
    ignored: tuple[re.Pattern[str], ...]
    signs: tuple[Sign, ...]
    mesh: tuple[Headings, ...]
    exclusions: tuple[Exclusion, ...]
    spine: re.Pattern[str]
    cancer: re.Pattern[str]


@cache
def load_rules() -> Rules:
    """Read the rules.

    Raises
    ------
    BadVocabulary
        A pattern is no regular expression or a key is missing; the entry is named.
    """
    return read_rules(files("kb.tagging").joinpath(FILE).read_text(encoding="utf-8"))


def read_rules(text: str) -> Rules:
    """Build the rules from the file's text (see `load_rules`)."""
    entry = "the file"
    try:
        table = tomllib.loads(text)
        words = _words(table["words"])
        ignored = tuple(_pattern(item["pattern"], words) for item in table["ignored"])
        signs, exclusions = [], []
        for item in table["sign"]:
            entry = f"sign '{item.get('id')}'"
            signs.append(_sign(item, words))
        for item in table["exclusion"]:
            entry = f"exclusion '{item.get('reason')}'"
            exclusions.append(_exclusion(item, words))
        entry = "the file"
        mesh = tuple(
            Headings(frozenset(map(str.lower, item["headings"])), item["points"]) for item in table["mesh"]
        )
        return Rules(
            *(table["threshold"], table["further_sign"], ignored, tuple(signs), mesh, tuple(exclusions)),
            *(_pattern(r"\b{spine}\b", words), _pattern(r"\b{cancer}\b", words)),
        )
    except (tomllib.TOMLDecodeError, re.error, KeyError, TypeError) as error:
        raise BadVocabulary(FILE, entry, str(error)) from error


def _words(table: Mapping[str, str]) -> dict[str, str]:
    """The word groups; a group may use those written before it."""
    words: dict[str, str] = {}
    for name, text in table.items():
        words[name] = _filled(text, words)
    return words


def _filled(text: str, words: Mapping[str, str]) -> str:
    # Not str.format: patterns have braces of their own ({0,3}).
    return re.sub(r"\{([a-z]+)\}", lambda match: words[match.group(1)], text)


def _pattern(text: str, words: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(_filled(text, words), re.IGNORECASE)


def _sign(item: Mapping[str, Any], words: Mapping[str, str]) -> Sign:
    needs = _pattern(item["needs"], words) if "needs" in item else None
    return Sign(
        *(item["id"], _pattern(item["pattern"], words), item.get("title", 0.0), tuple(item.get("text", ()))),
        *(needs, item["reason"]),
    )


def _exclusion(item: Mapping[str, Any], words: Mapping[str, str]) -> Exclusion:
    unless = _pattern(item["unless"], words) if "unless" in item else None
    return Exclusion(item["reason"], _pattern(item["pattern"], words), unless, item["points"])


def may_be_on_topic(record: Record) -> bool:
    """Whether a closer look is worth while: cheap, and true wherever that look would say on topic."""
    return _missing(record) is None


def _missing(record: Record) -> str | None:
    """What a first look misses in a record, or None."""
    headings = [f"{h.descriptor} {' '.join(q.name for q in h.qualifiers)}" for h in record.mesh]
    text = "\n".join((*record.sections, *record.keywords, *headings)).lower()
    if not any(word in text for word in _CANCER_LOOK):
        return NO_CANCER
    return None if any(word in text for word in _SPINE_LOOK) else NO_SPINE


def judge(record: Record) -> Relevance:
    """Score a record from 0 to 1 and say why. Off topic, the first reason is the one that counts.

    Pure: the same record gives the same judgement.
    """
    missing = _missing(record)
    if missing is not None:
        return Relevance(on_topic=False, score=0.0, reasons=(missing,))
    return judge_closely(record)


def judge_closely(record: Record) -> Relevance:
    """Judge by the rules, whatever a first look says; `judge` gives the same and is faster."""
    rules = load_rules()
    title = _without(record.title, rules)
    body = _without("\n".join((*(section.text for section in record.abstract), *record.keywords)), rules)
    found = [*_signs(title, body, rules), *_mesh(record, rules)]
    excluded = [] if _ours_by_title(title, rules) else list(_exclusions(record, rules))
    score = max((points for points, _ in found), default=0.0)
    score += rules.further_sign * max(len(found) - 1, 0) - sum(e.points for e in excluded)
    score = round(min(1.0, max(0.0, score)), 2)
    for_it = [reason for _, reason in found]
    against = [exclusion.reason for exclusion in excluded]
    if score >= rules.threshold:
        return Relevance(
            True, score, (*for_it, *(f"but the title speaks of: {reason}" for reason in against))
        )
    first = against or [_lacks(record)]
    return Relevance(False, score, (*first, *(f"although the record's {reason}" for reason in for_it)))


def _lacks(record: Record) -> str:
    """What is missing, where nothing else explains that a record is not ours."""
    rules = load_rules()
    text = "\n".join(record.sections)
    if not rules.cancer.search(text):
        return NO_CANCER
    return NOT_NAMED if rules.spine.search(text) else NO_SPINE


def _without(text: str, rules: Rules) -> str:
    """The text without what counts neither for nor against."""
    for pattern in rules.ignored:
        text = pattern.sub(" ... ", text)
    return text


def _signs(title: str, body: str, rules: Rules) -> Iterator[tuple[float, str]]:
    for sign in rules.signs:
        if sign.needs is not None and not sign.needs.search(f"{title}\n{body}"):
            continue
        if sign.title and sign.pattern.search(title):
            yield sign.title, f"title {sign.reason}"
        if sign.text:
            places = sum(1 for _ in sign.pattern.finditer(body))
            if places:
                times = "once" if places == 1 else f"{places} times"
                yield sign.text[min(places, len(sign.text)) - 1], f"abstract {sign.reason} ({times})"


def _mesh(record: Record, rules: Rules) -> Iterator[tuple[float, str]]:
    names = {heading.descriptor.lower() for heading in record.mesh}
    names |= {f"{h.descriptor}/{q.name}".lower() for h in record.mesh for q in h.qualifiers}
    best = max((entry for entry in rules.mesh if entry.names <= names), key=lambda e: e.points, default=None)
    if best is not None:
        yield best.points, f"MeSH headings are {' and '.join(sorted(best.names))}"


def _ours_by_title(title: str, rules: Rules) -> bool:
    """Whether the title itself names what is ours; then nothing else in it takes points off."""
    return any(sign.title > rules.threshold and sign.pattern.search(title) for sign in rules.signs[:2])


def _exclusions(record: Record, rules: Rules) -> Iterator[Exclusion]:
    place = record.title if record.title.strip() else " ".join(record.sections[1:])[:_OPENING]
    for exclusion in rules.exclusions:
        if exclusion.unless is not None and exclusion.unless.search(place):
            continue
        if exclusion.pattern.search(place):
            yield exclusion
