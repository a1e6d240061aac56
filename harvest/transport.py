"""Bio.Entrez over our own wire: another base address, timeouts, the whole body read before it is believed.

Bio.Entrez builds the requests and calls `urlopen`, by that name in its module. `ask` lets that one call, and in
this thread alone, go through a `Wire`; whoever else uses Bio.Entrez in the process notices nothing.
"""

from __future__ import annotations

import http.client
import io
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from email.message import Message
from typing import Any

from Bio import Entrez

from harvest.patience import retry_after

EUTILS_URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
_PIECE = 1 << 16
# 4xx that may pass: timeout, too early, too many requests.
_PASSING = frozenset({408, 425, 429})


class WireFault(Exception):
    """A request that brought no whole answer. `lasting` faults are not worth trying again."""

    def __init__(
        self, cause: str, *, status: int | None = None, wish: float | None = None, lasting: bool = False
    ) -> None:
        self.cause = cause
        self.status = status
        self.wish = wish
        self.lasting = lasting
        super().__init__(cause)


class _Answer(io.BytesIO):
    """A body read to its end, in the shape that Bio.Entrez expects of an HTTP response."""

    def __init__(self, body: bytes, headers: Message, url: str) -> None:
        super().__init__(body)
        self.headers = headers
        self.url = url


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the API key to whoever is named there, and turn a POST into a GET."""

    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Wire:
    """One server and how long to wait for it: `timeout` for each sign of life, `longest` for a whole answer."""

    url: str = EUTILS_URL
    timeout: float = 60.0
    longest: float = 900.0

    def send(self, request: urllib.request.Request) -> _Answer:
        """Send a request of Bio.Entrez and return the whole answer.

        Raises
        ------
        WireFault
            There is no connection, no answer in time, an error status, or less of the body than announced.
        """
        request.full_url = self.url.rstrip("/") + "/" + request.full_url.rsplit("/", 1)[1]
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=self.timeout) as response:
                body = _read_whole(response, self.longest)
                return _Answer(body, response.headers, response.url)
        except urllib.error.HTTPError as error:
            with error:
                raise _status_fault(error) from error
        except urllib.error.URLError as error:
            lasting = isinstance(error.reason, ssl.SSLCertVerificationError)
            raise WireFault(f"no connection ({error.reason})", lasting=lasting) from error
        except TimeoutError as error:
            raise WireFault("no answer in time") from error
        except (http.client.HTTPException, OSError) as error:
            raise WireFault(f"the connection broke off ({error or type(error).__name__})") from error


def _read_whole(response: http.client.HTTPResponse, longest: float) -> bytes:
    announced = response.headers.get("Content-Length")
    end = time.monotonic() + longest
    pieces: list[bytes] = []
    while piece := response.read1(_PIECE):
        pieces.append(piece)
        if time.monotonic() > end:
            raise WireFault(f"the answer did not end within {longest:.0f} seconds")
    body = b"".join(pieces)
    if announced is not None and announced.isdigit() and len(body) != int(announced):
        raise WireFault(f"the answer was cut off after {len(body)} of {announced} bytes")
    return body


def _status_fault(error: urllib.error.HTTPError) -> WireFault:
    cause = f"the server answered {error.code} {error.reason}".rstrip()
    if 300 <= error.code < 400:
        place = error.headers.get("Location", "another address")
        cause = f"the server sent us on to {place.split('?')[0]}; name that address with --eutils-url"
    lasting = error.code < 500 and error.code not in _PASSING
    return WireFault(
        cause, status=error.code, wish=retry_after(error.headers.get("Retry-After")), lasting=lasting
    )


_wire: ContextVar[Wire | None] = ContextVar("wire", default=None)
_entrez: Any = Entrez
_plain_urlopen = _entrez.urlopen


def _urlopen(request: urllib.request.Request, *arguments: Any, **named: Any) -> Any:
    wire = _wire.get()
    return _plain_urlopen(request, *arguments, **named) if wire is None else wire.send(request)


def ask(wire: Wire, function: Callable[..., Any], **parameters: Any) -> bytes:
    """Call one of Bio.Entrez' functions over `wire` and return the body of the answer.

    Raises
    ------
    WireFault
        See `Wire.send`.
    """
    _entrez.urlopen = _urlopen
    # Bio.Entrez' own pause holds for one process only; the caller has kept the machine's pace already.
    _entrez._open.previous = 0.0
    token = _wire.set(wire)
    try:
        handle = function(**parameters)
    finally:
        _wire.reset(token)
    # Text comes wrapped for decoding; we want the bytes as they came.
    body: bytes = getattr(handle, "buffer", handle).read()
    return body
