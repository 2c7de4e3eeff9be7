"""The demo Hub as a child process; standard library only, so that starting it costs the program nothing."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

_LOOPBACK = "127.0.0.1"
_SECRETS = frozenset({"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACEHUB_API_TOKEN"})
_EXIT_GRACE_S = 2.0


class DemoHubError(Exception):
    """The demo Hub could not be started or has died; the text says why in one sentence."""


class DemoHubProcess:
    """A running demo Hub on a loopback port of its own; close it, or leave its `with` block, to end it.

    The listening socket is bound here and handed to the child: `url` can be used at once, and connections made before
    the child is ready wait in the kernel's queue instead of being refused. The child exits when this process does,
    however it ends.

    Args:
        root: folder of checkpoints `root/<namespace>/<name>/` to serve instead of the built-in repos.
        repos: folder of repos with histories, in the format of the built-in ones, to serve instead of those.
        port: loopback port; 0 takes a free one.
        quotas: calls a window by bucket (`api`, `resolvers`, `pages`); None keeps the generous ones of the demo.
        window_s: length of the rate-limit window in seconds; None keeps the 300 of the real Hub.

    Raises:
        DemoHubError: the port is taken.
    """

    def __init__(
        self,
        *,
        root: Path | None = None,
        repos: Path | None = None,
        port: int = 0,
        quotas: Mapping[str, int] | None = None,
        window_s: int | None = None,
    ) -> None:
        # IPPROTO_TCP by name: asyncio sets TCP_NODELAY only on sockets that say so; a request costs 44 ms without.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((_LOOPBACK, port))
            listener.listen(256)
        except OSError as error:
            listener.close()
            raise DemoHubError(f"Port {port} of {_LOOPBACK} cannot be used: {error.strerror}.") from error
        self.url = f"http://{_LOOPBACK}:{listener.getsockname()[1]}"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        self._written = ""
        child_end, self._lifeline = os.pipe()
        command = [
            sys.executable,
            "-P",
            "-m",
            "hubtui.demo",
            "--fd",
            str(listener.fileno()),
            "--parent-pipe",
            str(child_end),
        ]
        for option, folder in (("--root", root), ("--repos", repos)):
            if folder is not None:
                command += [option, str(folder)]
        for bucket, quota in (quotas or {}).items():
            command += ["--quota", f"{bucket}={quota}"]
        if window_s is not None:
            command += ["--window", str(window_s)]
        if threading.current_thread() is threading.main_thread():
            command.append(
                "--die-with-parent"
            )  # the signal follows the starting thread, so only the main one may ask for it
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                pass_fds=(listener.fileno(), child_end),
                env={name: value for name, value in os.environ.items() if name not in _SECRETS},
                start_new_session=True,
            )
        finally:
            # Only the child may hold the listener: kept here, callers would wait for ever after the child's death.
            listener.close()
            os.close(child_end)

    @property
    def pid(self) -> int:
        """Process id of the server."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the server's process is running."""
        return self._process.poll() is None

    def log(self) -> str:
        """What the server wrote to its standard error so far."""
        if not self._log.closed:
            self._log.seek(0)
            self._written = self._log.read().decode("utf-8", "replace")
        return self._written

    def wait_ready(self, timeout_s: float = 20.0) -> None:
        """Return when the server answers; only callers that must not meet a failed start need this.

        Raises:
            DemoHubError: the server died, with the last line it wrote, or did not answer in time.
        """
        import urllib.error  # noqa: PLC0415 - the interface starts the child without waiting, and need not pay for these
        import urllib.request  # noqa: PLC0415 - likewise

        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            try:
                # No page is there, and its 404 is an answer; it leaves the quota of API calls whole.
                with opener.open(self.url, timeout=max(0.1, deadline - time.monotonic())):
                    return
            except urllib.error.HTTPError as answer:
                answer.close()
                return
            except OSError as error:
                if not self._ended_within(0.5):
                    raise DemoHubError(f"The demo Hub at {self.url} does not answer: {error}.") from error
                last = (self.log().strip().splitlines() or [f"exit code {self._process.returncode}"])[-1]
                raise DemoHubError(f"The demo Hub did not start: {last}") from error
        raise DemoHubError(f"The demo Hub at {self.url} did not answer within {timeout_s:.0f} seconds.")

    def close(self) -> None:
        """End the server and wait until its process is gone; safe to call twice."""
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        if self.alive:
            self._process.terminate()
        if not self._ended_within(_EXIT_GRACE_S):
            self._process.kill()
            self._process.wait()
        self.log()  # can be asked for afterwards too
        self._log.close()

    def _ended_within(self, seconds: float) -> bool:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return not self.alive

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
