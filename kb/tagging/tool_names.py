"""Which tool a figure belongs to: names and stand-ins ("the model") around it, and the tool that the paper is about."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kb.evidence import Design
    from kb.tagging.article import Article, Named, Sentence
    from kb.tagging.metrics import Reported

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
_LIFE = re.compile(r"\b(?:surviv\w+|mortalit\w+|prognos\w+|death\w*|life expectanc\w+|dying|supportive care)\b", re.IGNORECASE)
_VERTEBRA_BREAKS = re.compile(r"\bvertebral (?:compression |body )?fractures?\b|\bVCFs?\b", re.IGNORECASE)
_TELLS_APART = re.compile(r"\b(?:differentiat\w+|distinguish\w*|differential|diagnos\w+)\b", re.IGNORECASE)
VAGUE = frozenset({"prognostic_score", "prediction_model"})
# How raters agree on a tool; they are not its rivals, and what they look at is none either.
AGREEMENT = frozenset({"kappa", "icc"})
NOT_SCORED = frozenset({"scale", "instrument"})
_LEARNED = frozenset({"machine_learning_model", "radiomics_model"})
_OWN, _NOBODY, _COUNTED, _RATER = "own", "nobody", "counted", "rater"


@dataclass(frozen=True, slots=True)
class Word:
    """A name or stand-in at its place; `tool` is a concept id, or None where figures belong to no tool."""

    start: int
    end: int
    tool: str | None
    named: bool = True


@cache
def _words() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = tomllib.loads(files("kb.tagging").joinpath("tool_words.toml").read_text(encoding="utf-8"))
    return tuple((entry["means"], re.compile(entry["pattern"], re.IGNORECASE)) for entry in table["word"])


def stand_ins() -> frozenset[str]:
    """Return the vocabulary ids that tool_words.toml names, for checking them against the vocabulary."""
    return frozenset(means for means, _ in _words()) - {_OWN, _NOBODY, _COUNTED, _RATER}


_EXTERNAL = re.compile(r"\bexternal|\bexisting\b|\bavailable\b|\bcurrent\b", re.IGNORECASE)
_MEANS_TO_MAKE = re.compile(
    r"\bto (?:\w+ (?:and )?)?(?:develop|construct|establish|create|build|derive|devise|design)\b|^(?:the )?(?:development|construction|establishment|derivation) (?:and|of)\b",
    re.IGNORECASE,
)
_REVIEWS = frozenset(
    {"meta_analysis", "systematic_review", "narrative_review", "guideline", "survey", "protocol", "laboratory"}
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


def _judged(sentences: Iterable[Sentence]) -> list[str]:
    """Tools that sentences of title or aim name, each once; "scoring system" behind a score's name is part of it."""
    found: dict[str, None] = {}
    for sentence in sentences:
        for named in own_names(sentence):
            kind = named.concept.type
            if not named.negated and kind != "framework" and (kind not in NOT_SCORED or sentence.zone == "title"):
                found.setdefault(named.concept.id)
    return list(found)


def own_names(sentence: Sentence) -> list[Named]:
    """Return the tools a sentence names without the kind that only completes a name: "the ESCC scoring system"."""
    found: list[Named] = []
    for named in sentence.of_kind("tool"):
        if found and named.concept.id in GENERIC and found[-1].concept.id not in GENERIC:
            gap = sentence.text[found[-1].end : named.start]
            if re.fullmatch(r"(?:\s?\([^()]{1,12}\))?\)?[\s-]?", gap):
                continue
        if named.concept.id in GENERIC and _HEADED.match(sentence.text, named.end):
            continue
        found.append(named)
    return found


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
        told += [n.concept.id for n in own_names(sentence) if n.concept.type not in (*NOT_SCORED, "framework")]
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


