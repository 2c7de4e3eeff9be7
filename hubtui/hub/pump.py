"""Reads one answer's body in a thread of its own, so that whoever waits for it can stop waiting at any moment."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Self

from hubtui.core.errors import CancelledError
from hubtui.hub.answers import Subject

if TYPE_CHECKING:
    import httpx2

    from hubtui.hub.http import HubHttp

# Pieces of up to 64 KiB, as they come from the socket, read before they are written: a kill loses these 2 MiB and what
# the kernel holds for the socket, which is little where the reader keeps up; a killed download may refetch 10 MiB
_AHEAD = 32
_POLL_S = 0.1


class Pump:
    """One file's body from one request; use it in a `with` block, which ends the request.

    Args:
        http: the Hub.
        url: of the file.
        subject: for the sentence of an error.
        offset: first byte wanted.
        is_cancelled: asked ten times a second.
    """

    def __init__(
        self, http: HubHttp, url: str, subject: Subject, *, offset: int, is_cancelled: Callable[[], bool]
    ) -> None:
        self._http = http
        self._url = url
        self._subject = subject
        self._offset = offset
        self._is_cancelled = is_cancelled
        self._items: queue.Queue[bytes | BaseException | None] = queue.Queue(_AHEAD)
        self._opened: queue.Queue[tuple[int, Mapping[str, str]]] = queue.Queue(1)
        self._stopped = threading.Event()
        self._response: httpx2.Response | None = None
        self._thread = threading.Thread(target=self._run, name="download", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the request; the thread follows as soon as its socket lets go."""
        self._stopped.set()
        response = self._response
        stream = response.extensions.get("network_stream") if response is not None else None
        connection = stream.get_extra_info("socket") if stream is not None else None
        if self._thread.is_alive() and connection is not None:
            with contextlib.suppress(OSError):  # closed already
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(_POLL_S)

    def start_of_body(self) -> int:
        """Wait for the headers; return the offset at which the body begins: 0 when the server ignored the range.

        Raises:
            HubError: what the Hub answered instead.
            CancelledError: while waiting.
        """
        while True:
            try:
                status, headers = self._opened.get(timeout=_POLL_S)
                break
            except queue.Empty:
                self._check()
                if not self._thread.is_alive() and self._opened.empty():
                    self._raise_pending()
        if status != 206:
            return 0
        first = headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
        return int(first) if first.isdecimal() and len(first) < 20 else -1

    def chunks(self) -> Iterator[bytes]:
        """Yield the body.

        Raises:
            HubUnreachableError: the connection broke off or went silent.
            CancelledError: while waiting.
        """
        while True:
            self._check()
            try:
                item = self._items.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    def _check(self) -> None:
        if self._is_cancelled():
            raise CancelledError("The download was stopped.", hint="What has arrived is kept for the next time.")

    def _raise_pending(self) -> None:
        item = self._items.get_nowait()
        if isinstance(item, BaseException):
            raise item

    def _run(self) -> None:
        headers = {"range": f"bytes={self._offset}-"} if self._offset else {}
        try:
            with self._http.stream("GET", self._url, subject=self._subject, headers=headers, is_file=True) as response:
                self._response = response
                self._opened.put((response.status_code, response.headers))
                for chunk in response.iter_bytes():
                    if not self._put(chunk):
                        return
            self._put(None)
        except BaseException as error:  # noqa: BLE001 - carried over to the thread that waits
            self._put(error)

    def _put(self, item: bytes | BaseException | None) -> bool:
        """Hand on, unless nobody waits any more."""
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._items.put(item, timeout=_POLL_S)
                return True
        return False
