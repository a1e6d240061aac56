"""Whatever a record holds comes back as it went in."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.record import (
    Author,
    Batch,
    Chemical,
    Correction,
    MeshHeading,
    MeshQualifier,
    Origin,
    OtherAbstract,
    PublicationDate,
    PublicationType,
    Record,
    Reference,
    Section,
)
from kb.content_digest import content_digest
from kb.records import load_record
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from tests.made_up import extraction
from tests.made_up_vocabulary import VOCABULARY

TEXT = st.text(max_size=12)
MAYBE = st.none() | TEXT
NUMBER = st.none() | st.integers(0, 3000)


def many(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=2).map(tuple)


RECORDS = st.builds(
    Record,
    pmid=st.from_regex(r"[1-9][0-9]{0,7}", fullmatch=True),
    title=TEXT,
    abstract=many(st.builds(Section, TEXT, MAYBE, MAYBE)),
    origin=st.sampled_from(get_args(Origin)),
    pmid_version=NUMBER,
    vernacular_title=MAYBE,
    other_abstracts=many(st.builds(OtherAbstract, TEXT, MAYBE, MAYBE)),
    doi=MAYBE,
    pmcid=MAYBE,
    journal=MAYBE,
    journal_abbreviation=MAYBE,
    issn=MAYBE,
    volume=MAYBE,
    issue=MAYBE,
    pages=MAYBE,
    date=st.builds(PublicationDate, NUMBER, NUMBER, NUMBER, MAYBE),
    entered=MAYBE,
    revised=MAYBE,
    status=MAYBE,
    languages=many(TEXT),
    authors=many(st.builds(Author, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, many(TEXT))),
    authors_complete=st.booleans(),
    publication_types=many(st.builds(PublicationType, TEXT, MAYBE)),
    mesh=many(
        st.builds(
            MeshHeading,
            TEXT,
            MAYBE,
            st.booleans(),
            many(st.builds(MeshQualifier, TEXT, MAYBE, st.booleans())),
        )
    ),
    keywords=many(TEXT),
    chemicals=many(st.builds(Chemical, TEXT, MAYBE, MAYBE)),
    registrations=many(TEXT),
    references=many(st.builds(Reference, MAYBE, MAYBE, MAYBE)),
    corrections=many(st.builds(Correction, TEXT, MAYBE, MAYBE, MAYBE)),
    retrieved_at=MAYBE,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RECORDS, min_size=1, max_size=4, unique_by=lambda record: record.pmid))
def test_records_come_back_as_they_went_in(records: list[Record]) -> None:
    db = open_database_in_memory()
    batch = Batch("made up", tuple(records), len(records))
    store_batch(db, batch, [extraction(record, topics=()) for record in records], source_digest="d")
    for record in records:
        back = load_record(db, record.pmid)
        assert back == record
        assert back.digest == record.digest
    turned = open_database_in_memory()
    batch = Batch("other", tuple(records[::-1]), len(records))
    store_batch(turned, batch, [extraction(record, topics=()) for record in records[::-1]], source_digest="e")
    assert content_digest(turned) == content_digest(db)


def open_database_in_memory() -> Any:
    db = open_database(":memory:", create=True)
    write_vocabulary(db, VOCABULARY)
    return db
