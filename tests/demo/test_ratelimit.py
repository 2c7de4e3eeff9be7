from __future__ import annotations

from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from hubtui.demo.child import DemoHubProcess
from hubtui.demo.ratelimit import RateLimiter


def test_a_used_up_quota_is_refused_until_the_window_ends() -> None:
    now = [100.0]
    limiter = RateLimiter({"api": 2}, 300, lambda: now[0])
    standings = [limiter.count("api", "me", signed_in=False) for _ in range(3)]
    assert [(standing.remaining, standing.is_refused) for standing in standings] == [(1, False), (0, False), (0, True)]
    now[0] += 299.5
    assert limiter.count("api", "me", signed_in=False).headers()["RateLimit"] == '"api";r=0;t=1'
    now[0] += 0.5
    assert limiter.count("api", "me", signed_in=False).remaining == 1


def test_callers_buckets_and_accounts_have_quotas_of_their_own() -> None:
    limiter = RateLimiter({"api": 1}, clock=lambda: 0.0)
    limiter.count("api", "me", signed_in=False)
    assert limiter.count("api", "me", signed_in=False).is_refused
    assert not limiter.count("api", "you", signed_in=False).is_refused
    assert limiter.count("api", "account", signed_in=True).quota == 2
    assert limiter.count("resolvers", "me", signed_in=False).remaining == 2999
    assert limiter.count("pages", "me", signed_in=False).remaining == 99


def test_a_real_429_tells_how_long_to_wait(sample_repos: Path) -> None:
    with DemoHubProcess(repos=sample_repos, quotas={"api": 2, "resolvers": 1}) as hub:
        hub.wait_ready()
        api = HfApi(endpoint=hub.url, token=False)
        api.model_info("demo/plain")
        api.model_info("demo/plain")
        with pytest.raises(HfHubHTTPError, match="Too many requests") as refused:
            api.model_info("demo/plain")
        answer = refused.value.response
        assert answer.status_code == 429
        assert answer.headers["ratelimit"].startswith('"api";r=0;t=')
        assert answer.headers["ratelimit-policy"] == '"fixed window";"api";q=2;w=300'
        url = f"{hub.url}/demo/plain/resolve/main/config.json"
        assert [httpx2.head(url).status_code for _ in range(2)] == [200, 429]
