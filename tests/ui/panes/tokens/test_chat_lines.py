"""The prompt in lines: nothing of what matters is lost in a long one."""

from __future__ import annotations

import pytest

from hubtui.core.chats import Chat
from hubtui.ui.panes.tokens.chat_lines import HEAD, TAIL, prompt_lines, template_lines, token_lines
from hubtui.ui.text import Line, width_of
from hubtui.ui.theme import _inks_of
from tests.ui.panes.tokens.chat_app import rendered_chat

INKS = _inks_of("dark")


def _text(lines: list[Line]) -> str:
    return "\n".join("".join(words for words, _ in line) for line in lines)


@pytest.mark.parametrize("make", [prompt_lines, token_lines])
def test_of_a_long_prompt_the_beginning_and_the_generation_prompt_are_drawn(make: object) -> None:
    assert callable(make)
    chat = Chat([{"role": "user", "content": f"{number} {'word ' * 200}"} for number in range(100)])
    rendered = rendered_chat(chat)
    lines = make(chat, rendered, 80, INKS)
    shown = _text(lines)
    assert "<s>│<user>" in shown
    assert shown.rstrip().endswith("generation│ <assistant>")
    assert f"{len(rendered.prompt) - HEAD - TAIL:,}".replace(",", " ") in shown
    assert "100 user" in shown
    assert " 50 user" not in shown
    assert max(map(width_of, lines)) <= 80


@pytest.mark.parametrize("make", [prompt_lines, token_lines])
def test_a_message_that_adds_nothing_is_said_to(make: object) -> None:
    assert callable(make)
    chat = Chat([{"role": "user", "content": "a"}])
    rendered = rendered_chat(chat)
    part = rendered.parts[0]
    empty = type(part)(1, 1, part.end, part.end, part.n_tokens, 0)
    rendered.parts.insert(1, empty)
    chat.messages.append({"role": "tool", "content": "x"})
    assert "2 tool      │ nothing" in _text(make(chat, rendered, 80, INKS))


def test_a_template_on_one_long_line_is_broken_for_the_width_with_every_blank() -> None:
    source = "{% if a %}  {{ b }}" * 40
    lines = template_lines(source, 0, 40, INKS)
    assert max(map(width_of, lines)) <= 40
    assert "".join(_text([line])[3:] for line in lines) == source


def test_the_line_at_fault_is_marked_and_those_before_it_can_be_left_out() -> None:
    shown = _text(template_lines("\n".join(f"line {number}" for number in range(1, 31)), 20, 40, INKS, first=18))
    assert shown.splitlines()[:3] == [" 18 line 18", " 19 line 19", "▸20 line 20"]
