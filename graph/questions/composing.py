"""Claims and studies turned to face a question, with the sentences that sum them up."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlite_utils import Database

from graph.questions import evidence
from graph.questions.answers import AnsweredClaim, CitedStudy, Fit, Side, cite
from graph.questions.asked import Asked
from graph.questions.evidence import Row
from kb.arms import is_first_side
from kb.grading.before_treatment import BETTER, WORSE, against_before
from kb.grading.certainty import grade_words
from kb.grading.signatures import Signature, signatures
from kb.summary.sentences import Cite, Derived, Name, Part, Sentence
from kb.summary.words import NOT_NAMED, in_running_text

LEVELS = ("I", "II", "III", "IV", "V")
MOST_QUOTES = 3
_ENDINGS = {
    "conflicting": " The studies conflict.",
    "consistent": " The studies that state a direction agree.",
    "single_study": " Only one study states a direction.",
    "descriptive_only": " No study tested the difference.",
}
_STATED = ("intervention", "comparator", "both")


def place(level: str | None) -> int:
    """Where a level stands in the order of strength."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def short_name(row: Row) -> str:
    """How a study is named: "Sahgal 2021"."""
    name = row["first_author"] or (row["authors_text"] or "Authors not listed").split(",")[0]
    return f"{name} {row['year']}" if row["year"] else str(name)


def cited_study(
    row: Row, points: Side, rows: Sequence[Row], population: Collection[str] | None = None
) -> CitedStudy:
    """A study with the sentences quoted from it, each once."""
    passages: dict[tuple[int, int], Row] = {}
    for result in rows:
        start = result["sentence_start"] if "sentence_start" in result else result["start"]
        passages.setdefault((result["section"], start), result)
    return CitedStudy(
        *(row["pmid"], short_name(row), row["title"], row["year"], row["design"], row["level_nass"]),
        *(row["patients"], row["origin"] == "sample", points),
        tuple(evidence.quote(result) for result in list(passages.values())[:MOST_QUOTES]),
        None if population is None else row["pmid"] in population,
    )


def answered(
    db: Database,
    row: Row,
    asked: Asked,
    labels: Mapping[str, str],
    population: Collection[str] | None,
    fit: Fit | None,
) -> AnsweredClaim | None:
    """Return a claim turned to the question with its studies, or None where nothing that counts is left of it."""
    results = evidence.claim_results(db, row["key"])
    if not results:
        return None
    subject, comparator = sides(row, asked)
    turned = subject != row["subject"]
    counts = (row["favours_intervention"], row["favours_comparator"])
    studies = _studies(db, row["key"], results, subject, population)
    mine, theirs = counts[::-1] if turned else counts
    claim = AnsweredClaim(
        key=row["key"],
        subject=subject,
        comparator=comparator,
        outcome=row["outcome"],
        population=row.get("population"),
        fit=fit or ("as asked" if distance(row, asked) == 0 else "narrower"),
        favours_subject=mine,
        favours_comparator=theirs,
        no_difference=row["no_difference"],
        descriptive=row["descriptive"],
        studies_total=row["studies"],
        best_level=row["best_level"],
        patients=row["patients"],
        consistency=row["consistency"],
        grade=row.get("grade"),
        grade_reasons=_reasons(row.get("grade_reasons")),
        sentence=Sentence((cite(studies),)),
        studies=studies,
        conflicts_beside=evidence.conflicts_beside(db, row),
        better_than_before=row["better_than_before"],
        worse_than_before=row["worse_than_before"],
        signature=signatures(db.conn, [row["key"]]).get(row["key"]),
    )
    return replace(claim, sentence=claim_sentence(claim, labels))


def _reasons(stored: str | None) -> tuple[str, ...]:
    if not stored:
        return ()
    try:
        found = json.loads(stored)
    except json.JSONDecodeError:
        return (stored,)
    return tuple(found) if isinstance(found, list) else (str(found),)


def _is_turned(row: Row, asked: Asked) -> bool:
    """Whether the claim names the question's own side second."""
    if row["comparator"] is None:
        return False
    straight = row["subject"] in asked.subjects_all
    if asked.comparators_all:
        straight = straight and row["comparator"] in asked.comparators_all
    elif straight and row["comparator"] in asked.subjects_all:
        # Both sides were asked about: the one that was named more closely comes first.
        subject, other = (asked.distance(row[side], asked.subjects) for side in ("subject", "comparator"))
        return other < subject
    return not straight and row["comparator"] in asked.subjects_all


def sides(row: Row, asked: Asked) -> tuple[str, str | None]:
    """The two sides of a claim, the question's own first."""
    both = (row["subject"], row["comparator"])
    return (both[1], both[0]) if _is_turned(row, asked) else both


def distance(row: Row, asked: Asked) -> int:
    """How many steps narrower than the question a claim is."""
    subject, comparator = sides(row, asked)
    return (
        asked.distance(subject, asked.subjects)
        + asked.distance(comparator, asked.comparators)
        + asked.distance(row["outcome"], asked.outcomes)
    )


def _studies(
    db: Database, claim: str, results: list[Row], subject: str, population: Collection[str] | None
) -> tuple[CitedStudy, ...]:
    """The papers behind a claim, best level first, each with where it points as the question is turned."""
    by_paper: dict[str, list[Row]] = defaultdict(list)
    for result in results:
        by_paper[result["pmid"]].append(result)
    papers = evidence.claim_papers(db, claim)
    found = []
    for pmid, rows in by_paper.items():
        rows.sort(key=lambda r: r["direction"] == "descriptive")
        study = cited_study(rows[0], _points(rows, subject), rows, population)
        told = papers.get(pmid)
        if told is not None and not told["counted"]:
            study = replace(study, counted=False, not_counted_because=told["reason"] or "")
        found.append(study)
    return tuple(sorted(found, key=_order))


