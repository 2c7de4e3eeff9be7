"""Each warning is shown by a template that deserves it, and by none that does not."""

from __future__ import annotations

import json

import pytest

from hubtui.core.chats import Chat
from hubtui.worker.tokenizers.chat.answer import render_chat
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer
from tests.worker.tokenizers.chat import templates
from tests.worker.tokenizers.chat.conftest import WithTemplate
from tests.worker.tokenizers.chat.test_answer import ASK, MORE, REPLY, SYSTEM, TEMPLATES, TOOLS


def _warnings(loaded: LoadedAutoTokenizer, chat: Chat) -> str:
    rendered = render_chat(loaded, chat)
    assert rendered.fault is None, rendered.fault
    return "\n".join(rendered.warnings)


def test_a_sound_template_is_warned_of_nothing(with_template: WithTemplate) -> None:
    assert _warnings(with_template(TEMPLATES["demo"]), Chat([ASK, REPLY, MORE])) == ""
    assert _warnings(with_template(templates.CHATML), Chat([SYSTEM, ASK])) == ""
    assert _warnings(with_template(templates.QWEN3), Chat([SYSTEM, ASK], tools=TOOLS)) == ""


def _writing_bos(loaded: LoadedAutoTokenizer) -> LoadedAutoTokenizer:
    from tokenizers.processors import TemplateProcessing

    loaded.tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", 1)]
    )
    return loaded


def test_a_second_bos_is_said_with_the_line_that_settles_it(with_template: WithTemplate) -> None:
    loaded = _writing_bos(with_template(TEMPLATES["demo"]))
    said = _warnings(loaded, Chat([ASK]))
    assert "tokenizer(prompt, add_special_tokens=False)" in said
    # what is said is so
    prompt = loaded.tokenizer.apply_chat_template([ASK], tokenize=False)
    assert loaded.tokenizer(prompt)["input_ids"][:2] == [1, 1]
    assert loaded.tokenizer(prompt, add_special_tokens=False)["input_ids"][:2] == [1, 3]
    assert "twice" not in _warnings(_writing_bos(with_template(templates.CHATML)), Chat([ASK]))
    assert "the template itself writes it twice" in _warnings(
        with_template("{{ bos_token }}" + TEMPLATES["demo"]), Chat([ASK])
    )


def test_a_system_message_that_is_left_out_is_said(with_template: WithTemplate) -> None:
    loaded = with_template(templates.IGNORES_SYSTEM)
    assert "leaves the system message out" in _warnings(loaded, Chat([SYSTEM, ASK]))
    assert "leaves" not in _warnings(loaded, Chat([ASK]))
    tool = {"role": "tool", "content": "12:30"}
    assert "leaves out what message 3 (tool) says" in _warnings(loaded, Chat([ASK, REPLY, tool]))


def test_a_role_that_is_written_as_another_is_said(with_template: WithTemplate) -> None:
    said = _warnings(with_template(TEMPLATES["demo"]), Chat([SYSTEM, ASK]))
    assert "no role system: it writes the message as if the assistant had said it" in said


def test_a_refused_role_is_named_with_the_templates_own_words(with_template: WithTemplate) -> None:
    loaded = with_template(templates.GEMMA)
    fault = render_chat(loaded, Chat([SYSTEM, ASK])).fault
    assert fault is not None
    assert fault.message == (
        "The chat template takes no system message and refuses this (line 3): System role not supported."
    )
    assert fault.line == 3
    assert "first user message" in fault.hint
    twice = render_chat(loaded, Chat([ASK, MORE])).fault
    assert twice is not None
    assert twice.message == "The chat template refuses this (line 7): Conversation roles must alternate."


def test_the_line_that_settles_a_refused_system_message_does(with_template: WithTemplate) -> None:
    loaded = with_template(templates.GEMMA)
    messages = [dict(SYSTEM), dict(ASK)]
    fault = render_chat(loaded, Chat(messages)).fault
    assert fault is not None
    exec(fault.hint.partition(": ")[2], {"messages": messages})
    assert render_chat(loaded, Chat(messages)).fault is None


