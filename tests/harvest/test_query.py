"""Queries are read as PubMed reads them, faults are found, and stored records are matched."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.errors import BadQuery, NotDecidable
from harvest.query import Combined, Query, Term, parse, terms
from harvest.query_lint import lint
from harvest.query_match import matches, searchable, words
from harvest.record import MeshHeading, MeshQualifier, Record, Section

LETTERS = "abcd"
_ROOTS = st.sampled_from(["spine", "spinal", "metasta*", '"cord compression"', '"bone metasta*"'])
_TERMS = _ROOTS.map(lambda root: f"{root}[tiab]") | st.sampled_from(
    ['"Spinal Neoplasms/secondary"[mh]', "x[pt]"]
)


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(parts, min_size=2, max_size=4)
    return st.builds(
        lambda op, many: f"({f' {op} '.join(many)})", st.sampled_from(["AND", "OR", "NOT"]), lists
    )


QUERIES = st.recursive(_TERMS, _joined, max_leaves=12)


@given(QUERIES)
def test_a_well_formed_query_has_no_fault_and_can_be_read(query: str) -> None:
    assert lint(query) == ()
    assert len(list(terms(parse(query)))) == query.count("[")


@given(QUERIES, st.data())
def test_a_query_that_lost_a_mark_is_faulty(query: str, data: st.DataObject) -> None:
    marks = [n for n, c in enumerate(query) if c in '()"[]']
    lost = data.draw(st.sampled_from(marks))
    broken = query[:lost] + query[lost + 1 :]
    assert lint(broken)


@given(st.text(alphabet='ab()[]"* ANDORT~:?', max_size=40))
def test_whatever_is_written_either_reads_or_names_a_fault_inside_it(query: str) -> None:
    for fault in lint(query):
        assert 0 <= fault.start <= len(query)
        assert fault.cause
    with suppress(BadQuery):
        parse(query)
        return
    assert lint(query)  # what can't be read has a fault


@pytest.mark.parametrize(
    ("query", "cause"),
    [
        ("(spine[tiab]", "never closed"),
        ("spine[tiab])", "never opened"),
        ('"spine[tiab]', "quotation mark"),
        ("spine[tiab", "square bracket"),
        ("spine[tiab] and cancer[tiab]", "in capitals"),
        ("spine[tiab] AND OR cancer[tiab]", "nothing stands before"),
        ("spine[tiab] cancer[tiab]", "no operator"),
        ("spine[tiab] AND ()", "hold nothing"),
        ("a[tiab] OR b[tiab] AND c[tiab]", "side by side"),
        ("spine[abstract text]", "no known field tag"),
        ("spine", "no field tag"),
        ("spine metastases[tiab]", "quotation marks"),
        ("met*[tiab]", "at least 4 letters"),
        ('"spine met*"[tiab]', "at least 4 letters"),
        ('"PD-1*"[tiab]', "at least 4 letters"),
        ('"metasta* spine"[tiab]', "only the last word"),
        ("meta*tic[tiab]", "end of a word"),
        ("*plasty[tiab]", "end of a word"),
        ('"Spinal Neoplas*"[mh]', "heading in full"),
        ('"hip*** pain"[tiab:~2]', "takes no asterisk"),
        ('"spine cancer"[mh:~2]', "title and abstract alone"),
        ("spine[tiab:~2]", "two or more words"),
        ("tumo?r[tiab]", "another search platform"),
        ("“spine”[tiab]", "plain quotation mark"),
        ('"***"[tiab]', "holds no word"),
        ("", "empty"),
    ],
)
def test_what_pubmed_would_ignore_is_named(query: str, cause: str) -> None:
    assert any(cause in fault.cause for fault in lint(query)), [fault.cause for fault in lint(query)]


def test_operators_are_read_from_left_to_right() -> None:
    query = parse("a[tiab] OR b[tiab] AND c[tiab]")
    assert isinstance(query, Combined)
    assert query.operator == "AND"
    assert [term.text for term in terms(query.left)] == ["a", "b"]  # type: ignore[union-attr]


def test_a_bad_query_is_refused_with_its_place() -> None:
    with pytest.raises(BadQuery, match=r"never closed, at character 1"):
        parse("(spine[tiab]")


RECORD = Record(
    "90000501",
    "Radiotherapy of spine metastases",
    (Section("Painful vertebral metastases were irradiated."), Section("Naïve tumours of the lower spine.")),
    mesh=(MeshHeading("Spinal Neoplasms", major=True, qualifiers=(MeshQualifier("secondary"),)),),
    keywords=("palliation",),
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("spine[ti]", True),
        ("vertebral[ti]", False),
        ("vertebral[tiab]", True),
        ("vertebr*[tiab]", True),
        ("vert*[ti]", False),
        ('"spine metastases"[tiab]', True),
        ('"metastases spine"[tiab]', False),
        ('"spine metasta*"[tiab]', True),
        ('"vertebral metasta*"[tiab]', True),
        ('"irradiated naive"[tiab]', True),  # one abstract, in sections
        ('"metastases painful"[tiab]', False),  # not across title and abstract
        ('"metastases of spine"[tiab]', False),
        ('"tumours spine"[tiab:~3]', True),
        ('"spine tumours"[tiab:~3]', True),
        ('"tumours spine"[tiab:~2]', False),
        ("palliation[tiab]", True),
        ("palliation[ti]", False),
        ('"Spinal Neoplasms"[mh]', True),
        ('"spinal neoplasms/secondary"[mh]', True),
        ('"Spinal Neoplasms/surgery"[mh]', False),
        ('"Spinal Neoplasms"[majr]', True),
        ('"spinal neoplasms"[tw]', True),
        ('"spinal neoplasms"[tiab]', False),
        ("90000501[pmid]", True),
        ("spine[ti] NOT palliation[tiab]", False),
        ("spine[ti] NOT brain[tiab]", True),
        ("(brain[tiab] OR spine[tiab]) AND metasta*[tiab]", True),
    ],
)
def test_a_stored_record_is_matched(query: str, found: bool) -> None:
    assert lint(query) == ()
    assert matches(parse(query), searchable(RECORD)) is found


def test_what_a_record_cannot_tell_is_said() -> None:
    with pytest.raises(NotDecidable, match="only PubMed"):
        matches(parse("2020[dp]"), searchable(RECORD))


def _truth(query: Query, present: frozenset[str]) -> bool:
    if isinstance(query, Term):
        return query.text in present
    left, right = _truth(query.left, present), _truth(query.right, present)
    return {"AND": left and right, "OR": left or right, "NOT": left and not right}[query.operator]


@given(
    st.recursive(st.sampled_from(LETTERS).map(lambda c: f"{c}[tiab]"), _joined, max_leaves=10),
    st.frozensets(st.sampled_from(LETTERS)),
)
def test_matching_follows_the_operators(query: str, present: frozenset[str]) -> None:
    tree = parse(query)
    record = searchable(Record("90000502", " ".join(sorted(present))))
    assert matches(tree, record) is _truth(tree, present)


@given(st.lists(st.sampled_from(["spine", "bone", "x"]), min_size=1, max_size=8), st.data())
def test_a_phrase_is_found_exactly_where_its_words_stand_in_order(
    text: list[str], data: st.DataObject
) -> None:
    phrase = data.draw(st.lists(st.sampled_from(["spine", "bone", "x"]), min_size=1, max_size=3))
    stands = any(text[n : n + len(phrase)] == phrase for n in range(len(text)))
    record = searchable(Record("90000503", " ".join(text)))
    assert matches(parse(f'"{" ".join(phrase)}"[ti]'), record) is stands


def test_words_part_at_hyphens_and_lose_accents() -> None:
    assert words("Café-au-lait X-Ray 8Gy") == ["cafe", "au", "lait", "x", "ray", "8gy"]
