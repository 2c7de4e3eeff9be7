from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubtui.core.errors import RateLimitedError
from hubtui.hub.http import HubHttp
from hubtui.hub.quota import QuotaMeter
from tests.hub.stubborn import Reply, StubbornServer

if TYPE_CHECKING:
    from hubtui.core.settings import Settings

_POLICY = '"fixed window";"api";q=500;w=300'


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _remaining(meter: QuotaMeter) -> int | None:
    return meter.current.remaining if meter.current else None


def test_the_quota_counts_down_and_is_whole_again_after_its_window() -> None:
    clock = Clock()
    meter = QuotaMeter(clock)
    assert _remaining(meter) is None
    meter.note({"ratelimit": '"api";r=7;t=60', "ratelimit-policy": _POLICY}, has_token=False)
    clock.now += 45
    assert meter.current is not None
    assert (meter.current.remaining, meter.current.reset_s) == (7, 15)
    clock.now += 15
    assert (meter.current.remaining, meter.current.limit, meter.current.reset_s) == (500, 500, 0)


def test_a_used_up_quota_keeps_only_its_own_requests_back() -> None:
    clock = Clock()
    meter = QuotaMeter(clock)
    meter.note({"ratelimit": '"api";r=0;t=60'}, has_token=False)
    assert meter.rest_s("https://h/api/models", has_token=False) == 60
    assert meter.rest_s("https://h/a/b/resolve/main/README.md", has_token=False) == 0
    assert meter.rest_s("https://h/api/models", has_token=True) == 0, "an account has a quota of its own"
    clock.now += 60
    assert meter.rest_s("https://h/api/models", has_token=False) == 0


def test_a_refusal_without_figures_is_obeyed_and_forgotten_in_time() -> None:
    clock = Clock()
    meter = QuotaMeter(clock)
    meter.note_refusal("https://h/a/b/resolve/x/y", RateLimitedError("full", retry_after_s=10**9), has_token=False)
    assert _remaining(meter) is None
    assert meter.rest_s("https://h/a/b/resolve/x/z", has_token=False) == 3600, "nobody is believed for 30 years"
    meter.note_refusal("https://h/api/models", RateLimitedError("full", retry_after_s=60), has_token=False)
    assert _remaining(meter) == 0
    clock.now += 61
    assert _remaining(meter) is None


def test_after_a_refusal_nothing_is_sent_and_the_error_says_when_to_go_on(
    server: StubbornServer, settings: Settings
) -> None:
    server.on("/api/models", Reply(429, headers={"RateLimit": '"api";r=0;t=55', "RateLimit-Policy": _POLICY}))
    server.on("/a/b/resolve/main/x", Reply(body=b"x"))
    http = HubHttp(settings)
    for _ in range(3):
        with pytest.raises(RateLimitedError, match=r"filled again in 5\d s") as caught:
            http.get_json(f"{server.url}/api/models")
        assert 50 < caught.value.wait_s <= 55
    assert len(server.requests) == 1, "asked once, refused at once afterwards"
    assert http.quota is not None
    assert http.quota.remaining == 0


def test_the_last_call_of_a_window_is_not_followed_by_one_that_would_be_refused(
    server: StubbornServer, settings: Settings
) -> None:
    server.on("/api/models", Reply(body=b"[]", headers={"RateLimit": '"api";r=0;t=55'}))
    http = HubHttp(settings)
    assert http.get_json(f"{server.url}/api/models")[0] == []
    with pytest.raises(RateLimitedError):
        http.get_json(f"{server.url}/api/models")
    assert len(server.requests) == 1
