"""Conversations and what a chat template makes of them, as plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from hubtui.core.errors import UsageError
from hubtui.core.tokens import TokenizerInfo, TokenSequence

Ending = Literal["generation", "closed", "continue"]
"""How a prompt ends: with the generation prompt, with the last turn closed, or with the last message left open."""

ROLES = ("system", "user", "assistant", "tool")
"""The roles that templates know by custom; a template may know others."""

DEFAULT = "default"
"""Name of the only template of a tokenizer, and of the one that is taken unasked where it has several."""

_VARIABLES = "chat_template_kwargs"  # the name that OpenAI-compatible servers have for them


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation as `apply_chat_template` of transformers takes it.

    Attributes:
        messages: JSON objects with `role` and, mostly, `content`; also `tool_calls`, `reasoning_content` and the like.
        tools: JSON schemas of functions; None for none.
        documents: JSON objects with `title` and `text`; None for none.
        template: name of one of the tokenizer's templates; empty for the one that transformers takes.
        variables: besides, by name: `enable_thinking` and the like.
    """

    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]] | None = None
    documents: list[dict[str, Any]] | None = None
    template: str = ""
    ending: Ending = "generation"
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """Why a template made no prompt.

    Attributes:
        message: one sentence, with the line where there is one.
        hint: the next step, or empty.
        line: of the template's source, from 1; 0 when the fault has no place in it.
    """

    message: str
    hint: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class PromptPart:
    """What a prompt gained with a message, or with several where they cannot be told apart.

    Told by rendering the conversation up to each message: where that is not the beginning of the whole prompt, the
    message shares its part with the next. A content that stands inside another message's part is a part of its own. A
    token belongs to the part in which it begins.

    Attributes:
        first, last: indexes of the messages; both -1 for the generation prompt.
        start, end: characters of the prompt.
        first_token, n_tokens: its tokens.
    """

    first: int
    last: int
    start: int
    end: int
    first_token: int
    n_tokens: int

    @property
    def is_generation(self) -> bool:
        """Whether it is the generation prompt."""
        return self.first < 0


@dataclass(frozen=True, slots=True)
class RenderedChat:
    """What a tokenizer's chat template makes of a conversation.

    Attributes:
        template: name of the template that was taken, empty when there is none.
        templates: names of all.
        source: of the one that was taken.
        variables: names that the template asks for besides those that every template is given.
        prompt: empty when there is a fault.
        sequence: its tokens; `special_tokens_mask` marks every special token, whoever wrote it.
        parts: of the prompt in order, without gaps; empty when they were not told in time.
        contents: (start, end) in the prompt of each message's content, None where it does not stand there as it is.
        assistant_mask: 1 for the tokens that the template's generation markers enclose; None without such markers.
        tools_tokens: tokens that the prompt has more for its tools, None without tools.
        limit: longest sequence in tokens that tokenizer and model take, None when neither says.
    """

    info: TokenizerInfo
    template: str = ""
    templates: list[str] = field(default_factory=list)
    source: str = ""
    variables: list[str] = field(default_factory=list)
    prompt: str = ""
    sequence: TokenSequence | None = None
    parts: list[PromptPart] = field(default_factory=list)
    contents: list[tuple[int, int] | None] = field(default_factory=list)
    assistant_mask: list[int] | None = None
    tools_tokens: int | None = None
    limit: int | None = None
    warnings: list[str] = field(default_factory=list)
    fault: TemplateFault | None = None
    elapsed_ms: float = 0.0


def text_of(content: object) -> str | None:
    """Return the text of a message's content: a text, or the only part of a list of parts; else None."""
    if isinstance(content, list) and len(content) == 1 and isinstance(content[0], Mapping):
        content = content[0].get("text")
    return content if isinstance(content, str) else None


def read_chat(text: str, name: str = "The chat") -> Chat:
    """Return the conversation in a JSON text.

    It is a list of messages, or an object as OpenAI-compatible servers take it: `messages` and, where wanted, `tools`,
    `documents`, `chat_template_kwargs`.

    Raises:
        UsageError: it is something else; the message says what and where.
    """
    found = _json(text, name)
    if isinstance(found, list):
        return Chat(messages_of(found, name))
    if not isinstance(found, dict) or "messages" not in found:
        raise UsageError(f'{name} is neither a list of messages nor an object with "messages".', hint=_EXAMPLE)
    variables = found.get(_VARIABLES) or {}
    if not isinstance(variables, dict):
        raise UsageError(f'"{_VARIABLES}" of {_inside(name)} is not an object.')
    return Chat(
        messages_of(found["messages"], name),
        _objects(found.get("tools"), f'"tools" of {_inside(name)}'),
        _objects(found.get("documents"), f'"documents" of {_inside(name)}'),
        variables=variables,
    )


def read_tools(text: str, name: str = "The tools") -> list[dict[str, Any]] | None:
    """Return the tools in a JSON text: a list of schemas or one of them; None for an empty text or list.

    Raises:
        UsageError: it is something else.
    """
    if not text.strip():
        return None
    found = _json(text, name)
    if isinstance(found, dict):
        found = found.get("tools", [found])
    return _objects(found, name)


def read_variables(text: str) -> dict[str, Any]:
    """Return the variables in a JSON text: an object, or nothing.

    Raises:
        UsageError: it is something else.
    """
    found = _json(text, "The variables") if text.strip() else {}
    if not isinstance(found, dict):
        raise UsageError("The variables are not a JSON object.", hint='Such as {"enable_thinking": false}.')
    return found


def messages_of(found: object, name: str = "The chat") -> list[dict[str, Any]]:
    """Return JSON as messages.

    Raises:
        UsageError: it is no list of them; the message says which is none.
    """
    if not isinstance(found, list) or not found:
        raise UsageError(f"{name} holds no list of messages.", hint=_EXAMPLE)
    for number, message in enumerate(found, 1):
        if not isinstance(message, dict):
            raise UsageError(f"Message {number} of {_inside(name)} is not an object.", hint=_EXAMPLE)
        if not isinstance(message.get("role"), str):
            raise UsageError(f"Message {number} of {_inside(name)} has no role.", hint=_EXAMPLE)
    return found


def chat_json(chat: Chat) -> str:
    """Return a conversation as `read_chat` reads it: the list of messages where there is nothing else."""
    document: Any = chat.messages
    if chat.tools or chat.documents or chat.variables:
        extras = {"tools": chat.tools, "documents": chat.documents, _VARIABLES: chat.variables}
        document = {"messages": chat.messages, **{key: value for key, value in extras.items() if value}}
    return json.dumps(document, ensure_ascii=False, indent=2)


_EXAMPLE = 'Such as [{"role": "user", "content": "Hello"}].'


def _inside(name: str) -> str:
    return name[:1].lower() + name[1:] if name.startswith("The ") else name


def _json(text: str, name: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        verb = "are" if name.endswith("s") and name.startswith("The ") else "is"
        raise UsageError(f"{name} {verb} not JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from error
    except RecursionError as error:
        raise UsageError(f"{name} is nested too deeply.") from error


def _objects(found: object, name: str) -> list[dict[str, Any]] | None:
    if found is None or found == []:
        return None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise UsageError(f"{name[:1].upper()}{name[1:]} must be a list of JSON objects.")
    return found


def tool_names(tools: Sequence[Mapping[str, Any]] | None) -> list[str]:
    """Return the names of tools, `?` for one that has none."""
    names: list[str] = []
    for tool in tools or ():
        inner = tool.get("function")
        name = (inner if isinstance(inner, Mapping) else tool).get("name")
        names.append(name if isinstance(name, str) else "?")
    return names
