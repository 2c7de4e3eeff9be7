from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtui.core.untrusted import MAX_COMBINING, clean, reveal

ANY = st.text(st.characters(), max_size=60)
HOSTILE = "\x1b]52;c;cm0=\x07\x9b31m\u202eabc\u2066\u200b\u200d\ufeff\U000e0041\x00\x7f\r\n\t"


def is_harmless(text: str) -> bool:
    return not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in text)


@pytest.mark.parametrize("make", [clean, reveal])
def test_no_escape_sequence_reaches_the_terminal(make: object) -> None:
    assert callable(make)
    shown = make(HOSTILE)
    assert is_harmless(shown)
    assert "abc" in shown


@given(ANY)
def test_one_line_stays_one_line_without_controls(text: str) -> None:
    assert is_harmless(clean(text))


@given(ANY)
def test_many_lines_keep_nothing_but_their_newlines(text: str) -> None:
    assert all(is_harmless(line) for line in clean(text, multiline=True).split("\n"))


@given(ANY)
def test_tokens_show_every_character_that_counts(text: str) -> None:
    shown = reveal(text)
    assert is_harmless(shown)
    assert " " not in shown
    assert bool(shown) == bool(text)


@given(ANY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_ordinary_text_is_left_alone() -> None:
    for text in ("Le camembert est délicieux :)", "日本語 한국어", "हिन्दी", "👍🏽 ☺️", "naïve e\u0301"):
        assert clean(text) == text


def test_a_tower_of_combining_marks_is_cut() -> None:
    assert len(clean("a" + "\u0301" * 500)) == 1 + MAX_COMBINING


def test_blanks_of_a_token_can_be_told_apart() -> None:
    assert reveal(" \n\t\u00a0\u200b") == "␣⏎⇥⍽<U+200B>"
