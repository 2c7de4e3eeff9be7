"""The chat view on a tokenizer inspector whose template is two lines of Python."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from textual.pilot import Pilot

from hubtui.core.chats import Chat, PromptPart, RenderedChat, TemplateFault
from hubtui.core.tokens import TokenSequence
from hubtui.ui.panes.tokens.chat import ChatView
from hubtui.ui.panes.tokens.tab import TokensTab
from hubtui.ui.widgets.token_editor import TokenEditor
from tests.fakes_inspector import FakeInspector
from tests.fakes_model import INFO
from tests.ui.model_app import ModelApp, model_services, settled

CAMEMBERT = "almanach/camembert-base"
SOURCE = (
    "{{ bos_token }}\n"
    "{%- for message in messages %}\n"
    "    {{- '<' + message.role + '>' + message.content + eos_token }}\n"
    "{%- endfor %}\n"
    "{#- the answer -#}\n"
    "{%- if add_generation_prompt %}{{ '<assistant>' }}{% endif %}"
)


@dataclass
class PlainTemplate(FakeInspector):
    """Writes each message between `<role>` and `</s>`, a token a word; `changed` are fields to answer otherwise."""

    changed: Any = None

    async def render_chat(self, model: str, folder: str, chat: Chat) -> RenderedChat:
        """Render."""
        self.asked.append(("render_chat", model, folder, chat))
        if self.error is not None:
            raise self.error
        return replace(rendered_chat(chat), **(self.changed or {}))

    @property
    def chats(self) -> list[Chat]:
        """What was asked, in order."""
        return [asked[3] for asked in self.asked]


def rendered_chat(chat: Chat) -> RenderedChat:
    """Return what `PlainTemplate` makes of a conversation."""
    pieces: list[tuple[str, bool, int]] = []  # token, special, message
    for index, message in enumerate(chat.messages):
        pieces += [("<s>", True, index)] if index == 0 else []
        pieces.append((f"<{message['role']}>", True, index))
        words = str(message.get("content") or "").split(" ")
        pieces += [(word if at == 0 else f" {word}", False, index) for at, word in enumerate(words) if word]
        pieces.append(("</s>", True, index))
    if chat.ending == "generation":
        pieces.append(("<assistant>", True, -1))
    prompt, offsets = "", []
    for piece, _, _ in pieces:
        offsets.append((len(prompt), len(prompt) + len(piece)))
        prompt += piece
    ids = [10 + at for at in range(len(pieces))]
    sequence = TokenSequence(
        prompt, ids, [piece for piece, _, _ in pieces], offsets, [1] * len(ids),
        [int(special) for _, special, _ in pieces], [0] * len(ids), len(ids), False, 0,
    )  # fmt: skip
    parts = [_part(pieces, offsets, owner) for owner in [*range(len(chat.messages)), -1]]
    contents = [_content(prompt, part, message) for part, message in zip(parts, chat.messages, strict=False) if part]
    return RenderedChat(
        INFO,
        template=chat.template or "default",
        templates=["default", "tool_use"],
        source=SOURCE,
        variables=["enable_thinking"],
        prompt=prompt,
        sequence=sequence,
        parts=[part for part in parts if part],
        contents=contents,
        tools_tokens=12 if chat.tools else None,
        limit=512,
    )


def _part(pieces: list[tuple[str, bool, int]], offsets: list[tuple[int, int]], owner: int) -> PromptPart | None:
    own = [at for at, piece in enumerate(pieces) if piece[2] == owner]
    if not own:
        return None
    return PromptPart(owner, owner, offsets[own[0]][0], offsets[own[-1]][1], own[0], len(own))


def _content(prompt: str, part: PromptPart, message: dict[str, Any]) -> tuple[int, int] | None:
    text = str(message.get("content") or "")
    at = prompt.find(text, part.start, part.end) if text else -1
    return None if at < 0 else (at, at + len(text))


FAULT: dict[str, Any] = {
    "prompt": "",
    "sequence": None,
    "parts": [],
    "contents": [],
    "fault": TemplateFault(
        "The chat template takes no system message and refuses this (line 3): System role not supported.",
        "Put its text into the first user message.",
        3,
    ),
}
NO_TEMPLATE = {
    **FAULT,
    "templates": [],
    "source": "",
    "variables": [],
    "fault": TemplateFault(
        "This tokenizer has no chat template, so nothing says how messages become a prompt.",
        "A base model takes plain text.",
    ),
}
WARNED = {
    "warnings": [
        (
            "The template leaves the system message out, so the model never sees it; put its text into the first user "
            'message: messages[1]["content"] = messages[0]["content"] + messages[1]["content"]; del messages[0]'
        ),
        (
            "The template writes <s>, and the tokenizer writes it again where it is given the prompt as text, so that "
            "the model reads it twice: tokenizer(prompt, add_special_tokens=False)"
        ),
    ]
}


def chat_app(inspector: FakeInspector, theme: str = "dark") -> ModelApp:
    """Return the model's side with the Tokens tab open."""
    services = replace(model_services(), inspector=lambda: inspector)
    return ModelApp(services, CAMEMBERT, 3, theme)


async def to_chat(pilot: Pilot[None]) -> ChatView:
    """Go to the chat view, wherever it stands among the views."""
    await settled(pilot)
    await pilot.app.query_one(TokensTab)._show_view("chat")
    await settled(pilot)
    return pilot.app.query_one(ChatView)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys and wait for what follows; a text in brackets goes into the editor as it is."""
    for key in keys:
        if key.startswith("["):
            pilot.app.query_one(ChatView).query_one(TokenEditor).insert(key[1:-1])
        else:
            await pilot.press(key)
    await settled(pilot)


async def talk(pilot: Pilot[None], *messages: tuple[str, str]) -> None:
    """Put a conversation into the view, with the cursor on its first message."""
    await press(pilot, "i")
    found = [{"role": role, "content": content} for role, content in messages]
    pilot.app.query_one(ChatView).query_one(TokenEditor).put(json.dumps(found))
    await press(pilot, "escape", "g")
