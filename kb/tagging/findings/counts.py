"""Counts told without a percentage: "no cement leakage occurred", "five patients died", "pain relief in 9 of 12 patients".

A count that stands beside its percentage ("4 (12%)") is read as the percentage. How many patients had pain or a
fracture when they came is no result; good outcomes are counted only where a word says that they came about.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kb.tagging.findings.told_as import BETTERED, TURNED
from kb.tagging.numbers.lists import listed_names
from kb.tagging.numbers.number_words import WHOLE_NUMBER, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.tagging.article import Named
    from kb.tagging.findings.scene import Scene
    from kb.vocabulary.concept import Vocabulary

_NOBODY = re.compile(
    r"\b(?:no|none|neither|zero|not any)\b[^.;,]{0,60}$|\b(?:no|none of the) (?:patients?|cases?|lesions?)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:occurred|were (?:observed|seen|noted|reported|found|recorded|encountered|detected)|was (?:observed|seen|noted|reported|found|"
    r"recorded|encountered|detected)|developed|experienced|had|there (?:was|were)|reported|observed|noted|tolerated|required|needed|underwent|suffered|sustained)\b",
    re.IGNORECASE,
)
_TESTED = re.compile(
    r"\bdiffer\w*|\bevidence\b|\bassociat\w+|\beffects?\b|\bimpact\b|\bcorrelat\w+|\bsignifican\w+|\bp\s?[<=>]|\d\s?%",
    re.IGNORECASE,
)
# "63 vertebrae had no fracture" counts those without, among others.
_SO_MANY_WITHOUT = re.compile(
    rf"{WHOLE_NUMBER}\s(?:[a-z-]+\s){{1,3}}(?:had|have|showed|with|developed|experienced)\s(?:no|neither|none)\b[^.;,]{{0,60}}$",
    re.IGNORECASE,
)
_OF_SO_MANY = rf"(?:\s(?:of|out\sof)\s(?:the\s|these\s)?|/)(?P<of>{WHOLE_NUMBER})"
_WHO = r"(?:patients?|women|men|participants?|cases?|subjects?|individuals?|lesions?|levels?|vertebrae|segments?|procedures?)"
# "Five patients died", "one patient experienced grade 2 myelopathy", "11 of 58 operated patients died".
_HAD_IT = re.compile(
    rf"(?<![\w.%/±<>≤≥=-])(?P<count>{WHOLE_NUMBER})(?:{_OF_SO_MANY})?\s(?!percent|per\b|or\b|half\b|third|quarter|fifth)(?:[A-Za-z-]+\s){{0,2}}?{_WHO}\s"
    r"(?:\([^()%]*\)\s)?(?:(?:also|then|had|subsequently|later|each|only)\s)?"
    r"(?P<verb>died|deaths?|had|developed|experienced|suffered(?: from)?|sustained|required|needed|underwent|showed|with|demonstrated|presented with|complained of|received|experiencing|developing|having|requiring)\b",
    re.IGNORECASE,
)
# "Leakage was seen in 4 patients".
_SEEN_IN = re.compile(
    rf"\W?(?:\([^()]*\)\s?)?\s?(?:(?:within|during|after|following)\s[^,;.()]{{1,40}}?\s)?(?:(?:was|were|had|has been|have been)\s)?(?:also\s)?(?:observed|seen|noted|reported|found|recorded|encountered|detected|identified|occurred|developed|present|required|necessary|performed|achieved|obtained|maintained|regained|recovered|experienced|reported|confirmed)?"
    rf"\s(?:in|at|on|by)\s(?:only\s)?(?P<count>{WHOLE_NUMBER})(?:{_OF_SO_MANY})?\s(?:[A-Za-z-]+\s){{0,2}}?{_WHO}\b",
    re.IGNORECASE,
)
# "4 deaths", "two superficial wound infections", "three cases of leakage".
_SO_MANY = re.compile(
    rf"(?<![\w.%/±<>≤≥=-])(?P<count>{WHOLE_NUMBER})\s(?:{_WHO}\sof\s)?(?:(?!percent|per\b|or\b|grade|level|stage|type|days?|weeks?|months?|years?|patients?)[a-z-]+\s){{0,2}}?$",
    re.IGNORECASE,
)
_GRADE = re.compile(
    r"\bgrades? (?:[<>≤≥] ?)?[\dIV]+(?: ?(?:or|and|to|-|/) ?(?:grade )?[\dIV]+)?\b", re.IGNORECASE
)
_NO_COUNT = re.compile(
    r"\b(?:(?<!total )of|of the|of all|among|years?|months?|weeks?|days?|grades?|levels?|stages?|types?|groups?|scores?|classes|class|version|than|least|most|within|over|under|to|in|phase|table|CTCAE)\s?$|[-±<>≤≥=]\s?$|\b(?:grades?|levels?|stages?)\s\S{1,3}\s?(?:or|and|to|/|,)\s?$",
    re.IGNORECASE,
)
_SHARE_BEHIND = re.compile(r"^[^.;]{0,60}?[\[(][^()\[\]]{0,25}?\d(?:\.\d+)?\s?%|^\s?%")
_BEFORE_TREATMENT = re.compile(
    r"\b(?:baseline|at presentation|presented|pre-?operative(?:ly)?|before|prior|previous(?:ly)?|history|at diagnosis|initially|"
    r"eligib\w+|exclu\w+|(?<!complications )(?<!events )(?<!toxicities )(?<!deaths )includ\w+|enrol\w+|indication\w*|treated for|because of|due to)\b",
    re.IGNORECASE,
)
_MOST = 10_000
_YEAR = re.compile(r"(?:19|20)\d\d")
_NEAR = 45
_WAY_IN = re.compile(
    rf"\b(?P<way>improved|better|resolved|relieved|recovered|worsened|worse|deteriorated|declined|unchanged|stable|stabili[sz]ed|the same)"
    r"(?:\s(?:significantly|postoperatively|by at least one grade|by one grade|(?:with|after|following)\s(?:the\s)?[a-z]+))?"
    rf"\sin\s(?P<count>{WHOLE_NUMBER})(?:{_OF_SO_MANY})?(?:\s(?:[a-z-]+\s)?{_WHO}\b|(?=[,;]|\.(?!\d)|\sand\b|$))",
    re.IGNORECASE,
)
_IS_WORSE = re.compile(r"worse|deteriorat|declin", re.IGNORECASE)
_IS_SAME = re.compile(r"unchanged|stab|the same", re.IGNORECASE)
_ALL = re.compile(r"\ball (?:of )?(?:the |these )?$", re.IGNORECASE)
# Where a statement ends and another begins.
_TURN = re.compile(r";|,\s(?:and|but|while|whereas|with)\s|\b(?:whereas|while|but)\b", re.IGNORECASE)
# "Completed without complications", and not "patients without complications".
_WENT_WITHOUT = re.compile(
    r"\b(?!patients|those|cases|groups?|people|individuals|lesions|and|or|with)\w+,?\swithout\s(?:any\s)?(?:(?:major|serious|further|significant|"
    r"perioperative|peri-operative|postoperative|intraoperative|procedure-related|relevant|clinical|other)\s){0,2}$",
    re.IGNORECASE,
)
_MAY = re.compile(r"\b(?:can|could|may|might|should|would|to)\b", re.IGNORECASE)
_COUNTS = rf"(?P<counts>{WHOLE_NUMBER}(?:,\s{WHOLE_NUMBER})*,?\sand\s{WHOLE_NUMBER})"
# "... were observed in 22, 8 and 29 patients, respectively".
_LISTED_IN = re.compile(
    rf"(?:\s(?:was|were|had been))?\s(?:observed|seen|noted|reported|found|recorded|encountered|detected|identified|occurred|developed|present|required|achieved|experienced)"
    rf"\s(?:in|by)\s{_COUNTS}\s(?:[a-z-]+\s){{0,2}}?{_WHO}\b",
    re.IGNORECASE,
)
# "Haematoma in 3 patients and effusion in 2", "haematoma (3), effusion (n = 2)": complications listed with their numbers.
_BARE_IN = re.compile(
    rf"\sin\s(?:only\s)?(?P<count>\d{{1,3}}|(?:one|two|three|four|five|six|seven|eight|nine|ten)\b)(?:{_OF_SO_MANY})?(?:\s(?:other\s)?{_WHO})?(?=\s?(?:\.(?!\d)|[,;:)(])|\sand\b|$)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(
    rf"\s?\((?:n\s?=\s?|in\s)?(?P<count>\d{{1,3}}|(?:one|two|three|four|five|six|seven|eight|nine|ten)\b)(?:\s{_WHO})?\)",
    re.IGNORECASE,
)
_CAME = r"(?:achieved|obtained|regained|recovered|maintained|retained|restored|experienced|reported|reached|gained|attained)"
# "Pain relief was achieved in 27 of 30 patients".
_CAME_ABOUT_IN = re.compile(
    rf"(?:\s\([^()]*\))?(?:\s(?:was|were|had been|has been))?\s(?:{_CAME}|observed|seen|noted|found|recorded|documented|occurred)"
    rf"\s(?:in|by)\s(?:only\s|all\s)?(?P<count>{WHOLE_NUMBER})(?:{_OF_SO_MANY})?\s(?:[A-Za-z-]+\s){{0,2}}?{_WHO}\b",
    re.IGNORECASE,
)
# "24 of 33 patients achieved pain relief", "all six patients treated so experienced relief".
_ACHIEVED = re.compile(
    rf"(?<![\w.%/±<>≤≥=-])(?P<count>{WHOLE_NUMBER})(?:{_OF_SO_MANY})?\s(?!percent|per\b|or\b|half\b|third|quarter|fifth)(?:[A-Za-z-]+\s){{0,2}}?{_WHO}\s"
    rf"(?:\([^()%]*\)\s)?(?:(?!and\b|who\b|whose\b)[\w-]+\s){{0,6}}?(?:{_CAME}|showed|showing|had|having|demonstrated|exhibited|felt)\b",
    re.IGNORECASE,
)
# "11 of the 15 patients regained the ability to walk": the outcome's name says what they did.
_WHO_DID = re.compile(
    rf"(?<![\w.%/±<>≤≥=-])(?P<count>{WHOLE_NUMBER})(?:{_OF_SO_MANY})?\s(?:[A-Za-z-]+\s){{0,2}}?{_WHO}\s(?:(?:had|have|has|also|were|was|subsequently|eventually|could)\s){{0,2}}$",
    re.IGNORECASE,
)
_DONE = re.compile(r"(?:\w+ed|became|walk\w*|free)\b", re.IGNORECASE)
_AT_FIRST = re.compile(
    r"\b(?:baseline|at (?:presentation|admission|diagnosis|entry)|presented|pre-?operative(?:ly)?|before|prior|previous(?:ly)?|initial(?:ly)?|"
    r"eligib\w+|exclu\w+|includ\w+|enrol\w+|studies|trials|articles)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many had an outcome: `place` is the number's offset in the sentence, `total` of how many, if printed.

    `named`: the name it was read from, where that says less than `outcome`.
    """

    outcome: Named
    number: int
    place: int
    total: int | None = None
    named: Named | None = None


