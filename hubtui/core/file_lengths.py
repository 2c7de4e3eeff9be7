"""How long the lines of a file are in tokens: counted chunk by chunk, so that a file of any size takes no more room."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

KEPT_LONGEST = 10
"""Longest lines that are kept."""

_STEPS = (1, 2, 5)
_MOST_BINS = 16


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Where reading goes on.

    Attributes:
        offset: in bytes.
        line: lines before it.
        is_inside: it is inside a line whose beginning was measured already.
    """

    offset: int = 0
    line: int = 0
    is_inside: bool = False


@dataclass(frozen=True, slots=True)
class LongLine:
    """A line among the longest; `number` counts from 1, `start` holds its first characters."""

    n_tokens: int
    number: int
    start: str


@dataclass(frozen=True, slots=True)
class LinesMeasured:
    """Some lines of a file in tokens, special tokens included.

    Attributes:
        lengths: tokens → how many lines have so many.
        longest: the longest of these lines, the longest first.
        place: where the next lines begin; None at the end of the file.
        size: of the file, in bytes.
        n_characters: without line ends.
        n_added: special tokens that come to every line.
        n_unknown: unknown tokens.
        n_broken: lines with bytes that are not UTF-8, read with � in place of those.
        n_cut: lines too long to be measured to their end.
        limit: the longest sequence that tokenizer and model take, None when nobody says.
    """

    lengths: dict[int, int]
    longest: list[LongLine]
    place: FilePlace | None
    size: int
    n_characters: int
    n_added: int
    n_unknown: int
    n_broken: int = 0
    n_cut: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Bin:
    """Lines of `low` to `high` tokens."""

    low: int
    high: int
    count: int


@dataclass(slots=True)
class FileLengths:
    """What is known of a file so far.

    Attributes:
        path: as it was named.
        limit: the longest line that is not too long, in tokens; None when nobody says.
        lengths: tokens → lines.
        done: bytes measured, of `size`.
    """

    path: str
    limit: int | None = None
    size: int = 0
    done: int = 0
    lengths: dict[int, int] = field(default_factory=dict)
    longest: list[LongLine] = field(default_factory=list)
    n_characters: int = 0
    n_added: int = 0
    n_unknown: int = 0
    n_broken: int = 0
    n_cut: int = 0

    def add(self, measured: LinesMeasured) -> None:
        """Count some more lines."""
        for length, count in measured.lengths.items():
            self.lengths[length] = self.lengths.get(length, 0) + count
        both = [*self.longest, *measured.longest]
        self.longest = heapq.nsmallest(KEPT_LONGEST, both, key=lambda line: (-line.n_tokens, line.number))
        self.size = measured.size
        self.limit = measured.limit if self.limit is None else self.limit
        self.done = self.size if measured.place is None else measured.place.offset
        self.n_characters += measured.n_characters
        self.n_added = measured.n_added
        self.n_unknown += measured.n_unknown
        self.n_broken += measured.n_broken
        self.n_cut += measured.n_cut

    @property
    def n_lines(self) -> int:
        """Lines so far."""
        return sum(self.lengths.values())

    @property
    def n_tokens(self) -> int:
        """Tokens so far, special tokens included."""
        return sum(length * count for length, count in self.lengths.items())

    @property
    def n_text_tokens(self) -> int:
        """Tokens so far, without those that come to every line."""
        return self.n_tokens - self.n_added * self.n_lines

    @property
    def n_over(self) -> int:
        """Lines longer than the limit."""
        return 0 if self.limit is None else sum(n for length, n in self.lengths.items() if length > self.limit)

    @property
    def share_over(self) -> float | None:
        """Share of the lines that are longer than the limit, None where there is no limit."""
        return None if self.limit is None else self.n_over / max(1, self.n_lines)

    @property
    def tokens_per_character(self) -> float | None:
        """Tokens of the text itself per character, None without characters."""
        return self.n_text_tokens / self.n_characters if self.n_characters else None

    @property
    def unknown_share(self) -> float:
        """Share of the text's tokens that are unknown."""
        return self.n_unknown / max(1, self.n_text_tokens)

    def percentile(self, share: float) -> int:
        """Return the smallest length that at least this share of the lines does not exceed."""
        wanted, seen = share * self.n_lines, 0
        for length in sorted(self.lengths):
            seen += self.lengths[length]
            if seen >= wanted:
                return length
        return 0

    def bins(self, most: int = _MOST_BINS) -> Sequence[Bin]:
        """Return the histogram."""
        return bins_of(self.lengths, most)


def bins_of(lengths: Mapping[int, int], most: int = _MOST_BINS) -> Sequence[Bin]:
    """Return a histogram from the shortest to the longest, in at most `most` (2 up) bins of 1, 2, 5, 10 … tokens."""
    if not lengths:
        return ()
    shortest, longest = min(lengths), max(lengths)
    width = next(width for width in _widths() if longest // width - shortest // width < most)
    first = shortest // width
    counts = [0] * (longest // width - first + 1)
    for length, count in lengths.items():
        counts[length // width - first] += count
    return tuple(Bin((first + at) * width, (first + at + 1) * width - 1, count) for at, count in enumerate(counts))


def _widths() -> Sequence[int]:
    return [step * 10**power for power in range(12) for step in _STEPS]
