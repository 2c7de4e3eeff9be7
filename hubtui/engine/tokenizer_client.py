"""Requests to one tokenizer process, each with a deadline: who does not keep it is killed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import msgspec

from hubtui.core import errors
from hubtui.core.errors import HubtuiError, TokenizerError, WorkerDiedError
from hubtui.engine.codec import WireError
from hubtui.engine.messages import (
    EncodeTexts,
    Failed,
    Message,
    OpenTokenizer,
    Ready,
    TextsEncoded,
    TokenizerAnswer,
    TokenizerOpened,
    View,
)
from hubtui.engine.process import WorkerProcess

START_S = 60.0
"""Time for the imports of a child on a busy machine."""

LOAD_S = 20.0
"""Time to load a tokenizer."""


class DiedTokenizerError(TokenizerError):
    """The tokenizer hung or crashed, and its process is gone."""


Answer = TypeVar("Answer", bound=Message)


class TokenizerClient:
    """One child of kind `tokenizer` or `autotokenizer`, started when first needed and again after it ended.

    Args:
        kind: of the worker.
        log_file: takes what it prints.
        on_live: gets `View`, and `Failed` of live typing.
        on_exit: told that the child ended; requests under way have failed then.
    """

    def __init__(
        self,
        kind: str,
        *,
        log_file: str = "",
        on_live: Callable[[View | Failed], None] | None = None,
        on_exit: Callable[[WorkerDiedError], None] | None = None,
    ) -> None:
        self._kind = kind
        self._log_file = log_file
        self._on_live = on_live
        self._on_exit = on_exit
        self._process: WorkerProcess[TokenizerAnswer] | None = None
        self._starting: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[None] | None = None
        self._pending: dict[int, asyncio.Future[Message]] = {}
        self._last_id = 0
        self._is_closed = False

    @property
    def process(self) -> WorkerProcess[TokenizerAnswer] | None:
        """The child, None unless it runs and has said that it is ready."""
        if self._process is None or not self._process.is_alive:
            return None
        return self._process if self._ready and self._ready.done() else None

    async def start(self) -> None:
        """Start the child unless it runs, and wait until it is ready.

        Raises:
            TokenizerError: it did not come up.
        """
        if self._is_closed:
            raise _closed()
        if self.process is not None:
            return
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start())
        try:
            # one start for all who wait, and none of them may cancel it
            await asyncio.shield(self._starting)
        except asyncio.CancelledError:
            if self._is_closed:
                raise _closed() from None
            raise

    async def open(self, request: OpenTokenizer) -> TokenizerOpened:
        """Load a tokenizer; the request's id is filled in.

        Raises:
            TokenizerError: it cannot be loaded, or not in time.
        """
        what = f"The tokenizer of {request.model} was not loaded within {LOAD_S:.0f} s and was stopped."
        return await self._ask(request, TokenizerOpened, LOAD_S, what)

    async def encode(self, request: EncodeTexts, *, model: str, deadline_s: float) -> TextsEncoded:
        """Encode with the tokenizer that was opened last; the request's id is filled in.

        Raises:
            TokenizerError: it cannot, or not in time.
        """
        what = f"The tokenizer of {model} did not answer within {deadline_s:.0f} s and was stopped."
        return await self._ask(request, TextsEncoded, deadline_s, what)

    async def close(self) -> None:
        """End the child for good."""
        self._is_closed = True
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        if self._process is not None:
            await self._process.close()
            self._process = None
        self._fail_pending(_closed())

    async def _start(self) -> None:
        if self._process is not None:
            # it was killed a moment ago and its end is not known yet
            await self._process.close()
            self._fail_pending(DiedTokenizerError("The tokenizer process was stopped."))
        self._ready = asyncio.get_running_loop().create_future()
        self._process = WorkerProcess(
            self._kind,
            TokenizerAnswer,
            on_message=self._on_message,
            on_exit=self._on_end,
            log_file=self._log_file,
        )
        try:
            await self._process.start()
            async with asyncio.timeout(START_S):
                await asyncio.shield(self._ready)
        except TimeoutError as error:
            self._process.kill()
            raise TokenizerError(f"The tokenizer process was not ready within {START_S:.0f} s.") from error
        except WorkerDiedError as error:
            raise _start_error(error) from error

    async def _ask(
        self, request: OpenTokenizer | EncodeTexts, kind: type[Answer], deadline_s: float, too_late: str
    ) -> Answer:
        await self.start()
        process = self._process
        assert process is not None  # noqa: S101 - start() made it
        # downwards: generations of live typing count upwards, and one answer carries either
        self._last_id -= 1
        number = self._last_id
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._pending[number] = answer
        try:
            process.send(msgspec.structs.replace(request, id=number))
            async with asyncio.timeout(deadline_s):
                found = await answer
        except TimeoutError as error:
            process.kill()
            raise DiedTokenizerError(too_late) from error
        except WireError as error:
            raise TokenizerError(f"This cannot be sent to the tokenizer: {error}") from error
        except WorkerDiedError as error:
            raise died(request.model if isinstance(request, OpenTokenizer) else "", error) from error
        finally:
            self._pending.pop(number, None)
        if isinstance(found, Failed):
            raise failure(found)
        assert isinstance(found, kind)  # noqa: S101 - the schema of the answer to this request
        return found

    def _on_message(self, message: TokenizerAnswer) -> None:
        if isinstance(message, Ready):
            if self._ready and not self._ready.done():
                self._ready.set_result(None)
        elif isinstance(message, View):
            if self._on_live:
                self._on_live(message)
        elif (waiting := self._pending.get(message.id)) and not waiting.done():
            waiting.set_result(message)
        elif isinstance(message, Failed) and message.id > 0 and self._on_live:
            self._on_live(message)

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


def failure(failed: Failed) -> HubtuiError:
    """Return the error that a child reported, of the class that it names."""
    kind = getattr(errors, failed.kind, None)
    if not (isinstance(kind, type) and issubclass(kind, HubtuiError)):
        kind = TokenizerError
    return kind(failed.message, hint=failed.hint)


def died(model: str, error: WorkerDiedError) -> DiedTokenizerError:
    """Return a child's end as what it means to the user of a tokenizer."""
    whose = f"The tokenizer of {model}" if model else "The tokenizer"
    return DiedTokenizerError(f"{whose} ended its process: {error.message}", hint="The log has its last words.")


def _closed() -> TokenizerError:
    return TokenizerError("The tokenizer process was closed.")


def _start_error(error: WorkerDiedError) -> TokenizerError:
    last = error.log_tail.rpartition("\n")[2]
    return TokenizerError(f"The tokenizer process did not start: {error.message} {last}".strip())
