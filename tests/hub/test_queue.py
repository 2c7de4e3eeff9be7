from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from hubtui.core.downloads import DownloadState, Unfinished
from hubtui.core.errors import CancelledError, DownloadError, LocalStateError
from hubtui.core.models import Snapshot
from hubtui.hub.queue import Queue
from tests.fakes_files import FakeUnfinished
from tests.hub.slow_downloads import FILES, Network, Waiting, Watch, facts_named

if TYPE_CHECKING:
    from hubtui.core.download_ports import DownloadQueue


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def unfinished() -> FakeUnfinished:
    return FakeUnfinished()


@pytest.fixture
def queue(network: Network, unfinished: FakeUnfinished) -> Iterator[DownloadQueue]:
    made = Queue(lambda: network, unfinished)
    yield made
    made.close()


def test_downloads_come_one_after_the_other(queue: DownloadQueue, network: Network) -> None:
    watch = Watch(queue)
    numbers = [queue.add(facts_named(name), FILES) for name in "abc"]
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


def test_a_paused_download_makes_room_and_goes_on_later(queue: DownloadQueue, network: Network) -> None:
    watch = Watch(queue)
    first, second = queue.add(facts_named("a"), FILES), queue.add(facts_named("b"), FILES)
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


def test_a_cancelled_download_gives_its_space_back(queue: DownloadQueue, network: Network) -> None:
    watch = Watch(queue)
    first, second = queue.add(facts_named("a"), FILES), queue.add(facts_named("b"), FILES)
    watch.until(a="running", b="waiting")
    queue.cancel(second)
    queue.cancel(first)
    watch.until(a="cancelled", b="cancelled")
    assert sorted(network.discarded) == ["a", "b"]
    queue.resume(first)
    watch.until(a="cancelled", b="cancelled")


def test_a_failed_download_says_why_and_can_be_tried_again(queue: DownloadQueue, network: Network) -> None:
    network.outcome = {"a": DownloadError("The disk is full."), "b": RuntimeError("defect")}
    watch = Watch(queue)
    number = queue.add(facts_named("a"), FILES)
    queue.add(facts_named("b"), FILES)
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


def test_the_same_download_once_more_is_the_same_download(queue: DownloadQueue, network: Network) -> None:
    watch = Watch(queue)
    number = queue.add(facts_named("a"), FILES)
    watch.until(a="running")
    assert queue.add(facts_named("a"), FILES) == number
    queue.pause(number)
    watch.until(a="paused")
    assert queue.add(facts_named("a"), FILES) == number
    network.steps.release()
    watch.until(a="done")
    assert queue.add(facts_named("a"), FILES) != number


def test_speed_and_remaining_time_are_those_of_the_clock(network: Network) -> None:
    now = [100.0]
    queue = Queue(lambda: network, FakeUnfinished(), clock=lambda: now[0])
    watch = Watch(queue)
    queue.add(facts_named("a"), FILES)
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


def test_closing_stops_what_runs_and_begins_nothing(queue: DownloadQueue, network: Network) -> None:
    watch = Watch(queue)
    queue.add(facts_named("a"), FILES)
    queue.add(facts_named("b"), FILES)
    watch.until(a="running", b="waiting")
    queue.close()
    watch.until(a="paused", b="waiting")
    assert network.begun == ["a"]
    assert {item.state for item in queue.items()} == {DownloadState.PAUSED, DownloadState.WAITING}


def test_closing_ends_the_threads_within_its_bound_and_tells_nobody_any_more(
    queue: DownloadQueue, network: Network
) -> None:
    watch = Watch(queue)
    queue.add(facts_named("a"), FILES)
    watch.until(a="running")
    waiting = Waiting(queue, "b").begun()
    told: list[str] = []
    queue.listen(lambda: told.append("told"))
    queue.close()
    assert {item.facts.id: item.state for item in queue.items()}["a"] is DownloadState.PAUSED
    assert not [thread for thread in threading.enumerate() if thread.name == "download-queue"]
    assert isinstance(waiting.joined().outcome, CancelledError)
    assert not told, "the interface is gone"
    assert network.discarded == []


