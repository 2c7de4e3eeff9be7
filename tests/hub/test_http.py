from __future__ import annotations

import socket
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from hubtui.core.errors import (
    GatedError,
    HubError,
    HubUnreachableError,
    ModelNotFoundError,
    OfflineError,
    RateLimitedError,
    RevisionNotFoundError,
    TokenRefusedError,
)
from hubtui.hub import http as hub_http
from hubtui.hub.answers import Subject
from hubtui.hub.http import HubHttp
from tests.hub.stubborn import Reply, StubbornServer

if TYPE_CHECKING:
    from hubtui.core.settings import Settings

_MODEL = Subject("a/b", "main", "x.bin")


def _get(settings: Settings, path: str = "/api/models/a/b") -> object:
    return HubHttp(settings).get_json(settings.endpoint + path, subject=_MODEL)[0]


def test_the_token_reaches_the_hub_and_no_one_else(server: StubbornServer, settings: Settings) -> None:
    other = StubbornServer()
    threading.Thread(target=other.serve_forever, daemon=True).start()
    try:
        other.on("/cdn", Reply(body=b"weights"))
        server.on("/f", Reply(302, headers={"Location": f"{other.url}/cdn"}))
        answer = HubHttp(settings).get(f"{server.url}/f", subject=_MODEL, max_bytes=100, is_file=True)
        assert answer.content == b"weights"
        assert server.requests[0].headers["authorization"] == "Bearer hf_secret"
        assert "authorization" not in other.requests[0].headers
    finally:
        other.shutdown()
        other.server_close()


def test_a_document_is_not_fetched_from_where_a_redirect_leads(server: StubbornServer, settings: Settings) -> None:
    server.on("/api/models/a/b", Reply(302, headers={"Location": "http://evil.example/api/models/a/b"}))
    with pytest.raises(HubError, match=r"redirects to evil\.example, which is not followed"):
        _get(settings)


def test_a_renamed_model_is_found_behind_its_redirect(server: StubbornServer, settings: Settings) -> None:
    server.on("/api/models/a/b", Reply(307, headers={"Location": "/api/models/A/B"}))
    server.on_json("/api/models/A/B", {"id": "A/B"})
    assert _get(settings) == {"id": "A/B"}
    assert server.requests[-1].headers["authorization"] == "Bearer hf_secret"


def test_a_redirect_in_a_circle_ends(server: StubbornServer, settings: Settings) -> None:
    server.on("/api/models/a/b", Reply(307, headers={"Location": "/api/models/a/b"}))
    with pytest.raises(HubError, match="in a circle"):
        _get(settings)


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Reply(404, headers={"X-Error-Code": "RepoNotFound"}), ModelNotFoundError, "has no model a/b"),
        (Reply(401, b"Invalid username or password."), ModelNotFoundError, "may not see it"),
        (Reply(404, headers={"X-Error-Code": "RevisionNotFound"}), RevisionNotFoundError, "no revision main"),
        (Reply(403, headers={"X-Error-Code": "GatedRepo"}), GatedError, "/a/b"),
        (
            Reply(401, headers={"X-Error-Message": "Invalid credentials in Authorization header"}),
            TokenRefusedError,
            "hf auth login",
        ),
        (Reply(403, headers={"X-Error-Message": "Access to this resource is disabled."}), HubError, "disabled"),
        (Reply(403, b'{"error":"no scope"}'), HubError, "no scope"),
        (Reply(400, b'{"error":"bad \\u001b[2J expand"}'), HubError, "bad ␛"),
        (Reply(418, b"<html>teapot</html>"), HubError, r"\(HTTP 418\)\."),
        (Reply(500, b'{"error":["list"]}'), HubError, "problem of its own"),
        (Reply(200, b"<html>a login page</html>"), HubError, "not JSON"),
        (Reply(200, b"[" * 100_000), HubError, "not JSON"),
    ],
)
def test_every_failure_is_one_sentence_and_a_next_step(
    server: StubbornServer, settings: Settings, reply: Reply, error: type[HubError], words: str
) -> None:
    server.on("/api/models/a/b", reply)
    with pytest.raises(error, match=words) as caught:
        _get(settings)
    assert type(caught.value) is error
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_used_up_quota_says_when_it_is_filled_again(server: StubbornServer, settings: Settings) -> None:
    server.on("/api/models/a/b", Reply(429, headers={"RateLimit": '"api";r=0;t=55'}))
    with pytest.raises(RateLimitedError, match="55 s") as caught:
        _get(settings)
    assert caught.value.retry_after_s == 55
    server.on("/api/models/a/b", Reply(429, headers={"Retry-After": "7"}))
    with pytest.raises(RateLimitedError) as caught:
        _get(settings)
    assert caught.value.retry_after_s == 7
    assert len(server.requests) == 2, "no request is sent again into a used-up quota"