def find_counts(scene: Scene, vocabulary: Vocabulary) -> Iterator[Count]:
    """Yield the events that nobody had, and those counted without a percentage, each number once."""
    text = scene.text
    taken: set[int] = set()
    listed = [*_in_step(scene), *_ways(scene, vocabulary)]
    yield from listed
    for named in scene.outcomes:
        if any(named in (count.outcome, count.named) for count in listed):
            continue
        good = named.concept.polarity == "higher_is_better"
        bad = named.concept.polarity == "lower_is_better" and named.concept.domain != "pain"
        if bad and _nobody(text, named):
            if denied := _what_nobody_had(text, named, vocabulary):
                yield Count(denied, 0, named.start, named=named)
        elif (bad or good) and not named.negated:
            count = _counted(text, named) if bad else _achieved(text, named)
            if count and count.place not in taken:
                taken.add(count.place)
                yield count


def _nobody(text: str, named: Named) -> bool:
    """Whether a sentence says that nobody had an event: "no leakage was seen", "completed without complications"."""
    ahead = text[: named.start]
    if named.concept.domain == "complications" and _WENT_WITHOUT.search(ahead):
        return not (_TESTED.search(text) or _MAY.search(ahead))
    if not _HAPPENED.search(text) or not _NOBODY.search(ahead) or _SO_MANY_WITHOUT.search(ahead):
        return False
    return not _TESTED.search(text, *_statement(text, named))


