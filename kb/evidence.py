"""Evidence: quoted spans with what they say, and claims over them.

The JSON form (`Extraction.as_json`) is the public interface described by kb/extract.schema.json.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["intervention", "outcome", "condition", "tool"]
Role = Literal["studied", "comparator", "background", "measured", "evaluated", "used", "mentioned"]
Design = Literal[
    "rct",
    "prospective_cohort",
    "retrospective_comparative",
    "case_series",
    "case_report",
    "systematic_review",
    "meta_analysis",
    "narrative_review",
    "guideline",
    "cross_sectional",
    "diagnostic_accuracy",
    "prediction_model_development",
    "external_validation",
    "economic_evaluation",
    "protocol",
    "laboratory",
    "survey",
    "other",
]
Question = Literal["therapeutic", "prognostic", "diagnostic", "economic", "other"]
Level = Literal["I", "II", "III", "IV", "V"]
LEVELS: tuple[Level, ...] = ("I", "II", "III", "IV", "V")
GradeLetter = Literal["A", "B", "C", "I"]
Direction = Literal["favours_intervention", "favours_comparator", "no_difference", "descriptive"]
Measure = Literal[
    "percent",
    "count",
    "median",
    "mean",
    "hr",
    "or",
    "rr",
    "md",
    "smd",
    "auc",
    "c_index",
    "sensitivity",
    "specificity",
    "kappa",
    "icc",
    "correlation",
    "p_only",
    "text_only",
]
PRelation = Literal["=", "<", ">", "<=", ">=", "ns"]
Metric = Literal[
    "auc",
    "c_index",
    "sensitivity",
    "specificity",
    "accuracy",
    "brier",
    "calibration_slope",
    "calibration_intercept",
    "kappa",
    "icc",
    "ppv",
    "npv",
]
Setting = Literal["development", "internal_validation", "external_validation", "reliability", "unclear"]


def _hash(*parts: object) -> str:
    """A short stable key of what is said: 16 hex digits of SHA-256 over canonical JSON."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Span:
    """Where a quotation stands: section 0 is the title, 1.. the abstract's sections in printed order.

    `start` and `end` are character offsets in that section's text; `text` is exactly what stands between them.
    """

    section: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept of the vocabulary where a text names it; `sentence` is the sentence around it."""

    span: Span
    sentence: Span
    concept: str
    kind: Kind
    role: Role
    negated: bool = False
    hypothetical: bool = False

    def says(self) -> tuple[object, ...]:
        """What the mention asserts, apart from where it stands."""
        return (self.concept, self.role, self.negated, self.hypothetical, self.sentence.text)


@dataclass(frozen=True, slots=True)
class Relevance:
    """How surely a record is about spinal metastases (0 to 1), with the reasons in words."""

    on_topic: bool
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """A treatment group and its number of patients."""

    label: str
    patients: int


@dataclass(frozen=True, slots=True)
class Study:
    """What kind of study a record reports: design, question, levels with their rule in words, and size.

    `patients` counts those analysed or included, not those screened; `*_span` quote where a fact was read.
    """

    design: Design
    design_reason: str
    question: Question
    level_nass: Level | None
    level_reason: str
    level_ocebm: int | None = None
    patients: int | None = None
    lesions: int | None = None
    follow_up_months: float | None = None
    arms: tuple[Arm, ...] = ()
    primary_tumours: tuple[str, ...] = ()
    design_span: Span | None = None
    patients_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A reported result: what was measured, its value, and which side it favours, with the reason in words.

    `span` quotes the sentence; `value`, `ci_low`, `ci_high` are in `unit` (percent: 0 to 100); `p` is a probability.
    """

    span: Span
    intervention: str | None
    comparator: str | None
    outcome: str | None
    measure: Measure
    value: float | None
    direction: Direction
    direction_reason: str
    unit: str | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
    p_relation: PRelation | None = None
    n: int | None = None
    timepoint_months: float | None = None

    def says(self) -> tuple[object, ...]:
        """What the finding asserts, apart from where it stands."""
        content = asdict(self)
        del content["span"]
        del content["direction_reason"]
        return tuple(content.values())


@dataclass(frozen=True, slots=True)
class ToolPerformance:
    """A prognostic tool's reported performance. `n` is the number of patients it was computed on."""

    span: Span
    tool: str
    metric: Metric
    value: float
    setting: Setting = "unclear"
    ci_low: float | None = None
    ci_high: float | None = None
    horizon_months: float | None = None
    n: int | None = None

    def says(self) -> tuple[object, ...]:
        """What the row asserts, apart from where it stands."""
        content = asdict(self)
        del content["span"]
        return tuple(content.values())


Evidence = Mention | Finding | ToolPerformance


