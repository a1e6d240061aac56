"""Own tools: the tool that a paper is about, the kinds of tool, and the versions that short names stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kb.evidence import Design
    from kb.tagging.article import Article, Named, Sentence

# Names of a kind of tool, the more telling first: a "radiomics nomogram" is a radiomics model.
GENERIC = (
    "radiomics_model",
    "vertebral_fracture_risk_model",
    "finite_element_fracture_model",
    "nomogram",
    "machine_learning_model",
    "prognostic_score",
    "prediction_model",
)
# Kinds that say little: a paper that names one tool means that one by them.
VAGUE = frozenset({"prognostic_score", "prediction_model"})
NOT_SCORED = frozenset({"scale", "instrument"})
_MAKES = re.compile(
    r"\b(?:develop\w*|construct\w*|establish\w*|creat\w+|buil[dt]\w*|deriv\w+|devis\w+|propos\w+|generat\w+|design\w*|novel|new)\b",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:models?|nomograms?|scor(?:es?|ing)|systems?|algorithms?|tools?|signatures?|classifiers?|ind(?:ex|ices)|calculators?)\b",
    re.IGNORECASE,
)
# Words of a title that ask for another thing than how long patients live, and those that ask for that.
_ELSE = re.compile(
    r"\b(?:ambulat\w+|walk\w*|complication\w*|fracture\w*|infection\w*|wound\w*|transfusion\w*|blood loss|recurrence\w*|pain|function\w*"
    r"|reoperation\w*|readmission\w*|discharge\w*|length of stay|adverse|thrombo\w+|performance status|failure\w*)\b",
    re.IGNORECASE,
)
_LIFE = re.compile(
    r"\b(?:surviv\w+|mortalit\w+|prognos\w+|death\w*|life expectanc\w+|dying|supportive care)\b",
    re.IGNORECASE,
)
_VERTEBRA_BREAKS = re.compile(r"\bvertebral (?:compression |body )?fractures?\b|\bVCFs?\b", re.IGNORECASE)
_TELLS_APART = re.compile(r"\b(?:differentiat\w+|distinguish\w*|differential|diagnos\w+)\b", re.IGNORECASE)
_EXTERNAL = re.compile(r"\bexternal|\bexisting\b|\bavailable\b|\bcurrent\b", re.IGNORECASE)
_MEANS_TO_MAKE = re.compile(
    r"\bto (?:\w+ (?:and )?)?(?:develop|construct|establish|create|build|derive|devise|design)\b|^(?:the )?(?:development|construction|establishment|derivation) (?:and|of)\b",
    re.IGNORECASE,
)
_REVIEWS = frozenset(
    {
        "meta_analysis",
        "systematic_review",
        "narrative_review",
        "guideline",
        "survey",
        "protocol",
        "laboratory",
    }
)


def makes_a_tool(article: Article, design: Design) -> bool:
    """Whether the paper makes a model or score; title and aim say so even where the design is read as another."""
    asked = [s for s in article.in_zones("title", "aim") if _judged([s])]
    named = {tool for s in asked for tool in _judged([s])}
    says_so = any(_MAKES.search(s.text) and _MADE.search(s.text) for s in asked)
    nameless = named <= set(GENERIC)
    if any(_MEANS_TO_MAKE.search(s.text) and _MADE.search(s.text) for s in asked):
        return True
    if design == "external_validation":
        return says_so and nameless and not any(_EXTERNAL.search(s.text) for s in asked)
    if design == "prediction_model_development":
        return says_so or nameless
    return bool(named) and design not in _REVIEWS and (nameless or says_so)


def versions(article: Article) -> Mapping[str, str]:
    """Return for each tool named short the one version that the paper names in full: "SORG" for its nomogram.

    Where one sentence names both, or several versions are named, the short name stands for itself.
    """
    places: dict[str, set[int]] = {}
    for number, sentence in enumerate(article.sentences):
        for named in sentence.of_kind("tool"):
            places.setdefault(named.concept.id, set()).add(number)
    found: dict[str, set[str]] = {}
    for tool in places:
        for wide in article.vocabulary.ancestors(tool):
            if wide in places and wide not in GENERIC:
                found.setdefault(wide, set()).add(tool)
    return {
        wide: next(iter(narrow))
        for wide, narrow in found.items()
        if len(narrow) == 1 and not places[wide] & places[next(iter(narrow))]
    }


# "postoperative failure score (PUFHS)", "Bleeding Score for Hypervascular Metastases (BSHM)": a tool known by letters alone.
_BY_LETTERS = re.compile(
    r"\b(?:[Ss]core|[Ss]coring system|[Ii]ndex|[Mm]odel|[Nn]omogram|[Cc]lassification|[Aa]lgorithm|[Cc]alculator|[Ss]cale)\b"
    r"(?:\s(?:for|of|in|to)\s[^().:;]{3,60})?\s\((?:the\s)?(?P<short>[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9-]*)\)"
)


def lettered_tools(article: Article) -> tuple[str, ...]:
    """Return the letters by which title or aim name a score or model that the vocabulary does not know."""
    found: dict[str, None] = {}
    for sentence in article.in_zones("title", "aim"):
        if "(" not in sentence.text:
            continue
        for match in _BY_LETTERS.finditer(sentence.text):
            start, end = match.span("short")
            known = any(
                n.concept.id not in VAGUE and n.start < end and (n.end > start or n.concept.kind == "tool")
                for n in sentence.named
                if n.end > match.start()
            )
            if not known:
                found.setdefault(match["short"])
    return tuple(found)


def own_tool(article: Article, *, makes: bool) -> str | None:
    """Return the one tool that the paper is about, None where it is about several.

    A paper that makes a model is about that model, whatever others it names; else the one named tool of the title,
    then of the aim. A kind of tool counts only where no tool is named.
    """
    for sentences in (article.in_zones("title"), article.in_zones("aim")):
        named = _judged(sentences)
        specific = _without_broader(article, [tool for tool in named if tool not in GENERIC])
        full = versions(article)
        specific = list(dict.fromkeys(full.get(tool, tool) for tool in specific))
        generic = [tool for tool in GENERIC if tool in named]
        if specific and not (makes and generic):
            return specific[0] if len(specific) == 1 else None
        if generic:
            return _told_closer(article, generic[0], makes=makes)
    return _told_closer(article, None, makes=makes)


def asked_about(article: Article) -> frozenset[str]:
    """Return the tools that title or aim name, each as the version that the paper means."""
    full = versions(article)
    named = _judged(article.in_zones("title", "aim"))
    return frozenset(full.get(tool, tool) for tool in named)


def _judged(sentences: Iterable[Sentence]) -> list[str]:
    """Tools that sentences of title or aim name, each once; "scoring system" behind a score's name is part of it."""
    found: dict[str, None] = {}
    for sentence in sentences:
        for named in own_names(sentence):
            kind = named.concept.type
            if (
                not named.negated
                and kind != "framework"
                and (kind not in NOT_SCORED or sentence.zone == "title")
            ):
                found.setdefault(named.concept.id)
    return list(found)


