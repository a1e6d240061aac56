"""How a summary says what the database keeps in codes."""

from __future__ import annotations

from collections.abc import Mapping

DESIGNS: Mapping[str, tuple[str, str]] = {
    "rct": ("randomised controlled trial", "randomised controlled trials"),
    "prospective_cohort": ("prospective cohort study", "prospective cohort studies"),
    "retrospective_comparative": ("retrospective comparative study", "retrospective comparative studies"),
    "case_series": ("case series", "case series"),
    "case_report": ("case report", "case reports"),
    "systematic_review": ("systematic review", "systematic reviews"),
    "meta_analysis": ("meta-analysis", "meta-analyses"),
    "narrative_review": ("narrative review", "narrative reviews"),
    "guideline": ("guideline", "guidelines"),
    "cross_sectional": ("cross-sectional study", "cross-sectional studies"),
    "diagnostic_accuracy": ("study of diagnostic accuracy", "studies of diagnostic accuracy"),
    "prediction_model_development": ("model development study", "model development studies"),
    "external_validation": ("external validation study", "external validation studies"),
    "economic_evaluation": ("economic evaluation", "economic evaluations"),
    "protocol": ("study protocol", "study protocols"),
    "laboratory": ("laboratory study", "laboratory studies"),
    "survey": ("survey", "surveys"),
    "other": ("paper of another design", "papers of other designs"),
}
MEASURES: Mapping[str, str] = {
    "percent": "",
    "count": "number",
    "median": "median",
    "mean": "mean",
    "hr": "hazard ratio",
    "or": "odds ratio",
    "rr": "risk ratio",
    "md": "mean difference",
    "smd": "standardised mean difference",
    "auc": "AUC",
    "c_index": "C-index",
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "accuracy": "accuracy",
    "brier": "Brier score",
    "calibration_slope": "calibration slope",
    "calibration_intercept": "calibration intercept",
    "kappa": "kappa",
    "icc": "intraclass correlation",
    "ppv": "positive predictive value",
    "npv": "negative predictive value",
    "correlation": "correlation",
}
SETTINGS: Mapping[str, str] = {
    "development": "in the development data",
    "internal_validation": "in internal validation",
    "external_validation": "in external validation",
    "reliability": "among raters",
}

NOT_NAMED = "a group that is not named"
# Beside a p value "not tested" would be untrue: a test was read, and only its arms were not.
TEST_READ = "a test was read, but not between which arms"
NO_TEST_READ = "no comparison with a test was read"


def untold_words(p: float | None, p_relation: str | None) -> str:
    """Why a result favours nobody, where its sentence tells no direction.

    >>> untold_words(0.02, "="), untold_words(None, None)
    ('a test was read, but not between which arms', 'no comparison with a test was read')
    """
    return NO_TEST_READ if p is None and p_relation is None else TEST_READ


def design_words(design: str, count: int = 1) -> str:
    """The design in words, singular or plural."""
    one, many = DESIGNS.get(design, DESIGNS["other"])
    return one if count == 1 else many


def time_words(months: float | None) -> str:
    """When a result was measured or foretold: "12 months"; empty where the sentence does not say.

    >>> [time_words(months) for months in (1.0, 2.07, None)]
    ['1 month', '2.1 months', '']
    """
    if months is None:
        return ""
    rounded = round(months, 1)
    return f"{rounded:g} month{'' if rounded == 1 else 's'}"


def study_words(design: str, level: str | None, question: str) -> str:
    """The design, and why a case series stands above Level IV: it was read for another question than treatment.

    >>> study_words("case_series", "II", "prognostic"), study_words("case_series", "IV", "therapeutic")
    ('case series (level as a prognostic study)', 'case series')
    """
    return design_words(design) + (f" (level as a {question} study)" if _raised(design, level) else "")


def study_in_prose(design: str, level: str | None, question: str) -> str:
    """The design with its level in brackets, and for which question a case series stands above Level IV.

    >>> study_in_prose("rct", "I", "therapeutic"), study_in_prose("other", None, "other")
    ('randomised controlled trial (level I)', 'other design')
    >>> study_in_prose("case_series", "II", "prognostic")
    'case series (level II as a prognostic study)'
    """
    if level is None:
        return design_words(design)
    asked = f" as a {question} study" if _raised(design, level) else ""
    return f"{design_words(design)} (level {level}{asked})"


def _raised(design: str, level: str | None) -> bool:
    return design == "case_series" and level in ("I", "II", "III")


def with_article(words: str) -> str:
    """ "a case series", "an economic evaluation"."""
    return f"{'an' if words[:1].lower() in 'aeio' else 'a'} {words}"


def in_running_text(label: str) -> str:
    """A label inside a sentence: its first letter small unless the first word is a name or short form.

    >>> [in_running_text(label) for label in ("Local control", "SORG model", "Revised Tokuhashi score")]
    ['local control', 'SORG model', 'revised Tokuhashi score']
    """
    first = label.split(" ", 1)[0]
    is_name = not first[1:].islower() and len(first) > 1 and "-" not in first
    if is_name or _all_capitalised(label):
        return label
    return label[:1].lower() + label[1:]


def _all_capitalised(label: str) -> bool:
    words = label.split(" ")
    return len(words) > 1 and all(word[:1].isupper() for word in words)
