"""Primary tumours: where the cancer of the patients studied began.

Named in what the study did and found; not in exclusions, in examples ("tumours such as ...") or as a tested factor.
Lists of sites count by the organ alone, "the primary site was lung (27%), breast (17%)".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.evidence import Design
    from kb.tagging.article import Article, Named, Sentence
    from kb.tagging.sections import Zone

_ORGANS = {
    "lung": "lung_cancer",
    "breast": "breast_cancer",
    "prostat": "prostate_cancer",
    "kidney": "kidney_cancer",
    "renal": "kidney_cancer",
    "thyroid": "thyroid_cancer",
    "liver": "hepatocellular_carcinoma",
    "hepatocellular": "hepatocellular_carcinoma",
    "colorect": "colorectal_cancer",
    "colon": "colorectal_cancer",
    "stomach": "gastric_cancer",
    "gastric": "gastric_cancer",
    "pancrea": "pancreatic_cancer",
    "bladder": "urothelial_cancer",
    "urothel": "urothelial_cancer",
    "esophag": "oesophageal_cancer",
    "oesophag": "oesophageal_cancer",
    "head and neck": "head_and_neck_cancer",
    "hematolog": "haematological_malignancy",
    "haematolog": "haematological_malignancy",
    "blood": "haematological_malignancy",
    "bone marrow": "haematological_malignancy",
    "gi": "gastrointestinal_cancer",
    "gastrointestinal": "gastrointestinal_cancer",
    "ovar": "ovarian_cancer",
    "cervix": "cervical_cancer",
    "melanoma": "melanoma",
    "myeloma": "multiple_myeloma",
    "lymphoma": "lymphoma",
    "sarcoma": "sarcoma",
    "unknown": "unknown_primary_cancer",
}
_ORGAN = re.compile(
    r"\b(?P<organ>lungs?|breast|prostate|kidneys?|renal(?: cell)?|thyroid|liver|colorectal|colorectum|colon|stomach|gastric|pancreas|(?:urinary )?bladder|o?esophagus|cervix|ovar(?:y|ies)|blood|bone marrow|(?-i:GI)(?: tract)?|gastrointestinal(?: tract)?|head and neck)\b"
    r"(?=\s*(?:[(,;:.]|\d|and\b|or\b|origin|in\b|was\b|were\b|is\b|$)|\s(?:cancers?|carcinomas?)?\s?[(,])(?!\s*metasta)",
    re.IGNORECASE,
)
# An item of a list of organs: "lung (n = 19)", "prostate cancer 12%", "renal cell".
_ITEM = re.compile(
    r"\b(?P<organ>lungs?|breast|prostate|prostatic|kidneys?|renal(?: cell)?|thyroid|liver|hepatocellular|colorectal|colon|stomach|gastric|pancrea(?:s|tic)|(?:urinary )?bladder|bone marrow|gyna?ecolog(?:ic|ical)|hepatobiliary|gastrointestinal|(?:osteo|leiomyo|chondro)sarcoma|mesothelioma|urothelial|o?esophag(?:us|eal)|head and neck|ha?ematolog(?:ic|ical)|melanoma|myeloma|sarcomas?|lymphoma|cervical|ovarian|uterine|unknown(?: primary)?|other)"
    r"(?:\s(?:cell\s)?(?:cancers?|carcinomas?|adenocarcinomas?|tumou?rs?|primar(?:y|ies)|malignanc(?:y|ies)|origin))?(?:\s?\([^()]{1,30}\)|\s?\d+(?:\.\d+)?\s?%|\sin\s\d+(?:\s(?:patients|cases))?(?:\s\(\d[^()]*\))?)?",
    re.IGNORECASE,
)
_BETWEEN_ITEMS = re.compile(
    r"\s*(?:[,;/]|and|or|&|,\s?and|,\s?or|;\s?and)\s*(?:then\s|the\s|followed by\s)?", re.IGNORECASE
)
_FEWEST_ITEMS = 3
_COMMON = ("lung", "breast", "prostat", "kidney", "renal", "thyroid")
# Of the rarer ones three must stand together, in a sentence that speaks of tumours.
_RARER = (
    *_COMMON,
    "colo",
    "stomach",
    "gastric",
    "bladder",
    "esophag",
    "pancrea",
    "liver",
    "melanoma",
    "sarcoma",
    "myeloma",
    "lymphoma",
)
_OF_TUMOURS = re.compile(
    r"\b(?:tumou?rs?|cancers?|histolog\w+|primar(?:y|ies)|malignanc\w+|biology|origin\w*)\b", re.IGNORECASE
)
_NO_PRIMARY_SITES = re.compile(
    r"\b(?:metasta\w+ (?:to|in|at|of)|visceral|extra-?(?:spinal|osseous|skeletal)|spread to|organs?|toxicit\w+)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"^[^.;]{0,20}?\b(?:brain|bones?|lymph|metastas[ei]s|involvement|doses?|function|tissues?|toxicit\w+|failure)\b",
    re.IGNORECASE,
)
# Sentences that say where the patients' cancers began.
_SITES = re.compile(
    r"\b(?:primary (?:cancers?|tumou?rs?|sites?|lesions?|malignanc\w+|(?:cancer|tumou?r) (?:sites?|types?|origins?|locations?))|primaries|cancer types?|tumou?r (?:types?|origins?|histolog\w+)|"
    r"originat\w+ (?:from|in)|(?:sites?|organs?) of origin|(?:common|frequent|prevalent|main) (?:\w+ )?origins?|aris(?:ing|en?) from|underlying (?:cancers?|malignan\w+|tumou?rs?)|(?:patients|those) with primary|primary (?=lung|breast|prostate|kidney)|"
    r"(?:common|frequent|prevalent|main) (?:solid )?(?:primary|primaries|patholog\w+|histolog\w+|cancers?|tumou?rs?)|origins? of (?:the )?metastas\w+|patholog(?:y|ies) (?:was|were|included))\b",
    re.IGNORECASE,
)
_SITE_WORDS = (
    "primar",
    "type",
    "origin",
    "aris",
    "underlying",
    "patholog",
    "histolog",
    "common",
    "frequent",
    "prevalent",
    "main",
)
_EXCLUDED = re.compile(
    r"\b(?:exclud\w+|excepting|other than|non[–-](?=lung|breast|prostat|renal|kidney|thyroid|myeloma|melanoma|h[ae]|lymph|sarcoma|cancer|malignan|tumou?r))",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"\b(?:such(?: as)?|e\.g\.|for example|like)\b[^.;]{0,60}$", re.IGNORECASE)
_CATEGORIES = re.compile(
    r"\b(?:primary (?:cancers?|tumou?rs?|sites?|lesions?|malignanc\w+)|(?:cancer|tumou?r) (?:sites?|types?|origins?)|histolog\w+)(?: (?:sites?|types?|origins?))? \((?P<kinds>[^()]{6,250})\)",
    re.IGNORECASE,
)
_FACTOR = re.compile(
    r"\b(?:univaria\w+|multivaria\w+|independent\w*|risk factors?|prognostic factors?|predictors?|hazard ratio|odds ratio)\b",
    re.IGNORECASE,
)
_AT_WORK: tuple[Zone, ...] = ("title", "aim", "methods", "results")


def read_primary_tumours(article: Article, design: Design) -> tuple[str, ...]:
    """Return the ids of the primary tumours that the study's patients had, the narrower of two that are nested."""
    zones: tuple[Zone, ...] = (*_AT_WORK, "conclusion", "other") if design == "case_report" else _AT_WORK
    found = dict.fromkeys(
        identifier for sentence in article.in_zones(*zones) for identifier in _named(sentence)
    )
    broader = {above for one in found for above in article.vocabulary.ancestors(one)}
    return tuple(one for one in found if one not in broader)


