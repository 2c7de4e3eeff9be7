"""tokenizer.json by itself, through the Rust library: ready in milliseconds, equal to AutoTokenizer for most repos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hubtui.core.errors import TokenizerError
from hubtui.core.tokens import TextInput, TokenizeOptions, TokenizerInfo
from hubtui.core.untrusted import clean
from hubtui.worker.tokenizers.facts import (
    backend_algorithm,
    declared_special_tokens,
    finite_length,
    is_byte_level,
    model_limits,
    read_json,
    special_ids,
)
from hubtui.worker.tokenizers.live_batch import LiveText
from hubtui.worker.tokenizers.refusals import is_panic, refused
from hubtui.worker.tokenizers.warnings import effective_max_length

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer


class RawSequence:
    """One row as the Rust tokenizer encoded it; what is not looked at is never converted.

    Args:
        encoding: its encoding, unpadded.
    """

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding

    @cached_property
    def ids(self) -> list[int]:
        """Token ids."""
        return self._encoding.ids

    @cached_property
    def offsets(self) -> list[tuple[int, int]]:
        """Characters of the text that each token covers."""
        return self._encoding.offsets

    @cached_property
    def special_tokens_mask(self) -> list[int]:
        """1 for tokens that the tokenizer added."""
        return self._encoding.special_tokens_mask

    @cached_property
    def type_ids(self) -> list[int]:
        """Which part of the input each token is of."""
        return self._encoding.type_ids

    @cached_property
    def sequence_ids(self) -> list[int | None]:
        """Which text of a pair each token is of."""
        return self._encoding.sequence_ids


class RawTokenizer:
    """A Rust tokenizer and what is known about it.

    Args:
        backend: the tokenizer; its own truncation and padding are switched off.
        info: what it is.
        limit: longest sequence that tokenizer and model take.
    """

    def __init__(self, backend: Tokenizer, info: TokenizerInfo, limit: int | None) -> None:
        backend.no_padding()
        backend.no_truncation()
        self._backend = backend
        self.info = info
        self.limit = limit
        self.special_ids = special_ids(backend)

    def token(self, token_id: int) -> str:
        """Return the piece that an id stands for."""
        return self._backend.id_to_token(token_id) or ""

    def encode_inputs(self, inputs: list[TextInput], options: TokenizeOptions) -> list[LiveText]:
        """Encode without padding.

        Raises:
            TokenizerError: the library does not cut these texts in this way.
        """
        maximum = effective_max_length(self.info, options) if options.truncation else None
        try:
            self._cut_at(maximum, options)
            encodings = self._encode(inputs, options)
            whole = self._whole_lengths(inputs, encodings, options)
        except BaseException as error:
            if isinstance(error, MemoryError) or not (isinstance(error, Exception) or is_panic(error)):
                raise
            raise refused(error, self.info, options, f"The tokenizer of {self.info.model}") from error
        return [
            LiveText([RawSequence(each) for each in _windows(encoding, options)], length)
            for encoding, length in zip(encodings, whole, strict=True)
        ]

    def _cut_at(self, maximum: int | None, options: TokenizeOptions) -> None:
        if maximum is None:
            self._backend.no_truncation()
            return
        self._backend.enable_truncation(
            maximum,
            stride=options.stride or 0,
            strategy=options.truncation_strategy,
            direction=options.truncation_side or self.info.truncation_side,
        )

    def _encode(self, inputs: Sequence[TextInput], options: TokenizeOptions) -> list[Encoding]:
        batch = [text if pair is None else (text, pair) for text, pair in inputs]
        return self._backend.encode_batch(batch, add_special_tokens=options.special_tokens)

    def _whole_lengths(
        self, inputs: Sequence[TextInput], encodings: list[Encoding], options: TokenizeOptions
    ) -> list[int]:
        """Return the lengths before truncation.

        What is cut off a single text tells it; windows of a pair repeat the other text, which is encoded again.
        """
        stride = options.stride or 0
        n_added = self._backend.num_special_tokens_to_add(False) if options.special_tokens else 0
        lengths = [
            len(encoding) + sum(len(piece) - n_added - stride for piece in encoding.overflowing)
            for encoding in encodings
        ]
        cut = [at for at, encoding in enumerate(encodings) if inputs[at][1] is not None and encoding.overflowing]
        if cut:
            self._backend.no_truncation()
            for at, encoding in zip(cut, self._encode([inputs[at] for at in cut], options), strict=True):
                lengths[at] = len(encoding)
        return lengths


def _windows(encoding: Encoding, options: TokenizeOptions) -> list[Encoding]:
    return [encoding] if options.stride is None else [encoding, *encoding.overflowing]


def load_raw(model: str, folder: Path, embedding_size: int | None) -> RawTokenizer:
    """Return the tokenizer in a folder's tokenizer.json, marked provisional.

    Raises:
        TokenizerError: the file cannot be read.
    """
    from tokenizers import Tokenizer

    try:
        backend = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the Rust library raises plain Exception
        raise TokenizerError(f"tokenizer.json of {model} cannot be read: {clean(str(error))[:300]}") from error
    declared = read_json(folder / "tokenizer_config.json")
    limits = model_limits(folder, embedding_size)
    model_max_length = finite_length(declared.get("model_max_length"))
    info = TokenizerInfo(
        model=model,
        algorithm=backend_algorithm(backend),
        vocab_size=backend.get_vocab_size(with_added_tokens=True),
        fast=True,
        model_max_length=model_max_length,
        padding_side=_side(declared.get("padding_side")),
        truncation_side=_side(declared.get("truncation_side")),
        special_tokens=declared_special_tokens(folder, backend),
        provisional=True,
        embedding_size=limits.embedding_size,
        positions=limits.positions,
        byte_level=is_byte_level(backend),
    )
    return RawTokenizer(backend, info, smallest(model_max_length, limits.positions))


def from_confirmed(text: str, info: TokenizerInfo, limit: int | None, *, encode_special_tokens: bool) -> RawTokenizer:
    """Return the tokenizer that AutoTokenizer made, from its serialised backend."""
    from tokenizers import Tokenizer

    backend = Tokenizer.from_str(text)
    backend.encode_special_tokens = encode_special_tokens
    return RawTokenizer(backend, replace(info, provisional=False), limit)


def smallest(*limits: int | None) -> int | None:
    """Return the smallest of the known limits, None when none is known."""
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else None


def _side(value: object) -> str:
    return "left" if value == "left" else "right"
