"""What the chat view looks like in each of its states, kept as pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from textual.pilot import Pilot

from hubtui.core.errors import TokenizerError
from tests.ui.panes.tokens.chat_app import FAULT, NO_TEMPLATE, WARNED, PlainTemplate, chat_app, press, talk, to_chat

Compare = Callable[..., bool]

TALK = (
    ("system", "Be brief."),
    ("user", "What is the capital of France?"),
    ("assistant", "Paris."),
    ("user", "And of Japan?\nJust the name."),
)


@dataclass(frozen=True)
class Case:
    """Keys that lead to a state, and what the inspector answers otherwise."""

    keys: tuple[str, ...] = ()
    talks: bool = True
    changed: dict[str, Any] = field(default_factory=dict)
    error: TokenizerError | None = None
    theme: str = "dark"


CASES = {
    "first": Case(talks=False),
    "talk": Case(),
    "warned": Case(changed=WARNED),
    "tokens": Case(("v",)),
    "template": Case(("v", "v")),
    "tools": Case(("t", '[{"name": "get_time"}]', "escape")),
    "tools-wrong": Case(("t", '[{"name":]')),
    "json": Case(("i",)),
    "fault": Case(changed=FAULT),
    "no-template": Case(talks=False, changed=NO_TEMPLATE),
    "stopped": Case(error=TokenizerError("The chat template of m did not answer within 2 s and was stopped.")),
    "tokens-light": Case(("v",), theme="light"),
    "warned-16-colours": Case(changed=WARNED, theme="ansi"),
}


SMALL, WIDE = (80, 24), (120, 40)
PICTURES = [(name, SMALL) for name in CASES] + [(name, WIDE) for name in ("warned", "tokens", "json", "fault")]


@pytest.mark.parametrize(("name", "size"), PICTURES, ids=[f"{name}-{size[0]}x{size[1]}" for name, size in PICTURES])
def test_each_state_of_the_chat_has_its_face(snap_compare: Compare, name: str, size: tuple[int, int]) -> None:
    case = CASES[name]

    async def before(pilot: Pilot[None]) -> None:
        await to_chat(pilot)
        if case.talks:
            await talk(pilot, *TALK)
        await press(pilot, *case.keys)

    app = chat_app(PlainTemplate(error=case.error, changed=case.changed), case.theme)
    assert snap_compare(app, terminal_size=size, run_before=before)
