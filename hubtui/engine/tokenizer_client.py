"""One tokenizer process: opens tokenizers and asks them, each within its time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from hubtui.core.errors import TokenizerError, WorkerDiedError
from hubtui.engine import client
from hubtui.engine.client import ClosedError, TooLateError, WorkerClient
from hubtui.engine.codec import WireError
from hubtui.engine.messages import Failed, Message
from hubtui.engine.process import WorkerProcess
from hubtui.engine.tokenizer_messages import (
    Inspected,
    InspectionRequest,
    OpenTokenizer,
    TokenizerAnswer,
    TokenizerOpened,
    View,
)

LOAD_S = 20.0
"""Time to load a tokenizer."""


class DiedTokenizerError(TokenizerError):
    """The tokenizer hung or crashed, and its process is gone."""


Answer = TypeVar("Answer", bound=Message)
Told = TypeVar("Told", bound=Inspected)


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
        self._on_live = on_live
        self._client: WorkerClient[TokenizerAnswer] = WorkerClient(
            kind,
            TokenizerAnswer,
            name="tokenizer process",
            error=TokenizerError,
            log_file=log_file,
            on_unasked=self._on_unasked,
            on_exit=on_exit,
        )

    @property
    def process(self) -> WorkerProcess[TokenizerAnswer] | None:
        """The child, None unless it runs and has said that it is ready."""
        return self._client.process

    async def start(self) -> None:
        """Start the child unless it runs, and wait until it is ready.

        Raises:
            TokenizerError: it did not come up.
        """
        try:
            await self._client.start()
        except (ClosedError, TooLateError, WorkerDiedError) as error:
            raise TokenizerError(error.message) from error

    async def open(self, request: OpenTokenizer) -> TokenizerOpened:
        """Load a tokenizer; the request's id is filled in.

        Raises:
            TokenizerError: it cannot be loaded, or not in time.
        """
        what = f"The tokenizer of {request.model} was not loaded within {LOAD_S:.0f} s and was stopped."
        return await self._ask(request, TokenizerOpened, LOAD_S, what)

    async def inspect(
        self, request: InspectionRequest, kind: type[Told], *, model: str, deadline_s: float, what: str = "tokenizer"
    ) -> Told:
        """Ask the tokenizer that was opened last; the request's id is filled in. `what` is to blame when it is late.

        Raises:
            TokenizerError: it cannot, or not in time.
        """
        late = f"The {what} of {model} did not answer within {deadline_s:.0f} s and was stopped."
        return await self._ask(request, kind, deadline_s, late)

    async def close(self) -> None:
        """End the child for good."""
        await self._client.close()

    async def _ask(
        self, request: OpenTokenizer | InspectionRequest, kind: type[Answer], deadline_s: float, too_late: str
    ) -> Answer:
        await self.start()
        try:
            return await self._client.ask(
                lambda number: msgspec.structs.replace(request, id=number), kind, deadline_s, too_late
            )
        except TooLateError as error:
            raise DiedTokenizerError(error.message) from error
        except ClosedError as error:
            raise TokenizerError(error.message) from error
        except WireError as error:
            raise TokenizerError(f"This cannot be sent to the tokenizer: {error}") from error
        except WorkerDiedError as error:
            raise died(request.model if isinstance(request, OpenTokenizer) else "", error) from error

    def _on_unasked(self, message: TokenizerAnswer) -> None:
        # a failure below 0 is of a request that nobody waits for any more
        if self._on_live and (isinstance(message, View) or (isinstance(message, Failed) and message.id > 0)):
            self._on_live(message)


def failure(failed: Failed) -> TokenizerError:
    """Return the error that live typing reported."""
    error = client.failure(failed, TokenizerError)
    return error if isinstance(error, TokenizerError) else TokenizerError(error.message, hint=error.hint)


def died(model: str, error: WorkerDiedError) -> DiedTokenizerError:
    """Return a child's end as what it means to the user of a tokenizer."""
    whose = f"The tokenizer of {model}" if model else "The tokenizer"
    return DiedTokenizerError(f"{whose} ended its process: {error.message}", hint="The log has its last words.")
