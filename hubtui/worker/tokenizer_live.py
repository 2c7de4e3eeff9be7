"""Live typing: keep the sequences of the last text and cut from them what the screen shows.

Padding is virtual here: a view names the pad tokens that its window shows, and a batch of 10,000 lines padded to
100,000 tokens costs nothing.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal, Protocol

from hubtui.core.tokens import TokenizedView, TokenizeOptions, TokenizerInfo, TokenRow, TokenWindow, split_lines
from hubtui.worker.tokenizer_warnings import BatchFacts, effective_max_length, warnings_for

_SHOWN_LENGTHS = 1000
_MAX_ROWS = 5000
_KEPT_UNKNOWN = 32


class LiveSequence(Protocol):
    """One encoded sequence without padding; the lists have one entry a token."""

    @property
    def text(self) -> str:
        """What went in."""

    @property
    def ids(self) -> list[int]:
        """Token ids."""

    @property
    def tokens(self) -> list[str]:
        """Token texts."""

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """Characters of `text` that each token covers."""

    @property
    def special_tokens_mask(self) -> list[int]:
        """1 for tokens that the tokenizer added."""

    @property
    def full_length(self) -> int:
        """Tokens before truncation."""


class LiveTokenizer(Protocol):
    """A loaded tokenizer as live typing needs it.

    Attributes:
        info: what it is.
        limit: longest sequence that tokenizer and model take.
        special_ids: of all tokens marked special.
    """

    info: TokenizerInfo
    limit: int | None
    special_ids: frozenset[int]

    def encode_lines(self, lines: list[str], options: TokenizeOptions) -> Sequence[LiveSequence]:
        """Encode without padding."""


@dataclass(slots=True)
class _Batch:
    """The text that was typed last, encoded."""

    sequences: Sequence[LiveSequence]
    starts: list[int]  # index of each sequence's first token in the flat, padded list; the total at the end
    summary: TokenizedView


class LiveView:
    """The last text of one tokenizer.

    Args:
        tokenizer: encodes it.
    """

    def __init__(self, tokenizer: LiveTokenizer) -> None:
        self.tokenizer = tokenizer
        self._batch: _Batch | None = None
        self._is_info_sent = False

    def type(self, generation: int, text: str, options: TokenizeOptions, window: TokenWindow) -> TokenizedView:
        """Encode a text, each line a sequence, and return its view."""
        started = time.perf_counter()
        sequences = self.tokenizer.encode_lines(split_lines(text), options)
        self._batch = self._summarise(sequences, options)
        view = self._cut(generation, window)
        view = replace(view, elapsed_ms=(time.perf_counter() - started) * 1000)
        if not self._is_info_sent:
            view = replace(view, info=self.tokenizer.info)
            self._is_info_sent = True
        return view

    def look(self, generation: int, window: TokenWindow) -> TokenizedView | None:
        """Return other tokens of the last text, None when there was none."""
        return self._cut(generation, window) if self._batch else None

    def _summarise(self, sequences: Sequence[LiveSequence], options: TokenizeOptions) -> _Batch:
        lengths = [len(sequence.ids) for sequence in sequences]
        full = [sequence.full_length for sequence in sequences]
        padded = self._padded_lengths(lengths, options)
        n_unknown, unknown = self._unknown(sequences)
        facts = BatchFacts(
            lengths,
            full,
            self.tokenizer.limit,
            n_truncated=sum(now < before for now, before in zip(lengths, full, strict=True)),
            max_id=max((max(sequence.ids, default=0) for sequence in sequences), default=0),
            n_unknown=n_unknown,
            unknown=unknown,
        )
        limit = self.tokenizer.limit
        summary = TokenizedView(
            generation=0,
            info=None,
            window=TokenWindow(),
            rows=[],
            pieces=[],
            total_tokens=sum(padded),
            n_sequences=len(sequences),
            longest=max(lengths, default=0),
            n_padding=sum(padded) - sum(lengths),
            n_unknown=n_unknown,
            n_truncated=facts.n_truncated,
            over_limit=0 if limit is None else sum(length > limit for length in full),
            lengths=lengths[:_SHOWN_LENGTHS],
            warnings=warnings_for(self.tokenizer.info, options, facts),
        )
        return _Batch(sequences, [0, *accumulate(padded)], summary)

    def _padded_lengths(self, lengths: list[int], options: TokenizeOptions) -> list[int]:
        if options.padding == "none" or not self.tokenizer.info.special_tokens.get("pad"):
            return lengths
        target: int | None = max(lengths, default=0)
        if options.padding == "max_length":
            target = effective_max_length(self.tokenizer.info, options)
        return lengths if target is None else [max(length, target) for length in lengths]

    def _unknown(self, sequences: Sequence[LiveSequence]) -> tuple[int, list[str]]:
        unknown_token = self.tokenizer.info.special_tokens.get("unk")
        if unknown_token is None or unknown_token.id is None:
            return 0, []
        count = 0
        texts: list[str] = []
        for sequence in sequences:
            if unknown_token.id not in sequence.ids:
                continue
            offsets, special = sequence.offsets, sequence.special_tokens_mask
            for position, number in enumerate(sequence.ids):
                start, end = offsets[position]
                # where the text spells the token out, or it serves as <bos> too, nothing is unknown
                if number != unknown_token.id or special[position] or sequence.text[start:end] == unknown_token.token:
                    continue
                count += 1
                if len(texts) < _KEPT_UNKNOWN:
                    texts.append(sequence.text[start:end])
        return count, texts

    def _cut(self, generation: int, window: TokenWindow) -> TokenizedView:
        assert self._batch is not None  # noqa: S101 - both callers have a batch
        rows = list(self._tokens(window.first_row, window.rows))
        is_same = (window.first_piece, window.pieces) == (window.first_row, window.rows)
        pieces = rows if is_same else list(self._tokens(window.first_piece, window.pieces))
        return replace(self._batch.summary, generation=generation, window=window, rows=rows, pieces=pieces)

    def _tokens(self, first: int, count: int) -> Iterator[TokenRow]:
        """Yield `count` tokens of the flat list from `first` on."""
        assert self._batch is not None  # noqa: S101 - see `_cut`
        starts = self._batch.starts
        index = max(first, 0)
        end = min(index + min(max(count, 0), _MAX_ROWS), starts[-1])
        while index < end:
            number = bisect_right(starts, index) - 1
            stop = min(end, starts[number + 1])
            yield from self._of_sequence(number, index - starts[number], stop - starts[number])
            index = stop

    def _of_sequence(self, number: int, first: int, stop: int) -> Iterator[TokenRow]:
        """Yield tokens `first` to `stop` of one padded sequence."""
        assert self._batch is not None  # noqa: S101 - see `_cut`
        sequence = self._batch.sequences[number]
        padded = self._batch.starts[number + 1] - self._batch.starts[number]
        length = len(sequence.ids)
        shift = padded - length if self.tokenizer.info.padding_side == "left" else 0
        pad = self.tokenizer.info.special_tokens.get("pad")
        ids, tokens, offsets, special = (
            sequence.ids,
            sequence.tokens,
            sequence.offsets,
            sequence.special_tokens_mask,
        )
        for position in range(first, stop):
            at = position - shift
            if not 0 <= at < length:
                pad_id = pad.id if pad and pad.id is not None else 0
                yield TokenRow(number, position, pad_id, pad.token if pad else "", "", 0, 0, "pad", 0)
                continue
            start, end = offsets[at]
            surface = sequence.text[start:end]
            kind = self._kind(ids[at], surface, is_added=bool(special[at]))
            yield TokenRow(number, position, ids[at], tokens[at], surface, start, end, kind, 1)

    def _kind(self, number: int, surface: str, *, is_added: bool) -> Literal["text", "special", "unknown"]:
        unknown_token = self.tokenizer.info.special_tokens.get("unk")
        if is_added:
            return "special"
        if unknown_token and number == unknown_token.id and surface != unknown_token.token:
            return "unknown"
        return "special" if number in self.tokenizer.special_ids else "text"
