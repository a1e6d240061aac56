"""Sample size: how many patients a study analysed or included, its lesions, arms and follow-up.

Every number beside a word for people is a candidate; its clause scores it: "84 patients were included" says
more than "12 patients developed ..."; numbers screened, excluded or of subgroups are put aside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kb.evidence import Arm, Design, Span
from kb.tagging.numbers.number_words import matches_at_numbers, names_number, whole_number
from kb.tagging.study.analysed_counts import analysed_counts
from kb.tagging.study.arm_sizes import ArmSet, read_arm_sets
from kb.tagging.study.cohorts import development_cohorts, validation_cohorts
from kb.tagging.study.follow_up import read_follow_up
from kb.tagging.study.group_sums import sums_of_groups
from kb.tagging.study.lesions import read_lesions
from kb.tagging.study.people_words import BETWEEN, NUMBER, OWN_WORK, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from kb.tagging.article import Article, Sentence

_COUNTED = re.compile(
    rf"(?<![\w.%$-]){NUMBER}{BETWEEN}{PEOPLE}\b(?!\s(?:(?:sub)?groups?|populations|cohorts|samples|datasets|databases|registries|types|characteristics)\b|-)|(?<![\w.%$-])(?P<joined>\d+)-(?:patients)\b(?=\swho\b|\swere\b)",
    re.IGNORECASE,
)
_SAMPLE_OF = re.compile(
    rf"\b(?:sample(?: size)?|cohort|series|population|enrol?led|recruited|data|final inclusion|final analysis) of (?:an? )?{NUMBER}(?=\s|\b)"
    rf"(?!\s+(?:[\w-]+\s+){{0,2}}(?:studies|articles|trials|papers|reports|publications|cohorts|cent(?:er|re)s|hospitals|lesions|tumou?rs|"
    rf"levels|vertebrae|metastases|segments|events|images|scans|questions|surgeons|years|months|weeks|days|Gy|fractions|%)\b)",
    re.IGNORECASE,
)
_PEOPLE_EQUAL = re.compile(
    rf"\b(?:patients|participants|subjects|cases|individuals|adults)\s\(\s?[Nn]\s?=\s?{NUMBER}\s?\)",
    re.IGNORECASE,
)

# (pattern in the clause around the candidate, points)
_EVIDENCE: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), points)
    for pattern, points in (
        (r"\b(?:a total of|in total|totall?ing|overall,)\s*$|\bsample of\b", 4),
        (
            r"\b(?:we|this study|study|analysis|cohort|series|review)\b[^.;]{0,40}\b(?:included|enrolled|randomi[sz]ed|analy[sz]ed|reviewed|identified|evaluated|studied|comprised|treated)\b[^.;]{0,30}$",
            4,
        ),
        (
            r"\b(?:data|records|charts|outcomes|results|cohort|series|study|trial|review|analysis|experience|survival|sample|consisted|comprising|retrospective\w*|prospective\w*)\b[^.;]{0,60}\b(?:of|from|on|in|with|for)\s*(?:an? )?(?:total of )?(?:the )?$",
            3,
        ),
        (
            r"\b\d[\d,]*\s(?:[\w-]+\s){0,4}?(?:screws|levels|vertebrae|(?:vertebral )?bodies|lesions|metastases|procedures|sessions|operations|surgeries|treatments|segments|sites|tumou?rs|targets|implants|interventions|courses|ablations|\w+plasties|biopsies|scans)\s(?:in|from|of|among|for)\s(?:a total of\s)?$",
            3,
        ),
        (
            r"\bin (?:this|our|the (?:present|current)) (?:[\w-]+ ){0,2}(?:study|series|analysis|trial|report|review|cohort),?\s*(?:a total of )?$",
            3,
        ),
        (r"^\s*(?:in|among|from|of|on|between)?\s*(?:an?|the)?\s*(?:total of)?\s*$", 1),
    )
)
_AFTER: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), points)
    for pattern, points in (
        (
            r"^[^.;]{0,140}?\b(?:were|was) (?:\w+ ){0,3}?(?:included|enrol?led|randomi[sz]ed|allocated|assigned|recruited|analy[sz]ed|entered|accrued|registered|evaluated|studied|identified|reviewed)\b",
            4,
        ),
        (
            r"^[^.;]{0,60}\b(?:met (?:the )?(?:inclusion|eligibility|study) criteria|fulfilled|participated|entered the)\b",
            4,
        ),
        (
            r"^[^.;]{0,90}\b(?:underwent|received|were treated|treated (?:with|by|at)|were operated|with (?:spinal|spine|vertebral|metasta\w+|bone|symptomatic|painful))\b",
            2,
        ),
        (r"^,?\s(?:included|enrolled|analy[sz]ed|studied|evaluated)\b", 4),
        (
            r"^[^.;\d]{0,60}\bwere (?:finally |ultimately |eventually )?(?:analy[sz]ed|available for analysis)\b",
            5.5,
        ),
        (r"^\s*\(?\s*(?:\(?\d+ (?:men|women|male|female)|mean age|median age|aged)", 2),
        (r"^\s*\((?:\d+ (?:men|women|males?|females?))", 2),
    )
)
_AGAINST: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), points)
    for pattern, points in (
        (
            r"\b(?:screened|assessed for eligibility|approached|excluded|ineligible|declined|withdrew|lost to follow[- ]up|eligible but|refused)\b",
            6,
        ),
        (
            r"\b(?:died|deaths?|developed|experienced|suffered|had|showed|achieved|reported|responded|improved|required|remained|alive|progressed|recurred|able to)\b",
            2,
        ),
        (
            r"\bof (?:these|those|them|whom)\b|\bof the\b(?=\s*\||\s(?:\w+\s)?(?:patients|cases|cohort|group|sample|series|total|participants|\d))",
            3,
        ),
    )
)
# What stands right before a number of people that no study has: a bound, cases that doctors rate, a database.
_BEFORE_AGAINST: tuple[tuple[re.Pattern[str], int, float], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reach, points)
    for pattern, reach, points in (
        (
            r"\b(?:than|least|minimum of|up to|equal to|over)\s*$|[<>≤≥]\s*$",
            14,
            7,
        ),
        (
            r"\b(?:compared|contrasted|comparison|comparisons)\s(?:\w+\s)?(?:with|to)\s(?:those of\s|data from\s|outcomes of\s)?$",
            45,
            3,
        ),
        (
            r"\b(?:raters|readers|observers|oncologists|surgeons|radiologists)[^.;]*\b(?:rated|graded|scored|classified)\s*$",
            80,
            5,
        ),
        (
            r"\b(?:database|registry|population|pool|cohort) (?:of|with|containing|comprising|including) (?:over |more than |about |approximately |some )?(?:a total of )?(?:the )?$",
            60,
            4,
        ),
    )
)
# "20 patients (65%)" are a part of the patients; "280 patients (52% women)" are all of them.
_A_SHARE = re.compile(
    r"\s*\(?\s*\d+(?:[.·]\d+)?\s?%(?!\s(?:of\sthem\s)?(?:were\s)?(?:(?:fe)?males?|(?:wo)?men)\b)"
)
# "500 cases in 393 patients"
_IN_PATIENTS = re.compile(r"\b(?:in|from|of|among)\s(?:a total of\s)?\d[\d,]*\s(?:\w+\s)?patients\b")
# "Eight cases of leakage" are events; "84 cases of cord compression" are patients.
_CASES = re.compile(r"\bcases$", re.IGNORECASE)
_OF_AN_EVENT = re.compile(
    r"\sof\s(?!(?:[\w-]+\s){0,4}?(?:metasta|spin|MSCC|MESCC|SCC|cord|tumou?rs?|cancers?|\w*carcinoma|\w*sarcoma|melanoma|myeloma|lymphoma|malignan|vertebr|compression|fractures?|patholog|primary))",
    re.IGNORECASE,
)
# One of these stands in every sentence that counts people: a cheap test before the long patterns.
_COUNTS_PEOPLE = (
    "patient", "men", "participant", "subject", "case", "individual", "person", "people", "adult", "survivor", "respondent", "veteran",
    "hospitali", "admission", "series", "sample", "cohort", "population", "enrol", "recruited", "data", "final",
)  # fmt: skip
_PLANNED = re.compile(
    r"\bwill (?:be|have|receive|undergo)\b|\bplanned\b|\bsample size (?:of|calculation)\b|\bto be (?:enrolled|included|randomi)",
    re.IGNORECASE,
)
# Patients that are still to be enrolled are no patients; nor are specimens.
_WITHOUT_LESIONS: frozenset[Design] = frozenset(
    {"laboratory", "protocol", "guideline", "survey", "narrative_review"}
)
_WITHOUT_PATIENTS: frozenset[Design] = frozenset({"laboratory", "protocol"})
# Here people are as a rule raters or doctors asked: only patients called so and counted plainly are patients.
_FEW_PATIENTS: frozenset[Design] = frozenset({"guideline", "survey"})
# Four figures above this are no year.
_LATEST_YEAR = "2026"
_PLAIN = 5.0
# A number that hardly looks like the study's own: "this series was compared with 104 patients".
_HARDLY = 3.0
_NEARLY = (0.85, 1.1)
_EQUALS_BEFORE = re.compile(r"\b[Nn]\s?=")
_ALLOTTED = re.compile(
    r"\b(?:assigned|randomi[sz]ed|allocated|divided)\b|\((?:group|arm) [A1I]\b", re.IGNORECASE
)
_PAIRED = re.compile(r"\bmatched (?:to|with|for)\b|\bpropensity\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SampleSize:
    """What was counted. `patients_span` quotes the words that the number of patients was read in.

    `treated_apart`: the arms make up the patients and are called by different treatments.
    """

    patients: int | None = None
    patients_span: Span | None = None
    lesions: int | None = None
    arms: tuple[Arm, ...] = ()
    follow_up_months: float | None = None
    treated_apart: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    number: int
    score: float
    span: Span


def read_sample_size(article: Article, design: Design) -> SampleSize:
    """Return the study's sample size; fields that the text does not state are None."""
    candidates = [] if design in _WITHOUT_PATIENTS else list(_patients(article, design))
    if design in _FEW_PATIENTS:
        candidates = [c for c in candidates if c.score >= _PLAIN and "patients" in c.span.text.lower()]
    totals = {c.number for c in candidates if c.score > 0}
    sets = () if design in _WITHOUT_PATIENTS else read_arm_sets(article, design, totals)
    sums = () if design in _WITHOUT_PATIENTS else _sums(article)
    if design == "prediction_model_development":
        candidates += _made_on(article)
    best = _best([*candidates, *_of_arms(sets, candidates), *sums])
    cohorts: tuple[Arm, ...] = ()
    if (
        best
        and design in ("prediction_model_development", "external_validation")
        and (validated := _validated_in(article, best, {c.number for c in candidates}))
    ):
        if design == "prediction_model_development":
            cohorts = (Arm("development", best.number), Arm("validation", validated))
        best = replace(best, number=best.number + validated)
    patients, span = (best.number, best.span) if best else (None, None)
    fitting = _fitting(sets, patients)
    arms = fitting.arms if fitting else cohorts
    if design == "case_report" and patients is None:
        patients, span = 1, _one_patient(article)
        patients = patients if span else None
    lesions = None if design in _WITHOUT_LESIONS else read_lesions(article)
    apart = fitting is not None and fitting.made_up and fitting.treated_apart and fitting.patients == patients
    return SampleSize(patients, span, lesions, arms, read_follow_up(article, design), apart)


