"""The learnt side of salience: in what ways a text speaks of a concept, as named features for a linear model.

A concept's features say where it is named, how, and beside what; the rules' own answer (`salience`) is one of them, so
the model can only correct them. Without its weights (`kb.models`) the rules alone decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from kb.tagging.linear import load_linear, softmax

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.evidence import Kind
    from kb.tagging.article import Article, Named, Sentence

ABOUT, ASIDE = "about", "aside"
_DECLARED = re.compile(
    r"\b(?:primary|secondary|main|key|co-?primary)\b[^.]{0,30}\b(?:end-?points?|outcomes?|aims?|goals?|objectives?)\b|"
    r"\b(?:end-?points?|outcomes? (?:measures?|variables?|of interest)|outcomes? (?:were|was|included|are))\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\b(?:evaluat\w+|assess\w*|measur\w+|record\w+|compar\w+|analy[sz]ed|determin\w+|calculated|estimated|investigat\w+|"
    r"examin\w+|collected|graded|scored|documented)\b",
    re.IGNORECASE,
)
_FACTORS = re.compile(
    r"\b(?:predict\w*|prognostic|risk factors?|independent\w*|associated with|multivaria\w+|univaria\w+|correlat\w+|"
    r"factors?|covariates?|variables?)\b",
    re.IGNORECASE,
)
_STATE_AHEAD = re.compile(
    r"\b(?:with|for|having|history of|due to|because of|secondary to|baseline|pre-?operative\w*|pre-?treatment|prior|"
    r"previous\w*|presented with|suffering from|presenting with|initial|poor|painful)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_GIVEN_AHEAD = re.compile(
    r"\b(?:underwent|undergo\w*|receiv\w+|given|treated (?:with|by|using)|treatment with|assigned to|allocated to|"
    r"randomi[sz]ed to|managed (?:with|by)|performed|administered|operated|followed by|after|following)\b[^.;]{0,45}$",
    re.IGNORECASE,
)
_HELD_AGAINST = re.compile(
    r"\b(?:versus|vs\.?|compared (?:with|to)|than|between|either|randomi[sz]ed|groups?|arms?)\b", re.IGNORECASE
)
_REPORTED = re.compile(
    r"\b(?:improv\w+|differ\w*|better|worse|higher|lower|increas\w+|decreas\w+|reduc\w+|similar|observed|occurred|"
    r"reliev\w+|achieved|experienced|developed|was|were)\b",
    re.IGNORECASE,
)
_TESTED = re.compile(r"\b[Pp]\s?[=<>≤≥]|\bsignifican\w+|\b(?:HR|OR|RR|CI)\b")
_EVENTUALLY = re.compile(r"\b(?:aims? (?:to|of)|goals?|in order to|to (?:improve|prevent|reduce|avoid))\b", re.IGNORECASE)
_KINDS_OF_PAPER = (
    ("tool", re.compile(r"\b(?:scor(?:e|ing)|nomogram|model|predict\w+|validation|validat\w+|algorithms?|index)\b", re.I)),
    ("review", re.compile(r"\b(?:review|meta-analysis|overview|guideline|consensus|recommendations?)\b", re.I)),
    ("case", re.compile(r"\bcase (?:report|series)|\b(?:two|three) cases\b", re.I)),
    ("cost", re.compile(r"\bcost", re.I)),
    ("imaging", re.compile(r"\b(?:MRI?|imaging|PET|CT|diagnos\w+|reliability|agreement)\b")),
    ("trial", re.compile(r"\brandomi[sz]ed|\bphase (?:I|1|2|3)", re.I)),
    ("burden", re.compile(r"\b(?:incidence|trends?|nationwide|population-based|epidemiolog\w+)\b", re.I)),
    ("factors", re.compile(r"\b(?:risk factors?|prognos\w+|predict(?:ors?|ive))\b", re.I)),
)
_NUMBER = re.compile(r"\d")


def concept_features(article: Article, kind: Kind, by_rule: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Return the features of every concept of `kind` that the article affirms outside its background.

    `by_rule`: the concepts that the rules hold the study to be about.
    """
    found: dict[str, set[str]] = defaultdict(set)
    counts: dict[str, int] = defaultdict(int)
    paper = _paper(article)
    for sentence in article.sentences:
        here = [n for n in sentence.of_kind(kind) if not n.negated]
        for named in here:
            counts[named.concept.id] += 1
            found[named.concept.id].update(_mention_features(sentence, named, len(here)))
    candidates = {c for c, features in found.items() if features & _SPEAKING}
    parents = {above for c in candidates for above in article.vocabulary.ancestors(c)}
    result = {}
    for identifier in candidates:
        features = found[identifier]
        features.update(_standing(article, identifier, candidates, parents, by_rule))
        features.add(f"count:{min(counts[identifier], 5)}")
        features.add(f"zones:{len({f for f in features if f.startswith('in:')})}")
        features.update(f"paper:{word}" for word in paper)
        features.update(f"{identifier}+{word}" for word in paper)
        for sign in ("in:title", "in:aim", "in:results", "rule", "in:methods"):
            features.add(f"{identifier}+{sign if sign in features else f'not {sign}'}")
        result[identifier] = frozenset(features)
    return result


