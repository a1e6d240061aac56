"""Which papers are one study, and which reviews repeat studies that are here themselves.

Papers of one trial or cohort (the rules are in studies.toml) make one study, led by the paper of the best level,
then the most patients, then the earliest. A review is not counted beside studies that it covers, unless it is of a
better level than all of them: then it rests on better studies that are not here, and the ones it cites are not
counted beside it. Where its references are not known it may cover whatever appeared up to its year. Of several
reviews that may cover the same studies the strongest is counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from kb.evidence import LEVELS
from kb.grading.publications import Publication, study_rules


@dataclass(frozen=True, slots=True)
class Counting:
    """How a paper counts: as a study of its own (`reason` is None), or not, and why."""

    study: str | None
    reason: str | None = None

    @property
    def counted(self) -> bool:
        """Whether it is the one paper that counts for its study."""
        return self.reason is None


def count_studies(
    papers: Iterable[Publication],
    silent: frozenset[str] = frozenset(),
    related: Iterable[Publication] = (),
) -> dict[str, Counting]:
    """Return how each paper of a claim counts, whatever their order.

    Parameters
    ----------
    silent
        PMIDs that only describe, without saying which side did better. A review that says so is not set aside
        for studies that do not.
    related
        Papers that say which side did better on another outcome of the same family. They are not counted here; but a
        review that covers them repeats them, unless nothing would be left to count.
    """
    papers = list(papers)
    here = {paper.pmid for paper in papers}
    others = sorted((p for p in related if p.pmid not in here and not p.review), key=_strength)
    counting = _counting(papers, silent, others)
    if others and not any(told.counted for told in counting.values()):
        return _counting(papers, silent, [])
    return counting


def _counting(
    papers: Sequence[Publication], silent: frozenset[str], others: Sequence[Publication]
) -> dict[str, Counting]:
    ordered = sorted(papers, key=_strength)
    primary = [paper for paper in ordered if not paper.review]
    counting = _join(primary)
    telling = [paper for paper in primary if paper.pmid not in silent]
    counted_reviews: list[Publication] = []
    for review in (paper for paper in ordered if paper.review):
        covered = _covered(review, primary if review.pmid in silent else telling)
        reason = (
            _repeats_studies(review, covered)
            or _repeats_review(review, counted_reviews, silent)
            or _repeats_studies(review, _covered(review, others), "counted for an outcome of the same family")
        )
        counting[review.pmid] = Counting(None, reason) if reason else Counting(review.pmid)
        if reason is None:
            counted_reviews.append(review)
            studies = {counting[paper.pmid].study for paper in covered if review.cites}
            for pmid in [pmid for pmid in counting if counting[pmid].study in studies - {None}]:
                why = f"its study is cited by the review PMID {review.pmid}, of a better level"
                counting[pmid] = Counting(None, why)
    return counting


def _strength(paper: Publication) -> tuple[int, int, int, str]:
    level = len(LEVELS) if paper.level is None else LEVELS.index(paper.level)
    return level, -(paper.patients or 0), paper.year or 9999, paper.pmid


def _join(primary: Sequence[Publication]) -> dict[str, Counting]:
    """Join papers that are one study, directly or by way of others; the first of each study leads it."""
    by_pmid = {paper.pmid: paper for paper in primary}
    linked: dict[str, dict[str, str]] = defaultdict(dict)
    for one, other in _candidates(primary):
        why = same_study(one, other)
        if why:
            linked[one.pmid][other.pmid] = linked[other.pmid][one.pmid] = why
    counting: dict[str, Counting] = {}
    for lead in primary:
        if lead.pmid in counting:
            continue
        counting[lead.pmid] = Counting(lead.pmid)
        waiting = [lead.pmid]
        while waiting:
            here = waiting.pop(0)
            for pmid in sorted(linked[here], key=lambda name: _strength(by_pmid[name])):
                if pmid not in counting:
                    counting[pmid] = Counting(lead.pmid, f"{linked[here][pmid]} as PMID {here}")
                    waiting.append(pmid)
    return counting


def _candidates(papers: Sequence[Publication]) -> Iterator[tuple[Publication, Publication]]:
    """Yield the pairs that could be one study, without comparing each paper with each."""
    blocks: dict[tuple[object, ...], list[Publication]] = defaultdict(list)
    further = frozenset(name for paper in papers if paper.companion for name in paper.authors)
    for paper in papers:
        keys: list[tuple[object, ...]] = [("registered", name) for name in paper.registrations]
        keys += [("patients", paper.patients)] if paper.patients is not None else []
        keys += [("accrual", paper.accrual)] if paper.accrual is not None else []
        keys += [("author", name) for name in paper.authors & further]
        for key in keys:
            blocks[key].append(paper)
    seen: set[tuple[str, str]] = set()
    for block in blocks.values():
        for one, other in combinations(block, 2):
            pair = (one.pmid, other.pmid) if one.pmid < other.pmid else (other.pmid, one.pmid)
            if pair not in seen:
                seen.add(pair)
                yield one, other


def same_study(one: Publication, other: Publication) -> str | None:
    """Return why two primary papers are one study ("the same registered trial (NCT1)"), or None."""
    rules = study_rules()
    # A paper that names several registrations reports on several trials.
    if len(one.registrations) == len(other.registrations) == 1:
        if one.registrations != other.registrations:
            return None
        return f"the same registered study ({one.registrations[0]})"
    shared = len(one.authors & other.authors)
    by_whom = "authors" if shared >= rules.shared_authors else None
    if by_whom is None and one.centre is not None and one.centre == other.centre:
        by_whom = "centre"
    if by_whom is None:
        return None
    if one.accrual is not None and one.accrual == other.accrual:
        first, last = one.accrual
        return f"the same {by_whom} and years of accrual ({first} to {last})"
    apart = abs(one.year - other.year) if one.year and other.year else 0
    contradicting = one.accrual is not None and other.accrual is not None
    enough = (one.patients or 0) >= rules.least_patients and apart <= rules.most_years_apart
    if one.patients == other.patients and enough and not contradicting:
        return f"the same {by_whom} and number of patients ({one.patients})"
    if by_whom == "authors" and (one.companion or other.companion):
        return "the same authors, who report further on a study,"
    return None


def _covered(review: Publication, primary: Sequence[Publication]) -> list[Publication]:
    """The studies here that a review covers: those it cites or, where that is not known, may have cited."""
    if review.cites:
        return [paper for paper in primary if paper.pmid in review.cites]
    return [p for p in primary if review.year is None or p.year is None or p.year <= review.year]


def _repeats_studies(
    review: Publication, covered: Sequence[Publication], where: str = "counted here"
) -> str | None:
    """Why a review says nothing beyond studies that count, or None."""
    level = _strength(review)[0]
    repeated = [paper.pmid for paper in covered if _strength(paper)[0] <= level]
    if not repeated:
        return None
    named = f"PMID {', '.join(repeated[:3])}{' and others' if len(repeated) > 3 else ''}"
    if review.cites:
        return f"a review that cites {named}, {where}"
    return f"a review whose references are not known and which may cover {named}, {where}"


def _repeats_review(
    review: Publication, counted: Sequence[Publication], silent: frozenset[str]
) -> str | None:
    """Why a review repeats another one that counts, or None."""
    for other in counted:
        if other.pmid in silent and review.pmid not in silent:
            continue
        if len(review.registrations) == 1 and review.registrations == other.registrations:
            return f"the same registered review ({review.registrations[0]}) as PMID {other.pmid}"
        shared = review.cites & other.cites
        if shared:
            return f"a review that cites {len(shared)} of the papers that the review PMID {other.pmid} cites"
        if not (review.cites and other.cites):
            return f"a review that may cover the same studies as the review PMID {other.pmid}"
    return None
