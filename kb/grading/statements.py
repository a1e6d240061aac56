"""What single findings say as they bear on claims: who is compared with whom, on what, in which patients."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from sqlite_utils import Database

from kb.arms import Arms, read_arms, short_names
from kb.evidence import Direction
from kb.grading.before_treatment import against_before

_TURNED: dict[Direction, Direction] = {
    "favours_intervention": "favours_comparator",
    "favours_comparator": "favours_intervention",
    "no_difference": "no_difference",
    "descriptive": "descriptive",
}
COUNTING = "NOT r.retracted AND NOT r.deleted AND s.on_topic"
_NUMBERS = "e.value IS NOT NULL OR e.ci_low IS NOT NULL OR e.p IS NOT NULL OR e.p_relation IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Statement:
    """One piece of evidence as it bears on a claim. `population` is None where it speaks of all patients.

    `family` names the outcomes that measure the same thing in other ways (see families.toml); `in_short` tells that
    its paper names an arm in short (see arms.toml); `before` that it holds patients against themselves before treatment.
    """

    key: str
    pmid: str
    subject_kind: Literal["intervention", "tool"]
    subject: str
    comparator: str | None
    outcome: str | None
    direction: Direction
    population: str | None = None
    number: bool = True
    family: str | None = None
    in_short: bool = False
    before: bool = False

    @property
    def about(self) -> tuple[str, str, str, str, str]:
        """What is spoken of, in the order in which claims are listed."""
        return (
            self.subject_kind,
            self.subject,
            self.comparator or "",
            self.outcome or "",
            self.population or "",
        )

    @property
    def related(self) -> tuple[str, ...] | None:
        """What claims share whose outcomes are of one family; None where the claim stands alone."""
        if self.family is None or self.comparator is None:
            return None
        return (self.subject_kind, self.subject, self.comparator, self.population or "", self.family)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """What the vocabulary says of outcomes and conditions, as far as claims need it."""

    broader_outcomes: dict[str, tuple[str, ...]]
    broader_populations: dict[str, tuple[str, ...]]
    population_types: dict[str, str]
    families: dict[str, str] = field(default_factory=dict)


@cache
def _population_ids() -> frozenset[str]:
    table = tomllib.loads(files("kb.grading").joinpath("populations.toml").read_text(encoding="utf-8"))
    return frozenset(table["ids"])


def read_hierarchy(db: Database) -> Hierarchy:
    """Read which outcomes and populations are broader than which."""
    rows = db.execute(
        "SELECT id, parent, polarity, type FROM concepts WHERE kind = 'condition' ORDER BY id"
    ).fetchall()
    types = {row[0]: row[3] for row in rows if row[3] == "primary_tumour" or row[0] in _population_ids()}
    parents = {row[0]: row[1] for row in rows}
    broader = {name: tuple(c for c in _chain(name, parents) if c in types) for name in types}
    return Hierarchy(broader_outcomes(db), broader, types, outcome_families(db))


@cache
def _family_rules() -> tuple[frozenset[str], frozenset[str]]:
    table = tomllib.loads(files("kb.grading").joinpath("families.toml").read_text(encoding="utf-8"))
    return frozenset(table["domains"]), frozenset(table["apart"])


def outcome_families(db: Database) -> dict[str, str]:
    """Return for each outcome that measures the same as others the topmost outcome above them."""
    rows = db.execute("SELECT id, parent, domain FROM concepts WHERE kind = 'outcome'").fetchall()
    parents = {outcome: parent for outcome, parent, _ in rows}
    domain_of = {outcome: domain for outcome, _, domain in rows}
    domains, apart = _family_rules()
    topmost = {outcome: [outcome, *_chain(outcome, parents)][-1] for outcome in parents}
    return {o: top for o, top in topmost.items() if domain_of.get(top) in domains and o not in apart}


def _chain(name: str, parents: dict[str, str | None]) -> list[str]:
    chain: list[str] = []
    above = parents.get(name)
    while above is not None and above not in chain:
        chain.append(above)
        above = parents.get(above)
    return chain


def broader_outcomes(db: Database) -> dict[str, tuple[str, ...]]:
    """Return for each outcome the broader ones of the same polarity, nearest first."""
    rows = {
        row[0]: (row[1], row[2])
        for row in db.execute("SELECT id, parent, polarity FROM concepts WHERE kind = 'outcome'")
    }
    found: dict[str, tuple[str, ...]] = {}
    for outcome, (parent, polarity) in rows.items():
        chain: list[str] = []
        above = parent
        while above in rows and rows[above][1] == polarity and above not in chain:
            chain.append(above)
            above = rows[above][0]
        found[outcome] = tuple(chain)
    return found


def read_statements(
    db: Database, *, pmids: Collection[str] | None = None, concept: str | None = None
) -> list[Statement]:
    """Read the evidence that counts and names what it is about; findings without an intervention do not.

    Parameters
    ----------
    pmids
        Only the evidence of these papers.
    concept
        Only the evidence on this intervention (on either side of a comparison) or tool.
    """
    hierarchy = read_hierarchy(db)
    where = [COUNTING]
    values: dict[str, Any] = {}
    if pmids is not None:
        where.append("e.pmid IN (SELECT value FROM json_each(:pmids))")
        values["pmids"] = json.dumps(sorted(pmids))
    about_finding, about_tool = "TRUE", "TRUE"
    if concept is not None:
        about_finding, about_tool = (
            "(e.intervention IN (SELECT value FROM json_each(:names))"
            " OR e.comparator IN (SELECT value FROM json_each(:names)))",
            "e.tool = :concept",
        )
        values |= {"concept": concept, "names": json.dumps(sorted({concept, *short_names(concept)}))}
    chosen = " AND ".join(where)
    findings = db.execute(
        "SELECT e.key, e.pmid, c.kind, e.intervention, e.comparator, e.outcome, e.direction, e.direction_reason,"
        f" {_NUMBERS} FROM findings e JOIN records r ON r.pmid = e.pmid JOIN studies s ON s.pmid = e.pmid"
        f" JOIN concepts c ON c.id = e.intervention WHERE {chosen} AND {about_finding}",
        values,
    )
    performances = db.execute(
        "SELECT e.key, e.pmid, 'tool', e.tool, NULL, NULL, 'descriptive', '', 1 FROM tool_performance e"
        " JOIN records r ON r.pmid = e.pmid JOIN studies s ON s.pmid = e.pmid"
        f" WHERE {chosen} AND {about_tool}",
        values,
    )
    read = [_statement(row) for cursor in (findings, performances) for row in cursor]
    arms_of = read_arms(db, {one.pmid for one in read})
    said = sorted(
        (
            replace(
                _of_arms(one, arms_of.get(one.pmid, ())), family=hierarchy.families.get(one.outcome or "")
            )
            for one in read
        ),
        key=lambda statement: (statement.pmid, statement.key),
    )
    restricted = read_populations(db, hierarchy, {statement.pmid for statement in said})
    return [
        wider
        for statement in said
        for broader in (statement, *_about_broader(statement, hierarchy.broader_outcomes))
        for wider in (broader, *(replace(broader, population=p) for p in restricted.get(statement.pmid, ())))
    ]


def _statement(row: tuple[Any, ...]) -> Statement:
    key, pmid, kind, subject, comparator, outcome, direction, reason, number = row
    subject_kind: Literal["intervention", "tool"] = "tool" if kind == "tool" else "intervention"
    said = Statement(
        *(key, pmid, subject_kind, subject, comparator, outcome, direction, None, bool(number)),
        before=comparator is None and against_before(reason),
    )
    return _in_order(said)


def _of_arms(said: Statement, own: Iterable[Arms]) -> Statement:
    """The statement about its paper's arms, where it names them in short."""
    for arms in own:
        sides = arms.in_full(said.subject, said.comparator) if said.comparator is not None else None
        if sides is not None:
            return _in_order(replace(said, subject=sides[0], comparator=sides[1], in_short=True))
    return said


