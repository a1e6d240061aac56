"""The evidence table: one row a reported result, its numbers as the paper prints them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kb.grading.before_treatment import BETTER, WORSE
from kb.summary.material import Material, Result
from kb.summary.sentences import Citation
from kb.summary.words import MEASURES, NOT_NAMED, SETTINGS, study_words, time_words, untold_words

_NUMBER = re.compile(r"[-−–]?\d+(?:,\d{3})*(?:[.·]\d+)?|[.·]\d+")


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A result, or the two arms of one comparison, as the table prints it; empty text where something is not known."""

    number: int
    study: str
    design: str
    level: str
    patients: str
    comparison: str
    outcome: str
    time: str
    result: str
    direction: str
    citation: Citation


def evidence_rows(material: Material) -> tuple[EvidenceRow, ...]:
    """Return the rows in the order of the references."""
    papers = material.papers
    rows = []
    for result, mirror in _comparisons(material):
        paper, reference = papers[result.pmid], material.references[result.pmid]
        rows.append(
            EvidenceRow(
                number=reference.number,
                study=reference.short + (" (synopsis)" if reference.synopsis else ""),
                design=study_words(paper.design, paper.level, paper.question),
                level=paper.level or "",
                patients="" if paper.patients is None else str(paper.patients),
                comparison=_comparison(material, result),
                outcome=_outcome(material, result),
                time=time_words(result.months),
                result=result_words(result, mirror),
                direction=direction_words(material, result),
                citation=result.citation,
            )
        )
    return tuple(sorted(rows, key=lambda row: row.number))


def _comparisons(material: Material) -> list[tuple[Result, Result | None]]:
    """Each result, and the other arm's where one sentence gives both and only the sides are exchanged."""
    alike: dict[tuple[object, ...], list[Result]] = {}
    for result in _whole_sentences(material.results):
        sides = frozenset((result.subject, result.comparator))
        said = (
            result.pmid,
            result.passage,
            sides,
            result.outcome,
            result.measure,
            result.unit,
            result.months,
        )
        test = (result.p, result.p_relation, direction_words(material, result))
        alike.setdefault((*said, *test), []).append(result)
    pairs: list[tuple[Result, Result | None]] = []
    for group in alike.values():
        arms = {result.subject for result in group}
        if len(group) == len(arms) == 2 and all(
            result.comparator and result.ci_low is None for result in group
        ):
            pairs.append((group[0], group[1]))
        else:
            pairs += [(result, None) for result in group]
    return pairs


def _whole_sentences(results: Iterable[Result]) -> list[Result]:
    """The results, where several numbers of a sentence without their arms become one: the sentence, told as a whole."""
    bare: dict[tuple[object, ...], list[Result]] = {}
    for result in results:
        apart = result.key if result.subject or result.comparator else None
        said = (result.pmid, result.passage, result.outcome, result.direction, apart)
        bare.setdefault(said, []).append(result)
    told = []
    for group in bare.values():
        times = {result.months for result in group}
        months = group[0].months if len(times) == 1 else None
        told.append(group[0] if len(group) == 1 else replace(group[0], value=None, months=months))
    return told


def _comparison(material: Material, result: Result) -> str:
    subject = material.labels.get(result.subject or "", "")
    comparator = material.labels.get(result.comparator or "", "")
    return f"{subject} versus {comparator}" if comparator else subject


def _outcome(material: Material, result: Result) -> str:
    if result.outcome is not None:
        return material.labels[result.outcome]
    return SETTINGS.get(result.setting or "", "").removeprefix("in ").capitalize()


def direction_words(material: Material, result: Result) -> str:
    """Which side the result favours, in words."""
    if result.against_before:
        return BETTER if result.direction == "favours_intervention" else WORSE
    side = {"favours_intervention": result.subject, "favours_comparator": result.comparator}.get(
        result.direction
    )
    if side is not None:
        return f"favours {material.labels[side]}{'' if result.comparator else f' over {NOT_NAMED}'}"
    if result.setting is not None:
        return ""  # a tool's figure favours nobody
    if result.direction == "no_difference":
        return "no difference"
    return (
        untold_words(result.p, result.p_relation)
        if result.direction == "descriptive"
        else f"favours {NOT_NAMED}"
    )


def result_words(result: Result, mirror: Result | None = None) -> str:
    """The result in the numbers its sentence prints, or the whole sentence where that can't be done.

    With `mirror`, the other arm's result stands behind it: "35% versus 14% (p=0.0002)".
    """
    text = result.passage.text
    values = [printed_number(arm.value, text) for arm in (result, mirror) if arm]
    chance = _chance(result, text)
    if None in values or chance is None:
        return f"“{text}”"
    unit = result.unit or ("%" if result.measure == "percent" else "")
    amount = " versus ".join(
        f"{value}{unit if unit == '%' else f' {unit}' if unit else ''}" for value in values
    )
    low, high = printed_number(result.ci_low, text), printed_number(result.ci_high, text)
    brackets = [f"95% CI {low} to {high}"] if low and high and "95%" in text else []
    brackets += [chance] if chance else []
    measure = MEASURES.get(result.measure, "")
    return " ".join(filter(None, (measure, amount, f"({'; '.join(brackets)})" if brackets else "")))


def _chance(result: Result, text: str) -> str | None:
    """The p value as text; empty if there is none, None if it is not printed so."""
    if result.p is None:
        return ""
    printed = printed_number(result.p, text)
    return None if printed is None else f"p{result.p_relation or '='}{printed}"


def printed_number(value: float | None, text: str) -> str | None:
    """Return `value` as `text` prints it, or None if it does not.

    >>> printed_number(1240, "in 1,240 patients"), printed_number(0.03, "p = .03"), printed_number(7, "of 71")
    ('1,240', '.03', None)
    """
    if value is None:
        return None
    for match in _NUMBER.finditer(text):
        token = match.group()
        # A dash before a number is a minus sign or joins a range: try both readings.
        for reading in (token, token.lstrip("-−–")):
            plain = reading.replace(",", "").replace("·", ".").replace("−", "-").replace("–", "-")
            if abs(float(plain) - value) < 1e-9:
                return reading
    return None
