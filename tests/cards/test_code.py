"""Colours of code blocks."""

from __future__ import annotations

import pytest

from hubtui.cards.code import MAX_HIGHLIGHTED, code_lines
from hubtui.cards.model import CodeToken, Span, Style


@pytest.mark.parametrize("info", ["python", "py title=x", "{.python}", "Python:file.py", "python3"])
def test_language_of_a_fence_is_understood(info: str) -> None:
    assert code_lines("import x", info)[0][0].code is CodeToken.KEYWORD


def test_code_too_long_to_colour_is_shown_plain_and_whole() -> None:
    lines = code_lines("import x\n" * MAX_HIGHLIGHTED, "python")
    assert len(lines) == MAX_HIGHLIGHTED
    assert lines[0] == (Span("import x", Style.CODE_BLOCK, code=CodeToken.TEXT),)


def test_diff_shows_what_is_added_and_removed() -> None:
    lines = code_lines("-old\n+new\n", "diff")
    assert [line[0].code for line in lines] == [CodeToken.REMOVED, CodeToken.ADDED]
