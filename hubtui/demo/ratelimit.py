"""The Hub's rate limits: so many calls a bucket and caller in a window that starts with the first of them."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

HUB_QUOTAS: Mapping[str, int] = {"api": 500, "resolvers": 3000, "pages": 100}
"""Bucket → calls that an anonymous caller has in a window; a token has twice as many."""

DEMO_QUOTAS: Mapping[str, int] = {"api": 50_000, "resolvers": 300_000, "pages": 10_000}
"""What the demo Hub allows: it has nothing to protect, and a script that walks all models should not have to wait."""

HUB_WINDOW_S = 300
_MOST_CALLERS = 10_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands after a call; `reset_s` is counted from now, in whole seconds."""

    bucket: str
    quota: int
    window_s: int
    remaining: int
    reset_s: int
    is_refused: bool

    def headers(self) -> dict[str, str]:
        """Return the two headers that the Hub sends with every answer."""
        return {
            "RateLimit": f'"{self.bucket}";r={self.remaining};t={self.reset_s}',
            "RateLimit-Policy": f'"fixed window";"{self.bucket}";q={self.quota};w={self.window_s}',
        }


class RateLimiter:
    """Counts calls in fixed windows; safe to call from several threads.

    Args:
        quotas: bucket → calls a window; buckets left out have those of the real Hub.
        window_s: length of a window in seconds.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        quotas: Mapping[str, int] | None = None,
        window_s: int = HUB_WINDOW_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._quotas = {**HUB_QUOTAS, **(quotas or {})}
        self._window_s = window_s
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}  # bucket and caller → start, calls

    def count(self, bucket: str, caller: str, *, signed_in: bool) -> Standing:
        """Count one call and return where the caller stands; a refused call is not counted."""
        quota = self._quotas[bucket] * (2 if signed_in else 1)
        now = self._clock()
        with self._lock:
            start, used = self._windows.get((bucket, caller), (now, 0))
            if now - start >= self._window_s:
                start, used = now, 0
            is_refused = used >= quota
            used = min(quota, used + 1)
            if len(self._windows) >= _MOST_CALLERS:
                self._windows.clear()  # only a flood of made-up callers gets here
            self._windows[bucket, caller] = (start, used)
        reset = max(0, math.ceil(start + self._window_s - now))
        return Standing(bucket, quota, self._window_s, quota - used, reset, is_refused)
