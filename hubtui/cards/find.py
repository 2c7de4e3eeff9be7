"""Words looked for in the lines of a card as it was laid out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

MAX_HITS = 9_999
"""Hits that are kept; a search for one letter in a megabyte has more."""

_BLOCK = 2_000  # lines looked through at one go: other threads get their turn between two
_GAP = r"[ \n│]+"  # between two words: a line may end there, with the bar of a quote before the next

Part: TypeAlias = tuple[int, int, int]
"""A stretch of one line: its index, and the characters at which it begins and ends."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Where the words stand: for each hit the stretches it covers, more than one where it goes over a line's end."""

    found: tuple[tuple[Part, ...], ...] = ()

    def at_or_after(self, line: int) -> int:
        """Return the index of the first hit that begins at a line or below it; the first of all if none does."""
        return next((index for index, parts in enumerate(self.found) if parts[0][0] >= line), 0)


def find(lines: Sequence[str], words: str) -> Hits:
    """Return every place of `words`, whatever their case; blanks in them match any blank and the end of a line."""
    wanted = words.split()
    if not wanted:
        return Hits()
    pattern = re.compile(_GAP.join(map(re.escape, wanted)), re.IGNORECASE)
    found: list[tuple[Part, ...]] = []
    for start in range(0, len(lines), _BLOCK):
        block = lines[start : start + _BLOCK + 1]  # one more, for what begins in the last line
        starts, at = [0], 0
        for line in block:
            at += len(line) + 1
            starts.append(at)
        row = 0
        for match in pattern.finditer("\n".join(block)):
            while starts[row + 1] <= match.start():
                row += 1
            if row == _BLOCK:
                break
            found.append(tuple(_parts(block, starts, row, match.span(), start)))
            if len(found) == MAX_HITS:
                return Hits(tuple(found))
    return Hits(tuple(found))


def _parts(block: Sequence[str], starts: list[int], row: int, span: tuple[int, int], first_line: int) -> Iterator[Part]:
    """Yield the stretches of lines that characters of a block cover, from line `row` of it on."""
    while row < len(block) and starts[row] < span[1]:
        is_first = span[0] >= starts[row]
        first = span[0] - starts[row] if is_first else len(block[row]) - len(block[row].lstrip(" │"))
        last = min(len(block[row]), span[1] - starts[row])
        if first < last:
            yield first_line + row, first, last
        row += 1
