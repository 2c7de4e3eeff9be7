"""What can be said of the stages of a tokenizer that is Python code."""

from __future__ import annotations

from typing import Any

from hubtui.core.byte_pieces import fallback_byte, hex_text
from hubtui.core.stages import ModelWord, PreToken, Run, Stage, StagePiece
from hubtui.core.tokens import TokenizerInfo, TokenSequence

_SPLITTERS = ("word_tokenizer", "basic_tokenizer")
_CUTTERS = ("subword_tokenizer", "wordpiece_tokenizer")
_WITHOUT_STEPS = frozenset({"byte", "character", "WordLevel"})


class SlowStages:
    """Takes texts apart with one tokenizer.

    Args:
        tokenizer: of transformers.
        info: what it is.
    """

    def __init__(self, tokenizer: Any, info: TokenizerInfo) -> None:  # noqa: ANN401 - transformers' many classes
        self._tokenizer = tokenizer
        self._info = info
        self._pieces = getattr(tokenizer, "sp_model", None) or getattr(tokenizer, "spm_source", None)  # Marian's
        self._splitter = _first(tokenizer, _SPLITTERS)
        self._cutter = _first(tokenizer, _CUTTERS)

    def normalized(self, text: str) -> list[Run] | None:
        """Return the text as SentencePiece rewrites it; None unless its pieces, one after another, are that text."""
        if self._pieces is None:
            return None
        made = str(self._pieces.normalize(text))
        if "".join(self._tokenizer.tokenize(text)) != made:
            return None
        return [Run(made, text, 0, len(text), "same" if made == text else "changed")]

    def words(self, text: str, sequence: TokenSequence) -> tuple[list[PreToken] | None, list[ModelWord]]:
        """Return the words that the class cuts first and the pieces of each.

        None, and the pieces of the whole text, unless cutting each of its words gives the same pieces.
        """
        pieces = self._own_pieces(sequence)
        if self._splitter is None or self._cutter is None:
            return None, [ModelWord(pieces)]
        cut = {
            str(word): [str(piece) for piece in self._cutter.tokenize(word)] for word in self._splitter.tokenize(text)
        }
        in_order = [str(word) for word in self._splitter.tokenize(text)]
        if [piece for word in in_order for piece in cut[word]] != [piece.token for piece in pieces]:
            return None, [ModelWord(pieces)]
        pre_tokens: list[PreToken] = []
        words: list[ModelWord] = []
        at = 0
        for word in in_order:
            own = pieces[at : at + len(cut[word])]
            at += len(own)
            places = [(piece.start, piece.end) for piece in own if piece.end > piece.start]
            pre_tokens.append(PreToken(word, places[0][0] if places else 0, places[-1][1] if places else 0))
            words.append(ModelWord(own))
        return pre_tokens, words

    def _own_pieces(self, sequence: TokenSequence) -> list[StagePiece]:
        unknown = self._info.special_tokens.get("unk")
        unknown_id = unknown.id if unknown else None
        return [
            StagePiece(token, number, start, end, number == unknown_id, self._data(token))
            for token, number, (start, end), special in zip(
                sequence.tokens, sequence.ids, sequence.offsets, sequence.special_tokens_mask, strict=True
            )
            if not special
        ]

    def _data(self, token: str) -> str | None:
        if self._info.algorithm == "byte":
            return hex_text(token.encode("latin-1")) if len(token) == 1 and ord(token) < 256 else None
        data = fallback_byte(token)
        return None if data is None else hex_text(data)

    def stages(self, *, is_normalized: bool, has_pre_tokens: bool) -> list[Stage]:
        """Return all five, with what cannot be told.

        Args:
            is_normalized: the normalised text is known.
            has_pre_tokens: they are known.
        """
        kind = type(self._tokenizer).__name__
        hidden = f"{kind} is Python code that does not show this by itself."
        pieces = type(self._pieces).__name__ if self._pieces is not None else ""
        model = type(self._cutter).__name__ if has_pre_tokens else pieces or kind
        steps = "" if self._info.algorithm in _WITHOUT_STEPS else f"{kind} does not tell how it comes to its pieces."
        return [
            Stage("normalizer", f"{pieces}.normalize" if is_normalized else "", limit="" if is_normalized else hidden),
            Stage(
                "pre-tokenizer",
                type(self._splitter).__name__ if has_pre_tokens else "",
                limit="" if has_pre_tokens else hidden,
            ),
            Stage("model", model, {"vocab": f"{self._info.vocab_size:,} entries"}, limit=steps),
            Stage("post-processor", kind, {"method": "build_inputs_with_special_tokens"}),
            Stage("decoder", kind, {"method": "convert_tokens_to_string"}),
        ]


def _first(tokenizer: Any, names: tuple[str, ...]) -> Any:  # noqa: ANN401 - transformers' many classes
    """Return the first of some parts of a tokenizer that it has and that tokenizes."""
    parts = (getattr(tokenizer, name, None) for name in names)
    return next((part for part in parts if callable(getattr(part, "tokenize", None))), None)
