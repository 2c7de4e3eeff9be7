import asyncio
import contextlib
import threading

import pytest
from textual.app import App
from textual.worker import WorkerCancelled

from hubtui.core.errors import HubError, HubtuiError
from hubtui.ui import work
from tests.ui.shell import answered


async def test_a_blocking_call_leaves_the_loop_free() -> None:
    gate = threading.Event()
    call = asyncio.ensure_future(work.in_thread(lambda: gate.wait(10)))
    await asyncio.sleep(0)
    assert not call.done()
    gate.set()
    assert await call


async def test_what_a_call_raises_reaches_its_caller() -> None:
    def call() -> None:
        raise HubError("no")

    with pytest.raises(HubError, match="no"):
        await work.in_thread(call)


async def test_quitting_does_not_wait_for_a_request_that_hangs() -> None:
    before = set(threading.enumerate())
    gate = threading.Event()
    call = asyncio.ensure_future(work.in_thread(lambda: gate.wait(10)))
    await asyncio.sleep(0)
    assert all(thread.daemon for thread in set(threading.enumerate()) - before)
    call.cancel()
    gate.set()


async def test_an_older_answer_does_not_replace_a_newer_one() -> None:
    app = App[None]()
    gate = threading.Event()
    answers: list[str] = []

    def slow() -> str:
        gate.wait(10)
        return "old"

    async with app.run_test() as pilot:
        work.start(app, "search", slow, answers.append, lambda _: None)
        await pilot.pause()
        work.start(app, "search", lambda: "new", answers.append, lambda _: None)
        await answered(app)
        gate.set()
        await pilot.pause(0.05)
    assert answers == ["new"]


async def test_a_fault_of_our_own_is_told_and_logged_instead_of_ending_the_interface(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = App[None]()
    errors: list[HubtuiError] = []

    def broken() -> str:
        raise KeyError("secret")

    async with app.run_test():
        work.start(app, "facts", broken, lambda _: None, errors.append)
        await answered(app)
    assert "KeyError" in errors[0].message
    assert "secret" not in str(errors[0])
    assert "facts failed" in caplog.text


async def test_an_answer_that_comes_while_hubtui_ends_is_dropped() -> None:
    app = App[None]()
    gate = threading.Event()
    answers: list[bool] = []
    async with app.run_test() as pilot:
        worker = work.start(app, "facts", lambda: gate.wait(10), answers.append, lambda _: None)
        await pilot.pause()
        app.exit()
        gate.set()
        with contextlib.suppress(WorkerCancelled):
            await worker.wait()
    assert answers == []
