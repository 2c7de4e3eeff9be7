"""`hubtui tokenize MODEL --chat FILE` as a script uses it, against the demo Hub."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Hubtui

LLAMA = "demo/tiny-llama-chat"
MESSAGES = [
    {"role": "user", "content": "What is the capital of Japan?"},
    {"role": "assistant", "content": "The capital of Japan is Tokyo."},
    {"role": "user", "content": "Hi\x1b[31m"},
]
TOOLS = [{"type": "function", "function": {"name": "get_time"}}]


def _file(folder: Path, content: Any, name: str = "chat.json") -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def test_a_chat_gives_scripts_the_prompt_and_whose_tokens_are_whose(hubtui: Hubtui, tmp_path: Path) -> None:
    told = hubtui("tokenize", LLAMA, "--chat", _file(tmp_path, MESSAGES), "--json").json
    assert told["prompt"].startswith("<s><|user|>What is the capital of Japan?</s><|assistant|>")
    assert told["prompt"].endswith("</s><|assistant|>")
    assert (told["template"], told["templates"]) == ("default", ["default", "tool_use"])
    counts = [one["n_tokens"] for one in told["messages"]]
    assert (
        sum(counts) + told["generation_prompt_tokens"] == told["n_tokens"] == len(told["ids"]) == len(told["message"])
    )
    assert told["message"][0] == 0
    assert told["message"][-1] is None
    first = told["messages"][0]["content"]
    assert told["prompt"][first["start"] : first["end"]] == MESSAGES[0]["content"]
    assert told["max_length"] == 192
    assert told["assistant_tokens_mask"] is None
    without = hubtui("tokenize", LLAMA, "--chat", _file(tmp_path, MESSAGES), "--no-generation-prompt", "--json").json
    assert told["prompt"] == without["prompt"] + "<|assistant|>"


def test_tools_and_template_change_the_prompt(hubtui: Hubtui, tmp_path: Path) -> None:
    chat, tools = _file(tmp_path, MESSAGES), _file(tmp_path, TOOLS, "tools.json")
    told = hubtui("tokenize", LLAMA, "--chat", chat, "--tools", tools, "--json").json
    assert told["template"] == "tool_use"
    assert "get_time" in told["prompt"]
    assert told["tools_tokens"] > 0
    assert sum(told["assistant_tokens_mask"]) > 0
    dropped = hubtui("tokenize", LLAMA, "--chat", chat, "--tools", tools, "--template", "default")
    assert dropped.code == 0
    assert "says nothing of the tools, so the model does not know of them: " in dropped.err
    assert 'chat_template="tool_use"' in dropped.err


def test_a_person_reads_parts_and_tokens_and_nothing_steers_the_terminal(
    hubtui: Hubtui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(MESSAGES).encode())))
    answer = hubtui("tokenize", LLAMA, "--chat", "-")
    assert answer.code == 0
    assert "generation prompt" in answer.out
    assert "<|user|>Hi␛[31m</s>" in answer.out
    assert "\x1b" not in answer.out


def test_the_last_message_can_be_left_open(hubtui: Hubtui, tmp_path: Path) -> None:
    chat = _file(tmp_path, MESSAGES[:2])
    told = hubtui("tokenize", LLAMA, "--chat", chat, "--continue-final-message", "--json").json
    assert told["prompt"].endswith("The capital of Japan is Tokyo.")


@pytest.mark.parametrize(
    ("words", "content", "said"),
    [
        ((), "[{]", "2: is not JSON"),
        ((), [{"content": "a"}], "2: Message 1 of"),
        (("text",), MESSAGES, "2: leave TEXT"),
        (("--tools", "/no/such/file"), MESSAGES, "1: /no/such/file cannot be read"),
        (("--template", "nope"), MESSAGES, "1: no chat template 'nope'; there are default, tool_use"),
        (("--template", "tool_use"), [{"role": "system", "content": "a"}, *MESSAGES], "1: takes no system message"),
    ],
)
def test_what_cannot_be_rendered_is_one_line_and_an_exit_code(
    hubtui: Hubtui, tmp_path: Path, words: tuple[str, ...], content: Any, said: str
) -> None:
    answer = hubtui("tokenize", LLAMA, *words, "--chat", _file(tmp_path, content))
    assert answer.out == ""
    assert str(answer.code) == said[0]
    assert said[3:] in answer.err
    assert answer.err.count("\n") == 1


def test_a_model_without_a_chat_template_says_what_to_do(hubtui: Hubtui, tmp_path: Path) -> None:
    answer = hubtui("tokenize", "demo/tiny-bert-en", "--chat", _file(tmp_path, MESSAGES))
    assert answer.code == 1
    assert "has no chat template" in answer.err
    assert "tokenizer.chat_template = " in answer.err
