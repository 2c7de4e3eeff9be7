"""A chat template that hangs costs its process and nothing else, and the next question is answered soon."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hubtui.core.chats import Chat
from hubtui.core.errors import TokenizerError
from hubtui.engine.inspector import InspectorProcess
from tests.engine.conftest import MakeFolder

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASK = Chat([{"role": "user", "content": "the cat"}])


def _with_template(folder: Path, template: str) -> str:
    (folder / "chat_template.jinja").write_text(template)
    return str(folder)


async def test_a_conversation_comes_back_whole(shared_inspector: InspectorProcess, make_folder: MakeFolder) -> None:
    folder = _with_template(make_folder(), "{% for m in messages %}{{ m.content }}{% endfor %} {{ tools | length }}.")
    chat = Chat(ASK.messages, tools=[{"name": "a"}, {"name": "b"}], ending="closed")
    rendered = await shared_inspector.render_chat("m", folder, chat)
    assert rendered.prompt == "the cat 2."
    assert rendered.sequence is not None
    assert rendered.sequence.tokens[:2] == ["the", "cat"]
    assert [(part.first, part.n_tokens) for part in rendered.parts] == [(0, 4)]


async def test_a_template_that_never_returns_is_stopped_within_its_time_and_the_next_is_answered_soon(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    # each power is worked out in C while the template is compiled, where an interruption only skips to the next
    hang = _with_template(make_folder(), "{{ 7 ** (10 ** 10) }}" * 60)
    sound = _with_template(make_folder(), "{{ messages[0].content }}")
    await shared_inspector.render_chat("m", sound, ASK)
    started = time.monotonic()
    with pytest.raises(
        TokenizerError, match="The chat template of demo/hang did not answer within 2 s and was stopped"
    ):
        await shared_inspector.render_chat("demo/hang", hang, ASK)
    assert time.monotonic() - started < 4
    assert (await shared_inspector.render_chat("m", sound, ASK)).prompt == "the cat"


async def test_a_template_that_loops_does_not_even_cost_the_process(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    loops = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    folder = _with_template(make_folder(), loops)
    await shared_inspector._client.start()
    before = shared_inspector._client.process
    rendered = await shared_inspector.render_chat("m", folder, ASK)
    assert rendered.fault is not None
    assert "did not end within 1 s (line 1)" in rendered.fault.message
    assert shared_inspector._client.process is before


async def test_half_a_character_is_refused(shared_inspector: InspectorProcess, make_folder: MakeFolder) -> None:
    chat = Chat([{"role": "user", "content": "a\ud83d"}])
    with pytest.raises(TokenizerError, match="half a character"):
        await shared_inspector.render_chat("m", _with_template(make_folder(), "a"), chat)


async def test_a_changed_template_of_a_local_folder_is_read_again(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    folder = make_folder()
    _with_template(folder, "one")
    named = folder / "additional_chat_templates" / "rag.jinja"
    named.parent.mkdir()
    named.write_text("two")
    rag = Chat(ASK.messages, template="rag")
    assert (await shared_inspector.render_chat("m", str(folder), rag)).prompt == "two"
    named.write_text("three")
    assert (await shared_inspector.render_chat("m", str(folder), rag)).prompt == "three"
