"""One encoded text as its rows, of which the screen is given what it shows.

Padding is virtual here: a batch of 10,000 lines padded to 100,000 tokens costs nothing until its cells are looked at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal, Protocol

from hubtui.core.padding import PaddingCost, padded_length, padding_costs
from hubtui.core.tokens import (
    MatrixRow,
    MatrixWindow,
    TextInput,
    TokenizeOptions,
    TokenizerInfo,
    TokenMatrix,
    TokenRow,
    TokenWindow,
)
from hubtui.worker.tokenizers.cutting import dropped_range
from hubtui.worker.tokenizers.warnings import effective_max_length

_MAX_ROWS = 5000
_MAX_CELLS = 20_000
_KEPT_UNKNOWN = 32


class LiveSequence(Protocol):
    """One row without padding; the lists have one entry a token."""

    @property
    def ids(self) -> list[int]:
        """Token ids."""

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """Characters of the text that each token covers."""

    @property
    def special_tokens_mask(self) -> list[int]:
        """1 for tokens that the tokenizer added."""

    @property
    def type_ids(self) -> list[int]:
        """Which part of the input each token is of, as the model is told."""

    @property
    def sequence_ids(self) -> list[int | None]:
        """Which text of a pair each token is of."""


@dataclass(slots=True)
class LiveText:
    """One text (or pair), encoded.

    Attributes:
        windows: one, or several where it was cut into overlapping ones.
        full_length: tokens before truncation.
    """

    windows: Sequence[LiveSequence]
    full_length: int


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

    def encode_inputs(self, inputs: list[TextInput], options: TokenizeOptions) -> Sequence[LiveText]:
        """Encode without padding; raises `TokenizerError`."""


class LiveBatch:
    """The rows of one text.

    Args:
        tokenizer: that encoded it.
        options: with which.
        inputs: the texts or pairs.
        texts: the same, encoded.
    """

    def __init__(
        self,
        tokenizer: LiveTokenizer,
        options: TokenizeOptions,
        inputs: Sequence[TextInput],
        texts: Sequence[LiveText],
    ) -> None:
        self._tokenizer = tokenizer
        self._inputs = inputs
        self._texts = texts
        self._sequences = [sequence for text in texts for sequence in text.windows]
        self._origins = [(number, at) for number, text in enumerate(texts) for at in range(len(text.windows))]
        self.lengths = [len(sequence.ids) for sequence in self._sequences]
        self.full_lengths = [text.full_length for text in texts]
        self._maximum = effective_max_length(tokenizer.info, options)
        self._padded = self._padded_lengths(options)
        self._starts = [0, *accumulate(self._padded)]
        # where truncation would cut a text that is whole; of a pair it depends on which text is cut
        self.cut_at = None if options.truncation or options.pairs else options.max_length or tokenizer.limit
        self._cut_side = options.truncation_side or tokenizer.info.truncation_side
        self._pads_left = (options.padding_side or tokenizer.info.padding_side) == "left"
        unknown_token = tokenizer.info.special_tokens.get("unk")
        self._unknown_token = unknown_token
        # most tokens are neither special nor unknown: one look-up tells
        self._marked = tokenizer.special_ids | ({unknown_token.id} if unknown_token else set())

    @property
    def n_tokens(self) -> int:
        """Tokens of all rows, padding included."""
        return self._starts[-1]

    @property
    def n_padding(self) -> int:
        """Pad tokens among them."""
        return self._starts[-1] - sum(self.lengths)

    @property
    def n_text(self) -> int:
        """Tokens that stand for text, or for what is unknown of it."""
        return sum(len(one.ids) - sum(one.special_tokens_mask) for one in self._sequences)

    @property
    def n_truncated(self) -> int:
        """Texts of which the first row does not hold all."""
        return sum(len(text.windows[0].ids) < text.full_length for text in self._texts)

    @property
    def n_dropped(self) -> list[int]:
        """Tokens of each text that its first row does not hold."""
        return [text.full_length - len(text.windows[0].ids) for text in self._texts]

    @property
    def max_id(self) -> int:
        """The highest id."""
        return max((max(sequence.ids, default=0) for sequence in self._sequences), default=0)

    def unknown(self) -> tuple[int, list[str]]:
        """Return how many tokens are unknown, and the text of a few of them."""
        token = self._unknown_token
        if token is None or token.id is None:
            return 0, []
        count = 0
        texts: list[str] = []
        for row, sequence in enumerate(self._sequences):
            if token.id not in sequence.ids:
                continue
            special = sequence.special_tokens_mask
            for position, number in enumerate(sequence.ids):
                if number != token.id:
                    continue
                surface = self._surface(row, position)
                if not self._is_unknown(number, surface, is_added=bool(special[position])):
                    continue
                count += 1
                if len(texts) < _KEPT_UNKNOWN:
                    texts.append(surface)
        return count, texts

    def tokens(self, first: int, count: int) -> Iterator[TokenRow]:
        """Yield `count` tokens of the flat list from `first` on."""
        starts = self._starts
        index = max(first, 0)
        end = min(index + min(max(count, 0), _MAX_ROWS), starts[-1])
        while index < end:
            row = bisect_right(starts, index) - 1
            stop = min(end, starts[row + 1])
            yield from self._of_row(row, index - starts[row], stop - starts[row])
            index = stop

    def hand(self, window: TokenWindow) -> int | None:
        """Return the place in the flat list of the token in hand, None when nobody asked or there are none."""
        if not self.n_tokens or (window.caret is None and window.hand is None):
            return None
        if window.caret is None:
            return max(0, min(window.hand or 0, self.n_tokens - 1))
        number = max(0, min(window.caret[0], len(self._texts) - 1))
        row = self._origins.index((number, 0))
        sequence = self._sequences[row]
        at = _token_at(sequence, window.caret[1])
        shift = self._padded[row] - self.lengths[row] if self._pads_left else 0
        return min(self._starts[row] + shift + at, self.n_tokens - 1)

    def matrix(self, window: MatrixWindow) -> TokenMatrix:
        """Return a rectangle of the rows; what lies outside of them has no cells."""
        first, start = max(window.first_row, 0), max(window.first_column, 0)
        columns = min(max(window.columns, 1), _MAX_CELLS)
        n_rows = min(max(window.rows, 0), _MAX_CELLS // columns)
        rows = [
            MatrixRow(
                *self._origins[row],
                length=self._padded[row],
                n_tokens=self.lengths[row],
                cells=list(self._of_row(row, start, min(start + columns, self._padded[row]))),
            )
            for row in range(first, min(first + n_rows, len(self._sequences)))
        ]
        return TokenMatrix(
            window=window,
            rows=rows,
            n_rows=len(self._sequences),
            shortest=self._extent[0],
            longest=self._extent[1],
            costs=self._costs,
        )

    @cached_property
    def _extent(self) -> tuple[int, int]:
        return min(self._padded, default=0), max(self._padded, default=0)

    @cached_property
    def _costs(self) -> list[PaddingCost]:
        return padding_costs(self.lengths, self._maximum)

    def _padded_lengths(self, options: TokenizeOptions) -> list[int]:
        if options.padding == "none" or not self._tokenizer.info.special_tokens.get("pad"):
            return self.lengths
        if options.padding == "longest":
            # of the first windows: the library pads the others along with them
            target = max((len(text.windows[0].ids) for text in self._texts), default=0)
        elif self._maximum is not None:
            target = self._maximum
        else:
            return self.lengths
        target = padded_length(target, options.pad_to_multiple_of)
        return [max(length, target) for length in self.lengths]

    def _surface(self, row: int, position: int) -> str:
        """Return the text that a token covers."""
        sequence = self._sequences[row]
        text, pair = self._inputs[self._origins[row][0]]
        start, end = sequence.offsets[position]
        return (pair if pair is not None and sequence.sequence_ids[position] == 1 else text)[start:end]

    def _of_row(self, row: int, first: int, stop: int) -> Iterator[TokenRow]:
        """Yield tokens `first` to `stop` of one padded row."""
        sequence, number, length = self._sequences[row], self._origins[row][0], self.lengths[row]
        shift = self._padded[row] - length if self._pads_left else 0
        info = self._tokenizer.info
        pad = info.special_tokens.get("pad")
        ids, offsets, special, types = (
            sequence.ids,
            sequence.offsets,
            sequence.special_tokens_mask,
            sequence.type_ids,
        )
        marked, token = self._marked, self._tokenizer.token
        text, pair = self._inputs[number]
        texts_of = sequence.sequence_ids if pair is not None else None
        dropped = dropped_range(special, self.cut_at, self._cut_side)
        for position in range(first, stop):
            at = position - shift
            if pad and not 0 <= at < length:
                yield TokenRow(number, position, pad.id or 0, pad.token, "", 0, 0, "pad", 0, info.pad_type_id)
                continue
            start, end = offsets[at]
            of_pair = texts_of is not None and texts_of[at] == 1
            surface = (pair or "")[start:end] if of_pair else text[start:end]
            token_id = ids[at]
            kind: Literal["text", "special", "unknown"] = "text"
            if special[at] or token_id in marked:
                is_unknown = self._is_unknown(token_id, surface, is_added=bool(special[at]))
                kind = "unknown" if is_unknown else "special"
            yield TokenRow(
                number,
                position,
                token_id,
                token(token_id),
                surface,
                start,
                end,
                kind,
                1,
                types[at],
                of_pair,
                at in dropped,
            )

    def _is_unknown(self, token_id: int, surface: str, *, is_added: bool) -> bool:
        """Tell whether a token stands for text without a piece: where the text spells the token out it does not."""
        token = self._unknown_token
        if is_added or token is None:
            return False
        return token_id == token.id and surface != token.token


def _token_at(sequence: LiveSequence, character: int) -> int:
    """Return the token of a character of the (first) text, or of the last one before it."""
    found = 0
    texts_of = sequence.sequence_ids
    for at, (start, end) in enumerate(sequence.offsets):
        if start < end and texts_of[at] != 1:
            if start > character:
                break
            found = at
            if character < end:
                break
    return found
