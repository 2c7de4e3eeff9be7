"""tokenizer.json by itself, through the Rust library: ready in milliseconds, equal to AutoTokenizer for most repos."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hubtui.core.errors import TokenizerError
from hubtui.core.tokens import TokenizeOptions, TokenizerInfo
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
from hubtui.worker.tokenizers.warnings import effective_max_length

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer


class RawSequence:
    """One line as the Rust tokenizer encoded it; what is not looked at is never converted.

    Args:
        text: the line.
        encoding: its encoding, unpadded.
        n_added: tokens that the tokenizer adds to every sequence.
    """

    def __init__(self, text: str, encoding: Encoding, n_added: int) -> None:
        self.text = text
        self._encoding = encoding
        self._n_added = n_added

    @cached_property
    def ids(self) -> list[int]:
        """Token ids."""
        return self._encoding.ids

    @cached_property
    def offsets(self) -> list[tuple[int, int]]:
        """Characters of `text` that each token covers."""
        return self._encoding.offsets

    @cached_property
    def special_tokens_mask(self) -> list[int]:
        """1 for tokens that the tokenizer added."""
        return self._encoding.special_tokens_mask

    @cached_property
    def full_length(self) -> int:
        """Tokens before truncation: each piece that was cut off carries its own added tokens."""
        return len(self._encoding) + sum(len(piece) - self._n_added for piece in self._encoding.overflowing)


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

    def encode_lines(self, lines: list[str], options: TokenizeOptions) -> list[RawSequence]:
        """Encode without padding."""
        maximum = effective_max_length(self.info, options) if options.truncation else None
        if maximum is None:
            self._backend.no_truncation()
        else:
            self._backend.enable_truncation(maximum, direction=self.info.truncation_side)
        encodings = self._backend.encode_batch(lines, add_special_tokens=options.special_tokens)
        n_added = self._backend.num_special_tokens_to_add(False) if options.special_tokens else 0
        return [RawSequence(line, encoding, n_added) for line, encoding in zip(lines, encodings, strict=True)]


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
