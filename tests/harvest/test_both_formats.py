"""The same citation as XML and as MEDLINE text is the same record in all that both formats carry."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from harvest.files import read_file
from tests.harvest.made_up_files import WHOLE_TEXT, WHOLE_XML, article_set, only, write

if TYPE_CHECKING:
    from pathlib import Path

    from harvest.record import Record

ONLY_IN_XML = {"pmid_version", "references"}


def without_what_text_lacks(record: Record) -> Record:
    """Take out UIs and NLM's section classes."""
    return replace(
        record,
        abstract=tuple(replace(section, category=None) for section in record.abstract),
        publication_types=tuple(replace(kind, ui=None) for kind in record.publication_types),
        mesh=tuple(
            replace(heading, ui=None, qualifiers=tuple(replace(one, ui=None) for one in heading.qualifiers))
            for heading in record.mesh
        ),
        chemicals=tuple(replace(chemical, ui=None) for chemical in record.chemicals),
    )


def test_xml_and_text_agree(tmp_path: Path) -> None:
    from_xml = without_what_text_lacks(
        only(list(read_file(write(tmp_path / "x.xml", article_set(WHOLE_XML)))))
    )
    from_text = only(list(read_file(write(tmp_path / "x.nbib", WHOLE_TEXT))))
    for field in fields(from_xml):
        if field.name not in ONLY_IN_XML:
            assert getattr(from_text, field.name) == getattr(from_xml, field.name), field.name
    assert {name for name in ONLY_IN_XML if getattr(from_text, name)} == set()
