"""A real loopback server that answers whatever a test tells it, however wrong."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

COMMIT = "0123456789" * 4
_PIECE = 1 << 16


@dataclass
class Request:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Reply:
    """What the server answers.

    Attributes:
        cut_after: bytes of the body after which the connection is reset.
        stall_after: bytes of the body after which nothing more comes until the server closes.
        tick: called after each 64 KiB of the body that the client was sent; what it raises ends the connection.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    stall_after: int | None = None
    tick: Callable[[int], None] | None = None


Route = Callable[[Request], Reply]


class StubbornServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.routes: dict[str, Route] = {}
        self.requests: list[Request] = []
        self.closing = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the tests."""

    def on(self, path: str, reply: Reply | Route) -> None:
        """Answer requests for a path (without its query)."""
        self.routes[path] = reply if callable(reply) else lambda _: reply

    def on_json(self, path: str, document: object, **headers: str) -> None:
        """Answer with a JSON document."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.on(path, Reply(body=json.dumps(document).encode(), headers=named))

    def on_file(self, model: str, path: str, content: bytes, *, lfs: bool = False) -> dict[str, object]:
        """Serve a file as the Hub does, with ranges; return its entry among `siblings`."""
        sha1 = hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
        sha256 = hashlib.sha256(content).hexdigest()
        etag = sha256 if lfs else sha1

        def serve(request: Request) -> Reply:
            headers = {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT}
            first, _, last = request.headers.get("range", "").removeprefix("bytes=").partition("-")
            if not first:
                return Reply(body=content, headers=headers)
            end = min(int(last) + 1 if last else len(content), len(content))
            headers["Content-Range"] = f"bytes {first}-{end - 1}/{len(content)}"
            return Reply(206, content[int(first) : end], headers)

        self.on(f"/{model}/resolve/{COMMIT}/{path}", serve)
        entry: dict[str, object] = {"rfilename": path, "size": len(content), "blobId": sha1}
        if lfs:
            entry["lfs"] = {"size": len(content), "sha256": sha256, "pointerSize": 134}
        return entry

    def on_model(self, model: str, siblings: list[dict[str, object]], **more: object) -> None:
        """Serve an info answer."""
        info = {"id": model, "sha": COMMIT, "siblings": siblings, "gated": False, "tags": [], **more}
        self.on_json(f"/api/models/{model}", info)

    def paths(self) -> list[str]:
        """The paths that were asked for, with their queries."""
        return [request.path for request in self.requests]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StubbornServer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library has it
        """Say nothing."""

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers)
        self.server.requests.append(request)
        route = self.server.routes.get(self.path.partition("?")[0])
        reply = route(request) if route else Reply(404, b'{"error":"not here"}')
        head = [f"HTTP/1.1 {reply.status} X"]
        given = {"Content-Length": str(len(reply.body)), **reply.headers}
        head += [f"{name}: {value}" for name, value in given.items()]
        self.wfile.write("\r\n".join(head).encode("latin-1", "replace") + b"\r\n\r\n")
        body = b"" if self.command == "HEAD" else reply.body
        if reply.tick is not None:
            self._drip(body, reply.tick)
            return
        stop = reply.cut_after if reply.cut_after is not None else reply.stall_after
        self.wfile.write(body if stop is None else body[:stop])
        self.wfile.flush()
        if reply.stall_after is not None:
            self.server.closing.wait()
        if stop is not None:
            self.close_connection = True

    def _drip(self, body: bytes, tick: Callable[[int], None]) -> None:
        # a small buffer: what the kernel holds for the client counts as sent, and is lost when the client is killed
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _PIECE)
        for at in range(0, len(body), _PIECE):
            piece = body[at : at + _PIECE]
            self.wfile.write(piece)
            tick(len(piece))

    do_GET = do_HEAD = _answer  # noqa: N815 - named by the library
