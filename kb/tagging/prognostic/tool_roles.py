"""Tool roles: which tools a study evaluates, which it uses to measure or sort, and which it only mentions.

A role belongs to the tool in the whole paper, not to one mention. A kind of tool ("a prediction model", "scoring
systems") that only sums up the tools named beside it plays no part of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.prognostic.own_tools import (
    GENERIC,
    NOT_SCORED,
    VAGUE,
    makes_a_tool,
    own_names,
    own_tool,
    versions,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.evidence import Design, Role, ToolPerformance
    from kb.tagging.article import Article, Named, Sentence

_TOOL_TEST = re.compile(
    r"\b(?:validat\w+|accura\w+|predict\w*|discriminat\w+|calibrat\w+|AUC|AUROC|C-(?:index|statistic)|reliab\w+|agreement|"
    r"sensitivity|specificity|kappa|ICC|perform\w+|compar\w+|evaluat\w+|develop\w+|prognostic value)\b",
    re.IGNORECASE,
)
# That a questionnaire or scale itself is judged.
_JUDGED = re.compile(
    r"\b(?:validat\w+|validity|reliab\w+|agreement|psychometric\w*|translat\w+|cross-cultural\w*|internal consistency|test-retest)",
    re.IGNORECASE,
)
# What results say of a score that is put to the test: its foretelling, not its values in groups.
_FORETELLS = re.compile(
    r"\b(?:predict(?!ed risk)\w*|prognos\w+|foretell\w*|accura\w+|inaccura\w+|discriminat\w+|calibrat\w+|overestimat\w+|underestimat\w+|"
    r"AUC|AUROC|C-(?:index|statistic)|outperform\w*|valid\w*|independent(?:ly)?|estimat\w+ (?:of )?surviv\w+|agreement|reliab\w+|superior\w*|inferior\w*)\b",
    re.IGNORECASE,
)
# Methods that set scores side by side: "the accuracy of the nomogram was compared to that of the Tomita score".
_COMPARED = re.compile(r"\bcompar\w+", re.IGNORECASE)
_HOW_WELL = re.compile(r"\b(?:accura\w+|performance|predictive|discriminat\w+|prognostic)\b", re.IGNORECASE)
_ASSESSED = re.compile(
    r"\b(?:accura\w+|compar\w+|assess\w*|evaluat\w+|validat\w+|calculat\w+|predict\w*|analy[sz]\w+)\b",
    re.IGNORECASE,
)
# Title or aim that put a row of scores to the test: "validation of 8 models", "evaluation of scoring systems".
_ROW_TESTED = re.compile(
    r"\b(?:validat\w+|evaluat\w+|compar\w+|analy[sz]\w+|accura\w+|predictive value|performance)\b[^.;]{0,80}"
    r"\b(?:scores|scoring systems?|models|prognostic systems|classifications|nomograms)\b",
    re.IGNORECASE,
)
_LEAST_IN_ROW = 3
_DENIED = re.compile(r"\b(?:no|not|without|never|neither|nor)\s(?:\w+\s)?$", re.IGNORECASE)
_REVIEWS = frozenset({"narrative_review", "systematic_review", "guideline"})
# Tools for judging papers, never judged by the studies of this field themselves.
_OF_PAPERS = frozenset(
    {
        "prediction_study_appraisal_tool",
        "study_quality_checklist",
        "grade_approach",
        "nass_levels_of_evidence",
        "wright_levels_of_evidence",
    }
)


def tools_under_test(article: Article) -> frozenset[str]:
    """Ids of the tools that title or aim put to the test."""
    return frozenset(
        named.concept.id
        for sentence in article.in_zones("title", "aim")
        if sentence.zone == "title" or _TOOL_TEST.search(sentence.text)
        for named in sentence.of_kind("tool")
        if sentence.zone == "title" or named.concept.type not in NOT_SCORED
    )


def read_tool_roles(
    article: Article, design: Design, under_test: frozenset[str], performance: Iterable[ToolPerformance]
) -> Mapping[str, Role]:
    """Return the role of each tool that an article names, by concept id; a tool of the background alone has none here."""
    named_here = _named(article)
    if not named_here:
        return {}
    makes = makes_a_tool(article, design)
    own = own_tool(article, makes=makes)
    reported = {row.tool for row in performance}
    own_words = {
        (id(s), n.start)
        for tool, places in named_here.items()
        if tool in GENERIC
        for s, _ in places
        for n in own_names(s)
    }
    roles: dict[str, Role] = {}
    full = versions(article)
    for tool, places in named_here.items():
        own_places = [(s, n) for s, n in places if (id(s), n.start) in own_words]
        if tool in GENERIC:
            roles[tool] = _kind_role(article, tool, own_places, own, reported, design)
        elif tool not in reported and (full.get(tool) in named_here or _sums_up(article, tool, named_here)):
            roles[tool] = "mentioned"
        else:
            roles[tool] = _role(article, tool, places, under_test, reported, own, design, makes=makes)
    return roles


def _sums_up(article: Article, tool: str, named_here: Iterable[str]) -> bool:
    """Whether "frailty index" only sums up the indices that the paper names."""
    return tool == "frailty_index" and any(
        tool in article.vocabulary.ancestors(other) for other in named_here
    )


def is_denied(named: Named, sentence: Sentence) -> bool:
    """Whether a tool itself is denied; "absence of deficit, Tokuhashi score" denies the deficit alone."""
    return named.negated and _DENIED.search(sentence.text, max(0, named.start - 24), named.start) is not None


def _named(article: Article) -> dict[str, list[tuple[Sentence, Named]]]:
    """Where an article names each tool outside its background."""
    found: dict[str, list[tuple[Sentence, Named]]] = {}
    for sentence in article.sentences:
        if sentence.zone in ("background", "other"):
            continue
        for named in sentence.of_kind("tool"):
            if not is_denied(named, sentence):
                found.setdefault(named.concept.id, []).append((sentence, named))
    return found


def _role(
    article: Article,
    tool: str,
    places: list[tuple[Sentence, Named]],
    under_test: frozenset[str],
    reported: set[str],
    own: str | None,
    design: Design,
    *,
    makes: bool,
) -> Role:
    concept = article.vocabulary.concepts[tool]
    if tool in reported or tool == own:
        return "evaluated"
    if tool in _OF_PAPERS:
        return "used"
    if concept.type in NOT_SCORED:
        judged = any(
            s.zone in ("title", "aim") and (_JUDGED.search(s.text) or s.zone == "title") for s, _ in places
        )
        return "evaluated" if judged else "used"
    if tool in under_test or _stands_in_tested_row(article, places):
        return "evaluated"
    told = [s for s, _ in places if s.zone in ("results", "conclusion")]
    if concept.type in ("classification", "framework"):
        return "evaluated" if any(_JUDGED.search(s.text) for s in told) else "used"
    if design == "external_validation" and any(
        s.zone in ("aim", "methods")
        and _ASSESSED.search(s.text)
        and len({n.concept.id for n in s.of_kind("tool")}) > 1
        for s, _ in places
    ):
        return "evaluated"
    if any(s.zone == "methods" and _COMPARED.search(s.text) and _HOW_WELL.search(s.text) for s, _ in places):
        return "evaluated"
    if makes:
        return "used"  # one factor among those of the new model
    if design in _REVIEWS and under_test & set(GENERIC):
        return "evaluated"
    return (
        "evaluated" if any(_FORETELLS.search(s.text) for s in told) and design != "meta_analysis" else "used"
    )


def _stands_in_tested_row(article: Article, places: list[tuple[Sentence, Named]]) -> bool:
    """Whether a score is one of the several that methods or results name where title or aim test scores as a row."""
    return any(
        s.zone in ("methods", "results")
        and len({n.concept.id for n in s.of_kind("tool") if n.concept.type in ("score", "model")})
        >= _LEAST_IN_ROW
        for s, named in places
        if named.concept.type in ("score", "model")
    ) and any(_ROW_TESTED.search(s.text) for s in article.in_zones("title", "aim"))


def _kind_role(
    article: Article,
    tool: str,
    places: list[tuple[Sentence, Named]],
    own: str | None,
    reported: set[str],
    design: Design,
) -> Role:
    """A kind of tool is the paper's own, a rival with figures of its own, or a word for tools named elsewhere."""
    if tool in reported or tool == own:
        return "used" if tool == "finite_element_fracture_model" and design == "laboratory" else "evaluated"
    if not places or tool in VAGUE:
        return "mentioned"
    titled = any(s.zone == "title" for s, _ in places)
    if (
        own is not None
        and not titled
        and (
            own == "radiomics_model"
            or (article.vocabulary.concepts[own].type == "model" and own not in GENERIC)
        )
    ):
        return "mentioned"
    asked = [s for s, _ in places if s.zone in ("title", "aim")]
    told = [s for s, _ in places if s.zone in ("results", "conclusion", "methods")]
    if asked or any(_FORETELLS.search(s.text) for s in told):
        return "evaluated"
    return "used"
