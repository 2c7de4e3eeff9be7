"""Runs the demo Hub until it is told to stop: `python -m hubtui.demo`, and `hubtui demo --serve`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import uvicorn

from hubtui.core.errors import OutputError
from hubtui.demo.app import demo_app
from hubtui.demo.builtin import BUILTIN_ROOT
from hubtui.demo.folders import RootError
from hubtui.demo.ratelimit import DEMO_QUOTAS, HUB_WINDOW_S, RateLimiter
from hubtui.demo.store import Store, builtin_store, root_store

_HOST = "127.0.0.1"
_LAST_WORDS_S = 0.3


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT, SIGTERM or the end of the parent; return the exit code.

    Prints one line to standard output, the URL, when connections are accepted; everything else goes to standard error.
    """
    options = _parser().parse_args(argv)
    stopping = threading.Event()
    try:
        if options.die_with_parent:
            _die_with_parent()
        store = root_store(options.root, _report, stopping) if options.root else builtin_store(_report, options.repos)
        listener = _inherited(options.fd) if options.fd is not None else _listener(options.port)
    except (OSError, RootError) as error:
        print(f"hubtui demo: {_sentence(error, options.port)}", file=sys.stderr)
        return 1
    limiter = RateLimiter({**DEMO_QUOTAS, **dict(options.quota)}, options.window)
    threading.Thread(target=_warm, args=(store,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_Server(demo_app(store, limiter), stopping).run(listener, options.parent_pipe))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hubtui.demo", description="Serve the demo Hub on this machine.")
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="port on 127.0.0.1; a free one by default")
    parser.add_argument(
        "--root", type=Path, metavar="DIR", help="serve the checkpoints DIR/<namespace>/<name>/ instead"
    )
    parser.add_argument("--repos", type=Path, default=BUILTIN_ROOT, help=argparse.SUPPRESS)
    parser.add_argument("--quota", type=_quota, action="append", default=[], metavar="BUCKET=N", help=argparse.SUPPRESS)
    parser.add_argument("--window", type=int, default=HUB_WINDOW_S, metavar="SECONDS", help=argparse.SUPPRESS)
    parser.add_argument("--fd", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--parent-pipe", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--die-with-parent", action="store_true", help=argparse.SUPPRESS)
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _quota(text: str) -> tuple[str, int]:
    bucket, _, calls = text.partition("=")
    if bucket not in DEMO_QUOTAS:
        raise argparse.ArgumentTypeError(f"a bucket is one of {', '.join(DEMO_QUOTAS)}")
    return bucket, int(calls)


def _report(line: str) -> None:
    print(f"hubtui demo: {line}", file=sys.stderr, flush=True)


def _sentence(error: Exception, port: int) -> str:
    if isinstance(error, OSError):
        return f"Port {port} of {_HOST} cannot be used: {error.strerror or error}. Choose another with --port."
    return str(error)


def _listener(port: int) -> socket.socket:
    # IPPROTO_TCP by name: asyncio sets TCP_NODELAY only on sockets that say so, and a request costs 44 ms without.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen(256)
    except OSError:
        listener.close()
        raise
    return listener


def _inherited(descriptor: int) -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=descriptor)


def _die_with_parent() -> None:
    """Ask Linux for SIGTERM when the parent dies; the pipe tells the same, but not while the loop is busy."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - only here

        pr_set_pdeathsig = 1
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM, 0, 0, 0)
        if os.getppid() == 1:  # it died before the line above
            raise SystemExit(0)


def _warm(store: Store) -> None:
    """Read all repos beforehand; what cannot be read now is met again by the request that needs it."""
    with contextlib.suppress(OSError):
        store.warm()


class _Server(uvicorn.Server):
    """A uvicorn server that a signal ends with exit code 0, and that leaves nobody waiting when it goes."""

    def __init__(self, app: object, stopping: threading.Event) -> None:
        config = uvicorn.Config(
            app,  # type: ignore[arg-type]  # an ASGI application, which uvicorn types more loosely than starlette
            http="h11",
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=75,  # longer than clients keep idle connections, so that they never meet a closed one
        )
        super().__init__(config)
        self._stopping = stopping

    async def run(self, listener: socket.socket, parent_pipe: int | None) -> None:  # type: ignore[override]
        """Serve the listener until a signal, or until the pipe's other end is closed."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._leave)
        if parent_pipe is not None:
            loop.add_reader(parent_pipe, self._leave)
        try:
            print(f"http://{_HOST}:{listener.getsockname()[1]}", flush=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(f"Standard output cannot be written: {(error.strerror or '').lower()}.") from error
        await self.serve([listener])

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `run`; uvicorn's own way raises them again afterwards, and the exit code is not 0."""
        yield

    def _leave(self) -> None:
        self._stopping.set()
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, let answers under way finish for a moment, then cut every connection."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._wait_for_tasks()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await self._wait_for_tasks()
        # What is cut now is cut on purpose: uvicorn would report every such answer with a traceback.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)

    async def _wait_for_tasks(self) -> None:
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=_LAST_WORDS_S)
