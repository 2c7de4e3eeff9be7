"""Values of arguments, as argparse wants their types."""

from __future__ import annotations

import argparse

from hubtui.core.errors import UsageError
from hubtui.core.token_vocabulary import VocabularyQuery, parse_ids, parse_query


def count(text: str) -> int:
    """Return a number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return int(text)


def port(text: str) -> int:
    """Return the number of a TCP port, 0 for any free one."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


def token_ids(text: str) -> tuple[int, ...]:
    """Return the ids in a text such as `5,319,393`."""
    try:
        return parse_ids(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def vocabulary_query(text: str) -> VocabularyQuery:
    """Return what is looked for in a vocabulary."""
    try:
        return parse_query(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
