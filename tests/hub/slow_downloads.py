"""Downloads that a test moves on itself, and somebody who watches or waits for them: real threads, no clock."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubtui.core.downloads import DownloadItem
from hubtui.core.errors import CancelledError, HubtuiError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Snapshot
from tests.fakes_model import FakeDownloads

if TYPE_CHECKING:
    from hubtui.core.download_ports import DownloadQueue

FILES = (FileEntry("w", 100),)


def facts_named(name: str) -> ModelFacts:
    return ModelFacts(name, commit="c" * 40, files=FILES)


@dataclass
class Network(FakeDownloads):
    """Downloads that go on as a test lets them: by bytes, to the end, or to an error."""

    steps: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    begun: list[str] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)
    outcome: dict[str, Exception] = field(default_factory=dict)
    fetched: int = 40
    stuck: bool = False

    def discard(self, facts: ModelFacts, files: Sequence[FileEntry]) -> int:
        if self.stuck:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        self.discarded.append(facts.id)
        return super().discard(facts, files)

    def fetch(
        self,
        facts: ModelFacts,
        files: Sequence[FileEntry],
        *,
        progress: Callable[[DownloadProgress], None] | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Snapshot:
        assert progress is not None
        assert is_cancelled is not None
        self.begun.append(facts.id)
        progress(DownloadProgress(files[0].path, 40, 100, self.fetched))
        while not self.steps.acquire(timeout=0.01):
            if is_cancelled():
                raise CancelledError("The download was stopped.")
        if facts.id in self.outcome:
            raise self.outcome.pop(facts.id)
        return Snapshot(f"/cache/{facts.id}", facts.commit, 100)


@dataclass
class Watch:
    """Waits, without a clock, until the queue says that something changed."""

    queue: DownloadQueue
    changed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.queue.listen(self.changed.release)

    def until(self, **states: str) -> None:
        while {item.facts.id: item.state.value for item in self.queue.items()} != states:
            assert self.changed.acquire(timeout=10), [item.state for item in self.queue.items()]


@dataclass
class Waiting:
    """Somebody who waits for the files of a model, in a thread."""

    queue: DownloadQueue
    model: str
    stays: bool = True
    outcome: Snapshot | Exception | None = None
    _told: list[DownloadItem] = field(default_factory=list)
    _given_up: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begun(self) -> Waiting:
        self._thread = threading.Thread(target=self._wait)
        self._thread.start()
        return self

    def _wait(self) -> None:
        try:
            self.outcome = self.queue.bring(
                facts_named(self.model),
                FILES,
                told=self._told.append,
                is_cancelled=self._given_up.is_set,
                stays=self.stays,
            )
        except HubtuiError as error:
            self.outcome = error

    @property
    def is_over(self) -> bool:
        return self._thread is not None and not self._thread.is_alive()

    def progress(self) -> tuple[int, int]:
        while not (self._told and self._told[-1].progress):
            pass
        told = self._told[-1].progress
        return told.done_bytes, told.total_bytes

    def give_up(self) -> None:
        self._given_up.set()

    def joined(self) -> Waiting:
        assert self._thread is not None
        self._thread.join(10)
        assert self.is_over
        return self