def _statement(text: str, named: Named) -> tuple[int, int]:
    """Where the statement about an outcome starts and ends in its sentence."""
    starts = [turn.end() for turn in _TURN.finditer(text, 0, named.start)]
    end = _TURN.search(text, named.end)
    return starts[-1] if starts else 0, end.start() if end else len(text)


# "No serious complication": the serious ones alone are denied; "no further events" denies none of the first.
_SERIOUS = re.compile(
    r"\b(?:serious|severe|major|significant|high-grade|life-threatening|relevant)\b", re.IGNORECASE
)
_SOME_ONLY = re.compile(
    r"\b(?:further|other|additional|new|late|early|symptomatic|clinical(?:ly)?|permanent|persistent|delayed|long-term|grade|grades|unexpected|obvious|apparent|neurologic(?:al)?)\b",
    re.IGNORECASE,
)
_SERIOUS_KIND = {
    "complication": "major_complication",
    "adverse_event": "serious_adverse_event",
    "toxicity": "severe_toxicity",
    "major_complication": "major_complication",
    "serious_adverse_event": "serious_adverse_event",
    "severe_toxicity": "severe_toxicity",
}


def _what_nobody_had(text: str, named: Named, vocabulary: Vocabulary) -> Named | None:
    """The event that nobody had, as precise as the words between "no" and its name; None where they pick out some."""
    cue = list(re.finditer(r"\b(?:no|none|neither|without|zero|any)\b", text[: named.start], re.IGNORECASE))
    between = text[cue[-1].end() : named.end] if cue else ""
    if _SERIOUS.search(between):
        kind = vocabulary.concepts.get(_SERIOUS_KIND.get(named.concept.id, ""))
        return replace(named, concept=kind) if kind else None
    general = named.concept.id in _SERIOUS_KIND
    return None if general and _SOME_ONLY.search(between) else named


