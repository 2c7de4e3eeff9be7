"""Fixtures of the panes' tests."""

from __future__ import annotations

import pytest

from hubtui.ui import clock
from tests.fakes import NOW


@pytest.fixture
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every picture be taken at the same moment."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
