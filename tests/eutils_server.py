"""A small PubMed on the loopback interface: E-utilities over made-up papers, with faults by script.

`Library` holds the papers; `Loopback` serves them: esearch (history, dates, retmax, sort, at most `cap` papers),
efetch (XML and MEDLINE text), epost and elink, as XML the way the real server answers. `faults` decides request
by request what goes wrong. Bio.Entrez talks to it over HTTP as to the real one.
"""

from __future__ import annotations

import re
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

FIRST_PMID = 90_000_001
CAP = 9_999
_UIDS = re.compile(r"(\d+)\[uid\]", re.IGNORECASE)
_UID_RANGE = re.compile(r"AND (\d+):(\d+)\[UID\]$")
DOCTYPE = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"'
    ' "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
_NOT_RETRACTED = 'NOT "Retracted Publication"[pt]'


@dataclass(frozen=True, slots=True)
class Paper:
    """One made-up paper."""

    pmid: int
    title: str
    entered: date
    modified: date
    retracted_by: int | None = None
    found: bool = True
    book: bool = False

    def xml(self) -> str:
        """Return it as efetch does."""
        if self.book:
            return f"<PubmedBookArticle><BookDocument><PMID>{self.pmid}</PMID></BookDocument></PubmedBookArticle>"
        kind, notice = "Journal Article", ""
        if self.retracted_by:
            kind = "Retracted Publication"
            notice = (
                '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J Invent. 2026'
                f'</RefSource><PMID Version="1">{self.retracted_by}</PMID></CommentsCorrections>'
                "</CommentsCorrectionsList>"
            )
        return (
            f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{self.pmid}</PMID>'
            f"<DateRevised><Year>{self.modified.year}</Year><Month>{self.modified.month:02}</Month>"
            f"<Day>{self.modified.day:02}</Day></DateRevised>"
            "<Article><Journal><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue>"
            f"<Title>Journal of Invented Studies</Title></Journal><ArticleTitle>{escape(self.title)}</ArticleTitle>"
            f"<PublicationTypeList><PublicationType>{kind}</PublicationType></PublicationTypeList></Article>{notice}"
            "</MedlineCitation><PubmedData/></PubmedArticle>"
        )

    def medline(self) -> str:
        """Return it as MEDLINE text."""
        return f"PMID- {self.pmid}\nDP  - 2020\nTI  - {self.title}\nSO  - J Invent. 2020.\n\n"


