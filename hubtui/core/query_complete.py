"""What could stand at the cursor of a search line: keys, and the values of the key in hand."""

from __future__ import annotations

import heapq
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from hubtui.core.query import quoted
from hubtui.core.query_keys import KEYS, Key, ValueProblem, folded

MOST = 40
"""Suggestions at one time: the longest closed vocabulary, the tasks, is nearly whole."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that could be typed: `text` takes the place of the characters from `start` to `end`.

    Attributes:
        text: ready to be put in; a key ends with its colon, a value is quoted where it must be.
        label: what it means, for a person.
        kind: `key` or the name of the key whose value it is.
        count: models that have the value, None when nobody counted.
    """

    text: str
    label: str
    start: int
    end: int
    kind: str
    count: int | None = None


Counts = Mapping[str, Mapping[str, int]]
"""Key → value → number of models, as far as known."""


_BEGUN = re.compile(r'(?:^|\s)-?([^\s:"]+):([^\s:",][^:",]*\s[^:",]*)$')
_REST_OF_WORD = re.compile(r'[^\s,"]*"?')


def complete(text: str, cursor: int, counts: Counts = MappingProxyType({})) -> tuple[Suggestion, ...]:
    """Return what could stand at the cursor (an index into `text`), the likeliest first.

    Values that begin with what was typed come before those that contain it; within a rank the most frequent come first
    where `counts` knows them, and values of an open vocabulary (authors, tags, data sets) are offered from there.
    """
    cursor = max(0, min(cursor, len(text)))
    before = text[:cursor]
    start = part_start(before)
    rest = _REST_OF_WORD.match(text, cursor)
    end = rest.end() if rest else cursor
    negated = before[start : start + 1] == "-"
    start += negated
    name, colon, values = before[start:].partition(":")
    if not (colon or negated) and (found := _with_blanks(before, end, counts)):
        return found
    if colon:
        key = KEYS.get(name.casefold())
        return () if key is None else _values(key, values, cursor - len(values), end, counts)
    if text[end - 1 : end] == '"':
        return ()
    end += text[end : end + 1] == ":"
    keys = _keys(name, start, end, negated=negated)
    tasks = _values(KEYS["task"], name, start, end, counts, as_term=True) if len(name) >= 3 else ()
    return (*keys, *tasks)[:MOST]


def _with_blanks(before: str, end: int, counts: Counts) -> tuple[Suggestion, ...]:
    """Values whose name has blanks and was begun without quotes: `task:fill ma`."""
    match = _BEGUN.search(before)
    key = KEYS.get(match[1].casefold()) if match else None
    if match is None or key is None:
        return ()
    try:
        key.normalize(match[2].split()[0])
    except ValueProblem:
        wanted, counted = folded(match[2]), counts.get(key.name, {})
        found = [
            Suggestion(value, label, match.start(2), end, key.name, counted.get(value))
            for value, label in key.choices().items()
            if folded(value).startswith(wanted) or folded(label).startswith(wanted)
        ]
        return tuple(sorted(found, key=lambda entry: -(entry.count or 0))[:MOST])
    return ()


def part_start(before: str) -> int:
    """Return where the part before the cursor begins: after the last blank that stands outside quotes."""
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


def _values(
    key: Key, typed: str, start: int, end: int, counts: Counts, *, as_term: bool = False
) -> tuple[Suggestion, ...]:
    """Values of a key that begin with, or else contain, what stands after the last comma."""
    fragment = typed.rpartition(",")[2]
    start += len(typed) - len(fragment)
    wanted = fragment.lstrip('"').casefold()
    counted, lead = counts.get(key.name, {}), f"{key.name}:" if as_term else ""
    found: list[tuple[int, int, str, str]] = []
    known = key.choices()
    for value, label in (*known.items(), *((value, "") for value in counted if value not in known)):
        rank = _rank(wanted, value.casefold(), label.casefold())
        if rank is not None and (value in known or is_taken(key, value)):
            found.append((rank, -counted.get(value, 0), value, label))
    best = heapq.nsmallest(MOST, found, key=lambda entry: entry[:2])  # stable: the vocabulary's order within equals
    return tuple(
        Suggestion(lead + quoted(value), label, start, end, key.name, counted.get(value)) for _, _, value, label in best
    )


@lru_cache(maxsize=4096)
def is_taken(key: Key, value: str) -> bool:
    """Say whether a value that was met while counting can be typed as it is."""
    try:
        return bool(value) and value == value.strip() and key.normalize(value) == value
    except ValueProblem:
        return False


def _rank(wanted: str, value: str, label: str) -> int | None:
    if value.startswith(wanted):
        return 0
    if label.startswith(wanted):
        return 1
    return 2 if wanted in value or wanted in label else None
