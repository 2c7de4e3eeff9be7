"""Rendering a conversation with a tokenizer's own template, in transformers' sandbox and within bounds."""

from __future__ import annotations

import inspect
import logging
import re
from dataclasses import dataclass
from typing import Any

from hubtui.core.chats import DEFAULT, Chat, Ending, TemplateFault
from hubtui.core.errors import TokenizerError
from hubtui.worker.bounds import OutOfTimeError, bounded_memory
from hubtui.worker.tokenizers.chat.faults import MEMORY, fault_of
from hubtui.worker.tokenizers.reference import one_sentence

_log = logging.getLogger(__name__)

MAX_SOURCE = 1_000_000
"""Characters of a template: a longer one is refused unread; the longest in use have 20,000."""

_MAX_PROMPT = 200_000
_GIVEN = frozenset({"messages", "tools", "documents", "add_generation_prompt"})
_MARKER = re.compile(r"\{%[-+]?\s*generation\s*[-+]?%\}")


class TemplateFailedError(Exception):
    """A template made no prompt; `fault` says why, `is_late` whether only for lack of time."""

    def __init__(self, fault: TemplateFault, *, is_late: bool = False) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.is_late = is_late


@dataclass(frozen=True, slots=True)
class Template:
    """One of a tokenizer's templates, and the names of all."""

    name: str
    source: str
    names: list[str]

    @property
    def has_markers(self) -> bool:
        """Whether it marks what the assistant says (`{% generation %}`)."""
        return _MARKER.search(self.source) is not None


def chosen_template(tokenizer: Any, chat: Chat) -> Template | None:  # noqa: ANN401 - transformers' many classes
    """Return the template that transformers takes for a conversation, None when the tokenizer has none.

    Raises:
        TemplateFailedError: there is none of that name, none by default, or it is too long.
    """
    own = getattr(tokenizer, "chat_template", None)
    if not own:
        return None
    named = own if isinstance(own, dict) else {DEFAULT: own}
    names = sorted(named, key=lambda name: (name != DEFAULT, name))
    if chat.template and chat.template not in named:
        said = f"There is no chat template {chat.template!r}; there {'are' if names[1:] else 'is'} {', '.join(names)}."
        raise TemplateFailedError(TemplateFault(said))
    unasked = "tool_use" if chat.tools and "tool_use" in named else DEFAULT
    name = chat.template or unasked
    if name not in named:
        said = f"None of the chat templates is the default; there are {', '.join(names)}."
        raise TemplateFailedError(TemplateFault(said, "Choose one by its name."))
    if len(named[name]) > MAX_SOURCE:
        said = f"The chat template has {len(named[name]):,} characters, more than the {MAX_SOURCE:,} that hubtui reads."
        raise TemplateFailedError(TemplateFault(said))
    return Template(name, named[name], names)


class Renderer:
    """Renders variations of one conversation with one template.

    Args:
        tokenizer: of transformers.
        chat: with the variables that the template is given.
        template: to render with.

    Raises:
        TokenizerError: a variable has the name of an argument.
    """

    def __init__(self, tokenizer: Any, chat: Chat, template: Template) -> None:  # noqa: ANN401 - transformers' many classes
        self.tokenizer = tokenizer
        self.chat = chat
        self.template = template
        self._is_late = False
        wrong = sorted(set(chat.variables) & _arguments(tokenizer))
        if wrong:
            raise TokenizerError(f"{wrong[0]} is an argument of apply_chat_template, not a variable of a template.")

    def prompt(self) -> str:
        """Return the prompt of the conversation as it is.

        Raises:
            TemplateFailedError: the template makes none.
        """
        return self.render(self.chat.messages, ending=self.chat.ending)

    def render(
        self, messages: list[dict[str, Any]], *, ending: Ending = "closed", tools: list[dict[str, Any]] | None = None
    ) -> str:
        """Return the prompt of other messages; tools are those of the conversation unless given (`[]`: none).

        Raises:
            TemplateFailedError: the template makes none.
        """
        bound = _MAX_PROMPT + 4 * _size(self.chat)
        try:
            with bounded_memory(MEMORY):
                text = str(
                    self.tokenizer.apply_chat_template(
                        messages,
                        tokenize=False,
                        add_generation_prompt=ending == "generation",
                        continue_final_message=ending == "continue",
                        **self._given(self.chat.tools if tools is None else tools or None),
                    )
                )
        except Exception as error:  # whatever a template makes Python raise
            raise TemplateFailedError(fault_of(error), is_late=isinstance(error, OutOfTimeError)) from error
        if len(text) > bound:
            said = (
                f"The chat template makes a prompt of {len(text):,} characters, more than the {bound:,} that are read."
            )
            raise TemplateFailedError(TemplateFault(said))
        return text

    def tried(self, messages: list[dict[str, Any]], **changed: Any) -> str | None:  # noqa: ANN401 - as `render`
        """Return the prompt of other messages, None where the template makes none.

        Raises:
            OutOfTimeError: there is no time for more of them.
        """
        if self._is_late:
            raise OutOfTimeError
        try:
            return self.render(messages, **changed)
        except TemplateFailedError as error:
            self._is_late = error.is_late
            if error.is_late:
                raise OutOfTimeError from error
            return None

    def assistant_mask(self) -> list[int] | None:
        """Return 1 for each token of the prompt that the template's own markers enclose, None without them."""
        if not self.template.has_markers or self.chat.ending == "continue" or not self.tokenizer.is_fast:
            return None
        try:
            encoded = self.tokenizer.apply_chat_template(
                self.chat.messages,
                add_generation_prompt=self.chat.ending == "generation",
                return_dict=True,
                return_assistant_tokens_mask=True,
                **self._given(self.chat.tools),
            )
        except OutOfTimeError:
            raise
        except Exception as error:  # noqa: BLE001 - the prompt is known by now; the mask alone is not
            _log.warning("no assistant mask: %s", one_sentence(error))
            return None
        return [int(one) for one in encoded["assistant_masks"]]

    def variables(self) -> list[str]:
        """Return the names that the template reads without setting them, besides those that every template is given."""
        from transformers.utils.chat_template_utils import _compile_jinja_template, _get_template_variables

        source = self.template.source
        try:
            with bounded_memory(MEMORY):  # jinja works out what is constant in it
                read = _get_template_variables(source)
                own = _compile_jinja_template(source).environment.globals
        except OutOfTimeError:
            raise
        except Exception as error:  # noqa: BLE001 - a template that cannot be read is the fault of the prompt
            _log.warning("no variables of the template: %s", one_sentence(error))
            return []
        return sorted(read - _GIVEN - set(own) - set(self.tokenizer.special_tokens_map))

    def _given(self, tools: list[dict[str, Any]] | None) -> dict[str, Any]:
        own = {"tools": tools, "documents": self.chat.documents, "chat_template": self.template.source}
        return {**self.chat.variables, **own}


def _arguments(tokenizer: Any) -> frozenset[str]:  # noqa: ANN401 - transformers' many classes
    return frozenset(inspect.signature(tokenizer.apply_chat_template).parameters) | _GIVEN


def _size(chat: Chat) -> int:
    return len(str((chat.messages, chat.tools, chat.documents, chat.variables)))