def papers(count: int, *, first_day: date = date(2019, 1, 1), per_day: int = 20) -> list[Paper]:
    """Return so many papers, entered `per_day` a day."""
    return [
        Paper(
            FIRST_PMID + n,
            f"Spinal metastases, invented study {n}",
            day := first_day + timedelta(n // per_day),
            day,
        )
        for n in range(count)
    ]


class Library:
    """The papers, which may change while they are served."""

    def __init__(self, of: list[Paper]) -> None:
        self.papers = {paper.pmid: paper for paper in of}

    def change(self, pmid: int, **values: object) -> None:
        """Give a paper other values."""
        self.papers[pmid] = replace(self.papers[pmid], **values)  # type: ignore[arg-type]

    def search(self, term: str, first: date, last: date, kind: str) -> list[Paper]:
        """Return what a query finds, newest entry first."""
        found = [paper for paper in self.papers.values() if paper.found]
        if match := _UID_RANGE.search(term):
            low, high = map(int, match.groups())
            found = [paper for paper in found if low <= paper.pmid <= high]
        elif uids := set(map(int, _UIDS.findall(term))):
            found = [paper for paper in self.papers.values() if paper.pmid in uids]
        if term.endswith(_NOT_RETRACTED):
            found = [paper for paper in found if not paper.retracted_by]
        dates = {p.pmid: p.modified if kind == "mdat" else p.entered for p in found}
        found = [paper for paper in found if first <= dates[paper.pmid] <= last]
        return sorted(found, key=lambda paper: (-paper.entered.toordinal(), -paper.pmid))


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in."""

    number: int
    tool: str
    parameters: dict[str, str]
    ids: tuple[str, ...]
    arrived: float = field(compare=False, default=0.0)


Faults = Callable[[Request], str | None]


def none(_request: Request) -> None:
    """No fault at all."""


# Faults that are noticed while the answer comes, and those that change what it says.
WIRE_FAULTS = ("500", "503 Retry 0", "429", "hang", "refused", "reset", "cut off", "silent cut")
BODY_FAULTS = (
    "error in 200",
    "web page",
    "empty body",
    "forgotten history",
    "short",
    "looks empty",
    "doubled",
)
FAULTS = (*WIRE_FAULTS, *BODY_FAULTS)


class Loopback:
    """The server; use it as a context. `log` holds every request, `url` is the base address."""

    def __init__(self, library: Library, *, cap: int = CAP, faults: Faults = none, hang: float = 1.0) -> None:
        self.library = library
        self.cap = cap
        self.faults = faults
        self.hang = hang
        self.log: list[Request] = []
        self.histories: dict[str, list[int]] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.loopback = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/entrez/eutils/"

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def note(self, tool: str, parameters: dict[str, str], ids: tuple[str, ...]) -> Request:
        """Log a request."""
        with self._lock:
            request = Request(len(self.log) + 1, tool, parameters, ids, time.time())
            self.log.append(request)
        return request

    def asked(self, tool: str) -> int:
        """Return how often a tool was asked."""
        return sum(request.tool == tool for request in self.log)

    @contextmanager
    def going_wrong(self, faults: Faults) -> Iterator[None]:
        """Let requests fail meanwhile."""
        self.faults, before = faults, self.faults
        try:
            yield
        finally:
            self.faults = before

    def answer(self, request: Request, fault: str | None) -> str:
        """Return the body for a request."""
        if fault == "error in 200":
            return "<eFetchResult><ERROR>Error: External viewer error: Empty Response</ERROR></eFetchResult>"
        if fault == "web page":
            return "<!DOCTYPE html><html><body>We are down for maintenance</body></html>"
        if fault == "empty body":
            return ""
        tools = {"esearch": self._search, "efetch": self._fetch, "epost": self._post, "elink": self._link}
        return tools[request.tool](request, fault)

    def _search(self, request: Request, fault: str | None) -> str:
        asked = request.parameters
        first, last = (
            date.fromisoformat(asked.get(name, default).replace("/", "-"))
            for name, default in (("mindate", "1000-01-01"), ("maxdate", "3001-01-01"))
        )
        found = self.library.search(asked["term"], first, last, asked.get("datetype", "edat"))
        if asked.get("sort") == "pub_date":
            found.sort(key=lambda paper: paper.pmid)
        if fault == "looks empty":
            found = []
        kept = self._keep([paper.pmid for paper in found]) if asked.get("usehistory") == "y" else ""
        start, size = int(asked.get("retstart", 0)), int(asked.get("retmax", 20))
        listed = found[start : min(start + size, self.cap)]
        if fault == "short":
            listed = listed[:-1]
        ids = "".join(f"<Id>{paper.pmid}</Id>" for paper in listed)
        return (
            f"<eSearchResult><Count>{len(found)}</Count><RetMax>{len(listed)}</RetMax><RetStart>{start}</RetStart>"
            f"{kept}<IdList>{ids}</IdList><QueryTranslation>{escape(asked['term'][:80])}</QueryTranslation>"
            "</eSearchResult>"
        )

    def _keep(self, pmids: list[int]) -> str:
        with self._lock:
            name = f"MCID_{len(self.histories)}"
            self.histories[name] = pmids
        return f"<QueryKey>1</QueryKey><WebEnv>{name}</WebEnv>"

    def _post(self, request: Request, _fault: str | None) -> str:
        return f"<ePostResult>{self._keep([int(pmid) for pmid in request.ids])}</ePostResult>"

    def _fetch(self, request: Request, fault: str | None) -> str:
        asked = request.parameters
        if "WebEnv" in asked:
            if fault == "forgotten history":
                self.histories.pop(asked["WebEnv"], None)
            if asked["WebEnv"] not in self.histories:
                return "<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>"
            start = int(asked.get("retstart", 0))
            pmids = self.histories[asked["WebEnv"]][start : start + int(asked["retmax"])]
        else:
            pmids = [int(pmid) for pmid in request.ids]
        wanted = [self.library.papers[pmid] for pmid in pmids if pmid in self.library.papers]
        if fault == "short":
            wanted = wanted[1:]
        if fault == "doubled":
            wanted = [*wanted, *wanted[:2]]
        if asked.get("rettype") == "medline":
            return "\n" + "".join(paper.medline() for paper in wanted)
        return f"{DOCTYPE}<PubmedArticleSet>{''.join(paper.xml() for paper in wanted)}</PubmedArticleSet>"

    def _link(self, request: Request, _fault: str | None) -> str:
        name = request.parameters["linkname"]
        sets = "".join(
            f"<LinkSet><DbFrom>pubmed</DbFrom><IdList><Id>{pmid}</Id></IdList><LinkSetDb><LinkName>{name}</LinkName>"
            f"<Link><Id>{int(pmid) + 1}</Id></Link></LinkSetDb></LinkSet>"
            for pmid in request.ids
        )
        return f"<eLinkResult>{sets}</eLinkResult>"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    loopback: Loopback


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    _kind = "text/xml"

    def do_GET(self) -> None:
        self._serve(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _serve(self, query: str) -> None:
        loopback = self.server.loopback
        values = parse_qs(query)
        ids = tuple(",".join(values.get("id", [])).split(",")) if "id" in values else ()
        tool = urlsplit(self.path).path.rsplit("/", 1)[1].removesuffix(".fcgi")
        request = loopback.note(tool, {name: value[0] for name, value in values.items()}, ids)
        fault = loopback.faults(request)
        if fault == "hang":
            time.sleep(loopback.hang)
        if fault in ("refused", "hang"):
            self._reset()
        elif fault and fault[:3].isdigit():
            wish = fault.rpartition(" ")[2] if "Retry" in fault else ""
            headers = {"Retry-After": wish} if wish else {}
            self._send(int(fault[:3]), b"<ERROR>not now</ERROR>", headers)
        else:
            self._kind = "text/plain" if request.parameters.get("retmode") == "text" else "text/xml"
            self._deliver(loopback.answer(request, fault).encode(), fault)

    def _deliver(self, body: bytes, fault: str | None) -> None:
        if fault == "silent cut":
            self._send(200, body[: len(body) * 2 // 3], {})
        elif fault in ("cut off", "reset"):
            self._send(200, body[: len(body) // 2], {"Content-Length": str(len(body))})
            if fault == "reset":
                self._reset()
        else:
            self._send(200, body, {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": self._kind, "Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _reset(self) -> None:
        """Break the connection off at once, as a crashed server does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def finish(self) -> None:
        with suppress(OSError, ValueError):  # it may be broken off by script
            super().finish()

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


def main() -> None:
    """Serve so many papers until killed, for measuring: python -m tests.eutils_server 25000."""
    count = int(sys.argv[1])
    with Loopback(Library(papers(count, per_day=40))) as server:
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
