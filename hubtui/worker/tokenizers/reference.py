"""AutoTokenizer: the reference for every id, in values of our own."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cached_property
from itertools import repeat
from pathlib import Path
from typing import Any

from hubtui.core.errors import TokenizerError
from hubtui.core.pad_doctor import OF_CONFIG, PadFacts, examine
from hubtui.core.padding import padded_length
from hubtui.core.tokens import SpecialToken, TextInput, Tokenized, TokenizeOptions, TokenizerInfo, TokenSequence
from hubtui.core.untrusted import clean
from hubtui.worker.tokenizers.batch import sequences_of
from hubtui.worker.tokenizers.cache import ConfirmedTokenizer
from hubtui.worker.tokenizers.facts import (
    ROLES,
    VOCABULARY_FILES,
    backend_algorithm,
    finite_length,
    is_byte_level,
    model_limits,
    special_ids,
    unread_pieces,
)
from hubtui.worker.tokenizers.live_batch import LiveText
from hubtui.worker.tokenizers.pads import pad_facts
from hubtui.worker.tokenizers.raw import smallest
from hubtui.worker.tokenizers.refusals import check_multiple, check_windows, is_panic, refused
from hubtui.worker.tokenizers.slow import is_mistral_common, slow_algorithm
from hubtui.worker.tokenizers.warnings import BatchFacts, effective_max_length, warnings_for

MAX_PADDED_TOKENS = 2_000_000
"""A batch that padding would make larger than this is left unpadded: it would be pad tokens for the most part."""

_KEPT_UNKNOWN = 32
_MAX_SENTENCE = 300
_MADE_UP = 256
_NO_FILES_HINT = "Models of images or sound have none; of others, the base model's tokenizer may be the one."
_PADDING = {"none": False, "longest": True, "max_length": "max_length"}


class LoadedAutoTokenizer:
    """A tokenizer that AutoTokenizer loaded.

    Args:
        tokenizer: of transformers.
        model: model id or folder, to show.
        folder: where its files are.
        embedding_size: rows of the model's embedding, where the caller knows them.
    """

    def __init__(self, tokenizer: Any, model: str, folder: Path, embedding_size: int | None) -> None:  # noqa: ANN401 - transformers' many classes
        self._tokenizer = tokenizer
        self.folder = folder
        limits = model_limits(folder, embedding_size)
        self._has_types = not is_mistral_common(tokenizer)
        fast = bool(getattr(tokenizer, "is_fast", False))
        model_max_length = finite_length(tokenizer.model_max_length)
        self.limit = smallest(model_max_length, limits.positions)
        self.special_ids = (
            special_ids(tokenizer.backend_tokenizer) if fast else frozenset(int(n) for n in tokenizer.all_special_ids)
        )
        self.info = TokenizerInfo(
            model=model,
            algorithm=backend_algorithm(tokenizer.backend_tokenizer) if fast else slow_algorithm(tokenizer),
            vocab_size=len(tokenizer),
            fast=fast,
            model_max_length=model_max_length,
            padding_side=str(tokenizer.padding_side),
            truncation_side=str(tokenizer.truncation_side),
            special_tokens={role: _special_token(tokenizer, role) for role in ROLES},
            tokenizer_class=type(tokenizer).__name__,
            embedding_size=limits.embedding_size,
            pad_type_id=int(getattr(tokenizer, "pad_token_type_id", 0) or 0),
            positions=limits.positions,
            byte_level=fast and is_byte_level(tokenizer.backend_tokenizer),
        )

    @property
    def tokenizer(self) -> Any:  # noqa: ANN401 - transformers' many classes
        """The tokenizer of transformers."""
        return self._tokenizer

    @cached_property
    def pad_facts(self) -> PadFacts:
        """What tokenizer and configs say about padding."""
        return pad_facts(self._tokenizer, self.info, self.folder)

    def encode(self, texts: list[str], options: TokenizeOptions, pairs: list[str] | None) -> Tokenized:
        """Encode a batch as the tokenizer does when it is called; padding that it cannot do is left out and said.

        Raises:
            TokenizerError: the tokenizer does not take these texts.
        """
        if not texts:
            return Tokenized(self.info, [])
        check_multiple(self.info, options)
        check_windows(self.info, options, zip(texts, repeat(None) if pairs is None else pairs, strict=False))
        whole = self._whole_lengths(texts, options, pairs)
        refused = self._padding_refusal(texts, options, pairs)
        can_pad = not refused and self.info.special_tokens["pad"] is not None
        started = time.perf_counter()
        sequences = self._encode(texts, options, pairs, padding=options.padding if can_pad else "none", whole=whole)
        elapsed_ms = (time.perf_counter() - started) * 1000
        n_unknown, unknown = _unknown(sequences, self.info)
        facts = BatchFacts(
            lengths=[one.n_tokens for one in sequences],
            full_lengths=whole or [one.n_tokens for one in sequences],
            limit=self.limit,
            n_truncated=sum(one.truncated for one in sequences if not one.window),
            max_id=max((max(one.ids, default=0) for one in sequences), default=0),
            n_unknown=n_unknown,
            n_text=sum(number is not None for one in sequences for number in one.sequence_ids) if n_unknown else 0,
            unknown=unknown,
            padding_refused=refused,
        )
        warnings = warnings_for(self.info, options, facts)
        if any(one.padding for one in sequences):
            examined = examine(replace(self.pad_facts, padding_side=options.padding_side or self.info.padding_side))
            warnings += [finding.sentence for finding in examined if finding.name in OF_CONFIG]
        return Tokenized(self.info, sequences, warnings, elapsed_ms)

    def token(self, token_id: int) -> str:
        """Return the piece that an id stands for."""
        return self._tokenizer.convert_ids_to_tokens(token_id) or ""

    def encode_inputs(self, inputs: list[TextInput], options: TokenizeOptions) -> list[LiveText]:
        """Encode without padding, for live typing.

        Raises:
            TokenizerError: the tokenizer does not take these texts, or does not cut them in this way.
        """
        texts = [text for text, _ in inputs]
        pairs = [pair or "" for _, pair in inputs] if inputs[0][1] is not None else None
        whole = self._whole_lengths(texts, options, pairs)
        if not self.info.fast:
            # it gives no windows, and its list of what is cut off would be told of the whole batch only
            options = replace(options, stride=None)
        sequences = self._encode(texts, options, pairs, padding="none", whole=whole)
        found: list[list[TokenSequence]] = [[] for _ in inputs]
        for one in sequences:
            found[one.source].append(one)
        return [
            LiveText(windows, whole[number] if whole else windows[0].n_tokens) for number, windows in enumerate(found)
        ]

    def confirmed(self) -> ConfirmedTokenizer | None:
        """Return the Rust tokenizer behind it, None where calling it alone would give other ids."""
        from transformers import PreTrainedTokenizerFast

        kind = type(self._tokenizer)
        is_plain = (
            self.info.fast
            and isinstance(self._tokenizer, PreTrainedTokenizerFast)
            and kind.__call__ is PreTrainedTokenizerFast.__call__
            and kind._encode_plus is PreTrainedTokenizerFast._encode_plus  # noqa: SLF001 - where subclasses differ
        )
        if not is_plain:
            return None
        # a call changes this switch of the backend to what the tokenizer says
        splits = bool(getattr(self._tokenizer, "split_special_tokens", False))
        return ConfirmedTokenizer(self._tokenizer.backend_tokenizer.to_str(), splits, self.info, self.limit)

    def _encode(
        self,
        texts: list[str],
        options: TokenizeOptions,
        pairs: list[str] | None,
        *,
        padding: str,
        whole: list[int] | None = None,
    ) -> list[TokenSequence]:
        batch = self._call(texts, options, pairs, padding=padding)
        sequences = sequences_of(self._tokenizer, batch, texts, pairs)
        if whole is None:
            return sequences
        return [replace(one, truncated=one.n_tokens < whole[one.source]) for one in sequences]

    def _call(self, texts: list[str], options: TokenizeOptions, pairs: list[str] | None, *, padding: str) -> Any:  # noqa: ANN401 - a BatchEncoding
        own_side = self._tokenizer.truncation_side
        try:
            # a call has no argument for it
            self._tokenizer.truncation_side = options.truncation_side or own_side
            return self._tokenizer(texts, pairs, padding=_PADDING[padding], **self._arguments(options))
        except BaseException as error:  # a tokenizer class may raise anything
            if not isinstance(error, Exception) and not is_panic(error):
                raise
            name = f"{type(self._tokenizer).__name__} of {self.info.model}"
            raise refused(error, self.info, options, name) from error
        finally:
            self._tokenizer.truncation_side = own_side

    def _arguments(self, options: TokenizeOptions) -> dict[str, Any]:
        """Return what the tokenizer is called with, padding aside."""
        arguments = {
            "add_special_tokens": options.special_tokens,
            "truncation": options.truncation_strategy if options.truncation else False,
            "max_length": options.max_length,
            "stride": options.stride or 0,
            "padding_side": options.padding_side,
            "pad_to_multiple_of": options.pad_to_multiple_of,
            "return_overflowing_tokens": options.stride is not None,
            "return_attention_mask": True,
            "return_special_tokens_mask": True,
        }
        return {**arguments, "return_token_type_ids": True} if self._has_types else arguments

    def _whole_lengths(self, texts: list[str], options: TokenizeOptions, pairs: list[str] | None) -> list[int] | None:
        """Return the lengths before truncation, None where nothing is cut."""
        if not options.truncation or effective_max_length(self.info, options) is None:
            return None
        whole = TokenizeOptions(special_tokens=options.special_tokens)
        return [len(ids) for ids in self._call(texts, whole, pairs, padding="none")["input_ids"]]

    def _padding_refusal(self, texts: list[str], options: TokenizeOptions, pairs: list[str] | None) -> str:
        """Return why a batch is too large to pad, or an empty text."""
        multiple, rows = options.pad_to_multiple_of, len(texts)
        target: int | None = None
        if options.padding == "max_length":
            target = effective_max_length(self.info, options)
        if options.padding == "longest" or (target is not None and options.stride is not None):
            # no tokenizer makes that many tokens of a character; where even they fit, nothing needs counting
            bound = max(map(len, texts)) + max(map(len, pairs or [""]))
            if options.stride is not None or rows * padded_length(bound * 8 + 16, multiple) > MAX_PADDED_TOKENS:
                unpadded = self._call(texts, options, pairs, padding="none")["input_ids"]
                rows, target = len(unpadded), target or max(map(len, unpadded))
        if target is None:
            return ""
        target = padded_length(target, multiple)
        if rows * target <= MAX_PADDED_TOKENS:
            return ""
        return (
            f"Padding {rows:,} sequences to {target:,} tokens makes {rows * target:,} tokens, more than "
            f"the {MAX_PADDED_TOKENS:,} that hubtui builds, so the batch is shown unpadded: "
            "tokenizer.pad(batch) for smaller batches"
        )


def load_auto(model: str, folder: Path, embedding_size: int | None) -> LoadedAutoTokenizer:
    """Return what AutoTokenizer makes of a checkpoint folder.

    Raises:
        TokenizerError: it cannot, in its own words, or it would run a stranger's code.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), trust_remote_code=False, local_files_only=True)
    except Exception as error:  # whatever a broken file makes it raise
        raise _load_error(model, folder, error) from error
    has_files = any((folder / name).is_file() for name in VOCABULARY_FILES)
    if getattr(tokenizer, "is_fast", False) and not has_files and len(tokenizer) < _MADE_UP:
        # of a config.json alone transformers makes a tokenizer of special tokens, and every text becomes unknown
        raise TokenizerError(f"{model} has no tokenizer files.", hint=_NO_FILES_HINT)
    return LoadedAutoTokenizer(tokenizer, model, folder, embedding_size)


