"""Numbers whose measure is told by words or unit rather than by a statistic's name.

"improved from 7.5 to 2.1", "6.7 cases per 100,000", "$194,145 per QALY", "520 mL", "odds of complications at 0.60
(95% CI ...)". Of a change only the value it ended at is a result; where it started is the baseline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.tagging.numbers.changes import way_of
from kb.tagging.numbers.printed_numbers import NUMBER, UNITS, number, unit_name

if TYPE_CHECKING:
    from kb.tagging.numbers.estimate import Change


@dataclass(frozen=True, slots=True)
class WordedNumber:
    """A number with its measure and unit; `start`, `end` are its offsets in the sentence."""

    start: int
    end: int
    measure: str
    value: float
    unit: str | None
    changed_from: float | None = None
    change: Change | None = None


_CHANGED = (
    r"\b(?:improv\w+|decreas\w+|increas\w+|reduc\w+|declin\w+|dropp?\w*|fell|falling|rose|rising|chang\w+|descend\w+|shrank|shrunk|went|lower\w*|"
    r"rais\w+|reliev\w+|alleviat\w+|diminish\w+)\b"
)
_SPREAD = r"(?:\s?(?:±|\+/-)\s?[\d.]+)?(?:\s?\([^()]*\))?"
_CHANGE = re.compile(
    rf"{_CHANGED}[^.;]{{0,90}}?(?<!ranged )(?<!ranging )(?<!range )\bfrom (?:an? )?(?:(?:mean|median|average|baseline|initial|pre-?operative|[a-z]+) (?:of )?)?"
    rf"(?P<before>{NUMBER})\s?(?P<unit>{UNITS})?{_SPREAD}(?:\s[a-z][\w-]*){{0,5}}?{_SPREAD}\s?,?\s?to (?:an? )?(?:(?:mean|median|average|post-?\w+) (?:of )?)?"
    rf"(?P<value>{NUMBER})\s?(?P<sign>{UNITS})?(?!\w)",
    re.IGNORECASE,
)
# "... from 7.3 to 2.2 with A and from 7.1 to 3.8 with B".
_AND_FROM = re.compile(
    rf"{_SPREAD}(?:\s[^.;,\d]{{1,60}}?)?,?\s(?:and|versus|vs\.?|compared (?:with|to)|while|whereas|but)\s(?:from\s)?(?:an? )?(?P<before>{NUMBER})\s?(?P<unit>{UNITS})?{_SPREAD}"
    rf"\sto\s(?:an? )?(?P<value>{NUMBER})\s?(?P<sign>{UNITS})?(?!\w)",
    re.IGNORECASE,
)
# "The preoperative score was 7.5 and decreased to 2.3", "the initial score of 7.9 dropped to 3.1".
_STARTED = re.compile(
    rf"\b(?:pre-?(?:operative|treatment|procedur\w+)|baseline|initial|before|admission|presentation)\b[^.;\d]{{0,50}}?(?<![\w.-])(?P<before>{NUMBER})\s?(?P<unit>{UNITS})?{_SPREAD}"
    rf"(?:\s(?:points?|preoperatively|(?:before|at|on) (?:the )?[a-z]+))?,?(?:\s(?:and|which|that|but|it|then|this|had|was|were|significantly|markedly|rapidly)){{0,4}}\s"
    rf"(?:decreased|reduced|improved|increased|lowered|declined|dropped|fell|rose|falling|dropping|rising|decreasing|improving|increasing)(?:\s\w+ly)?\sto (?:an? )?(?:(?:mean|median|average) (?:of )?)?"
    rf"(?P<value>{NUMBER})\s?(?P<sign>{UNITS})?(?!\w)",
    re.IGNORECASE,
)
# "... to 0.658 ± 0.356 at 1 month and 0.753 ± 0.312 at 3 months".
_LATER = re.compile(
    rf"{_SPREAD}(?:\s(?:at|after|within|by|on) \S+ \w+)?(?:,\s(?:and\s)?|\sand\s)(?:to\s)?(?P<value>{NUMBER}){_SPREAD}(?=\s(?:at|after|within|by|on) )",
    re.IGNORECASE,
)
_CHANGED_BY = re.compile(
    rf"(?P<how>{_CHANGED})[^.;%\d]{{0,70}}?\bby (?:an? )?(?:(?:mean|median|average) (?:of )?)?"
    rf"(?P<values>(?:{NUMBER}){_SPREAD}(?:\s?points?)?(?:(?:,\s(?:and\s)?|\sand\s)(?:{NUMBER}){_SPREAD}(?:\s?points?)?)*)"
    rf"(?![\d.]*\s?(?:%|-?fold|times|patients|Gy|years?|months?|levels?|\d))",
    re.IGNORECASE,
)
_SCALED = re.compile(r"\b(?:scores?|scales?|points?|VAS|NRS|ODI|KPS|BPI|pain)\b", re.IGNORECASE)
_YEARS = re.compile(r"^(?:19|20)\d\d$")
_PER_POPULATION = re.compile(
    rf"(?<![\w.,])(?P<value>{NUMBER})\s(?:[a-z-]+\s){{0,3}}?(?P<unit>per (?:100,?000|10,?000|1,?000,000|million|1,?000)\b)",
    re.IGNORECASE,
)
_POPULATION_CHANGE = re.compile(
    rf"\bfrom (?P<first>{NUMBER})(?P<middle>[^.;]{{0,60}}?)\sto (?P<second>{NUMBER})(?![\d-])", re.IGNORECASE
)
_COST = re.compile(
    rf"(?<!threshold of )(?<!±)(?<!± )(?P<country>(?-i:US|CA|C|CAD|AU|A|HK|NZ))?(?P<sign>[$€£])\s?(?P<value>\d{{1,3}}(?: \d{{3}})+(?!\d)|{NUMBER})"
    rf"(?:\s\((?P<land>Canadian|Australian|US|American)\))?(?P<per>\s?(?:per|/)\s?(?:QALY|quality-adjusted))?",
    re.IGNORECASE,
)
_PER_QALY = re.compile(r"\b(?:ICERs?|incremental cost-effectiveness|per QALY)\b", re.IGNORECASE)
_CURRENCY = {"$": "USD", "€": "EUR", "£": "GBP"}
_COUNTRIES = {"CA": "CAD", "C": "CAD", "CAD": "CAD", "AU": "AUD", "A": "AUD", "HK": "HKD", "NZ": "NZD"}
_LANDS = {"canadian": "CAD", "australian": "AUD"}
_COST_RANGE = re.compile(r"\b(?:rang\w+|from|between|to)\b[^.;]{0,30}$|[-(]\s?$", re.IGNORECASE)
_LIMIT = re.compile(
    r"\b(?:threshold|willingness[- ]to[- ]pay|WTP|less than|more than|below|above|under|over)\b[^.;]{0,30}$",
    re.IGNORECASE,
)
_LIMIT_BEHIND = re.compile(r"^[^.;,]{0,30}\b(?:threshold|willingness[- ]to[- ]pay)\b", re.IGNORECASE)
_QUANTITY = re.compile(
    rf"(?<![\w.,/±-])(?P<value>{NUMBER})(?:\s?±\s?[\d.,]+\)?)?\s?(?P<unit>mL|ml|cc\b|minutes?\b|mins?\b|hours?\b|pints?\b|units?\b(?= of)|days?\b|L\b|lit(?:er|re)s?\b|g\b|grams?\b)(?!\w|\s?[-/])",
)
_QUANTITY_WORDS = re.compile(
    r"\b(?:blood loss|bleeding|EBL|IBL|operati(?:ve|on|ng) (?:time|duration)|duration of (?:surgery|operation)|"
    r"(?:hospital|length of) (?:hospital )?stay|hospitali[sz]ation|transfus\w+|drainage)\b",
    re.IGNORECASE,
)
_NO_QUANTITY = re.compile(
    r"(?:\b(?:range|ranged|ranging|between|within|after|at|every|for|by|SD|than|least|most|over|IQR|day|first|to|from|in)\s?[,:(]?\s?|[-±>≥<≤=]\s?)$",
    re.IGNORECASE,
)
_ODDS = re.compile(
    rf"\bodds\b(?! ratio)[^.;\d]{{0,70}}?\b(?:at|of|was|were|to)\s\(?(?P<value>{NUMBER})(?=\s?[\[(](?:95|CI|C\.I))",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    rf"\b(?:differences?|decreas\w+|reduc\w+|reduction|shorter|longer|lower|higher|fewer|less|increas\w+|need for|similar|comparable|equivalent)\b[^.;\d]{{0,70}}?\b(?:at|of|by|was)\s(?P<value>{NUMBER})\s?(?P<unit>{UNITS}|levels?)?(?=\s?[\[(](?:95|CI|C\.I))",
    re.IGNORECASE,
)


def find_worded_numbers(text: str) -> list[WordedNumber]:
    """Return the numbers of a sentence (already `plain`) whose measure words or units tell, in order.

    Examples
    --------
    >>> [(n.measure, n.value, n.unit) for n in find_worded_numbers("Pain improved from 7.5 to 2.1 points.")]
    [('mean', 2.1, 'points')]
    """
    found: dict[int, WordedNumber] = {}
    for numbers in (
        _scores(text),
        _odds(text),
        _differences(text),
        _per_population(text),
        _changes(text),
        _changes_by(text),
        _signed_changes(text),
        _costs(text),
        _quantities(text),
    ):
        for one in numbers:
            found.setdefault(one.start, one)
    return [found[start] for start in sorted(found)]


def baselines(text: str) -> list[tuple[int, int]]:
    """Return where the values that a change started from stand."""
    listed = []
    for match in _SCORES.finditer(text):
        values = list(re.finditer(NUMBER, _without_spreads(match["values"])))
        if len(values) > 1 and _starts_before(text, match):
            start = match.start("values")
            listed.append((start + values[0].start(), start + values[0].end()))
    return [*(match.span("before") for match in _all_changes(text)), *listed]


def _all_changes(text: str) -> Iterator[re.Match[str]]:
    if "from" in text:
        for change in _CHANGE.finditer(text):
            yield change
            further = _AND_FROM.match(text, change.end())
            while further:
                yield further
                further = _AND_FROM.match(text, further.end())
    if " to " in text:
        yield from _STARTED.finditer(text)


def _changes(text: str) -> list[WordedNumber]:
    found = []
    for match in _all_changes(text):
        if _YEARS.match(match["before"]) or _YEARS.match(match["value"]):
            continue
        unit = unit_name(match["sign"] or match["unit"])
        measure = (
            "percent"
            if unit == "%"
            else "median"
            if re.search(r"\bmedian\b", match.group(), re.IGNORECASE)
            else "mean"
        )
        before = number(match["before"])
        found.append(WordedNumber(*match.span("value"), measure, number(match["value"]), unit, before))
        position = match.end()
        while further := _LATER.match(text, position):
            found.append(
                WordedNumber(*further.span("value"), measure, number(further["value"]), unit, before)
            )
            position = further.end()
    return found


# "A 3.0-point decrease in the pain score".
_HYPHENED = re.compile(
    rf"(?<![\w.-])(?<![≥≤<>]\s)(?<![≥≤<>])(?P<value>{NUMBER})[- ](?P<unit>points?|units?|degrees?|mm|cm)[- ](?P<how>decrease|increase|reduction|improvement|decline|drop|gain|rise|fall)\b",
    re.IGNORECASE,
)
# "An increase in the score (+12.0, 95% CI 5.1-19.0)".
_SIGNED = re.compile(
    r"\(\s?(?P<value>[+-]\d+(?:\.\d+)?)(?P<unit>\s?(?:points?|units?))?[,;]?\s?(?=95\s?%\s?CI)"
)


def _signed_changes(text: str) -> list[WordedNumber]:
    """Changes told by a hyphen or a sign: each the mean of one group's change."""
    found = []
    for match in _HYPHENED.finditer(text):
        unit = unit_name(match["unit"])
        way = way_of(match["how"])
        found.append(WordedNumber(*match.span("value"), "mean", number(match["value"]), unit, change=way))
    for match in _SIGNED.finditer(text):
        ahead = re.split(r"[;)]", text[max(0, match.start() - 90) : match.start()])[-1]
        way = way_of(ahead)
        if way is not None and not re.search(r"\b(?:than|compared|versus|differ\w*)\b", ahead, re.IGNORECASE):
            unit = unit_name((match["unit"] or "").strip() or None)
            found.append(WordedNumber(*match.span("value"), "mean", number(match["value"]), unit, change=way))
    return found


