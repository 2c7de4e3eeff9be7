"""Ending long work by an interrupt: as a flag, so that it stops between two steps with all it has on disk."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""The exit code of an interrupted command."""


@contextmanager
def stopped_by_interrupt() -> Generator[threading.Event]:
    """Turn an interrupt into a flag while the block runs.

    A second one is an interrupt as ever: an answer that does not come is not waited for.
    """
    stopped = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        stopped.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)
