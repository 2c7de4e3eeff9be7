"""Whose an image of a card is."""

from __future__ import annotations

import pytest

from hubtui.cards.image_place import image_place

_HUB = "https://hub.test"


@pytest.mark.parametrize(
    "src",
    [
        "assets/plot.png",
        "./assets/plot.png",
        "assets/../assets/plot.png",
        "/a/b/resolve/main/assets/plot.png",
        "https://hub.test/a/b/resolve/main/assets/plot.png?download=true",
        "https://huggingface.co/a/b/blob/main/assets/plot.png",
        "//huggingface.co/a/b/raw/v1/assets/plot.png",
    ],
)
def test_a_file_of_the_repository_is_known_as_one(src: str) -> None:
    place = image_place(src, "a/b", _HUB)
    assert (place.kind, place.path) == ("repo", "assets/plot.png")


@pytest.mark.parametrize(
    ("src", "host"),
    [
        ("https://img.example/x.png", "img.example"),
        ("//img.example:8443/x.png", "img.example:8443"),
        ("https://huggingface.co/datasets/c/d/resolve/main/x.png", "huggingface.co"),
        ("https://hub.test/other/model/resolve/main/x.png", "hub.test"),
        ("https://huggingface.co.evil.example/a/b/resolve/main/x.png", "huggingface.co.evil.example"),
    ],
)
def test_every_other_host_is_named(src: str, host: str) -> None:
    place = image_place(src, "a/b", _HUB)
    assert (place.kind, place.host) == ("other", host)


@pytest.mark.parametrize(
    "src",
    [
        "../../../etc/passwd.png",
        "/etc/passwd.png",
        "..%2f..%2fsecret.png",
        "http://img.example/x.png",
        "file:///etc/passwd.png",
        "javascript:alert(1)",
        "ftp://img.example/x.png",
        "https://user@img.example/x.png",
        "https://[::1/x.png",
        "https://img.example:99999/x.png",
        "data:image/png;base64,AAAA",
        "https://img.shields.io/badge/a-b.svg",
        "",
    ],
)
def test_what_must_not_or_cannot_be_fetched_says_why(src: str) -> None:
    place = image_place(src, "a/b", _HUB)
    assert place.kind == "none"
    assert place.why
