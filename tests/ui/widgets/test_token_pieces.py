"""A text as the pieces that a tokenizer cuts it into."""

from __future__ import annotations

from typing import Literal

import pytest

from hubtui.core.tokens import TokenRow
from hubtui.ui.text import Line, width_of
from hubtui.ui.widgets.token_pieces import ink_of, lay_out
from tests.ui.inks import inks_of

_INKS = inks_of("dark")


def _row(
    position: int,
    surface: str,
    sequence: int = 0,
    kind: Literal["text", "special", "pad", "unknown"] = "text",
) -> TokenRow:
    return TokenRow(sequence, position, 7, surface, surface if kind == "text" else "", 0, len(surface), kind, 1)


def _text(lines: list[Line]) -> list[str]:
    return ["".join(words for words, _ in line) for line in lines]


def test_neighbours_are_told_apart_without_any_colour() -> None:
    lines, _ = lay_out([_row(0, "Le"), _row(1, " cam"), _row(2, "em")], 40, _INKS)
    assert _text(lines) == ["Le│␣cam│em"]


@pytest.mark.parametrize("theme", ["dark", "light", "ansi"])
def test_neighbours_differ_in_tint_in_every_theme(theme: str) -> None:
    inks = inks_of(theme)
    assert ink_of(_row(0, "a"), inks) != ink_of(_row(1, "a"), inks)


def test_each_sequence_begins_on_its_own_numbered_line() -> None:
    rows = [_row(0, "a"), _row(1, "b"), _row(0, "c", 1)]
    lines, starts = lay_out(rows, 40, _INKS)
    assert _text(lines) == [" 1 a│b", " 2 c"]
    assert starts == [0, 1]


@pytest.mark.parametrize("width", [10, 13, 40])
def test_no_line_of_pieces_is_wider_than_the_view(width: int) -> None:
    rows = [_row(at, words) for at, words in enumerate(["a" * 70, "délicieux", "日本語の文章", " ", "b"] * 5)]
    lines, _ = lay_out(rows, width, _INKS)
    assert all(width_of(line) <= width for line in lines)
    assert "".join(_text(lines)).replace("│", "").count("délicieux"[:3]) == 5


def test_no_tokens_are_no_lines() -> None:
    assert lay_out([], 40, _INKS) == ([], [])
