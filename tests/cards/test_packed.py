"""Lines kept packed come back as they were."""

from __future__ import annotations

import gc

from hubtui.cards.packed import pack, text_of, unpack, with_last_text
from hubtui.cards.render import render
from tests.cards.helpers import text_of as said

_CARD = "# H\n\n**a** [l](https://x.example) `c` *~~x~~*\n\n```python\nx = 1  # one\n```\n\n| a |\n|---|\n| 1 |\n"


def test_every_span_comes_back_with_its_dress() -> None:
    lines = render(_CARD, 40).lines
    assert tuple(map(unpack, pack(lines))) == lines
    assert [text_of(line) for line in pack(lines)] == [said(line) for line in lines]


def test_kept_lines_are_nothing_that_the_garbage_collector_walks() -> None:
    packed = pack(render(_CARD, 40).lines)
    gc.collect()
    assert not any(gc.is_tracked(line) for line in packed)


def test_a_line_can_say_something_else_at_its_end() -> None:
    line = pack(render("**label** words", 40).lines)[0]
    assert text_of(with_last_text(line, " news")) == "label news"
    assert unpack(with_last_text(line, " news"))[0] == unpack(line)[0]
