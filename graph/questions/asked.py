"""A question as sets of concepts to look for: what was asked, and everything narrower."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from graph.questions.phrasing import load_phrasing
from graph.questions.understanding import Understanding
from kb.vocabulary.concept import Vocabulary

# What every record here is about: it narrows nothing.
EVERYWHERE = frozenset(
    {
        *("spinal_metastases", "spinal_tumour", "metastatic_cancer", "bone_metastases", "solid_tumour"),
        *("symptomatic_spinal_metastases", "painful_bone_metastases", "cancer_pain"),
    }
)
_PREDICTED = ("survival", "diagnostic")


@dataclass(frozen=True, slots=True)
class Asked:
    """Concepts by what they do in the question; `*_all` hold the narrower ones too.

    `subjects` are what is asked about: treatments, or else tools, or else conditions taken as exposures.
    `population` is what narrows the question: conditions, and tools named beside a treatment. `parts` are what a treatment in two
    parts consists of, for papers that name just the parts. `first` are the domains whose outcomes come first where none was asked for.
    """

    vocabulary: Vocabulary
    subjects: frozenset[str]
    comparators: frozenset[str]
    outcomes: frozenset[str]
    population: frozenset[str]
    subjects_all: frozenset[str]
    comparators_all: frozenset[str]
    outcomes_all: frozenset[str]
    population_all: frozenset[str]
    parts: tuple[frozenset[str], frozenset[str]] | tuple[()] = ()
    first: frozenset[str] = frozenset()
    times: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was understood that could be looked for."""
        return not (self.subjects or self.comparators or self.outcomes or self.population)

    @property
    def about_tools(self) -> bool:
        """Whether all that is asked about are tools."""
        return bool(self.subjects) and all(self.vocabulary.concepts[c].kind == "tool" for c in self.subjects)

    def groups(self, *, population: bool = True) -> list[frozenset[str]]:
        """The sets of which a paper must name at least one concept each."""
        sets = [self.subjects_all, self.comparators_all, self.outcomes_all]
        return [group for group in (*sets, *([self.population_all] if population else [])) if group]

    def distance(self, concept: str | None, asked: frozenset[str]) -> int:
        """How many steps from what was asked a concept is; 0 where it was asked itself or nothing was asked."""
        if concept is None or not asked or concept in asked:
            return 0
        also = {c for one in asked for c in load_phrasing().also.get(one, ())}
        for step, ancestor in enumerate((concept, *self.vocabulary.ancestors(concept))):
            if ancestor in asked:
                return step
            if ancestor in also:
                return step + 1
        return 9

    def turn(self, outcome: str | None) -> int:
        """When an outcome's turn comes, where the question names none: what belongs to its patients first, cost last."""
        if self.outcomes or outcome is None:
            return 0 if self.outcomes else 1
        domain = self.vocabulary.concepts[outcome].domain if outcome in self.vocabulary.concepts else None
        if domain in self.first:
            return 0
        return 2 if domain in load_phrasing().lastly else 1

    def depth(self, concept: str) -> int:
        """How precise a concept is: the number of broader ones above it."""
        return len(list(self.vocabulary.ancestors(concept)))

    def stands_under(self, concept: str, asked: frozenset[str]) -> tuple[str, bool] | None:
        """Return the asked concept that brought this one in, and whether as a narrower one; None for itself."""
        if concept in asked:
            return None
        above = (concept, *self.vocabulary.ancestors(concept))
        for ancestor in above:
            if ancestor in asked:
                return ancestor, True
        also = load_phrasing().also
        return next(((one, False) for one in sorted(asked) if set(also.get(one, ())) & set(above)), None)

    def without(self, dropped: Collection[str]) -> Asked:
        """The same question without its subjects, comparators or outcomes."""
        none: frozenset[str] = frozenset()
        left = _asked(
            self.vocabulary,
            none if "subjects" in dropped else self.subjects,
            none if "comparators" in dropped else self.comparators,
            none if "outcomes" in dropped else self.outcomes,
            self.population,
        )
        return replace(left, first=self.first, times=self.times)

    def broader(self) -> Asked:
        """The question about the nearest broader treatments, tools and outcomes, without all that is narrower."""
        wider = [self._parents(part) for part in (self.subjects, self.comparators, self.outcomes)]
        # Of a treatment in two parts also each part alone, unless that is what it is compared with.
        parts = (part for part in self.parts if not part & self.comparators_all)
        wider[0] = wider[0].union(*parts)
        return replace(
            self,
            subjects=wider[0],
            comparators=wider[1],
            outcomes=wider[2],
            subjects_all=self.subjects_all | wider[0],
            comparators_all=self.comparators_all | wider[1],
            outcomes_all=self.outcomes_all | wider[2],
        )

    def _parents(self, concepts: frozenset[str]) -> frozenset[str]:
        return concepts | {p for c in concepts if (p := self.vocabulary.concepts[c].parent) is not None}


def asked_for(understanding: Understanding, vocabulary: Vocabulary) -> Asked:
    """Return what to look for."""
    conditions = frozenset(understanding.condition) - EVERYWHERE
    subjects = frozenset(understanding.intervention or understanding.tool) or conditions
    comparators, outcomes = frozenset(understanding.comparator), frozenset(understanding.outcome)
    if understanding.kind == "prediction":
        # Survival is what such tools predict, named or not; papers on them need not measure it.
        outcomes = frozenset(c for c in outcomes if vocabulary.concepts[c].domain not in _PREDICTED)
    if understanding.kind == "instruments":
        # A paper that uses an instrument measures what it is for.
        outcomes = frozenset()
    beside = frozenset(understanding.tool) if understanding.intervention else frozenset()
    asked = _asked(vocabulary, subjects, comparators, outcomes, (conditions | beside) - subjects)
    named = set(understanding.condition)
    first = frozenset(domain for domain, of in load_phrasing().first.items() if named & of)
    return replace(asked, first=first, times=understanding.times if understanding.kind == "timing" else ())


def _with_narrower(vocabulary: Vocabulary, concepts: Iterable[str]) -> frozenset[str]:
    """The concepts, what counts for them as well, and everything narrower."""
    also = load_phrasing().also
    wanted = frozenset(c for concept in concepts for c in (concept, *also.get(concept, ())))
    return vocabulary.with_narrower(wanted) if wanted else wanted


def _asked(
    vocabulary: Vocabulary,
    subjects: frozenset[str],
    comparators: frozenset[str],
    outcomes: frozenset[str],
    population: frozenset[str],
) -> Asked:
    return Asked(
        vocabulary,
        subjects,
        comparators,
        outcomes,
        population,
        _with_narrower(vocabulary, subjects),
        _with_narrower(vocabulary, comparators),
        _with_narrower(vocabulary, outcomes),
        _with_narrower(vocabulary, population),
        _parts_of(vocabulary, subjects),
    )


def _parts_of(
    vocabulary: Vocabulary, subjects: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]] | tuple[()]:
    if len(subjects) != 1:
        return ()
    for combination in load_phrasing().combinations:
        if combination.named in subjects and combination.kind is None:
            first, second = combination.of
            return _with_narrower(vocabulary, [first]), _with_narrower(vocabulary, [second])
    return ()
