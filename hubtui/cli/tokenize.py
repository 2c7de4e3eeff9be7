"""`hubtui tokenize MODEL [TEXT…]`: what the model's tokenizer does to a text."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from hubtui.cli.documents import tokens_document
from hubtui.cli.output import note, print_facts, print_json, print_line, print_table
from hubtui.core.errors import HubtuiError, UsageError
from hubtui.core.ports import Services
from hubtui.core.tokens import Tokenized, TokenizeOptions, split_lines
from hubtui.core.untrusted import reveal


def run(arguments: argparse.Namespace, services: Services) -> int:
    """Encode and print."""
    texts = _texts(arguments)
    facts = services.hub().facts(arguments.model, arguments.revision)
    downloads = services.downloads()
    snapshot = downloads.fetch(facts, downloads.needed(facts, "tokenizer"))
    options = TokenizeOptions(
        padding=arguments.padding,
        truncation=arguments.truncation,
        max_length=arguments.max_length,
        special_tokens=not arguments.no_special_tokens,
    )
    pairs = None if arguments.pair is None else [arguments.pair] * len(texts)
    tokenized = asyncio.run(_encode(services, facts.id, snapshot.folder, texts, pairs=pairs, options=options))
    if arguments.json:
        print_json(tokens_document(tokenized))
    else:
        _print(tokenized)
    return 0


async def _encode(
    services: Services,
    model: str,
    folder: str,
    texts: list[str],
    *,
    pairs: list[str] | None,
    options: TokenizeOptions,
) -> Tokenized:
    inspector = services.inspector()
    try:
        return await inspector.encode(model, folder, texts, options, pairs=pairs)
    finally:
        await inspector.close()


def _texts(arguments: argparse.Namespace) -> list[str]:
    """Return the sequences: the words of the command line as they are, a file or standard input one a line."""
    texts: list[str] = arguments.texts
    if arguments.file is not None:
        if texts:
            raise UsageError("Either TEXT or --file, not both.")
        try:
            return split_lines(Path(arguments.file).read_bytes().decode("utf-8"))
        except OSError as error:
            raise HubtuiError(f"{arguments.file} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise HubtuiError(f"{arguments.file} is not UTF-8 text.") from error
    if texts and texts != ["-"]:
        return texts
    if not texts and sys.stdin.isatty():
        raise UsageError("There is no text.", hint="Give TEXT, --file F, or text on standard input.")
    return split_lines(standard_input())


def standard_input() -> str:
    """Return all of standard input.

    Raises:
        HubtuiError: it is not UTF-8.
    """
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise HubtuiError("Standard input is not UTF-8 text.") from error


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
        print_line(f"sequence {number}: {sequence.n_tokens} tokens" + (", truncated" if sequence.truncated else ""))
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
