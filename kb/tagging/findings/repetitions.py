"""Results that an abstract tells twice: in numbers and in words, or in its results and again in its conclusion."""

from __future__ import annotations

from collections.abc import Sequence

from kb.evidence import Finding, Span
from kb.vocabulary.concept import Vocabulary


def repeats(finding: Finding, found: Sequence[Finding]) -> bool:
    """Whether a conclusion prints a result again, as a rule without its interval, time or arm."""
    return finding.value is not None and any(
        (f.measure, f.value, f.outcome) == (finding.measure, finding.value, finding.outcome)
        and f.span.section != finding.span.section
        for f in found
    )


def numbered(told: Finding, findings: Sequence[Finding], vocabulary: Vocabulary) -> bool:
    """Whether a comparison told in words is reported in numbers as well: then the numbers speak."""
    pair = (told.intervention, told.comparator)
    domain = vocabulary.concepts[told.outcome].domain if told.outcome else None
    return any(
        f.measure != "text_only"
        and f.direction != "descriptive"
        and (
            _alike(pair, (f.intervention, f.comparator), vocabulary)
            or _alike(pair, (f.comparator, f.intervention), vocabulary)
        )
        and f.outcome is not None
        and vocabulary.concepts[f.outcome].domain == domain
        for f in findings
    )


def _alike(
    one: tuple[str | None, str | None], other: tuple[str | None, str | None], vocabulary: Vocabulary
) -> bool:
    """Whether two pairs of arms are the same, one by a broader or narrower name."""
    return all(a == b or (a and b and vocabulary.nested(a, b)) for a, b in zip(one, other, strict=True))


def once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Drop a conclusion's repetition of a result: same measure, value, outcome, treatments and time."""
    seen: dict[tuple[object, ...], Span] = {}
    kept: list[Finding] = []
    for finding in findings:
        said = (finding.outcome, finding.intervention, finding.comparator)
        printed = (finding.value, finding.ci_low, finding.ci_high, finding.timepoint_months)
        tested = (*said, finding.direction, finding.p, finding.p_relation)
        key: tuple[object, ...] = (*said, finding.measure, *printed)
        if finding.measure == "text_only":
            key = (*said, finding.direction)
        elif finding.measure == "p_only":
            key = tested
        if key in seen and (finding.measure == "text_only" or seen[key] != finding.span):
            continue  # within one sentence two equal values are two results
        for told in (key, tested, (*said, finding.direction)):
            seen.setdefault(told, finding.span)
        kept.append(finding)
    return tuple(kept)