def one_sentence(error: BaseException) -> str:
    """Return an exception's text on one line, harmless and short."""
    text = clean(str(error)) or type(error).__name__
    return text if len(text) <= _MAX_SENTENCE else f"{text[:_MAX_SENTENCE]}…"


def _load_error(model: str, folder: Path, error: Exception) -> TokenizerError:
    if "trust_remote_code" in str(error):
        return TokenizerError(
            f"The tokenizer of {model} is Python code of its own, which hubtui does not run.",
            hint="Read that code, then load it yourself with trust_remote_code=True.",
        )
    present = [name for name in VOCABULARY_FILES if (folder / name).is_file()]
    if not present:
        return TokenizerError(f"{model} has no tokenizer files.", hint=_NO_FILES_HINT)
    why, hint = f"{one_sentence(error).rstrip('.')}.", "Check its files, or download the model again."
    if isinstance(error, KeyError):
        why = f"the entry {one_sentence(error)} is missing in its files."
    if isinstance(error, ImportError):
        hint = "Install that package beside hubtui."
    unread = unread_pieces(folder)
    if unread is not None:
        why, hint = unread
    elif str(error).startswith("Couldn't instantiate the backend tokenizer"):
        why = f"it cannot tell which tokenizer {', '.join(present)} belong to."
        if not (folder / "config.json").is_file():
            hint = "config.json, which would name the class, is missing."
    return TokenizerError(f"AutoTokenizer cannot load the tokenizer of {model}: {why}", hint=hint)


def _special_token(tokenizer: Any, role: str) -> SpecialToken | None:  # noqa: ANN401 - transformers' many classes
    token = getattr(tokenizer, f"{role}_token", None)
    if token is None:
        return None
    number = getattr(tokenizer, f"{role}_token_id", None)
    return SpecialToken(str(token), number if isinstance(number, int) and number >= 0 else None)


def _unknown(sequences: list[TokenSequence], info: TokenizerInfo) -> tuple[int, list[str]]:
    """Return how many tokens are unknown and the text of a few of them."""
    unknown_token = info.special_tokens["unk"]
    if unknown_token is None:
        return 0, []
    count = 0
    texts: list[str] = []
    for one in sequences:
        if unknown_token.id not in one.ids:
            continue
        for number, (start, end), belongs in zip(one.ids, one.offsets, one.sequence_ids, strict=True):
            source = one.pair if belongs == 1 and one.pair is not None else one.text
            # where the text spells the token out, nothing is unknown
            if number != unknown_token.id or belongs is None or source[start:end] == unknown_token.token:
                continue
            count += 1
            if len(texts) < _KEPT_UNKNOWN:
                texts.append(source[start:end])
    return count, texts
