"""What a person should know about a tokenized batch: plain sentences, each with the line of Python that settles it."""

from __future__ import annotations

from dataclasses import dataclass, field

from hubtui.core.pad_doctor import PadFacts, PadFinding, examine
from hubtui.core.tokens import TokenizeOptions, TokenizerInfo
from hubtui.core.untrusted import reveal

_SHOWN_UNKNOWN = 8
_SPARE = 0.05
"""Share of an embedding's rows that may stand for no token."""

_FLOOD = 4
"""Unknown tokens, half of a text or more, from which on it is the tokenizer that is at fault and not a word."""


@dataclass(slots=True)
class BatchFacts:
    """Counts of one batch, whoever encoded it.

    Attributes:
        lengths: tokens of each sequence, without padding, as encoded (after truncation).
        full_lengths: the same before truncation.
        limit: longest sequence that tokenizer and model take, None when nobody says.
        n_truncated: texts that were cut, or cut into windows.
        max_id: highest id.
        n_text: tokens that stand for text, unknown ones included; 0 where none is unknown.
        unknown: texts that became the unknown token, in order (a few of them).
        padding_refused: why padding was left out although asked for, or empty.
    """

    lengths: list[int]
    full_lengths: list[int]
    limit: int | None
    n_truncated: int
    max_id: int
    n_unknown: int
    n_text: int = 0
    unknown: list[str] = field(default_factory=list)
    padding_refused: str = ""


def warnings_for(info: TokenizerInfo, options: TokenizeOptions, facts: BatchFacts) -> list[str]:
    """Return the warnings of a batch, gravest first; foreign characters in them are made visible."""
    found = (
        facts.padding_refused,
        _embedding(info, facts),
        _lacking(info),
        _too_long(facts),
        _no_pad_token(info, options, facts),
        _no_maximum(info, options),
        _cut(info, options, facts),
        _windows(info, options),
        _unknown(info, facts),
        *_of_pad(info),
    )
    return [warning for warning in found if warning]


def effective_max_length(info: TokenizerInfo, options: TokenizeOptions) -> int | None:
    """Return the length to cut at or pad to, as AutoTokenizer takes it: what was asked, else `model_max_length`."""
    return options.max_length if options.max_length is not None else info.model_max_length


def _embedding(info: TokenizerInfo, facts: BatchFacts) -> str:
    rows = info.embedding_size
    if rows is None:
        return ""
    fix = "model.resize_token_embeddings(len(tokenizer))"
    if facts.max_id >= rows:
        return (
            f"Token id {facts.max_id} is outside the model's embedding of {rows:,} rows, so the model fails on this "
            f"text: {fix}"
        )
    if info.vocab_size > rows:
        return (
            f"The tokenizer has {info.vocab_size:,} tokens but the model's embedding only {rows:,} rows; ids from "
            f"{rows} on make the model fail: {fix}"
        )
    return ""


def _lacking(info: TokenizerInfo) -> str:
    """A few rows more than tokens are usual: embeddings are rounded up, and some room is kept."""
    rows = info.embedding_size
    if rows is None or (rows - info.vocab_size) <= rows * _SPARE:
        return ""
    return (
        f"The tokenizer has {info.vocab_size:,} tokens but the model's embedding {rows:,} rows: part of its vocabulary "
        "did not load, or it is another model's, so the ids mean other words to the model: "
        "assert len(tokenizer) == model.get_input_embeddings().num_embeddings"
    )


def _too_long(facts: BatchFacts) -> str:
    if facts.limit is None:
        return ""
    over = [number for number, length in enumerate(facts.lengths) if length > facts.limit]
    if not over:
        return ""
    longest = max(facts.lengths)
    who = (
        f"Sequence {over[0] + 1} has {longest:,} tokens"
        if len(over) == 1
        else f"{len(over):,} sequences have up to {longest:,} tokens"
    )
    return (
        f"{who}, more than the {facts.limit:,} that the model takes; past that it fails or its answer means nothing: "
        f"tokenizer(texts, truncation=True, max_length={facts.limit})"
    )


