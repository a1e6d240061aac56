"""A client of the loopback PubMed that waits for nothing."""

from __future__ import annotations

from harvest.eutilities import Eutilities
from harvest.patience import Patience
from harvest.throttle import Throttle
from harvest.transport import Wire
from tests.eutils_server import Faults, Loopback, Request


def client_of(
    server: Loopback, *, tries: int = 4, timeout: float = 10.0, api_key: str | None = None
) -> Eutilities:
    """Return a client at full speed."""
    patience = Patience(tries=tries, first_pause=0.0)
    return Eutilities("tests@example.org", api_key, Wire(server.url, timeout), Throttle(0.0), patience)


def once_each(fault: str) -> Faults:
    """Let the first try of every request go wrong in this way."""
    seen: set[str] = set()

    def faults(request: Request) -> str | None:
        what = {name: value for name, value in request.parameters.items() if name != "WebEnv"}
        key = f"{request.tool} {sorted(what.items())}"
        if key in seen:
            return None
        seen.add(key)
        return fault

    return faults


def only(number: int, fault: str) -> Faults:
    """Let one request go wrong."""
    return lambda request: fault if request.number == number else None


def from_then_on(number: int, fault: str) -> Faults:
    """Let every request from this one on go wrong."""
    return lambda request: fault if request.number >= number else None
