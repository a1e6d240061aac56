"""Salience: which of the treatments and outcomes that a text names the study is about.

Abstracts name many treatments in passing: how patients were imaged, what they had before, what others advise. One is
under study where title or aim name it, where it is an arm of a comparison, or, if neither names any, where the
patients are said to have had it. "Surgery" gives way to the kind of surgery, and to what was done beside it.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from kb.tagging.aims import own_sentences, stated_aims
from kb.tagging.salience_lists import made_of
from kb.tagging.salience_points import GIVEN_POINTS, IMAGING, WITH_SIZE, points_of
from kb.tagging.tested_factors import tested_treatments

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kb.tagging.article import Article
    from kb.vocabulary.concept import Vocabulary

# Named in passing in most abstracts, and under study only when the title says so.
INCIDENTAL = frozenset(
    {
        "magnetic_resonance_imaging",
        "positron_emission_tomography",
        "bone_scintigraphy",
        "computed_tomography",
        "radiography",
        "primary_tumour_surgery",
        "spinal_biopsy",
        "spinal_angiography",
        "analgesic",
        "opioid",
        "anaesthesia",
        "previous_radiotherapy",
        "palliative_care",
        "multidisciplinary_tumour_board",
        "referral_pathway",
        "best_supportive_care",
        "standard_of_care",
        "bed_rest",
        "dose_escalated_radiotherapy",
        "timing_of_surgery",
        "surveillance_imaging",
    }
)
# Done again or later because of how the patients fared: an outcome, unless title or aim put it under study.
EVENTS = frozenset({"revision_surgery", "salvage_surgery", "reirradiation"})
# Never counted as tested factors: how patients fared, or what was seen or needed.
_NEVER_A_FACTOR = (EVENTS | INCIDENTAL | {"corticosteroid"}) - {"primary_tumour_surgery"}
# Whole families of treatment: beside a narrower or a different one they tell the setting.
_FAMILIES = frozenset(
    {
        "surgery",
        "radiotherapy",
        "external_beam_radiotherapy",
        "radiotherapy_alone",
        "surgery_alone",
        "chemotherapy",
        "systemic_therapy",
        "corticosteroid",
        "non_surgical_management",
        "tumour_resection",
        "surgical_stabilisation",
        "metastasis_directed_therapy",
        "ablation",
        "cement_augmentation",
    }
)
# What a treatment is held against is no reason to set a whole family of treatment aside.
NOTHING_DONE = frozenset(
    {"observation_without_treatment", "placebo", "sham_procedure", "best_supportive_care"}
)
_BESIDE = re.compile(
    r"^\W*(?:\([^)]*\)\W*)?(?:and|plus|versus|vs\.?|v\.?|or|with or without|followed by|combined with|compared (?:with|to)|with|against)\W+(?:\w+\W+)?$",
    re.IGNORECASE,
)
_BEST_TEST = re.compile(
    r"\b(?:most|more) (?:useful|accurate|sensitive|specific|reliable|informative)\b", re.IGNORECASE
)
_FOR_EXAMPLE = re.compile(r"\b(?:such as|including|e\.g\.|for example)[^.;]{0,120}$", re.IGNORECASE)
_AGREEMENT = re.compile(
    r"\b(?:reliability|(?:inter|intra)-?(?:observer|rater)|agreement (?:of|between|among|evaluation))\b",
    re.IGNORECASE,
)
_STEREOTACTIC, _CONVENTIONAL = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
_REVIEW = re.compile(r"\b(?:review|overview|guidelines?|literature)\b", re.IGNORECASE)
# What speaks for a treatment before it counts as studied; the next only if nothing reaches the one before.
_STUDIED_AT = (2.0, 1.5, 0.7)
# What a mention in methods or results weighs unless it tells of earlier care, of doses, or of what imaging served.
_TOLD_AT = 0.8
# Whom the study left out, what came before or later, and what others had.
_OF_OTHERS = re.compile(
    r"\b(?:exclu\w+|eligib\w+|failures?|recurren\w+|progress\w+|salvage|censored|planned|suitable|unfit|candidates?|reported for|"
    r"prior|previous\w*|earlier|history|refus\w+|before|until|instead of|rather than)\b[^.;]{0,80}$",
    re.IGNORECASE,
)


def salient_treatments(article: Article, arms: Iterable[str]) -> frozenset[str]:
    """Return the ids of the treatments under study, comparators included. `arms`: sides of a comparison."""
    vocabulary = article.vocabulary
    arms = frozenset(arms)
    score = _scores(article, arms)
    core: set[str] = set()
    for least in _STUDIED_AT:
        if not core - NOTHING_DONE:
            core = {c for c, points in score.items() if points >= least}
    aimed = {n.concept.id for s in stated_aims(article) for n in s.of_kind("intervention")}
    if any(
        _AGREEMENT.search(s.text) for s in stated_aims(article)
    ):  # how patients were treated tells who they were
        core &= aimed | IMAGING
    paired, sized = _arms_and_joined(article, arms), _arms_with_size(article)
    if core & vocabulary.with_narrower(frozenset({_STEREOTACTIC})) and _is_review(article):
        core |= {c for c in (_CONVENTIONAL,) if score[c] >= _STUDIED_AT[-1]}
    titled = {n.concept.id for s in article.in_zones("title") for n in s.of_kind("intervention")}
    for whole, parts in made_of().items():
        if whole in core:
            kept = parts & titled if len(parts & titled) == 1 else frozenset()
            core -= parts - (frozenset() if whole in arms & titled else arms) - kept
    given = _given_in_methods(article)
    told_late = core - ((aimed | given) - _examples(article)) - arms
    return frozenset(
        c
        for c in core
        if c in paired
        or not (
            _is_said_closer(c, core - told_late if c in titled else core, score, vocabulary)
            or (c not in sized | (aimed & given) and _only_sets_the_scene(c, core, score, vocabulary, aimed))
        )
    )


def _arms_with_size(article: Article) -> frozenset[str]:
    """Treatments that the methods name with the number of patients who had them."""
    return frozenset(
        n.concept.id
        for s in article.in_zones("methods")
        for n in s.of_kind("intervention")
        if WITH_SIZE.match(s.text[n.end :])
    )


def tested_as_factors(article: Article, salient: frozenset[str]) -> frozenset[str]:
    """Return the ids of further treatments whose effect was tested.

    A broad name that stands alone is another word for its narrower kind, if `salient` holds one; among others it is not.
    """
    closer = {broad for c in salient for broad in article.vocabulary.ancestors(c)}
    tested = {
        c for found in tested_treatments(article) for c in (found if len(found) > 1 else found - closer)
    }
    return frozenset(tested - _NEVER_A_FACTOR - salient)


def kinds_told(article: Article, salient: frozenset[str]) -> frozenset[str]:
    """Return the ids of narrower kinds of a treatment under study that methods or results name.

    A series on surgery that tells how many had a laminectomy asks about it as well; results that name none are not its own.
    """
    told = {
        n.concept.id
        for s in article.in_zones("methods", "results")
        for n in s.of_kind("intervention")
        if not n.negated
        and not n.hypothetical
        and points_of(s, n) >= _TOLD_AT
        and not _OF_OTHERS.search(s.text[: n.start])
    }
    ancestors = article.vocabulary.ancestors
    kinds = {c for c in told if any(broader in salient for broader in ancestors(c))}
    return frozenset(kinds - salient - INCIDENTAL - EVENTS)


def _examples(article: Article) -> frozenset[str]:
    """Treatments that the aim names as examples: "radionuclides such as strontium-89"."""
    return frozenset(
        n.concept.id
        for s in stated_aims(article)
        for n in s.of_kind("intervention")
        if s.zone == "aim" and _FOR_EXAMPLE.search(s.text[: n.start])
    )


def _given_in_methods(article: Article) -> frozenset[str]:
    """Treatments that the methods say patients had; one of several kinds is told among the results."""
    return frozenset(
        n.concept.id
        for s in article.in_zones("methods")
        for n in s.of_kind("intervention")
        if points_of(s, n) >= GIVEN_POINTS
    )


def _is_review(article: Article) -> bool:
    """Whether title or aim call it a review, or no methods are told."""
    return any(_REVIEW.search(s.text) for s in stated_aims(article)) or not any(
        True for _ in article.in_zones("methods")
    )


def _is_said_closer(
    identifier: str, core: set[str], score: Mapping[str, float], vocabulary: Vocabulary
) -> bool:
    """Whether a narrower treatment is what the study is about, or this one a detail of a broader one."""
    narrower = {c for c in core if identifier in vocabulary.ancestors(c)}
    if any(score[c] * 2 >= score[identifier] for c in narrower):
        return True
    if len(narrower) == 1 and all(score[c] >= GIVEN_POINTS for c in narrower):
        return True  # the one kind that all patients had
    return score[identifier] < GIVEN_POINTS and any(
        score[c] > score[identifier] * 2 for c in vocabulary.ancestors(identifier) if c in core
    )


def _only_sets_the_scene(
    identifier: str,
    core: set[str],
    score: Mapping[str, float],
    vocabulary: Vocabulary,
    aimed: set[str],
) -> bool:
    """Whether a whole family of treatment stands beside a different treatment that the study is about."""
    return identifier in _FAMILIES and any(
        c not in _FAMILIES
        and identifier not in vocabulary.ancestors(c)
        and c not in NOTHING_DONE
        and (c in aimed or identifier not in aimed)
        and score[c] >= score[identifier] / 2
        for c in core
    )


def _scores(article: Article, arms: frozenset[str]) -> Mapping[str, float]:
    """How much speaks for each treatment: the sum over title, aim, arms and what patients are said to have had."""
    score: dict[str, float] = defaultdict(float)
    imaging_study = _studies_imaging(article)
    for sentence in own_sentences(article):
        here: dict[str, float] = {}
        for named in sentence.of_kind("intervention"):
            if not named.negated:
                here[named.concept.id] = max(here.get(named.concept.id, 0.0), points_of(sentence, named))
        for identifier, points in here.items():
            incidental = identifier in INCIDENTAL and not (imaging_study and identifier in IMAGING)
            if not incidental or sentence.zone == "title":
                score[identifier] += points
    for arm in arms:
        if arm in score:
            score[arm] += 3.0
    return score


def _studies_imaging(article: Article) -> bool:
    """Whether title or aim name imaging, or the text reports how well a test detects."""
    return any(
        n.concept.id in IMAGING for s in stated_aims(article) for n in s.of_kind("intervention")
    ) or any(
        n.concept.id == "sensitivity" or (n.concept.id in IMAGING and _BEST_TEST.search(s.text))
        for s in article.in_zones("results")
        for n in s.named
    )


def _arms_and_joined(article: Article, arms: frozenset[str]) -> frozenset[str]:
    """The arms, and what title or aim joins, but for a broad name of an arm that goes by a precise one as well."""
    pairs = _joined(article)
    partners: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        partners[one].add(other)
        partners[other].add(one)
    together = arms | partners.keys()
    ancestors = article.vocabulary.ancestors
    return frozenset(
        c
        for c in together
        if not any(c in ancestors(o) and partners[c] & partners[o] - {c, o} for o in together)
    )


def _joined(article: Article) -> Iterator[tuple[str, str]]:
    """Treatments that title or aim joins: "surgery plus radiotherapy", "A versus B", "metastasectomy and targeted therapy"."""
    for sentence in stated_aims(article):
        named = sentence.of_kind("intervention")
        for one, other in itertools.pairwise(named):
            if _BESIDE.match(sentence.text[one.end : other.start]):
                yield one.concept.id, other.concept.id
