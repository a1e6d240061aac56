"""Names of arms: what a count of patients is called, "SBRT (n = 55)", "31 who received multiple fractions"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.tagging.article import Sentence

# What follows a count and names its group: "31 patients who received multiple fractions".
_HAD = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?,?\s*(?:who\s+|that\s+)?(?:were\s+|was\s+|had\s+been\s+)?(?:then\s+|\w+ly\s+)?"
    r"(?:received|receiving|receive|underwent|undergoing|treated\s+(?:with|by|using)|(?:treated|managed)(?=\s\w+ly\b)|(?=\w+(?:call|ive|al)ly\b)|(?=(?:operated|irradiated)\b)|assigned\s+to|allocated\s+to|randomi[sz]ed\s+to|"
    r"given|with(?!out)|after|had|having|in(?:to|cluded\sin)?\b|of|to|matched\sto|(?=did\snot|aged|survived|died))\s*(?:the\s+|an?\s+|either\s+)?"
    r"(?P<label>[^;()]{2,90})",
    re.IGNORECASE,
)
_GROUP_BRACKET = re.compile(
    r"^\s*[^;(),\d]{0,60}?\((?P<label>(?:the\s)?[^()]{0,40}?\b(?:groups?|arms?|cohorts?)\b[^()\d]{0,12}|(?:group|arm)\s\w+|[A-Z][A-Za-z/+-]{0,11})\)"
)
# What stands before a count and names its group: "surgery in 58", "group A included 35", "a validation cohort of 63".
_BEFORE = re.compile(
    r"(?P<label>[A-Za-z][^;()]{1,90}?)\s*(?:\([^()]*\)\s*)?(?:(?:\s(?:was|were)\s(?:\w+ly\s)?(?:performed|used|carried\sout|done|applied|given|administered|undertaken))?\sin"
    r"|:|\s(?:included|includes|consisted\sof|consisting\sof|comprised|comprising|contained|of|with|had))\s(?:the\s)?(?:other\s|remaining\s|total\sof\s)?$",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^.*?\b(?:to|either|receive|received|receiving|of|into|between|underwent|undergo|undergoing|using|treated with)\s+(?=\S)|^(?:\W*(?:and|or|vs\.?|versus|the|an?|in|with|by|were|was)\b\W*)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"\s*(?:,.*|\b(?:from|between|during|at|after|before|within|since|for|were|was|who|than|achieved|showed|had|have|experienced|developed|in\s(?:the|our|this)\s(?:study|hospital|department))\b.*|\b(?:and|or|vs\.?|versus|while|whereas|the)\W*)$",
    re.IGNORECASE | re.DOTALL,
)
_GROUP_NAME = re.compile(
    r"(?:\b(?!(?:the|an?|of|in|into|to|and|or|with|were|was|two|three|each|divided|assigned|either|versus|them)\b)[\w+/-]+\s){0,3}\b(?:groups?|arms?|cohorts?|set)\b(?:\s(?:[A-Z]|\d|I{1,3})\b)?|\b(?:placebo|controls?)\b",
    re.IGNORECASE,
)
_BARE_GROUP = re.compile(
    r"(?:\b(?:first|second|third|study|treatment|intervention|experimental|other)\s(?:groups?|arms?|cohorts?)|\b(?:groups?|arms?|cohorts?)\s\w{1,3})$",
    re.IGNORECASE,
)
_JOINED_TO = re.compile(
    r"(?:.*\b(?:for|after|with|in|of|to|into|receiving|received|underwent|by|and|or|versus|vs\.?)\s|.*[);]\s?|.*,\s|^)(?P<label>[A-Za-z][^;()]*)$",
    re.IGNORECASE | re.DOTALL,
)
_RECEIVED = re.compile(
    r"^\)?\s*,?\s*(?:who\s)?(?:were\s)?(?:received?|receives|underwent|treated with|will receive)\s",
    re.IGNORECASE,
)
# Words before a treatment's name that belong to it.
_OWN_WORDS = re.compile(
    r"(?:(?:no|non|without|preoperative|postoperative|pre-?|post-?|prophylactic|upfront|standard|conventional|palliative|additional|added|single|immediate|delayed|early|late|adjuvant|high-dose|low-dose|short-course|long-course|single-fraction|single-session|multisession|multi-?fraction(?:ated)?|hypofractionated|conventionally fractionated)[\s–-])+$",
    re.IGNORECASE,
)
# "radiotherapy was given as single-fraction SRS" names the second.
_GIVEN_AS = re.compile(r"\b(?:as|delivered|namely|using|either)\b", re.IGNORECASE)
_MANAGED = re.compile(
    r"\b(?:operated(?: on)?|irradiated|surgically|operatively|conservatively|non-?operatively|non-?surgically|medically)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(r"^\s(?:alone|only|group|arm|cohort)\b", re.IGNORECASE)
# "... alone (152 patients) or chemotherapy plus pamidronate 45 mg in saline (": all that stands between two counts.
_JOINS = re.compile(r"\s?\)?,?\s(?:or|versus|vs\.?|and)\s", re.IGNORECASE)
_UNTREATED = re.compile(r"(?:the\s)?(?:non?[\s–-]|untreated|without\b|controls?\b)", re.IGNORECASE)
_NO_NAME = re.compile(
    r"^(?:(?:fe)?males?|(?:wo)?men|boys|girls|both|one|two|three|more|all|other|each)\b|^(?:patients?|cases?|groups?)$|^(?!\d+(?:\.\d)?\sGy$)\d",
    re.IGNORECASE,
)
_NO_GROUP = re.compile(
    r"^(?:(?:both|all|two|three|one|each|other|the|same|\d)\s?)*(?:groups?|arms?|cohorts?|set)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ArmName:
    """What a group is called, how surely (see `_Count`), and the id of the treatment in the name."""

    label: str
    weight: int
    treatment: str | None = None


_NAMELESS = ArmName("", 0)
# What became of the patients names them, not the treatment it came after: "40 patients died within 3 months of surgery".
_FATE = re.compile(r"(?:died|survived|did not|aged)\b", re.IGNORECASE)


def _trimmed_fate(label: str) -> str:
    return " ".join(re.split(r"[,;(]|\s(?:and|whereas|while)\s", label)[0].split()[:6])


def name_of_count(sentence: Sentence, match: re.Match[str], begin: int, stop: int) -> ArmName:
    """What a count is called: of the places where its name may stand the first and surest."""
    names = [name_in(sentence, start, end) for start, end in _places(sentence, match, begin, stop)]
    best = max(names, key=lambda name: name.weight, default=_NAMELESS)
    return best if best.weight else _NAMELESS


def name_in(sentence: Sentence, start: int, end: int) -> ArmName:
    """The name in a stretch of text: its treatment, else its group, else all of it."""
    text = sentence.text
    if fate := _FATE.match(text, start, end):
        label = _trimmed_fate(text[start:end])
        return ArmName(
            label, 2 if "not" in fate.group() else 1, "not treated" if "not" in fate.group() else None
        )
    treatments = [n for n in sentence.of_kind("intervention") if start <= n.start and n.end <= end + 1]
    if len(treatments) > 1 and _GIVEN_AS.search(text, treatments[0].end, treatments[1].start):
        treatments = treatments[1:]
    if not treatments and (managed := _MANAGED.search(text, start, end)):
        return ArmName(managed.group(), 2, managed.group().lower())
    group = next(iter(list(_GROUP_NAME.finditer(text, start, end))[-1:]), None)
    if treatments:
        first, last = treatments[0].start, max(n.end for n in treatments)
        if last - first > 60:
            first, last = treatments[-1].start, treatments[-1].end
        own = _OWN_WORDS.search(text[start:first])
        if own:
            first = start + own.start()
        if more := _ALONE.match(text[last:end]):
            last += more.end()
        label = text[first:last].strip(" -–")
        denied = "not " if own and re.match(r"no", own.group(), re.IGNORECASE) else ""
        return ArmName(label, 2, denied + treatments[0].concept.id)
    if group and not _NO_GROUP.match(group.group().strip()):
        without = "not treated" if _UNTREATED.match(group.group().strip()) else None
        return ArmName(group.group().strip(), 2, without)
    label = _trimmed(text[start:end])
    without = "not treated" if re.match(r"non?[\s–-]|without\b", label, re.IGNORECASE) else None
    return ArmName(label, 1 if label and not _NO_NAME.match(label) else 0, without)


def _places(sentence: Sentence, match: re.Match[str], begin: int, stop: int) -> Iterator[tuple[int, int]]:
    """Where the name of a count may stand, the likeliest first."""
    text = sentence.text
    start, end = match.span()
    bracket = _open_bracket(text, begin, start)
    inside = bracket >= 0
    if match["equals"] and not inside:
        yield begin, start
        return
    named_before = (
        match["equals"] or re.search(r"[A-Za-z]", text[bracket:start]) or text[end : end + 1] in ")]"
    )
    if inside and named_before:
        yield from _around_bracket(sentence, begin, bracket, match, stop)
        return
    clause = re.search(r";|\.\s", text[end:stop])
    stop = end + clause.start() if clause else stop
    if bracketed := _GROUP_BRACKET.match(text[end:stop]):
        yield end + bracketed.start("label"), end + bracketed.end("label")
    if re.match(r"\s?=|\s?\(?\s?n\s?=", text[stop : stop + 6], re.IGNORECASE) and " and " in text[end:stop]:
        stop = text.rindex(" and ", end, stop)  # what follows is the next group's name
    if had := _HAD.match(text[end:stop]):
        yield end + had.start("label"), end + had.end("label")
    if match["kind"] and match["kind"].strip():
        yield match.start("kind"), match.end("kind")
    if before := _BEFORE.search(text[begin:start]):
        yield begin + before.start("label"), begin + before.end("label")


def _open_bracket(text: str, begin: int, start: int) -> int:
    """Where the bracket stands that is still open before `start`; -1 where none is."""
    places = [
        text.rfind(opening, begin, start)
        for opening, closing in ("()", "[]")
        if text.rfind(opening, begin, start) > text.rfind(closing, begin, start)
    ]
    return max(places, default=-1)


def _around_bracket(
    sentence: Sentence, begin: int, bracket: int, match: re.Match[str], stop: int
) -> Iterator[tuple[int, int]]:
    """The name of a count in brackets, "SBRT (n = 55)", "(SBRT: 55 patients)", "the first group (n = 55) received SBRT"."""
    text = sentence.text
    start, end = match.span()
    outer = text[begin:bracket].rstrip()
    received = _RECEIVED.match(text[end:stop])
    if received and _BARE_GROUP.search(outer):
        yield end + received.end(), stop
    if re.search(r"\b(?:groups?|arms?|cohorts?|set)(?:\s\w{1,3})?$", outer, re.IGNORECASE):
        named = text.rfind(" into ", begin, bracket)
        yield max(begin, bracket - 45, named), bracket
    if outer.endswith(")"):  # "E (embolisation) (n = 18)": the long form stands in the bracket before
        yield max(begin, text.rfind("(", begin, bracket) + 1), begin + len(outer) - 1
        return
    inner = text[bracket + 1 : start]
    if re.search(r"[A-Za-z]{2}", inner) and not re.search(r"\d\s?(?:[×x]|Gy|mg|%)|CI\b", inner):
        yield bracket + 1, start
    before = _JOINED_TO.search(text, max(begin, bracket - 90), bracket)
    yield (before.start("label") if before else bracket), bracket
    if touching := [
        n for n in sentence.of_kind("intervention") if begin <= n.start and 0 <= bracket - n.end <= 2
    ]:
        yield touching[0].start, bracket
    if received:
        yield end + received.end(), stop
    if joined := _JOINS.match(text, begin, bracket):
        yield joined.end(), bracket


_DOSE = re.compile(r"\d+(?:[.·]\d+)?\sGy\b", re.IGNORECASE)


def _trimmed(label: str) -> str:
    label = label.strip(" ,;:()[]-–.")
    if dose := _DOSE.match(label):
        return dose.group()
    for _ in range(3):
        shorter = _TRAILING.sub("", _LEADING.sub("", label)).strip(" ,;:()[]-–.")
        if shorter == label or not shorter:
            break
        label = shorter
    return " ".join(label.split()[-8:]) if re.search(r"[A-Za-z]", label) else ""


def plain_label(label: str) -> str:
    """A name without "group" or "arm" behind it, where what is left still names something: "SBRT group" is SBRT."""
    shorter = re.sub(r"\s(?:groups?|arms?|cohorts?)$", "", label, flags=re.IGNORECASE)
    return label if _BARE_GROUP.search(label) or len(shorter) < 3 else shorter