def _of_arms(sets: tuple[ArmSet, ...], candidates: list[_Candidate]) -> Iterator[_Candidate]:
    """The sums of arms: where the sum is printed too, that number is the study's; else the sum stands for itself."""
    for one in sets:
        weight = {"title": 2.0, "methods": 2.0, "aim": 1.5, "results": 1.5}.get(one.sentence.zone, 0.0)
        same = (c for c in candidates if c.number == one.patients)
        printed = max(same, key=lambda c: c.score, default=None)
        if printed is not None and one.made_up:
            bonus = 9.0 if one.treated_apart else 5.0
            larger = printed.score <= _HARDLY and any(
                c.number > 1.2 * printed.number and c.score >= printed.score + _HARDLY for c in candidates
            )
            # the arms of a part of the patients: the whole is told more surely
            yield replace(printed, score=printed.score + (1.0 if larger else bonus))
        else:
            matched = 5.0 if _PAIRED.search(one.sentence.text) else 0.0
            allotted = 3.0 if one.treated_apart and _ALLOTTED.search(one.sentence.text) else 0.0
            span = one.sentence.span(one.start, one.end)
            # "136 patients had surgery and 84 radiotherapy": the 136 are no study of their own
            parts = (c.score + 1.0 for c in candidates if _within(c.span, one))
            yield _Candidate(one.patients, max(weight + 3.6 + matched + allotted, *parts, 0.0), span)


