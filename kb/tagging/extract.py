"""`extract(record)`: everything that one record says, in the public shape of extract.schema.json."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kb.evidence import Extraction, Extractor, Mention, Study
from kb.grading.levels import rate
from kb.tagging.findings.groups import group_labels, with_groups
from kb.tagging.findings.results import read_findings
from kb.tagging.pipeline import read_articles
from kb.tagging.prognostic.tool_roles import is_denied, read_tool_roles, tools_under_test
from kb.tagging.prognostic.tools import read_tool_performance
from kb.tagging.relevance import read_relevance, read_topics
from kb.tagging.roles import Comparison, read_comparison, role_of
from kb.tagging.study.primary_tumours import read_primary_tumours
from kb.tagging.study.readings import read_study
from kb.tagging.study.study_models import DESIGN_MODEL, QUESTION_MODEL
from kb.vocabulary.concept import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.resources.abc import Traversable

    from harvest.record import Record
    from kb.evidence import Role
    from kb.tagging.article import Article

VERSION = "0.1.0"
_COMPARATIVE = frozenset({"rct", "prospective_cohort", "retrospective_comparative"})


@cache
def extractor() -> Extractor:
    """Which rules and vocabulary this program extracts with.

    The version ends in a digest of the rules themselves: when they change, stored evidence is made anew.
    """
    digest = hashlib.sha256()
    for package in ("kb.tagging", "kb.grading"):
        for file in _rules_below(files(package)):
            digest.update(file.read_bytes())
    for name in (DESIGN_MODEL, QUESTION_MODEL):
        weights = files("kb.models").joinpath(f"{name}.json")
        digest.update(weights.read_bytes() if weights.is_file() else b"")
    return Extractor(f"{VERSION}+{digest.hexdigest()[:8]}", load_vocabulary().digest)


def _rules_below(folder: Traversable) -> Iterator[Traversable]:
    """The modules and tables of a package and of the packages in it, in a fixed order."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith((".py", ".toml")):
            yield entry
        elif entry.is_dir() and entry.name != "__pycache__":
            yield from _rules_below(entry)


def extract(record: Record) -> Extraction:
    """Return all evidence found in one record. Pure: the same record gives the same extraction."""
    return next(extract_all([record]))


def extract_all(records: Iterable[Record]) -> Iterator[Extraction]:
    """Return the evidence of each record, in order."""
    return (_extraction(article) for article in read_articles(records))


def _extraction(article: Article) -> Extraction:
    labels = group_labels(article)
    comparison = with_groups(read_comparison(article), labels, article.vocabulary)
    under_test = tools_under_test(article)
    study = _study(article, comparison)
    if study.design in _COMPARATIVE:  # its values then never belong to one arm by default
        comparison = replace(comparison, compares=True)
    comparison = replace(
        comparison,
        attributes=study.question == "therapeutic"
        or _titled(article, study, comparison)
        or _one_cohort(study, comparison),
        contrasts=comparison.compares or study.design == "meta_analysis",
    )
    performance = read_tool_performance(article, study.design, study.patients, under_test)
    tool_roles = read_tool_roles(article, study.design, under_test, performance)
    findings = () if study.design == "protocol" else read_findings(article, comparison, performance, labels)
    reported = frozenset(finding.outcome for finding in findings if finding.outcome)
    comparison = replace(comparison, measured=comparison.measured | reported)
    return Extraction(
        pmid=article.record.pmid,
        source=article.record.origin,
        relevance=read_relevance(article),
        topics=read_topics(article, comparison.studied, under_test),
        study=study,
        mentions=tuple(_mentions(article, comparison, tool_roles)),
        findings=findings,
        tool_performance=performance,
        extractor=extractor(),
    )


_OF_ONE_COHORT = frozenset({"case_series", "prediction_model_development", "external_validation"})


def _one_cohort(study: Study, comparison: Comparison) -> bool:
    """Whether all patients of a study had the one treatment it is about, so that whole-cohort results are its own."""
    return study.design in _OF_ONE_COHORT and not comparison.compares and len(comparison.salient) == 1


def _titled(article: Article, study: Study, comparison: Comparison) -> bool:
    """Whether a series asks what foretells an outcome of the one treatment that its title names."""
    named = {n.concept.id for s in article.in_zones("title") for n in s.of_kind("intervention")}
    return study.design == "case_series" and named & comparison.salient == {comparison.main}


def _study(article: Article, comparison: Comparison) -> Study:
    read = read_study(article, comparison)
    design, question, size = read.design, read.question, read.size
    rating = rate(design.design, question, f"{article.title}\n{article.body}")
    return Study(
        design=design.design,
        design_reason=design.reason,
        question=question,
        level_nass=rating.nass,
        level_reason=f"{rating.reason}; {read.question_note}" if read.question_note else rating.reason,
        level_ocebm=rating.ocebm,
        patients=size.patients,
        lesions=size.lesions,
        follow_up_months=size.follow_up_months,
        arms=size.arms,
        primary_tumours=read_primary_tumours(article, design.design),
        design_span=design.span,
        patients_span=size.patients_span,
    )


def _mentions(article: Article, comparison: Comparison, tool_roles: Mapping[str, Role]) -> Iterator[Mention]:
    for sentence in article.sentences:
        for named in sentence.named:
            yield Mention(
                span=sentence.span(named.start, named.end),
                sentence=sentence.span(),
                concept=named.concept.id,
                kind=named.concept.kind,
                role=role_of(named, sentence, comparison, tool_roles),
                negated=is_denied(named, sentence) if named.concept.kind == "tool" else named.negated,
                hypothetical=named.hypothetical,
            )
