"""A tokenizer inspector without a process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hubtui.core.chats import Chat, RenderedChat
from hubtui.core.errors import HubtuiError
from hubtui.core.pad_doctor import PadReport
from hubtui.core.stages import TokenStages
from hubtui.core.tokens import Tokenized, TokenizeOptions

T = TypeVar("T")


@dataclass
class FakeInspector:
    """Answers what it was given, or raises `error`; a question whose answer was not given is a fault of the test.

    Attributes:
        asked: name and arguments of each question.
    """

    error: HubtuiError | None = None
    encoded: Tokenized | None = None
    rendered: RenderedChat | None = None
    told_stages: TokenStages | None = None
    padded: PadReport | None = None
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    async def encode(
        self,
        model: str,
        folder: str,
        texts: Sequence[str],
        options: TokenizeOptions,
        *,
        pairs: Sequence[str] | None = None,
    ) -> Tokenized:
        """Return the batch that was given."""
        self.asked.append(("encode", model, folder, tuple(texts), options, pairs))
        return self._answer(self.encoded)

    async def render_chat(self, model: str, folder: str, chat: Chat) -> RenderedChat:
        """Return the prompt that was given."""
        self.asked.append(("render_chat", model, folder, chat))
        return self._answer(self.rendered)

    async def stages(self, model: str, folder: str, text: str) -> TokenStages:
        """Return the stages that were given."""
        self.asked.append(("stages", model, folder, text))
        return self._answer(self.told_stages)

    async def pads(self, model: str, folder: str) -> PadReport:
        """Return the report that was given."""
        self.asked.append(("pads", model, folder))
        return self._answer(self.padded)

    async def close(self) -> None:
        """Nothing to end."""

    def _answer(self, given: T | None) -> T:
        if self.error is not None:
            raise self.error
        assert given is not None
        return given