def test_what_is_not_over_is_remembered_and_offered_again_paused_with_what_is_here(
    queue: DownloadQueue, network: Network, unfinished: FakeUnfinished
) -> None:
    watch = Watch(queue)
    for name in "abc":
        queue.add(facts_named(name), FILES)
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
        FILES,
        DownloadState.PAUSED,
    )
    assert item.progress is not None
    assert (item.progress.done_bytes, item.progress.total_bytes) == (45, 100)
    assert network.begun == ["a", "c"], "nothing begins unasked"
    watch = Watch(later)
    assert later.add(facts_named("c"), FILES) == item.number
    network.steps.release()
    watch.until(c="done")
    assert not unfinished.left
    later.close()


def test_what_another_session_finished_is_not_offered_again(network: Network) -> None:
    unfinished = FakeUnfinished([Unfinished("a", "main", "c" * 40, FILES)])
    network.here["w"] = 100
    queue = Queue(lambda: network, unfinished)
    queue.recall()
    assert queue.items() == ()
    assert not unfinished.left


def test_a_state_that_cannot_be_written_does_not_hold_up_downloads(network: Network) -> None:
    queue = Queue(lambda: network, FakeUnfinished(error=LocalStateError("The disk is full.")))
    watch = Watch(queue)
    queue.add(facts_named("a"), FILES)
    network.steps.release()
    watch.until(a="done")
    queue.close()


def test_what_a_run_waits_for_comes_beside_the_queue_and_is_shown_in_it(queue: DownloadQueue, network: Network) -> None:
    watch = Watch(queue)
    queue.add(facts_named("a"), FILES)
    watch.until(a="running")
    waiting = Waiting(queue, "b").begun()
    watch.until(a="running", b="running")
    assert waiting.progress() == (40, 100)
    network.steps.release(2)
    snapshot = waiting.joined().outcome
    assert isinstance(snapshot, Snapshot)
    assert snapshot.folder == "/cache/b"
    watch.until(a="done", b="done")


def test_a_run_waits_for_the_download_that_is_under_way_and_fetches_nothing_twice(
    queue: DownloadQueue, network: Network, unfinished: FakeUnfinished
) -> None:
    watch = Watch(queue)
    number = queue.add(facts_named("a"), FILES)
    watch.until(a="running")
    waiting = Waiting(queue, "a").begun()
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
    queue: DownloadQueue, network: Network, unfinished: FakeUnfinished
) -> None:
    watch = Watch(queue)
    waiting = Waiting(queue, "a").begun()
    watch.until(a="running")
    waiting.give_up()
    watch.until(a="paused")
    assert [left.model for left in unfinished.left] == ["a"]
    assert isinstance(waiting.joined().outcome, CancelledError)
    waiting = Waiting(queue, "a").begun()
    watch.until(a="running")
    queue.add(facts_named("a"), FILES)
    waiting.give_up()
    waiting.joined()
    watch.until(a="running")
    network.steps.release()
    watch.until(a="done")


def test_a_run_hears_that_its_download_was_cancelled_or_failed(queue: DownloadQueue, network: Network) -> None:
    watch = Watch(queue)
    waiting = Waiting(queue, "a").begun()
    watch.until(a="running")
    queue.cancel(queue.items()[0].number)
    assert isinstance(waiting.joined().outcome, CancelledError)
    watch.until(a="cancelled")
    network.outcome = {"b": DownloadError("The disk is full.")}
    network.steps.release()
    assert str(Waiting(queue, "b").begun().joined().outcome) == "The disk is full."


def test_a_tokenizer_that_nobody_waits_for_any_more_leaves_nothing_in_the_queue(
    queue: DownloadQueue, unfinished: FakeUnfinished
) -> None:
    watch = Watch(queue)
    waiting = Waiting(queue, "a", stays=False).begun()
    watch.until(a="running")
    waiting.give_up()
    waiting.joined()
    watch.until()
    assert not unfinished.left


def test_files_that_are_here_are_handed_out_without_a_word_of_a_download(network: Network) -> None:
    network.fetched = 0
    queue = Queue(lambda: network, FakeUnfinished())
    waiting = Waiting(queue, "a").begun()
    network.steps.release()
    assert isinstance(waiting.joined().outcome, Snapshot)
    assert queue.items() == ()


def test_a_cancelled_download_whose_space_cannot_be_had_back_says_so(queue: DownloadQueue, network: Network) -> None:
    network.stuck = True
    watch = Watch(queue)
    number = queue.add(facts_named("a"), FILES)
    watch.until(a="running")
    queue.cancel(number)
    watch.until(a="cancelled")
    assert "could not be removed: read-only file system." in str(queue.items()[0].error)
