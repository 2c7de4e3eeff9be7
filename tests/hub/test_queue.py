from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from hubtui.core.downloads import DownloadItem, DownloadState, Unfinished
from hubtui.core.errors import CancelledError, DownloadError, HubtuiError, LocalStateError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Snapshot
from hubtui.hub.queue import Queue
from tests.fakes_files import FakeUnfinished
from tests.fakes_model import FakeDownloads

if TYPE_CHECKING:
    from hubtui.core.download_ports import DownloadQueue

_FILES = (FileEntry("w", 100),)


@dataclass
class _Network(FakeDownloads):
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
class _Watch:
    """Waits, without a clock, until the queue says that something changed."""

    queue: DownloadQueue
    changed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.queue.listen(self.changed.release)

    def until(self, **states: str) -> None:
        while {item.facts.id: item.state.value for item in self.queue.items()} != states:
            assert self.changed.acquire(timeout=10), [item.state for item in self.queue.items()]


@dataclass
class _Waiting:
    """Somebody who waits for the files of a model, in a thread."""

    queue: DownloadQueue
    model: str
    stays: bool = True
    outcome: Snapshot | Exception | None = None
    _told: list[DownloadItem] = field(default_factory=list)
    _given_up: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begun(self) -> _Waiting:
        self._thread = threading.Thread(target=self._wait)
        self._thread.start()
        return self

    def _wait(self) -> None:
        try:
            self.outcome = self.queue.bring(
                _facts(self.model),
                _FILES,
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

    def joined(self) -> _Waiting:
        assert self._thread is not None
        self._thread.join(10)
        assert self.is_over
        return self


@pytest.fixture
def network() -> _Network:
    return _Network()


@pytest.fixture
def unfinished() -> FakeUnfinished:
    return FakeUnfinished()


@pytest.fixture
def queue(network: _Network, unfinished: FakeUnfinished) -> Iterator[DownloadQueue]:
    made = Queue(lambda: network, unfinished)
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
    queue = Queue(lambda: network, FakeUnfinished(), clock=lambda: now[0])
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


def test_closing_ends_the_threads_within_its_bound_and_tells_nobody_any_more(
    queue: DownloadQueue, network: _Network
) -> None:
    watch = _Watch(queue)
    queue.add(_facts("a"), _FILES)
    watch.until(a="running")
    waiting = _Waiting(queue, "b").begun()
    told: list[str] = []
    queue.listen(lambda: told.append("told"))
    queue.close()
    assert {item.facts.id: item.state for item in queue.items()}["a"] is DownloadState.PAUSED
    assert not [thread for thread in threading.enumerate() if thread.name == "download-queue"]
    assert isinstance(waiting.joined().outcome, CancelledError)
    assert not told, "the interface is gone"
    assert network.discarded == []


def test_what_is_not_over_is_remembered_and_offered_again_paused_with_what_is_here(
    queue: DownloadQueue, network: _Network, unfinished: FakeUnfinished
) -> None:
    watch = _Watch(queue)
    for name in "abc":
        queue.add(_facts(name), _FILES)
    watch.until(a="running", b="waiting", c="waiting")
    queue.cancel(2)
    network.steps.release()
    watch.until(a="done", b="cancelled", c="running")
    queue.close()
    assert [left.model for left in unfinished.left] == ["c"]
    network.here["w"] = 45
    later = Queue(lambda: network, unfinished)
    assert later.items() == ()
    later.recall()
    later.recall()
    (item,) = later.items()
    assert (item.facts.id, item.facts.commit, item.files, item.state) == (
        "c",
        "c" * 40,
        _FILES,
        DownloadState.PAUSED,
    )
    assert item.progress is not None
    assert (item.progress.done_bytes, item.progress.total_bytes) == (45, 100)
    assert network.begun == ["a", "c"], "nothing begins unasked"
    watch = _Watch(later)
    assert later.add(_facts("c"), _FILES) == item.number
    network.steps.release()
    watch.until(c="done")
    assert not unfinished.left
    later.close()


def test_what_another_session_finished_is_not_offered_again(network: _Network) -> None:
    unfinished = FakeUnfinished([Unfinished("a", "main", "c" * 40, _FILES)])
    network.here["w"] = 100
    queue = Queue(lambda: network, unfinished)
    queue.recall()
    assert queue.items() == ()
    assert not unfinished.left


def test_a_state_that_cannot_be_written_does_not_hold_up_downloads(network: _Network) -> None:
    queue = Queue(lambda: network, FakeUnfinished(error=LocalStateError("The disk is full.")))
    watch = _Watch(queue)
    queue.add(_facts("a"), _FILES)
    network.steps.release()
    watch.until(a="done")
    queue.close()


def test_what_a_run_waits_for_comes_beside_the_queue_and_is_shown_in_it(
    queue: DownloadQueue, network: _Network
) -> None:
    watch = _Watch(queue)
    queue.add(_facts("a"), _FILES)
    watch.until(a="running")
    waiting = _Waiting(queue, "b").begun()
    watch.until(a="running", b="running")
    assert waiting.progress() == (40, 100)
    network.steps.release(2)
    snapshot = waiting.joined().outcome
    assert isinstance(snapshot, Snapshot)
    assert snapshot.folder == "/cache/b"
    watch.until(a="done", b="done")


def test_a_run_waits_for_the_download_that_is_under_way_and_fetches_nothing_twice(
    queue: DownloadQueue, network: _Network, unfinished: FakeUnfinished
) -> None:
    watch = _Watch(queue)
    number = queue.add(_facts("a"), _FILES)
    watch.until(a="running")
    waiting = _Waiting(queue, "a").begun()
    queue.pause(number)
    watch.until(a="paused")
    assert not waiting.is_over, "it waits for as long as the download is paused"
    queue.resume(number)
    watch.until(a="running")
    network.steps.release()
    assert isinstance(waiting.joined().outcome, Snapshot)
    watch.until(a="done")
    assert network.begun == ["a", "a"]
    assert not unfinished.left


def test_a_run_that_is_given_up_leaves_its_download_paused_and_one_that_was_asked_for_going_on(
    queue: DownloadQueue, network: _Network, unfinished: FakeUnfinished
) -> None:
    watch = _Watch(queue)
    waiting = _Waiting(queue, "a").begun()
    watch.until(a="running")
    waiting.give_up()
    watch.until(a="paused")
    assert [left.model for left in unfinished.left] == ["a"]
    assert isinstance(waiting.joined().outcome, CancelledError)
    waiting = _Waiting(queue, "a").begun()
    watch.until(a="running")
    queue.add(_facts("a"), _FILES)
    waiting.give_up()
    waiting.joined()
    watch.until(a="running")
    network.steps.release()
    watch.until(a="done")


def test_a_run_hears_that_its_download_was_cancelled_or_failed(queue: DownloadQueue, network: _Network) -> None:
    watch = _Watch(queue)
    waiting = _Waiting(queue, "a").begun()
    watch.until(a="running")
    queue.cancel(queue.items()[0].number)
    assert isinstance(waiting.joined().outcome, CancelledError)
    watch.until(a="cancelled")
    network.outcome = {"b": DownloadError("The disk is full.")}
    network.steps.release()
    assert str(_Waiting(queue, "b").begun().joined().outcome) == "The disk is full."


def test_a_tokenizer_that_nobody_waits_for_any_more_leaves_nothing_in_the_queue(
    queue: DownloadQueue, unfinished: FakeUnfinished
) -> None:
    watch = _Watch(queue)
    waiting = _Waiting(queue, "a", stays=False).begun()
    watch.until(a="running")
    waiting.give_up()
    waiting.joined()
    watch.until()
    assert not unfinished.left


def test_files_that_are_here_are_handed_out_without_a_word_of_a_download(network: _Network) -> None:
    network.fetched = 0
    queue = Queue(lambda: network, FakeUnfinished())
    waiting = _Waiting(queue, "a").begun()
    network.steps.release()
    assert isinstance(waiting.joined().outcome, Snapshot)
    assert queue.items() == ()


def test_a_cancelled_download_whose_space_cannot_be_had_back_says_so(queue: DownloadQueue, network: _Network) -> None:
    network.stuck = True
    watch = _Watch(queue)
    number = queue.add(_facts("a"), _FILES)
    watch.until(a="running")
    queue.cancel(number)
    watch.until(a="cancelled")
    assert "could not be removed: read-only file system." in str(queue.items()[0].error)