def own_names(sentence: Sentence) -> list[Named]:
    """Return the tools a sentence names without the kind that only completes a name: "the ESCC scoring system"."""
    found: list[Named] = []
    for named in sentence.of_kind("tool"):
        if found and named.concept.id in GENERIC and _heads(found[-1].concept.id, named.concept.id):
            gap = sentence.text[found[-1].end : named.start]
            if re.fullmatch(r"(?:\s?\([^()]{1,12}\))?\)?[\s-]?", gap):
                continue
        if named.concept.id in GENERIC and _HEADED.match(sentence.text, named.end):
            continue
        found.append(named)
    return found


def _heads(first: str, second: str) -> bool:
    """Whether a name makes the kind behind it part of itself: "SINS scoring system", "radiomics nomogram"."""
    return first not in GENERIC or GENERIC.index(first) < GENERIC.index(second)


# "a prognostic scoring system, the SINS": the kind in front of a name in apposition stays; "machine learning SORG" does not.
_HEADED = re.compile(r"\s\((?:SINS|ESCC|SORG|NESMS|OSRI)\)")


def _without_broader(article: Article, tools: Sequence[str]) -> list[str]:
    broader = {wide for tool in tools for wide in article.vocabulary.ancestors(tool)}
    return [tool for tool in tools if tool not in broader]


def _told_closer(article: Article, tool: str | None, *, makes: bool) -> str | None:
    """The tool that methods and results speak of, where title and aim say only "a model" or nothing."""
    if tool is not None and tool not in VAGUE:
        return tool
    told: list[str] = []
    for sentence in article.in_zones("aim", "methods", "results", "conclusion"):
        told += [
            n.concept.id for n in own_names(sentence) if n.concept.type not in (*NOT_SCORED, "framework")
        ]
    closer = [kind for kind in GENERIC if kind not in VAGUE and told.count(kind) > 1]
    if not makes:
        specific = _without_broader(article, [t for t in dict.fromkeys(told) if t not in GENERIC])
        scores = [t for t in specific if article.vocabulary.concepts[t].type in ("score", "model")]
        if len(scores) > 1 or (scores and told.count(scores[0]) > 1):
            return scores[0] if len(scores) == 1 else None
    return closer[0] if closer else _kind_for(article, tool)


def _kind_for(article: Article, tool: str | None) -> str | None:
    """A score for anything but survival is a model, and one that tells diseases apart is none that foretells."""
    if tool not in VAGUE or _LIFE.search(article.title):
        return tool
    if _TELLS_APART.search(article.title):
        return None if tool == "prognostic_score" else tool
    if _VERTEBRA_BREAKS.search(article.title):
        return "vertebral_fracture_risk_model"
    return "prediction_model" if _ELSE.search(article.title) else tool
