"""The HTML tokenizer."""

from __future__ import annotations

from hubtui.cards.html import tokenize


def test_tokenizer_reads_quotes_entities_and_broken_tags() -> None:
    tokens = list(tokenize("x<b>&lt;y</b><img src='a>b' alt=c/>3 < 4 <i"))
    assert [(token.kind, token.text) for token in tokens] == [
        ("text", "x"),
        ("open", "b"),
        ("text", "<y"),
        ("close", "b"),
        ("open", "img"),
        ("text", "3 < 4 <i"),
    ]
    assert tokens[4].attributes == {"src": "a>b", "alt": "c/"}


def test_tokenizer_takes_a_quote_that_is_never_closed() -> None:
    tokens = list(tokenize('<a href="x>text</a>'))
    assert [(token.kind, token.text) for token in tokens] == [("open", "a"), ("text", "text"), ("close", "a")]
