"""How often a failed request is tried again, and after which pause."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Patience:
    """Exponential back-off with jitter: 1 s, 2 s, 4 s ... up to `longest_pause`, each shortened by up to half.

    The server's own wish (Retry-After) goes before, unless it is longer than `longest_wish`: then we give up,
    and the person decides.
    """

    tries: int = 8
    first_pause: float = 1.0
    longest_pause: float = 120.0
    longest_wish: float = 900.0
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def pause(self, failures: int, wish: float | None = None) -> float:
        """Return how many seconds to wait after so many failures in a row.

        Examples
        --------
        >>> patience = Patience(chance=lambda: 1.0)
        >>> [patience.pause(n) for n in (1, 2, 3, 20)]
        [1.0, 2.0, 4.0, 120.0]
        >>> patience.pause(1, wish=30)
        30.0
        """
        full = min(self.longest_pause, self.first_pause * 2.0 ** min(failures - 1, 60))
        return max(full * (0.5 + self.chance() / 2), float(wish or 0.0))


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds that a Retry-After header asks for (a number or a date), or None.

    Examples
    --------
    >>> retry_after("2"), retry_after("soon"), retry_after(None)
    (2.0, None, None)
    """
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())
