"""`hubtui tokenize MODEL --chat FILE`: what the chat template makes of a conversation."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from hubtui.cli.output import note, print_facts, print_json, print_line, print_table
from hubtui.cli.tokenizer.inputs import asked, standard_input, tokenizer_of
from hubtui.core.chats import Chat, Ending, PromptPart, RenderedChat, TemplateFault, read_chat, read_tools
from hubtui.core.errors import HubtuiError, TokenizerError, UsageError
from hubtui.core.ports import Services
from hubtui.core.tokens import TokenSequence
from hubtui.core.untrusted import reveal


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Render and print."""
    if arguments.texts or arguments.file is not None or arguments.pair is not None:
        raise UsageError("With --chat the messages are the text: leave TEXT, --file and --pair out.")
    chat = _chat(arguments)
    model, folder = tokenizer_of(arguments, services)
    rendered = asked(services, lambda inspector: inspector.render_chat(model, folder, chat))
    if rendered.fault is not None:
        raise _error(rendered.fault)
    assert rendered.sequence is not None  # noqa: S101 - there is no fault
    if arguments.json:
        print_json(chat_document(chat, rendered, rendered.sequence))
    else:
        _print(chat, rendered, rendered.sequence)
    return 0


def _chat(arguments: argparse.Namespace) -> Chat:
    chat = read_chat(_text(arguments.chat), _name(arguments.chat))
    if arguments.tools is not None:
        if arguments.tools == arguments.chat == "-":
            raise UsageError("Standard input can hold the chat or the tools, not both.")
        chat = replace(chat, tools=read_tools(_text(arguments.tools), _name(arguments.tools)))
    ending: Ending = "closed" if arguments.no_generation_prompt else "generation"
    ending = "continue" if arguments.continue_final_message else ending
    return replace(chat, template=arguments.template or "", ending=ending)


def _text(path: str) -> str:
    if path == "-":
        if sys.stdin.isatty():
            raise UsageError("There is no chat.", hint="Give --chat FILE, or JSON on standard input.")
        return standard_input()
    try:
        return Path(path).read_bytes().decode("utf-8")
    except OSError as error:
        raise HubtuiError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise HubtuiError(f"{path} is not UTF-8 text.") from error


def _name(path: str) -> str:
    return "Standard input" if path == "-" else path


def _error(fault: TemplateFault) -> TokenizerError:
    return TokenizerError(fault.message, hint=fault.hint)


def chat_document(chat: Chat, rendered: RenderedChat, sequence: TokenSequence) -> dict[str, Any]:
    """Return `tokenize --chat --json`; `message` of a token and `messages` of a part count from 0."""
    owners = _owners(rendered, sequence)
    return {
        "model": rendered.info.model,
        "template": rendered.template,
        "templates": rendered.templates,
        "template_variables": rendered.variables,
        "prompt": rendered.prompt,
        "n_tokens": sequence.n_tokens,
        "max_length": rendered.limit,
        "ids": sequence.ids,
        "tokens": sequence.tokens,
        "offsets": sequence.offsets,
        "special_tokens_mask": sequence.special_tokens_mask,
        "assistant_tokens_mask": rendered.assistant_mask,
        "message": owners,
        "parts": [_part_document(part) for part in rendered.parts],
        "messages": [
            {"role": message["role"], "n_tokens": owners.count(index), "content": _span(place)}
            for index, (message, place) in enumerate(zip(chat.messages, _contents(chat, rendered), strict=True))
        ],
        "generation_prompt_tokens": sum(part.n_tokens for part in rendered.parts if part.is_generation),
        "tools_tokens": rendered.tools_tokens,
        "warnings": list(rendered.warnings),
    }


def _part_document(part: PromptPart) -> dict[str, Any]:
    document = asdict(part)
    first, last = document.pop("first"), document.pop("last")
    messages = [] if part.is_generation else list(range(first, last + 1))
    return {"messages": messages, "is_generation_prompt": part.is_generation, **document}


def _contents(chat: Chat, rendered: RenderedChat) -> list[tuple[int, int] | None]:
    return rendered.contents or [None] * len(chat.messages)


def _span(place: tuple[int, int] | None) -> dict[str, int] | None:
    return None if place is None else {"start": place[0], "end": place[1]}


def _owners(rendered: RenderedChat, sequence: TokenSequence) -> list[int | None]:
    """Return the message of each token: None for the generation prompt, and where that cannot be told."""
    owners: list[int | None] = [None] * len(sequence.ids)
    for part in rendered.parts:
        if not part.is_generation and part.first == part.last:
            owners[part.first_token : part.first_token + part.n_tokens] = [part.first] * part.n_tokens
    return owners


def _print(chat: Chat, rendered: RenderedChat, sequence: TokenSequence) -> None:
    others = [name for name in rendered.templates if name != rendered.template]
    facts = {
        "model": rendered.info.model,
        "template": rendered.template + (f" (others: {', '.join(others)})" if others else ""),
        "it reads": ", ".join(rendered.variables),
        "tokens": f"{sequence.n_tokens:,}" + (f" of {rendered.limit:,}" if rendered.limit else ""),
        "of tools": "" if rendered.tools_tokens is None else f"{rendered.tools_tokens:,} tokens",
    }
    print_facts(facts)
    print_line()
    rows = [_row(chat, rendered, part) for part in rendered.parts]
    print_table([["#", "role", "tokens", "prompt"], *rows], right=frozenset({0, 2}))
    print_line()
    owners = _owners(rendered, sequence)
    mask = rendered.assistant_mask
    table = [
        [
            str(index),
            reveal(token),
            str(token_id),
            "–" if owner is None else str(owner + 1),
            "special" if special else "",
            *(() if mask is None else (str(mask[index]),)),
        ]
        for index, (token, token_id, owner, special) in enumerate(
            zip(sequence.tokens, sequence.ids, owners, sequence.special_tokens_mask, strict=True)
        )
    ]
    head = ["#", "token", "id", "message", "", *(() if mask is None else ("assistant",))]
    print_table([head, *table], right=frozenset({0, 2, 3, 5}))
    for warning in rendered.warnings:
        note(f"warning: {warning}")


def _row(chat: Chat, rendered: RenderedChat, part: PromptPart) -> list[str]:
    number, role = _names(chat, part)
    return [number, role, f"{part.n_tokens:,}", reveal(rendered.prompt[part.start : part.end])]


def _names(chat: Chat, part: PromptPart) -> tuple[str, str]:
    if part.is_generation:
        return "–", "generation prompt"
    roles = dict.fromkeys(message["role"] for message in chat.messages[part.first : part.last + 1])
    number = str(part.first + 1) if part.first == part.last else f"{part.first + 1}–{part.last + 1}"
    return number, " + ".join(map(reveal, roles))
