"""Where links of a card lead."""

from __future__ import annotations

import pytest

from hubtui.cards.model import Link, LinkKind
from hubtui.ui.panes.card_links import address_of, model_of
from tests.fake_rows import ROWS, facts_of

HUB = "https://hub.test"


def _link(url: str, kind: LinkKind = "web") -> Link:
    return Link(1, "words", url, kind)


@pytest.mark.parametrize(
    ("url", "model", "revision"),
    [
        ("https://huggingface.co/camembert/camembert-large", "camembert/camembert-large", ""),
        ("https://hf.co/camembert/camembert-large", "camembert/camembert-large", ""),
        ("https://hub.test/a/b", "a/b", ""),
        ("https://huggingface.co/a/b/tree/v1.0", "a/b", "v1.0"),
    ],
)
def test_an_address_of_a_model_is_known_as_one(url: str, model: str, revision: str) -> None:
    target = model_of(_link(url), HUB)
    assert target is not None
    assert (target.model, target.revision) == (model, revision)


@pytest.mark.parametrize(
    "url",
    [
        "https://huggingface.co/docs/transformers",
        "https://huggingface.co/datasets/oscar",
        "https://huggingface.co/spaces/a/b",
        "https://huggingface.co/blog/some-post",
        "https://huggingface.co/gpt2",
        "https://huggingface.co/a/b/blob/main/LICENSE",
        "https://evil.test/a/b",
        "https://huggingface.co.evil.test/a/b",
        "https://huggingface.co@evil.test/a/b",
        "http://[",
        "https://huggingface.co/",
    ],
)
def test_no_other_address_is_taken_for_a_model(url: str) -> None:
    assert model_of(_link(url), HUB) is None


def test_links_that_are_not_of_the_web_are_never_models() -> None:
    assert model_of(_link("a/b", "relative"), HUB) is None
    assert model_of(_link("javascript:a/b", "unsafe"), HUB) is None


@pytest.mark.parametrize(
    ("url", "kind", "address"),
    [
        ("LICENSE", "relative", "https://hub.test/almanach/camembert-base/blob/main/LICENSE"),
        ("./docs/a.md", "relative", "https://hub.test/almanach/camembert-base/blob/main/docs/a.md"),
        ("/a/b", "relative", "https://hub.test/a/b"),
        ("#limits", "anchor", "https://hub.test/almanach/camembert-base#limits"),
        ("https://x.test/", "web", "https://x.test/"),
    ],
)
def test_addresses_are_whole_so_that_they_work_where_they_are_pasted(url: str, kind: LinkKind, address: str) -> None:
    assert address_of(_link(url, kind), facts_of(ROWS[0]), HUB) == address