def _changes_by(text: str) -> list[WordedNumber]:
    """ "The score fell by 66 ± 8.2 after A and 35 ± 10.5 after B": changes of a scale, each a result."""
    found = []
    for match in _CHANGED_BY.finditer(text) if _SCALED.search(text) else ():
        shown = re.sub(r"±\s?[\d.]+|\([^()]*\)", lambda aside: " " * len(aside.group()), match["values"])
        for one in re.finditer(NUMBER, shown):
            start = match.start("values") + one.start()
            way = way_of(match["how"])
            found.append(
                WordedNumber(start, start + len(one.group()), "mean", number(one.group()), None, change=way)
            )
    return found


def _per_population(text: str) -> list[WordedNumber]:
    found = [
        WordedNumber(m.start("value"), m.end("value"), "count", number(m["value"]), m["unit"].lower())
        for m in _PER_POPULATION.finditer(text)
        if not _YEARS.match(m["value"])
    ]
    unit = re.search(r"per (?:100,000|10,000|million|1,?000)", text, re.IGNORECASE)
    if unit is None:
        return found
    for match in _POPULATION_CHANGE.finditer(text):
        for group in ("first", "second"):
            if not _YEARS.match(match[group]):
                value = number(match[group])
                found.append(
                    WordedNumber(match.start(group), match.end(group), "count", value, unit.group().lower())
                )
    return found


