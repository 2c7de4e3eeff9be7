"""What could stand at the cursor of a search line: keys, and the values of the key in hand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hubtui.core.query_keys import KEYS, Key

MOST = 40
"""Suggestions at one time: the longest closed vocabulary, the tasks, is nearly whole."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that could be typed: `text` takes the place of the characters from `start` to `end`.

    Attributes:
        text: ready to be put in; a key ends with its colon, a value is quoted where it must be.
        label: what it means, for a person.
        kind: `key` or the name of the key whose value it is.
    """

    text: str
    label: str
    start: int
    end: int
    kind: str


_REST_OF_WORD = re.compile(r'[^\s,"]*"?')


def complete(text: str, cursor: int) -> tuple[Suggestion, ...]:
    """Return what could stand at the cursor (an index into `text`), the likeliest first."""
    cursor = max(0, min(cursor, len(text)))
    before = text[:cursor]
    start = _part_start(before)
    rest = _REST_OF_WORD.match(text, cursor)
    end = rest.end() if rest else cursor
    negated = before[start : start + 1] == "-"
    start += negated
    name, colon, values = before[start:].partition(":")
    if colon:
        key = KEYS.get(name.casefold())
        return () if key is None else _values(key, values, cursor - len(values), end)
    if text[end - 1 : end] == '"':
        return ()
    end += text[end : end + 1] == ":"
    keys = _keys(name, start, end, negated=negated)
    tasks = _values(KEYS["task"], name, start, end, as_term=True) if len(name) >= 3 else ()
    return (*keys, *tasks)[:MOST]


def _part_start(before: str) -> int:
    """Where the part before the cursor begins: after the last blank that stands outside quotes."""
    in_quotes, start, skip = False, 0, False
    for index, char in enumerate(before):
        if skip:
            skip = False
        elif in_quotes and char == "\\":
            skip = True
        elif char == '"':
            in_quotes = not in_quotes
        elif char.isspace() and not in_quotes:
            start = index + 1
    return start


def _keys(prefix: str, start: int, end: int, *, negated: bool) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(f"{key.name}:", key.help, start, end, "key")
        for key in KEYS.values()
        if key.name.startswith(prefix.casefold()) and (key.is_negatable or not negated)
    )


def _values(key: Key, typed: str, start: int, end: int, *, as_term: bool = False) -> tuple[Suggestion, ...]:
    """Values of a key that begin with, or else contain, what stands after the last comma."""
    fragment = typed.rpartition(",")[2]
    start += len(typed) - len(fragment)
    wanted = fragment.lstrip('"').casefold()
    found: list[tuple[int, str, str]] = []
    for value, label in key.choices().items():
        rank = _rank(wanted, value.casefold(), label.casefold())
        if rank is not None:
            found.append((rank, value, label))
    found.sort(key=lambda entry: entry[0])  # stable: the order of the vocabulary within a rank
    lead = f"{key.name}:" if as_term else ""
    return tuple(Suggestion(lead + value, label, start, end, key.name) for _, value, label in found[:MOST])


def _rank(wanted: str, value: str, label: str) -> int | None:
    if value.startswith(wanted):
        return 0
    if label.startswith(wanted):
        return 1
    return 2 if wanted in value or wanted in label else None
