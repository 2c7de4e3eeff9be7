"""Tokenizers of transformers without a Rust backend: how they work and which characters their tokens stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hubtui.core.tokens import Algorithm
from hubtui.worker.tokenizers.align import align_bytes, align_pieces
from hubtui.worker.tokenizers.facts import is_single_characters

_MAX_CHARACTERS = 150_000


def slow_algorithm(tokenizer: Any) -> Algorithm:  # noqa: ANN401 - transformers' many classes
    """Return how a Python tokenizer finds its pieces, from what it is made of."""
    if is_mistral_common(tokenizer):
        return "BPE"
    if _is_bytes(tokenizer):
        return "byte"
    if hasattr(tokenizer, "bpe_ranks") or hasattr(tokenizer, "bpe"):
        return "BPE"
    if getattr(tokenizer, "wordpiece_tokenizer", None) is not None:
        return "WordPiece"
    pieces = getattr(tokenizer, "sp_model", None) or getattr(tokenizer, "spm_source", None)  # the latter is Marian's
    if pieces is not None:
        return _sentencepiece_algorithm(pieces)
    return "character" if _is_characters(tokenizer) else "WordLevel"


def is_mistral_common(tokenizer: Any) -> bool:  # noqa: ANN401 - transformers' many classes
    """Tell whether mistral-common is behind a tokenizer, as for tekken.json: its class takes fewer arguments."""
    return getattr(tokenizer, "backend", "") == "mistral_common"


def slow_sequence_ids(special_tokens_mask: list[int], text: str, pair: str | None) -> list[int | None]:
    """Return which text each token is of, None for special and padding tokens.

    The pair begins after the first run of special tokens that follows the first text.
    """
    sequence = 0 if text or pair is None else 1
    has_text = False
    found: list[int | None] = []
    for is_special in special_tokens_mask:
        if is_special:
            if has_text and pair is not None:
                sequence = 1
            found.append(None)
            continue
        has_text = True
        found.append(sequence)
    return found


def slow_offsets(
    tokenizer: Any,  # noqa: ANN401 - transformers' many classes
    ids: list[int],
    tokens: list[str],
    sequence_ids: list[int | None],
    *,
    text: str,
    pair: str | None,
) -> list[tuple[int, int]]:
    """Return the characters of each token, (0, 0) where that cannot be told."""
    offsets = [(0, 0)] * len(tokens)
    for number, source in enumerate((text, pair)):
        at = [index for index, belongs in enumerate(sequence_ids) if belongs == number]
        if source is None or not at:
            continue
        pieces = [tokens[index] for index in at]
        if (n_bytes := _tekken_bytes(tokenizer)) is not None:
            places = align_bytes(source, [n_bytes(ids[index]) for index in at])
        elif _is_bytes(tokenizer):
            places = align_bytes(source, [1 if len(piece) == 1 else len(piece.encode()) for piece in pieces])
        else:
            places = align_pieces(source, [_surface(piece) for piece in pieces])
        for index, place in zip(at, places, strict=True):
            offsets[index] = place
    return offsets


def _tekken_bytes(tokenizer: Any) -> Callable[[int], int] | None:  # noqa: ANN401 - transformers' many classes
    """Return what tells how many bytes an id of tekken stands for: its pieces may be halves of characters."""
    if not is_mistral_common(tokenizer):
        return None
    vocabulary = tokenizer.tokenizer.instruct_tokenizer.tokenizer
    if not hasattr(vocabulary, "id_to_byte_piece"):
        return None
    return lambda number: len(vocabulary.id_to_byte_piece(number))


def _surface(piece: str) -> str:
    """Return a piece without the marks of its algorithm (``##``, ``▁``, ``@@``, ``</w>``)."""
    if len(piece) == 1:
        return piece if piece != "▁" else " "
    return piece.removeprefix("##").removeprefix("▁").removesuffix("@@").removesuffix("</w>")


def _is_bytes(tokenizer: Any) -> bool:  # noqa: ANN401 - transformers' many classes
    """ByT5 and Perceiver say so by the attribute that holds the size of their alphabet."""
    return getattr(tokenizer, "_utf_vocab_size", None) == 256


def _is_characters(tokenizer: Any) -> bool:  # noqa: ANN401 - transformers' many classes
    # CANINE: every code point of Unicode is its own id
    if tokenizer.vocab_size >= 0x110000:
        return True
    if len(tokenizer) > _MAX_CHARACTERS:
        return False
    return is_single_characters(set(tokenizer.get_vocab()) - set(tokenizer.all_special_tokens))


def _sentencepiece_algorithm(model: Any) -> Algorithm:  # noqa: ANN401 - a SentencePieceProcessor
    """Unigram pieces have log probabilities for scores, BPE pieces negative ranks (whole numbers)."""
    scores = [model.get_score(number) for number in range(min(model.get_piece_size(), 1000))]
    return "BPE" if all(float(score).is_integer() for score in scores) else "Unigram"
