"""What two vocabularies have in common: as tokens are written, and by the text that they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from hubtui.core.byte_pieces import byte_characters, byte_level_bytes, bytes_text, fallback_byte
from hubtui.core.tokenizer_comparison import MovedToken, SharedVocabulary
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer

_EXAMPLES = 5


def shared_vocabulary(one: LoadedAutoTokenizer, other: LoadedAutoTokenizer) -> SharedVocabulary:
    """Compare two vocabularies, added tokens included."""
    ids, other_ids = _vocabulary(one), _vocabulary(other)
    shared = ids.keys() & other_ids.keys()
    moved = [token for token in shared if ids[token] != other_ids[token]]
    texts, other_texts = _texts(ids), _texts(other_ids)
    added = set(one.tokenizer.get_added_vocab()) | set(other.tokenizer.get_added_vocab())
    # pieces of words tell more than single characters and added tokens, and the first ones are the most frequent
    told = sorted(moved, key=lambda token: (token in added, len(token) < 3, ids[token]))
    return SharedVocabulary(
        size=len(ids),
        other_size=len(other_ids),
        shared=len(shared),
        moved=len(moved),
        n_texts=len(texts),
        other_texts=len(other_texts),
        shared_texts=len(texts & other_texts),
        examples=[MovedToken(token, ids[token], other_ids[token]) for token in islice(told, _EXAMPLES)],
    )


def _vocabulary(loaded: LoadedAutoTokenizer) -> dict[str, int]:
    return {str(token): int(number) for token, number in loaded.tokenizer.get_vocab().items()}


def _texts(vocabulary: Mapping[str, int]) -> set[str]:
    """Return what tokens stand for, without the marks of where words begin, go on and end.

    Tokens that are part of a character's bytes stand for no text.
    """
    # all 256 of them as tokens: letters such as é are of that alphabet, too, so that one token tells nothing
    is_byte_level = byte_characters().keys() <= vocabulary.keys()
    found: set[str] = set()
    for token in vocabulary:
        data = byte_level_bytes(token) if is_byte_level else fallback_byte(token)
        if data is not None:
            text = (bytes_text(data) or "").removeprefix(" ")
        elif len(token) > 1:
            text = token.removeprefix("##").removeprefix("▁").removesuffix("@@").removesuffix("</w>")
        else:
            text = token
        if text:
            found.add(text)
    return found