def _in_step(scene: Scene) -> Iterator[Count]:
    """ "Infection, leakage and haematoma occurred in 3, 2 and 1 patients, respectively"."""
    if not _LISTED_IN.search(scene.text):
        return
    for run in listed_names(scene.text, scene.outcomes):
        match = _LISTED_IN.match(scene.text, run[-1].end)
        if match is None or _BEFORE_TREATMENT.search(scene.text, 0, run[0].start):
            continue
        numbers = list(re.finditer(WHOLE_NUMBER, match["counts"]))
        if len(numbers) != len(run):
            continue
        for named, number in zip(run, numbers, strict=True):
            told = whole_number(number.group())
            if told is not None and told <= _MOST and named.concept.polarity is not None:
                yield Count(named, told, match.start("counts") + number.start())


def _ways(scene: Scene, vocabulary: Vocabulary) -> Iterator[Count]:
    """ "Motor function improved in 12 patients, was stable in 5 and worsened in 3": how many fared which way."""
    for named, following in itertools.zip_longest(scene.outcomes, scene.outcomes[1:]):
        end = following.start if following else len(scene.text)
        broad = named.concept.parent if named.concept.id in BETTERED.values() else named.concept.id
        better, worse = (table.get(broad or "") for table in (BETTERED, TURNED))
        pain = named.concept.domain == "pain"
        if pain:
            better, worse = "pain_relief", "pain_progression"
        elif named.concept.polarity == "lower_is_better":
            better, worse = worse, None
        said = (
            scene.text.rfind(" ", named.start, named.end) + 1 or named.end
        )  # "motor function improved" in 12
        ways = list(_WAY_IN.finditer(scene.text, said, end))
        if not ways or ways[0].start() - named.end > _NEAR or named.negated:
            continue
        if _AT_FIRST.search(scene.text, *_statement(scene.text, named)):
            continue
        for way in _in_one_breath(scene.text, ways):
            if _IS_SAME.match(way["way"]) and (len(ways) == 1 or not better or pain):
                continue  # "was stable in 9": what became of all others is not told
            told = broad if _IS_SAME.match(way["way"]) else worse if _IS_WORSE.match(way["way"]) else better
            concept = vocabulary.concepts.get(told) if told else None
            if concept and (count := _count(scene.text, replace(named, concept=concept), way)):
                yield replace(count, named=named)


