"""Tiny checkpoints and one runner for the tests of the worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hubtui.core.results import RunDelta, RunOutcome, RunRequest, RunStage
from hubtui.worker.runner import Runner
from tests import tiny

Checkpoints = Callable[[str], Path]


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Checkpoints:
    """The folder of a tiny checkpoint by its kind (`tests.tiny`), built once a session. Copy it to change it."""
    root = tmp_path_factory.mktemp("checkpoints")

    def folder(kind: str) -> Path:
        place = root / kind
        return place if place.is_dir() else tiny.build(kind, place)

    return folder


class Worker:
    """Runs requests in this process, as the model process does."""

    def __init__(self) -> None:
        self._runner = Runner()
        self.events: list[RunStage | RunDelta] = []

    def run(self, folder: Path, task: str, inputs: dict[str, Any], **options: Any) -> RunOutcome:
        """Run a task; `stream`, `seed`, `device` and `dtype` are the request's, every other option a parameter."""
        own = {name: options.pop(name) for name in ("stream", "seed", "device", "dtype") if name in options}
        stop = options.pop("is_cancelled", lambda: False)
        request = RunRequest(f"test/{folder.name}", str(folder), "main", task, inputs, options, **own)
        self.events.clear()
        return self._runner.run(request, self.events.append, stop)

    @property
    def streamed(self) -> str:
        """The text that came while the last run went on."""
        return "".join(event.text for event in self.events if isinstance(event, RunDelta))


@pytest.fixture(scope="session")
def worker() -> Worker:
    return Worker()