def _costs(text: str) -> list[WordedNumber]:
    per_qaly = bool(_PER_QALY.search(text))
    return [
        WordedNumber(
            m.start("value"),
            m.end("value"),
            "mean",
            number(m["value"].replace(" ", "")),
            _currency(m) + (" per QALY" if m["per"] or per_qaly else ""),
        )
        for m in _COST.finditer(text)
        if not _LIMIT.search(text[: m.start()])
        and not _LIMIT_BEHIND.match(text[m.end() :])
        and not _COST_RANGE.search(text[: m.start()])
    ]


def _currency(match: re.Match[str]) -> str:
    """The currency's code: "CA$9,040", "$9,040 (Canadian)", "€300"."""
    if match["country"] and match["sign"] == "$":
        return _COUNTRIES.get(match["country"].upper(), "USD")
    return _LANDS.get((match["land"] or "").lower(), _CURRENCY[match["sign"]])


def _quantities(text: str) -> list[WordedNumber]:
    if not _QUANTITY_WORDS.search(text):
        return []
    measure = "median" if re.search(r"\bmedian\b", text, re.IGNORECASE) else "mean"
    return [
        WordedNumber(m.start("value"), m.end(), measure, number(m["value"]), unit_name(m["unit"]))
        for m in _QUANTITY.finditer(text)
        if not _NO_QUANTITY.search(text[: m.start()])
    ]


