"""What a tokenizer is asked besides typing, in a process of its own: what hangs there takes nothing else with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from hubtui.core.chats import Chat, RenderedChat, text_of
from hubtui.core.errors import TokenizerError
from hubtui.core.file_lengths import FileLengths, FilePlace
from hubtui.core.pad_doctor import PadReport
from hubtui.core.padding import padded_length
from hubtui.core.round_trips import RoundTrip
from hubtui.core.stages import TokenStages
from hubtui.core.token_vocabulary import DecodedIds, VocabularyPage, VocabularyQuery
from hubtui.core.tokenizer_comparison import MOST_CHARACTERS, SharedVocabulary, TokenizerMeasure
from hubtui.core.tokens import Tokenized, TokenizeOptions
from hubtui.core.untrusted import clean
from hubtui.engine.tokenizer_checks import check_size, check_texts, checked_file
from hubtui.engine.tokenizer_client import LOAD_S, DiedTokenizerError, TokenizerClient
from hubtui.engine.tokenizer_messages import (
    ChatRendered,
    DecodeIds,
    EncodeTexts,
    ExaminePads,
    IdsDecoded,
    Inspected,
    InspectionRequest,
    MeasuredLines,
    MeasureLines,
    MeasureTexts,
    OpenTokenizer,
    PadsExamined,
    RenderChat,
    RoundTripTried,
    SearchVocabulary,
    ShareVocabulary,
    StagesTold,
    TellStages,
    TextsEncoded,
    TextsMeasured,
    TryRoundTrip,
    VocabularySearched,
    VocabularyShared,
)

_STAGES_S = 10.0  # reading the tables of the largest vocabularies takes a few seconds of it
_ENCODE_S = 10.0  # far more than any batch takes, so that a box under load is not taken for a hang
_RENDER_S = 1.8  # twice what the child gives a template: this is for what cannot be interrupted there
_PADS_S = 10.0
PATTERN_S = 2.0
"""Time for a regular expression to go through a vocabulary."""
_VOCABULARY_S = 15.0  # reading the million characters of the largest vocabulary takes a second or two of it
_MEASURE_S = 30.0
_COMPARE_S = 10.0
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

    async def pads(self, model: str, folder: str) -> PadReport:
        """Return what tokenizer and configs say about padding, and what is wrong with it.

        Raises:
            TokenizerError: the tokenizer cannot be loaded.
        """
        return (await self._ask(model, folder, ExaminePads(0), PadsExamined, _PADS_S)).report

    async def decode(self, model: str, folder: str, ids: Sequence[int]) -> DecodedIds:
        """Return what ids say, and which of them no token has.

        Raises:
            TokenizerError: the tokenizer cannot be loaded, or did not answer in time.
        """
        deadline_s = _VOCABULARY_S + len(ids) / _CHARS_PER_S
        return (await self._ask(model, folder, DecodeIds(0, list(ids)), IdsDecoded, deadline_s)).decoded

    async def round_trips(self, model: str, folder: str, texts: Sequence[str]) -> list[RoundTrip]:
        """Encode texts and decode them again.

        Raises:
            TokenizerError: the tokenizer cannot be loaded, does not take these texts, or did not answer in time.
        """
        check_texts(texts, TokenizeOptions(), None)
        deadline_s = _ENCODE_S + sum(map(len, texts)) / _CHARS_PER_S
        return (await self._ask(model, folder, TryRoundTrip(0, list(texts)), RoundTripTried, deadline_s)).trips

    async def vocabulary(
        self, model: str, folder: str, query: VocabularyQuery, *, first: int | None = None, count: int = 200
    ) -> VocabularyPage:
        """Return some of the tokens that a query finds; `first` None begins at what it is about.

        A pattern that takes longer than 2 s is stopped with its process: it would never end.

        Raises:
            TokenizerError: the tokenizer cannot be loaded, the pattern is none, or there was no answer in time.
        """
        request = SearchVocabulary(0, query, first, count)
        if query.kind != "regex":
            return (await self._ask(model, folder, request, VocabularySearched, _VOCABULARY_S)).page
        # what a first search works out is none of the pattern's time
        prepare = SearchVocabulary(0, VocabularyQuery("text", "\0"), 0, 0)
        await self._ask(model, folder, prepare, VocabularySearched, _VOCABULARY_S)
        what = f"search for /{clean(query.words)[:60]}/ in the vocabulary"
        try:
            return (await self._ask(model, folder, request, VocabularySearched, PATTERN_S, what=what)).page
        except DiedTokenizerError as error:
            raise DiedTokenizerError(error.message, hint="Make the pattern simpler, or look for plain text.") from error

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
        """Measure the lines of a file on this machine in tokens, some at a time; cancel it to stop.

        `limit` None takes the longest sequence that tokenizer and model take.

        Raises:
            TokenizerError: the file cannot be read, the tokenizer cannot be loaded or does not take a line, or did not
                answer in time.
        """
        absolute = checked_file(path)
        found = FileLengths(path, limit)
        place: FilePlace | None = FilePlace()
        while place is not None:
            request = MeasureLines(0, absolute, place, special_tokens)
            measured = (await self._ask(model, folder, request, MeasuredLines, _MEASURE_S)).measured
            found.add(measured)
            place = measured.place
            if told is not None:
                told(found)
        return found

    async def measure(self, model: str, folder: str, texts: Sequence[str]) -> TokenizerMeasure:
        """Encode texts to compare with other tokenizers; the child keeps those that it was asked about last.

        Raises:
            TokenizerError: the texts are too long, the tokenizer cannot be loaded, or it did not answer in time.
        """
        check_texts(texts, TokenizeOptions(), None)
        if (n_chars := sum(map(len, texts))) > MOST_CHARACTERS:
            raise TokenizerError(f"{n_chars:,} characters are too many to compare; at most {MOST_CHARACTERS:,} are.")
        return (await self._ask(model, folder, MeasureTexts(0, list(texts)), TextsMeasured, _COMPARE_S)).result

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
    if widest is None:
        return _MOST_PADDED
    return min(len(texts) * padded_length(widest, options.pad_to_multiple_of), _MOST_PADDED)
