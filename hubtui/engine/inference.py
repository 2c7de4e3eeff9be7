"""Running checkpoints: the parent's side of the inference process."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from itertools import count

from hubtui.core import errors
from hubtui.core.errors import CancelledError, HubtuiError, RunError, WorkerDiedError
from hubtui.core.results import RunDelta, RunEvent, RunOutcome, RunRequest, RunStage
from hubtui.core.settings import Settings
from hubtui.engine.codec import WireError
from hubtui.engine.messages import Cancel, Delta, Done, Failed, InferenceAnswer, Kill, Message, Ready, Run, Stage
from hubtui.engine.process import WorkerProcess

_LAST_WORDS_S = 0.1
_MISSING_MODULE = re.compile(r"No module named '?([A-Za-z_]\w*)")


@dataclass(slots=True)
class _ActiveRun:
    """A run that somebody waits for: its events, the last of them an outcome or an error."""

    id: int
    events: asyncio.Queue[RunEvent | HubtuiError] = field(default_factory=asyncio.Queue)
    is_sent: bool = False
    is_over: bool = False

    def end(self, event: RunOutcome | HubtuiError) -> None:
        if not self.is_over:
            self.is_over = True
            self.events.put_nowait(event)


class InferenceProcess:
    """Starts the inference process when it is first needed and runs one request at a time on it (`ports.Inference`).

    All of it belongs to one event loop. A run that dies takes no other with it: the next one starts anew.

    Args:
        settings: `worker_python` names the interpreter, `log_file` takes what the process prints.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: WorkerProcess[InferenceAnswer] | None = None
        self._ready: asyncio.Future[dict[str, str]] | None = None
        self._starting: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._active: _ActiveRun | None = None
        self._ids = count(1)

    def warm(self) -> None:
        """Begin to start the process, so that the first run need not wait for the libraries."""
        self._ensure_started()

    async def run(self, request: RunRequest) -> AsyncGenerator[RunEvent, None]:
        """Run; yield stages and deltas, last of all the outcome. Closing the iterator cancels the run.

        Raises:
            HubtuiError: why there is no outcome: `TaskError`, `CheckpointError`, `UsageError` (the request cannot be
                done as asked), `RunError` (it failed), `WorkerDiedError`, `CancelledError`.
        """
        if self._active:
            raise RunError("A run is going on already.", hint="Cancel it, or wait for its end.")
        active = self._active = _ActiveRun(next(self._ids))
        try:
            ready = self._ensure_started()
            if not ready.done():
                yield RunStage("starting", "torch and transformers")
            ready.add_done_callback(lambda _: self._send_run(active, request))
            while True:
                event = await active.events.get()
                if isinstance(event, HubtuiError):
                    raise event
                yield event
                if isinstance(event, RunOutcome):
                    return
        finally:
            if not active.is_over:
                active.is_over = True
                self._tell(Cancel(active.id))
            self._active = None

    def cancel(self) -> None:
        """Ask the run to stop between tokens; one that is not generating yet stops at once."""
        active = self._active
        if active is None or active.is_over:
            return
        if active.is_sent:
            self._tell(Cancel(active.id))
        else:
            active.end(CancelledError("The run was cancelled."))

    def kill(self) -> None:
        """End the process of the run at once; the next run starts a new one."""
        active = self._active
        if active is None or active.is_over:
            return
        if active.is_sent:
            self._tell(Kill(active.id))
        active.end(CancelledError("The run was ended."))

    async def close(self) -> None:
        """End all processes and free their memory."""
        if self._active:
            self._active.end(CancelledError("hubtui is closing."))
        if self._starting:
            with contextlib.suppress(HubtuiError):
                await self._starting
        if self._process:
            process, self._process, self._ready = self._process, None, None
            await process.close()
        await asyncio.gather(*self._leaving)

    def _ensure_started(self) -> asyncio.Future[dict[str, str]]:
        """Return what is done when the process has imported its libraries; start it when there is none."""
        if self._ready is None or self._ready.cancelled():
            loop = asyncio.get_running_loop()
            self._ready = loop.create_future()
            self._process = WorkerProcess(
                "inference",
                InferenceAnswer,
                on_message=self._hear,
                on_exit=self._on_exit,
                python=self._settings.worker_python,
                log_file=self._settings.log_file,
            )
            self._starting = loop.create_task(self._start(self._process))
        return self._ready

    async def _start(self, process: WorkerProcess[InferenceAnswer]) -> None:
        try:
            await process.start()
        except WorkerDiedError as error:
            self._on_exit(error)

    def _send_run(self, active: _ActiveRun, request: RunRequest) -> None:
        if active.is_over or self._process is None:
            return
        active.is_sent = True
        try:
            self._process.send(Run(active.id, request))
        except WireError as error:
            active.end(RunError(f"The input cannot be sent to the inference process: {error}"))
        except WorkerDiedError as error:
            active.end(error)

    def _tell(self, message: Message) -> None:
        if self._process and self._process.is_alive:
            with contextlib.suppress(WorkerDiedError):
                self._process.send(message)

    def _hear(self, answer: InferenceAnswer) -> None:
        if isinstance(answer, Ready):
            if self._ready and not self._ready.done():
                self._ready.set_result(answer.versions)
            return
        active = self._active
        if active is None or answer.id != active.id or active.is_over:
            return
        if isinstance(answer, Stage):
            active.events.put_nowait(answer.stage)
        elif isinstance(answer, Delta):
            active.events.put_nowait(RunDelta(answer.text))
        elif isinstance(answer, Done):
            active.end(answer.outcome)
        elif isinstance(answer, Failed) and answer.kind == WorkerDiedError.__name__:
            # its last words come through another pipe and may still be under way
            asyncio.get_running_loop().call_later(_LAST_WORDS_S, lambda: active.end(self._error(answer)))
        elif isinstance(answer, Failed):
            active.end(self._error(answer))
            self._leave_lame()

    def _leave_lame(self) -> None:
        """Let a process go that could not import its libraries: by the next run they may be installed."""
        if self._process and self._ready and self._ready.done() and not self._ready.result():
            self._leaving.add(leaving := asyncio.get_running_loop().create_task(self._process.close()))
            leaving.add_done_callback(self._leaving.discard)
            self._process = self._ready = None

    def _error(self, failed: Failed) -> HubtuiError:
        """The exception of `core.errors` that a message stands for."""
        kind = getattr(errors, failed.kind, RunError)
        if not (isinstance(kind, type) and issubclass(kind, HubtuiError)):
            kind = RunError
        if issubclass(kind, RunError):
            tail = self._process.log_tail if self._process else ""
            return kind(failed.message, hint=failed.hint, log_tail=tail)
        return kind(failed.message, hint=failed.hint)

    def _on_exit(self, death: WorkerDiedError) -> None:
        """The whole process has ended: tell the run, and start a new one next time."""
        self._process, ready, self._ready = None, self._ready, None
        if self._active:
            self._active.end(self._told(death))
        if ready and not ready.done():
            ready.cancel()

    def _told(self, death: WorkerDiedError) -> WorkerDiedError:
        """Say what an interpreter lacks, where its last words tell."""
        python = self._settings.worker_python or sys.executable
        missing = _MISSING_MODULE.search(death.log_tail)
        if missing:
            hint = f"{python} -m pip install hubtui"
            return WorkerDiedError(f"{python} has no module {missing[1]}.", hint=hint, log_tail=death.log_tail)
        if "nknown option: -P" in death.log_tail:
            hint = "Name another one as worker.python in the config."
            message = f"{python} is older than Python 3.11, which hubtui needs."
            return WorkerDiedError(message, hint=hint, log_tail=death.log_tail)
        return death
