"""`hubtui tokenize MODEL [TEXT…]`: what the model's tokenizer does to a text."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from hubtui.cli.documents import tokens_document
from hubtui.cli.output import note, print_facts, print_json, print_line, print_table
from hubtui.cli.tokenizer.inputs import asked, inputs_of, tokenizer_of
from hubtui.cli.tokenizer.modes import MODES
from hubtui.core.numbers import plural
from hubtui.core.padding import shape_words
from hubtui.core.ports import Services
from hubtui.core.tokens import Tokenized, TokenizeOptions, TokenSequence
from hubtui.core.untrusted import reveal


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Encode and print."""
    for name, answer in MODES.items():
        if getattr(arguments, name):
            return answer(arguments, services)
    texts, pairs = inputs_of(arguments)
    model, folder = tokenizer_of(arguments, services)
    tokenized = asked(
        services, lambda inspector: inspector.encode(model, folder, texts, _options(arguments), pairs=pairs)
    )
    if arguments.json:
        print_json(tokens_document(tokenized))
    else:
        _print(tokenized)
    return 0


def _options(arguments: argparse.Namespace) -> TokenizeOptions:
    implied = (arguments.truncation_side, arguments.truncation_strategy, arguments.stride)
    return TokenizeOptions(
        padding=arguments.padding,
        truncation=arguments.truncation or any(value is not None for value in implied),
        max_length=arguments.max_length,
        special_tokens=not arguments.no_special_tokens,
        padding_side=arguments.padding_side,
        truncation_side=arguments.truncation_side,
        truncation_strategy=arguments.truncation_strategy or "longest_first",
        stride=arguments.stride,
        pad_to_multiple_of=arguments.pad_to_multiple_of,
    )


def _print(tokenized: Tokenized) -> None:
    info = tokenized.info
    pad = info.special_tokens.get("pad")
    print_facts(
        {
            "model": info.model,
            "tokenizer": f"{info.algorithm}, {info.vocab_size:,} tokens" + ("" if info.fast else ", slow"),
            "model_max_length": "none" if info.model_max_length is None else f"{info.model_max_length:,} tokens",
            "pad token": "none" if pad is None else f"{reveal(pad.token)} = {pad.id}",
        }
    )
    _print_shape(tokenized.sequences)
    several = {one.source for one in tokenized.sequences if one.window}
    for sequence in tokenized.sequences:
        print_line()
        window = f", window {sequence.window + 1:,}" if sequence.source in several else ""
        cut = ", truncated" if sequence.truncated and not window else ""
        print_line(f"sequence {sequence.source + 1:,}{window}: {plural(sequence.n_tokens, 'token')}{cut}")
        rows = zip(
            sequence.tokens,
            sequence.ids,
            sequence.offsets,
            sequence.special_tokens_mask,
            sequence.attention_mask,
            sequence.type_ids,
            strict=True,
        )
        table = [
            [
                str(index),
                reveal(token),
                str(token_id),
                "" if start == end else f"{start}-{end}",
                "special" if special else "",
                str(mask),
                str(type_id),
            ]
            for index, (token, token_id, (start, end), special, mask, type_id) in enumerate(rows)
        ]
        print_table([["#", "token", "id", "chars", "", "mask", "type"], *table], right=frozenset({0, 2, 5, 6}))
        if sequence.overflow:
            print_line(f"cut off: {' '.join(map(str, sequence.overflow))}")
    for warning in tokenized.warnings:
        note(f"warning: {warning}")


def _print_shape(sequences: Sequence[TokenSequence]) -> None:
    """Print the shape of a batch of several sequences."""
    if len(sequences) > 1:
        lengths = [len(one.ids) for one in sequences]
        print_line(
            shape_words(len(sequences), min(lengths), max(lengths), sum(lengths), sum(o.padding for o in sequences))
        )
