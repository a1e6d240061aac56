"""Studies of the bundled sample -> records; a file that breaks the format is refused by name."""

from __future__ import annotations

import hashlib
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from harvest.dates import publication_date_from_parts
from harvest.errors import BadSampleFile
from harvest.mesh_text import mesh_heading, one_heading_each
from harvest.people_text import person_or_group
from harvest.record import Correction, PublicationType, Record, Section
from harvest.sample.study_format import TOPICS, fault_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

__all__ = ["TOPICS", "curated_topics", "read_sample", "sample_digest"]

_SECTIONS = (("aim", "AIM"), ("methods", "METHODS"), ("results", "RESULTS"), ("conclusion", "CONCLUSION"))
_SUFFIX = ".toml"


def read_sample(folder: Traversable | None = None) -> Iterator[Record]:
    """Yield the studies in order of PMID, their synopses as abstracts and "sample" as origin.

    `folder` is the one with the study files; by default the bundled one.

    Raises
    ------
    BadSampleFile
        A file breaks the format; those before it have been yielded.
    """
    for file in _study_files(folder):
        yield _record_from(_checked(file))


def curated_topics(folder: Traversable | None = None) -> dict[str, tuple[str, ...]]:
    """Return by PMID the topics in which a person has put each study. Errors as `read_sample`."""
    return {study["pmid"]: tuple(study["topics"]) for study in map(_checked, _study_files(folder))}


def sample_digest(folder: Traversable | None = None) -> str:
    """Return the SHA-256 of all study files with their names: equal sample, equal digest."""
    digest = hashlib.sha256()
    for file in _study_files(folder):
        digest.update(f"{file.name}\n{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _study_files(folder: Traversable | None) -> list[Traversable]:
    folder = folder or files("harvest.sample").joinpath("studies")
    studies = [file for file in folder.iterdir() if file.name.endswith(_SUFFIX)]
    return sorted(studies, key=lambda file: (len(file.name), file.name))


def _checked(file: Traversable) -> dict[str, Any]:
    try:
        study = tomllib.loads(file.read_bytes().decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSampleFile(file.name, f"is not TOML ({error})") from error
    if fault := fault_in(study, file.name.removesuffix(_SUFFIX)):
        raise BadSampleFile(file.name, fault)
    return study


def _record_from(study: dict[str, Any]) -> Record:
    month = study.get("month")
    registration = study.get("registration")
    return Record(
        pmid=study["pmid"],
        title=study["title"],
        abstract=tuple(Section(study["synopsis"][key].strip(), label) for key, label in _SECTIONS),
        origin="sample",
        doi=study.get("doi"),
        pmcid=study.get("pmcid"),
        journal=study["journal"],
        journal_abbreviation=study["journal"],
        volume=study.get("volume"),
        issue=study.get("issue"),
        pages=study.get("pages"),
        date=publication_date_from_parts(str(study["year"]), str(month) if month else None),
        languages=(study["language"],),
        authors=tuple(map(person_or_group, study["authors"])),
        authors_complete=study["authors_complete"],
        publication_types=tuple(map(PublicationType, study["publication_types"])),
        mesh=one_heading_each(map(mesh_heading, study.get("mesh", ()))),
        registrations=(registration,) if registration else (),
        corrections=tuple(Correction(**correction) for correction in study.get("corrections", ())),
    )
