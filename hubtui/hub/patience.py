"""Sends a request and waits no longer than it says, whatever keeps it.

The socket timeouts of an HTTP client do not bound a look-up of a name, a host with many dead addresses, or headers that
drip byte by byte. So the request is sent in a thread, and who waits for it waits on the clock.
"""

from __future__ import annotations

import queue
import threading

import httpx2


class _Sending:
    """One request under way in a thread of its own; an answer that nobody waits for any more is closed."""

    def __init__(self, client: httpx2.Client, request: httpx2.Request) -> None:
        self._client = client
        self._request = request
        self._outcome: queue.SimpleQueue[httpx2.Response | BaseException] = queue.SimpleQueue()
        self._connected = threading.Event()
        self._lock = threading.Lock()
        self._is_abandoned = False
        request.extensions["trace"] = self._trace

    def wait(self, connect_s: float, answer_s: float) -> httpx2.Response:
        threading.Thread(target=self._run, name="request", daemon=True).start()
        if not self._connected.wait(connect_s):
            self._abandon()
            raise httpx2.ConnectTimeout("no connection in time", request=self._request)
        try:
            outcome = self._outcome.get(timeout=answer_s)
        except queue.Empty:
            self._abandon()
            raise httpx2.ReadTimeout("no answer in time", request=self._request) from None
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def _trace(self, event: str, _: object) -> None:
        """Told by httpcore2 what it is at; a connection from the pool begins with the headers."""
        if event.endswith(("connect_tcp.complete", "send_request_headers.started")):
            self._connected.set()

    def _run(self) -> None:
        outcome: httpx2.Response | BaseException
        try:
            outcome = self._client.send(self._request, stream=True, follow_redirects=False)
        except BaseException as error:  # noqa: BLE001 - carried over to the thread that waits
            outcome = error
        with self._lock:
            if not self._is_abandoned:
                self._outcome.put(outcome)
            elif isinstance(outcome, httpx2.Response):
                outcome.close()
        self._connected.set()

    def _abandon(self) -> None:
        with self._lock:
            self._is_abandoned = True
            while not self._outcome.empty():
                late = self._outcome.get()
                if isinstance(late, httpx2.Response):
                    late.close()


def send(client: httpx2.Client, request: httpx2.Request, *, connect_s: float, answer_s: float) -> httpx2.Response:
    """Send a request; return its answer with the body still to be read, redirects not followed.

    Raises:
        httpx2.ConnectTimeout: no connection within `connect_s`, name look-up included.
        httpx2.ReadTimeout: the headers were not complete `answer_s` after that.
        Exception: what the client raises by itself.
    """
    return _Sending(client, request).wait(connect_s, answer_s)