def _made_on(article: Article) -> Iterator[_Candidate]:
    """The patients on whom a model was made; those it was validated on are added later."""
    for sentence in article.in_zones("aim", "methods", "results"):
        for number, start, end in development_cohorts(sentence.text):
            yield _Candidate(number, 11.0, sentence.span(start, end))


def _sums(article: Article) -> Iterator[_Candidate]:
    for sentence in article.in_zones("title", "aim", "methods", "results"):
        weight = {"title": 2.0, "methods": 2.0, "aim": 1.5}.get(sentence.zone, 1.0)
        for total, start, end, points in sums_of_groups(sentence.text):
            yield _Candidate(total, weight + points, sentence.span(start, end))


def _within(span: Span, one: ArmSet) -> bool:
    """Whether a count stands among the arms of a set."""
    start = span.start - one.sentence.start
    return span.section == one.sentence.section and one.start <= start < one.end


def _fitting(sets: tuple[ArmSet, ...], patients: int | None) -> ArmSet | None:
    """The arms whose sum is the study's number of patients; other sets are parts of it or of another population.

    Arms by different treatments may lack a few patients (lost, not analysed) or hold a few more (not evaluable later).
    """
    fitting = [one for one in sets if one.patients == patients]
    if not fitting and patients:
        least, most = _NEARLY[0] * patients, _NEARLY[1] * patients
        fitting = [one for one in sets if one.treated_apart and least <= one.patients <= most]
    return max(fitting, key=lambda one: (one.made_up, len(one.arms)), default=None)


