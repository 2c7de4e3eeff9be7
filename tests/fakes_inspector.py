"""A tokenizer inspector without a process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hubtui.core.chats import Chat, RenderedChat
from hubtui.core.errors import HubtuiError
from hubtui.core.file_lengths import FileLengths
from hubtui.core.pad_doctor import PadReport
from hubtui.core.round_trips import RoundTrip
from hubtui.core.stages import TokenStages
from hubtui.core.token_vocabulary import DecodedIds, VocabularyPage, VocabularyQuery
from hubtui.core.tokenizer_comparison import SharedVocabulary, TokenizerMeasure
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
    decoded: DecodedIds | None = None
    trips: list[RoundTrip] | None = None
    pages: dict[VocabularyQuery, VocabularyPage] = field(default_factory=dict)
    measured: FileLengths | None = None
    compared: Callable[[str, Sequence[str]], TokenizerMeasure] | None = None
    shared: SharedVocabulary | None = None
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

    async def decode(self, model: str, folder: str, ids: Sequence[int]) -> DecodedIds:
        """Return what was given."""
        self.asked.append(("decode", model, folder, tuple(ids)))
        return self._answer(self.decoded)

    async def round_trips(self, model: str, folder: str, texts: Sequence[str]) -> list[RoundTrip]:
        """Return the round trips that were given."""
        self.asked.append(("round_trips", model, folder, tuple(texts)))
        return self._answer(self.trips)

    async def vocabulary(
        self, model: str, folder: str, query: VocabularyQuery, *, first: int | None = None, count: int = 200
    ) -> VocabularyPage:
        """Return the page that was given for a query."""
        self.asked.append(("vocabulary", model, folder, query, first, count))
        return self._answer(self.pages.get(query))

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
        """Return the lengths that were given."""
        self.asked.append(("file_lengths", model, folder, path, limit, special_tokens))
        found = self._answer(self.measured)
        if told is not None:
            told(found)
        return found

    async def measure(self, model: str, folder: str, texts: Sequence[str]) -> TokenizerMeasure:
        """Return what the function that was given makes of the texts."""
        self.asked.append(("measure", model, folder, tuple(texts)))
        return self._answer(self.compared and self.compared(model, texts))

    async def share(self, model: str, folder: str, other_model: str, other_folder: str) -> SharedVocabulary:
        """Return what was given."""
        self.asked.append(("share", model, folder, other_model, other_folder))
        return self._answer(self.shared)

    async def close(self) -> None:
        """Nothing to end."""

    def _answer(self, given: T | None) -> T:
        if self.error is not None:
            raise self.error
        assert given is not None
        return given
