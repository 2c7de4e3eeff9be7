"""Addresses of links and images."""

from __future__ import annotations

import pytest

from hubtui.cards.links import image_name, link_kind, trim_bare_url
from hubtui.cards.model import LinkKind


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://x.example", "web"),
        ("//x.example/a", "web"),
        ("mailto:a@b.example", "mail"),
        ("README.md", "relative"),
        ("/org/model", "relative"),
        ("#uses", "anchor"),
        ("JavaScript:alert(1)", "unsafe"),
        ("java\tscript:alert(1)", "unsafe"),
        (" \x01javascript:x", "unsafe"),
        ("data:text/html,x", "unsafe"),
        ("file:///etc/passwd", "unsafe"),
        ("ssh://x", "unsafe"),
    ],
)
def test_only_web_mail_and_repository_links_may_be_opened(url: str, kind: LinkKind) -> None:
    assert link_kind(url) == kind


def test_bare_address_ends_where_its_sentence_goes_on() -> None:
    assert trim_bare_url("https://x.y/a_(b).") == "https://x.y/a_(b)"
    assert trim_bare_url("https://x.y/a),") == "https://x.y/a"


def test_images_have_names_also_when_their_authors_gave_none() -> None:
    assert image_name("  A\nchart ", "x.png") == "A chart"
    assert image_name("", "https://img.shields.io/badge/Code_License-MIT--0-f5de53?x=y") == "Code License: MIT-0"
    assert image_name("", "https://x.example/figures/a%20b.png?raw=true") == "a b.png"
    assert image_name("", "http://[") == "image"
