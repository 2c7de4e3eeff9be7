"""Requests to one worker process, each with a deadline: who does not keep it is killed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from hubtui.core import errors
from hubtui.core.errors import HubtuiError, WorkerDiedError
from hubtui.engine.messages import Failed, Message, Ready
from hubtui.engine.process import WorkerProcess

START_S = 60.0
"""Time for the imports of a child on a busy machine."""

A = TypeVar("A")
Answer = TypeVar("Answer", bound=Message)


class TooLateError(HubtuiError):
    """A child did not keep a deadline, and was killed."""


class ClosedError(HubtuiError):
    """The process was closed for good."""


class WorkerClient(Generic[A]):
    """One child, started when first needed and again after it ended.

    Args:
        kind: of the worker.
        schema: union of the messages that it may answer.
        name: of the process, for sentences.
        error: class of an error that the child names by a word that is none.
        python: interpreter to start, this one's when empty.
        log_file: takes what it prints.
        on_unasked: gets answers that nobody waits for.
        on_exit: told that the child ended; requests under way have failed then.
    """

    def __init__(
        self,
        kind: str,
        schema: object,
        *,
        name: str,
        error: type[HubtuiError],
        python: str = "",
        log_file: str = "",
        on_unasked: Callable[[A], None] | None = None,
        on_exit: Callable[[WorkerDiedError], None] | None = None,
    ) -> None:
        self._name = name
        self._error = error
        self._how = {"python": python, "log_file": log_file}
        self._kind, self._schema = kind, schema
        self._on_unasked = on_unasked
        self._on_exit = on_exit
        self._process: WorkerProcess[A] | None = None
        self._starting: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[None] | None = None
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._last_id = 0
        self._is_closed = False

    @property
    def process(self) -> WorkerProcess[A] | None:
        """The child, None unless it runs and has said that it is ready."""
        if self._process is None or not self._process.is_alive:
            return None
        return self._process if self._ready and self._ready.done() else None

    @property
    def is_waiting(self) -> bool:
        """Whether a request is under way."""
        return bool(self._pending)

    async def start(self) -> None:
        """Start the child unless it runs, and wait until it is ready.

        Raises:
            WorkerDiedError, TooLateError: it did not come up.
            ClosedError: it was closed meanwhile.
        """
        if self._is_closed:
            raise self._closed()
        if self.process is not None:
            return
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start())
        try:
            # one start for all who wait, and none of them may cancel it
            await asyncio.shield(self._starting)
        except asyncio.CancelledError:
            if self._is_closed:
                raise self._closed() from None
            raise

    async def ask(self, make: Callable[[int], Message], kind: type[Answer], deadline_s: float, too_late: str) -> Answer:
        """Send a request and wait for its answer.

        Args:
            make: makes the request with the id that it is given.
            kind: of the answer.
            deadline_s: from when the child is ready.
            too_late: what to say when it does not keep it.

        Raises:
            WireError: the request cannot be said.
            WorkerDiedError, TooLateError: no answer will come.
            HubtuiError: what the child answered instead, of the class that it names.
        """
        await self.start()
        process = self._process
        assert process is not None  # noqa: S101 - start() made it
        # downwards: generations of live typing count upwards, and one answer carries either
        self._last_id -= 1
        number = self._last_id
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[number] = answer
        try:
            process.send(make(number))
            async with asyncio.timeout(deadline_s):
                found = await answer
        except TimeoutError as error:
            process.kill()
            raise TooLateError(too_late) from error
        finally:
            self._pending.pop(number, None)
        if isinstance(found, Failed):
            raise failure(found, self._error)
        assert isinstance(found, kind)  # noqa: S101 - the schema of the answer to this request
        return found

    async def stop(self) -> None:
        """End the child; the next request starts another."""
        if self._process is not None:
            await self._process.close()
            self._process = None

    async def close(self) -> None:
        """End the child for good."""
        self._is_closed = True
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await self.stop()
        self._fail_pending(self._closed())

    async def _start(self) -> None:
        if self._process is not None:
            # it was killed a moment ago and its end is not known yet
            await self._process.close()
            self._fail_pending(TooLateError(f"The {self._name} was stopped."))
        self._ready = asyncio.get_running_loop().create_future()
        self._process = WorkerProcess(
            self._kind, self._schema, on_message=self._on_message, on_exit=self._on_end, **self._how
        )
        try:
            await self._process.start()
            async with asyncio.timeout(START_S):
                await asyncio.shield(self._ready)
        except TimeoutError as error:
            self._process.kill()
            raise TooLateError(f"The {self._name} was not ready within {START_S:.0f} s.") from error
        except WorkerDiedError as error:
            last = error.log_tail.rpartition("\n")[2]
            message = f"The {self._name} did not start: {error.message} {last}".strip()
            raise WorkerDiedError(message, hint=error.hint, log_tail=error.log_tail) from error

    def _on_message(self, message: Any) -> None:  # noqa: ANN401 - of the schema
        if isinstance(message, Ready):
            if self._ready and not self._ready.done():
                self._ready.set_result(None)
        elif (waiting := self._pending.get(getattr(message, "id", 0))) and not waiting.done():
            waiting.set_result(message)
        elif self._on_unasked:
            self._on_unasked(message)

    def _on_end(self, error: WorkerDiedError) -> None:
        if self._ready and not self._ready.done():
            self._ready.set_exception(error)
            self._ready.exception()  # whoever starts it hears of it; without anyone it is no fault of the loop
        self._fail_pending(error)
        if self._on_exit:
            self._on_exit(error)

    def _fail_pending(self, error: HubtuiError) -> None:
        for waiting in self._pending.values():
            if not waiting.done():
                waiting.set_exception(error)
                waiting.exception()  # see above

    def _closed(self) -> ClosedError:
        return ClosedError(f"The {self._name} was closed.")


def failure(failed: Failed, fallback: type[HubtuiError]) -> HubtuiError:
    """Return the error that a child reported, of the class that it names."""
    kind = getattr(errors, failed.kind, None)
    if not (isinstance(kind, type) and issubclass(kind, HubtuiError)):
        kind = fallback
    return kind(failed.message, hint=failed.hint)
