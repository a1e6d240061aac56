"""Study design and question type: ordered rules over publication types, title and text (design_rules.toml).

The rule that fired is kept in words, with the quotation it fired on.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kb.tagging.prognostic.own_tools import GENERIC, NOT_SCORED, lettered_tools

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.evidence import Design, Question, Span
    from kb.tagging.article import Article, Sentence


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of design_rules.toml, compiled; all conditions given must hold."""

    design: Design
    why: str
    question: Question | None
    publication_types: frozenset[str]
    title: re.Pattern[str] | None
    methods: re.Pattern[str] | None
    text: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    needs_question: re.Pattern[str] | None
    needs_tool: bool
    needs_comparison: bool
    needs_abstract: bool
    needs_titled_tool: bool
    needs_no_treatment: bool
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DesignReading:
    """The design, why, and where it was read (None: from the publication type alone).

    `question`: the type of question where the rule that fired settles it too. `indexed`: NLM's indexers said it.
    """

    design: Design
    reason: str
    span: Span | None
    question: Question | None = None
    indexed: bool = False


@cache
def _rules() -> tuple[Rule, ...]:
    def compiled(entry: dict[str, Any], key: str) -> re.Pattern[str] | None:
        return re.compile(entry[key], re.IGNORECASE) if key in entry else None

    table = tomllib.loads(files("kb.tagging.study").joinpath("design_rules.toml").read_text(encoding="utf-8"))
    return tuple(
        Rule(
            entry["design"],
            entry["why"],
            entry.get("question"),
            frozenset(entry.get("publication_type", ())),
            compiled(entry, "title"),
            compiled(entry, "methods"),
            compiled(entry, "text"),
            compiled(entry, "unless"),
            compiled(entry, "needs_question"),
            bool(entry.get("needs_tool")),
            bool(entry.get("needs_comparison")),
            bool(entry.get("needs_abstract")),
            bool(entry.get("needs_titled_tool")),
            bool(entry.get("needs_no_treatment")),
            tuple(entry.get("hints", ())),
        )
        for entry in table["rule"]
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """What the rules look at, laid out once for all of them."""

    whole: str
    lowered: str
    question: str
    title: tuple[Sentence, ...]
    methods: tuple[Sentence, ...]
    all: tuple[Sentence, ...]
    publication_types: frozenset[str]
    names_tool: bool
    has_abstract: bool
    compares: bool
    titles_tool: bool
    treats: bool


def read_design(article: Article, *, compares: bool) -> DesignReading:
    """Return the design of the study. `compares`: whether treatments are compared (see `roles`)."""
    text = _Text(
        whole=f"{article.title}\n{article.body}",
        lowered=f"{article.title}\n{article.body}".lower(),
        question=_question_words(article),
        title=tuple(article.in_zones("title")),
        methods=tuple(article.in_zones("aim", "methods", "results")),
        all=article.sentences,
        publication_types=frozenset(kind.name for kind in article.record.publication_types),
        names_tool=any(s.of_kind("tool") for s in article.sentences) or bool(lettered_tools(article)),
        has_abstract=bool(article.record.abstract),
        compares=compares,
        titles_tool=any(
            n.concept.type not in NOT_SCORED and n.concept.id not in GENERIC
            for s in article.in_zones("title")
            for n in s.of_kind("tool")
        ),
        treats=_asks_of_treatment(article),
    )
    for rule in _rules():
        if (reading := _apply(rule, text)) is not None:
            return reading
    return DesignReading("other", "no rule fits the text", None)


def _apply(rule: Rule, text: _Text) -> DesignReading | None:
    """The reading of one rule, or None where a condition fails; the costly conditions come last."""
    if (
        (rule.needs_comparison and not text.compares)
        or (rule.needs_abstract and not text.has_abstract)
        or (rule.needs_titled_tool and not text.titles_tool)
        or (rule.needs_no_treatment and text.treats)
        or (rule.needs_tool and not text.names_tool)
        or (rule.publication_types and not rule.publication_types & text.publication_types)
        or (rule.hints and not any(hint in text.lowered for hint in rule.hints))
        or (rule.needs_question and not rule.needs_question.search(text.question))
    ):
        return None
    span = None
    places = ((rule.title, text.title), (rule.methods, text.methods), (rule.text, text.all))
    for pattern, sentences in places:
        if pattern is not None:
            span = _first_match(pattern, sentences)
            if span is None:
                return None
    if rule.unless and rule.unless.search(text.whole):
        return None
    reason = f'{rule.why}: "{span.text}"' if span else rule.why
    return DesignReading(rule.design, reason, span, rule.question, bool(rule.publication_types))


# What shows a disease, or is talked over, and treats none.
_EXAMINATIONS = frozenset(
    {
        "advance_care_planning",
        "magnetic_resonance_imaging",
        "surveillance_imaging",
        "positron_emission_tomography",
        "computed_tomography",
        "radiography",
        "bone_scintigraphy",
        "spinal_biopsy",
    }
)


def _asks_of_treatment(article: Article) -> bool:
    """Whether title or aim name a treatment; an examination is none."""
    return any(
        named.concept.id not in _EXAMINATIONS
        for sentence in article.in_zones("title", "aim")
        for named in sentence.of_kind("intervention")
    )


# What PubMed prints where an article has no title.
_NO_TITLE = re.compile(r"\W*(?:title )?not (?:seen|available)\W*", re.IGNORECASE)


def _headline(article: Article) -> str:
    """The title; of an article without one the sentence that says its aim."""
    if article.title and not _NO_TITLE.fullmatch(article.title):
        return article.title
    return next((sentence.text for sentence in article.in_zones("aim")), article.title)


def _question_words(article: Article) -> str:
    """Title and aim: where a study says what it asks."""
    return " ".join(sentence.text for sentence in article.in_zones("title", "aim"))


def _first_match(pattern: re.Pattern[str], sentences: Sequence[Sentence]) -> Span | None:
    for sentence in sentences:
        if match := pattern.search(sentence.text):
            return sentence.span(match.start(), match.end())
    return None


_PROGNOSTIC = re.compile(
    r"\b(?:prognos\w+|predict\w*|risk factors?|factors? (?:affecting|associated|influencing|for)|survival after|"
    r"(?:survival|mortality) following|mortality after|determinants|correlates of|outcome predict\w+|nomogram|^\W*(?:[\w-]+ ){0,2}survival (?:of|in|for)|^\W*(?:[\w-]+ ){0,2}risk of|survival analys[ei]s of|(?:elderly|older|octogenarian\w*|geriatric)(?: \w+)? (?:versus|vs|and|compared with) (?:the )?(?:younger|non-?elderly|young)|between (?:elderly|older|younger)|(?:correlations?|relationships?|associations?) (?:of|between)|biomarkers?)\b|\bassociated with (?:\w+ ){0,2}(?:survival|mortality|outcomes?)\b",
    re.IGNORECASE,
)
# An aim that asks which features go with an outcome, whatever was done to the patients.
_TRAITS = (
    r"(?:age|ageing|frail\w*|sarcopa?en\w*|nutrition\w*|malnutrition|(?:hypo)?albumin\w*|ha?emoglobin|ana?emia|body mass|BMI|obes\w+|smok\w+|comorbid\w*|race|racial|ethnic\w*|insurance|"
    r"socioeconomic|sex|gender|mutations?|EGFR|receptor status|subtypes?|biomarkers?|lymphocytes?|neutrophil\S*|platelets?(?!-rich)|C-reactive|inflammat\w+|performance status|ambulatory status|"
    r"histolog\w+|primary (?:tumou?r|site|cancer)|tumou?r type|psoas|muscle|bone (?:mineral )?density|Hounsfield|diabetes|depression|delirium|hospital volume|visceral metastas[ei]s|"
    r"duration of (?:[\w-]+ ){0,2}(?:deficits?|symptoms|paralysis|paraplegia|weakness))"
)
_FACTORS = re.compile(
    r"\b(?:predictors?|predictive factors?|prognostic (?:factors?|variables?|indicators?|value|role|significance|impact)|risk factors?|"
    r"factors? (?:associated|affecting|influencing|predict\w+|that|related)|to predict|associations? with|identify (?:\w+ ){0,3}factors|"
    r"(?:is|are|was|were) (?:\w+ )?(?:associated|correlated) with|whether (?:\w+ )?age)\b|"
    r"\bcompar\w+ [^.]{0,60}\b(?:prognos[ei]s|survival)\b[^.]{0,90}\b(?:types? of|other) (?:cancers?|tumou?rs?)\b",
    re.IGNORECASE,
)
# An aim that asks what a trait of the patients does.
_TRAIT_ASKED = re.compile(
    rf"\b(?:whether|if|effects?|impact|influence|role|associations?|relationships?|correlations?|significance|value)\b[^.;]{{0,40}}?\b{_TRAITS}\b",
    re.IGNORECASE,
)
# "Outcome of surgery according to receptor status"
_BY_TRAIT = re.compile(
    rf"\b(?:according to|depending on|stratified by|based on|in relation to|by) (?:the |their )?(?:[\w-]+ ){{0,3}}?{_TRAITS}\b",
    re.IGNORECASE,
)
# "Surgical outcomes and risk factors": what the treatment does comes first, the factors are its second question.
_OUTCOMES_FIRST = re.compile(
    r"^\W*(?:[\w-]+ ){0,4}(?:outcomes?|results?|treatment|management|efficacy|safety|feasibility)\b[^:]{0,60}?\band\b[^:]{0,40}\bfactors\b",
    re.IGNORECASE,
)
# "To report pain relief and to analyse the factors of relapse": the title names the treatment and no factors.
_REPORTS_FIRST = re.compile(
    r"\b(?:report|describe|present|review|summari[sz]e|evaluate|assess)\b[^.;]{0,60}\b(?:outcomes?|results?|toxicit\w+|efficacy|safety|experience|"
    r"(?:pain|symptom) (?:relief|control|palliation)|local control|complications?|response|effect\w*|incidence|rates?)\b[^.]{0,140}"
    r"\b(?:and|as well as)\b (?:also )?(?:to )?(?:\w+ly )?(?:identify|analy[sz]e|determine|find|explore|define|investigate|evaluate|examine|assess)\b[^.]{0,60}\b(?:factors|predictors|variables|correlates)\b",
    re.IGNORECASE,
)
# Patients with one disease set against patients with another: what is compared is no treatment.
_DISEASES_COMPARED = re.compile(
    r"\bcompar\w+\b[^.;]{0,90}\b(?:patients|those|individuals|people|cases|survivors) (?:presenting |presented |diagnosed |admitted |affected |who presented )?(?:with|due|of)\b[^.;]{2,90}?"
    r"\b(?:with|to|and|versus|vs)\b[^.;]{0,40}?\b(?:patients|those|individuals|people|cases|counterparts|group)\b[^.;]{0,25}\b(?:with|due|of|without|whose)\b|"
    r"\bcompar\w+ (?:(?:those|this|these|them|outcomes?|results|it) )?(?:with|to) (?:those |the )?(?:\w+ )?(?:patients|cases|individuals)\b[^.;]{0,60}\b(?:due to|from|with|of) (?:an? )?(?:known|benign|traumatic|primary|(?:other|another|different) (?:\w+ )?(?:tumou?rs?|cancers?|diseases?|primar\w+|histolog\w+|aetiolog\w+|etiolog\w+)|non-?\w+)\b|"
    r"\b(?:lung|breast|prostate|renal|kidney|thyroid|colorectal|NSCLC|myeloma|hepatocellular)\b(?: \w+)? (?:versus|vs\.?|compared (?:with|to)) (?:\w+ )?(?:lung|breast|prostate|renal|kidney|thyroid|colorectal|SCLC|myeloma|other|all other)\b|"
    r"\b(?:neoplastic|malignant|metastatic|primary)\b[^.;]{0,25}\b(?:versus|vs\.?|and|or)\b[^.;]{0,25}\b(?:traumatic|benign|osteoporotic|metastatic|degenerative|infectious)\b[^.;]{0,60}\b(?:compar\w+|differ\w*|outcomes?)\b",
    re.IGNORECASE,
)
_TREATED_FIRST = re.compile(
    r"\b(?:outcomes?|results?|treatment|management|efficacy|effective\w*|safety|feasib\w+|experience|technique|effects?|improve\w*)\b",
    re.IGNORECASE,
)
# How factors are tested, each counted once.
_TESTED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bmultivaria\w+|\bunivaria\w+|\bmultiple (?:logistic |linear )?regression",
        r"\bCox\b|\blogistic\b|\bproportional hazards?\b|\bcompeting[- ]risks? regression|\bregression (?:analys|model)",
        r"\bindependent(?:ly)? (?:\w+ )?(?:predict|risk|prognos|factor|associat)|\bindependent(?:ly)?\b",
        r"\b(?:predictors?|predictive of|predicted|risk factors?|prognostic|factors? (?:associated|that|affecting|influencing|related|predicting))\b",
        r"(?-i:\b[as]?(?:HR|OR)s?\b)|\bhazard ratio|\bodds ratio",
    )
)
# "Readmissions after surgical treatment": what the title asks stands before.
_BEFORE_TREATMENT = re.compile(r"\b(?:after|following)\b", re.IGNORECASE)
_MANY_TESTS = 3
_FREQUENCY = re.compile(
    r"\b(?:incidence|prevalence|epidemiolog\w+|trends?|patterns?|burden)\b", re.IGNORECASE
)
_DIAGNOSTIC = re.compile(
    r"\b(?:(?<!at )(?<!time of )(?<!newly )(?<!after )(?<!since )(?<!from )diagnos\w+|reliab\w+|agreement|sensitivity|imaging|MRI|PET|detect\w+|discriminating|differentiat\w+)\b",
    re.IGNORECASE,
)
_TELLS_APART = re.compile(
    r"\b(?:differentiat\w+|differential|distinguish\w*|discriminat(?:e|es|ing)|diagnos\w+|detect\w*|tell(?:ing|s)?)\b",
    re.IGNORECASE,
)
_FORETELLS = re.compile(
    r"\b(?:surviv\w+|mortalit\w+|prognos\w+|outcomes?|response|recurrence|complications?|fracture risk|progression|life expectanc\w+|ambulat\w+)\b",
    re.IGNORECASE,
)
# "Frailty and outcomes after surgery": what comes first is a trait of the patients.
_TRAIT_FIRST = re.compile(
    r"^\W*(?:the )?(?:(?:impact|influence|effect|role) of )?(?:[\w-]+ )?(?:frailty|sarcopenia|albumin|nutrition\w*|malnutrition|age|obesity|comorbidit\w+|biomarkers?|mutations?)\b",
    re.IGNORECASE,
)
_LIFE_IN_TITLE = re.compile(r"\b(?:survival|mortality|prognos\w+|life expectancy)\b", re.IGNORECASE)
_TREATING = re.compile(
    r"\b(?:interventions? (?:for|to)|treat(?:ing|ments?)?|management|\w*therapy|surgery|surgical|palliation)\b",
    re.IGNORECASE,
)
# Reviews of how the disease arises or is modelled answer no clinical question.
_BIOLOGY = re.compile(
    r"\b(?:animal models?|mouse models?|in vivo models?|in vitro|preclinical models?|biology|pathogenesis|pathophysiolog\w+|(?:molecular|cellular) (?:\w+ ){0,2}(?:mechanisms?|basis|pathways?)|"
    r"mechanisms? of (?:\w+ ){0,2}metasta\w+|microenvironment|bone niche|(?:surgical |spinal |vascular |clinical )?anatomy|embryology|history of)\b",
    re.IGNORECASE,
)
_NO_PATIENT_QUESTION: frozenset[Design] = frozenset({"laboratory", "survey", "other"})
_TREATMENTS_COMPARED: frozenset[Design] = frozenset(
    {"rct", "protocol", "prospective_cohort", "retrospective_comparative"}
)
_REVIEWS: frozenset[Design] = frozenset({"systematic_review", "meta_analysis", "narrative_review"})
_TOLD: frozenset[Design] = frozenset({"case_report", "narrative_review", "case_series", "systematic_review"})


