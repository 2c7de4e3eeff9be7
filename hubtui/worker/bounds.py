"""Bounds on what a stranger's code may take of this process, for as long as it runs: time and memory."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_AGAIN_S = 0.05


class OutOfTimeError(Exception):
    """The time was over; raised wherever the main thread was at that moment."""


@contextmanager
def bounded_time(seconds: float) -> Iterator[None]:
    """Interrupt the block after a time; for the main thread.

    It is interrupted again while it goes on, for code may swallow the first exception. A call that is deep in C goes on
    until it returns: against that only the parent's deadline helps.

    Raises:
        OutOfTimeError: the block did not end in time.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), _AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def bounded_memory(n_bytes: int) -> Iterator[None]:
    """Let the block reserve no more than so many bytes beyond what the process has (Linux); else MemoryError."""
    if not sys.platform.startswith("linux"):
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    reserved = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    wanted = reserved + n_bytes
    resource.setrlimit(resource.RLIMIT_AS, (wanted if soft == resource.RLIM_INFINITY else min(wanted, soft), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
