"""The polite client of PubMed's E-utilities, over Bio.Entrez: one pace a machine, patient, and hard to deceive.

Every answer is read whole and held against what it must be before it counts: an error inside a 200 answer, a
body cut off, a list that is too short or a forgotten list are repaired or reported, never taken for success.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from Bio import Entrez

from harvest.answers import (
    BadAnswer,
    Found,
    History,
    delivered_pmids,
    read_links,
    read_post,
    read_search,
)
from harvest.date_slices import LISTED_AT_MOST, Window
from harvest.errors import ServerTrouble
from harvest.patience import Patience
from harvest.throttle import INTERVAL, INTERVAL_WITH_KEY, Throttle
from harvest.transport import EUTILS_URL, Wire, WireFault, ask

_DATABASE = "pubmed"
_TOOL = "spinemets"
# So many answers have to agree that PubMed does not deliver all of what was asked for.
_BELIEVED = 3

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A batch as it came, and those asked for that PubMed did not deliver, however often it was asked."""

    body: bytes
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Eutilities:
    """How to ask: who we are, which server, at which pace, how patiently.

    Examples
    --------
    >>> client = Eutilities("you@example.org")
    >>> client.throttle.interval
    0.37
    """

    email: str
    api_key: str | None = field(default=None, repr=False)
    wire: Wire = field(default_factory=Wire)
    throttle: Throttle = field(default_factory=Throttle)
    patience: Patience = field(default_factory=Patience)

    def search(self, term: str, window: Window | None = None, *, listed: int = LISTED_AT_MOST) -> Found:
        """Search PubMed, list up to `listed` PMIDs, and have the server keep the list.

        Raises
        ------
        ServerTrouble
            After the last try there is still no answer, or none that holds together.
        """
        dates = window.parameters() if window else {}

        def check(body: bytes) -> Found:
            found = read_search(body)
            if len(found.pmids) != min(found.count, listed, LISTED_AT_MOST):
                raise BadAnswer(f"the search found {found.count} but lists {len(found.pmids)}")
            return found

        return self._ask(
            "search", check, Entrez.esearch, term=term, retmax=listed, retmode="xml", usehistory="y", **dates
        )

    def post(self, pmids: Sequence[str]) -> History:
        """Have the server keep a list of PMIDs. Errors as `search`."""
        return self._ask("post", read_post, Entrez.epost, id=",".join(pmids))

    def links(self, pmids: Sequence[str], name: str) -> dict[str, tuple[str, ...]]:
        """Return for each PMID the PMIDs that PubMed links to it under `name` ("pubmed_pubmed_refs"). Errors as `search`."""

        def check(body: bytes) -> dict[str, tuple[str, ...]]:
            links = read_links(body)
            if absent := [pmid for pmid in pmids if pmid not in links]:
                raise BadAnswer(f"the links of {len(absent)} of {len(pmids)} papers are not there")
            return links

        # A list, not a text with commas: only then links are answered paper by paper.
        return self._ask(
            "link", check, Entrez.elink, id=list(pmids), dbfrom=_DATABASE, linkname=name, retmode="xml"
        )

    def fetch(self, pmids: Sequence[str], history: History | None = None, start: int = 0) -> Delivery:
        """Fetch records as PubMed XML, by the server's own list from `start` where there is one.

        What the list does not bring is asked for by PMID; what three answers in a row lack is `missing`.

        Raises
        ------
        HistoryLost
            The server no longer holds the list: post it again.
        ServerTrouble
            As `search`.
        """
        if history is not None:
            delivery = self._fetch(
                pmids,
                WebEnv=history.web_env,
                query_key=history.query_key,
                retstart=start,
                retmax=len(pmids),
            )
            if not delivery.missing:
                return delivery
        delivery = self._fetch(pmids, id=",".join(pmids))
        for failures in range(1, _BELIEVED):
            if not delivery.missing:
                break
            self.patience.sleep(self.patience.pause(failures))
            delivery = self._fetch(pmids, id=",".join(pmids))
        return delivery

    def _fetch(self, pmids: Sequence[str], **how: Any) -> Delivery:
        def check(body: bytes) -> Delivery:
            delivered = set(delivered_pmids(body))
            return Delivery(body, tuple(pmid for pmid in pmids if pmid not in delivered))

        return self._ask("fetch", check, Entrez.efetch, retmode="xml", **how)

    def fetch_text(self, pmids: Sequence[str]) -> bytes:
        """Fetch records as MEDLINE text (.nbib). Errors as `search`."""

        def check(body: bytes) -> bytes:
            lines = body.split(b"\n")
            delivered = {line[6:].strip().decode() for line in lines if line.startswith(b"PMID- ")}
            if absent := [pmid for pmid in pmids if pmid not in delivered]:
                raise BadAnswer(f"{len(absent)} of {len(pmids)} records are not there")
            return body

        return self._ask("fetch", check, Entrez.efetch, rettype="medline", retmode="text", id=",".join(pmids))

    def _ask(
        self, what: str, check: Callable[[bytes], Value], function: Callable[..., Any], **parameters: Any
    ) -> Value:
        """Ask until `check` accepts an answer; the pace is kept and each failure followed by a longer pause."""
        named = {"db": _DATABASE, "email": self.email, "tool": _TOOL} | parameters
        if self.api_key:
            named["api_key"] = self.api_key
        by_history = "WebEnv" in parameters
        for tried in range(1, self.patience.tries + 1):
            self.throttle.wait()
            try:
                return check(ask(self.wire, function, **named))
            except BadAnswer as fault:
                if by_history and fault.history_lost:
                    raise HistoryLost from fault
                cause, wish, lasting = fault.cause, None, False
            except WireFault as fault:
                # An error status is how some servers say that they forgot the list.
                if by_history and fault.lasting and fault.status == 400:
                    raise HistoryLost from fault
                cause, wish, lasting = fault.cause, fault.wish, fault.lasting
            if lasting or tried == self.patience.tries or (wish or 0) > self.patience.longest_wish:
                break
            self.patience.sleep(self.patience.pause(tried, wish))
        raise ServerTrouble(self.wire.url, what, self._without_key(cause), tried, wish)

    def _without_key(self, text: str) -> str:
        return text.replace(self.api_key, "(your API key)") if self.api_key else text


