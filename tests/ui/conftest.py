"""A terminal that is the same on every machine, for tests and pictures of the interface."""

from __future__ import annotations

import pytest

from hubtui.ui import clock
from tests.fake_rows import NOW


@pytest.fixture(autouse=True)
def steady_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fix the time of day and what the environment says of the terminal."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in ("NO_COLOR", "TMUX", "TEXTUAL"):
        monkeypatch.delenv(name, raising=False)
