"""The client over real HTTP: every fault is noticed, repaired where that is possible, and else said clearly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from Bio import Entrez

from harvest.date_slices import Window
from harvest.errors import CountsDisagree, ServerTrouble
from harvest.eutilities import KeptLists, client_for
from harvest.listings import list_all
from harvest.patience import Patience
from harvest.query_lint import lint
from harvest.rechecks import recheck
from harvest.throttle import INTERVAL, INTERVAL_WITH_KEY
from harvest.transport import EUTILS_URL
from tests.eutils_server import (
    FAULTS,
    FIRST_PMID,
    WIRE_FAULTS,
    Library,
    Loopback,
    Paper,
    Request,
    papers,
)
from tests.harvest.loopback_client import client_of, from_then_on, once_each, only

ALL = [str(FIRST_PMID + n) for n in range(120)]


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback(Library(papers(120)), cap=50, hang=0.4) as loopback:
        yield loopback


def delivered(body: bytes) -> list[str]:
    return [pmid for pmid in ALL if f">{pmid}<".encode() in body]


def test_bio_entrez_itself_asks_and_says_who_we_are(server: Loopback) -> None:
    found = client_of(server, api_key="secret").search("spine", listed=7)
    assert (found.count, len(found.pmids)) == (120, 7)
    sent = server.log[0].parameters
    assert sent["email"] == "tests@example.org"
    assert sent["tool"] == "spinemets"
    assert sent["api_key"] == "secret"


def test_others_who_use_bio_entrez_are_not_sent_to_our_server(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_of(server).search("spine", listed=1)
    reached = []
    monkeypatch.setattr("harvest.transport._plain_urlopen", lambda request: reached.append(request.full_url))
    with pytest.raises(AttributeError):  # None has no headers; the request went past our server
        Entrez.esearch(db="pubmed", term="x", email="tests@example.org")
    assert reached[0].startswith(EUTILS_URL)
    assert len(server.log) == 1


def test_a_search_is_limited_to_days(server: Loopback) -> None:
    day = date(2019, 1, 2)
    found = client_of(server).search("spine", Window(day, day))
    assert sorted(found.pmids) == ALL[20:40]


def test_papers_are_fetched_by_pmid_and_by_list(server: Loopback) -> None:
    client = client_of(server)
    assert delivered(client.fetch(ALL[:3]).body) == ALL[:3]
    lists = KeptLists(client, ALL, 25)
    assert delivered(lists.fetch(5).body) == ALL[100:]
    assert delivered(lists.fetch(2).body) == ALL[25:50]
    assert server.asked("epost") == 1
    assert client.fetch_text(ALL[:2]).count(b"PMID- ") == 2
    assert client.links(ALL[:2], "pubmed_pubmed_refs") == {ALL[0]: (ALL[1],), ALL[1]: (ALL[2],)}


def test_long_lists_are_posted_not_put_into_an_address(server: Loopback) -> None:
    assert delivered(client_of(server).fetch(ALL).body) == ALL
    assert server.log[-1].parameters["db"] == "pubmed"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_any_request_is_repaired(server: Loopback, fault: str) -> None:
    client = client_of(server, timeout=0.1 if fault == "hang" else 10)
    with server.going_wrong(once_each(fault)):
        if fault not in ("looks empty", "hang"):  # the one has its own test, the other costs time
            assert sorted(list_all(client, "spine", at_most=50).pmids) == ALL
        lists = KeptLists(client, ALL, 50)
        assert [pmid for n in (1, 2, 3) for pmid in delivered(lists.fetch(n).body)] == ALL


@pytest.mark.parametrize("fault", ["looks empty", "short"])
@pytest.mark.parametrize("number", range(1, 13))
def test_a_search_that_lies_is_found_out(server: Loopback, number: int, fault: str) -> None:
    with server.going_wrong(only(number, fault)):
        listing = list_all(client_of(server), "spine", at_most=30)
    assert sorted(listing.pmids) == ALL
    assert max(len(part.pmids) for part in listing.parts) <= 30


def test_a_day_with_more_than_pubmed_lists_is_cut_by_pmid() -> None:
    with Loopback(Library(papers(90, per_day=90)), cap=40) as server:
        listing = list_all(client_of(server), "spine", at_most=40)
    assert sorted(listing.pmids) == ALL[:90]
    assert any("PMID" in str(part.slice) for part in listing.parts)


def test_counts_that_never_agree_are_an_error(server: Loopback) -> None:
    def hides_new_year(request: Request) -> str | None:
        return "looks empty" if request.parameters.get("mindate", "") > "2000" else None

    with server.going_wrong(hides_new_year), pytest.raises(CountsDisagree, match="promised 120 papers"):
        list_all(client_of(server), "spine", at_most=50)


def test_an_empty_search_is_believed_after_three_answers() -> None:
    with Loopback(Library([])) as server:
        assert list_all(client_of(server), "spine").pmids == ()
        assert server.asked("esearch") == 3


def test_a_paper_that_never_comes_is_said_to_be_missing(server: Loopback) -> None:
    del server.library.papers[int(ALL[1])]
    delivery = client_of(server).fetch(ALL[:3])
    assert delivery.missing == (ALL[1],)
    assert delivered(delivery.body) == [ALL[0], ALL[2]]


def test_a_book_counts_as_delivered(server: Loopback) -> None:
    server.library.papers[int(ALL[0])] = Paper(int(ALL[0]), "", date(2020, 1, 1), date(2020, 1, 1), book=True)
    assert client_of(server).fetch(ALL[:2]).missing == ()


def test_a_list_the_server_forgot_is_posted_again(server: Loopback) -> None:
    client = client_of(server)
    lists = KeptLists(client, ALL, 40)
    lists.fetch(1)
    server.histories.clear()
    assert delivered(lists.fetch(2).body) == ALL[40:80]
    assert server.asked("epost") == 2


@pytest.mark.parametrize("fault", [*WIRE_FAULTS, "error in 200", "web page", "empty body"])
def test_after_the_last_try_a_clear_error(server: Loopback, fault: str) -> None:
    client = client_of(server, tries=2, timeout=0.1 if fault == "hang" else 10)
    with server.going_wrong(from_then_on(1, fault)), pytest.raises(ServerTrouble) as failure:
        client.search("spine")
    assert "asked 2 times to search" in str(failure.value)
    assert "run the same command again" in str(failure.value)
    assert {"cut off": "cut off after", "silent cut": "malformed", "hang": "in time"}.get(fault, "") in str(
        failure.value
    )
    assert len(server.log) == 2


@pytest.mark.parametrize(("status", "words"), [("403", "403"), ("302", "--eutils-url"), ("400", "400")])
def test_what_will_not_pass_is_not_tried_again(server: Loopback, status: str, words: str) -> None:
    with server.going_wrong(from_then_on(1, status)), pytest.raises(ServerTrouble, match=words):
        client_of(server).search("spine")
    assert len(server.log) == 1


def test_no_server_at_all() -> None:
    with Loopback(Library([])) as server:
        client = client_of(server, tries=2)
    with pytest.raises(ServerTrouble, match="no connection"):
        client.search("spine")


def test_the_key_is_never_shown(server: Loopback) -> None:
    client = client_of(server, tries=1, api_key="s3cret")
    assert "s3cret" not in repr(client)
    with server.going_wrong(from_then_on(1, "400")), pytest.raises(ServerTrouble) as failure:
        client.search("spine")
    assert "s3cret" not in str(failure.value)


def test_pauses_grow_and_the_servers_wish_goes_before() -> None:
    slept: list[float] = []
    patience = Patience(tries=5, first_pause=1, sleep=slept.append, chance=lambda: 1.0)
    with Loopback(Library(papers(3)), faults=from_then_on(1, "500")) as server:
        client = client_of(server)
        patient = type(client)(client.email, None, client.wire, client.throttle, patience)
        with pytest.raises(ServerTrouble):
            patient.search("spine")
        assert slept == [1, 2, 4, 8]
        slept.clear()
        server.faults = lambda request: "503 Retry 7" if request.number == 6 else None
        assert patient.search("spine").count == 3
        assert slept == [7]


def test_a_wish_for_hours_is_passed_on_to_the_person() -> None:
    with Loopback(Library(papers(3)), faults=from_then_on(1, "503 Retry 7200")) as server:
        with pytest.raises(ServerTrouble, match="again in 120 minutes"):
            client_of(server).search("spine")
        assert len(server.log) == 1


def test_retraction_and_absence_are_found_by_asking_again(server: Loopback) -> None:
    server.library.change(int(ALL[3]), retracted_by=1)
    del server.library.papers[int(ALL[5])]
    held = dict.fromkeys(ALL, False) | {ALL[7]: True}
    found = recheck(client_of(server), held, at_once=50)
    assert found.suspects == (ALL[3], ALL[5])
    assert found.reinstated == (ALL[7],)
    with server.going_wrong(only(len(server.log) + 1, "looks empty")):
        careful = recheck(client_of(server), held, at_once=50)
    assert set(found.suspects) < set(careful.suspects)  # too many are asked again, none is missed


def test_the_pace_is_pubmeds() -> None:
    assert client_for("you@example.org").throttle.interval == INTERVAL > 1 / 3
    assert client_for("you@example.org", "key").throttle.interval == INTERVAL_WITH_KEY > 1 / 10
    assert client_for("you@example.org").wire.url == EUTILS_URL
    assert client_for("you@example.org", url="http://proxy/e").wire.url == "http://proxy/e"


def test_long_lists_are_kept_in_parts_the_server_can_serve() -> None:
    with Loopback(Library(papers(12_000))) as server:
        lists = KeptLists(client_of(server), [str(FIRST_PMID + n) for n in range(12_000)], 4_000)
        body = lists.fetch(3).body  # a list holds two batches
        assert all(f">{FIRST_PMID + n}<".encode() in body for n in (8_000, 11_999))
        assert [len(request.ids) for request in server.log if request.tool == "epost"] == [4_000]
        assert [request.parameters.get("WebEnv") for request in server.log if request.tool == "efetch"] == [
            "MCID_0"
        ]


def test_our_own_questions_are_valid_pubmed_syntax() -> None:
    with Loopback(Library(papers(90, per_day=90)), cap=40) as server:
        list_all(client_of(server), "spine[ti]", at_most=40)
        recheck(client_of(server), dict.fromkeys(ALL[:90], False), at_once=30)
        terms = {request.parameters["term"] for request in server.log}
    assert len(terms) > 5
    assert [fault for term in terms for fault in lint(term)] == []