class HistoryLost(Exception):
    """The server no longer holds a list that it kept for us."""


class KeptLists:
    """PMIDs that the server keeps for us in lists that it can serve; posted anew whenever it has forgotten one.

    Parameters
    ----------
    size
        How many records a batch holds; a list holds whole batches.
    history
        Where the server keeps all of `pmids` in this order already, after a search that fits one list.
    """

    def __init__(
        self, client: Eutilities, pmids: Sequence[str], size: int, history: History | None = None
    ) -> None:
        self._client = client
        self._pmids = pmids
        self._size = size
        self._length = max(1, LISTED_AT_MOST // size) * size
        self._histories = {0: history} if history else {}

    def fetch(self, number: int) -> Delivery:
        """Fetch a batch, counted from 1. Errors as `Eutilities.search`."""
        place, start = divmod((number - 1) * self._size, self._length)
        listed = self._pmids[place * self._length : (place + 1) * self._length]
        wanted = listed[start : start + self._size]
        for _ in range(_BELIEVED):
            if place not in self._histories:
                self._histories[place] = self._client.post(listed)
            try:
                return self._client.fetch(wanted, self._histories[place], start)
            except HistoryLost:
                del self._histories[place]
        return self._client.fetch(wanted)


def client_for(email: str, api_key: str | None = None, url: str | None = None) -> Eutilities:
    """Return a client at the pace that PubMed allows: 3 requests a second, 10 with an API key."""
    pace = Throttle(INTERVAL_WITH_KEY if api_key else INTERVAL)
    return Eutilities(email, api_key, Wire(url or EUTILS_URL), pace)
