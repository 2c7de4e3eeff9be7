"""What a person should know about a template and a conversation: each found by rendering, with the Python line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hubtui.core.chats import TemplateFault, text_of
from hubtui.core.tokens import SpecialToken, TokenSequence
from hubtui.core.untrusted import reveal
from hubtui.worker.bounds import OutOfTimeError
from hubtui.worker.tokenizers.chat.attribution import SIGN, with_content
from hubtui.worker.tokenizers.chat.rendering import Renderer
from hubtui.worker.tokenizers.facts import read_json
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer

_BEGINNING = 2000
_OTHER_SIGN = f"{SIGN}9"
_SYSTEM_INTO_USER = (
    'messages[1]["content"] = messages[0]["content"] + "\\n\\n" + messages[1]["content"]; del messages[0]'
)


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation that was rendered.

    Attributes:
        folder: of the checkpoint.
        prompt: of the whole.
        closed: the prompt without a generation prompt, None where the template makes none.
        sequence: the prompt's tokens.
        contents: where each message's content stands in it.
    """

    loaded: LoadedAutoTokenizer
    folder: Path
    renderer: Renderer
    prompt: str
    closed: str | None
    sequence: TokenSequence
    contents: Sequence[tuple[int, int] | None]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Of the conversation."""
        return self.renderer.chat.messages

    def role_token(self, role: str) -> SpecialToken | None:
        """Return the tokenizer's token of a role (`bos`, `eos`)."""
        return self.loaded.info.special_tokens.get(role)

    def ids(self, text: str, *, special_tokens: bool = False) -> list[int]:
        """Return the ids of a text."""
        return [int(one) for one in self.loaded.tokenizer(text, add_special_tokens=special_tokens)["input_ids"]]


def doubts(case: Case) -> list[str]:
    """Return what is doubtful, gravest first; what there was no time for is said in the end."""
    found: list[str] = []
    try:
        for look in _LOOKS:
            found.extend(look(case))
    except OutOfTimeError:
        found.append("The template is so slow that not everything about it was checked.")
    return found


def refused_role(renderer: Renderer, fault: TemplateFault) -> TemplateFault:
    """Return a fault that names the role on which it depends: without its messages the template makes a prompt."""
    messages = renderer.chat.messages
    for role in dict.fromkeys(message["role"] for message in messages):
        rest = [message for message in messages if message["role"] != role]
        if role == "user" or not rest or renderer.tried(rest, ending=renderer.chat.ending) is None:
            continue
        hint = f"Put its text into the first user message: {_SYSTEM_INTO_USER}" if role == "system" else ""
        said = fault.message.replace("The chat template", f"The chat template takes no {reveal(role)} message and", 1)
        return TemplateFault(said, hint or fault.hint, fault.line)
    return fault


def _too_long(case: Case) -> Iterator[str]:
    limit, length = case.loaded.limit, case.sequence.n_tokens
    if limit is not None and length > limit:
        yield (
            f"The prompt has {length:,} tokens, more than the {limit:,} that the model takes; cutting it off would "
            "lose its end, and the generation prompt with it: del messages[1:3]"
        )


def _double_bos(case: Case) -> Iterator[str]:
    bos = case.role_token("bos")
    if bos is None or bos.id is None or case.sequence.ids[:1] != [bos.id]:
        return
    if case.sequence.ids[1:2] == [bos.id]:
        yield (
            f"The prompt begins with {reveal(bos.token)} twice, for the template itself writes it twice: "
            "prompt = prompt.removeprefix(tokenizer.bos_token)"
        )
    elif case.ids(case.prompt[:_BEGINNING], special_tokens=True)[:2] == [bos.id, bos.id]:
        yield (
            f"The template writes {reveal(bos.token)}, and the tokenizer writes it again where it is given the prompt "
            "as text, so that the model reads it twice: tokenizer(prompt, add_special_tokens=False)"
        )


def _roles(case: Case) -> Iterator[str]:
    seen: set[str] = set()
    for index, message in enumerate(case.messages):
        role, text = message["role"], text_of(message.get("content"))
        if not text:
            continue
        if case.contents[index] is None and _is_left_out(case, index):
            yield _left_out(case, index)
        elif role not in {"user", "assistant"} and role not in seen:
            yield from _taken_for_another(case, index)
        seen.add(role)


def _is_left_out(case: Case, index: int) -> bool:
    """Say whether the prompt is the same whatever a message says."""
    first, second = (
        case.renderer.tried(with_content(case.messages, index, sign), ending=case.renderer.chat.ending)
        for sign in (SIGN, _OTHER_SIGN)
    )
    return first is not None and first == second


def _left_out(case: Case, index: int) -> str:
    role = case.messages[index]["role"]
    if role == "system" and index == 0:
        return (
            "The template leaves the system message out, so the model never sees it; put its text into the first user "
            f"message: {_SYSTEM_INTO_USER}"
        )
    return (
        f"The template leaves out what message {index + 1} ({reveal(role)}) says, so the model never sees it: "
        "print(tokenizer.get_chat_template())"
    )


