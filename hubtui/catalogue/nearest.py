"""Typing errors forgiven: the words of ids that are nearest to one that stands in none."""

from __future__ import annotations

from collections.abc import Callable

import tantivy
from tantivy import Occur

from hubtui.catalogue import schema

_LOOKED_AT = 200
_MOST_WORDS = 3
_LONG = 8

Ids = Callable[[tantivy.Query, int], list[str]]
"""Returns ids that match, most downloads first, at most so many."""


def nearest(word: str, others: tantivy.Query, index: tantivy.Schema, ids: Ids) -> tuple[str, ...]:
    """Return what may have been meant by `word` (lower case, in no id), given that `others` holds.

    One letter may be wrong, missing, too many or swapped with its neighbour, in words of eight letters two of them; an
    unfinished word is nearest to what begins like it. Of the words at the least distance those of the most downloaded
    ids come first.
    """
    for wrong in schema.WORD.findall(word):
        allowed = 2 if len(wrong) >= _LONG else 1
        for is_prefix in (False, True):
            alike = tantivy.Query.fuzzy_term_query(index, "word", wrong, allowed, True, is_prefix)
            found = ids(tantivy.Query.boolean_query([(Occur.Must, alike), (Occur.Must, others)]), _LOOKED_AT)
            best = _closest(wrong, found, allowed, is_prefix=is_prefix)
            if best:
                return tuple(word.replace(wrong, right, 1) for right in best)
    return ()


def _closest(wrong: str, ids: list[str], allowed: int, *, is_prefix: bool) -> list[str]:
    words = dict.fromkeys(found for model in ids for found in schema.WORD.findall(model.casefold()))
    measured = {found: distance(wrong, found, is_prefix=is_prefix) for found in words}
    least = min(measured.values(), default=allowed + 1)
    if not 0 < least <= allowed:
        return []  # a distance of 0: the word is there, and what stands around it is not
    return [found for found, away in measured.items() if away == least][:_MOST_WORDS]


def distance(left: str, right: str, *, is_prefix: bool = False) -> int:
    """Return how many letters to change, add, drop or swap with a neighbour turn `left` into `right`, or its beginning.

    The optimal string alignment distance, row by row.
    """
    before: list[int] = []
    row = list(range(len(right) + 1))
    for at, letter in enumerate(left, 1):
        previous, row = row, [at]
        for to, other in enumerate(right, 1):
            cost = min(previous[to] + 1, row[to - 1] + 1, previous[to - 1] + (letter != other))
            if before and to > 1 and letter == right[to - 2] and left[at - 2] == other:
                cost = min(cost, before[to - 2] + 1)
            row.append(cost)
        before = previous
    return min(row) if is_prefix else row[-1]
