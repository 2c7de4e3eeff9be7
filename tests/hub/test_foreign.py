"""Pictures of other hosts: what is asked, and what never is."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx2
import pytest

from hubtui.core.errors import HubError, OfflineError
from hubtui.core.settings import Settings
from hubtui.hub import foreign
from hubtui.hub.client import HubClient


@pytest.mark.parametrize(
    "address",
    [
        "http://img.example/x.png",
        "https://localhost/x.png",
        "https://127.0.0.1/x.png",
        "https://10.0.0.8/x.png",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x.png",
        "https://[fe80::1]/x.png",
        "https://printer.local/x.png",
        "https://intranet/x.png",
        "https://2130706433/x.png",
        "https://0x7f.1/x.png",
        "https://user:secret@img.example/x.png",
        "file:///etc/passwd",
    ],
)
def test_a_card_cannot_make_hubtui_look_behind_the_firewall(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _resolving_to(monkeypatch, "93.184.215.14")
    with pytest.raises(HubError, match="not a public https address"):
        foreign.refuse_own_network(address)


def _resolving_to(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)


def test_a_public_name_of_an_inner_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolving_to(monkeypatch, "192.168.0.1")
    with pytest.raises(HubError, match="not a public https address"):
        foreign.refuse_own_network("https://img.example.com/x.png")


def test_public_hosts_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolving_to(monkeypatch, "93.184.215.14")
    foreign.refuse_own_network("https://img.example.com:8443/x.png")
    foreign.refuse_own_network("https://1.1.1.1/x.png")


Answer = Callable[[httpx2.Request], httpx2.Response]


def _read(answer: Answer, address: str = "https://img.example/x.png") -> bytes:
    with httpx2.Client(transport=httpx2.MockTransport(answer), headers=foreign._HEADERS) as client:
        return foreign._read(client, address)


def test_neither_token_nor_cookie_goes_to_a_stranger() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, content=b"picture", headers={"set-cookie": "a=b"})

    assert _read(answer) == b"picture"
    assert not {"authorization", "cookie", "referer"} & set(seen[0].headers)


def test_a_host_that_leads_to_another_one_is_not_followed() -> None:
    with pytest.raises(HubError, match=r"leads on to other\.example"):
        _read(lambda _: httpx2.Response(302, headers={"location": "https://other.example/x.png"}))
    with pytest.raises(HubError, match="leads on to"):
        _read(lambda _: httpx2.Response(302, headers={"location": "http://img.example/x.png"}))


def test_a_redirect_within_the_host_is_followed_but_not_in_a_circle() -> None:
    def once(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/x.png":
            return httpx2.Response(302, headers={"location": "/y.png"})
        return httpx2.Response(200, content=b"y")

    assert _read(once) == b"y"
    with pytest.raises(HubError, match="circle"):
        _read(lambda _: httpx2.Response(302, headers={"location": "/x.png"}))


def test_a_refusal_or_a_flood_is_told_in_a_sentence() -> None:
    with pytest.raises(HubError, match="answered 404"):
        _read(lambda _: httpx2.Response(404))
    with pytest.raises(HubError, match="larger than 8 MiB"):
        _read(lambda _: httpx2.Response(200, content=b"x" * (foreign.MOST_BYTES + 1)))


def test_offline_no_host_is_asked(settings: Settings) -> None:
    offline = Settings(endpoint=settings.endpoint, offline=True, cache_dir=settings.cache_dir)
    with pytest.raises(OfflineError):
        HubClient(offline).foreign_image("https://img.example/x.png")
