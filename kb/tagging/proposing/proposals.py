"""Proposed synonyms: what the trained model keeps finding in texts and the vocabulary does not know."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.tagging.pipeline import concept_matcher
from kb.tagging.proposing.trained import spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from harvest.record import Record
    from kb.tagging.proposing.trained import TextSpan

KINDS = {"INTV": "intervention", "OC": "outcome"}
_EDGE = re.compile(
    r"^(?:(?:the|a|an|of|in|with|and|or|for|to|by|than|versus|vs|both|each|all|any|no|mean|median|total|significant(?:ly)?)\b|[^\w(])+\s*"
    r"|(?:\s|[^\w)]|\b(?:the|a|an|of|in|with|and|or|for|to|by|at|was|were|groups?|arms?|alone|rates?)\b)+$",
    re.IGNORECASE,
)
# Words that name nothing by themselves.
_GENERIC = frozenset(
    [
        "treatment",
        "treatments",
        "therapy",
        "therapies",
        "group",
        "groups",
        "control",
        "controls",
        "patients",
        "patient",
        "intervention",
        "interventions",
        "outcome",
        "outcomes",
        "results",
        "result",
        "effect",
        "effects",
        "response",
        "responses",
        "score",
        "scores",
        "level",
        "levels",
        "rate",
        "rates",
        "days",
        "months",
        "years",
        "difference",
        "differences",
        "changes",
        "change",
        "efficacy",
        "safety",
        "study",
        "method",
        "methods",
        "data",
        "analysis",
        "time",
        "value",
        "values",
        "risk",
        "incidence",
        "performance",
        "assessment",
        "evaluation",
        "review",
        "meta",
        "literature",
        "based",
        "standard",
        "spine",
        "spinal",
        "cord",
        "bone",
        "surgical",
        "disease",
        "cancer",
        "fractions",
        "area",
        "evolution",
        "grade",
        "ratio",
        "scale",
        "functional",
        "machine",
        "guidance",
        "radiation",
        "palliative",
        "non",
        "safe",
        "effective",
        "and",
        "of",
        "in",
        "with",
        "practice",
        "systematic",
        "characteristics",
        "improvement",
        "lesions",
        "measures",
        "month",
        "clinical",
        "overall",
        "algorithm",
        "special",
    ]
)
_LONGEST = 6
_LEAST_SCORE = 0.6
_SHOWN_PMIDS = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A form that some papers use, with the kind it seems to be of, how often it stands there, and where."""

    form: str
    kind: str
    count: int
    pmids: tuple[str, ...]


def propose(records: Sequence[Record], least_papers: int = 2) -> list[Proposal]:
    """Return the forms that the model finds in at least `least_papers` papers and the vocabulary does not know.

    The commonest come first. Empty without the model's weights.
    """
    counts: dict[tuple[str, str], list[str]] = defaultdict(list)
    texts = ["\n".join(record.sections) for record in records]
    for record, text, found in zip(records, texts, spans(texts), strict=True):
        for form, kind in _unknown(text, found):
            counts[form, kind].append(record.pmid)
    proposals = [
        Proposal(form, kind, len(pmids), tuple(dict.fromkeys(pmids)))
        for (form, kind), pmids in counts.items()
        if len(set(pmids)) >= least_papers
    ]
    return sorted(proposals, key=lambda p: (-len(p.pmids), -p.count, p.form, p.kind))


def _unknown(text: str, found: Iterable[TextSpan]) -> Iterator[tuple[str, str]]:
    known = concept_matcher().raw_matches(text)
    for span in found:
        # "spinal cord" inside of "spinal cord compression" is known already.
        if span.score < _LEAST_SCORE or any(s < span.end and span.start < e for s, e, _ in known):
            continue
        form = trimmed(text[span.start : span.end])
        words = form.split()
        if not words or len(words) > _LONGEST or len(form) < 3 or "\n" in form:
            continue
        if all(word in _GENERIC or not word.isalpha() for word in words):
            continue
        yield form, KINDS[span.label]


def trimmed(form: str) -> str:
    """Return a form as a vocabulary would list it: lower case (short forms as printed), no words at its edges."""
    last = None
    while form != last:
        last, form = form, _EDGE.sub("", form)
    return form if form.isupper() else form.lower()


def as_table(proposals: Sequence[Proposal]) -> str:
    """Return proposals as lines for a person."""
    lines = [f"{'papers':>6} {'times':>6}  {'kind':12}  form  (PMIDs)"]
    for p in proposals:
        more = "" if len(p.pmids) <= _SHOWN_PMIDS else ", ..."
        lines.append(
            f"{len(p.pmids):>6} {p.count:>6}  {p.kind:12}  {p.form}  ({', '.join(p.pmids[:_SHOWN_PMIDS])}{more})"
        )
    return "\n".join(lines)