def _best(candidates: Iterable[_Candidate]) -> _Candidate | None:
    """The best-scored candidate; of equals the larger number, then the earlier."""
    chosen = max(candidates, key=lambda c: (c.score, c.number), default=None)
    return chosen if chosen and chosen.score > 0 else None


def _validated_in(article: Article, best: _Candidate, printed: Set[int]) -> int | None:
    """The patients of a second, independent cohort on which a model was validated, if they are not among the first."""
    for sentence in article.in_zones("aim", "methods", "results"):
        for number, start in validation_cohorts(sentence.text):
            apart = number != best.number and best.span.text not in sentence.text[start:]
            if apart and best.number - number not in printed:
                return number
    return None


# How each pattern is looked for: the one that starts with a number only where numbers stand.
_PEOPLE_FOUND = (
    (_COUNTED, matches_at_numbers),
    (_SAMPLE_OF, re.Pattern.finditer),
    (_PEOPLE_EQUAL, re.Pattern.finditer),
)


def _patients(article: Article, design: Design) -> Iterator[_Candidate]:
    for sentence in article.sentences:
        if sentence.zone in ("background", "conclusion", "other"):
            weight = -2.0 if sentence.zone != "background" else -5.0
            if OWN_WORK.search(sentence.text):
                weight = 1.0
        else:
            weight = {"title": 9.5, "methods": 2.0, "aim": 1.5, "results": 1.0}.get(sentence.zone, 0.0)
        lowered = sentence.text.lower()
        if not names_number(sentence.text) or not any(part in lowered for part in _COUNTS_PEOPLE):
            continue
        for pattern, found in _PEOPLE_FOUND:
            for match in found(pattern, sentence.text):
                number = whole_number(_figures(match))
                if number is None or number < 1 or _is_year(match, sentence.text):
                    continue
                score = weight + _score(sentence.text, match, design)
                if pattern is _PEOPLE_EQUAL and _EQUALS_BEFORE.search(sentence.text[: match.start()]):
                    continue  # the last group of several
                yield _Candidate(number, score, sentence.span(match.start(), match.end()))
        yield from _analysed(sentence, weight)


