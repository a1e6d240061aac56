"""Storing: replacing, keeping, deleting, resuming."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from harvest.record import Batch, Correction, Deletion, Record, Skipped
from kb.content_digest import content_digest
from kb.errors import BadEvidence, UnknownRecord
from kb.evidence import Extraction, Extractor
from kb.records import load_record
from kb.schema import open_database
from kb.store import (
    Counts,
    Position,
    finish_run,
    finish_source,
    record_problem,
    source_position,
    start_run,
    store_batch,
    write_vocabulary,
)
from tests.made_up import extraction, finding, made_up_pairs, mention, record, span
from tests.made_up_vocabulary import VOCABULARY

SBRT = "stereotactic_body_radiotherapy"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "kb.db", create=True)
    write_vocabulary(database, VOCABULARY)
    yield database
    database.close()


def paper(pmid: str = "90000101", rate: str = "40%", **more: object) -> tuple[Record, Extraction]:
    """A record with one mention and one finding."""
    of = record(
        pmid, "SBRT of spinal metastases", ("RESULTS", f"Local control was {rate} after SBRT."), **more
    )
    found = finding(of, f"Local control was {rate} after SBRT.", intervention=SBRT, outcome="local_control")
    return of, extraction(of, mentions=(mention(of, "SBRT", SBRT, "studied", 1),), findings=(found,))


def put(db: Database, *entries: object, source: str = "a.xml", digest: str = "d1", **more: object) -> Counts:
    """Store records (as pairs), deletions and skipped entries as one batch at the source's next position."""
    plain = tuple(entry[0] if isinstance(entry, tuple) else entry for entry in entries)
    found = [entry[1] for entry in entries if isinstance(entry, tuple)]
    position = source_position(db, source, digest).entries + len(entries)
    return store_batch(db, Batch(source, plain, position), found, source_digest=digest, **more)  # type: ignore[arg-type]


def column(db: Database, sql: str) -> list[object]:
    return [row[0] for row in db.execute(sql).fetchall()]


def test_a_batch_is_stored_with_its_evidence_and_position(db: Database) -> None:
    assert put(db, paper(), Skipped(2, "B1", "a book")) == Counts(new=1, skipped=1)
    assert load_record(db, "90000101") == paper()[0]
    assert column(db, "SELECT text FROM findings") == ["Local control was 40% after SBRT."]
    assert source_position(db, "a.xml", "d1") == Position(2, complete=False)
    assert db.execute("SELECT number, kind, identifier, reason FROM problems").fetchall() == [
        (2, "skipped", "B1", "a book")
    ]


def test_storing_twice_changes_nothing(db: Database) -> None:
    put(db, paper(), paper("90000102"))
    before, rowids = content_digest(db), column(db, "SELECT rowid FROM mentions ORDER BY key")
    assert put(db, paper(), paper("90000102")) == Counts(unchanged=2)
    assert content_digest(db) == before
    assert column(db, "SELECT rowid FROM mentions ORDER BY key") == rowids


def test_a_changed_record_replaces_its_own_evidence_and_only_that(db: Database) -> None:
    put(db, paper(), paper("90000102"))
    other = db.execute("SELECT rowid, * FROM findings WHERE pmid = '90000102'").fetchall()
    assert put(db, paper(rate="75%", keywords=("pain",))) == Counts(changed=1)
    assert column(db, "SELECT text FROM findings WHERE pmid = '90000101'") == [
        "Local control was 75% after SBRT."
    ]
    assert db.execute("SELECT rowid, * FROM findings WHERE pmid = '90000102'").fetchall() == other
    assert load_record(db, "90000101").keywords == ("pain",)


def test_a_shorter_record_leaves_no_parts_behind(db: Database) -> None:
    long, found = paper(authors=("Rivera A", "Okafor B"), corrections=(Correction("ErratumIn"),))
    put(db, (long, found))
    short = record(long.pmid, long.title, authors=("Rivera A",))
    put(db, (short, extraction(short)))
    assert load_record(db, long.pmid) == short
    for table in ("mentions", "findings", "corrections"):
        assert column(db, f"SELECT count(*) FROM {table}") == [0], table


def test_full_text_search_follows_the_record(db: Database) -> None:
    put(db, paper())
    put(db, paper(rate="75%"))
    search = "SELECT r.pmid FROM records_fts f JOIN records r ON r.rowid = f.rowid WHERE records_fts MATCH ?"
    assert db.execute(search, ("75",)).fetchall() == [("90000101",)]
    assert db.execute(search, ("40",)).fetchall() == []
    db.execute("INSERT INTO records_fts (records_fts) VALUES ('integrity-check')")


