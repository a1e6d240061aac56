"""The format of a study file (README.md beside this file) as tables, and the one check over them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

TOPICS = (
    *("burden", "decision_making", "prognostic_tools", "prediction_models", "open_surgery"),
    *("separation_surgery", "minimally_invasive_surgery", "cement_augmentation", "ablation"),
    *("radiation_therapy", "sbrt", "systemic_therapy", "immunotherapy"),
)
_NOTICES = ("RetractionIn", "ErratumIn", "ExpressionOfConcernIn", "UpdateIn", "CommentIn")

_Table = dict[str, type]
_STUDY: _Table = {
    **{"pmid": str, "title": str, "journal": str, "year": int, "authors": list, "authors_complete": bool},
    **{"language": str, "publication_types": list, "topics": list, "synopsis": dict, "provenance": dict},
}
_STUDY_OPTIONAL: _Table = {
    **{"doi": str, "pmcid": str, "month": int, "volume": str, "issue": str, "pages": str},
    **{"mesh": list, "registration": str, "corrections": list},
}
_SYNOPSIS: _Table = {"aim": str, "methods": str, "results": str, "conclusion": str}
_PROVENANCE: _Table = {"seen_at": list, "left_out": str}
_CORRECTION: _Table = {"kind": str}
_CORRECTION_OPTIONAL: _Table = {"pmid": str, "citation": str}
_SPELLINGS = {
    "pmid": r"[1-9][0-9]{0,8}",
    "doi": r"10\.\d{4,9}/\S+",
    "pmcid": r"PMC\d+",
    "language": r"[a-z]{3}",
    "kind": "|".join(_NOTICES),
}
_WORDS: dict[type, str] = {
    **{str: "a text", int: "a whole number", bool: "true or false"},
    **{list: "a list", dict: "a table"},
}
_YEARS = range(1900, 2101)
_MONTHS = range(1, 13)


def fault_in(study: dict[str, Any], name: str) -> str | None:
    """Return what is wrong with a study file called `name` (without suffix), None if nothing is."""
    return next(_faults(study, name), None)


def _faults(study: dict[str, Any], name: str) -> Iterator[str]:
    """Yield faults, those of the shape first; no later check is reached unless the earlier ones pass."""
    yield from _faults_in_table(study, _STUDY, _STUDY_OPTIONAL, "")
    yield from _faults_in_table(study["synopsis"], _SYNOPSIS, {}, "synopsis.")
    yield from _faults_in_table(study["provenance"], _PROVENANCE, {}, "provenance.")
    for number, correction in enumerate(study.get("corrections", []), 1):
        where = f"corrections {number}: "
        if not isinstance(correction, dict):
            yield f"{where}should be a table"
        yield from _faults_in_table(correction, _CORRECTION, _CORRECTION_OPTIONAL, where)
        if set(correction) == {"kind"}:
            yield f"{where}neither pmid nor citation of the notice"
    yield from _faults_in_values(study, name)


def _faults_in_table(table: dict[str, Any], needed: _Table, optional: _Table, where: str) -> Iterator[str]:
    """Check that needed keys are there, and each key's value."""
    kinds = needed | optional
    yield from (f"{where}{key} is missing" for key in needed if key not in table)
    for key, value in table.items():
        if key not in kinds:
            yield f"unknown key {where}{key}"
        elif type(value) is not kinds[key]:
            yield f"{where}{key} should be {_WORDS[kinds[key]]}"
        elif isinstance(value, str):
            yield from _faults_in_text(key, value, where)
        elif isinstance(value, list) and key != "corrections" and not _are_texts(value):
            yield f"{where}{key} should hold texts, none of them empty or repeated"


def _faults_in_text(key: str, value: str, where: str) -> Iterator[str]:
    if not value.strip() and key != "left_out":
        yield f"{where}{key} is empty"
    if key in _SPELLINGS and not re.fullmatch(_SPELLINGS[key], value):
        yield f"{where}{key} is misspelled: {value!r}"


def _faults_in_values(study: dict[str, Any], name: str) -> Iterator[str]:
    if study["pmid"] != name:
        yield f"pmid is {study['pmid']}, but the file is named {name}"
    if study["year"] not in _YEARS or study.get("month", 1) not in _MONTHS:
        yield "year or month is out of range"
    yield from (f"{key} is empty" for key in ("topics", "publication_types") if not study[key])
    if not study["provenance"]["seen_at"]:
        yield "provenance.seen_at is empty"
    for topic in study["topics"]:
        if topic not in TOPICS:
            yield f"unknown topic {topic!r}; topics are {', '.join(TOPICS)}"
    if study["authors_complete"] and not study["authors"]:
        yield "authors_complete is true, but there are no authors"
    for heading in study.get("mesh", ()):
        if not all(part.strip(" *") for part in heading.split("/")):
            yield f"mesh heading {heading!r} lacks a descriptor or qualifier"


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(one, str) and one.strip() for one in values) and len(set(values)) == len(values)