def test_the_quota_is_known_from_every_answer(server: StubbornServer, settings: Settings) -> None:
    policy = '"fixed window";"api";q=500;w=300'
    server.on(
        "/api/models/a/b", Reply(body=b"{}", headers={"RateLimit": '"api";r=498;t=120', "RateLimit-Policy": policy})
    )
    server.on("/f", Reply(body=b"x", headers={"RateLimit": '"resolvers";r=2999;t=120'}))
    http = HubHttp(settings)
    http.get_json(f"{server.url}/api/models/a/b")
    http.get(f"{server.url}/f", subject=_MODEL, max_bytes=10, is_file=True)
    assert http.quota is not None
    assert (http.quota.remaining, http.quota.limit) == (498, 500)
    assert 60 < http.quota.reset_s <= 120, "it counts down"


def test_a_passing_problem_is_tried_once_more_and_only_once(server: StubbornServer, settings: Settings) -> None:
    answers = iter([Reply(503), Reply(body=b'{"id":"a/b"}')])
    server.on("/api/models/a/b", lambda _: next(answers))
    assert _get(settings) == {"id": "a/b"}
    server.on("/api/models/a/b", Reply(503))
    with pytest.raises(HubError):
        _get(settings)
    assert len(server.requests) == 4


def test_a_cut_answer_is_told_as_such(server: StubbornServer, settings: Settings) -> None:
    server.on("/api/models/a/b", Reply(body=b'{"id":"a/b"}' * 100, cut_after=20))
    with pytest.raises(HubUnreachableError, match="broke off"):
        _get(settings)


def test_a_refused_connection_is_told_at_once_with_the_host(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    started = time.monotonic()
    with pytest.raises(HubUnreachableError, match=f"{address} cannot be reached: connection refused"):
        _get(replace(settings, endpoint=f"http://{address}"))
    assert time.monotonic() - started < 2


def test_a_server_that_hangs_is_given_up(
    server: StubbornServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_http, "_TIMEOUT", httpx2.Timeout(0.2))
    server.on("/api/models/a/b", Reply(body=b"{}" * 100, stall_after=5))
    with pytest.raises(HubUnreachableError, match="sent no whole answer"):
        _get(settings)


def test_a_name_that_is_never_found_is_given_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()

    def never(*_: object, **__: object) -> list[object]:
        done.wait()
        raise OSError("at last")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setattr(hub_http, "CONNECT_S", 0.2)
    started = time.monotonic()
    with pytest.raises(HubUnreachableError, match="does not answer"):
        _get(replace(settings, endpoint="http://hub.example"))
    assert time.monotonic() - started < 1
    done.set()


def test_headers_that_drip_are_given_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_http, "READ_S", 0.4)
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not stop.wait(0.05):
                connection.sendall(b"x")

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    started = time.monotonic()
    with pytest.raises(HubUnreachableError, match="sent no whole answer"):
        _get(replace(settings, endpoint=f"http://127.0.0.1:{listener.getsockname()[1]}"))
    assert time.monotonic() - started < 1.5
    stop.set()
    thread.join()
    listener.close()


def test_a_server_that_drips_is_given_up(
    server: StubbornServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_http, "WHOLE_S", -1.0)
    server.on_json("/api/models/a/b", {})
    with pytest.raises(HubUnreachableError, match="too slowly"):
        _get(settings)


def test_an_endless_answer_is_not_read_to_its_end(
    server: StubbornServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_http, "_JSON_CAP", 1000)
    server.on("/api/models/a/b", Reply(body=b" " * 5000))
    with pytest.raises(HubError, match="absurdly long"):
        _get(settings)


def test_offline_nothing_is_asked(server: StubbornServer, settings: Settings) -> None:
    with pytest.raises(OfflineError):
        _get(replace(settings, offline=True))
    with pytest.raises(OfflineError):
        HubHttp(replace(settings, offline=True)).head(f"{server.url}/f", subject=_MODEL)
    assert server.requests == []


def test_another_host_is_never_asked(settings: Settings) -> None:
    with pytest.raises(HubError, match="is not the Hub"):
        HubHttp(settings).get_json("http://evil.example/api/models")


@pytest.mark.parametrize("endpoint", ["huggingface.co", "ftp://x", "https://user:pw@h.example", ""])
def test_an_endpoint_that_is_no_address_is_refused(settings: Settings, endpoint: str) -> None:
    with pytest.raises(HubError, match="no address of a Hub"):
        HubHttp(replace(settings, endpoint=endpoint))


def test_a_broken_token_file_is_told_without_its_content(settings: Settings) -> None:
    with pytest.raises(TokenRefusedError, match="cannot be read"):
        _get(replace(settings, token_file="/nowhere/token"))
    Path(settings.token_file).write_text("hf_a\nX-Evil: 1", "utf-8")
    with pytest.raises(TokenRefusedError, match="no token has") as caught:
        _get(settings)
    assert "hf_a" not in str(caught.value)


def test_the_demo_hub_gets_no_token_of_the_real_one(settings: Settings) -> None:
    assert hub_http.read_token(replace(settings, is_demo=True, token_file="")) is None
