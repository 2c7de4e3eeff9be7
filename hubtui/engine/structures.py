"""Models without weights, built in a process of their own; implements `core.ports.Structures`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from hubtui.core.errors import CheckpointError
from hubtui.core.settings import Settings
from hubtui.core.structure import Head, Structure
from hubtui.engine.client import ClosedError, TooLateError, WorkerClient
from hubtui.engine.codec import WireError
from hubtui.engine.messages import BuildStructure, HeadsListed, ListHeads, Message, StructureAnswer, StructureBuilt

BUILD_S = 30.0
"""Time to build a model: the largest take half a second."""

HEADS_S = 60.0
IDLE_S = 120.0
"""How long the process is kept for the next model: it holds the memory of the libraries."""

MOST_CONFIG_BYTES = 8 << 20

Answer = TypeVar("Answer", bound=Message)


class StructureProcess:
    """Starts the structure process when it is first needed, asks it for one model at a time, and lets it go idle.

    All of it belongs to one event loop. A config that hangs or crashes it costs only this process.

    Args:
        settings: `worker_python` names the interpreter, `log_file` takes what the process prints.
        idle_s: how long it is kept without a request.
    """

    def __init__(self, settings: Settings, *, idle_s: float = IDLE_S) -> None:
        self._client: WorkerClient[StructureAnswer] = WorkerClient(
            "structure",
            StructureAnswer,
            name="structure process",
            error=CheckpointError,
            python=settings.worker_python,
            log_file=settings.log_file,
        )
        self._idle_s = idle_s
        self._turn = asyncio.Lock()
        self._leaving: asyncio.Task[None] | None = None

    async def build(self, model: str, config: Mapping[str, Any], *, head: str = "") -> Structure:
        """Return how a model is built.

        Raises:
            CheckpointError: it cannot be built; the message says why.
            UsageError: its type has no such head.
            WorkerDiedError: the process did not start, or ended.
        """
        text = _text(model, config)
        too_late = f"The model of {model} was not built within {BUILD_S:.0f} s and was given up."
        answer = await self._ask(
            model, lambda number: BuildStructure(number, model, text, head), StructureBuilt, BUILD_S, too_late
        )
        return answer.structure

    async def heads(self, model: str, config: Mapping[str, Any]) -> tuple[Head, ...]:
        """Return what else the same config can be loaded as.

        Raises:
            CheckpointError: nothing of it can be built.
            WorkerDiedError: as for `build`.
        """
        text = _text(model, config)
        too_late = f"The heads of {model} were not built within {HEADS_S:.0f} s and were given up."
        answer = await self._ask(model, lambda number: ListHeads(number, model, text), HeadsListed, HEADS_S, too_late)
        return tuple(answer.heads)

    async def close(self) -> None:
        """End the process."""
        if self._leaving is not None:
            self._leaving.cancel()
            await asyncio.gather(self._leaving, return_exceptions=True)
        await self._client.close()

    async def _ask(
        self, model: str, make: Callable[[int], Message], kind: type[Answer], deadline_s: float, too_late: str
    ) -> Answer:
        # the deadline of a request does not count the one before it
        async with self._turn:
            if self._leaving is not None:
                self._leaving.cancel()
            try:
                return await self._client.ask(make, kind, deadline_s, too_late)
            except (TooLateError, ClosedError) as error:
                hint = "Its config.json may ask for an absurdly large model." if isinstance(error, TooLateError) else ""
                raise CheckpointError(error.message, hint=hint) from error
            except WireError as error:
                raise CheckpointError(f"config.json of {model} cannot be sent: {error}") from error
            finally:
                self._leaving = asyncio.get_running_loop().create_task(self._leave())

    async def _leave(self) -> None:
        await asyncio.sleep(self._idle_s)
        async with self._turn:
            await self._client.stop()


def _text(model: str, config: Mapping[str, Any]) -> str:
    if not config:
        raise CheckpointError(f"{model} has no config.json, which says how a model is built.")
    text = json.dumps(dict(config))
    if len(text) > MOST_CONFIG_BYTES:
        raise CheckpointError(f"config.json of {model} is absurdly long: {len(text):,} characters.")
    return text