@pytest.mark.parametrize(
    "extractor",
    [
        Extractor("2.0.0", VOCABULARY.digest),
        Extractor("1.0.0", "newer"),
        Extractor("1.0.0", VOCABULARY.digest, "m"),
    ],
)
def test_a_new_extractor_replaces_evidence_of_an_equal_record(db: Database, extractor: Extractor) -> None:
    of, found = paper()
    put(db, (of, found))
    assert put(db, (of, replace(found, findings=(), extractor=extractor))) == Counts(changed=1)
    assert column(db, "SELECT count(*) FROM findings") == [0]


def test_a_lower_version_never_replaces_a_higher(db: Database) -> None:
    put(db, paper(rate="75%", pmid_version=2))
    assert put(db, paper(rate="40%", pmid_version=1)) == Counts(unchanged=1)
    assert put(db, paper(rate="40%")) == Counts(unchanged=1)
    assert put(db, paper(rate="80%", pmid_version=3)) == Counts(changed=1)
    assert column(db, "SELECT text FROM findings") == ["Local control was 80% after SBRT."]


def test_two_versions_in_one_batch_leave_the_higher_whatever_their_order(db: Database) -> None:
    put(db, paper("90000101", "75%", pmid_version=2), paper("90000101", "40%", pmid_version=1))
    put(db, paper("90000102", "40%", pmid_version=1), paper("90000102", "75%", pmid_version=2))
    assert column(db, "SELECT text FROM findings ORDER BY pmid") == ["Local control was 75% after SBRT."] * 2


def test_an_earlier_revision_never_replaces_a_later(db: Database) -> None:
    put(db, paper(rate="75%", revised="2024-05-01"))
    assert put(db, paper(rate="40%", revised="2023-01-01")) == Counts(unchanged=1)
    assert put(db, paper(rate="80%", revised="2024-05-01")) == Counts(changed=1)


@pytest.mark.parametrize("origin", ["pubmed", "file"])
def test_a_synopsis_gives_way_to_the_real_record_and_never_comes_back(db: Database, origin: str) -> None:
    put(db, paper(rate="40%", origin="sample"))
    assert put(db, paper(rate="75%", origin=origin)) == Counts(changed=1)
    assert put(db, paper(rate="40%", origin="sample", pmid_version=9)) == Counts(unchanged=1)
    assert column(db, "SELECT origin FROM records") == [origin]


def test_a_deletion_marks_the_record_and_keeps_it(db: Database) -> None:
    put(db, paper())
    assert put(db, Deletion("90000101"), Deletion("1")) == Counts(deleted=1)
    assert column(db, "SELECT deleted FROM records") == [1]
    assert column(db, "SELECT deleted FROM findings") == [1]
    assert load_record(db, "90000101") == paper()[0]
    assert column(db, "SELECT pmid FROM citable_records") == []
    assert put(db, Deletion("90000101")) == Counts()


def test_a_deleted_record_comes_back_only_with_other_content(db: Database) -> None:
    put(db, paper(), Deletion("90000101"))
    assert column(db, "SELECT deleted FROM records") == [1]
    assert put(db, paper()) == Counts(unchanged=1)
    of, found = paper()
    put(db, (of, replace(found, extractor=Extractor("2.0.0", "v"))))
    assert column(db, "SELECT deleted FROM records") == [1]
    assert put(db, paper(rate="75%")) == Counts(changed=1)
    assert column(db, "SELECT deleted FROM records") == [0]


def test_a_retraction_is_marked(db: Database) -> None:
    put(db, paper(corrections=(Correction("RetractionIn", "90000199", "J 2024", "fraud"),)))
    assert column(db, "SELECT retracted FROM records") == [1]
    assert column(db, "SELECT retracted FROM findings") == [1]
    assert db.execute("SELECT kind, notice_pmid, citation, note FROM corrections").fetchall() == [
        ("RetractionIn", "90000199", "J 2024", "fraud")
    ]


def test_wrong_quotations_are_refused_and_nothing_of_the_batch_stays(db: Database) -> None:
    good, (of, found) = paper("90000102"), paper()
    moved = replace(found.findings[0], span=replace(found.findings[0].span, start=1))
    with pytest.raises(BadEvidence, match=r"PMID 90000101: section 1, characters 1 to"):
        put(db, good, (of, replace(found, findings=(moved,))))
    assert column(db, "SELECT count(*) FROM records") == [0]
    assert source_position(db, "a.xml", "d1") == Position()


