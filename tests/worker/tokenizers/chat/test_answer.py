"""A rendered conversation is what transformers makes of it, and its tokens are told apart honestly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hubtui.core.chats import Chat, Ending, RenderedChat
from hubtui.core.errors import TokenizerError
from hubtui.worker.tokenizers.chat.answer import render_chat
from hubtui.worker.tokenizers.reference import load_auto
from tests.worker.checkpoints import SHARED, demo_folders, shared_folder
from tests.worker.tokenizers.chat import templates
from tests.worker.tokenizers.chat.conftest import LLAMA, WithTemplate

SYSTEM = {"role": "system", "content": "Be brief."}
ASK = {"role": "user", "content": "What is the capital of Japan?"}
REPLY = {"role": "assistant", "content": "The capital of Japan is Tokyo."}
MORE = {"role": "user", "content": "a"}
TOOLS: list[dict[str, Any]] = [
    {"type": "function", "function": {"name": "get_time", "parameters": {"type": "object", "properties": {}}}}
]

TEMPLATES = {
    "demo": (LLAMA / "chat_template.jinja").read_text(),
    **{name.lower(): value for name, value in vars(templates).items() if name.isupper()},
}


def texts_of(rendered: RenderedChat) -> list[str]:
    """Return the parts of a prompt."""
    return [rendered.prompt[part.start : part.end] for part in rendered.parts]


@pytest.mark.parametrize("ending", ["generation", "closed", "continue"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_prompt_and_ids_are_those_of_apply_chat_template(
    with_template: WithTemplate, name: str, ending: Ending
) -> None:
    loaded = with_template(TEMPLATES[name])
    messages = [ASK, REPLY] if ending == "continue" else [ASK, REPLY, MORE]
    given: dict[str, Any] = {
        "add_generation_prompt": ending == "generation",
        "continue_final_message": ending == "continue",
    }
    rendered = render_chat(loaded, Chat(messages, ending=ending))
    assert rendered.fault is None
    assert rendered.prompt == loaded.tokenizer.apply_chat_template(messages, tokenize=False, **given)
    assert rendered.sequence is not None
    assert (
        rendered.sequence.ids == loaded.tokenizer.apply_chat_template(messages, return_dict=True, **given)["input_ids"]
    )
    # the parts cover prompt and tokens without a gap
    assert "".join(texts_of(rendered)) == rendered.prompt
    at = 0
    for part in rendered.parts:
        assert part.first_token == at
        at += part.n_tokens
    assert at == rendered.sequence.n_tokens


def test_each_message_has_its_own_part_and_the_generation_prompt_too(with_template: WithTemplate) -> None:
    rendered = render_chat(with_template(TEMPLATES["demo"]), Chat([ASK, REPLY, MORE]))
    assert texts_of(rendered) == [
        "<s><|user|>What is the capital of Japan?</s>",
        "<|assistant|>The capital of Japan is Tokyo.</s>",
        "<|user|>a</s>",
        "<|assistant|>",
    ]
    assert [part.is_generation for part in rendered.parts] == [False, False, False, True]
    assert rendered.contents[0] is not None
    assert [rendered.prompt[slice(*place)] for place in rendered.contents if place] == [
        ASK["content"], REPLY["content"], "a",
    ]  # fmt: skip
    assert rendered.sequence is not None
    assert rendered.sequence.special_tokens_mask[:2] == [1, 1]


def test_messages_that_cannot_be_told_apart_share_a_part(with_template: WithTemplate) -> None:
    loaded = with_template(templates.MISTRAL)
    rendered = render_chat(loaded, Chat([SYSTEM, ASK, REPLY, MORE]))
    # with each turn the system message moves on into the last one of the user
    assert [(part.first, part.last) for part in rendered.parts] == [(0, 0), (1, 2), (3, 3), (0, 0), (3, 3)]
    assert texts_of(rendered)[2:] == ["[INST] ", "Be brief.", "\n\na [/INST]"]
    assert [rendered.prompt[slice(*place)] if place else None for place in rendered.contents][:3] == [
        SYSTEM["content"], ASK["content"], REPLY["content"],
    ]  # fmt: skip
    thought = {"role": "assistant", "content": "<think>hm</think>\nTokyo"}
    rendered = render_chat(with_template(templates.QWEN3), Chat([ASK, thought, MORE]))
    assert [(part.first, part.last) for part in rendered.parts] == [(0, 0), (1, 2), (-1, -1)]
    assert rendered.contents[1] is None


def test_generation_markers_give_the_librarys_own_mask(with_template: WithTemplate) -> None:
    loaded = with_template(templates.MARKED)
    rendered = render_chat(loaded, Chat([ASK, REPLY, MORE]))
    expected = loaded.tokenizer.apply_chat_template(
        [ASK, REPLY, MORE], add_generation_prompt=True, return_dict=True, return_assistant_tokens_mask=True
    )
    assert rendered.assistant_mask == expected["assistant_masks"]
    assert sum(rendered.assistant_mask or []) > 1
    assert render_chat(with_template(templates.CHATML), Chat([ASK])).assistant_mask is None


def test_the_template_is_chosen_as_transformers_does(with_template: WithTemplate) -> None:
    loaded = with_template(templates.CHATML, tool_use=templates.QWEN3, rag="{{ documents[0].text }}")
    plain = render_chat(loaded, Chat([ASK]))
    assert (plain.template, plain.templates) == ("default", ["default", "rag", "tool_use"])
    assert plain.source == templates.CHATML
    tooled = render_chat(loaded, Chat([ASK], tools=TOOLS))
    assert tooled.template == "tool_use"
    assert tooled.prompt == loaded.tokenizer.apply_chat_template(
        [ASK], tools=TOOLS, tokenize=False, add_generation_prompt=True
    )
    assert tooled.tools_tokens == (tooled.sequence.n_tokens if tooled.sequence else 0) - len(
        loaded.tokenizer.apply_chat_template([ASK], chat_template="tool_use", add_generation_prompt=True)["input_ids"]
    )
    documents = render_chat(loaded, Chat([ASK], documents=[{"title": "t", "text": "found"}], template="rag"))
    assert documents.prompt == "found"
    wrong = render_chat(loaded, Chat([ASK], template="nope"))
    assert wrong.fault is not None
    assert "there are default, rag, tool_use" in wrong.fault.message


def test_variables_reach_the_template_and_are_named(with_template: WithTemplate) -> None:
    loaded = with_template(templates.QWEN3)
    rendered = render_chat(loaded, Chat([ASK], variables={"enable_thinking": False}))
    assert rendered.prompt.endswith("<think></think>")
    assert rendered.variables == ["enable_thinking"]
    assert render_chat(loaded, Chat([ASK])).prompt.endswith("<|assistant|>")
    with pytest.raises(TokenizerError, match="tokenize is an argument"):
        render_chat(loaded, Chat([ASK], variables={"tokenize": True}))


def test_a_tokenizer_without_a_template_says_what_to_do(with_template: WithTemplate) -> None:
    loaded = with_template(None)
    rendered = render_chat(loaded, Chat([ASK]))
    assert rendered.fault is not None
    assert "no chat template" in rendered.fault.message
    assert "tokenizer.chat_template = " in rendered.fault.hint
    (loaded.folder / "chat_template.json").write_text("{}")
    of_processor = render_chat(loaded, Chat([ASK])).fault
    assert of_processor is not None
    assert "AutoProcessor" in of_processor.hint


def test_a_slow_tokenizer_renders_too(with_template: WithTemplate) -> None:
    from transformers import ByT5Tokenizer

    from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer

    tokenizer: Any = ByT5Tokenizer()
    tokenizer.chat_template = templates.CHATML
    loaded = LoadedAutoTokenizer(tokenizer, "demo/bytes", with_template(None).folder, None)
    rendered = render_chat(loaded, Chat([ASK, REPLY]))
    assert rendered.sequence is not None
    expected = tokenizer.apply_chat_template([ASK, REPLY], add_generation_prompt=True)["input_ids"]
    assert rendered.sequence.ids == expected
    assert [(part.first, part.last) for part in rendered.parts] == [(0, 0), (1, 1), (-1, -1)]


def test_the_demos_template_with_tools_does_what_it_says(with_template: WithTemplate) -> None:
    from hubtui.demo.training.causal import CHAT_TEMPLATE, TOOL_TEMPLATE

    named = LLAMA / "additional_chat_templates" / "tool_use.jinja"
    assert (TEMPLATES["demo"], named.read_text()) == (CHAT_TEMPLATE, TOOL_TEMPLATE)
    loaded = with_template(CHAT_TEMPLATE, tool_use=TOOL_TEMPLATE)
    call = {"role": "assistant", "tool_calls": [{"type": "function", "function": {"name": "get_time"}}]}
    rendered = render_chat(loaded, Chat([ASK, call, {"role": "tool", "content": "12:30"}], tools=TOOLS))
    assert texts_of(rendered) == [
        (
            '<s><|user|>You may call: {"name": "get_time", "parameters": {"type": "object", "properties": {}}}</s>'
            "<|user|>What is the capital of Japan?</s>"
        ),
        '<|assistant|>Call: {"name": "get_time"}</s>',
        "<|user|>Result: 12:30</s>",
        "<|assistant|>",
    ]
    assert rendered.warnings == []
    assert rendered.tools_tokens
    assert sum(rendered.assistant_mask or []) == rendered.parts[1].n_tokens - 1


def test_every_kind_of_tokenizer_gives_the_ids_of_apply_chat_template(shared_data: Path, tmp_path: Path) -> None:
    folders = [*demo_folders(), *(shared_folder(shared_data, name, _made(tmp_path / name)) for name in SHARED)]
    messages = [
        ASK,
        {"role": "assistant", "content": "Ça va ? 👩‍👩‍👧 <unk>"},
        {"role": "user", "content": " two\n\nlines "},
    ]
    for folder in folders:
        loaded = load_auto(folder.name, folder, None)
        loaded.tokenizer.chat_template = templates.CHATML
        rendered = render_chat(loaded, Chat(messages))
        expected = loaded.tokenizer.apply_chat_template(messages, add_generation_prompt=True)["input_ids"]
        assert rendered.sequence is not None, folder
        assert rendered.sequence.ids == expected, folder
        assert sum(part.n_tokens for part in rendered.parts) == len(expected), folder
        assert [part.last for part in rendered.parts] == [0, 1, 2, -1], folder


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
