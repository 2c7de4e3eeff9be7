"""Word wrap by cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hubtui.cards.model import Mark, Span
from hubtui.cards.wrap import line_width, wrap
from hubtui.core.untrusted import clean
from tests.cards.helpers import text_of


@given(st.lists(st.text(max_size=12).map(clean)), st.integers(1, 30))
def test_wrapping_loses_nothing_but_blanks_and_keeps_the_width(texts: list[str], width: int) -> None:
    lines = wrap([Span(text, marks=Mark(number % 2)) for number, text in enumerate(texts)], width)
    assert "".join(text_of(line) for line in lines).replace(" ", "") == "".join(texts).replace(" ", "")
    # one wide character in one cell goes over the edge rather than away
    assert all(line_width(line) <= max(width, 2) for line in lines)


def test_a_sign_wider_than_the_line_does_not_repeat_what_follows_it() -> None:
    assert "".join(text_of(line) for line in wrap([Span("🏸"), Span("00")], 1)) == "🏸00"


def test_word_over_two_styles_is_not_broken_between_them() -> None:
    lines = wrap([Span("aaa bbb"), Span("ccc", marks=Mark.STRONG), Span(", d")], 8)
    assert [text_of(line) for line in lines] == ["aaa", "bbbccc,", "d"]
    assert lines[1] == (Span("bbb"), Span("ccc", marks=Mark.STRONG), Span(","))


@given(st.text(alphabet="ab  \txyz-", max_size=60), st.integers(1, 12), st.integers(0, 60))
def test_plain_text_breaks_where_styled_text_does(text: str, width: int, cut: int) -> None:
    plain = wrap([Span(text)], width)
    styled = wrap([Span(text[:cut]), Span(text[cut:], marks=Mark.STRONG)], width)
    assert [text_of(line).rstrip(" ") for line in plain] == [text_of(line).rstrip(" ") for line in styled]
