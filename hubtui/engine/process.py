"""One worker process: start it, talk to it through a private pipe pair, hear its end, kill it.

All of it belongs to one event loop in the main thread: the kernel ends the child with the *thread* that started it.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import select
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from hubtui.core.errors import WorkerDiedError
from hubtui.engine.codec import FrameReader, WireError, encode
from hubtui.engine.environment import worker_environment
from hubtui.engine.log_tail import LogTail
from hubtui.engine.messages import Message

A = TypeVar("A")

_PIPE_BYTES = 1 << 20  # one view fits, so that neither side waits for the other to read on
_READ_BYTES = 1 << 18


class WorkerProcess(Generic[A]):
    """A child `python -P -m hubtui.worker KIND` and the messages between it and this process.

    Args:
        kind: `tokenizer`, `autotokenizer` or `inference`.
        schema: union of the messages that it may answer.
        on_message: gets each answer, on the main loop or from within `wait`.
        on_exit: called once, on the main loop, when the child has ended by itself or was killed; not after `close`.
        python: interpreter to start, this one's when empty; it must have hubtui installed.
        log_file: takes what the child prints; none when empty.
    """

    def __init__(
        self,
        kind: str,
        schema: object,
        *,
        on_message: Callable[[A], None],
        on_exit: Callable[[WorkerDiedError], None],
        python: str = "",
        log_file: str = "",
    ) -> None:
        self.kind = kind
        self._python = python or sys.executable
        self._on_message = on_message
        self._on_exit = on_exit
        self._reader: FrameReader[A] = FrameReader(schema)
        self._log = LogTail(log_file, kind)
        self._process: asyncio.subprocess.Process | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._read_fd = -1
        self._write_fd = -1
        self._poll = select.poll()
        # Frames not yet written: (bytes, may a newer one replace it). The first may be written in part.
        self._outgoing: deque[tuple[memoryview, bool]] = deque()
        self._is_first_begun = False
        self._is_writer_added = False
        self._is_closing = False
        self._refused = ""

    @property
    def pid(self) -> int:
        """The child's process id, 0 before `start`."""
        return self._process.pid if self._process else 0

    @property
    def is_alive(self) -> bool:
        """Whether messages can be sent."""
        return self._read_fd >= 0

    @property
    def log_tail(self) -> str:
        """The last lines that the child printed (made harmless)."""
        return self._log.text

    async def start(self) -> None:
        """Start the child; its `Ready` comes to `on_message`.

        Raises:
            WorkerDiedError: the interpreter could not be started.
        """
        child_read, self._write_fd = os.pipe()
        self._read_fd, child_write = os.pipe()
        for fd in (self._read_fd, self._write_fd):
            os.set_blocking(fd, False)
            _widen(fd)
        try:
            # stdin is shut: transformers would ask there whether it may run a stranger's code
            self._process = await asyncio.create_subprocess_exec(
                self._python,
                "-P",
                "-m",
                "hubtui.worker",
                self.kind,
                "--fds",
                f"{child_read},{child_write}",
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                pass_fds=(child_read, child_write),
                env=worker_environment(),
            )
        except OSError as error:
            self._close_pipes()
            raise WorkerDiedError(
                f"The {self.kind} process could not be started: {error.strerror or error}.",
                hint=f"Is {self._python} a Python interpreter?",
            ) from error
        finally:
            os.close(child_read)
            os.close(child_write)
        self._poll.register(self._read_fd, select.POLLIN)
        asyncio.get_running_loop().add_reader(self._read_fd, self._read)
        self._tasks = [asyncio.create_task(self._collect_output()), asyncio.create_task(self._watch())]

    def send(self, message: Message, *, replaceable: bool = False) -> None:
        """Write a message, now as far as the pipe takes it and the rest when it does; never blocks.

        Args:
            message: of the schema that the child reads.
            replaceable: drop it unsent when a newer replaceable one comes (live typing: the latest text wins).

        Raises:
            WireError: the message cannot be said in msgpack (a lone surrogate) or is too long.
            WorkerDiedError: the child is gone.
        """
        frame = encode(message)
        if not self.is_alive:
            raise self._death()
        if replaceable:
            begun = [self._outgoing.popleft()] if self._is_first_begun else []
            self._outgoing = deque([*begun, *(entry for entry in self._outgoing if not entry[1])])
        self._outgoing.append((memoryview(frame), replaceable))
        self._write()

    def wait(self, timeout_s: float, is_enough: Callable[[], bool]) -> bool:
        """Take answers as they come, blocking, until `is_enough()` or the time is over; return `is_enough()`.

        For a few milliseconds inside one keystroke only; everything else awaits.
        """
        end = time.monotonic() + timeout_s
        while self.is_alive and not is_enough():
            left_ms = (end - time.monotonic()) * 1000
            if left_ms <= 0 or not self._poll.poll(left_ms):
                break
            self._read()
        return is_enough()

    def kill(self) -> None:
        """End the child at once (SIGKILL) and hear nothing more from it; `on_exit` follows."""
        self._close_pipes()
        if self._process and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def close(self) -> None:
        """End the child and wait until it is gone; `on_exit` is not called."""
        self._is_closing = True
        self.kill()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _read(self) -> None:
        """Take what the pipe holds and hand out whole messages."""
        try:
            data = os.read(self._read_fd, _READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close_pipes()
            return
        try:
            messages = self._reader.feed(data)
        except WireError as error:
            # whatever this child is, it is not the one that was started
            self._refused = str(error)
            self.kill()
            return
        for message in messages:
            self._on_message(message)

    def _write(self) -> None:
        """Write what the pipe takes; leave the rest to the loop."""
        while self._outgoing:
            frame, replaceable = self._outgoing[0]
            try:
                written = os.write(self._write_fd, frame)
            except BlockingIOError:
                break
            except OSError:
                # the child has ended: the reading side sees it too, and says so
                self._outgoing.clear()
                self._is_first_begun = False
                break
            self._is_first_begun = written < len(frame)
            if self._is_first_begun:
                self._outgoing[0] = (frame[written:], replaceable)
            else:
                self._outgoing.popleft()
        self._watch_writable(wanted=bool(self._outgoing))

    def _watch_writable(self, *, wanted: bool) -> None:
        if wanted == self._is_writer_added:
            return
        loop = asyncio.get_running_loop()
        if wanted:
            loop.add_writer(self._write_fd, self._write)
        else:
            loop.remove_writer(self._write_fd)
        self._is_writer_added = wanted

    def _close_pipes(self) -> None:
        if self._read_fd < 0:
            return
        with contextlib.suppress(RuntimeError):  # no loop runs any more
            asyncio.get_running_loop().remove_reader(self._read_fd)
            self._watch_writable(wanted=False)
        with contextlib.suppress(KeyError):
            self._poll.unregister(self._read_fd)
        os.close(self._read_fd)
        os.close(self._write_fd)
        self._read_fd = self._write_fd = -1
        self._outgoing.clear()
        self._is_first_begun = False

    async def _collect_output(self) -> None:
        assert self._process is not None  # noqa: S101 - start() set it
        assert self._process.stdout is not None  # noqa: S101 - start() asked for the pipe
        while data := await self._process.stdout.read(_READ_BYTES):
            self._log.write(data)
        self._log.flush()

    async def _watch(self) -> None:
        assert self._process is not None  # noqa: S101 - start() set it
        await self._process.wait()
        # what it still said counts, and its last lines tell why it ended; a grandchild may hold the output open
        while self.is_alive and self._poll.poll(0):
            self._read()
        self._close_pipes()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._tasks[0], 0.2)
        if not self._is_closing:
            self._on_exit(self._death())

    def _death(self) -> WorkerDiedError:
        code = self._process.returncode if self._process else None
        if self._refused:
            how = f"was stopped: {self._refused}"
        elif code is None:
            how = "is not running."
        elif code < 0:
            how = f"was ended by {_signal_name(-code)}."
        else:
            how = f"ended with exit code {code}."
        return WorkerDiedError(f"The {self.kind} process {how}", log_tail=self._log.text)


def _widen(fd: int) -> None:
    """Give a pipe room for a whole view, where the system allows it."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
