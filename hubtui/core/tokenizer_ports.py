"""What the interface and the commands may ask of tokenizers (see `core.ports`).

All raise `core.errors.TokenizerError`, after a bounded time also for tokenizers that hang or crash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hubtui.core.errors import HubtuiError
    from hubtui.core.tokenizer_comparison import SharedVocabulary, TokenizerMeasure
    from hubtui.core.tokens import Tokenized, TokenizedView, TokenizeOptions, TokenizerInfo, TokenWindow


class Tokenizers(Protocol):
    """Typing into one tokenizer."""

    async def open(self, model: str, folder: str, *, embedding_size: int | None = None) -> TokenizerInfo:
        """Load the tokenizer of a checkpoint folder for live typing.

        It may be provisional: a confirmed info then follows to the listener.
        """

    def type(self, text: str, options: TokenizeOptions, window: TokenWindow) -> TokenizedView | None:
        """Send a text of the open tokenizer; return its view if it comes within a few milliseconds, else None.

        The latest text wins; a view that comes later goes to the listener. Each line of the text is a sequence.
        """

    def look(self, window: TokenWindow) -> TokenizedView | None:
        """Ask for other tokens of the text that was typed last; as `type`, without sending the text again."""

    def listen(self, listener: Callable[[TokenizedView | TokenizerInfo | HubtuiError], None]) -> None:
        """Name who receives late views and failures of live typing (called on the main loop)."""

    async def close(self) -> None:
        """End the process."""


class TokenizerInspector(Protocol):
    """Questions about the tokenizer of any checkpoint folder, each answered as a whole."""

    async def encode(
        self,
        model: str,
        folder: str,
        texts: Sequence[str],
        options: TokenizeOptions,
        *,
        pairs: Sequence[str] | None = None,
    ) -> Tokenized:
        """Encode whole texts exactly as AutoTokenizer of the checkpoint in `folder` does."""

    async def measure(self, model: str, folder: str, texts: Sequence[str]) -> TokenizerMeasure:
        """Encode texts of at most `core.tokenizer_comparison.MOST_CHARACTERS` to compare with other tokenizers."""

    async def share(self, model: str, folder: str, other_model: str, other_folder: str) -> SharedVocabulary:
        """Compare the vocabularies of two checkpoint folders."""

    async def close(self) -> None:
        """End the process."""