def _in_order(said: Statement) -> Statement:
    """Write the statement with the treatment first whose id comes first; its direction turns with it."""
    if said.comparator is None or said.subject <= said.comparator:
        return said
    return replace(said, subject=said.comparator, comparator=said.subject, direction=_TURNED[said.direction])


def _about_broader(said: Statement, broader: dict[str, tuple[str, ...]]) -> Iterator[Statement]:
    """The same statement about each broader outcome; descriptions stay with their own outcome."""
    if said.outcome is None or said.comparator is None or said.direction == "descriptive":
        return
    for outcome in broader.get(said.outcome, ()):
        yield replace(said, outcome=outcome)


def read_populations(
    db: Database, hierarchy: Hierarchy, pmids: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return the populations to which each paper's title restricts it, with the broader ones."""
    named: dict[str, set[str]] = defaultdict(set)
    rows = db.execute(
        "SELECT DISTINCT pmid, concept FROM mentions WHERE section = 0 AND kind = 'condition' AND NOT negated"
        " AND NOT hypothetical AND pmid IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(pmids)),),
    )
    for pmid, condition in rows:
        if condition in hierarchy.population_types:
            named[pmid].add(condition)
    return {pmid: restricted_to(conditions, hierarchy) for pmid, conditions in named.items()}


def restricted_to(conditions: Collection[str], hierarchy: Hierarchy) -> tuple[str, ...]:
    """Return the populations that a title naming these conditions is restricted to.

    Two tumours, or two other conditions of one sort, neither broader than the other, restrict to neither:
    the paper has patients of both.
    """
    found: set[str] = set()
    for sort in {hierarchy.population_types[condition] for condition in conditions}:
        alike = [c for c in conditions if hierarchy.population_types[c] == sort]
        broader = {above for c in alike for above in hierarchy.broader_populations[c]}
        narrowest = [c for c in alike if c not in broader]
        if len(narrowest) == 1:
            found |= {narrowest[0], *hierarchy.broader_populations[narrowest[0]]}
    return tuple(sorted(found))
