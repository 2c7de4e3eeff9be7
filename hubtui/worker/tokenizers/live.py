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

from hubtui.core.tokens import (
    TextStatistics,
    TokenizedView,
    TokenizeOptions,
    TokenizerInfo,
    TokenRow,
    TokenWindow,
    split_lines,
)
from hubtui.worker.tokenizers.cutting import dropped_range
from hubtui.worker.tokenizers.statistics import statistics_of, total
from hubtui.worker.tokenizers.warnings import BatchFacts, effective_max_length, warnings_for

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

    def token(self, token_id: int) -> str:
        """Return the piece that an id stands for."""

    def encode_lines(self, lines: list[str], options: TokenizeOptions) -> Sequence[LiveSequence]:
        """Encode without padding."""


@dataclass(slots=True)
class _Batch:
    """The text that was typed last, encoded."""

    sequences: Sequence[LiveSequence]
    starts: list[int]  # index of each sequence's first token in the flat, padded list; the total at the end
    cut_at: int | None  # where truncation would cut; None where it does so already, or nothing says
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
        unknown_token = tokenizer.info.special_tokens.get("unk")
        # most tokens are neither special nor unknown: one look-up tells
        self._marked = tokenizer.special_ids | ({unknown_token.id} if unknown_token else set())
        self._known: dict[str, LiveSequence] = {}
        self._counted: dict[str, TextStatistics] = {}
        self._known_how: tuple[bool, int | None, bool] | None = None

    def type(self, generation: int, text: str, options: TokenizeOptions, window: TokenWindow) -> TokenizedView:
        """Encode a text, each line a sequence, and return its view."""
        started = time.perf_counter()
        self._batch = self._summarise(self._encode(split_lines(text), options), options)
        view = self._cut(generation, window)
        view = replace(view, elapsed_ms=(time.perf_counter() - started) * 1000)
        if not self._is_info_sent:
            view = replace(view, info=self.tokenizer.info)
            self._is_info_sent = True
        return view

    def look(self, generation: int, window: TokenWindow) -> TokenizedView | None:
        """Return other tokens of the last text, None when there was none."""
        return self._cut(generation, window) if self._batch else None

    def _encode(self, lines: list[str], options: TokenizeOptions) -> Sequence[LiveSequence]:
        """Encode the lines that the last text did not have: a keystroke changes one of many."""
        how = (options.truncation, options.max_length, options.special_tokens)
        known = self._known if how == self._known_how else {}
        missing = [line for line in dict.fromkeys(lines) if line not in known]
        fresh = dict(zip(missing, self.tokenizer.encode_lines(missing, options), strict=True)) if missing else {}
        counted = self._counted if known else {}
        counted |= {line: _statistics(one) for line, one in fresh.items()}
        self._known = {line: known[line] if line in known else fresh[line] for line in lines}
        self._counted = {line: counted[line] for line in self._known}
        self._known_how = how
        return [self._known[line] for line in lines]

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
        cut_at = options.max_length or limit
        if options.truncation:
            cut_at = effective_max_length(self.tokenizer.info, options)
            dropped = [before - now for now, before in zip(lengths, full, strict=True)]
        else:
            dropped = [max(0, length - cut_at) if cut_at else 0 for length in full]
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
            dropped=dropped[:_SHOWN_LENGTHS],
            cut_at=cut_at,
            statistics=total(self._counted[sequence.text] for sequence in sequences),
        )
        return _Batch(sequences, [0, *accumulate(padded)], None if options.truncation else cut_at, summary)

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
                surface = sequence.text[start:end]
                if not self._is_unknown(number, surface, is_added=bool(special[position])):
                    continue
                count += 1
                if len(texts) < _KEPT_UNKNOWN:
                    texts.append(surface)
        return count, texts

    def _cut(self, generation: int, window: TokenWindow) -> TokenizedView:
        assert self._batch is not None  # noqa: S101 - both callers have a batch
        hand = self._hand(window)
        window = _around(window, hand)
        rows = list(self._tokens(window.first_row, window.rows))
        is_same = (window.first_piece, window.pieces) == (window.first_row, window.rows)
        pieces = rows if is_same else list(self._tokens(window.first_piece, window.pieces))
        beside = {number for row in rows for number in (row.id - 1, row.id + 1)} if hand is not None else set()
        token, size = self.tokenizer.token, self.tokenizer.info.vocab_size
        return replace(
            self._batch.summary,
            generation=generation,
            window=window,
            rows=rows,
            pieces=pieces,
            hand=hand,
            neighbours={number: token(number) for number in beside if 0 <= number < size},
        )

    def _hand(self, window: TokenWindow) -> int | None:
        """Return the place of the token in hand."""
        assert self._batch is not None  # noqa: S101 - see `_cut`
        starts = self._batch.starts
        if not starts[-1] or (window.caret is None and window.hand is None):
            return None
        if window.caret is None:
            return max(0, min(window.hand or 0, starts[-1] - 1))
        number = max(0, min(window.caret[0], len(self._batch.sequences) - 1))
        sequence = self._batch.sequences[number]
        at = _token_at(sequence.offsets, window.caret[1])
        padded = starts[number + 1] - starts[number]
        shift = padded - len(sequence.ids) if self.tokenizer.info.padding_side == "left" else 0
        return min(starts[number] + shift + at, starts[-1] - 1)

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
        ids, offsets, special = sequence.ids, sequence.offsets, sequence.special_tokens_mask
        text, marked, token = sequence.text, self._marked, self.tokenizer.token
        dropped = dropped_range(special, self._batch.cut_at, self.tokenizer.info.truncation_side)
        for position in range(first, stop):
            at = position - shift
            if pad and not 0 <= at < length:
                yield TokenRow(number, position, pad.id or 0, pad.token, "", 0, 0, "pad", 0)
                continue
            start, end = offsets[at]
            surface = text[start:end]
            token_id = ids[at]
            kind: Literal["text", "special", "unknown"] = "text"
            if special[at] or token_id in marked:
                kind = self._kind(token_id, surface, is_added=bool(special[at]))
            yield TokenRow(number, position, token_id, token(token_id), surface, start, end, kind, 1, at in dropped)

    def _kind(self, token_id: int, surface: str, *, is_added: bool) -> Literal["special", "unknown"]:
        return "unknown" if self._is_unknown(token_id, surface, is_added=is_added) else "special"

    def _is_unknown(self, token_id: int, surface: str, *, is_added: bool) -> bool:
        """Tell whether a token stands for text without a piece: where the text spells the token out it does not."""
        unknown_token = self.tokenizer.info.special_tokens.get("unk")
        if is_added or unknown_token is None:
            return False
        return token_id == unknown_token.id and surface != unknown_token.token


def _statistics(sequence: LiveSequence) -> TextStatistics:
    is_cut = len(sequence.ids) < sequence.full_length
    return statistics_of(sequence.text, sequence.offsets, sequence.special_tokens_mask, is_cut=is_cut)


def _token_at(offsets: Sequence[tuple[int, int]], character: int) -> int:
    """Return the token of a character, or of the last one before it."""
    found = 0
    for at, (start, end) in enumerate(offsets):
        if start < end:
            if start > character:
                break
            found = at
            if character < end:
                break
    return found


def _around(window: TokenWindow, hand: int | None) -> TokenWindow:
    """Return the window moved so that it holds the token in hand.

    The pieces move by a third of them at a time: they would else run away under somebody who types.
    """
    if hand is None:
        return window
    block = max(1, window.pieces // 3)
    first_row = window.first_row
    if window.caret is not None and not first_row <= hand < first_row + window.rows:
        first_row = max(0, hand - window.rows // 2)
    return replace(window, first_row=first_row, first_piece=max(0, hand // block - 1) * block)
