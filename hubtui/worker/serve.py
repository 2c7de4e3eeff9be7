"""The child's end of the pipe pair: take requests, give answers, end when the parent does."""

from __future__ import annotations

import os
import queue
import select
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from hubtui.engine.codec import FrameReader, encode
from hubtui.engine.messages import Message

R = TypeVar("R")

_READ_BYTES = 1 << 18


class Channel(Generic[R]):
    """Requests in, answers out.

    Without `start_reader` it has no thread: `receive` reads by itself, so a process that forks may use it. With it a
    thread reads, which ends the whole process at the end of the pipe even while the main thread works.

    Args:
        read_fd, write_fd: blocking descriptors; not inherited by programs that this process may start.
        schema: union of the messages that may be asked.
    """

    def __init__(self, read_fd: int, write_fd: int, schema: object) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        os.set_inheritable(read_fd, False)
        os.set_inheritable(write_fd, False)
        self._frames: FrameReader[R] = FrameReader(schema)
        self._queue: queue.SimpleQueue[R] = queue.SimpleQueue()
        self._reader: threading.Thread | None = None
        self._write_lock = threading.Lock()

    @property
    def read_fd(self) -> int:
        """The descriptor of requests, to poll."""
        return self._read_fd

    def close(self) -> None:
        """Close both descriptors; a channel with a reader thread is never closed."""
        os.close(self._read_fd)
        os.close(self._write_fd)

    def start_reader(self, intercept: Callable[[R], bool] | None = None) -> None:
        """Let a thread read from now on.

        Args:
            intercept: sees each request first, on that thread, and returns True to keep it from `receive` (a
                cancellation that has to reach a busy main thread).
        """
        self._reader = threading.Thread(target=self._read_forever, args=(intercept,), name="requests", daemon=True)
        self._reader.start()

    def receive(self) -> list[R]:
        """Wait for requests and return all that have come, oldest first.

        Raises:
            EOFError: the parent closed the pipe (with a reader thread the process has ended before).
            WireError: the bytes are no request.
        """
        if self._reader:
            requests = [self._queue.get()]
            while not self._queue.empty():
                requests.append(self._queue.get())
            return requests
        requests = self._read()
        while not requests or self._has_more():
            requests += self._read()
        return requests

    def send(self, message: Message) -> None:
        """Write one answer whole; from any thread.

        Raises:
            WireError: the answer is too long or cannot be said in msgpack.
        """
        rest = memoryview(encode(message))
        with self._write_lock:
            while rest:
                rest = rest[os.write(self._write_fd, rest) :]

    def _has_more(self) -> bool:
        poll = select.poll()
        poll.register(self._read_fd, select.POLLIN)
        return bool(poll.poll(0))

    def _read(self) -> list[R]:
        data = os.read(self._read_fd, _READ_BYTES)
        if not data:
            raise EOFError("the parent closed the pipe")
        return self._frames.feed(data)

    def _read_forever(self, intercept: Callable[[R], bool] | None) -> None:
        code = 1
        try:
            while True:
                for request in self._read():
                    if not (intercept and intercept(request)):
                        self._queue.put(request)
        except EOFError:
            code = 0
        finally:
            # the main thread may be deep in native code and would not hear of an exception
            os._exit(code)
