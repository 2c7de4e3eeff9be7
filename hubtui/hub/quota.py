"""What is left of the Hub's quotas, and no request sent into one that is used up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from hubtui.core.errors import RateLimitedError
from hubtui.core.models import Quota
from hubtui.hub import answers

_LONGEST_REST_S = 3600.0  # the Hub's windows last 300 s: whoever says more is not believed for longer than this


@dataclass(frozen=True, slots=True)
class _Standing:
    """One bucket as an answer stated it; `until` is on the clock of the meter."""

    remaining: int
    limit: int
    until: float


class QuotaMeter:
    """Follows the quotas through the answers; shared by threads.

    An account has other quotas than the address it comes from, so each is followed by itself.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._standings: dict[tuple[str, bool], _Standing] = {}
        self._has_token = False

    @property
    def current(self) -> Quota | None:
        """The API quota now: whole again once its window is over; None before an answer stated it."""
        with self._lock:
            standing = self._standings.get(("api", self._has_token))
        if standing is None:
            return None
        left_s = standing.until - self._clock()
        if left_s <= 0:
            return Quota(standing.limit, standing.limit, 0.0) if standing.limit else None
        return Quota(standing.remaining, standing.limit, left_s)

    def note(self, headers: Mapping[str, str], *, has_token: bool) -> None:
        """Take in what an answer states (lower-case header names)."""
        stated = answers.standing(headers)
        if stated is None:
            return
        bucket, quota = stated
        until = self._clock() + min(quota.reset_s, _LONGEST_REST_S)
        with self._lock:
            self._has_token = has_token
            self._standings[bucket, has_token] = _Standing(quota.remaining, quota.limit, until)

    def note_refusal(self, url: str, error: RateLimitedError, *, has_token: bool) -> None:
        """Take in a refusal, also one that states no quota."""
        key = (_bucket(url), has_token)
        until = self._clock() + min(error.retry_after_s, _LONGEST_REST_S)
        with self._lock:
            known = self._standings.get(key)
            self._standings[key] = _Standing(0, known.limit if known else 0, until)

    def rest_s(self, url: str, *, has_token: bool) -> float:
        """Return the seconds for which nothing may be asked of a URL, 0 when it may be asked now."""
        with self._lock:
            standing = self._standings.get((_bucket(url), has_token))
        return max(0.0, standing.until - self._clock()) if standing is not None and standing.remaining == 0 else 0.0


def _bucket(url: str) -> str:
    """The quota that a URL draws on (HUB_PROTOCOL, section 1)."""
    path = urlsplit(url).path
    if "/resolve/" in path or "/resolve-cache/" in path:
        return "resolvers"
    return "api" if "/api/" in path else "pages"
