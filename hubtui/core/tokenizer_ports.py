"""What the interface and the commands may ask of tokenizers (see `core.ports`).

All raise `core.errors.TokenizerError`, after a bounded time also for tokenizers that hang or crash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hubtui.core.chats import Chat, RenderedChat
    from hubtui.core.errors import HubtuiError
    from hubtui.core.file_lengths import FileLengths
    from hubtui.core.pad_doctor import PadReport
    from hubtui.core.round_trips import RoundTrip
    from hubtui.core.stages import TokenStages
    from hubtui.core.token_vocabulary import DecodedIds, VocabularyPage, VocabularyQuery
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

    async def render_chat(self, model: str, folder: str, chat: Chat) -> RenderedChat:
        """Render a conversation with the chat template of the checkpoint in `folder`, as `apply_chat_template` does."""

    async def stages(self, model: str, folder: str, text: str) -> TokenStages:
        """Take one text of at most `core.stages.MOST_CHARACTERS` apart, stage by stage."""

    async def pads(self, model: str, folder: str) -> PadReport:
        """Return what tokenizer and configs say about padding, and what is wrong with it."""

    async def decode(self, model: str, folder: str, ids: Sequence[int]) -> DecodedIds:
        """Return what ids say, and which of them no token has."""

    async def round_trips(self, model: str, folder: str, texts: Sequence[str]) -> list[RoundTrip]:
        """Encode texts and decode them again."""

    async def vocabulary(
        self, model: str, folder: str, query: VocabularyQuery, *, first: int | None = None, count: int = 200
    ) -> VocabularyPage:
        """Return some of the tokens that a query finds; `first` None begins at what it is about."""

    async def file_lengths(
        self,
        model: str,
        folder: str,
        path: str,
        *,
        limit: int | None = None,
        special_tokens: bool = True,
        told: Callable[[FileLengths], None] | None = None,
    ) -> FileLengths:
        """Measure the lines of a file on this machine in tokens; `told` hears how far it is. It can be cancelled.

        `limit` None takes the longest sequence that tokenizer and model take.
        """

    async def measure(self, model: str, folder: str, texts: Sequence[str]) -> TokenizerMeasure:
        """Encode texts of at most `core.tokenizer_comparison.MOST_CHARACTERS` to compare with other tokenizers."""

    async def share(self, model: str, folder: str, other_model: str, other_folder: str) -> SharedVocabulary:
        """Compare the vocabularies of two checkpoint folders."""

    async def close(self) -> None:
        """End the process."""
