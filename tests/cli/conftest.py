"""Commands as a user types them, in this process, against the real demo Hub."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hubtui.__main__ import main
from hubtui.demo.child import DemoHubProcess


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)


Hubtui = Callable[..., Answer]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's folders of their own, with the environment and the logging put back afterwards."""
    environ, handlers, level = dict(os.environ), list(logging.getLogger().handlers), logging.getLogger().level
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    yield tmp_path
    os.environ.clear()
    os.environ.update(environ)
    root = logging.getLogger()
    for handler in set(root.handlers) - set(handlers):
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.raiseExceptions = True


@pytest.fixture
def hubtui(
    home: Path, demo_hub: DemoHubProcess, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Hubtui:
    """Run `hubtui WORDS…` on the demo Hub."""
    monkeypatch.setenv("HF_ENDPOINT", demo_hub.url)
    monkeypatch.setenv("HF_HUB_CACHE", str(home / "hub"))

    def run(*words: str) -> Answer:
        capsys.readouterr()
        code = main(words)
        printed = capsys.readouterr()
        return Answer(code, printed.out, printed.err)

    return run