def _taken_for_another(case: Case, index: int) -> Iterator[str]:
    message = case.messages[index]
    for other in ("assistant", "user"):
        changed = [*case.messages[:index], {**message, "role": other}, *case.messages[index + 1 :]]
        if case.renderer.tried(changed, ending=case.renderer.chat.ending) != case.prompt:
            continue
        fix = _SYSTEM_INTO_USER if message["role"] == "system" and index == 0 else 'message["role"] = "user"'
        yield (
            f"The template has no role {reveal(message['role'])}: it writes the message as if the {other} had said it: "
            f"{fix}"
        )
        return


def _tools(case: Case) -> Iterator[str]:
    chat = case.renderer.chat
    if chat.tools and case.renderer.tried(case.messages, ending=chat.ending, tools=[]) == case.prompt:
        names, taken = case.renderer.template.names, case.renderer.template.name
        fix = (
            'tokenizer.apply_chat_template(messages, tools=tools, chat_template="tool_use")'
            if "tool_use" in names and taken != "tool_use"
            else 'messages.insert(0, {"role": "system", "content": json.dumps(tools)})'
        )
        yield f"The template says nothing of the tools, so the model does not know of them: {fix}"
    without = [{key: value for key, value in message.items() if key != "tool_calls"} for message in case.messages]
    if without != case.messages and case.renderer.tried(without, ending=chat.ending) == case.prompt:
        yield (
            "The template leaves the tool calls out, so the model does not see what it called: "
            'message["content"] = json.dumps(message.pop("tool_calls"))'
        )


def _generation(case: Case) -> Iterator[str]:
    if case.renderer.chat.ending != "generation":
        return
    if case.closed == case.prompt:
        yield (
            "add_generation_prompt=True changes nothing. That is right where the mark that ends the user's turn begins "
            "the answer ([/INST]); else nothing tells the model that it is its turn: prompt += the assistant's header"
        )
    elif case.messages[-1]["role"] == "assistant":
        yield (
            "The last message is the assistant's, and the generation prompt begins another one after it; to have it go "
            "on: tokenizer.apply_chat_template(messages, continue_final_message=True)"
        )


def _end_of_turn(case: Case) -> Iterator[str]:
    stops = _stop_ids(case)
    turn = {"role": "assistant", "content": SIGN}
    is_last = case.messages[-1]["role"] == "assistant"
    text = case.renderer.tried([*(case.messages[:-1] if is_last else case.messages), turn])
    if not stops or text is None or SIGN not in text:
        return
    tail = case.ids(text[text.rindex(SIGN) + len(SIGN) :])
    if stops & set(tail):
        return
    convert: Callable[[int], str] = case.loaded.token
    eos = ", ".join(f"{reveal(convert(one))} = {one}" for one in sorted(stops))
    closing = next((one for one in tail if one in case.loaded.special_ids), None)
    if closing is None:
        yield (
            f"The template writes no end after the assistant's turn ({eos}), so a model that is trained on it never "
            'learns to stop: message["content"] += tokenizer.eos_token'
        )
    else:
        every = ", ".join(map(str, [*sorted(stops), closing]))
        yield (
            f"The assistant's turn ends with {reveal(convert(closing))} = {closing}, but generation stops at {eos}: "
            f"model.generate(**inputs, eos_token_id=[{every}])"
        )


def _stop_ids(case: Case) -> set[int]:
    """Return the ids at which generation stops: the tokenizer's and those of the model's configurations."""
    eos = case.role_token("eos")
    stops = set() if eos is None or eos.id is None else {eos.id}
    for name in ("config.json", "generation_config.json"):
        declared = read_json(case.folder / name).get("eos_token_id")
        ids = declared if isinstance(declared, list) else [declared]
        stops |= {one for one in ids if isinstance(one, int) and not isinstance(one, bool)}
    return stops


def _special_in_content(case: Case) -> Iterator[str]:
    for index, place in enumerate(case.contents):
        if place is None:
            continue
        for (start, end), token, is_special in zip(
            case.sequence.offsets, case.sequence.tokens, case.sequence.special_tokens_mask, strict=True
        ):
            if is_special and place[0] <= start < end <= place[1]:
                yield (
                    f"What message {index + 1} says holds {reveal(token)}, which becomes the special token itself, as "
                    "if the template had written it: "
                    "tokenizer.apply_chat_template(messages, sanitize_control_tokens=True)"
                )
                break


def _variables(case: Case) -> Iterator[str]:
    known = case.renderer.variables()
    unread = [name for name in case.renderer.chat.variables if name not in known]
    if unread:
        reads = ", ".join(known) or "none"
        yield f"The template does not read {', '.join(map(json.dumps, unread))}; of variables it reads {reads}."


_LOOKS: Sequence[Callable[[Case], Iterator[str]]] = (
    _too_long,
    _roles,
    _tools,
    _generation,
    _double_bos,
    _special_in_content,
    _end_of_turn,
    _variables,
)
