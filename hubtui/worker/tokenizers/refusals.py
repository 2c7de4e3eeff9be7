"""What tokenizers refuse to do with a combination of options, each in one sentence that says what to change."""

from __future__ import annotations

from collections.abc import Iterable

from hubtui.core.errors import TokenizerError
from hubtui.core.tokens import TextInput, TokenizeOptions, TokenizerInfo
from hubtui.core.untrusted import clean
from hubtui.worker.tokenizers.warnings import effective_max_length

MAX_WINDOW_IDS = 5_000_000
"""The most ids that a batch may be cut into, as far as the length of its texts tells."""

_CHARS_PER_TOKEN = 3
_MAX_SENTENCE = 300


def check_multiple(info: TokenizerInfo, options: TokenizeOptions) -> None:
    """Refuse what AutoTokenizer refuses before it encodes: cutting to a length that is then rounded up again.

    Raises:
        TokenizerError: the maximum length is no multiple of `pad_to_multiple_of`.
    """
    multiple, maximum = options.pad_to_multiple_of, effective_max_length(info, options)
    is_padded = options.padding != "none" and info.special_tokens.get("pad") is not None
    if options.truncation and is_padded and multiple and maximum is not None and maximum % multiple:
        below, above = maximum // multiple * multiple, (maximum // multiple + 1) * multiple
        nearest = f"{below:,} or {above:,}" if below else f"{above:,}"
        raise TokenizerError(
            f"Cut to {maximum:,} tokens and padded to a multiple of {multiple} exclude each other.",
            hint=f"Take a maximum length of {nearest}, or leave one of the two out.",
        )


def check_windows(info: TokenizerInfo, options: TokenizeOptions, inputs: Iterable[TextInput]) -> None:
    """Refuse windows that would fill the memory: those of a pair combine, and a step of one token repeats all.

    The library makes them whether they are wanted or not.

    Raises:
        TokenizerError: these texts would be cut into more than `MAX_WINDOW_IDS` ids.
    """
    maximum = effective_max_length(info, options)
    if not options.truncation or maximum is None:
        return
    total = 0
    for text, pair in inputs:
        if pair is not None and options.truncation_strategy == "longest_first":
            n_windows = _n_windows(text, maximum // 2, options) * _n_windows(pair, maximum // 2, options)
        else:
            n_windows = _n_windows(max(text, pair or "", key=len), maximum, options)
        total += n_windows * min(maximum, len(text) + len(pair or ""))
    if total > MAX_WINDOW_IDS:
        raise TokenizerError(
            f"Cut into windows of {maximum:,} tokens, these texts would make some {total:,} ids, more than the "
            f"{MAX_WINDOW_IDS:,} that hubtui builds.",
            hint="Raise the maximum length, lower the stride, or shorten the texts.",
        )


def _n_windows(text: str, size: int, options: TokenizeOptions) -> int:
    return 1 + len(text) // (_CHARS_PER_TOKEN * max(1, size - (options.stride or 0)))


def check_cut_off(info: TokenizerInfo, options: TokenizeOptions, are_cut: list[bool], *, has_pairs: bool) -> None:
    """Refuse what tokenizers without a Rust backend cannot give: what is cut off, of pairs or of part of a batch.

    Raises:
        TokenizerError: this batch is such a case.
    """
    is_cutting = options.truncation and effective_max_length(info, options) is not None
    if info.fast or options.stride is None or not is_cutting:
        return
    if has_pairs and options.truncation_strategy == "longest_first":
        raise _of_pairs(info)
    if any(are_cut) and not all(are_cut) and info.tokenizer_class != "MistralCommonBackend":
        raise _of_some(info)


def _of_pairs(info: TokenizerInfo) -> TokenizerError:
    return TokenizerError(
        f"{info.tokenizer_class} cannot give what longest_first cuts off a pair.",
        hint="Take only_first or only_second, or no stride.",
    )


def _of_some(info: TokenizerInfo) -> TokenizerError:
    return TokenizerError(
        f"{info.tokenizer_class} cannot give what is cut off where only some sequences of a batch are cut.",
        hint="Give the long sequences alone, or no stride.",
    )


def refused(error: BaseException, info: TokenizerInfo, options: TokenizeOptions, who: str) -> TokenizerError:
    """Return what a tokenizer raised, as one sentence.

    Args:
        error: of transformers, or of the Rust library (a panic too).
        info: of the tokenizer.
        options: that it was called with.
        who: does not take them, for what is not known here.
    """
    said, maximum = str(error), effective_max_length(info, options)
    of = "" if maximum is None else f" of {maximum:,} tokens"
    if "stride" in said and options.stride is not None:
        return TokenizerError(
            f"A stride of {options.stride} leaves nothing new in a window{of}: it must be smaller than what the window "
            "holds beside special tokens and the text that is not cut.",
            hint="Lower the stride, or raise the maximum length.",
        )
    if "Second sequence not provided" in said:
        return TokenizerError(
            "only_second cuts the second text of a pair, and there is none.",
            hint="Give pairs, or take longest_first or only_first.",
        )
    if "too short to respect" in said:
        return TokenizerError(
            f"{options.truncation_strategy} may not cut enough: with nothing left of that text a sequence is still "
            f"longer than {maximum} tokens.",
            hint="Take longest_first, or raise the maximum length.",
        )
    if "Not possible to return overflowing tokens" in said:
        return _of_pairs(info)
    if "different batch size" in said:
        return _of_some(info)
    words = clean(said)[:_MAX_SENTENCE].rstrip(".") or type(error).__name__
    return TokenizerError(f"{who} does not take this text: {words}.")


def is_panic(error: BaseException) -> bool:
    """Tell whether an error is a panic of the Rust library, which is no `Exception`; the process is sound after it."""
    return type(error).__name__ == "PanicException"
