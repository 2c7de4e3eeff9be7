"""The process that holds one checkpoint: takes runs from its pipe, answers, ends when the pipe does."""

from __future__ import annotations

import os
import traceback

from hubtui.core.errors import HubtuiError, RunError
from hubtui.core.results import RunDelta, RunStage
from hubtui.engine.messages import Cancel, Delta, Done, Failed, InferenceRequest, Run, Stage
from hubtui.worker import devices
from hubtui.worker.runner import Runner
from hubtui.worker.serve import Channel


def serve(read_fd: int, write_fd: int) -> None:
    """Serve until the request pipe ends (then the reader thread ends the process, whatever it is doing)."""
    devices.prefer_as_victim()
    _Server(Channel(read_fd, write_fd, InferenceRequest)).serve()


class _Server:
    def __init__(self, channel: Channel[InferenceRequest]) -> None:
        self._channel = channel
        self._runner = Runner()
        self._cancelled: set[int] = set()

    def serve(self) -> None:
        self._channel.start_reader(self._intercept)
        while True:
            for request in self._channel.receive():
                if isinstance(request, Run):
                    self._answer(request)

    def _intercept(self, request: InferenceRequest) -> bool:
        """On the reader thread: a cancellation must not wait for the run that it cancels."""
        if isinstance(request, Cancel):
            self._cancelled.add(request.id)
            return True
        return False

    def _answer(self, request: Run) -> None:
        try:
            self._channel.send(self._do(request))
        except HubtuiError as error:
            self._channel.send(failure(request.id, error))
        except (KeyboardInterrupt, SystemExit):
            raise
        # tokenizers' panics are no Exception
        except BaseException as error:  # noqa: BLE001 - whatever a stranger's files make a library do ends as a message
            traceback.print_exc()
            self._channel.send(failure(request.id, _unexpected(error)))
            if self._runner.device.startswith("cuda"):
                # after an error a CUDA context is of no more use; the next run gets a new process
                os._exit(0)
        finally:
            self._cancelled.discard(request.id)

    def _do(self, request: Run) -> Done:
        def report(event: RunStage | RunDelta) -> None:
            if isinstance(event, RunDelta):
                self._channel.send(Delta(request.id, event.text))
            else:
                self._channel.send(Stage(request.id, event))

        return Done(request.id, self._runner.run(request.request, report, lambda: request.id in self._cancelled))


def failure(request_id: int, error: HubtuiError) -> Failed:
    """Return an error as a message."""
    return Failed(request_id, type(error).__name__, error.message, error.hint)


def _unexpected(error: BaseException) -> RunError:
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError):
        return RunError("The memory is too small for this run.", hint="Take a shorter input or a smaller checkpoint.")
    why = f"{type(error).__name__}: {text[:300]}".rstrip(" .:")
    return RunError(f"The run failed: {why}.", hint="The log holds the whole story; hubtui doctor names it.")
