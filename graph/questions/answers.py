"""What an answer is made of: values alone, each with where it was read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from graph.questions.understanding import Role, Understanding
from kb.evidence import GradeLetter, Span
from kb.grading.signatures import Signature
from kb.summary.sentences import Citation, Cite, Sentence

Fit = Literal["as asked", "narrower", "broader", "not narrowed", "uncompared", "told in short"]
# The last two: against the same patients before treatment, not against another treatment.
Side = Literal[
    "intervention",
    "comparator",
    "both",
    "no_difference",
    "descriptive",
    "better_than_before",
    "worse_than_before",
]


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a paper with the key of the evidence read from it, and why its direction was read so."""

    key: str
    passage: Span
    why: str = ""


@dataclass(frozen=True, slots=True)
class CitedStudy:
    """A paper that an answer cites. `points` is the side it favours, as the question is turned.

    `counted` is False for a further paper of a study that counts already; `synopsis`: the text is a sample
    synopsis in the project's own words; `names_population`: whether it names the condition that was asked for.
    """

    pmid: str
    short: str
    title: str
    year: int | None
    design: str
    level: str | None
    patients: int | None
    synopsis: bool
    points: Side
    quotes: tuple[Quote, ...]
    names_population: bool | None = None
    counted: bool = True
    not_counted_because: str = ""

    def citation(self, quote: Quote | None = None) -> Citation:
        """The paper, or a sentence of it."""
        return Citation(self.pmid, quote.passage, quote.key) if quote else Citation(self.pmid)


@dataclass(frozen=True, slots=True)
class AnsweredClaim:
    """A claim turned so that the question's own side comes first, with its studies, best level first.

    `fit` tells whether it is about exactly what was asked, or about something narrower, broader,
    without what narrows the question, or about one side alone; "told in short": its papers name what was asked, and
    say but a part of it beside the result.
    `conflicts_beside` names the outcomes of the same family on which studies of this comparison conflict.
    Of the studies that favour a side, `better_than_before` and `worse_than_before` hold patients against themselves
    before treatment (None: an earlier version counted the claim, and did not look). `grade` is pre-filled by rule; `signature` is what a reviewer signed beside it.
    """

    key: str
    subject: str
    comparator: str | None
    outcome: str | None
    population: str | None
    fit: Fit
    favours_subject: int
    favours_comparator: int
    no_difference: int
    descriptive: int
    studies_total: int
    best_level: str | None
    patients: int | None
    consistency: str
    grade: GradeLetter | None
    grade_reasons: tuple[str, ...]
    sentence: Sentence
    studies: tuple[CitedStudy, ...]
    conflicts_beside: tuple[str, ...] = ()
    better_than_before: int | None = 0
    worse_than_before: int | None = 0
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class ToolFigure:
    """A reported figure of a tool, quoted; never ranked."""

    tool: str
    metric: str
    value: float
    ci_low: float | None
    ci_high: float | None
    setting: str
    horizon_months: float | None
    n: int | None
    study: CitedStudy
    quote: Quote
    together: bool = False


@dataclass(frozen=True, slots=True)
class Nearest:
    """Something near to what was asked, on which there is evidence; `roles` ask for it."""

    words: str
    roles: tuple[tuple[Role, str], ...]
    pmids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or what was looked for and what is nearest where there is no evidence.

    `sentences` sum up and cite; `claims` are as asked or narrower, `broader` are not; `further` are studies
    of what was asked from which no result for a claim could be read. Papers that would fit and count for
    nothing are told of (`narrowed_to` names what narrows the question): `retracted` ones by PMID, and those `elsewhere`, on metastases outside the spine too.
    """

    understanding: Understanding
    labels: dict[str, str]
    sentences: tuple[Sentence, ...]
    claims: tuple[AnsweredClaim, ...]
    broader: tuple[AnsweredClaim, ...]
    figures: tuple[ToolFigure, ...]
    further: tuple[CitedStudy, ...]
    looked_for: tuple[str, ...]
    included: tuple[str, ...]
    nearest: tuple[Nearest, ...]
    narrowed_to: tuple[str, ...]
    retracted: tuple[str, ...]
    elsewhere: tuple[CitedStudy, ...]
    notes: tuple[str, ...]
    cut: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is evidence on what was asked. What is broader, or about others, is none: it is near."""
        return bool(self.claims or self.figures or self.further)

    @property
    def cited(self) -> tuple[str, ...]:
        """The PMIDs of all papers cited as evidence, each once, in the order of the answer; none without one."""
        if not self.found:
            return ()
        pmids = [study.pmid for claim in (*self.claims, *self.broader) for study in claim.studies]
        pmids += [figure.study.pmid for figure in self.figures]
        pmids += [study.pmid for study in self.further]
        return tuple(dict.fromkeys([*pmids, *(c.pmid for said in self.sentences for c in said.citations)]))

    @property
    def conflicts(self) -> bool:
        """Whether studies disagree on a claim that was asked for."""
        return any(claim.consistency == "conflicting" for claim in self.claims)

    def as_json(self) -> dict[str, Any]:
        """Return the object that `spinemets ask --json` prints."""
        content = asdict(self)
        content["understanding"] = self.understanding.as_json()
        content["sentences"] = [_sentence(sentence) for sentence in self.sentences]
        for name in ("claims", "broader"):
            for row, claim in zip(content[name], getattr(self, name), strict=True):
                row["sentence"] = _sentence(claim.sentence)
        return {"found": self.found, "conflict": self.conflicts, "cited": list(self.cited), **content}


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "cites": [cited.pmid for cited in sentence.citations],
        "basis": list(sentence.basis),
    }


def cite(studies: tuple[CitedStudy, ...] | list[CitedStudy]) -> Cite:
    """Cite papers as a whole."""
    return Cite(tuple(study.citation() for study in studies))
