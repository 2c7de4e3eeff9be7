"""A BatchEncoding of transformers as plain sequences."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from hubtui.core.tokens import TokenSequence
from hubtui.worker.tokenizers.slow import slow_offsets, slow_sequence_ids


def sequences_of(tokenizer: Any, batch: Any, texts: list[str], pairs: list[str] | None) -> list[TokenSequence]:  # noqa: ANN401 - transformers' many classes
    """Return the sequences of a batch, the windows of a text one after another; `truncated` is left False.

    Args:
        tokenizer: that made the batch.
        batch: with attention mask, special-tokens mask, and type ids where the tokenizer has any.
        texts: what went in.
        pairs: the second texts, None when there were none.
    """
    sources = batch.get("overflow_to_sample_mapping", range(len(texts)))
    overflow = batch.get("overflowing_tokens")
    windows: Counter[int] = Counter()
    sequences: list[TokenSequence] = []
    for row, source in enumerate(sources):
        pair = None if pairs is None else pairs[source]
        one = _sequence(tokenizer, batch, row, texts[source], pair)
        sequences.append(
            replace(one, source=source, window=windows[source], overflow=list(overflow[row]) if overflow else [])
        )
        windows[source] += 1
    return sequences


def _sequence(tokenizer: Any, batch: Any, number: int, text: str, pair: str | None) -> TokenSequence:  # noqa: ANN401 - see above
    ids = [int(token_id) for token_id in batch["input_ids"][number]]
    attention_mask = list(batch["attention_mask"][number])
    special = list(batch["special_tokens_mask"][number])
    # not the encoding's own tokens: for Unigram those are the unknown text itself, where the id means <unk>
    tokens = [token or "" for token in tokenizer.convert_ids_to_tokens(ids)]
    if batch.encodings:
        encoding = batch.encodings[number]
        offsets, sequence_ids = encoding.offsets, encoding.sequence_ids
    else:
        sequence_ids = slow_sequence_ids(special, text, pair)
        offsets = slow_offsets(tokenizer, ids, tokens, sequence_ids, text=text, pair=pair)
    n_tokens = sum(attention_mask)
    types = batch.get("token_type_ids")  # mistral-common knows none
    return TokenSequence(
        text=text,
        ids=ids,
        tokens=tokens,
        offsets=offsets,
        attention_mask=attention_mask,
        special_tokens_mask=special,
        type_ids=list(types[number]) if types else [0] * len(ids),
        n_tokens=n_tokens,
        truncated=False,
        padding=len(ids) - n_tokens,
        pair=pair,
        sequence_ids=sequence_ids,
    )