_OWN_SPREAD = r"(?:\s?(?:±|\+/-)\s?[\d.]+|\s?\((?:SE|SD|SEM)\b[^()]*\))?"
_SCORES = re.compile(
    rf"\b(?:scores?|ODI|KPS|VAS|NRS)\b[^;]{{0,140}}?\b(?:was|were)\s(?P<values>(?:{NUMBER}){_OWN_SPREAD}(?:(?:,\s(?:and\s)?|\sand\s)(?:{NUMBER}){_OWN_SPREAD})*)(?![\d.]*\s?(?:%|Gy|\d))",
    re.IGNORECASE,
)
_STARTS_BEFORE = re.compile(
    r"\bpre-?\s?(?:and|/|to)\s?post|\b(?:pre-?operative(?:ly)?|before|baseline|pre-?treatment|initial(?:ly)?)\b[^;]{0,80}\b(?:after|post|follow|months?|weeks?|years?|respectively)",
    re.IGNORECASE,
)


def _without_spreads(text: str) -> str:
    """The text with its "± 1.2" blanked, offsets unchanged."""
    return re.sub(
        r"(?:±|\+/-)\s?[\d.]+|\((?:SE|SD|SEM)\b[^()]*\)", lambda spread: " " * len(spread.group()), text
    )


def _starts_before(text: str, match: re.Match[str]) -> bool:
    """Whether a list of scores starts with the one before treatment."""
    clause = text[match.start() :].partition(";")[0]
    return bool(_STARTS_BEFORE.search(clause) or _STARTS_BEFORE.search(text[: match.end()]))


def _scores(text: str) -> list[WordedNumber]:
    """Scores of a scale listed by time; where the first was taken before treatment it is the baseline."""
    found = []
    for match in _SCORES.finditer(text):
        values = list(re.finditer(NUMBER, _without_spreads(match["values"])))
        ahead = text[max(0, match.start() - 40) : match.start("values")].rpartition(";")[2]
        measure = "median" if re.search(r"\bmedian\b", ahead, re.IGNORECASE) else "mean"
        before = len(values) > 1 and _starts_before(text, match)
        for one in values[1:] if before else values:
            start = match.start("values") + one.start()
            baseline = number(values[0].group()) if before else None
            place = (start, start + len(one.group()))
            found.append(WordedNumber(*place, measure, number(one.group()), None, baseline))
        found += [
            WordedNumber(start, end, measure, number(text[start:end]), None)
            for start, end in _second_arm(text, match)
        ]
    return found


_SECOND_ARM = re.compile(
    rf"(?:\s?\([^()]*\))?\s(?:after|with|in|for)\s[^.;\d()]{{1,45}}?\s(?:and|versus|vs\.?|compared with)\s(?P<value>{NUMBER})(?![\d.]*\s?(?:%|months?|years?|patients))",
    re.IGNORECASE,
)


def _second_arm(text: str, match: re.Match[str]) -> list[tuple[int, int]]:
    """ "The score was 3.0 (SD 1.2) after A and 4.3 after B": where the second stands."""
    second = _SECOND_ARM.match(text, match.end())
    return [second.span("value")] if second else []


def _odds(text: str) -> list[WordedNumber]:
    return [WordedNumber(*m.span("value"), "or", number(m["value"]), None) for m in _ODDS.finditer(text)]


def _differences(text: str) -> list[WordedNumber]:
    return [
        WordedNumber(*m.span("value"), "md", number(m["value"]), unit_name(m["unit"]))
        for m in _DIFFERENCE.finditer(text)
    ]