_SPEAKING = frozenset(f"in:{zone}" for zone in ("title", "aim", "methods", "results", "conclusion"))


def _paper(article: Article) -> list[str]:
    aims = " ".join([article.title, *(s.text for s in article.in_zones("aim"))])
    return [name for name, pattern in _KINDS_OF_PAPER if pattern.search(aims)]


def _mention_features(sentence: Sentence, named: Named, beside: int) -> Iterator[str]:
    """How one sentence speaks of a concept; what it says is marked with the zone it says it in."""
    zone = sentence.zone
    yield f"in:{zone}"
    if named.hypothetical:
        yield f"{zone}:supposed"
    text = sentence.text
    before, behind = text[: named.start], text[named.end :]
    signs = {
        "declared": _DECLARED.search(text),
        "measured": _MEASURED.search(text),
        "factor ahead": _FACTORS.search(before),
        "factor behind": _FACTORS.search(behind),
        "state": _STATE_AHEAD.search(before),
        "given": _GIVEN_AHEAD.search(before),
        "against": _HELD_AGAINST.search(text),
        "reported": _REPORTED.search(text),
        "tested": _TESTED.search(text),
        "number": _NUMBER.search(text),
        "number near": _NUMBER.search(text[max(0, named.start - 25) : named.start] + behind[:45]),
        "goal": _EVENTUALLY.search(text),
        "first": not _NUMBER.search(before) and named.start < 40,
        "listed": beside > 2,
    }
    for name, sign in signs.items():
        if sign:
            yield f"{zone}:{name}"
    if zone == "results" and not signs["number"] and not signs["reported"]:
        yield "results:bare"


def _standing(
    article: Article, identifier: str, candidates: set[str], parents: set[str], by_rule: frozenset[str]
) -> Iterator[str]:
    """What a concept is, and what else of its branch the text names."""
    concept = article.vocabulary.concepts[identifier]
    ancestors = set(article.vocabulary.ancestors(identifier))
    yield f"is:{identifier}"
    yield f"domain:{concept.domain}" if concept.domain else f"depth:{len(ancestors)}"
    if identifier in by_rule:
        yield "rule"
    if identifier in parents:
        yield "has narrower"
    if ancestors & candidates:
        yield "has broader"
    if concept.domain:
        same = sum(article.vocabulary.concepts[c].domain == concept.domain for c in candidates)
        yield f"of domain:{min(same, 4)}"
    yield f"candidates:{min(len(candidates) // 3, 5)}"
    yield f"ruled:{min(len(by_rule), 6)}"


def corrected(article: Article, kind: Kind, by_rule: frozenset[str]) -> frozenset[str]:
    """Return what the study is about by the model, or `by_rule` where the product carries no weights for `kind`."""
    model = load_linear(f"salience_{kind}s")
    if model is None:
        return by_rule
    place = model.answers.index(ABOUT)
    return frozenset(
        identifier
        for identifier, features in concept_features(article, kind, by_rule).items()
        if softmax(model.scores(features))[place] >= 0.5
    )