def _no_pad_token(info: TokenizerInfo, options: TokenizeOptions, facts: BatchFacts) -> str:
    if info.special_tokens.get("pad"):
        return ""
    is_uneven = len(set(facts.lengths)) > 1
    if options.padding == "none" and not is_uneven:
        return ""
    fix = _examined(info)[0].fix
    if options.padding == "none":
        return (
            "This tokenizer has no pad token, so sequences of different lengths cannot be made into one batch for the "
            f"model: {fix}"
        )
    return (
        "This tokenizer has no pad token, so the batch is shown unpadded and AutoTokenizer raises a ValueError when "
        f"asked to pad: {fix}"
    )


def _no_maximum(info: TokenizerInfo, options: TokenizeOptions) -> str:
    if effective_max_length(info, options) is not None:
        return ""
    if options.padding == "max_length":
        return (
            "The checkpoint sets no maximum length, so there is nothing to pad to and the batch is shown unpadded: "
            'tokenizer(texts, padding="max_length", max_length=512)'
        )
    if options.truncation:
        return (
            "The checkpoint sets no maximum length, so nothing is cut: "
            "tokenizer(texts, truncation=True, max_length=512)"
        )
    return ""


def _cut(info: TokenizerInfo, options: TokenizeOptions, facts: BatchFacts) -> str:
    if not facts.n_truncated or (options.stride is not None and info.fast):
        return ""
    maximum = effective_max_length(info, options)
    longest = max(facts.full_lengths, default=0)
    who = "One sequence was" if facts.n_truncated == 1 else f"{facts.n_truncated} sequences were"
    return (
        f"{who} cut to {maximum:,} tokens (the longest had {longest:,}); the model does not see the rest: "
        "tokenizer(texts, truncation=True, return_overflowing_tokens=True)"
    )


def _windows(info: TokenizerInfo, options: TokenizeOptions) -> str:
    if options.stride is None:
        return ""
    if not options.truncation:
        return (
            "A stride makes windows of what truncation cuts off, and nothing is cut: "
            f"tokenizer(texts, truncation=True, stride={options.stride}, return_overflowing_tokens=True)"
        )
    if not info.fast:
        return (
            f"{info.tokenizer_class} has no Rust backend: it gives what is cut off as one list of ids, not as windows: "
            'tokenizer(text, truncation=True, return_overflowing_tokens=True)["overflowing_tokens"]'
        )
    return ""


def _unknown(info: TokenizerInfo, facts: BatchFacts) -> str:
    unknown_token = info.special_tokens.get("unk")
    if not facts.n_unknown or unknown_token is None:
        return ""
    distinct = list(dict.fromkeys(text for text in facts.unknown if text))
    shown = ", ".join(reveal(text[:20]) for text in distinct[:_SHOWN_UNKNOWN])
    which = f" ({shown}{', …' if len(distinct) > _SHOWN_UNKNOWN else ''})" if shown else ""
    if facts.n_unknown >= _FLOOD and facts.n_unknown >= facts.n_text / 2:
        return (
            f"{facts.n_unknown:,} of {facts.n_text:,} tokens are {reveal(unknown_token.token)}{which}: this vocabulary "
            "is not of this language or script, or did not load, so the model sees hardly any of the text: "
            "tokenizer.convert_ids_to_tokens(range(100))"
        )
    count = "One token is" if facts.n_unknown == 1 else f"{facts.n_unknown:,} tokens are"
    return (
        f"{count} {reveal(unknown_token.token)}: the vocabulary has no piece for that text{which}, so the model cannot "
        "tell it from other unknown text: tokenizer.add_tokens([…]); model.resize_token_embeddings(len(tokenizer))"
    )


def _of_pad(info: TokenizerInfo) -> list[str]:
    """Return what is wrong with a pad token whatever the batch; that there is none, `_no_pad_token` says if need be."""
    return [finding.sentence for finding in _examined(info) if finding.name != "none"]


def _examined(info: TokenizerInfo) -> list[PadFinding]:
    tokens = info.special_tokens
    return examine(
        PadFacts(
            tokens.get("pad"),
            tokens.get("eos"),
            tokens.get("unk"),
            info.padding_side,
            info.vocab_size,
            info.embedding_size,
        )
    )
