"""What a tokenizer is asked besides typing, in a process of its own: what hangs there takes nothing else with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import TypeVar

from hubtui.core.chats import Chat, RenderedChat, text_of
from hubtui.core.errors import TokenizerError
from hubtui.core.stages import TokenStages
from hubtui.core.tokens import Tokenized, TokenizeOptions
from hubtui.engine.tokenizer_checks import check_size, check_texts
from hubtui.engine.tokenizer_client import DiedTokenizerError, TokenizerClient
from hubtui.engine.tokenizer_messages import (
    ChatRendered,
    EncodeTexts,
    Inspected,
    InspectionRequest,
    OpenTokenizer,
    RenderChat,
    StagesTold,
    TellStages,
    TextsEncoded,
)

_STAGES_S = 10.0  # reading the tables of the largest vocabularies takes a few seconds of it
_ENCODE_S = 10.0  # far more than any batch takes, so that a box under load is not taken for a hang
_RENDER_S = 1.8  # twice what the child gives a template: this is for what cannot be interrupted there
_MOST_PADDED = 2_000_000  # the worker pads no larger batch
_CHARS_PER_S = 100_000
_PADDED_TOKENS_PER_S = 250_000

Told = TypeVar("Told", bound=Inspected)


class InspectorProcess:
    """One `autotokenizer` child, started when it is first asked; implements `core.tokenizer_ports.TokenizerInspector`.

    Args:
        log_file: takes what the child prints.
    """

    def __init__(self, *, log_file: str = "") -> None:
        self._client = TokenizerClient("autotokenizer", log_file=log_file)
        self._lock = asyncio.Lock()
        self._reviving: asyncio.Task[None] | None = None

    async def encode(
        self,
        model: str,
        folder: str,
        texts: Sequence[str],
        options: TokenizeOptions,
        *,
        pairs: Sequence[str] | None = None,
    ) -> Tokenized:
        """Encode whole texts exactly as AutoTokenizer of the checkpoint in `folder` does.

        Padding that AutoTokenizer refuses (no pad token, no maximum length) is left out and named in the warnings.

        Raises:
            TokenizerError: the tokenizer cannot be loaded, does not take these texts, or did not answer in time.
        """
        check_texts(texts, options, pairs)
        n_chars = sum(map(len, texts)) + sum(map(len, pairs or ()))
        deadline_s = _ENCODE_S + n_chars / _CHARS_PER_S + _padded_tokens(texts, options) / _PADDED_TOKENS_PER_S
        request = EncodeTexts(0, list(texts), options, None if pairs is None else list(pairs))
        return (await self._ask(model, folder, request, TextsEncoded, deadline_s)).result

    async def render_chat(self, model: str, folder: str, chat: Chat) -> RenderedChat:
        """Render a conversation with the chat template of the checkpoint in `folder`, as `apply_chat_template` does.

        Raises:
            TokenizerError: the tokenizer cannot be loaded, or the template did not end in time.
        """
        contents = [text_of(message.get("content")) or "" for message in chat.messages]
        check_texts(contents, TokenizeOptions(), None)
        deadline_s = _RENDER_S + sum(map(len, contents)) / _CHARS_PER_S
        return (
            await self._ask(model, folder, RenderChat(0, chat), ChatRendered, deadline_s, what="chat template")
        ).rendered

    async def stages(self, model: str, folder: str, text: str) -> TokenStages:
        """Take one text of at most `core.stages.MOST_CHARACTERS` apart, stage by stage.

        Raises:
            TokenizerError: the text is longer, the tokenizer cannot be loaded, or it did not answer in time.
        """
        check_texts([text], TokenizeOptions(), None)
        return (await self._ask(model, folder, TellStages(0, text), StagesTold, _STAGES_S)).result

    async def close(self) -> None:
        """End the process."""
        await self._client.close()
        if self._reviving is not None:
            await asyncio.gather(self._reviving, return_exceptions=True)

    async def _ask(
        self,
        model: str,
        folder: str,
        request: InspectionRequest,
        kind: type[Told],
        deadline_s: float,
        *,
        what: str = "tokenizer",
    ) -> Told:
        """Ask the tokenizer of a checkpoint folder; `what` is to blame when it is too late.

        Raises:
            TokenizerError: it cannot be loaded, cannot answer, or not in time.
        """
        check_size(model, folder)
        # the child has one tokenizer open: nobody else's question may come between
        async with self._lock:
            try:
                await self._client.open(OpenTokenizer(0, model, folder))
                return await self._client.inspect(request, kind, model=model, deadline_s=deadline_s, what=what)
            except DiedTokenizerError:
                # its imports take a second or two: most of that is over when somebody asks again
                self._reviving = asyncio.create_task(self._revive())
                raise

    async def _revive(self) -> None:
        with contextlib.suppress(TokenizerError):  # whoever asks next hears of it
            await self._client.start()


def _padded_tokens(texts: Sequence[str], options: TokenizeOptions) -> int:
    """Return a bound of the tokens that padding makes of a batch; without a maximum length the model's is not known."""
    if options.padding == "none":
        return 0
    widest = max(map(len, texts), default=0) if options.padding == "longest" else options.max_length
    return _MOST_PADDED if widest is None else min(len(texts) * widest, _MOST_PADDED)
