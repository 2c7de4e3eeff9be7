"""The inference process: imports the libraries once, keeps one child a loaded checkpoint, passes messages between.

It never touches CUDA and never has a second thread, so that it can be forked; it computes nothing and loads nothing, so
that it always answers.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata

from hubtui.core.errors import CancelledError, CheckpointError, RunError, WorkerDiedError
from hubtui.engine.messages import Done, Failed, InferenceRequest, Kill, Ready, Run, Stage
from hubtui.worker import children
from hubtui.worker.children import Child
from hubtui.worker.model import failure
from hubtui.worker.runner import key, versions
from hubtui.worker.serve import Channel


def serve(read_fd: int, write_fd: int) -> None:
    """Serve requests until the pipe ends; where the libraries are missing, `Ready` names no versions."""
    channel: Channel[InferenceRequest] = Channel(read_fd, write_fd, InferenceRequest)
    # numpy's BLAS starts its threads when it is imported, and only one thread survives a fork; torch has its own
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    # torch's threads wait for each other by spinning, which on a box that others use too costs up to ten times the time
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    forks = sys.platform.startswith("linux")
    try:
        found = import_libraries() if forks else installed_libraries()
    except RunError as error:
        channel.send(Ready(os.getpid()))
        refuse(channel, error)
        return
    # shared pages stay shared: the collector would write into every object of them
    gc.collect()
    gc.freeze()
    channel.send(Ready(os.getpid(), found))
    Supervisor(channel, (lambda: children.fork(read_fd, write_fd)) if forks else children.spawn).serve()


def import_libraries() -> dict[str, str]:
    """Import torch, transformers and what every run needs of them; return their versions.

    Raises:
        RunError: one is missing or broken.
    """
    with explained_imports():
        import torch  # noqa: F401 - before transformers, so that a missing torch is told by its name
        import transformers

        transformers.utils.logging.disable_progress_bar()
        # transformers imports these when they are first used; after the fork each child would do so again
        from transformers import (  # noqa: F401 - see above
            AutoConfig,
            AutoImageProcessor,
            AutoModel,
            AutoTokenizer,
            StoppingCriteriaList,
            pipeline,
            set_seed,
        )

        return versions()


@contextmanager
def explained_imports() -> Iterator[None]:
    """Turn what goes wrong while torch and transformers are imported into a `RunError` that says what to install."""
    try:
        yield
    except ImportError as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) and error.name else ""
        raise (_missing(missing) if missing in _NEEDED else _broken(error)) from error
    except Exception as error:  # a broken installation fails in many ways
        raise _broken(error) from error


def installed_libraries() -> dict[str, str]:
    """Return the versions of torch and transformers as their packages state them, without an import.

    Raises:
        RunError: one is missing.
    """
    found = {}
    for name in _NEEDED:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError as error:
            raise _missing(name) from error
    return found


_NEEDED = ("torch", "transformers")


def _missing(name: str) -> RunError:
    return RunError(
        f"{name} is not installed for {sys.executable}, so no checkpoint can run.",
        hint=f"{sys.executable} -m pip install {' '.join(_NEEDED)}",
    )


def _broken(error: Exception) -> RunError:
    text = " ".join(str(error).split())[:300]
    return RunError(
        f"torch or transformers cannot be imported by {sys.executable}: {text or type(error).__name__}",
        hint=f"{sys.executable} -m pip install --force-reinstall torch transformers",
    )


def refuse(channel: Channel[InferenceRequest], error: RunError) -> None:
    """Answer every request with an error, until the pipe ends."""
    try:
        while True:
            for request in channel.receive():
                channel.send(failure(request.id, error))
    except EOFError:
        return


class Supervisor:
    """Passes messages between the parent and the child that holds the checkpoint.

    Args:
        channel: the parent.
        launch: makes a child.
    """

    def __init__(self, channel: Channel[InferenceRequest], launch: Callable[[], Child]) -> None:
        self._parent = channel
        self._launch = launch
        self._child: Child | None = None
        self._key: tuple[object, ...] = ()
        self._pending: dict[int, str] = {}  # id of a run → its stage

    def serve(self) -> None:
        """Pass messages until the parent closes its pipe; then end the child."""
        try:
            while True:
                self._turn()
        except EOFError:
            if self._child:
                self._child.end()

    def _turn(self) -> None:
        poll = select.poll()
        poll.register(self._parent.read_fd, select.POLLIN)
        if self._child:
            poll.register(self._child.channel.read_fd, select.POLLIN)
        ready = [fd for fd, _ in poll.poll()]
        if self._child and self._child.channel.read_fd in ready:
            self._hear_child(self._child)
        if self._parent.read_fd in ready:
            for request in self._parent.receive():
                self._take(request)

    def _take(self, request: InferenceRequest) -> None:
        if isinstance(request, Run):
            self._begin(request)
        elif isinstance(request, Kill):
            if request.id in self._pending:
                self._drop_child()
                self._fail_pending(CancelledError("The run was ended."))
        elif self._pending.get(request.id) == "loading":
            # nothing listens within a load, and a half-loaded checkpoint is worth nothing
            self._drop_child()
            self._fail_pending(CancelledError("The run was cancelled."))
        elif self._child and request.id in self._pending:
            self._tell_child(request)

    def _begin(self, request: Run) -> None:
        try:
            wanted = key(request.request)
        except OSError as error:
            broken = CheckpointError(f"The folder of {request.request.model} cannot be read: {error.strerror}.")
            self._parent.send(failure(request.id, broken))
            return
        if wanted != self._key:
            # first the old one's memory, then the new one
            self._drop_child()
        self._pending[request.id] = "loading"
        if self._child is None:
            self._child = self._launch()
            self._key = wanted
        self._tell_child(request)

    def _tell_child(self, request: InferenceRequest) -> None:
        if self._child:
            try:
                self._child.channel.send(request)
            except BrokenPipeError:
                self._bury_child()

    def _hear_child(self, child: Child) -> None:
        try:
            answers = child.channel.receive()
        except EOFError:
            self._bury_child()
            return
        for answer in answers:
            if isinstance(answer, Stage):
                self._pending[answer.id] = answer.stage.stage
            elif isinstance(answer, (Done, Failed)):
                self._pending.pop(answer.id, None)
            self._parent.send(answer)

    def _bury_child(self) -> None:
        """The child ended by itself: say how to whoever waits for it."""
        child, self._child, self._key = self._child, None, ()
        if child:
            self._fail_pending(_death(child.reap()))

    def _drop_child(self) -> None:
        child, self._child, self._key = self._child, None, ()
        if child:
            child.end()

    def _fail_pending(self, error: CancelledError | WorkerDiedError) -> None:
        for request_id in self._pending:
            self._parent.send(failure(request_id, error))
        self._pending.clear()


def _death(code: int) -> WorkerDiedError:
    """Say how a child ended; `code` is its exit code, negative for a signal."""
    if code >= 0:
        return WorkerDiedError(f"The process of the run ended with exit code {code}.", hint="Run again to start anew.")
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    if -code == signal.SIGKILL:
        return WorkerDiedError(
            "The process of the run was killed (SIGKILL), as Linux does when memory runs out.",
            hint="Try a smaller checkpoint, dtype or input; hubtui fit shows what it needs.",
        )
    return WorkerDiedError(f"The process of the run crashed ({name}).", hint="Run again to start anew.")