def test_a_quotation_from_a_section_that_does_not_exist_is_refused(db: Database) -> None:
    of, found = paper()
    beyond = replace(found.findings[0], span=replace(span(of, "SBRT"), section=7))
    with pytest.raises(BadEvidence, match="section 7"):
        put(db, (of, replace(found, findings=(beyond,))))


def test_an_unknown_concept_or_topic_is_named_with_its_record(db: Database) -> None:
    of, found = paper()
    unknown = replace(found.findings[0], outcome="happiness")
    with pytest.raises(BadEvidence, match="PMID 90000101: 'happiness' is not in the stored vocabulary"):
        put(db, (of, replace(found, findings=(unknown,))))
    with pytest.raises(BadEvidence, match="'astrology'"):
        put(db, (of, replace(found, topics=("astrology",))))


def test_extractions_must_match_the_records(db: Database) -> None:
    (of, _), (_, other) = paper(), paper("90000102")
    with pytest.raises(BadEvidence, match="do not match"):
        put(db, (of, other))


def test_a_source_whose_content_changed_starts_again(db: Database) -> None:
    put(db, paper(), Skipped(2, None, "a book"))
    finish_source(db, "a.xml", "d1")
    assert source_position(db, "a.xml", "d1") == Position(2, complete=True)
    assert source_position(db, "a.xml", "d2") == Position()
    put(db, paper(), digest="d2")
    assert source_position(db, "a.xml", "d2") == Position(1, complete=False)
    assert column(db, "SELECT count(*) FROM problems") == [0]


def test_problems_are_kept_once_each(db: Database) -> None:
    for reason in ("cut off", "cut off here"):
        record_problem(db, "b.xml", "d", number=3, kind="broken_record", reason=reason, identifier="90000103")
    rows = db.execute("SELECT source, number, kind, identifier, reason FROM problems").fetchall()
    assert rows == [("b.xml", 3, "broken_record", "90000103", "cut off here")]
    assert source_position(db, "b.xml", "d") == Position()


def test_runs_count_what_became_of_the_entries(db: Database) -> None:
    run = start_run(db, "build", program_version="1", extractor_version="2", vocabulary="3")
    put(db, paper(), Skipped(2, None, "x"), run=run)
    put(db, paper(), paper("90000102"), Deletion("90000101"), run=run)
    assert column(db, "SELECT finished_at FROM runs") == [None]
    finish_run(db, run)
    row = db.execute(
        "SELECT records_new, records_changed, records_unchanged, records_deleted, skipped,"
        " finished_at IS NULL FROM runs"
    ).fetchone()
    assert row == (2, 0, 1, 1, 1, 0)


def test_an_unknown_record_is_named(db: Database) -> None:
    with pytest.raises(UnknownRecord, match="42"):
        load_record(db, "42")


def test_the_digest_is_the_same_whatever_the_order_and_the_batches(tmp_path: Path) -> None:
    pairs = made_up_pairs()
    digests = set()
    for number, (order, size) in enumerate(((pairs, 16), (pairs[::-1], 3), (pairs[5:] + pairs[:5], 1))):
        db = open_database(tmp_path / f"{number}.db", create=True)
        write_vocabulary(db, VOCABULARY)
        for start in range(0, len(order), size):
            put(db, *order[start : start + size], source=f"{number}.xml")
        digests.add(content_digest(db))
    assert len(digests) == 1


def test_the_digest_tells_records_evidence_and_marks_apart(db: Database) -> None:
    seen = {content_digest(db)}
    of, found = paper()
    for entry in (
        (of, found),
        (of, replace(found, findings=(), extractor=Extractor("2", "v"))),
        (of, replace(found, topics=("ablation",), extractor=Extractor("3", "v"))),
        (replace(of, keywords=("x",)), found),
        Deletion(of.pmid),
    ):
        put(db, entry)
        digest = content_digest(db)
        assert digest not in seen, entry
        seen.add(digest)


def test_the_digest_ignores_when_and_with_which_program(db: Database) -> None:
    of, found = paper()
    put(db, (of, found))
    before = content_digest(db)
    put(
        db,
        (replace(of, retrieved_at="2026-01-01"), replace(found, extractor=Extractor("9", "9"))),
        source="z",
    )
    assert content_digest(db) == before
