"""What a tokenizer is asked besides typing, in a process of its own: what hangs there takes nothing else with it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeVar

from hubtui.core.errors import TokenizerError
from hubtui.core.tokenizer_comparison import MOST_CHARACTERS, SharedVocabulary, TokenizerMeasure
from hubtui.core.tokens import Tokenized, TokenizeOptions
from hubtui.engine.tokenizer_checks import check_size, check_texts
from hubtui.engine.tokenizer_client import LOAD_S, TokenizerClient
from hubtui.engine.tokenizer_messages import (
    EncodeTexts,
    Inspected,
    InspectionRequest,
    MeasureTexts,
    OpenTokenizer,
    ShareVocabulary,
    TextsEncoded,
    TextsMeasured,
    VocabularyShared,
)

_ENCODE_S = 10.0  # far more than any batch takes, so that a box under load is not taken for a hang
_MEASURE_S = 10.0
_SHARE_S = LOAD_S + 10.0  # the other tokenizer may have to be loaded
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

    async def measure(self, model: str, folder: str, texts: Sequence[str]) -> TokenizerMeasure:
        """Encode texts to compare with other tokenizers; the child keeps those that it was asked about last.

        Raises:
            TokenizerError: the texts are too long, the tokenizer cannot be loaded, or it did not answer in time.
        """
        check_texts(texts, TokenizeOptions(), None)
        if (n_chars := sum(map(len, texts))) > MOST_CHARACTERS:
            raise TokenizerError(f"{n_chars:,} characters are too many to compare; at most {MOST_CHARACTERS:,} are.")
        return (await self._ask(model, folder, MeasureTexts(0, list(texts)), TextsMeasured, _MEASURE_S)).result

    async def share(self, model: str, folder: str, other_model: str, other_folder: str) -> SharedVocabulary:
        """Compare the vocabularies of two checkpoint folders.

        Raises:
            TokenizerError: one of them cannot be loaded, or there was no answer in time.
        """
        check_size(other_model, other_folder)
        request = ShareVocabulary(0, other_model, other_folder)
        return (await self._ask(model, folder, request, VocabularyShared, _SHARE_S)).result

    async def close(self) -> None:
        """End the process."""
        await self._client.close()

    async def _ask(
        self, model: str, folder: str, request: InspectionRequest, kind: type[Told], deadline_s: float
    ) -> Told:
        """Ask the tokenizer of a checkpoint folder.

        Raises:
            TokenizerError: it cannot be loaded, cannot answer, or not in time.
        """
        check_size(model, folder)
        # the child has one tokenizer open: nobody else's question may come between
        async with self._lock:
            await self._client.open(OpenTokenizer(0, model, folder))
            return await self._client.inspect(request, kind, model=model, deadline_s=deadline_s)


def _padded_tokens(texts: Sequence[str], options: TokenizeOptions) -> int:
    """Return a bound of the tokens that padding makes of a batch; without a maximum length the model's is not known."""
    if options.padding == "none":
        return 0
    widest = max(map(len, texts), default=0) if options.padding == "longest" else options.max_length
    return _MOST_PADDED if widest is None else min(len(texts) * widest, _MOST_PADDED)