def _named(sentence: Sentence) -> Iterator[str]:
    tumours = [
        n for n in sentence.of_kind("condition") if n.concept.type == "primary_tumour" and not n.negated
    ]
    lowered = sentence.text.lower()
    sites = any(word in lowered for word in _SITE_WORDS) and bool(_SITES.search(sentence.text))
    listed = [] if _EXCLUDED.search(sentence.text) else _listed(sentence.text)
    if not (tumours or sites or listed) or _EXCLUDED.search(sentence.text):
        return
    if sentence.zone == "results" and _FACTOR.search(sentence.text):
        yield from _of_categories(sentence, tumours)
        return
    last = -100
    for named in tumours:
        example = _EXAMPLE.search(sentence.text[: named.start])
        hidden = named.concept.id == "unknown_primary_cancer" and named.start - last < 20
        last = named.end
        if not example and not hidden:  # "melanoma with an occult primary" is a melanoma
            yield named.concept.id
    if sites:
        taken = [(n.start, n.end) for n in tumours]
        for match in _ORGAN.finditer(sentence.text):
            if not any(start <= match.start() < end for start, end in taken):
                yield _tumour_of(match["organ"])
    yield from listed


def _of_categories(sentence: Sentence, tumours: list[Named]) -> Iterator[str]:
    """The kinds of primary tumour that a tested factor lists: "primary site (breast cancer, prostate cancer)"."""
    for listed in _CATEGORIES.finditer(sentence.text):
        start, end = listed.span("kinds")
        yield from (n.concept.id for n in tumours if start <= n.start < end)
        yield from _listed(listed["kinds"])


def _tumour_of(organ: str) -> str:
    organ = organ.lower()
    if organ == "renal cell":
        return "renal_cell_carcinoma"
    return next(identifier for stem, identifier in _ORGANS.items() if organ.startswith(stem))


def _listed(text: str) -> list[str]:
    """The tumours of the organs that a sentence lists; a list of where the cancer has spread to is none of these."""
    lowered = text.lower()
    rarer = sum(organ in lowered for organ in _RARER) >= _FEWEST_ITEMS and _OF_TUMOURS.search(text)
    if sum(organ in lowered for organ in _COMMON) < 2 and not rarer:
        return []
    items = list(_ITEM.finditer(text))
    runs: list[list[re.Match[str]]] = []
    for item in items:
        if runs and _BETWEEN_ITEMS.fullmatch(text, runs[-1][-1].end(), item.start()):
            runs[-1].append(item)
        else:
            runs.append([item])
    found: list[str] = []
    for run in runs:
        named = [item["organ"].lower() for item in run]
        known = [organ for organ in named if any(organ.startswith(stem) for stem in _ORGANS)]
        cancers = re.search(
            r"(?:cancers?|carcinomas?|primaries|malignanc\w+)\b", run[-1].group(), re.IGNORECASE
        )
        enough = len(run) >= _FEWEST_ITEMS or (len(run) == _FEWEST_ITEMS - 1 and cancers)
        spread = _NO_PRIMARY_SITES.search(text[: run[0].start()]) or (
            not cancers and _ELSEWHERE.match(text[run[-1].end() :])
        )
        if enough and not spread:
            found += [_tumour_of(organ) for organ in known]
    return found
