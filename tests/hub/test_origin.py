from __future__ import annotations

import pytest

from hubtui.hub.origin import host, is_same_origin, next_link, origin, resolved


@pytest.mark.parametrize(
    ("url", "other", "same"),
    [
        ("https://hub.example/a", "https://hub.example:443/b", True),
        ("https://HUB.example/a", "https://hub.example/b", True),
        ("https://hub.example", "http://hub.example", False),
        ("https://hub.example", "https://hub.example:444", False),
        ("https://hub.example", "https://hub.example.evil.example", False),
        ("https://hub.example", "https://hub.example@evil.example", False),
        ("ftp://hub.example", "ftp://hub.example", False),
        ("//hub.example/a", "//hub.example/a", False),
        ("http://[", "http://[", False),
        ("http://hub.example:99999", "http://hub.example:99999", False),
    ],
)
def test_only_the_same_scheme_host_and_port_is_the_hub(url: str, other: str, same: bool) -> None:
    assert is_same_origin(url, other) is same


def test_a_next_link_is_found_among_others_and_made_absolute() -> None:
    header = '</api/x>; rel="prev", <https://h.example/api/models?cursor=a,b>; rel="next"'
    assert next_link("https://h.example/", header.replace(", <", ",<")) == "https://h.example/api/models?cursor=a,b"
    assert next_link("https://h.example/api/models", '</api/models?cursor=x>; rel="next"') == (
        "https://h.example/api/models?cursor=x"
    )
    assert next_link("https://h.example/", "") is None
    assert next_link("https://h.example/", '<javascript:alert(1)>; rel="next"') is None


def test_hosts_are_named_shortly() -> None:
    assert host("https://huggingface.co/x") == "huggingface.co"
    assert host("http://127.0.0.1:8123/x") == "127.0.0.1:8123"
    assert host("nonsense") == "nonsense"
    assert resolved("https://h.example", "http://[") == ""
    assert origin("https://user@h.example") is None