def evidence_keys(pmid: str, rows: tuple[Evidence, ...]) -> list[str]:
    """Return one key for each row: a hash of (pmid, section, quoted text, what it says), never of offsets.

    Rows that say the same in the same words of one section are told apart by their order.
    """
    seen: dict[str, int] = {}
    keys = []
    for row in rows:
        key = _hash(pmid, row.span.section, row.span.text, row.says())
        count = seen[key] = seen.get(key, 0) + 1
        keys.append(key if count == 1 else _hash(key, count))
    return keys


@dataclass(frozen=True, slots=True)
class Extractor:
    """Which program and data made an extraction."""

    version: str
    vocabulary: str
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """All evidence found in one record."""

    pmid: str
    source: Literal["pubmed", "file", "sample"]
    relevance: Relevance
    topics: tuple[str, ...]
    study: Study
    mentions: tuple[Mention, ...]
    findings: tuple[Finding, ...]
    tool_performance: tuple[ToolPerformance, ...]
    extractor: Extractor

    def as_json(self) -> dict[str, Any]:
        """Return the public JSON object: one line of `spinemets extract --format jsonl`."""
        study = asdict(self.study)
        return {
            "pmid": self.pmid,
            "source": self.source,
            "on_topic": self.relevance.on_topic,
            "relevance": {"score": self.relevance.score, "reasons": list(self.relevance.reasons)},
            "topics": list(self.topics),
            "study": study,
            "mentions": [_flat(mention) for mention in self.mentions],
            "findings": [_flat(finding) for finding in self.findings],
            "tool_performance": [_flat(row) for row in self.tool_performance],
            "extractor": asdict(self.extractor),
        }


def _flat(row: Evidence) -> dict[str, Any]:
    """A row with its span's four fields beside its own."""
    content = asdict(row)
    span: dict[str, Any] = content.pop("span")
    return span | content


@dataclass(frozen=True, slots=True)
class ClaimPaper:
    """A paper behind a claim. One paper of each study is counted; for the others `reason` says why not.

    `study` is the PMID of the counted paper of the same trial or cohort; None for a review whose studies are
    counted themselves. `directions` are those the paper states for the claim; `against_before`: what it reports
    as better or worse is so against the same patients before treatment, not against another treatment.
    """

    pmid: str
    study: str | None
    counted: bool
    level: Level | None
    ocebm: int | None
    patients: int | None
    directions: tuple[Direction, ...]
    synopsis: bool = False
    reason: str | None = None
    against_before: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said by one or more findings: (intervention, comparator, outcome) or (tool, outcome).

    `population` is None for all patients; a claim of its own counts the papers whose title restricts them to
    a population. Counts are of studies, each counted once; retracted and deleted papers count for nothing.
    `subject_kind` tells whether `subject` is an intervention or a tool. `grade` is pre-filled by rule.
    How surely the sentences were read is kept apart from levels and grade: `with_numbers` of the
    `evidence_keys` hold a value, an interval or a p value; the others are read from words alone.
    `conflicts_beside` names the outcomes of the same family on which studies of this comparison conflict.
    Of the studies that favour a side, `better_than_before` and `worse_than_before` do so against the same patients
    before treatment.
    """

    subject_kind: Literal["intervention", "tool"]
    subject: str
    comparator: str | None
    outcome: str | None
    population: str | None
    studies: int
    studies_by_level: tuple[tuple[str, int], ...]
    favours_intervention: int
    favours_comparator: int
    no_difference: int
    descriptive: int
    best_level: Level | None
    patients: int | None
    consistency: Literal["consistent", "conflicting", "single_study", "descriptive_only"]
    grade: GradeLetter
    grade_reasons: tuple[str, ...]
    best_ocebm: int | None
    synopses: int
    with_numbers: int
    papers: tuple[ClaimPaper, ...]
    evidence_keys: tuple[str, ...]
    conflicts_beside: tuple[str, ...] = ()
    better_than_before: int = 0
    worse_than_before: int = 0

    @property
    def key(self) -> str:
        """The key of what is said, whoever says it."""
        return claim_key(self.subject_kind, self.subject, self.comparator, self.outcome, self.population)

    @property
    def evidence_digest(self) -> str:
        """A digest of what the claim rests on: its evidence, and how each of its papers counts and points."""
        papers = [
            (paper.pmid, paper.study, paper.counted, paper.level, paper.patients, paper.directions)
            for paper in self.papers
        ]
        return _hash(self.evidence_keys, papers)


def claim_key(
    subject_kind: str,
    subject: str,
    comparator: str | None,
    outcome: str | None,
    population: str | None = None,
) -> str:
    """Return the key of a claim: a hash of what is said alone."""
    about = (subject_kind, subject, comparator, outcome)
    return _hash(*about) if population is None else _hash(*about, population)
