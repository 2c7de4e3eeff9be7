"""Values of arguments, as argparse wants their types."""

from __future__ import annotations

import argparse

from hubtui.core.errors import UsageError
from hubtui.core.token_vocabulary import VocabularyQuery, parse_ids, parse_query

_MOST = 1_000_000_000


def count(text: str) -> int:
    """Return a number above 0, of a size that somebody may mean."""
    if not text.isdecimal() or not text.strip("0"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    if len(text.lstrip("0")) > len(str(_MOST)) or int(text) > _MOST:
        raise argparse.ArgumentTypeError(f"{text[:30]!r} is too much: {_MOST:,} is the most")
    return int(text)


def number(text: str) -> int:
    """Return a number, 0 or above."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return int(text)


def port(text: str) -> int:
    """Return the number of a TCP port, 0 for any free one."""
    if not text.isdecimal() or len(text) > 5 or int(text) > 65535:
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
