from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from hubtui.core.downloads import DownloadState
from hubtui.core.errors import CancelledError, DownloadError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Snapshot
from hubtui.hub.queue import Queue
from tests.fakes_model import FakeDownloads

if TYPE_CHECKING:
    from hubtui.core.ports import DownloadQueue

_FILES = (FileEntry("w", 100),)


@dataclass
class _Network(FakeDownloads):
    """Downloads that go on as a test lets them: by bytes, to the end, or to an error."""

    steps: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    begun: list[str] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)
    outcome: dict[str, Exception] = field(default_factory=dict)

    def discard(self, facts: ModelFacts, files: Sequence[FileEntry]) -> int:
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
        progress(DownloadProgress(files[0].path, 40, 100, 40))
        while not self.steps.acquire(timeout=0.01):
            if is_cancelled():
                raise CancelledError("The download was stopped.")
        if facts.id in self.outcome:
            raise self.outcome.pop(facts.id)
        return Snapshot(f"/cache/{facts.id}", facts.commit, 100)


@dataclass
class _Watch:
    """Waits, without a clock, until the queue says that something changed."""

    queue: DownloadQueue
    changed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.queue.listen(self.changed.release)

    def until(self, **states: str) -> None:
        while {item.facts.id: item.state.value for item in self.queue.items()} != states:
            assert self.changed.acquire(timeout=10), [item.state for item in self.queue.items()]


@pytest.fixture
def network() -> _Network:
    return _Network()


@pytest.fixture
def queue(network: _Network) -> Iterator[DownloadQueue]:
    made = Queue(network)
    yield made
    made.close()


def _facts(name: str) -> ModelFacts:
    return ModelFacts(name, commit="c" * 40, files=_FILES)


def test_downloads_come_one_after_the_other(queue: DownloadQueue, network: _Network) -> None:
    watch = _Watch(queue)
    numbers = [queue.add(_facts(name), _FILES) for name in "abc"]
    watch.until(a="running", b="waiting", c="waiting")
    network.steps.release()
    watch.until(a="done", b="running", c="waiting")
    network.steps.release(2)
    watch.until(a="done", b="done", c="done")
    assert network.begun == ["a", "b", "c"]
    first = queue.items()[0]
    assert first.snapshot is not None
    assert first.snapshot.folder == "/cache/a"
    queue.forget(numbers[0])
    assert [item.facts.id for item in queue.items()] == ["b", "c"]


def test_a_paused_download_makes_room_and_goes_on_later(queue: DownloadQueue, network: _Network) -> None:
    watch = _Watch(queue)
    first, second = queue.add(_facts("a"), _FILES), queue.add(_facts("b"), _FILES)
    watch.until(a="running", b="waiting")
    queue.pause(first)
    watch.until(a="paused", b="running")
    queue.resume(first)
    watch.until(a="waiting", b="running")
    queue.pause(second)
    watch.until(a="running", b="paused")
    network.steps.release()
    watch.until(a="done", b="paused")
    assert network.discarded == [], "what has arrived is kept"


def test_a_cancelled_download_gives_its_space_back(queue: DownloadQueue, network: _Network) -> None:
    watch = _Watch(queue)
    first, second = queue.add(_facts("a"), _FILES), queue.add(_facts("b"), _FILES)
    watch.until(a="running", b="waiting")
    queue.cancel(second)
    queue.cancel(first)
    watch.until(a="cancelled", b="cancelled")
    assert sorted(network.discarded) == ["a", "b"]
    queue.resume(first)
    watch.until(a="cancelled", b="cancelled")


def test_a_failed_download_says_why_and_can_be_tried_again(queue: DownloadQueue, network: _Network) -> None:
    network.outcome = {"a": DownloadError("The disk is full."), "b": RuntimeError("defect")}
    watch = _Watch(queue)
    number = queue.add(_facts("a"), _FILES)
    queue.add(_facts("b"), _FILES)
    network.steps.release(2)
    watch.until(a="failed", b="failed")
    assert [str(item.error).split(" (")[0] for item in queue.items()] == [
        "The disk is full.",
        "An error of hubtui's own",
    ]
    queue.resume(number)
    network.steps.release()
    watch.until(a="done", b="failed")
    assert queue.items()[0].error is None


def test_the_same_download_once_more_is_the_same_download(queue: DownloadQueue, network: _Network) -> None:
    watch = _Watch(queue)
    number = queue.add(_facts("a"), _FILES)
    watch.until(a="running")
    assert queue.add(_facts("a"), _FILES) == number
    queue.pause(number)
    watch.until(a="paused")
    assert queue.add(_facts("a"), _FILES) == number
    network.steps.release()
    watch.until(a="done")
    assert queue.add(_facts("a"), _FILES) != number


def test_speed_and_remaining_time_are_those_of_the_clock(network: _Network) -> None:
    now = [100.0]
    queue = Queue(network, clock=lambda: now[0])
    watch = _Watch(queue)
    queue.add(_facts("a"), _FILES)
    watch.until(a="running")
    while queue.items()[0].progress is None:
        pass
    assert queue.items()[0].bytes_per_second is None
    now[0] += 30.0
    (item,) = queue.items()
    assert item.bytes_per_second == 0, "nothing has come for half a minute"
    assert item.seconds_left is None
    network.steps.release()
    watch.until(a="done")
    assert queue.items()[0].bytes_per_second is None
    queue.close()


def test_closing_stops_what_runs_and_begins_nothing(queue: DownloadQueue, network: _Network) -> None:
    watch = _Watch(queue)
    queue.add(_facts("a"), _FILES)
    queue.add(_facts("b"), _FILES)
    watch.until(a="running", b="waiting")
    queue.close()
    watch.until(a="paused", b="waiting")
    assert network.begun == ["a"]
    assert {item.state for item in queue.items()} == {DownloadState.PAUSED, DownloadState.WAITING}
