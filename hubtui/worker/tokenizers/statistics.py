"""What one line costs in tokens: counted once a line, for a keystroke changes one of many."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from hubtui.core.graphemes import is_inside
from hubtui.core.tokens import TextStatistics

# Runs without blanks and punctuation; an apostrophe belongs to its word, a mark to its letter.
_WORD = re.compile(
    "[^\\s!-&(-/:-@\\[-`{-~\u00a1\u00ab\u00b7\u00bb\u00bf\u2010-\u2018\u201a-\u205e\u3000-\u3020\uff01-\uff0f]+"
)


def statistics_of(
    text: str, offsets: Sequence[tuple[int, int]], added: Sequence[int], *, is_cut: bool = False
) -> TextStatistics:
    """Return the statistics of a line.

    Args:
        text: of the line.
        offsets: characters of each token.
        added: 1 for tokens that the tokenizer added.
        is_cut: the tokens stand for a part of the text only, and so do the statistics.
    """
    spans = [span for span, is_added in zip(offsets, added, strict=True) if not is_added]
    covering = [span for span in spans if span[0] < span[1]]
    starts, ends = [start for start, _ in covering], [end for _, end in covering]
    first, last = (starts[0], ends[-1]) if is_cut and covering else (0, 0 if is_cut else len(text))
    words = split = 0
    for word in _WORD.finditer(text, first, last):
        words += 1
        # tokens that end behind its first character less those that begin behind its last
        split += bisect_left(starts, word.end()) - bisect_right(ends, word.start()) > 1
    is_ascii = text.isascii()
    return TextStatistics(
        characters=last - first,
        n_bytes=last - first if is_ascii else len(text[first:last].encode(errors="replace")),
        tokens=len(spans),
        words=words,
        split_words=split,
        split_clusters=0 if is_ascii else _split_clusters(text, covering),
    )


def _split_clusters(text: str, covering: Sequence[tuple[int, int]]) -> int:
    """Count characters that tokens share, and boundaries within what is seen as one character."""
    cut: set[int] = set()
    before = (-1, -1)
    for start, end in covering:
        if start < before[1] or is_inside(text, start):
            while is_inside(text, start):
                start -= 1  # noqa: PLW2901 - to the first character of the cluster: it counts once
            cut.add(start)
        before = (start, end)
    return len(cut)


def total(lines: Iterable[TextStatistics]) -> TextStatistics:
    """Return the statistics of a text: of its lines together."""
    found = list(lines)
    return TextStatistics(
        sum(line.characters for line in found),
        sum(line.n_bytes for line in found),
        sum(line.tokens for line in found),
        sum(line.words for line in found),
        sum(line.split_words for line in found),
        sum(line.split_clusters for line in found),
    )
