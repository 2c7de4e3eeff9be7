"""Live typing: keep the rows of the last text and cut from them what the screen shows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from hubtui.core.tokens import TextInput, TextStatistics, TokenizedView, TokenizeOptions, TokenWindow, typed_inputs
from hubtui.worker.tokenizers.live_batch import LiveBatch, LiveText, LiveTokenizer
from hubtui.worker.tokenizers.refusals import check_cut_off, check_multiple, check_windows
from hubtui.worker.tokenizers.statistics import statistics_of, total
from hubtui.worker.tokenizers.warnings import BatchFacts, effective_max_length, warnings_for

_SHOWN_LENGTHS = 1000


class LiveView:
    """The last text of one tokenizer.

    Args:
        tokenizer: encodes it.
    """

    def __init__(self, tokenizer: LiveTokenizer) -> None:
        self.tokenizer = tokenizer
        self._batch: LiveBatch | None = None
        self._summary: TokenizedView | None = None
        self._is_info_sent = False
        self._known: dict[TextInput, LiveText] = {}
        self._counted: dict[TextInput, TextStatistics] = {}
        self._known_how: TokenizeOptions | None = None

    def type(self, generation: int, text: str, options: TokenizeOptions, window: TokenWindow) -> TokenizedView:
        """Encode a text, each line (or two lines) a sequence, and return its view.

        Raises:
            TokenizerError: the tokenizer does not take these options together.
        """
        started = time.perf_counter()
        inputs = typed_inputs(text, pairs=options.pairs)
        self._batch = self._summary = None
        check_multiple(self.tokenizer.info, options)
        check_windows(self.tokenizer.info, options, inputs)
        texts = self._encode(inputs, options)
        are_cut = [len(one.windows[0].ids) < one.full_length for one in texts]
        check_cut_off(self.tokenizer.info, options, are_cut, has_pairs=options.pairs)
        self._batch = LiveBatch(self.tokenizer, options, inputs, texts)
        self._summary = self._summarise(self._batch, options, inputs)
        view = self._cut(generation, self._batch, self._summary, window)
        view = replace(view, elapsed_ms=(time.perf_counter() - started) * 1000)
        if not self._is_info_sent:
            view = replace(view, info=self.tokenizer.info)
            self._is_info_sent = True
        return view

    def look(self, generation: int, window: TokenWindow) -> TokenizedView | None:
        """Return other tokens of the last text, None when there was none."""
        if self._batch is None or self._summary is None:
            return None
        return self._cut(generation, self._batch, self._summary, window)

    def _encode(self, inputs: list[TextInput], options: TokenizeOptions) -> Sequence[LiveText]:
        """Encode the texts that the last one did not have: a keystroke changes one of many."""
        how = replace(options, padding="none", padding_side=None, pad_to_multiple_of=None)
        known = self._known if how == self._known_how else {}
        missing = [one for one in dict.fromkeys(inputs) if one not in known]
        fresh = dict(zip(missing, self.tokenizer.encode_inputs(missing, options), strict=True)) if missing else {}
        counted = self._counted if known else {}
        counted |= {one: _statistics(one, text) for one, text in fresh.items()}
        self._known = {one: known[one] if one in known else fresh[one] for one in inputs}
        self._counted = {one: counted[one] for one in self._known}
        self._known_how = how
        return [self._known[one] for one in inputs]

    def _summarise(self, batch: LiveBatch, options: TokenizeOptions, inputs: Sequence[TextInput]) -> TokenizedView:
        n_unknown, unknown = batch.unknown()
        limit = self.tokenizer.limit
        cut_at = effective_max_length(self.tokenizer.info, options) if options.truncation else batch.cut_at
        full = batch.full_lengths
        dropped = batch.n_dropped if options.truncation else [max(0, n - cut_at) if cut_at else 0 for n in full]
        facts = BatchFacts(
            batch.lengths,
            batch.full_lengths,
            limit,
            n_truncated=batch.n_truncated,
            max_id=batch.max_id,
            n_unknown=n_unknown,
            n_text=batch.n_text if n_unknown else 0,
            unknown=unknown,
        )
        return TokenizedView(
            generation=0,
            info=None,
            window=TokenWindow(),
            rows=[],
            pieces=[],
            total_tokens=batch.n_tokens,
            n_sequences=len(batch.full_lengths),
            longest=max(batch.lengths, default=0),
            n_padding=batch.n_padding,
            n_unknown=n_unknown,
            n_truncated=facts.n_truncated,
            over_limit=0 if limit is None else sum(length > limit for length in batch.full_lengths),
            lengths=batch.lengths[:_SHOWN_LENGTHS],
            warnings=warnings_for(self.tokenizer.info, options, facts),
            dropped=dropped[:_SHOWN_LENGTHS],
            cut_at=cut_at,
            statistics=total(self._counted[one] for one in inputs),
        )

    def _cut(self, generation: int, batch: LiveBatch, summary: TokenizedView, window: TokenWindow) -> TokenizedView:
        hand = batch.hand(window)
        window = _around(window, hand)
        rows = list(batch.tokens(window.first_row, window.rows))
        is_same = (window.first_piece, window.pieces) == (window.first_row, window.rows)
        pieces = rows if is_same else list(batch.tokens(window.first_piece, window.pieces))
        matrix = None if window.matrix is None else batch.matrix(window.matrix)
        beside = {number for row in rows for number in (row.id - 1, row.id + 1)} if hand is not None else set()
        token, size = self.tokenizer.token, self.tokenizer.info.vocab_size
        return replace(
            summary,
            generation=generation,
            window=window,
            rows=rows,
            pieces=pieces,
            matrix=matrix,
            hand=hand,
            neighbours={number: token(number) for number in beside if 0 <= number < size},
        )


def _statistics(one: TextInput, encoded: LiveText) -> TextStatistics:
    """Return what a text costs, or the two of a pair together."""
    window = encoded.windows[0]
    is_cut = len(window.ids) < encoded.full_length
    text, pair = one
    if pair is None:
        return statistics_of(text, window.offsets, window.special_tokens_mask, is_cut=is_cut)
    parts = []
    for number, words in enumerate((text, pair)):
        at = [place for place, belongs in enumerate(window.sequence_ids) if belongs == number]
        offsets = [window.offsets[place] for place in at]
        parts.append(statistics_of(words, offsets, [window.special_tokens_mask[place] for place in at], is_cut=is_cut))
    return total(parts)


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
