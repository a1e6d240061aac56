"""MEDLINE text: what a record says, and damaged files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.citation_text import CORRECTION_KINDS
from harvest.errors import BrokenRecord, HarvestError, UnreadableFile
from harvest.medline_text import read_medline_text
from harvest.record import Author, Chemical, Correction, OtherAbstract, PublicationDate, Record, Skipped
from tests.harvest.made_up_files import only, pmids, short_text, write


def read(tmp_path: Path, text: str) -> Record:
    return only(list(read_medline_text(write(tmp_path / "x.nbib", text))))


def record_text(*lines: str) -> str:
    return "\n".join(["PMID- 90000001", "TI  - Invented study", *lines, "SO  - J Invent. 2019.", ""])


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_records_come_in_file_order(tmp_path: Path, packed: bool, line_end: str) -> None:
    text = "\n" + "\n\n".join(short_text(90000001 + n) for n in range(3))
    file = write(tmp_path / "x", text.replace("\n", line_end), packed=packed)
    records = list(read_medline_text(str(file)))
    assert pmids(records) == ["90000001", "90000002", "90000003"]
    assert {record.title for record in records if isinstance(record, Record)} == {"An invented cohort"}


def test_each_correction_tag_has_pubmeds_name(tmp_path: Path) -> None:
    lines = [f"{tag:4}- J Invent. 2020;1:{n}. PMID: {90000010 + n}" for n, tag in enumerate(CORRECTION_KINDS)]
    record = read(tmp_path, record_text(*lines))
    assert record.corrections == tuple(
        Correction(kind, str(90000010 + n), f"J Invent. 2020;1:{n}.")
        for n, kind in enumerate(CORRECTION_KINDS.values())
    )
    assert record.retracted


def test_wrapped_values_of_every_tag_stay_whole(tmp_path: Path) -> None:
    record = read(
        tmp_path,
        record_text(
            "OT  - minimally invasive",
            "      spine surgery",
            "OT  - cement",
            "SI  - ClinicalTrials.gov/",
            "      NCT90000001",
            "CON - J Invent. 2018;1:1.",
            "      PMID: 90000002",
            "OAB - Publisher: Deux phrases.",
            "      Inventées.",
            "OABL- fre",
        ),
    )
    assert record.keywords == ("minimally invasive spine surgery", "cement")
    assert record.corrections == (Correction("CommentOn", "90000002", "J Invent. 2018;1:1."),)
    assert record.other_abstracts == (OtherAbstract("Deux phrases. Inventées.", "Publisher", "fre"),)


def test_affiliations_and_ids_go_to_the_author_before_them(tmp_path: Path) -> None:
    record = read(
        tmp_path,
        record_text(
            "FAU - Rivera, Ana",
            "AU  - Rivera A",
            "AD  - Sampleton.",
            "CN  - Invented Group",
            "FAU - Okafor, Ben",
            "AU  - Okafor B",
            "AUID- ORCID: https://orcid.org/0000-0002-1825-0097",
            "FIR - Helper, Hal",
            "IR  - Helper H",
            "AD  - Elsewhere.",
        ),
    )
    assert record.authors == (
        Author("Rivera", "Ana", "A", affiliations=("Sampleton.",)),
        Author(collective="Invented Group"),
        Author("Okafor", "Ben", "B", orcid="0000-0002-1825-0097"),
    )


def test_an_old_record_names_the_first_authors_affiliation_first_and_may_end_with_et_al(
    tmp_path: Path,
) -> None:
    record = read(
        tmp_path, record_text("AD  - Sampleton.", "AU  - Rivera A", "AU  - Okafor B 3rd", "AU  - et al.")
    )
    assert record.authors == (
        Author("Rivera", None, "A", affiliations=("Sampleton.",)),
        Author("Okafor", None, "B", "3rd"),
    )
    assert not record.authors_complete


def test_dates_fall_back_to_electronic_publication_and_creation(tmp_path: Path) -> None:
    record = read(tmp_path, record_text("DEP - 20190402", "CRDT- 2019/04/03 06:00", "LR  - 20191301"))
    assert record.date == PublicationDate(2019, 4, 2, "2019 Apr 2")
    assert (record.entered, record.revised) == ("2019-04-03", None)


def test_substances_without_a_number(tmp_path: Path) -> None:
    record = read(
        tmp_path, record_text("RN  - 0 (Bone Cements)", "RN  - EC 2.7.7.49 (Invented (human) kinase)")
    )
    assert record.chemicals == (
        Chemical("Bone Cements"),
        Chemical("Invented (human) kinase", registry_number="EC 2.7.7.49"),
    )


def test_what_is_no_citation_is_skipped_with_its_reason(tmp_path: Path) -> None:
    records = [
        "PMID- 90000001\nBTI - An invented textbook\nTI  - Chapter\nSO  - 2019.\n",
        "OWN - NLM\nTI  - No number\nSO  - 2019.\n",
        short_text(90000003),
        "PMID- 90000004\nDP  - 2019\nSO  - 2019.\n",
        "PMID- none\nTI  - No number either\nSO  - 2019.\n",
        "PMID- 90000006\nTT  - Titre seul\nSO  - 2019.\n",
    ]
    entries = list(read_medline_text(write(tmp_path / "x.txt", "\n".join(records))))
    assert [(e.number, e.identifier, e.reason) for e in entries if isinstance(e, Skipped)] == [
        (1, "90000001", "book article: no journal citation"),
        (2, None, "citation without PMID"),
        (4, "90000004", "citation without title"),
        (5, "none", "its PMID is no number"),
    ]
    assert pmids(entries) == ["90000003", "90000006"]


words = st.text(st.characters(categories=("L", "N", "P", "S", "M")), min_size=1, max_size=12)


@given(st.lists(words, min_size=1, max_size=30), st.integers(8, 60))
def test_a_title_wrapped_anywhere_comes_back(parts: list[str], width: int) -> None:
    lines, line = [], ""
    for word in parts:
        if line and len(line) + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    wrapped = "\n      ".join([*lines, line])
    text = f"PMID- 90000001\nTI  - {wrapped}\nSO  - J Invent.\n"
    with TemporaryDirectory() as folder:
        (record,) = read_medline_text(write(Path(folder) / "x.nbib", text))
    assert isinstance(record, Record)
    assert record.title == " ".join(parts)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("", "is empty"),
        ("Dear committee,\nplease find attached", "no MEDLINE text"),
        ("      continued from nowhere\n", "no MEDLINE text"),
        ("TY  - JOUR\nTI  - Invented\nER  -\n", "is RIS"),
        ("@article{x, title={Invented}}", "is BibTeX"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "no MEDLINE text"),
    ],
)
def test_a_file_that_is_no_medline_text_is_refused_as_a_whole(
    tmp_path: Path, content: str | bytes, cause: str
) -> None:
    with pytest.raises(UnreadableFile, match=cause):
        list(read_medline_text(write(tmp_path / "x.txt", content)))


GOOD = "\n".join(short_text(90000001 + n, f"Study {n}") for n in range(3))


@pytest.mark.parametrize(
    ("rest", "cause"),
    [
        ("PMID- 90000004\nTI  - Study that is cut", "ends in the middle"),
        ("PMID- 90000004\nTI  - Study cut at a line end\n", "ends in the middle"),
        (
            "PMID- 90000004\nTI  - Study 3\nthis is no field\n",
            "line 18 is no MEDLINE field: 'this is no field'",
        ),
        ("PMID- 90000004\n\n      continues nothing\n", "continues a field"),
        (b"PMID- 90000004\nTI  - Pain \xe9\n", "line 17 is not UTF-8"),
    ],
)
def test_records_before_a_fault_are_kept(tmp_path: Path, rest: str | bytes, cause: str) -> None:
    data = GOOD.encode() + b"\n" + (rest.encode() if isinstance(rest, str) else rest)
    entries: list[object] = []
    with pytest.raises(HarvestError) as caught:
        entries += read_medline_text(write(tmp_path / "x.nbib", data))
    fault = caught.value
    assert isinstance(fault, BrokenRecord)
    assert cause in fault.cause
    assert fault.last_pmid == "90000003"
    records = [entry for entry in entries if isinstance(entry, Record)]
    assert [record.title for record in records] == ["Study 0", "Study 1", "Study 2"]
    assert fault.number == len(entries) + 1


def test_a_cut_off_gzip_file_is_a_fault(tmp_path: Path) -> None:
    file = write(tmp_path / "x.nbib", GOOD * 3, packed=True)
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(BrokenRecord, match="cut off"):
        list(read_medline_text(file))


def test_records_without_source_lines_are_whole_if_the_file_ends_its_last_line(tmp_path: Path) -> None:
    text = "PMID- 90000001\nTI  - One\n\nPMID- 90000002\nTI  - Two\n"
    assert pmids(list(read_medline_text(write(tmp_path / "x.txt", text)))) == ["90000001", "90000002"]