def _figures(match: re.Match[str]) -> str:
    """What is printed as the number; "272-patients" has it joined to the noun."""
    return match["number"] or (match["joined"] if "joined" in match.re.groupindex else "")


def _is_year(match: re.Match[str], text: str) -> bool:
    number = match.group("number") or ""
    return (
        bool(re.fullmatch(r"19\d\d|20[012]\d", number))
        and number <= _LATEST_YEAR
        and bool(
            re.search(
                r"\b(?:in|since|and|to|from|between|until|through|during|\d)\s*[-–]?\s*$",
                text[: match.start("number")],
            )
        )
    )


def _score(text: str, match: re.Match[str], design: Design) -> float:
    clause_start = max(text.rfind(mark, 0, match.start()) + 1 for mark in ".;")
    before, after = text[clause_start : match.start()], text[match.end() :]
    clause_end = min((i for i in (after.find(";"), after.find(". ")) if i >= 0), default=len(after))
    after = after[:clause_end]
    score = 1.0
    score += max((points for pattern, points in _EVIDENCE if pattern.search(before)), default=0)
    score += max((points for pattern, points in _AFTER if pattern.search(after)), default=0)
    inside = match.group()
    if re.search(r"\bconsecutive\b", inside, re.IGNORECASE):
        score += 3
    near = before[-60:].rstrip() + " | " + after[:70]
    score -= max((points for pattern, points in _AGAINST if pattern.search(near)), default=0)
    score -= max((p for pattern, reach, p in _BEFORE_AGAINST if pattern.search(before[-reach:])), default=0)
    if re.fullmatch(r"\s*(?:of|among)\s(?:the|all|these)\s", before, re.IGNORECASE) and re.match(
        r",|\s(?:included|enrolled)", after
    ):
        score += 3
    if "cases" in inside and _IN_PATIENTS.search(after):
        score -= 5
    if _CASES.search(inside) and _OF_AN_EVENT.match(after):
        score -= 4
    if _A_SHARE.match(after):
        score -= 4
    if re.search(r"\b(?:of|in|for)\s+(?:\d+|[a-z]+)\s*\(\d+[^)]*%\)\s*(?:of\s*)?$", before, re.IGNORECASE):
        score -= 3
    if re.search(r"\b\d+\sand\s$", before):  # "96 and 213 patients": one of two groups
        score -= 4
    if re.search(r"\d\s?%\s?\(\s?$", before):
        score -= 5
    if re.search(r"\d\s*(?:/|of|out of)\s*(?:the\s+)?$", before):
        score -= 1.5
    if re.search(r"\b(?:group|arm)s?\b", after[:25]) or re.search(
        r"\b(?:each|per|every)\b", before[-15:] + after[:12]
    ):
        score -= 3
    if _PLANNED.search(before + inside + after):
        score -= 4
    return score


def _analysed(sentence: Sentence, weight: float) -> Iterator[_Candidate]:
    if sentence.zone in ("methods", "results", "mixed", "aim"):
        for number, start, end, points in analysed_counts(sentence.text):
            yield _Candidate(number, weight + points, sentence.span(start, end))


_ONE_PATIENT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:an?|the) \d{1,2}[- ]year[- ]old (?:\w+ ){0,3}\w+",
        r"\ba (?:\w+ ){0,3}(?:patient|man|woman|case)\b",
    )
)


def _one_patient(article: Article) -> Span | None:
    """Where the one patient is told of: the age first, then "a case"."""
    for pattern in _ONE_PATIENT:
        for sentence in article.sentences:
            if match := pattern.search(sentence.text):
                return sentence.span(match.start(), match.end())
    return None
