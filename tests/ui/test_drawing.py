"""Bars and broken lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtui.ui.drawing import bar, bounded, facts_in_lines, fill, flow
from hubtui.ui.text import width_of
from tests.ui.inks import inks_of

_INKS = inks_of("dark")


@pytest.mark.parametrize("score", [-1.0, 0.0, 0.001, 0.3333, 0.999, 1.0, 7.0])
def test_a_bar_is_always_as_wide_as_it_should_be(score: float) -> None:
    assert width_of(bar(score, 20, _INKS)) == 20


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"]) | st.sampled_from(" \n")),
    st.integers(2, 40),
)
def test_broken_text_keeps_every_word_and_the_width(words: str, width: int) -> None:
    lines = flow([(words, _INKS.text)], width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join(part for line in lines for part, _ in line).replace(" ", "") == "".join(words.split())


def test_facts_go_on_as_many_lines_as_they_need() -> None:
    lines = facts_in_lines([("one", _INKS.text), ("two", _INKS.text), ("three", _INKS.text)], 9, _INKS.faint)
    assert ["".join(words for words, _ in line) for line in lines] == ["one · two", "three"]


@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "M"])), max_size=4),
    st.integers(2, 40),
)
def test_filled_lines_keep_every_sign_and_the_width(parts: list[str], width: int) -> None:
    lines = fill([(part, _INKS.text) for part in parts], width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join(part for line in lines for part, _ in line) == "".join(parts)


def test_a_boundary_stands_between_any_two_pieces_also_where_a_line_ends() -> None:
    lines = bounded([(part, _INKS.text) for part in ("ab", "cd", "ef")], 6, _INKS.muted)
    assert ["".join(words for words, _ in line) for line in lines] == ["ab│cd│", "ef"]
