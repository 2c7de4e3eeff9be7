"""Emoji as signs that every terminal draws equally wide."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from hubtui.cards.emoji import of_sure_width, with_emoji
from tests.cards.helpers import shown


def test_shortcodes_become_their_signs() -> None:
    assert with_emoji("fast :rocket: and :hugs:, :+1:") == "fast 🚀 and 🤗, 👍"


@pytest.mark.parametrize(
    "text", ["10:100:20", "a:fire:b", "http://x:fire:", ":no_such_name:", "C::fire::D", ": fire :"]
)
def test_colons_that_are_no_shortcode_stay(text: str) -> None:
    assert with_emoji(text) == text


def test_code_keeps_its_colons() -> None:
    assert shown("`:rocket:`\n\n    :rocket:\n") == [":rocket:", "", "  :rocket:"]


@pytest.mark.parametrize(
    ("text", "plain"), [("⚠️", "⚠"), ("1️⃣", "1"), ("👍🏽", "👍"), ("🇫🇷", "FR"), ("❤️ x", "❤ x"), ("✅", "✅"), ("é", "é")]
)
def test_signs_that_terminals_disagree_on_are_made_plain(text: str, plain: str) -> None:
    assert of_sure_width(text) == plain
    assert cell_len(plain) == sum(map(cell_len, plain))


def test_a_table_with_emoji_keeps_its_columns() -> None:
    lines = shown("| a | b |\n|---|---|\n| ⚠️ | x |\n| 🇫🇷 | y |\n| 👍🏽 | z |\n")
    assert {cell_len(line.split("│")[0]) for line in (lines[0], *lines[2:])} == {3}