def read_question(article: Article, reading: DesignReading, *, treats: bool, compares: bool) -> Question:
    """Return the type of question, which settles the column of the level table.

    `treats`: an intervention stands in title or aim; `compares`: treatments are compared.
    """
    design = reading.design
    if design == "economic_evaluation":
        return "economic"
    if design == "diagnostic_accuracy":
        return "diagnostic"
    if design in ("prediction_model_development", "external_validation"):
        return "diagnostic" if _tells_apart(article) else "prognostic"
    if design in _NO_PATIENT_QUESTION:
        return "other"
    if design == "guideline":
        return "therapeutic" if treats or _TREATING.search(_question_words(article)) else "other"
    if design == "narrative_review" and _BIOLOGY.search(article.title) and not _treats_in_title(article):
        return "other"
    if reading.question is not None:
        return reading.question
    if design in _TREATMENTS_COMPARED:
        return "therapeutic"
    if design == "cross_sectional" and _FREQUENCY.search(article.title):
        return "other"
    treated = any(
        not n.hypothetical and not n.negated for s in article.sentences for n in s.of_kind("intervention")
    )
    if design == "case_report":
        return "therapeutic" if treated else "other"
    treats = treats and _asks_of_treatment(article)
    asked = _question_words(article)
    if design in _REVIEWS and _TRAIT_FIRST.search(article.title):
        return "prognostic"
    if design in _REVIEWS and _LIFE_IN_TITLE.search(article.title) and not _treats_in_title(article):
        return "prognostic"
    if design in _REVIEWS and not treats and _DIAGNOSTIC.search(asked) and _tells_apart(article):
        return "diagnostic"
    if design == "case_series" and _OUTCOMES_FIRST.search(article.title):
        return "therapeutic"
    if _PROGNOSTIC.search(article.title) or (design == "case_series" and _BY_TRAIT.search(article.title)):
        return "prognostic"
    if design == "case_series" and _treats_in_title(article) and _REPORTS_FIRST.search(asked):
        return "therapeutic"
    if not compares and (
        _FACTORS.search(asked) or (design == "case_series" and _DISEASES_COMPARED.search(asked))
    ):
        return "prognostic"
    if _DIAGNOSTIC.search(article.title) and not treats:
        return "diagnostic"
    if compares:
        return "therapeutic"
    if design == "case_series" and _TRAIT_ASKED.search(asked):
        return "prognostic"
    if design == "case_series" and _tests_factors(article):
        return "prognostic"
    if _FREQUENCY.search(article.title) and not treats:
        return "prognostic"
    if design in _REVIEWS and _TREATING.search(article.title):
        return "therapeutic"
    return "therapeutic" if treats or (treated and design in _TOLD) else "prognostic"


def _treats_in_title(article: Article) -> bool:
    treated = (n for s in article.in_zones("title") for n in s.of_kind("intervention"))
    return any(n.concept.id not in _EXAMINATIONS for n in treated) or bool(_TREATING.search(article.title))


def _tells_apart(article: Article) -> bool:
    """Whether title or aim ask to tell a disease from others, and the title for nothing that comes later."""
    return bool(_TELLS_APART.search(_question_words(article))) and not _FORETELLS.search(article.title)


def _tests_factors(article: Article) -> bool:
    """Whether the work of a series is the testing of factors, though neither title nor aim says so."""
    headline = _headline(article)
    if _TREATED_FIRST.search(_BEFORE_TREATMENT.split(headline)[0] or headline):
        return False
    text = " ".join(s.text for s in article.in_zones("methods", "results", "conclusion"))
    return sum(bool(pattern.search(text)) for pattern in _TESTED) >= _MANY_TESTS
