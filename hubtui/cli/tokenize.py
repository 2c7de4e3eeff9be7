"""`hubtui tokenize MODEL [TEXT…]`: what the model's tokenizer does to a text."""

from __future__ import annotations

import argparse

from hubtui.cli.documents import tokens_document
from hubtui.cli.output import note, print_facts, print_json, print_line, print_table
from hubtui.cli.tokenizer.inputs import asked, texts_of, tokenizer_of
from hubtui.cli.tokenizer.modes import MODES
from hubtui.core.numbers import plural
from hubtui.core.ports import Services
from hubtui.core.tokens import Tokenized, TokenizeOptions
from hubtui.core.untrusted import reveal


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Encode and print."""
    for name, answer in MODES.items():
        if getattr(arguments, name):
            return answer(arguments, services)
    texts = texts_of(arguments)
    model, folder = tokenizer_of(arguments, services)
    options = TokenizeOptions(
        padding=arguments.padding,
        truncation=arguments.truncation,
        max_length=arguments.max_length,
        special_tokens=not arguments.no_special_tokens,
    )
    pairs = None if arguments.pair is None else [arguments.pair] * len(texts)
    tokenized = asked(services, lambda inspector: inspector.encode(model, folder, texts, options, pairs=pairs))
    if arguments.json:
        print_json(tokens_document(tokenized))
    else:
        _print(tokenized)
    return 0


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
    for number, sequence in enumerate(tokenized.sequences, 1):
        print_line()
        print_line(
            f"sequence {number:,}: {plural(sequence.n_tokens, 'token')}" + (", truncated" if sequence.truncated else "")
        )
        rows = zip(
            sequence.tokens,
            sequence.ids,
            sequence.offsets,
            sequence.special_tokens_mask,
            sequence.attention_mask,
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
            ]
            for index, (token, token_id, (start, end), special, mask) in enumerate(rows)
        ]
        print_table([["#", "token", "id", "chars", "", "mask"], *table], right=frozenset({0, 2, 5}))
    for warning in tokenized.warnings:
        note(f"warning: {warning}")
