"""Where a boundary between tokens goes through what the reader sees as one character."""

from __future__ import annotations

import pytest

from hubtui.core.graphemes import cluster_at, is_inside, safe


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("e\u0301", 1),
        ("👨\u200d👩", 1),
        ("👨\u200d👩", 2),
        ("👍🏽", 1),
        ("❤\ufe0f", 1),
        ("🇫🇷", 1),
        ("a🇫🇷🇩🇪", 4),
        ("क्ष", 2),
        ("क्षि", 3),
        ("\u1112\u1161\u11ab", 2),
        ("\r\n", 1),
    ],
)
def test_a_cut_through_a_character_is_seen(text: str, at: int) -> None:
    assert is_inside(text, at)


@pytest.mark.parametrize(
    ("text", "at"), [("ab", 1), ("é!", 1), ("🇫🇷🇩🇪", 2), ("漢字", 1), ("한국", 1), ("a", 0), ("a", 1)]
)
def test_a_cut_between_characters_is_none(text: str, at: int) -> None:
    assert not is_inside(text, at)


def test_the_whole_character_is_told() -> None:
    assert cluster_at("a👨\u200d👩b", 2) == "👨\u200d👩"


def test_what_hangs_on_its_neighbour_gets_a_stand_of_its_own() -> None:
    assert safe("\u0301a") == "◌\u0301a"
    assert safe("🇫") == "<U+1F1EB>"
    assert safe("🇫🇷") == "🇫🇷"
