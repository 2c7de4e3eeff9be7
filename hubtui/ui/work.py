"""Blocking calls off the loop: a worker awaits a thread of its own, and its answer is handled on the loop.

The threads are daemons on purpose: Textual's thread workers and `asyncio.to_thread` share an executor that Python waits
for at exit, so that quitting would hang for as long as a request that nobody waits for any more.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from textual.dom import DOMNode
from textual.worker import Worker

from hubtui.core.errors import HubtuiError

_log = logging.getLogger(__name__)

T = TypeVar("T")


async def in_thread(call: Callable[[], T]) -> T:
    """Run a blocking call in a daemon thread and return what it returns; cancelling stops the wait, not the call."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type] # T itself may be None

    def run() -> None:
        result: T | None = None
        failure: BaseException | None = None
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001 - carried over to the loop, whatever it is
            failure = error
        try:
            loop.call_soon_threadsafe(settle, result, failure)
        except RuntimeError:
            _log.debug("the interface ended before an answer came")

    threading.Thread(target=run, name="hubtui-call", daemon=True).start()
    return await future


def start(
    node: DOMNode,
    group: str,
    call: Callable[[], T],
    done: Callable[[T], None],
    failed: Callable[[HubtuiError], None],
    *,
    exclusive: bool = True,
) -> Worker[None]:
    """Run a blocking call for a pane; `done` or `failed` is called on the loop.

    Args:
        node: the pane; when it goes, its calls are forgotten.
        group: calls of one group of one pane replace each other: what an older one brings is dropped.
        call: what blocks.
        done: takes the result.
        failed: takes the error; what is no HubtuiError is logged and becomes one.
        exclusive: replace older calls of the group.
    """

    async def work() -> None:
        try:
            result = await in_thread(call)
            if _is_there(node):
                done(result)
        except HubtuiError as error:
            if _is_there(node):
                failed(error)
        except Exception as error:  # noqa: BLE001 - a fault of one call must not take the interface down
            _log.exception("%s failed", group)
            if _is_there(node):
                failed(own_fault(error))

    # What `failed` itself raises ends the interface, in order: there would be nobody left to tell.
    return node.run_worker(work(), group=group, exclusive=exclusive, exit_on_error=True)


def _is_there(node: DOMNode) -> bool:
    """Say whether there still is somebody to answer: not while the program ends, when widgets are taken apart."""
    return node.is_attached and not node.app._exit  # noqa: SLF001 - Textual tells nobody else that it is ending


def own_fault(error: BaseException) -> HubtuiError:
    """Return what to tell the user about a fault of hubtui's own."""
    return HubtuiError(
        f"hubtui ran into a fault of its own ({type(error).__name__}).", hint="Its log file has the details."
    )
