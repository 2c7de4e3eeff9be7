"""The whole program in a real pseudo-terminal, with folders of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal

Launch = Callable[..., Terminal]
HUBTUI = str(Path(sys.executable).with_name("hubtui"))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A user's environment: home of its own, no token, nothing of the tests' own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "XDG_", "TRANSFORMERS_"))}
    home = tmp_path / "home"
    home.mkdir()
    return {**kept, "HOME": str(home), "LANG": "C.UTF-8"}


@pytest.fixture
def launch(environment: dict[str, str]) -> Iterator[Launch]:
    """Start `hubtui WORDS…` in a terminal, which is closed after the test."""
    opened: list[Terminal] = []

    def start(*words: str, columns: int = 120, rows: int = 40, **more: str) -> Terminal:
        terminal = Terminal([HUBTUI, *words], columns=columns, rows=rows, environment={**environment, **more})
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        terminal.close()
