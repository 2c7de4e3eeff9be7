"""The demo Hub as an ASGI application: URLs, callers, quotas and the headers that every answer has."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hubtui.demo import accounts, catalogue, errors, files, models
from hubtui.demo.call import Call, json_response, refusal_response
from hubtui.demo.errors import Moved, Refusal
from hubtui.demo.gitlike import Stopped
from hubtui.demo.listing import whole_number
from hubtui.demo.ratelimit import RateLimiter, Standing
from hubtui.demo.store import Store

_LARGEST_BODY = 1 << 20
_EXPOSED = (
    "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,"
    "X-Linked-Size,X-Linked-ETag,X-Xet-Hash"
)
_LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_FILE_VERBS = {"resolve": (files.resolve, 2), "raw": (files.raw, 2)}


def demo_app(store: Store, limiter: RateLimiter | None = None) -> ASGIApp:
    """Return the application that serves a store of repos.

    Args:
        store: the repos.
        limiter: counts calls; that of the real Hub when None.
    """
    routes = [
        Route("/api/models", _endpoint(store, models.list_models)),
        Route("/api/models/{rest:path}", _endpoint(store, _model), methods=["GET", "POST"]),
        Route("/api/models-tags-by-type", _endpoint(store, _tags_by_type)),
        Route("/api/tasks", _endpoint(store, lambda call: json_response(catalogue.task_pages(call.store)))),
        Route("/api/trending", _endpoint(store, _trending)),
        Route("/api/quicksearch", _endpoint(store, _quick_search)),
        Route("/api/whoami-v2", _endpoint(store, _whoami)),
        Route("/api/agent-harnesses", _endpoint(store, lambda _call: json_response(catalogue.AGENT_HARNESSES))),
        Route("/api/users/{name}/overview", _endpoint(store, _user)),
        Route("/api/organizations/{name}/overview", _endpoint(store, _organization)),
        Route("/{rest:path}", _endpoint(store, _file)),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(_Protocol, limiter=limiter or RateLimiter())],
        exception_handlers={Refusal: _refuse, HTTPException: _refuse_unknown, Stopped: _stop},
    )


def _endpoint(store: Store, handle: Callable[[Call], Response]) -> Callable[[Request], object]:
    """Make a handler into an endpoint: it runs in a thread, for it may hash files."""

    async def endpoint(request: Request) -> Response:
        body = await _body(request) if request.method == "POST" else b""
        path: str = request.scope["path"]
        if path == "/api/whoami-v2":
            account = _known_account(request.headers)
        else:
            account = accounts.account_of(request.headers.get("authorization"))
        call = Call(
            store=store,
            account=account,
            method=request.method,
            origin=f"{request.scope['scheme']}://{request.headers['host']}",
            path=path,
            query=request.query_params,
            body=body,
            content_type=request.headers.get("content-type", ""),
        )
        return await run_in_threadpool(handle, call)

    return endpoint


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            raise Refusal(413, "The body is too large")
    return body


def _known_account(headers: Headers) -> accounts.Account | None:
    """The caller, for the one URL that refuses a bad token in other words."""
    try:
        return accounts.account_of(headers.get("authorization"))
    except Refusal:
        return None


def _model(call: Call) -> Response:
    segments = call.path.split("/")[3:]
    name, rest = _split_id(call.store, segments, models.VERBS)
    verb, *arguments = rest or [""]
    if verb not in models.VERBS or len(arguments) < models.VERBS[verb][1]:
        raise errors.missing_page()
    if (call.method == "POST") != (verb == "paths-info"):
        raise errors.wrong_method()
    handle, _ = models.VERBS[verb]
    try:
        repo = call.store.find(name, call.account)
    except Moved as moved:
        return _moved(call, "/api/models/", moved.repo, rest)
    return handle(call, repo, arguments)


def _file(call: Call) -> Response:
    segments = call.path.split("/")[1:]
    name, rest = _split_id(call.store, segments, _FILE_VERBS)
    verb, *arguments = rest or [""]
    if verb not in _FILE_VERBS or len(arguments) < _FILE_VERBS[verb][1]:
        raise errors.missing_page()
    handle, _ = _FILE_VERBS[verb]
    try:
        repo = call.store.find(name, call.account)
        return handle(call, repo, unquote(arguments[0]), unquote("/".join(arguments[1:])))
    except Moved as moved:
        return _moved(call, "/", moved.repo, rest)
    except Refusal as refusal:
        refusal.as_text = True
        raise


def _split_id(store: Store, segments: list[str], verbs: Mapping[str, tuple[object, int]]) -> tuple[str, list[str]]:
    """Split a path at the end of the model's id, which has two parts, or one for the oldest repos.

    Args:
        store: decides where both readings make sense.
        segments: of the path, from the id on.
        verbs: what may follow an id → handler, and how many further parts it needs.
    """
    parts = [unquote(segment) for segment in segments]
    has_verb = len(parts) > 1 and parts[1] in verbs and len(parts) - 2 >= verbs[parts[1]][1]
    length = 1 if len(parts) == 1 or (has_verb and not store.knows("/".join(parts[:2]))) else 2
    return "/".join(parts[:length]), segments[length:]


def _moved(call: Call, prefix: str, repo: str, rest: list[str]) -> Response:
    query = f"?{call.query}" if call.query else ""
    location = prefix + "/".join([repo, *rest]) + query
    return Response(b"", 307, {"Location": location}, media_type="text/plain; charset=utf-8")


def _tags_by_type(call: Call) -> Response:
    tags = catalogue.tags_by_type(call.store, call.account)
    kind = call.query.get("type")
    return json_response({kind: tags.get(kind, [])} if kind else tags)


def _trending(call: Call) -> Response:
    if call.query.get("type", "model") not in {"model", "all"}:
        return json_response({"recentlyTrending": []})
    return json_response(
        catalogue.trending(call.store, call.account, min(20, whole_number(call.query, "limit", 10, least=1)))
    )


def _quick_search(call: Call) -> Response:
    limit = min(20, whole_number(call.query, "limit", 5, least=1))
    kinds = call.query.getlist("type")
    return json_response(catalogue.quick_search(call.store, call.account, call.query.get("q", ""), kinds, limit))


def _whoami(call: Call) -> Response:
    if call.account is None:
        raise errors.not_signed_in()
    return json_response(accounts.whoami(call.account))


def _user(call: Call) -> Response:
    return _overview(catalogue.user(unquote(call.path.split("/")[3])))


def _organization(call: Call) -> Response:
    return _overview(catalogue.organization(call.store, call.account, unquote(call.path.split("/")[3])))


def _overview(found: Mapping[str, object] | None) -> Response:
    if found is None:
        raise Refusal(404, "This user or organization does not exist")
    return json_response(found)


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - registered for this class alone
    return refusal_response(error)


async def _refuse_unknown(_request: Request, error: Exception) -> Response:
    is_method = isinstance(error, HTTPException) and error.status_code == 405
    return refusal_response(errors.wrong_method() if is_method else errors.missing_page())


async def _stop(_request: Request, _error: Exception) -> Response:
    return refusal_response(Refusal(503, "The server is going down"))


class _Protocol:
    """What holds for every request: quotas, raw paths, and the headers of section 1 of the protocol."""

    def __init__(self, app: ASGIApp, *, limiter: RateLimiter) -> None:
        self._app = app
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        # Undecoded: routes must not take the %2F in a revision for a slash.
        path = scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1") or scope["path"]
        scope = {**scope, "path": path}
        standing = self._count(path, scope, headers)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = MutableHeaders(scope=message)
                added["X-Request-Id"] = f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"
                added["Access-Control-Expose-Headers"] = _EXPOSED
                for name, value in standing.headers().items():
                    added[name] = value
            await send(message)

        refused = self._refusal(headers, standing)
        app = self._app if refused is None else refusal_response(refused)
        await app(scope, receive, send_with_headers)

    def _count(self, path: str, scope: Scope, headers: Headers) -> Standing:
        segments = path.split("/")
        if segments[1:2] == ["api"]:
            bucket = "api"
        else:
            bucket = "resolvers" if _FILE_VERBS.keys() & set(segments[2:4]) else "pages"
        account = _known_account(headers)
        caller = account.name if account else (scope.get("client") or ("?",))[0]
        return self._limiter.count(bucket, caller, signed_in=account is not None)

    @staticmethod
    def _refusal(headers: Headers, standing: Standing) -> Refusal | None:
        host = headers.get("host", "")
        name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
        if name not in _LOOPBACK_NAMES:
            # A web page that points its own name at 127.0.0.1 would otherwise read what is served here.
            return Refusal(400, "The demo Hub answers only to the names of this machine: 127.0.0.1 and localhost")
        if standing.is_refused:
            return Refusal(429, f"Too many requests: {standing.quota} calls in {standing.window_s} seconds are allowed")
        return None
