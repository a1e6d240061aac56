"""An answer as text for a terminal: how the question was read, the answer, its studies with quoted sentences."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from graph.questions.answers import Answer, AnsweredClaim, CitedStudy
from graph.questions.understanding import ROLES, Understanding
from kb.grading.before_treatment import BETTER, WORSE
from kb.summary.sentences import Cite, Sentence
from kb.summary.words import NOT_NAMED, design_words

WIDTH = 100
_ROLE_WORDS = {
    "intervention": "Treatment",
    "comparator": "Against",
    "outcome": "Outcome",
    "condition": "Patients",
    "tool": "Tool",
}
POINTS = {
    "intervention": "favours {subject}",
    "comparator": "favours {other}",
    "both": "reports both sides as better",
    "no_difference": "no difference",
    "descriptive": "describes",
    "better_than_before": BETTER,
    "worse_than_before": WORSE,
}
FITS = {
    "broader": "broader than asked",
    "not narrowed": "not narrowed to what was asked",
    "narrower": "narrower than asked",
    "uncompared": "without the comparison",
    "told in short": "told in short; its papers name what was asked",
}


def to_text(answer: Answer) -> str:
    """Return the whole answer, wrapped, with PMIDs in brackets."""
    blocks = [*_understood(answer.understanding, answer.labels), ""]
    blocks += list(_found(answer)) if answer.found else list(_nothing(answer))
    blocks += ["", *answer.notes]
    return "\n".join(_wrapped(block) for block in blocks) + "\n"


def _wrapped(line: str) -> str:
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(line, WIDTH, subsequent_indent=indent + "  ", break_on_hyphens=False) if line else ""


def _understood(read: Understanding, labels: Mapping[str, str]) -> Iterator[str]:
    yield f"Understood as: {read.kind_words}"
    for role in ROLES:
        concepts = read.role(role)
        if concepts:
            names = [labels.get(concept, concept.replace("_", " ")) for concept in concepts]
            more = f" and {len(names) - 6} others" if len(names) > 6 else ""
            by = " (set by you)" if role in read.corrected else ""
            yield f"  {_ROLE_WORDS[role] + ':':11} {'; '.join(names[:6])}{more}{by}"
    for note in read.notes:
        yield f"  {note}"
    if read.unknown:
        yield f"  Not understood: {', '.join(read.unknown)}"
    yield "  Not what you meant? Say it with --intervention A --versus B --outcome C."


def sentence_text(sentence: Sentence) -> str:
    """A sentence with the PMIDs of its citations in brackets where they stand."""
    words = []
    for part in sentence.parts:
        if isinstance(part, Cite):
            words.append(f" [{', '.join(dict.fromkeys(cited.pmid for cited in part.citations))}]")
        else:
            words.append(part if isinstance(part, str) else part.text)
    return "".join(words)


def _found(answer: Answer) -> Iterator[str]:
    yield "Answer"
    yield from (f"  {sentence_text(sentence)}" for sentence in answer.sentences)
    yield from (f"  {line}" for line in answer.included)
    for claim in (*answer.claims, *answer.broader):
        yield ""
        yield from _claim(claim, answer.labels)
    if answer.figures:
        yield from ("", "Reported figures of the tools (quoted, not ranked)")
        for study in {figure.study.pmid: figure.study for figure in answer.figures}.values():
            quotes = {f.quote.passage.text: f.quote for f in answer.figures if f.study.pmid == study.pmid}
            yield _study(study)
            yield from (f"      “{text}”" for text in quotes)
    if answer.further:
        yield from ("", "Further studies of this")
        for study in answer.further:
            yield _study(study)
            yield from (f"      “{quote.passage.text}”" for quote in study.quotes)
    yield from (f"  {line}" for line in answer.cut)
    yield from _beside(answer)


def _claim(claim: AnsweredClaim, labels: Mapping[str, str]) -> Iterator[str]:
    versus = f" against {labels[claim.comparator]}" if claim.comparator else ""
    fit = f" ({FITS[claim.fit]})" if claim.fit not in ("as asked", "narrower") else ""
    yield f"{labels[claim.outcome] if claim.outcome else 'Outcome not named'}: {labels[claim.subject]}{versus}{fit}"
    yield f"  {sentence_text(claim.sentence)}"
    yield from (f"  Why this grade: {reason}" for reason in claim.grade_reasons)
    other = labels.get(claim.comparator or "", NOT_NAMED)
    if claim.signature is not None:
        yield f"  Reason of the reviewer: {claim.signature.reason}"
    for study in claim.studies:
        points = POINTS[study.points].format(subject=labels[claim.subject], other=other)
        yield _study(study, f": {points}")
        yield from (f"      “{quote.passage.text}”" for quote in study.quotes)


def _study(study: CitedStudy, points: str = "") -> str:
    facts = [f"level {study.level}" if study.level else "no level", design_words(study.design)]
    facts += [f"{study.patients} patients"] if study.patients else []
    facts += ["sample synopsis"] if study.synopsis else []
    facts += ["does not name what narrows the question"] if study.names_population is False else []
    facts += [f"not counted apart: {study.not_counted_because}"] if not study.counted else []
    return f"    {study.short} [PMID {study.pmid}] ({', '.join(facts)}){points}"


def _nothing(answer: Answer) -> Iterator[str]:
    near = " exactly; what is near stands below" if answer.broader else ""
    yield f"No evidence here answers this{near}."
    yield from (f"  Looked for {line}" for line in answer.looked_for or ("nothing: no word of it is known",))
    if answer.nearest or answer.broader:
        yield "  Nearest, with evidence:"
        yield from (f"    {near.words} [{', '.join(near.pmids[:5])}]" for near in answer.nearest)
    for claim in answer.broader:
        yield ""
        yield from _claim(claim, answer.labels)
    yield from _beside(answer)


def _beside(answer: Answer) -> Iterator[str]:
    """What would fit and counts for nothing."""
    if answer.retracted:
        yield f"  Left out as retracted: PMID {', '.join(answer.retracted)}."
    if answer.elsewhere:
        yield from ("", "Not counted: about metastases in general, not about the spine")
        yield from (_study(study) for study in answer.elsewhere)