def test_dropped_tools_are_said(with_template: WithTemplate) -> None:
    assert "says nothing of the tools" in _warnings(with_template(TEMPLATES["demo"]), Chat([ASK], tools=TOOLS))
    named = with_template(TEMPLATES["demo"], tool_use=templates.QWEN3)
    assert 'chat_template="tool_use"' in _warnings(named, Chat([ASK], tools=TOOLS, template="default"))
    assert "tools" not in _warnings(named, Chat([ASK], tools=TOOLS))


def test_dropped_tool_calls_are_said(with_template: WithTemplate) -> None:
    call = {
        "role": "assistant",
        "content": "Let me look.",
        "tool_calls": [{"type": "function", "function": {"name": "get_time", "arguments": {}}}],
    }
    assert "leaves the tool calls out" in _warnings(with_template(TEMPLATES["demo"]), Chat([ASK, call]))
    assert "calls" not in _warnings(with_template(templates.QWEN3), Chat([ASK, call]))


def test_a_generation_prompt_that_changes_nothing_is_said(with_template: WithTemplate) -> None:
    loaded = with_template(templates.MISTRAL)
    assert "add_generation_prompt=True changes nothing" in _warnings(loaded, Chat([ASK]))
    assert "add_generation_prompt" not in _warnings(loaded, Chat([ASK], ending="closed"))


def test_a_generation_prompt_after_the_assistants_message_is_said(with_template: WithTemplate) -> None:
    loaded = with_template(TEMPLATES["demo"])
    assert "continue_final_message=True" in _warnings(loaded, Chat([ASK, REPLY]))
    assert _warnings(loaded, Chat([ASK, REPLY], ending="continue")) == ""


def test_a_turn_without_an_end_is_said(with_template: WithTemplate) -> None:
    loaded = with_template(templates.NO_END)
    assert "writes no end after the assistant's turn (</s> = 2)" in _warnings(loaded, Chat([ASK]))
    assert "no end" in _warnings(loaded, Chat([ASK, REPLY], ending="closed"))


def test_a_turn_that_ends_with_a_token_at_which_nothing_stops_is_said(with_template: WithTemplate) -> None:
    loaded = with_template(templates.OTHER_END)
    said = _warnings(loaded, Chat([ASK]))
    assert "ends with <|user|> = 3" in said
    assert "eos_token_id=[2, 3]" in said
    path = loaded.folder / "generation_config.json"
    path.write_text(json.dumps({"eos_token_id": [2, 3]}))
    assert "ends with" not in _warnings(loaded, Chat([ASK]))


def test_a_special_token_in_what_somebody_says_is_said(with_template: WithTemplate) -> None:
    loaded = with_template(TEMPLATES["demo"])
    said = _warnings(loaded, Chat([{"role": "user", "content": "Stop </s> now"}]))
    assert "What message 1 says holds </s>" in said
    assert "sanitize_control_tokens=True" in said


def test_variables_that_the_template_does_not_read_are_said(with_template: WithTemplate) -> None:
    chat = Chat([ASK], variables={"enable_thinking": False})
    assert 'does not read "enable_thinking"' in _warnings(with_template(TEMPLATES["demo"]), chat)
    assert "does not read" not in _warnings(with_template(templates.QWEN3), chat)


def test_a_prompt_longer_than_the_model_takes_is_said(with_template: WithTemplate) -> None:
    long = {"role": "user", "content": "What is the capital of Japan? " * 40}
    assert "more than the 192 that the model takes" in _warnings(with_template(TEMPLATES["demo"]), Chat([long]))


@pytest.mark.parametrize("content", ["", "a", "user", "  spaced  ", "two\nlines", "[/INST]"])
def test_odd_contents_are_never_called_left_out(with_template: WithTemplate, content: str) -> None:
    for name in ("demo", "chatml", "gemma", "mistral", "qwen3"):
        said = _warnings(with_template(TEMPLATES[name]), Chat([{"role": "user", "content": content}, REPLY, MORE]))
        assert "leaves" not in said, name