# "... and the spine was stabilised in 30": another thing, no further way of the first.
_SAME_BREATH = re.compile(
    r"\W*(?:(?:and|but|while|was|were|remained|had|not|it|also|then|has|been|patients?|became|cases?|of|whom|which|they)\W+)*",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\([^()]*\)")


def _in_one_breath(text: str, ways: list[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The ways that are told of the outcome itself, until another subject comes in between."""
    end = ways[0].start()
    for way in ways:
        if not _SAME_BREATH.fullmatch(_ASIDE.sub(" ", text[end : way.start()])):
            return
        yield way
        end = way.end()


def _counted(text: str, named: Named) -> Count | None:
    """The number that counts one bad event's name, if it is plainly one of events after treatment."""
    if _BEFORE_TREATMENT.search(text[: named.start]):
        return None
    if behind := _SEEN_IN.match(text, named.end):
        return _count(text, named, behind)
    complication = named.concept.domain == "complications"
    if complication and (behind := _BARE_IN.match(text, named.end) or _IN_BRACKETS.match(text, named.end)):
        return _count(text, named, behind)
    for match in _HAD_IT.finditer(text, max(0, named.start - 90), named.end):
        between = _GRADE.sub(" ", text[match.end() : named.start])
        if match["verb"].lower() in ("died", "death", "deaths"):
            if named.concept.domain == "survival" and match.end("verb") >= named.start:
                return _count(text, named, match)
        elif match.end() <= named.start and not re.search(r"[,;.:(\d]|\band\b", between):
            return _count(text, named, match)
    right_before = _SO_MANY.search(text, max(0, named.start - 60), named.start)
    if right_before and not _NO_COUNT.search(text[: right_before.start("count")]):
        return _count(text, named, right_before)
    return None


def _achieved(text: str, named: Named) -> Count | None:
    """The number that counts one good outcome's name, where a word says that it came about after treatment."""
    if _AT_FIRST.search(text, *_statement(text, named)):
        return None
    if behind := _CAME_ABOUT_IN.match(text, named.end):
        return _count(text, named, behind)
    for match in _ACHIEVED.finditer(text, max(0, named.start - 110), named.start):
        if not re.search(r"[,;.:(\d]|\band\b", text[match.end() : named.start]):
            return _count(text, named, match)
    who = _WHO_DID.search(text, max(0, named.start - 80), named.start)
    return _count(text, named, who) if who and _DONE.match(text, named.start) else None


def _count(text: str, named: Named, match: re.Match[str]) -> Count | None:
    number = whole_number(match["count"])
    place, end = match.span("count")
    if number is None or number > _MOST or _SHARE_BEHIND.match(text[end:]):
        return None
    if _YEAR.fullmatch(match["count"]) and not re.search(_WHO, match.group(), re.IGNORECASE):
        return None  # "improved in 2019"
    printed = match.groupdict().get("of")
    total = whole_number(printed) if printed else None
    if total is not None and number > total:
        return None
    if total is None and _ALL.search(text, 0, place):
        total = number  # "all six patients had relief"
    return Count(named, number, place, total)
