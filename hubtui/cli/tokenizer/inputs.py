"""What `hubtui tokenize` works on: the texts, and the files of the tokenizer."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from hubtui.core.errors import HubtuiError, UsageError
from hubtui.core.ports import Services
from hubtui.core.tokenizer_ports import TokenizerInspector
from hubtui.core.tokens import split_lines

T = TypeVar("T")


def tokenizer_of(arguments: argparse.Namespace, services: Services) -> tuple[str, str]:
    """Return the model's id and the folder with the files of its tokenizer, which are fetched.

    Raises:
        HubtuiError: there is no such model, or its files cannot be had.
    """
    facts = services.hub().facts(arguments.model, arguments.revision)
    downloads = services.downloads()
    return facts.id, downloads.fetch(facts, downloads.needed(facts, "tokenizer")).folder


def asked(services: Services, question: Callable[[TokenizerInspector], Coroutine[Any, Any, T]]) -> T:
    """Return the inspector's answer; its process is ended."""

    async def ask() -> T:
        inspector = services.inspector()
        try:
            return await question(inspector)
        finally:
            await inspector.close()

    return asyncio.run(ask())


def inputs_of(arguments: argparse.Namespace) -> tuple[list[str], list[str] | None]:
    """Return the sequences and their pairs, None for no pairs.

    Raises:
        HubtuiError: the texts cannot be had, or do not go two by two.
    """
    texts = texts_of(arguments)
    if arguments.pair is not None:
        return texts, [arguments.pair] * len(texts)
    if not arguments.pairs:
        return texts, None
    if len(texts) % 2:
        raise UsageError(f"{len(texts)} texts do not go two by two.", hint="Add the missing one, or leave out --pairs.")
    return texts[::2], texts[1::2]


def texts_of(arguments: argparse.Namespace) -> list[str]:
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


def without_text(arguments: argparse.Namespace, flag: str) -> None:
    """Refuse texts beside a question that takes none.

    Raises:
        UsageError: there are some.
    """
    if arguments.texts or arguments.file is not None or arguments.pair is not None:
        raise UsageError(f"{flag} takes no text: leave TEXT, --file and --pair out.")
