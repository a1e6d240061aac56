"""Claims: what the studies say together, counted from their findings.

How studies are counted
    Only on-topic papers that are neither retracted nor deleted count. Each study counts once for a claim,
    however many findings and papers report it (see `kb.grading.studies`); why a paper is not counted apart
    is kept with it.
Which way a study points
    The direction its findings for the claim state. A stated difference goes before "no difference" (at
    another time or by another measure) and either goes before mere description. A study that reports both
    sides as better counts on both, and the claim is conflicting.
Which way a claim is written
    "A against B" and "B against A" are one claim: the treatment whose id comes first in the alphabet is the
    subject, and directions are turned with it. `favours_intervention` then means the subject.
Level of a paper
    A paper's own level, which follows its question. One that asks what foretells an outcome counts for a treatment at the
    level of its design: a factor's hazard ratio is no controlled comparison.
Arms named in short
    In a trial of surgery plus radiotherapy against radiotherapy alone, "surgery" is the first arm (see arms.toml): its
    results make one claim, which says so.
Broader outcomes
    A compared result on "complete pain response" speaks for "pain response" as well, as long as the broader
    outcome has the same polarity: trials that chose different end points then meet in one claim.
Families of outcomes
    Trials that report "pain relief" and "pain response" measured one thing (see families.toml). A review that covers
    studies counted on one outcome of the family is not counted again on another, and a conflict on one is told
    beside the grade of the others: agreement that rests on the choice of a word is no agreement.
Populations
    Papers whose title restricts them to a population (one primary tumour, cord compression) make a claim of
    their own for it, beside the claim for all patients.
Before and after
    A result against the same patients before treatment favours the treatment, and is counted apart as one that is better
    than before treatment: it says nothing of another treatment.
Consistency
    descriptive_only: no study states a direction; single_study: one does; consistent: all that do agree;
    conflicting: they do not, or a paper that is not counted apart contradicts them.
Patients
    The sum over primary studies of known size; where only reviews give a number, the largest review's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from sqlite_utils import Database

from kb.evidence import LEVELS, Claim, ClaimPaper, Direction, Level
from kb.grading.certainty import Vote, grade
from kb.grading.publications import Publication, read_publications
from kb.grading.statements import Statement, read_statements
from kb.grading.studies import count_studies

Consistency = Literal["consistent", "conflicting", "single_study", "descriptive_only"]


def build_claims(db: Database) -> tuple[Claim, ...]:
    """Return the claims of all evidence that counts, in a stable order (see the module for the rules)."""
    statements = read_statements(db)
    return claims_from(statements, read_publications(db, {said.pmid for said in statements}))


def claims_from(
    statements: Iterable[Statement], publications: Mapping[str, Publication]
) -> tuple[Claim, ...]:
    """Group statements by what they say and count their studies."""
    groups: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    telling: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for said in statements:
        groups[said.about].append(said)
        if said.related is not None and said.direction != "descriptive":
            telling[said.related].add(said.pmid)
    claims: list[Claim] = []
    families: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for about in sorted(groups):
        family = groups[about][0].related
        if family is not None:
            families[family].append(len(claims))
        others = telling.get(family, ()) if family is not None else ()
        claims.append(_claim(groups[about], publications, others))
    for members in families.values():
        _tell_conflicts(claims, members)
    return tuple(claims)


def _tell_conflicts(claims: list[Claim], members: Sequence[int]) -> None:
    """Say beside each claim of a family that shows no conflict on which other outcomes of it the studies do."""
    conflicting = [claims[number] for number in members if claims[number].consistency == "conflicting"]
    for number in members:
        claim = claims[number]
        if conflicting and claim.consistency != "conflicting":
            claims[number] = replace(
                claim,
                grade_reasons=(*claim.grade_reasons, conflict_beside_words(conflicting)),
                conflicts_beside=tuple(other.outcome or "" for other in conflicting),
            )


def conflict_beside_words(beside: Sequence[Claim]) -> str:
    """ "On pain response, of the same family of outcomes, the studies conflict (3 studies, best level I)." """
    named = " and ".join(
        f"{(other.outcome or '').replace('_', ' ')} ({other.studies} {'study' if other.studies == 1 else 'studies'},"
        f" {f'best level {other.best_level}' if other.best_level else 'without a level'})"
        for other in beside
    )
    return (
        f"On {named}, of the same family of outcomes, the studies conflict: this grade is of one outcome alone"
        " and not to be read without that."
    )


def _claim(
    group: Sequence[Statement], publications: Mapping[str, Publication], related: Iterable[str] = ()
) -> Claim:
    papers = _papers(group, publications, related)
    studies = _studies(papers)
    before = Counter(
        direction for rows in studies if _against_before(rows) for direction in _directions(rows)
    )
    pointing = Counter(direction for rows in studies for direction in _directions(rows))
    levels = Counter(level for rows in studies if (level := _best(rows)) is not None)
    votes = _votes(papers, studies)
    graded = grade(votes)
    first = group[0]
    in_short = sorted({said.pmid for said in group if said.in_short})
    reasons = (*graded.reasons, *([_in_short_words(first, in_short)] if in_short else []))
    by_design = [paper for paper in papers if paper.level != publications[paper.pmid].level]
    reasons = (*reasons, *([_by_design_words(by_design)] if by_design else []))
    return Claim(
        subject_kind=first.subject_kind,
        subject=first.subject,
        comparator=first.comparator,
        outcome=first.outcome,
        population=first.population,
        studies=len(studies),
        studies_by_level=tuple((level, levels[level]) for level in LEVELS if level in levels),
        favours_intervention=pointing["favours_intervention"],
        favours_comparator=pointing["favours_comparator"],
        no_difference=pointing["no_difference"],
        descriptive=pointing["descriptive"],
        best_level=_best([paper for rows in studies for paper in rows]),
        patients=_patients(studies, publications),
        consistency=_consistency(votes),
        grade=graded.letter,
        grade_reasons=reasons,
        best_ocebm=graded.ocebm,
        synopses=sum(all(paper.synopsis for paper in rows) for rows in studies),
        with_numbers=len({said.key for said in group if said.number}),
        papers=papers,
        evidence_keys=tuple(sorted({said.key for said in group})),
        better_than_before=before["favours_intervention"],
        worse_than_before=before["favours_comparator"],
    )


def _by_design_words(papers: Sequence[ClaimPaper]) -> str:
    """ "PMID 1 asks what foretells the outcome; for a treatment's effect it counts by its design (Level IV)." """
    told = ", ".join(f"{paper.pmid} (Level {paper.level or 'none'})" for paper in papers)
    return f"These ask what foretells the outcome; for a treatment's effect they count by their design: PMID {told}."


def _in_short_words(about: Statement, pmids: Sequence[str]) -> str:
    """ "PMID 1 names its arms in short; results are read as of radiotherapy alone and surgery plus radiotherapy." """
    arms = " and ".join(side.replace("_", " ") for side in (about.subject, about.comparator or ""))
    many = len(pmids) > 1
    return (
        f"PMID {', '.join(pmids)} name{'' if many else 's'} {'their' if many else 'its'} arms in short here; results are"
        f" read as of the arms in full, {arms}."
    )


def _papers(
    group: Sequence[Statement], publications: Mapping[str, Publication], related: Iterable[str]
) -> tuple[ClaimPaper, ...]:
    """The papers of a claim in PMID order, each with how it counts and what it says."""
    said: dict[str, list[Statement]] = defaultdict(list)
    for statement in group:
        said[statement.pmid].append(statement)
    stated = {pmid: directions_of(row.direction for row in rows) for pmid, rows in said.items()}
    silent = frozenset(pmid for pmid, directions in stated.items() if directions == {"descriptive"})
    others = [publications[pmid] for pmid in related]
    counting = count_studies([publications[pmid] for pmid in said], silent, others)
    about = group[0]
    return tuple(
        ClaimPaper(
            *(pmid, counting[pmid].study, counting[pmid].counted),
            *(*_level_for(publications[pmid], about), publications[pmid].patients),
            directions=tuple(sorted(stated[pmid])),
            synopsis=publications[pmid].synopsis,
            reason=counting[pmid].reason,
            against_before=_all_before(said[pmid]),
        )
        for pmid in sorted(said)
    )


def _level_for(paper: Publication, about: Statement) -> tuple[Level | None, int | None]:
    """The level at which a paper counts for a claim: a prognostic one counts for a treatment by its design."""
    if about.subject_kind == "intervention" and paper.treating is not None:
        return paper.treating
    return paper.level, paper.ocebm


def _all_before(rows: Iterable[Statement]) -> bool:
    """Whether everything that a paper reports as better or worse is so against before treatment."""
    sided = [row.before for row in rows if row.direction.startswith("favours_")]
    return bool(sided) and all(sided)


def _against_before(rows: Iterable[ClaimPaper]) -> bool:
    """The same of the papers of one study."""
    sided = [row.against_before for row in rows if any(d.startswith("favours_") for d in row.directions)]
    return bool(sided) and all(sided)


def directions_of(stated: Iterable[Direction]) -> frozenset[Direction]:
    """Return where one study counts: in one direction, or on both sides if it reports both as better."""
    found = frozenset(stated)
    sides: frozenset[Direction] = found & {"favours_intervention", "favours_comparator"}
    if sides:
        return sides
    return frozenset({"no_difference"}) if "no_difference" in found else frozenset({"descriptive"})


def _studies(papers: Iterable[ClaimPaper]) -> list[list[ClaimPaper]]:
    """The papers of each study that counts."""
    studies: dict[str, list[ClaimPaper]] = defaultdict(list)
    counted = {paper.study for paper in papers if paper.counted}
    for paper in papers:
        if paper.study is not None and paper.study in counted:
            studies[paper.study].append(paper)
    return [studies[study] for study in sorted(studies)]


def _directions(rows: Iterable[ClaimPaper]) -> frozenset[Direction]:
    return directions_of(direction for row in rows for direction in row.directions)


def _best(rows: Iterable[ClaimPaper]) -> Level | None:
    return min((row.level for row in rows if row.level is not None), key=LEVELS.index, default=None)


def _votes(papers: Sequence[ClaimPaper], studies: Sequence[Sequence[ClaimPaper]]) -> list[Vote]:
    """One vote a study; papers set aside as repeats of others vote only where they contradict."""
    votes = [
        Vote(
            _best(rows),
            _directions(rows),
            ocebm=min((row.ocebm for row in rows if row.ocebm is not None), default=None),
        )
        for rows in studies
    ]
    in_studies = {paper.pmid for rows in studies for paper in rows}
    aside = [paper for paper in papers if paper.pmid not in in_studies]
    votes += [Vote(paper.level, directions_of(paper.directions), counted=False) for paper in aside]
    return votes


def _patients(studies: Iterable[Sequence[ClaimPaper]], publications: Mapping[str, Publication]) -> int | None:
    primary: list[int] = []
    reviewed: list[int] = []
    for rows in studies:
        sizes = [row.patients for row in rows if row.patients is not None]
        if sizes:
            reviews = all(publications[row.pmid].review for row in rows)
            (reviewed if reviews else primary).append(max(sizes))
    return sum(primary) if primary else max(reviewed, default=None)


def _consistency(votes: Sequence[Vote]) -> Consistency:
    stating = [vote for vote in votes if vote.states]
    if not stating:
        return "descriptive_only"
    if len({direction for vote in stating for direction in vote.states}) > 1:
        return "conflicting"
    return "single_study" if sum(vote.counted for vote in stating) <= 1 else "consistent"