def words_of(
    sentence: Sentence, text: str, own: str | None, tested: frozenset[str], full: Mapping[str, str]
) -> list[Word]:
    """Return the names and stand-ins of a sentence in order.

    A vague kind ("the score") means the paper's own tool, and nobody where it is about several.
    """
    found: list[Word] = []
    for named in own_names(sentence):
        concept = named.concept
        if concept.type in NOT_SCORED and not {concept.id, concept.parent} & tested:
            continue
        if concept.id in GENERIC:
            found.append(Word(named.start, named.end, _meant(concept.id, own), named=False))
        else:
            found.append(Word(named.start, named.end, full.get(concept.id, concept.id)))
    for means, pattern in _words():
        for match in pattern.finditer(text):
            if any(match.start() < word.end and word.start < match.end() for word in found if word.named):
                continue
            held = [w for w in found if match.start() < w.end and w.start < match.end()]
            if held and (means == _OWN or (means == _COUNTED and any(w.tool == own for w in held))):
                continue
            found = [word for word in found if word not in held]
            if means == _RATER and own not in _LEARNED:
                continue  # raters use the score; beside a machine they are its rivals
            tool = own if means == _OWN else None if means in (_NOBODY, _COUNTED, _RATER) else means
            tool = own if tool == "machine_learning_model" and own in _LEARNED else tool
            found.append(Word(match.start(), match.end(), tool, named=False))
    return sorted(found, key=lambda word: word.start)


def _meant(kind: str, own: str | None) -> str | None:
    if own is None:
        return None if kind in VAGUE else kind
    if own not in GENERIC:
        return own if kind in VAGUE else kind
    if kind in VAGUE and own in VAGUE:
        return own
    return own if GENERIC.index(own) < GENERIC.index(kind) and _same_family(own, kind) else kind


def _same_family(own: str, kind: str) -> bool:
    """A radiomics nomogram is called "the nomogram"; a nomogram beside a random forest is another model."""
    return kind in VAGUE or (own == "radiomics_model" and kind in ("nomogram", "machine_learning_model"))


