"""What a tokenizer's chat template makes of a conversation, as one answer."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from hubtui.core.chats import DEFAULT, Chat, RenderedChat, TemplateFault
from hubtui.core.tokens import TokenizeOptions, TokenSequence
from hubtui.worker.bounds import OutOfTimeError, bounded_time
from hubtui.worker.tokenizers.chat.attribution import boundaries, contents_of, parts_of, stretches_of
from hubtui.worker.tokenizers.chat.doubts import Case, doubts, refused_role
from hubtui.worker.tokenizers.chat.faults import TIME_S
from hubtui.worker.tokenizers.chat.rendering import Renderer, TemplateFailedError, chosen_template
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer

_PROBES_S = 0.4


def render_chat(loaded: LoadedAutoTokenizer, chat: Chat) -> RenderedChat:
    """Render a conversation and tell whose tokens are whose; a template that makes no prompt is the answer's `fault`.

    Raises:
        TokenizerError: a variable cannot be one, or the tokenizer does not take the prompt.
    """
    started = time.perf_counter()
    answer = _rendered(loaded, chat)
    return replace(answer, elapsed_ms=(time.perf_counter() - started) * 1000)


def _rendered(loaded: LoadedAutoTokenizer, chat: Chat) -> RenderedChat:
    nothing = RenderedChat(loaded.info, limit=loaded.limit)
    try:
        template = chosen_template(loaded.tokenizer, chat)
    except TemplateFailedError as error:
        return replace(nothing, templates=_names(loaded.tokenizer), fault=error.fault)
    if template is None:
        return replace(nothing, fault=_no_template(loaded.folder))
    renderer = Renderer(loaded.tokenizer, chat, template)
    answer = replace(nothing, template=template.name, templates=template.names, source=template.source)
    try:
        with bounded_time(TIME_S):
            prompt = renderer.prompt()
    except TemplateFailedError as error:
        return replace(answer, **_failed(renderer, error))
    sequence = _encoded(loaded, prompt)
    return _attributed(replace(answer, prompt=prompt, sequence=sequence), loaded, renderer, sequence)


def _attributed(
    answer: RenderedChat, loaded: LoadedAutoTokenizer, renderer: Renderer, sequence: TokenSequence
) -> RenderedChat:
    """Add to a prompt what is told by rendering more of the kind, as far as there is time."""
    chat, prompt = renderer.chat, answer.prompt
    with suppress(OutOfTimeError), bounded_time(_PROBES_S):
        answer = replace(answer, variables=renderer.variables())
        closed = renderer.tried(chat.messages) if chat.ending == "generation" else prompt
        stretches = stretches_of(boundaries(renderer, prompt, closed), prompt)
        contents = contents_of(renderer, prompt, stretches)
        answer = replace(answer, parts=parts_of(stretches, contents, sequence), contents=contents)
        case = Case(loaded, loaded.folder, renderer, prompt, closed, sequence, contents)
        answer = replace(answer, warnings=doubts(case))
        answer = replace(answer, tools_tokens=_tools_tokens(case))
        answer = replace(answer, assistant_mask=renderer.assistant_mask())
    return answer


def _failed(renderer: Renderer, error: TemplateFailedError) -> dict[str, Any]:
    """Return what is to be said of a template that made no prompt."""
    changed: dict[str, Any] = {"fault": error.fault}
    if not error.is_late:
        with suppress(OutOfTimeError, TemplateFailedError), bounded_time(_PROBES_S):
            changed["fault"] = refused_role(renderer, error.fault)
            changed["variables"] = renderer.variables()
    return changed


def _encoded(loaded: LoadedAutoTokenizer, prompt: str) -> TokenSequence:
    """Return the tokens of a prompt as `apply_chat_template` makes them, every special one marked."""
    (sequence,) = loaded.encode([prompt], TokenizeOptions(special_tokens=False), None).sequences
    return replace(sequence, special_tokens_mask=[int(one in loaded.special_ids) for one in sequence.ids])


def _tools_tokens(case: Case) -> int | None:
    chat = case.renderer.chat
    if not chat.tools:
        return None
    without = case.renderer.tried(chat.messages, ending=chat.ending, tools=[])
    return None if without is None else case.sequence.n_tokens - len(case.ids(without))


def _names(tokenizer: Any) -> list[str]:  # noqa: ANN401 - transformers' many classes
    own = tokenizer.chat_template
    return sorted(own) if isinstance(own, dict) else [DEFAULT]


def _no_template(folder: Path) -> TemplateFault:
    said = "This tokenizer has no chat template, so nothing says how messages become a prompt."
    if (folder / "chat_template.json").is_file():
        return TemplateFault(said, "chat_template.json holds one for the processor: AutoProcessor.apply_chat_template.")
    return TemplateFault(
        said,
        "A base model takes plain text. If it is tuned for chats, take the template of the model that it is like: "
        'tokenizer.chat_template = AutoTokenizer.from_pretrained("…").chat_template',
    )
