"""Conversations as JSON: read in the shapes that people have them in, and given back."""

from __future__ import annotations

import json

import pytest

from hubtui.core.chats import Chat, chat_json, read_chat, read_tools, read_variables, text_of, tool_names
from hubtui.core.errors import UsageError

HELLO = {"role": "user", "content": "Hello"}
TOOL = {"type": "function", "function": {"name": "get_time"}}


def test_a_list_of_messages_and_a_request_of_a_server_are_read_alike() -> None:
    assert read_chat(json.dumps([HELLO])) == Chat([HELLO])
    request = {"messages": [HELLO], "tools": [TOOL], "chat_template_kwargs": {"enable_thinking": False}, "model": "m"}
    assert read_chat(json.dumps(request)) == Chat([HELLO], [TOOL], variables={"enable_thinking": False})


@pytest.mark.parametrize("chat", [Chat([HELLO]), Chat([HELLO], [TOOL], [{"title": "t"}], variables={"a": 1})])
def test_what_is_copied_can_be_read_again(chat: Chat) -> None:
    assert read_chat(chat_json(chat)) == chat


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[{]", "The chat is not JSON: .* \\(line 1, column 3\\)"),
        ("[" * 100_000, "The chat is n"),
        ("{}", 'neither a list of messages nor an object with "messages"'),
        ("[]", "holds no list of messages"),
        ('["a"]', "Message 1 of the chat is not an object"),
        ('[{"role": "user"}, {"content": "a"}]', "Message 2 of the chat has no role"),
        ('{"messages": [{"role": "user"}], "tools": {}}', "must be a list of JSON objects"),
        ('{"messages": [{"role": "user"}], "chat_template_kwargs": []}', None),
        ('{"messages": [{"role": "user"}], "chat_template_kwargs": [1]}', "is not an object"),
    ],
)
def test_what_is_no_chat_is_said_with_its_place(text: str, words: str | None) -> None:
    if words is None:
        read_chat(text)
        return
    with pytest.raises(UsageError, match=words):
        read_chat(text)


def test_tools_are_a_list_or_one_of_them_or_nothing() -> None:
    assert read_tools(json.dumps([TOOL])) == [TOOL]
    assert read_tools(json.dumps(TOOL)) == [TOOL]
    assert read_tools(json.dumps({"tools": [TOOL]})) == [TOOL]
    assert read_tools(" ") is read_tools("[]") is None
    with pytest.raises(UsageError, match="The tools must be a list of JSON objects"):
        read_tools('"a"')
    assert tool_names([TOOL, {"name": "bare"}, {}]) == ["get_time", "bare", "?"]


def test_variables_are_an_object_or_nothing() -> None:
    assert read_variables("") == {}
    assert read_variables('{"enable_thinking": true}') == {"enable_thinking": True}
    with pytest.raises(UsageError, match="not a JSON object"):
        read_variables("[1]")


def test_the_text_of_a_content_is_its_only_text() -> None:
    assert text_of("a") == "a"
    assert text_of([{"type": "text", "text": "a"}]) == "a"
    assert text_of([{"type": "text", "text": "a"}, {"type": "image"}]) is None
    assert text_of(None) is None
