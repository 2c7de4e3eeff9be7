"""One text on its way through a tokenizer that AutoTokenizer loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from hubtui.core.errors import TokenizerError
from hubtui.core.stages import (
    MOST_CHARACTERS,
    ModelWord,
    PreToken,
    Run,
    SequenceToken,
    Stage,
    TokenStages,
    UnitCount,
)
from hubtui.core.tokens import TokenizeOptions, TokenSequence
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer
from hubtui.worker.tokenizers.stages.fast import UNEQUAL, FastStages
from hubtui.worker.tokenizers.stages.slow import SlowStages
from hubtui.worker.tokenizers.stages.units import count_units

_PLAIN = TokenizeOptions(special_tokens=False)
_fast: WeakKeyDictionary[LoadedAutoTokenizer, FastStages] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _Inside:
    """What happens before the post-processor, and the stages as they are."""

    stages: list[Stage]
    normalized: list[Run] | None
    pre_tokens: list[PreToken] | None
    words: list[ModelWord]
    doubt: str = ""


def stages_of(loaded: LoadedAutoTokenizer, text: str) -> TokenStages:
    """Take a text apart.

    Raises:
        TokenizerError: the text is too long, or the tokenizer does not take it.
    """
    if len(text) > MOST_CHARACTERS:
        raise TokenizerError(
            f"A text of {len(text):,} characters is not taken apart, only up to {MOST_CHARACTERS:,}.",
            hint="Give a part of it.",
        )
    sequence = loaded.encode([text], TokenizeOptions(), None).sequences[0]
    inside = (_inside_fast if loaded.info.fast else _inside_slow)(loaded, text, sequence)
    return TokenStages(
        text=text,
        info=loaded.info,
        stages=inside.stages,
        normalized=inside.normalized,
        pre_tokens=inside.pre_tokens,
        words=inside.words,
        tokens=_tokens(sequence),
        decoded=loaded.tokenizer.decode(sequence.ids, skip_special_tokens=True),
        decoded_with_special=loaded.tokenizer.decode(sequence.ids),
        counts=_counts(loaded, text, sequence),
        doubt=inside.doubt,
    )


def _inside_fast(loaded: LoadedAutoTokenizer, text: str, sequence: TokenSequence) -> _Inside:
    if loaded not in _fast:
        _fast[loaded] = FastStages(loaded.tokenizer)
    stages = _fast[loaded]
    pre_tokens = stages.pre_tokens(text)
    words, is_right = stages.words(text, pre_tokens, _unknown_id(loaded))
    ids = [piece.id for word in words for piece in word.pieces]
    is_right &= ids == [number for number, _ in _own(sequence)]
    return _Inside(
        # what the decoder gets: not the encoding's own tokens, which call unknown text by itself
        stages.stages(text, [token for _, token in _spoken(loaded, sequence)]),
        stages.normalized(text),
        pre_tokens,
        words,
        "" if is_right else UNEQUAL,
    )


def _inside_slow(loaded: LoadedAutoTokenizer, text: str, sequence: TokenSequence) -> _Inside:
    stages = SlowStages(loaded.tokenizer, loaded.info)
    normalized = stages.normalized(text)
    pre_tokens, words = stages.words(text, sequence)
    told = stages.stages(is_normalized=normalized is not None, has_pre_tokens=pre_tokens is not None)
    return _Inside(told, normalized, pre_tokens, words)


def _own(sequence: TokenSequence) -> list[tuple[int, str]]:
    """Return id and token of all but what the post-processor added."""
    marked = zip(sequence.ids, sequence.tokens, sequence.special_tokens_mask, strict=True)
    return [(number, token) for number, token, special in marked if not special]


def _spoken(loaded: LoadedAutoTokenizer, sequence: TokenSequence) -> list[tuple[int, str]]:
    """Return id and token of all that a decoder is not told to skip."""
    pairs = zip(sequence.ids, sequence.tokens, strict=True)
    return [(number, token) for number, token in pairs if number not in loaded.special_ids]


def _tokens(sequence: TokenSequence) -> list[SequenceToken]:
    entries = zip(
        sequence.tokens,
        sequence.ids,
        sequence.offsets,
        sequence.type_ids,
        sequence.special_tokens_mask,
        strict=True,
    )
    return [
        SequenceToken(token, number, *place, kind, bool(special)) for token, number, place, kind, special in entries
    ]


def _counts(loaded: LoadedAutoTokenizer, text: str, sequence: TokenSequence) -> list[UnitCount]:
    def pieces(texts: Sequence[str]) -> list[list[tuple[int, str]]]:
        encoded = loaded.encode_inputs([(one, None) for one in texts], _PLAIN) if texts else []
        return [[(number, loaded.token(number)) for number in one.windows[0].ids] for one in encoded]

    marked = zip(sequence.ids, sequence.offsets, sequence.tokens, sequence.special_tokens_mask, strict=True)
    tokens = [(number, text[slice(*place)] or token) for number, place, token, special in marked if not special]
    return count_units(text, pieces, tokens, _unknown_id(loaded))


def _unknown_id(loaded: LoadedAutoTokenizer) -> int | None:
    unknown = loaded.info.special_tokens.get("unk")
    return unknown.id if unknown else None
