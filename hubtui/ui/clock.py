"""The time of day: one function, so that pictures of the screen can be taken at a fixed time."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, UTC. Call it as `clock.now()`."""
    return datetime.now(UTC)