def _order(study: CitedStudy) -> tuple[bool, int, int, str]:
    return (study.names_population is False, place(study.level), -(study.year or 0), study.pmid)


def _points(rows: Sequence[Row], subject: str) -> Side:
    sides: set[Side] = set()
    for row in rows:
        straight = is_first_side(row["intervention"], row["comparator"], subject)
        if row["direction"] == "favours_intervention":
            sides.add("intervention" if straight else "comparator")
        elif row["direction"] == "favours_comparator":
            sides.add("comparator" if straight else "intervention")
    if len(sides) > 1:
        return "both"
    if sides:
        return _against_itself(rows, sides.pop())
    return "no_difference" if any(row["direction"] == "no_difference" for row in rows) else "descriptive"


def _against_itself(rows: Sequence[Row], side: Side) -> Side:
    """The side that a study favours, or how its patients were against before treatment where all it says is that."""
    sided = [row for row in rows if row["direction"].startswith("favours_")]
    if any(row["comparator"] or not against_before(row["direction_reason"]) for row in sided):
        return side
    return "better_than_before" if side == "intervention" else "worse_than_before"


def claim_sentence(claim: AnsweredClaim, labels: Mapping[str, str]) -> Sentence:
    """ "For pain response, 4 studies compare A with B: 3 favour A [1], 1 favours B [2]. The studies conflict."."""
    basis = f"counted from {len(claim.studies)} paper{'' if len(claim.studies) == 1 else 's'}"
    parts: list[Part] = ["For ", running(labels, claim.outcome), ", "] if claim.outcome else []
    several = claim.studies_total != 1
    parts.append(Derived(str(claim.studies_total), basis))
    if claim.comparator:
        verb = " studies compare " if several else " study compares "
        parts += [verb, running(labels, claim.subject), " with ", running(labels, claim.comparator)]
    else:
        parts += [" studies report on " if several else " study reports on ", running(labels, claim.subject)]
    parts += [" in ", running(labels, claim.population)] if claim.population else []
    parts += _directions(claim, labels, basis)
    parts.append(".")
    parts.append(_ending(claim))
    parts += _beside(claim, labels)
    if claim.grade:
        parts += [" Grade ", Name(claim.grade), f" ({grade_words(claim.grade)})"]
        parts.append(", pre-filled by rule.")
    parts += _signed(claim.signature)
    if claim.best_level:
        parts += [" Best level: ", Name(claim.best_level), "."]
    return Sentence(tuple(part for part in parts if part != ""))


def _signed(signature: Signature | None) -> list[Part]:
    """ " Grade B (fair evidence) was signed by Dr Rivera on 2026-11-24." with what makes it out of date."""
    if signature is None:
        return []
    words = f" ({grade_words(signature.grade)}) was "
    doubt: list[Part] = [" ", Name(signature.doubt), "."] if signature.doubt else []
    return [" Grade ", Name(signature.grade), words, Name(signature.signed), ".", *doubt]


def _ending(claim: AnsweredClaim) -> str:
    if claim.consistency == "conflicting" and claim.studies_total == 1:
        return " The study reports results for both sides."
    if claim.consistency == "descriptive_only" and not claim.comparator:
        return ""
    return _ENDINGS.get(claim.consistency, "")


def _beside(claim: AnsweredClaim, labels: Mapping[str, str]) -> list[Part]:
    """ " But on pain response, of the same family of outcomes, the studies conflict."; nothing where none do."""
    if not claim.conflicts_beside:
        return []
    names = [part for outcome in claim.conflicts_beside for part in (" and ", running(labels, outcome))]
    return [" But on ", *names[1:], ", of the same family of outcomes, the studies conflict."]


def _directions(claim: AnsweredClaim, labels: Mapping[str, str], basis: str) -> list[Part]:
    subject = running(labels, claim.subject)
    other = running(labels, claim.comparator) if claim.comparator else NOT_NAMED
    unknown = claim.better_than_before is None
    over: list[Part] = [] if claim.comparator or unknown else [f" over {NOT_NAMED}"]
    better, worse = claim.better_than_before or 0, claim.worse_than_before or 0
    counts: list[tuple[int, tuple[Side, ...], list[Part]]] = [
        (claim.favours_subject - better, ("intervention", "both"), [" favour{s} ", subject, *over]),
        (better, ("better_than_before",), [f" {{is}} {BETTER}"]),
        (claim.favours_comparator - worse, ("comparator", "both"), [" favour{s} ", other]),
        (worse, ("worse_than_before",), [f" {{is}} {WORSE}"]),
        (claim.no_difference, ("no_difference",), [" show{s} no difference"]),
        (claim.descriptive, ("descriptive",), [" describe{s} without a test"]),
    ]
    parts: list[Part] = []
    for count, sides, words in counts:
        if not count:
            continue
        pointing = [study for study in claim.studies if study.points in sides and study.counted]
        parts += [": " if not parts else "; ", Derived(str(count), basis)]
        ending = "s" if count == 1 else ""
        is_are = "reports results" if count == 1 else "report results"
        parts += [
            word.replace("{s}", ending).replace("{is}", is_are) if isinstance(word, str) else word
            for word in words
        ]
        parts += [cite(pointing)] if pointing else []
    if beside := [study for study in claim.studies if not study.counted]:
        parts += ["; not counted again", cite(beside)]
    if not any(isinstance(part, Cite) for part in parts):
        parts.append(cite(claim.studies))
    return parts


def running(labels: Mapping[str, str], concept: str | None) -> Name:
    """A concept's label inside a sentence."""
    return Name(in_running_text(labels.get(concept or "", concept or "")))