_ITEM_BREAK = re.compile(r"\s*(?:,\s*(?:and|or)\s|,|;|/|\band\b|\bor\b|\bvs\.?\s|\bversus\b|&)\s*", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_VERB = re.compile(r"[.;]|,?\s(?:respectively|with|while|whereas)\b|\b(?:was|were|had|has|have|is|are|show\w*|yield\w*|reach\w*|achiev\w*|demonstrat\w*|reveal\w*)\b|[:(]", re.IGNORECASE)
_FOR = re.compile(
    r"(?:\s?%?\s?[\[(][^()\[\]]*(?:[\[(][^()\[\]]*[\])])?[^()\[\]]*[\])])?,?\s(?:for|by|with|using|of|in|from)\s(?:the\s|our\s|this\s|an?\s)?"
)
# What a value may be "for" without being another predictor's: an outcome, a time, a group of patients.
_TARGETS = re.compile(
    r"(?:predict|surviv|mortal|death|each|both|all|intern|extern|train|test|valid|develop|deriv|one|two|three|six|nine|twelve|"
    r"eighteen|complicat|fracture|local|non|inter|intra|patients?|short|long|overall|outcome|discriminat|calibrat|identif|"
    r"model|score|this|these|those|its|post|pre|early|late|\d|detect|diagnos|differen|classif|distinguish|ambulat|walk|the same|"
    r"cohort|set|group|dataset|primary|second|grad|stag|any|major|minor|OS|CSS|PFS|readmission|reoperation|discharge|in-hospital)",
    re.IGNORECASE,
)
# "better than age (AUC 0.59)": what stands alone in front of the parenthesis is another predictor.
_RIVAL = re.compile(
    r"\b(?:than|compared (?:with|to)|relative to|that of)\s(?:that of\s)?(?:the\s)?(?P<what>[\w-]+(?:\s[\w-]+){0,3})\s?[\[(][^()\[\]]{0,40}$",
    re.IGNORECASE,
)
# "PNI (0.74), TPA (0.64)": a name right in front of the parenthesis that holds the value and nothing else.
_LABELLED = re.compile(r"(?P<what>[\w./-]+(?:\s[\w./-]+){0,4})\s?[\[(](?P<in>[^()\[\]]{0,24})$")


# "the specificity of SFR was": an abbreviation that no word of the vocabulary stands for.
_STRANGER = re.compile(r"\b(?:of|for)\s(?:the\s)?(?P<what>[A-Z][A-Z0-9-]{1,7})\s(?:was|were|is|reached)\b")
# Read backwards: "(0.59), and body weight (" — the item of a list of names with their values in parentheses.
_CLOSED = re.compile(r"[\[(]\s?(?:[a-z][\w-]*\s){1,4}(?:dna\s)?,[\])]")


def tools_of(
    text: str, figures: Sequence[Reported], words: Sequence[Word], default: str | None
) -> list[str | None]:
    """Return the tool of each figure, None where the sentence gives it to no tool or does not say to which."""
    result: list[str | None] = [None] * len(figures)
    if figures and all(figure.metric in AGREEMENT for figure in figures) and default not in _LEARNED:
        words = [w for w in words if w.tool is not None and (w.tool not in GENERIC or default in (None, *GENERIC))]
    for run in dict.fromkeys(figure.run for figure in figures):
        places = [place for place, figure in enumerate(figures) if figure.run == run]
        members = [figures[place] for place in places]
        listed = _listed(text, members, words, figures)
        for order, place in enumerate(places):
            result[place] = (
                listed[order] if listed is not None else _single(text, figures, place, words, default)
            )
    return result


def _listed(
    text: str, run: Sequence[Reported], words: Sequence[Word], figures: Sequence[Reported]
) -> list[str | None] | None:
    """Tools that a list names in the order of a list of values of one metric; items that are no tool count as places."""
    if len(run) < 2 or len({one.metric for one in run}) > 1:
        return None
    since = max((f.end for f in figures if f.end <= run[0].start and f.run != run[0].run), default=0)
    until = min((f.start for f in figures if f.start >= run[-1].end), default=len(text))
    sides = [
        [w for w in words if since <= w.start and w.end <= run[0].start],
        [w for w in words if run[-1].end <= w.start and w.end <= until],
        [w for w in words if w.end <= since],
    ]
    for side in sides:
        if items := _items(text, side, len(run), run[0].start if side and side[0].start < run[0].start else until):
            return items
    before = [w for w in words if w.end <= run[0].start]
    ahead = list(dict.fromkeys(w.tool for w in before if w.tool))
    beside = before and re.fullmatch(r"\s?[\[(]?\s?", text[before[-1].end : run[0].start])
    if len(ahead) == len(run) and not beside and re.match(r"[^.;]{0,12}\brespectively\b", _bare(text[run[-1].end :])):
        return list(ahead)
    return None


def _bare(text: str) -> str:
    return _ASIDE.sub("", text)


def _items(text: str, words: Sequence[Word], count: int, limit: int) -> list[str | None] | None:
    """The items of the list of names among `words`, if it has `count` of them and at least two are tools."""
    if len({word.tool for word in words if word.tool}) < 2:
        return None
    last = words[-1]
    tail = text[last.end : limit] if limit > last.end else ""
    verb = _VERB.search(tail)
    ends = [last.end]
    if tail and verb and re.search(r",|\band\b", tail[: verb.start()]):
        ends.append(last.end + verb.start())
    for end in ends:
        for first in range(len(words) - 1):
            start = words[first].start
            segment = _ASIDE.sub(lambda aside: " " * len(aside.group()), text[start:end])
            breaks = list(_ITEM_BREAK.finditer(segment))
            if len(breaks) + 1 != count or re.search(r"\b(?:was|were|had|than|which|while)\b|\d\.\d", segment):
                continue
            edges = [0, *(b.end() for b in breaks), len(segment) + 1]
            items = [
                next((w.tool for w in words[first:] if start + a <= w.start < start + b), None)
                for a, b in zip(edges, edges[1:], strict=False)
            ]
            if len({item for item in items if item}) > 1:
                return items
    return None


def _single(
    text: str, figures: Sequence[Reported], place: int, words: Sequence[Word], default: str | None
) -> str | None:
    figure = figures[place]
    until = figures[place + 1].start if place + 1 < len(figures) else len(text)
    if (shared := _shared(text, figures, place, words)) is not None:
        return shared.tool
    if (behind := _behind(text, figure, words, until)) is not None:
        return behind.tool
    if pair := _paired(text, figures, place, words):
        return pair.tool
    if figure.metric not in AGREEMENT and (
        _for_something_else(text, figure, words) or _rival(text, figure, words)
    ):
        return None
    ahead = [word for word in words if word.end <= figure.start]
    if ahead:
        stranger = _STRANGER.search(text, ahead[-1].end, figure.start)
        return None if stranger and not _TARGETS.match(stranger["what"]) else ahead[-1].tool
    tools = {word.tool for word in words if word.named}
    if len(tools) == 1 and _given_later(text, figure, words, until):
        return tools.pop()
    return None if tools - {default} else default


def _behind(text: str, figure: Reported, words: Sequence[Word], until: int) -> Word | None:
    """ "0.72 for A", "0.72 with the A", "0.72 (A)"."""
    direct = re.compile(r"\s?[\[(]\s?(?:the\s)?")
    for word in words:
        if not figure.end <= word.start < until:
            continue
        gap = text[figure.end : word.start]
        if direct.fullmatch(gap):
            return word
        lead = _FOR.match(text, figure.end)
        if lead and -1 <= word.start - lead.end() <= 24 and not re.search(r"[,;(]|\d", text[lead.end() : word.start]):
            return word
        return None
    return None


def _shared(text: str, figures: Sequence[Reported], place: int, words: Sequence[Word]) -> Word | None:
    """ "0.82, 0.77 and 0.75 for A", "0.59 to 0.72 for A": the tool behind a list is that of all its values."""
    run = [figure for figure in figures if figure.run == figures[place].run and figure.metric == figures[place].metric]
    if len(run) < 2 or figures[place] is run[-1] or re.search(r"\b(?:vs|versus|compared)\b", text[run[0].end : run[-1].start]):
        return None
    until = min((figure.start for figure in figures if figure.start > run[-1].end), default=len(text))
    alone = not any(run[0].end <= word.start < run[-1].start for word in words)
    return _behind(text, run[-1], words, until) if alone else None


def _given_later(text: str, figure: Reported, words: Sequence[Word], until: int) -> bool:
    """ "An AUC of 0.74 was found for the A": one tool in the sentence, behind the values, in the same clause."""
    later = [word for word in words if word.named and word.start >= figure.end]
    return bool(later) and later[0].start < until and not re.search(r";|\b(?:while|whereas|but)\b", text[figure.end : later[0].start])


def _for_something_else(text: str, figure: Reported, words: Sequence[Word]) -> bool:
    """ "0.74 for the score and 0.59 for age": the second is no figure of the score."""
    lead = _FOR.match(text, figure.end)
    if lead is None or " for " not in text[figure.end : lead.end()]:
        return False
    if any(lead.end() - 4 <= word.start <= lead.end() + 24 for word in words):
        return False
    return not _TARGETS.match(text, lead.end())


def _rival(text: str, figure: Reported, words: Sequence[Word]) -> bool:
    """Whether the parenthesis of a value stands behind the name of something that is no tool."""
    for pattern in (_RIVAL, _LABELLED):
        match = pattern.search(text, max(0, figure.start - 110), figure.start)
        if match is None:
            continue
        if any(word.start < match.end("what") and match.start("what") < word.end for word in words):
            return False
        if pattern is _RIVAL:
            return not _TARGETS.match(match["what"])
        if re.search(r"[A-Za-zκ]", match["in"]):
            return False  # "survival (AUC 0.74)": the parenthesis says what it holds
        label = match["what"].split()[-1]
        listed = _CLOSED.match(text[: figure.start][::-1])
        told = re.search(r"\b(?:was|were|had|is|are)\b", match["what"])
        return bool(re.fullmatch(r"[A-Z][A-Z0-9-]{1,7}", label)) or (listed is not None and not told)
    return False


def _paired(text: str, figures: Sequence[Reported], place: int, words: Sequence[Word]) -> Word | None:
    """ "A did better than B (AUC 0.72 vs 0.65)": two tools ahead of a list of two values."""
    run = [figure for figure in figures if figure.run == figures[place].run]
    if len(run) != 2 or run[0].metric != run[1].metric:
        return None
    ahead = [word for word in words if word.end <= run[0].start and word.tool]
    distinct = list(dict.fromkeys(word.tool for word in ahead))
    if len(distinct) != 2:
        return None
    second = next(word for word in ahead if word.tool == distinct[1])
    joined, held = text[ahead[0].end : second.start], re.search(r"\b(?:vs|versus|compared)\b", text[run[0].end : run[1].start])
    if held and re.search(r"\bthan\b", joined):
        return ahead[0] if figures[place] is run[0] else second
    if any(f.end <= run[0].start and f.start > ahead[0].start for f in figures):
        return None
    between = text[ahead[-1].end : run[0].start]
    if not re.search(r"\b(?:than|outperform\w*|versus|vs\.?|compared|superior|inferior|and|over)\b", joined) or len(between) > 60:
        return None
    return ahead[0] if figures[place] is run[0] else ahead[-1]
