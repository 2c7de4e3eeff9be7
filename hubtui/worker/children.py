"""How the inference process gets a process for a checkpoint: a fork of itself on Linux, a new interpreter elsewhere."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable

from hubtui.engine.messages import InferenceAnswer
from hubtui.worker.lifeline import die_with_parent
from hubtui.worker.serve import Channel


class Child:
    """A process that holds a checkpoint, seen from its parent.

    Args:
        pid: of the process.
        channel: its answers come in, requests go out.
        wait: blocks until the process is gone; returns its exit code, negative for a signal.
    """

    def __init__(self, pid: int, channel: Channel[InferenceAnswer], wait: Callable[[], int]) -> None:
        self.pid = pid
        self.channel = channel
        self._wait = wait

    def end(self) -> int:
        """End it if it has not ended, wait until its memory is free, return its exit code."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return self.reap()

    def reap(self) -> int:
        """Wait for one that has ended by itself; return its exit code."""
        self.channel.close()
        return self._wait()


def fork(*inherited: int) -> Child:
    """Fork this process, which must have one thread and no CUDA context; the copy has the libraries imported already.

    Args:
        inherited: descriptors of this process that the copy must not keep open.
    """
    requests, answers = os.pipe(), os.pipe()
    pid = os.fork()
    if pid:
        return _parent_side(pid, requests, answers, lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    code = 1
    try:
        # the parent's ends must close when the parent does
        for descriptor in (requests[1], answers[0], *inherited):
            os.close(descriptor)
        die_with_parent()
        from hubtui.worker.model import serve

        serve(requests[0], answers[1])
        code = 0
    except BaseException:  # noqa: BLE001 - the log gets it; there is nobody else to tell
        traceback.print_exc()
    finally:
        # neither the parent's exit handlers nor its stack belong to the copy
        os._exit(code)


def spawn() -> Child:
    """Start a new interpreter; it imports the libraries itself."""
    requests, answers = os.pipe(), os.pipe()
    ends = f"{requests[0]},{answers[1]}"
    process = subprocess.Popen(  # noqa: S603 - this interpreter and constant words
        [sys.executable, "-P", "-m", "hubtui.worker", "model", "--fds", ends],
        stdin=subprocess.DEVNULL,
        pass_fds=(requests[0], answers[1]),
    )
    return _parent_side(process.pid, requests, answers, process.wait)


def _parent_side(pid: int, requests: tuple[int, int], answers: tuple[int, int], wait: Callable[[], int]) -> Child:
    os.close(requests[0])
    os.close(answers[1])
    return Child(pid, Channel(answers[0], requests[1], InferenceAnswer), wait)
